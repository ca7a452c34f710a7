#include "episode/episode.h"

#include <fmt/format.h>

#include <map>
#include <memory>
#include <numeric>
#include <set>

#include "base/check.h"
#include "episode/case_maker.h"
#include "testcase/meaning.h"
#include "text/wat.h"
#include "wasm/decode.h"
#include "wasm/encode.h"

namespace slabhound::episode {
namespace {

using script::Expectation;

constexpr std::string_view kLinking = "linking is done before the engine has the module";
constexpr std::string_view kText = "text that is malformed has no binary";
constexpr std::string_view kNoInstance = "a module definition without an instance";

class Cutter {
 public:
  explicit Cutter(const script::Script& script) : script_(script) {}

  Episodes Cut() {
    for (const script::Command& command : script_.commands) {
      line_ = command.line;
      std::visit([this](const auto& what) { Run(what); }, command.what);
    }
    for (const auto& [definition, line] : definition_lines_) {
      if (!instantiated_.contains(definition)) {
        made_.not_run.push_back({line, std::string(kNoInstance)});
      }
    }
    MakeEpisodes();
    return std::move(made_);
  }

 private:
  using Shared = std::shared_ptr<const wasm::Module>;

  void FailHere(std::string message) { made_.failed.push_back({line_, std::move(message)}); }
  void NotRun(std::string_view reason) { made_.not_run.push_back({line_, std::string(reason)}); }

  static Result<Shared, wasm::Error> Load(const script::ModuleSource& source) {
    if (const auto* text = std::get_if<script::TextModule>(&source)) return text->module;
    if (const auto* binary = std::get_if<script::BinaryModule>(&source)) {
      TRY_ASSIGN(wasm::Module decoded, wasm::Decode(binary->bytes));
      return std::make_shared<const wasm::Module>(std::move(decoded));
    }
    TRY_ASSIGN(wasm::Module read, text::ReadModule(std::get<script::QuotedModule>(source).source));
    return std::make_shared<const wasm::Module>(std::move(read));
  }

  void Run(const script::DefineModule& definition) {
    latest_definition_ = nullptr;
    if (definition.instantiate) latest_instance_.reset();
    const auto loaded = Load(definition.source);
    if (!loaded) return FailHere("expected a module, came " + loaded.error().Message());
    latest_definition_ = *loaded;
    if (!definition.name.empty()) definitions_[definition.name] = *loaded;
    if (definition.instantiate) {
      AddInstance(definition.name, *loaded);
    } else {
      definition_lines_.emplace_back(loaded->get(), line_);
    }
  }

  void Run(const script::InstantiateModule& instance) {
    latest_instance_.reset();
    const auto named = definitions_.find(instance.definition);
    const Shared definition = instance.definition.empty()   ? latest_definition_
                              : named != definitions_.end() ? named->second
                                                            : nullptr;
    if (!definition) return FailHere("unknown module definition $" + instance.definition);
    AddInstance(instance.name, definition);
  }

  void Run(const script::RegisterInstance& registration) {
    const auto instance = FindInstance(registration.instance);
    if (!instance) return FailHere("unknown instance $" + registration.instance);
    registered_[registration.module_name] = *instance;
  }

  void Run(const script::Action& action) { AddAction(action, nullptr); }

  void Run(const script::Assertion& assertion) {
    if (const auto* action = std::get_if<script::Action>(&assertion.subject)) {
      return AddAction(*action, &assertion);
    }
    const auto& source = std::get<script::ModuleSource>(assertion.subject);
    if (assertion.expectation == Expectation::Unlinkable) return NotRun(kLinking);
    const auto* binary = std::get_if<script::BinaryModule>(&source);
    const bool refused = assertion.expectation == Expectation::Malformed ||
                         assertion.expectation == Expectation::Invalid;
    if (binary && refused) return made_.refusals.push_back({line_, &assertion, binary->bytes});
    const auto loaded = Load(source);
    if (!loaded && assertion.expectation == Expectation::Malformed) return NotRun(kText);
    if (!loaded) return FailHere("expected a module, came " + loaded.error().Message());
    if (refused) return made_.refusals.push_back({line_, &assertion, wasm::Encode(**loaded)});
    if (const auto instance = MakeInstance(*loaded)) {
      instances_[*instance].assertion = &assertion;
    }
  }

  void AddInstance(const std::string& name, const Shared& module) {
    latest_instance_ = MakeInstance(module);
    if (latest_instance_ && !name.empty()) instances_by_name_[name] = *latest_instance_;
  }

  // Nothing where an import is not there, which is a failure.
  std::optional<size_t> MakeInstance(const Shared& module) {
    instantiated_.insert(module.get());
    InstanceUse instance{.line = line_, .module = module, .imports = {}, .assertion = nullptr};
    for (const wasm::Import& import : module->imports) {
      const auto found = registered_.find(import.module);
      const bool collects = found == registered_.end()
                                ? testcase::ForcesCollection(import, *module)
                                : testcase::CollectsInScripts(import, *module);
      if (collects) {
        instance.imports.push_back(kCollectInstance);
        continue;
      }
      if (found == registered_.end() && import.module != "spectest") {
        FailHere(fmt::format("expected an instance, came unknown import: {}.{}", import.module,
                             import.name));
        return std::nullopt;
      }
      instance.imports.push_back(found == registered_.end() ? kSpectestInstance : found->second);
    }
    const size_t number = instances_.size();
    groups_.push_back(number);
    for (const size_t exporter : instance.imports) {
      if (exporter < kCollectInstance) groups_[GroupOf(exporter)] = GroupOf(number);
    }
    instances_.push_back(std::move(instance));
    uses_.push_back({.line = line_, .instance = number, .action = nullptr, .assertion = nullptr});
    return number;
  }

  size_t GroupOf(size_t instance) const {
    while (groups_[instance] != instance) instance = groups_[instance];
    return instance;
  }

  std::optional<size_t> FindInstance(const std::string& name) const {
    if (name.empty()) return latest_instance_;
    const auto found = instances_by_name_.find(name);
    if (found == instances_by_name_.end()) return std::nullopt;
    return found->second;
  }

  void AddAction(const script::Action& action, const script::Assertion* assertion) {
    const auto instance = FindInstance(action.instance);
    if (!instance) return FailHere("there is no instance for " + ActionText(action));
    uses_.push_back(
        {.line = line_, .instance = *instance, .action = &action, .assertion = assertion});
  }

  void MakeEpisodes() {
    std::map<size_t, std::vector<Use>> groups;
    for (const Use& use : uses_) groups[GroupOf(use.instance)].push_back(use);
    for (const auto& [group, uses] : groups) MakeCase(instances_, uses, made_);
  }

  const script::Script& script_;
  uint32_t line_ = 0;
  std::map<std::string, Shared> definitions_;
  Shared latest_definition_;
  std::vector<std::pair<const wasm::Module*, uint32_t>> definition_lines_;
  std::set<const wasm::Module*> instantiated_;
  std::map<std::string, size_t> instances_by_name_, registered_;
  std::optional<size_t> latest_instance_;
  std::vector<InstanceUse> instances_;
  std::vector<size_t> groups_;  // of instances that belong together: the way to the group's name
  std::vector<Use> uses_;
  Episodes made_;
};

}  // namespace

Episodes CutScript(const script::Script& script) { return Cutter(script).Cut(); }

}  // namespace slabhound::episode
