#include "cli/case_file.h"

#include <fmt/format.h>

#include "base/file.h"
#include "cli/script_case.h"
#include "testcase/plan_text.h"
#include "text/wat.h"
#include "wasm/limits.h"

namespace slabhound::cli {
namespace {

// A token of the text costs several times its size.
constexpr size_t kTextBytesMax = 16u << 20;

// Binary if it starts like one or says so; text otherwise.
bool IsBinary(const std::string& path, ByteSpan content) {
  return content[0] == 0 || path.ends_with(".wasm");
}
bool IsScript(const std::string& path) { return path.ends_with(".wast"); }

Result<testcase::TestCase, std::string> ReadScriptCase(std::string_view content) {
  const auto script = script::ReadScript(content);
  if (!script) return Fail(script.error().Message());
  return CaseOfScript(*script);
}

Result<testcase::TestCase, std::string> ReadContent(const std::string& path, ByteSpan content) {
  if (IsBinary(path, content)) return testcase::ReadTestCase(content);
  if (content.size() > kTextBytesMax) {
    return Fail(
        fmt::format("{} bytes of text, more than the limit of {}", content.size(), kTextBytesMax));
  }
  return IsScript(path) ? ReadScriptCase(AsText(content))
                        : testcase::ReadTestCaseText(AsText(content));
}

// The error in the text that its offset means.
wasm::Error LocatedIn(const std::string& path, std::string_view content, wasm::Error error) {
  if (!IsScript(path)) return text::Located(std::move(error), content);
  const auto script = script::ReadScript(content);
  const auto modules = script ? ModulesOf(*script) : std::vector<const script::ModuleSource*>();
  if (modules.size() != 1 || std::holds_alternative<script::BinaryModule>(*modules[0])) {
    return error;
  }
  const auto* quoted = std::get_if<script::QuotedModule>(modules[0]);
  return text::Located(std::move(error), quoted != nullptr ? quoted->source : content);
}

}  // namespace

Result<testcase::TestCase, std::string> ReadCase(const std::string& path) {
  auto content = ReadFile(path, wasm::limits::kModuleBytesMax);
  if (!content) return Fail(std::move(content.error().message));
  if (content->empty()) return Fail(fmt::format("{}: the file is empty", path));
  auto test_case = ReadContent(path, *content);
  if (!test_case) return Fail(fmt::format("{}: {}", path, test_case.error()));
  return *std::move(test_case);
}

std::string InvalidCase(const std::string& path, const wasm::Error& error) {
  const auto content = ReadFile(path, wasm::limits::kModuleBytesMax);
  if (!content || content->empty() || IsBinary(path, *content)) {
    return fmt::format("{}: {}", path, error.Message());
  }
  return fmt::format("{}: {}", path, LocatedIn(path, AsText(*content), error).Message());
}

}  // namespace slabhound::cli
