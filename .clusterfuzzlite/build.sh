#!/usr/bin/env bash
# ClusterFuzzLite's build script: OSS-Fuzz's own.
exec bash -eu "$SRC/slabhound/ci/oss_fuzz/build.sh"
