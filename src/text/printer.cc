// The printer: a module as text, one instruction a line, indented by nesting.
#include <fmt/format.h>

#include <array>

#include "text/identifiers.h"
#include "text/number.h"
#include "text/vector.h"
#include "text/wat.h"

namespace slabhound::text {
namespace {

using wasm::ImmediateKind;
using wasm::IndexSpace;
using wasm::Instr;
using wasm::Opcode;
using wasm::ValType;

constexpr std::string_view kSpaceNames[] = {"func", "table", "memory", "global", "tag"};

class Printer {
 public:
  explicit Printer(const wasm::Module& module) : module_(module), ids_(module.names.get()) {}

  std::string Print() {
    out_ = "(module\n";
    Types();
    for (const wasm::Import& import : module_.imports) Import(import);
    for (const wasm::Table& table : module_.tables) Table(table);
    for (const wasm::Memory& memory : module_.memories) {
      Line(1,
           fmt::format("(memory {}{})", Defined(IndexSpace::Memory), Limits(memory.type.limits)));
    }
    for (const wasm::Tag& tag : module_.tags) {
      Line(1, fmt::format("(tag {}(type {}))", Defined(IndexSpace::Tag), TypeUse(tag.type.type)));
    }
    for (const wasm::Global& global : module_.globals) {
      Line(1, fmt::format("(global {}{} {})", Defined(IndexSpace::Global), Global(global.type),
                          Expression(global.init)));
    }
    for (const wasm::Export& exported : module_.exports) {
      Line(1, fmt::format("(export {} ({} {}))", Quoted(exported.name),
                          kSpaceNames[static_cast<size_t>(exported.kind)],
                          ids_.Use(static_cast<IndexSpace>(exported.kind), exported.index)));
    }
    if (module_.start)
      Line(1, fmt::format("(start {})", ids_.Use(IndexSpace::Func, *module_.start)));
    for (const wasm::ElemSegment& segment : module_.elems) Elem(segment);
    for (const wasm::Function& function : module_.functions) Function(function);
    for (const wasm::DataSegment& segment : module_.datas) Data(segment);
    for (const wasm::CustomSection& custom : module_.customs) {
      Line(1, fmt::format("(@custom {} {})", Quoted(custom.name), Quoted(AsText(custom.bytes))));
    }
    out_ += ")\n";
    return std::move(out_);
  }

 private:
  void Line(size_t depth, std::string_view text) {
    out_.append(depth * 2, ' ');
    out_ += text;
    out_ += '\n';
  }

  // The identifier of the next item of the space, which is defined here.
  std::string Defined(IndexSpace space) {
    return ids_.Definition(space, next_[static_cast<size_t>(space)]++);
  }
  std::string TypeUse(uint32_t type) const { return ids_.Use(IndexSpace::Type, type); }
  template <typename Type>
  std::string TypeText(Type type) const {
    return wasm::TypeText(type, [this](uint32_t index) { return TypeUse(index); });
  }

  void Types() {
    uint32_t index = 0;
    for (const wasm::RecGroup& group : module_.rec_groups) {
      const bool is_rec = group.is_explicit || group.count != 1;
      if (is_rec) Line(1, "(rec");
      for (uint32_t i = 0; i < group.count; ++i, ++index) {
        Line(is_rec ? 2 : 1,
             fmt::format("(type {}(;{};) {})", ids_.Definition(IndexSpace::Type, index), index,
                         SubType(index, module_.types[group.first + i])));
      }
      if (is_rec) Line(1, ")");
    }
  }

  std::string SubType(uint32_t index, const wasm::SubType& type) const {
    std::string composite = Composite(index, type.composite);
    if (type.is_final && type.supers.empty()) return composite;
    std::string text = type.is_final ? "(sub final" : "(sub";
    for (const uint32_t super : type.supers) text += ' ' + TypeUse(super);
    return text + " " + composite + ")";
  }

  std::string Composite(uint32_t index, const wasm::CompositeType& composite) const {
    if (const auto* function = std::get_if<wasm::FuncType>(&composite))
      return "(func" + Signature(*function) + ")";
    if (const auto* array = std::get_if<wasm::ArrayType>(&composite))
      return "(array " + Field(array->element) + ")";
    std::string text = "(struct";
    uint32_t number = 0;
    for (const wasm::FieldType& field : std::get<wasm::StructType>(composite).fields) {
      text += " (field " + ids_.FieldDefinition(index, number++) + Field(field) + ")";
    }
    return text + ")";
  }

