#include "cli/trace_text.h"

#include <fmt/format.h>

#include "testcase/meaning.h"
#include "testcase/plan_text.h"
#include "testcase/signatures.h"
#include "text/wat.h"

namespace slabhound::cli {

std::string CaseTraceText(const testcase::Prepared& prepared, const trace::Trace& trace) {
  const testcase::ExportSignatures signatures(*prepared.module.module);
  trace::Trace told = trace;
  // Each call of the plan has one event, in its order.
  size_t next = 0;
  for (trace::Event& event : told.events) {
    if (event.kind != trace::EventKind::Call || next == prepared.plan.calls.size()) continue;
    const testcase::Call& call = prepared.plan.calls[next++];
    event.subject = testcase::CallText(call, signatures.Find(call.export_name));
  }
  return trace::TraceText(told);
}

std::string CaseNotes(const testcase::Prepared& prepared) {
  const wasm::Module& module = *prepared.module.module;
  std::string text;
  if (prepared.plan.calls.empty()) {
    text +=
        fmt::format("{:<11} nothing to call: {}\n", "note",
                    testcase::DefaultPlan(module).calls.empty() ? "the module exports no function"
                                                                : "the plan has no calls");
  }
  for (const wasm::Import& import : module.imports) {
    const auto* function = std::get_if<wasm::FuncRef>(&import.type);
    if (function == nullptr || !testcase::LooksLikeCollection(import.name)) continue;
    const auto& signature = std::get<wasm::FuncType>(
        (*prepared.types)[prepared.module.type_ids[function->type]].composite);
    const auto meaning = testcase::FindMeaning(import.module, import.name, signature);
    if (meaning != testcase::Meaning::Log) continue;
    text += fmt::format(
        "{:<11} the import {} {} is only logged; without parameters and results, "
        "these collect: {}\n",
        "note", text::Quoted(import.module), text::Quoted(import.name),
        testcase::CollectionImports());
  }
  return text;
}

}  // namespace slabhound::cli
