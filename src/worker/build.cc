#include "worker/build.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/hash.h"
#include "base/subprocess.h"
#include "worker/command.h"
#include "worker/process_engine.h"

namespace slabhound::worker {
namespace {

namespace fs = std::filesystem;

constexpr size_t kFileBytesMax = size_t{2} << 30;
constexpr size_t kDigits = 12;

std::vector<std::string> Split(std::string_view text, char at) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const size_t end = std::min(text.find(at), text.size());
    if (end > 0) parts.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

bool IsOfSystem(const std::string& path) {
  constexpr std::string_view kFolders[] = {"/lib/", "/lib64/", "/usr/lib/", "/usr/lib64/"};
  return std::ranges::any_of(kFolders,
                             [&path](std::string_view each) { return path.starts_with(each); });
}

bool IsFile(const std::string& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

// As a shell finds it; itself where nothing is found.
std::string InPath(const std::string& program) {
  const char* path = std::getenv("PATH");
  if (program.contains('/') || path == nullptr) return program;
  for (const std::string& folder : Split(path, ':')) {
    if (IsFile(folder + "/" + program)) return folder + "/" + program;
  }
  return program;
}

// Words that are files, or lists of them as Java has.
void AddWords(const std::vector<std::string>& words, std::set<std::string>& files) {
  for (const std::string& word : words) {
    for (const std::string& each : Split(word, ':')) {
      if (IsFile(each)) files.insert(each);
    }
  }
}

void AddMapped(const std::string& process, std::set<std::string>& files) {
  std::ifstream maps(process + "/maps");
  for (std::string line; std::getline(maps, line);) {
    // "7f00-7f01 r-xp 00000000 08:01 42    /path"
    const size_t path = line.find('/');
    std::istringstream fields(line);
    std::string range, rights;
    fields >> range >> rights;
    if (path == std::string::npos || !rights.contains('x')) continue;
    const std::string file = line.substr(path);
    if (!IsOfSystem(file) && IsFile(file)) files.insert(file);
  }
}

// The order of contents, not of paths.
Result<std::string, std::string> HashOf(const std::set<std::string>& files) {
  std::vector<uint64_t> hashes;
  for (const std::string& file : files) {
    const auto content = ReadFile(file, kFileBytesMax);
    if (!content) return Fail(content.error().message);
    hashes.push_back(HashBytes(*content));
  }
  std::ranges::sort(hashes);
  uint64_t whole = 0;
  for (const uint64_t each : hashes) whole = HashCombine(whole, each);
  return HashText(whole).substr(0, kDigits);
}

// The files of a worker that has answered.
Result<std::set<std::string>, std::string> FilesOfWorker(const std::vector<std::string>& command,
                                                         std::chrono::milliseconds time) {
  auto worker = Subprocess::Start({.command = command});
  if (!worker) return Fail(worker.error());
  const std::string hello = HelloText();
  Bytes frame(4);
  StoreLittle(frame.data(), static_cast<uint32_t>(hello.size()));
  std::ranges::copy(AsBytes(hello), std::back_inserter(frame));
  const Deadline deadline = Deadline::clock::now() + time;
  if (!worker->Write(frame, deadline) || !worker->AwaitOutput(deadline)) {
    return Fail(std::string("its worker does not answer"));
  }
  std::set<std::string> files;
  const std::string process = fmt::format("/proc/{}", worker->pid());
  AddMapped(process, files);
  std::error_code ignored;
  const std::string program = fs::read_symlink(process + "/exe", ignored).string();
  if (IsFile(program)) files.insert(program);
  std::ifstream line(process + "/cmdline");
  std::stringstream words;
  words << line.rdbuf();
  AddWords(Split(words.str(), '\0'), files);
  return files;
}

}  // namespace

Result<Build, std::string> BuildOf(const engine::EngineSpec& spec) {
  std::set<std::string> files;
  Build build;
  if (engine::InProcess(spec)) {
    std::error_code ignored;
    files.insert(fs::read_symlink("/proc/self/exe", ignored).string());
  } else if (spec.kind == engine::EngineKind::Command) {
    std::vector<std::string> words = Split(spec.command, ' ');
    if (!words.empty()) words.front() = InPath(words.front());
    AddWords(words, files);
  } else {
    TRY_ASSIGN(const std::vector<std::string> command, WorkerCommand(spec));
    const WorkerLimits limits;
    ProcessEngine engine(command, limits);
    if (const auto started = engine.Start(); !started) return Fail(started.error().message);
    build.version = engine.hello().version;
    TRY_ASSIGN(files, FilesOfWorker(command, limits.start_time));
  }
  TRY_ASSIGN(build.hash, HashOf(files));
  return build;
}

std::string VersionIn(const std::string& build_text) {
  const size_t space = build_text.rfind(' ');
  return space == std::string::npos ? std::string() : build_text.substr(0, space);
}

}  // namespace slabhound::worker