  std::string Signature(const wasm::FuncType& type) const {
    std::string text;
    if (!type.params.empty()) text += " (param" + TypeList(type.params) + ")";
    if (!type.results.empty()) text += " (result" + TypeList(type.results) + ")";
    return text;
  }
  std::string TypeList(const std::vector<ValType>& types) const {
    std::string text;
    for (const ValType type : types) text += " " + TypeText(type);
    return text;
  }
  std::string Field(const wasm::FieldType& field) const {
    return field.is_mutable ? "(mut " + TypeText(field.type) + ")" : TypeText(field.type);
  }
  static std::string Limits(const wasm::Limits& limits) {
    std::string text = limits.is_64 ? "i64 " : "";
    text += fmt::format("{}", limits.min);
    if (limits.max) text += fmt::format(" {}", *limits.max);
    return text;
  }
  std::string Global(const wasm::GlobalType& type) const {
    return type.is_mutable ? "(mut " + TypeText(type.type) + ")" : TypeText(type.type);
  }
  std::string TableType(const wasm::TableType& type) const {
    return Limits(type.limits) + " " + TypeText(type.element);
  }

  void Import(const wasm::Import& import) {
    std::string type;
    switch (import.kind()) {
      case wasm::ExternKind::Func:
        type = fmt::format("(type {})", TypeUse(std::get<wasm::FuncRef>(import.type).type));
        break;
      case wasm::ExternKind::Table:
        type = TableType(std::get<wasm::TableType>(import.type));
        break;
      case wasm::ExternKind::Memory:
        type = Limits(std::get<wasm::MemoryType>(import.type).limits);
        break;
      case wasm::ExternKind::Global:
        type = Global(std::get<wasm::GlobalType>(import.type));
        break;
      case wasm::ExternKind::Tag:
        type = fmt::format("(type {})", TypeUse(std::get<wasm::TagType>(import.type).type));
        break;
    }
    Line(1, fmt::format("(import {} {} ({} {}{}))", Quoted(import.module), Quoted(import.name),
                        kSpaceNames[static_cast<size_t>(import.kind())],
                        Defined(static_cast<IndexSpace>(import.kind())), type));
  }

  void Table(const wasm::Table& table) {
    Line(1, fmt::format("(table {}{}{})", Defined(IndexSpace::Table), TableType(table.type),
                        table.init ? " " + Expression(*table.init) : ""));
  }

  void Elem(const wasm::ElemSegment& segment) {
    std::string text = "(elem " + Defined(IndexSpace::Elem);
    if (segment.mode == wasm::SegmentMode::Declarative) text += "declare ";
    if (segment.mode == wasm::SegmentMode::Active) {
      text += fmt::format("(table {}) (offset {}) ", ids_.Use(IndexSpace::Table, segment.table),
                          Expression(segment.table_offset));
    }
    text += segment.plain_functions ? "func" : TypeText(segment.type);
    for (const wasm::Body& item : segment.items) {
      text += segment.plain_functions ? ' ' + ids_.Use(IndexSpace::Func, item.code.front().a)
                                      : " (item " + Expression(item) + ")";
    }
    Line(1, text + ")");
  }

  void Data(const wasm::DataSegment& segment) {
    std::string text = "(data " + Defined(IndexSpace::Data);
    if (segment.mode == wasm::SegmentMode::Active) {
      text += fmt::format("(memory {}) (offset {}) ", ids_.Use(IndexSpace::Memory, segment.memory),
                          Expression(segment.memory_offset));
    }
    Line(1, text + Quoted(AsText(segment.bytes)) + ")");
  }

