#include "cli/case_file.h"

#include <fmt/format.h>

#include "base/file.h"
#include "provide/provide.h"
#include "text/wat.h"
#include "wasm/decode.h"
#include "wasm/limits.h"

namespace slabhound::cli {
namespace {

// A token of the text costs several times its size.
constexpr size_t kTextBytesMax = 16u << 20;

// Binary if it starts like one or says so; text otherwise.
bool IsBinary(const std::string& path, ByteSpan content) {
  return content[0] == 0 || path.ends_with(".wasm");
}

Result<wasm::Module, std::string> ReadModule(const std::string& path, ByteSpan content) {
  const bool binary = IsBinary(path, content);
  if (!binary && content.size() > kTextBytesMax) {
    return Fail(fmt::format("{}: {} bytes of text, more than the limit of {}", path, content.size(),
                            kTextBytesMax));
  }
  auto module = binary ? wasm::Decode(content) : text::ReadModule(AsText(content));
  if (!module) return Fail(fmt::format("{}: {}", path, module.error().Message()));
  return *std::move(module);
}

}  // namespace

Result<testcase::TestCase, std::string> ReadCaseAsWritten(const std::string& path) {
  auto content = ReadFile(path, wasm::limits::kModuleBytesMax);
  if (!content) return Fail(std::move(content.error().message));
  if (content->empty()) return Fail(fmt::format("{}: the file is empty", path));
  TRY_ASSIGN(wasm::Module module, ReadModule(path, *content));
  auto test_case = testcase::MakeTestCase(std::move(module));
  if (!test_case) return Fail(fmt::format("{}: {}", path, test_case.error().message));
  return *std::move(test_case);
}

Result<testcase::TestCase, std::string> ReadCase(const std::string& path,
                                                 const std::string& imports) {
  TRY_ASSIGN(testcase::TestCase test_case, ReadCaseAsWritten(path));
  TRY_ASSIGN(const auto answers, ReadImportsFlag(imports));
  auto provided = provide::Provide(std::move(test_case), answers ? &*answers : nullptr);
  if (!provided) return Fail(fmt::format("{}: {}", imports, provided.error()));
  return *std::move(provided);
}

void AddImportsFlag(CLI::App& parser, std::string& imports) {
  parser
      .add_option("--imports", imports,
                  "answers of the imports, as scripts/record_imports.mjs records them; the "
                  "calls are then the recorded ones")
      ->type_name("FILE");
}

Result<std::optional<provide::Answers>, std::string> ReadImportsFlag(const std::string& imports) {
  if (imports.empty()) return std::nullopt;
  TRY_ASSIGN(provide::Answers answers, provide::ReadAnswersFile(imports));
  return answers;
}

std::string InvalidCase(const std::string& path, const wasm::Error& error) {
  const auto content = ReadFile(path, wasm::limits::kModuleBytesMax);
  if (!content || content->empty() || IsBinary(path, *content)) {
    return fmt::format("{}: {}", path, error.Message());
  }
  return fmt::format("{}: {}", path, text::Located(error, AsText(*content)).Message());
}

}  // namespace slabhound::cli
