// The releases of a bug, as the table of findings tells them.
#include "campaign/findings_table.h"

#include <gtest/gtest.h>

namespace slabhound::campaign {
namespace {

using cause::Cell;

std::string Told(const char* suspect, cause::VariantVector variants) {
  Record record;
  record.suspect = suspect;
  record.cause = cause::Key{std::move(variants), {}, cause::Severity::WrongValue, ""};
  return FailingReleasesText(record);
}

TEST(FailingReleases, ReachFromTheFirstToTheLastBesideTheSuspect) {
  EXPECT_EQ(Told("wasmtime@32.0.0", {{"wasmtime@32.0.0", Cell::Fail},
                                     {"wasmtime@28.0.0", Cell::Fail},
                                     {"wasmtime@30.0.0", Cell::Pass},
                                     {"wasmtime@31.0.0", Cell::Fail},
                                     {"wasmtime@43.0.0", Cell::Pass}}),
            "31.0.0 to 32.0.0");
}

TEST(FailingReleases, OneThatIsNotAbleTellsNothing) {
  EXPECT_EQ(Told("wasmtime@32.0.0", {{"wasmtime@32.0.0", Cell::Fail},
                                     {"wasmtime@31.0.0", Cell::NotAble},
                                     {"wasmtime@30.0.0", Cell::Fail}}),
            "30.0.0 to 32.0.0");
}

// Another configuration, or another engine, is no release.
TEST(FailingReleases, AreOfTheSuspectsConfiguration) {
  EXPECT_EQ(Told("wasmtime@32.0.0:opt=speed", {{"wasmtime@32.0.0:opt=speed", Cell::Fail},
                                               {"wasmtime@31.0.0", Cell::Fail},
                                               {"wasmtime@31.0.0:opt=speed", Cell::Pass},
                                               {"v8", Cell::Fail}}),
            "only 32.0.0");
}

TEST(FailingReleases, OfOneReleaseAloneAreNotTold) {
  EXPECT_EQ(Told("wasmtime@32.0.0", {{"wasmtime@32.0.0", Cell::Fail}}), "");
  EXPECT_EQ(Told("slab", {{"slab", Cell::Fail}, {"slab:null:never", Cell::Pass}}), "");
  Record told;
  told.releases = "30.0.0 to 31.0.0";
  EXPECT_EQ(FailingReleasesText(told), told.releases);
}

}  // namespace
}  // namespace slabhound::campaign
