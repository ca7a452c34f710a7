#include "exec/vm.h"

#include <algorithm>
#include <array>

#include "base/check.h"
#include "bytecode/code_cache.h"
#include "bytecode/compiler.h"

namespace slabhound::exec {
namespace {

// Arenas are reserved once and used by one machine after another: fresh pages are what costs.
// Those kept are as many as a thread had machines at once, which is few.
std::vector<std::unique_ptr<heap::Arena>>& SpareArenas() {
  thread_local std::vector<std::unique_ptr<heap::Arena>> spare;
  return spare;
}

}  // namespace

PooledArena::PooledArena(uint64_t bytes) {
  constexpr uint64_t kBytesMin = 64u << 20;
  auto& spare = SpareArenas();
  const auto fits = [&](const auto& arena) { return arena->bytes() >= bytes; };
  if (const auto found = std::ranges::find_if(spare, fits); found != spare.end()) {
    arena_ = std::move(*found);
    spare.erase(found);
  } else {
    arena_ = std::make_unique<heap::Arena>(std::max(bytes, kBytesMin));
  }
}

PooledArena::~PooledArena() { SpareArenas().push_back(std::move(arena_)); }

Vm::Vm(wasm::TypeStore& types, const embed::Limits& limits, const Config& config)
    : types_(types),
      limits_(limits),
      config_(config),
      fuel_(limits.fuel),
      arena_(limits.heap_bytes_max),
      heap_(arena_.get(), types, limits.heap_bytes_max),
      collector_(gc::MakeCollector(config.collector, heap_)) {}

Vm::~Vm() = default;

bool Vm::TakeFuel(uint64_t cost) {
  if (fuel_ >= cost) [[likely]] {
    fuel_ -= cost;
    return true;
  }
  fuel_ = 0;
  StopExhausted(embed::Resource::Fuel);
  return false;
}

embed::Panic Vm::PanicValue() const {
  CHECK(heap_.panic().has_value());
  return {std::string(heap::PanicText(heap_.panic()->kind)), heap_.panic()->detail};
}

void Vm::StopPanic() { stop_ = PanicValue(); }

embed::Failure Vm::TakeStop() {
  CHECK(stop_.has_value());
  embed::Failure failure = std::move(*stop_);
  stop_.reset();
  return failure;
}

const Function* Vm::Compiled(FunctionInstance& function) {
  if (function.compiled) return function.compiled.get();
  const Instance& instance = *instances_[function.instance];
  bytecode::CodeCache::Entry* kept = nullptr;
  if (instance.code_cache != nullptr) {
    const auto& definitions = instance.module.module->functions;
    kept = &instance.code_cache->At(static_cast<size_t>(function.definition - definitions.data()));
    if (kept->code && !compile_budget_.Spend(kept->steps)) return nullptr;
    function.compiled = kept->code;
  }
  if (!function.compiled) {
    const uint64_t before = compile_budget_.left();
    auto compiled =
        bytecode::CompileFunction(instance, *function.definition, config_.fault, compile_budget_);
    if (!compiled) return nullptr;
    function.compiled = std::make_shared<const Function>(*std::move(compiled));
    if (kept != nullptr) *kept = {function.compiled, before - compile_budget_.left()};
  }
  return function.compiled.get();
}

Vm::Entered Vm::Enter(embed::FuncAddr address, std::span<const uint64_t> arguments, bool is_tail) {
  // Rules F4 and F5; a tail call gives up its caller's place first.
  const uint32_t depth = depth_ - (is_tail ? 1 : 0);
  const uint64_t weight = weight_ - (is_tail ? frames_.back().weight : 0);
  const uint64_t own_weight = functions_[address].weight;
  if (depth >= limits_.call_depth_max || weight + own_weight > limits_.stack_weight_max) {
    StopExhausted(embed::Resource::CallDepth);
    return Entered::Stopped;
  }
  if (!TakeFuel(1)) return Entered::Stopped;
  if (const embed::HostFunction* host = functions_[address].host; host != nullptr) {
    const auto& signature = std::get<wasm::FuncType>(types_[functions_[address].type].composite);
    const size_t mark = handles_.size();
    std::array<embed::Value, 8> few;  // as most have; more are in a vector
    std::vector<embed::Value> many(arguments.size() <= few.size() ? 0 : arguments.size());
    embed::Value* values = many.empty() ? few.data() : many.data();
    const size_t count = arguments.size();
    for (size_t i = 0; i < count; ++i) {
      auto value = ToValue(arguments[i], signature.params[i]);
      if (!value) {
        stop_ = std::move(value.error());
        return Entered::Stopped;
      }
      values[i] = *value;
    }
    if (is_tail) {
      weight_ = weight;
      frames_.back().weight = 0;
    }
    depth_ = depth + 1;
    embed::Outcome outcome = (*host)(*machine_, std::span(values, count));
    depth_ = depth + (is_tail ? 1 : 0);
    if (auto* returned = std::get_if<embed::Returned>(&outcome)) {
      results_.clear();
      for (const embed::Value& value : returned->values) results_.push_back(ToWord(value));
      handles_.resize(mark);
      return Entered::Host;
    }
    if (auto* thrown = std::get_if<embed::Thrown>(&outcome)) {
      pending_exception_ = heap::Ref::FromWord(ToWord(thrown->exception));
      stop_ = *thrown;
    } else if (auto* trap = std::get_if<embed::Trap>(&outcome)) {
      stop_ = *trap;
    } else if (auto* exhausted = std::get_if<embed::Exhausted>(&outcome)) {
      stop_ = *exhausted;
    } else {
      stop_ = std::move(std::get<embed::Panic>(outcome));
    }
    handles_.resize(mark);
    return Entered::Stopped;
  }
  const Function* compiled = Compiled(functions_[address]);
  if (compiled == nullptr) {
    StopExhausted(embed::Resource::Heap);
    return Entered::Stopped;
  }
  const Function& function = *compiled;
  Frame frame{.function = &function, .pc = function.ops.data(), .base = 0, .weight = own_weight};
  if (is_tail) {
    frame.base = frames_.back().base;
    frames_.back() = frame;
  } else {
    if (!frames_.empty())
      frame.base = frames_.back().base + frames_.back().function->register_count;
    frames_.push_back(frame);
  }
  depth_ = depth + 1;
  weight_ = weight + own_weight;
  const size_t needed = frame.base + function.register_count;
  if (registers_.size() < needed) registers_.resize(std::max(needed, registers_.size() * 2));
  uint64_t* to = registers_.data() + frame.base;
  // Callers stage arguments outside the windows, so that moving the registers and overlap do no
  // harm.
  std::copy(arguments.begin(), arguments.end(), to);
  std::fill(to + function.param_count, to + function.local_count, 0);
  return Entered::Wasm;
}

const Op* Vm::Unwind() {
  stop_.reset();
  const uint8_t* object = heap_.Deref(pending_exception_);
  if (object == nullptr) {
    StopPanic();
    return nullptr;
  }
  heap::Header header;
  __builtin_memcpy(&header, object, sizeof header);
  while (frames_.size() > floor_) {
    const Frame& frame = frames_.back();
    const auto pc = static_cast<size_t>(frame.pc - frame.function->ops.data());
    const Function& function = *frame.function;
    uint32_t index = bytecode::RegionAt(function, static_cast<uint32_t>(pc));
    for (; index != bytecode::TryRegion::kNone; index = function.regions[index].parent) {
      const bytecode::TryRegion& region = function.regions[index];
      for (const bytecode::Handler& handler :
           std::span(function.handlers).subspan(region.first, region.count)) {
        if (handler.any_tag || handler.tag == header.type)
          return function.ops.data() + handler.landing;
      }
    }
    weight_ -= frame.weight;
    --depth_;
    frames_.pop_back();
  }
  handles_.push_back(pending_exception_);
  pending_exception_ = {};
  stop_ = embed::Thrown{{embed::RefKind::Exn, static_cast<uint32_t>(handles_.size() - 1)}};
  return nullptr;
}

Result<std::vector<uint64_t>, embed::Failure> Vm::Run(embed::FuncAddr function,
                                                      std::vector<uint64_t> arguments) {
  if (host_depth_ >= limits_.host_depth_max)
    return Fail(embed::Failure(embed::Exhausted{embed::Resource::CallDepth}));
  const size_t outer_floor = floor_;
  const uint32_t outer_depth = depth_;
  const uint64_t outer_weight = weight_;
  floor_ = frames_.size();
  ++host_depth_;
  switch (Enter(function, arguments, /*is_tail=*/false)) {
    case Entered::Wasm:
      Interpret(*this);
      break;
    case Entered::Host:
      break;
    case Entered::Stopped:
      // A host function's exception that nobody here can catch gets a handle that outlives the
      // function.
      if (std::holds_alternative<embed::Thrown>(*stop_)) Unwind();
      break;
  }
  --host_depth_;
  frames_.resize(floor_);
  floor_ = outer_floor;
  depth_ = outer_depth;
  weight_ = outer_weight;
  if (stop_) return Fail(TakeStop());
  return std::move(results_);
}

// The word of the commonest constant expressions, which need no code.
std::optional<uint64_t> Vm::SimpleConstant(const Instance& instance, const wasm::Body& body) const {
  const wasm::Instr& instr = body.code.front();
  if (body.code.size() != 2) return std::nullopt;
  switch (instr.op) {
    case wasm::Opcode::I32Const:
    case wasm::Opcode::I64Const:
    case wasm::Opcode::F32Const:
    case wasm::Opcode::F64Const:
      return instr.bits;
    case wasm::Opcode::RefNull:
      return 0;
    case wasm::Opcode::RefFunc:
      return uint64_t{instance.functions[instr.a]} + 1;
    case wasm::Opcode::GlobalGet:
      return globals_[instance.globals[instr.a]].word;
    default:
      return std::nullopt;
  }
}

Result<uint64_t, embed::Failure> Vm::EvaluateConstant(const Instance& instance,
                                                      const wasm::Body& body, wasm::ValType type) {
  // Constant expressions have neither depth nor weight nor an entry's fuel (rules F2 and F5).
  if (const auto word = SimpleConstant(instance, body)) return *word;
  const auto compiled =
      bytecode::CompileConstant(instance, body, type, config_.fault, compile_budget_);
  if (!compiled) return Fail(embed::Failure(embed::Exhausted{embed::Resource::Heap}));
  const Function& function = *compiled;
  const size_t outer_floor = floor_;
  floor_ = frames_.size();
  const size_t base =
      frames_.empty() ? 0 : frames_.back().base + frames_.back().function->register_count;
  frames_.push_back({.function = &function, .pc = function.ops.data(), .base = base, .weight = 0});
  if (registers_.size() < base + function.register_count)
    registers_.resize(base + function.register_count);
  ++depth_;  // returning takes it away
  Interpret(*this);
  if (stop_) {
    if (frames_.size() > floor_) --depth_;
    frames_.resize(floor_);
  }
  floor_ = outer_floor;
  if (stop_) return Fail(TakeStop());
  return results_.front();
}

}  // namespace slabhound::exec
