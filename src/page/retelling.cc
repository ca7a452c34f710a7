#include "page/retelling.h"

#include <fmt/format.h>

#include <chrono>

#include "base/subprocess.h"
#include "page/json_answer.h"

namespace slabhound::page {
namespace {

constexpr size_t kTextBytesMax = 256u << 10;

// All that the child says, and how that ended if it did not end well.
std::string Listen(Subprocess& child, Deadline deadline) {
  std::string text;
  uint8_t byte = 0;
  while (text.size() < kTextBytesMax) {
    const auto read = child.Read({&byte, 1}, deadline);
    if (!read && read.error() == PipeFailure::Timeout) {
      return text + fmt::format("\nit was ended after {} seconds\n", Retelling::kSeconds);
    }
    if (!read) break;
    text += static_cast<char>(byte);
  }
  const auto status = child.Wait(deadline);
  if (!status || status->signal != 0 || status->code > 1) text += "\n" + child.Errors();
  return text;
}

}  // namespace

Answer Retelling::Run(const BugRow& bug) {
  const std::unique_lock lock(running_, std::try_to_lock);
  if (!lock.owns_lock()) return Refused(429, "another finding is run; try again soon");
  SubprocessOptions options;
  options.command = {"/proc/self/exe", "repro", bug.best().path};
  options.data_bytes_max = kBytesMax;
  auto child = Subprocess::Start(options);
  if (!child) return Refused(500, child.error());
  child->CloseInput();
  std::string text = Listen(*child, DeadlineIn(std::chrono::seconds(kSeconds)));
  child->Kill();
  const campaign::Json json = {{"text", text}};
  {
    const std::scoped_lock told_lock(mutex_);
    told_[bug.slug] = std::move(text);
  }
  return JsonAnswer(json);
}

std::string Retelling::Told(const std::string& slug) const {
  const std::scoped_lock lock(mutex_);
  const auto found = told_.find(slug);
  return found == told_.end() ? std::string() : found->second;
}

}  // namespace slabhound::page