  void Function(const wasm::Function& function) {
    function_ = next_[static_cast<size_t>(IndexSpace::Func)];
    const std::string id = Defined(IndexSpace::Func);
    const auto* type = function.type < module_.types.size()
                           ? std::get_if<wasm::FuncType>(&module_.types[function.type].composite)
                           : nullptr;
    const size_t params = type != nullptr ? type->params.size() : 0;
    std::string head =
        fmt::format("(func {}(;{};) (type {})", id, function_, TypeUse(function.type));
    if (ids_.HasLocals(function_, 0, params)) {
      head += Locals("param", type->params, 0);
      if (!type->results.empty()) head += " (result" + TypeList(type->results) + ")";
    }
    Line(1, head);
    if (!function.locals.empty()) {
      Line(2, Locals("local", function.locals, params).substr(1));
    }
    size_t depth = 2;
    // The final end is the closing parenthesis.
    for (size_t i = 0; i + 1 < function.body.code.size(); ++i) {
      const Instr& instr = function.body.code[i];
      const bool divides = instr.op == Opcode::Else || instr.op == Opcode::LegacyCatch ||
                           instr.op == Opcode::LegacyCatchAll;
      if (divides || instr.op == Opcode::End || instr.op == Opcode::Delegate) --depth;
      Line(depth, Instruction(function.body, instr));
      if (divides || instr.op == Opcode::Block || instr.op == Opcode::Loop ||
          instr.op == Opcode::If || instr.op == Opcode::TryTable || instr.op == Opcode::LegacyTry) {
        ++depth;
      }
    }
    Line(1, ")");
  }

  // " (local $x i32) (local i32 i32)", of the function at hand from local `first` on.
  std::string Locals(std::string_view word, const std::vector<ValType>& types, size_t first) const {
    std::string text;
    for (size_t i = 0; i < types.size();) {
      size_t end = i;
      const auto local = static_cast<uint32_t>(first + i);
      std::string id = ids_.LocalDefinition(function_, local);
      if (!id.empty()) {
        end = i + 1;
      } else {
        while (end < types.size() && !ids_.HasLocals(function_, first + end, first + end + 1))
          ++end;
      }
      text += fmt::format(" ({} {}", word, id);
      for (; i < end; ++i) text += TypeText(types[i]) + (i + 1 < end ? " " : ")");
    }
    return text;
  }

  std::string Expression(const wasm::Body& body) const {
    std::string text;
    for (size_t i = 0; i + 1 < body.code.size(); ++i) {
      if (i > 0) text += ' ';
      text += Instruction(body, body.code[i]);
    }
    return text;
  }

  std::string Block(wasm::BlockType type) const {
    if (type.is_empty()) return {};
    if (type.is_index()) return fmt::format(" (type {})", TypeUse(type.index()));
    return fmt::format(" (result {})", TypeText(type.result()));
  }

  std::string Instruction(const wasm::Body& body, const Instr& instr) const {
    using wasm::Immediates;
    const wasm::OpcodeInfo& info = wasm::Info(instr.op);
    std::string text(info.text);
    if (wasm::AccessBytes(instr.op) != 0) return text + Access(instr);
    switch (info.immediates) {
      case Immediates::BrTable:
        for (uint32_t i = 0; i <= instr.b; ++i)
          text += fmt::format(" {}", body.labels[instr.a + i]);
        return text;
      case Immediates::BrCast:
        return text + fmt::format(" {} {} {}", instr.a, TypeText(CastSource(instr)),
                                  TypeText(CastTarget(instr)));
      case Immediates::SelectTypes:
        text += " (result";
        for (uint32_t i = 0; i < instr.b; ++i) text += " " + TypeText(body.types[instr.a + i]);
        return text + ")";
      case Immediates::TypeTable:
        return text +
               fmt::format(" {} (type {})", ids_.Use(IndexSpace::Table, instr.b), TypeUse(instr.a));
      case Immediates::ElemTable:
        return text + fmt::format(" {} {}", ids_.Use(IndexSpace::Table, instr.b),
                                  ids_.Use(IndexSpace::Elem, instr.a));
      case Immediates::DataMemory:
        return text + fmt::format(" {} {}", ids_.Use(IndexSpace::Memory, instr.b),
                                  ids_.Use(IndexSpace::Data, instr.a));
      case Immediates::TypeField:
        return text + fmt::format(" {} {}", TypeUse(instr.a), ids_.Field(instr.a, instr.b));
      case Immediates::TryTable:
        text += Block(wasm::BlockType::FromBits(instr.a));
        for (uint64_t i = 0; i < instr.bits; ++i) text += " " + Catch(body.catches[instr.b + i]);
        return text;
      case Immediates::V128:
        return text + " " + VectorText(VectorOf(instr));
      case Immediates::Lanes:
        for (size_t i = 0; i < 16; ++i) text += fmt::format(" {}", ByteOf(VectorOf(instr), i));
        return text;
      default:
        break;
    }
    if (instr.op == Opcode::RefTest || instr.op == Opcode::RefCast ||
        instr.op == Opcode::RefTestNull || instr.op == Opcode::RefCastNull) {
      const bool nullable = instr.op == Opcode::RefTestNull || instr.op == Opcode::RefCastNull;
      return text + " " + TypeText(ValType::Ref(wasm::HeapType::FromCode(instr.a), nullable));
    }
    const wasm::ImmediatesInfo& immediates = wasm::Info(info.immediates);
    text += Immediate(immediates.first, instr.a, instr.bits);
    text += Immediate(immediates.second, instr.b, instr.bits);
    return text;
  }

  std::string Access(const Instr& instr) const {
    std::string text;
    if (instr.a != 0) text += ' ' + ids_.Use(IndexSpace::Memory, instr.a);
    if (instr.bits != 0) text += fmt::format(" offset={}", instr.bits);
    const uint64_t align = uint64_t{1} << (AccessAlign(instr) & 63);
    if (align != wasm::AccessBytes(instr.op)) text += fmt::format(" align={}", align);
    if (wasm::AccessesLane(instr.op)) text += fmt::format(" {}", AccessLane(instr));
    return text;
  }

  std::string Catch(const wasm::CatchClause& clause) const {
    constexpr std::string_view kKinds[] = {"catch", "catch_ref", "catch_all", "catch_all_ref"};
    const std::string_view kind = kKinds[static_cast<size_t>(clause.kind)];
    if (clause.kind == wasm::CatchKind::Catch || clause.kind == wasm::CatchKind::CatchRef) {
      return fmt::format("({} {} {})", kind, ids_.Use(IndexSpace::Tag, clause.tag), clause.label);
    }
    return fmt::format("({} {})", kind, clause.label);
  }

  std::string Immediate(ImmediateKind kind, uint32_t slot, uint64_t bits) const {
    switch (kind) {
      case ImmediateKind::Func:
        return ' ' + ids_.Use(IndexSpace::Func, slot);
      case ImmediateKind::Table:
        return ' ' + ids_.Use(IndexSpace::Table, slot);
      case ImmediateKind::Memory:
        return ' ' + ids_.Use(IndexSpace::Memory, slot);
      case ImmediateKind::Global:
        return ' ' + ids_.Use(IndexSpace::Global, slot);
      case ImmediateKind::Tag:
        return ' ' + ids_.Use(IndexSpace::Tag, slot);
      case ImmediateKind::Type:
        return ' ' + TypeUse(slot);
      case ImmediateKind::Elem:
        return ' ' + ids_.Use(IndexSpace::Elem, slot);
      case ImmediateKind::Data:
        return ' ' + ids_.Use(IndexSpace::Data, slot);
      case ImmediateKind::Local:
        return ' ' + ids_.Local(function_, slot);
      case ImmediateKind::Nothing:
        return {};
      case ImmediateKind::BlockType:
        return Block(wasm::BlockType::FromBits(slot));
      case ImmediateKind::Heap:
        return " " + TypeText(wasm::HeapType::FromCode(slot));
      case ImmediateKind::I32:
        return fmt::format(" {}", static_cast<int32_t>(static_cast<uint32_t>(bits)));
      case ImmediateKind::I64:
        return fmt::format(" {}", static_cast<int64_t>(bits));
      case ImmediateKind::F32:
        return " " + FloatText(static_cast<uint32_t>(bits));
      case ImmediateKind::F64:
        return " " + FloatText(bits);
      default:
        return fmt::format(" {}", slot);
    }
  }

  const wasm::Module& module_;
  Identifiers ids_;
  std::array<uint32_t, wasm::kIndexSpaceCount> next_ = {};  // index of the next item of each space
  uint32_t function_ = 0;                                   // the one at hand
  std::string out_;
};

}  // namespace

std::string Quoted(std::string_view bytes) {
  std::string text = "\"";
  for (const char c : bytes) {
    const auto byte = static_cast<uint8_t>(c);
    if (byte >= 0x20 && byte < 0x7f && c != '"' && c != '\\') {
      text += c;
    } else {
      text += fmt::format("\\{:02x}", byte);
    }
  }
  return text + "\"";
}

std::string PrintModule(const wasm::Module& module) { return Printer(module).Print(); }

}  // namespace slabhound::text
