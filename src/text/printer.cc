// The printer: a module as text, one instruction a line, indented by nesting.
#include <fmt/format.h>

#include "text/number.h"
#include "text/vector.h"
#include "text/wat.h"

namespace slabhound::text {
namespace {

using wasm::ImmediateKind;
using wasm::Instr;
using wasm::Opcode;
using wasm::ValType;

constexpr std::string_view kSpaceNames[] = {"func", "table", "memory", "global", "tag"};

class Printer {
 public:
  explicit Printer(const wasm::Module& module) : module_(module) {}

  std::string Print() {
    out_ = "(module\n";
    Types();
    for (const wasm::Import& import : module_.imports) Import(import);
    uint32_t index = module_.ImportCount(wasm::ExternKind::Func);
    for (const wasm::Table& table : module_.tables) Table(table);
    for (const wasm::Memory& memory : module_.memories)
      Line(1, fmt::format("(memory {})", Limits(memory.type.limits)));
    for (const wasm::Tag& tag : module_.tags)
      Line(1, fmt::format("(tag (type {}))", tag.type.type));
    for (const wasm::Global& global : module_.globals) {
      Line(1, fmt::format("(global {} {})", Global(global.type), Expression(global.init)));
    }
    for (const wasm::Export& exported : module_.exports) {
      Line(1, fmt::format("(export {} ({} {}))", Quoted(exported.name),
                          kSpaceNames[static_cast<size_t>(exported.kind)], exported.index));
    }
    if (module_.start) Line(1, fmt::format("(start {})", *module_.start));
    for (const wasm::ElemSegment& segment : module_.elems) Elem(segment);
    for (const wasm::Function& function : module_.functions) Function(function, index++);
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

  void Types() {
    uint32_t index = 0;
    for (const wasm::RecGroup& group : module_.rec_groups) {
      const bool is_rec = group.is_explicit || group.count != 1;
      if (is_rec) Line(1, "(rec");
      for (uint32_t i = 0; i < group.count; ++i, ++index) {
        Line(is_rec ? 2 : 1,
             fmt::format("(type (;{};) {})", index, SubType(module_.types[group.first + i])));
      }
      if (is_rec) Line(1, ")");
    }
  }

  static std::string SubType(const wasm::SubType& type) {
    std::string composite = Composite(type.composite);
    if (type.is_final && type.supers.empty()) return composite;
    std::string text = type.is_final ? "(sub final" : "(sub";
    for (const uint32_t super : type.supers) text += fmt::format(" {}", super);
    return text + " " + composite + ")";
  }

  static std::string Composite(const wasm::CompositeType& composite) {
    if (const auto* function = std::get_if<wasm::FuncType>(&composite))
      return "(func" + Signature(*function) + ")";
    if (const auto* array = std::get_if<wasm::ArrayType>(&composite))
      return "(array " + Field(array->element) + ")";
    std::string text = "(struct";
    for (const wasm::FieldType& field : std::get<wasm::StructType>(composite).fields) {
      text += " (field " + Field(field) + ")";
    }
    return text + ")";
  }

  static std::string Signature(const wasm::FuncType& type) {
    std::string text;
    if (!type.params.empty()) text += " (param" + TypeList(type.params) + ")";
    if (!type.results.empty()) text += " (result" + TypeList(type.results) + ")";
    return text;
  }
  static std::string TypeList(const std::vector<ValType>& types) {
    std::string text;
    for (const ValType type : types) text += " " + wasm::TypeText(type);
    return text;
  }
  static std::string Field(const wasm::FieldType& field) {
    return field.is_mutable ? "(mut " + wasm::TypeText(field.type) + ")"
                            : wasm::TypeText(field.type);
  }
  static std::string Limits(const wasm::Limits& limits) {
    std::string text = limits.is_64 ? "i64 " : "";
    text += fmt::format("{}", limits.min);
    if (limits.max) text += fmt::format(" {}", *limits.max);
    return text;
  }
  static std::string Global(const wasm::GlobalType& type) {
    return type.is_mutable ? "(mut " + wasm::TypeText(type.type) + ")" : wasm::TypeText(type.type);
  }
  static std::string TableType(const wasm::TableType& type) {
    return Limits(type.limits) + " " + wasm::TypeText(type.element);
  }

  void Import(const wasm::Import& import) {
    std::string type;
    switch (import.kind()) {
      case wasm::ExternKind::Func:
        type = fmt::format("(type {})", std::get<wasm::FuncRef>(import.type).type);
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
        type = fmt::format("(type {})", std::get<wasm::TagType>(import.type).type);
        break;
    }
    Line(1, fmt::format("(import {} {} ({} {}))", Quoted(import.module), Quoted(import.name),
                        kSpaceNames[static_cast<size_t>(import.kind())], type));
  }

  void Table(const wasm::Table& table) {
    Line(1, fmt::format("(table {}{})", TableType(table.type),
                        table.init ? " " + Expression(*table.init) : ""));
  }

  void Elem(const wasm::ElemSegment& segment) {
    std::string text = "(elem";
    if (segment.mode == wasm::SegmentMode::Declarative) text += " declare";
    if (segment.mode == wasm::SegmentMode::Active) {
      text +=
          fmt::format(" (table {}) (offset {})", segment.table, Expression(segment.table_offset));
    }
    text += segment.plain_functions ? " func" : " " + wasm::TypeText(segment.type);
    for (const wasm::Body& item : segment.items) {
      text += segment.plain_functions ? fmt::format(" {}", item.code.front().a)
                                      : " (item " + Expression(item) + ")";
    }
    Line(1, text + ")");
  }

  void Data(const wasm::DataSegment& segment) {
    std::string text = "(data";
    if (segment.mode == wasm::SegmentMode::Active) {
      text += fmt::format(" (memory {}) (offset {})", segment.memory,
                          Expression(segment.memory_offset));
    }
    Line(1, text + " " + Quoted(AsText(segment.bytes)) + ")");
  }

  void Function(const wasm::Function& function, uint32_t index) {
    Line(1, fmt::format("(func (;{};) (type {})", index, function.type));
    if (!function.locals.empty()) Line(2, "(local" + TypeList(function.locals) + ")");
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

  static std::string Expression(const wasm::Body& body) {
    std::string text;
    for (size_t i = 0; i + 1 < body.code.size(); ++i) {
      if (i > 0) text += ' ';
      text += Instruction(body, body.code[i]);
    }
    return text;
  }

  static std::string Block(wasm::BlockType type) {
    if (type.is_empty()) return {};
    if (type.is_index()) return fmt::format(" (type {})", type.index());
    return fmt::format(" (result {})", wasm::TypeText(type.result()));
  }

  static std::string Instruction(const wasm::Body& body, const Instr& instr) {
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
        return text + fmt::format(" {} {} {}", instr.a, wasm::TypeText(CastSource(instr)),
                                  wasm::TypeText(CastTarget(instr)));
      case Immediates::SelectTypes:
        text += " (result";
        for (uint32_t i = 0; i < instr.b; ++i)
          text += " " + wasm::TypeText(body.types[instr.a + i]);
        return text + ")";
      case Immediates::TypeTable:
        return text + fmt::format(" {} (type {})", instr.b, instr.a);
      case Immediates::ElemTable:
      case Immediates::DataMemory:
        return text + fmt::format(" {} {}", instr.b, instr.a);
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
      return text + " " + wasm::TypeText(ValType::Ref(wasm::HeapType::FromCode(instr.a), nullable));
    }
    const wasm::ImmediatesInfo& immediates = wasm::Info(info.immediates);
    text += Immediate(immediates.first, instr.a, instr.bits);
    text += Immediate(immediates.second, instr.b, instr.bits);
    return text;
  }

  static std::string Access(const Instr& instr) {
    std::string text;
    if (instr.a != 0) text += fmt::format(" {}", instr.a);
    if (instr.bits != 0) text += fmt::format(" offset={}", instr.bits);
    const uint64_t align = uint64_t{1} << (AccessAlign(instr) & 63);
    if (align != wasm::AccessBytes(instr.op)) text += fmt::format(" align={}", align);
    if (wasm::AccessesLane(instr.op)) text += fmt::format(" {}", AccessLane(instr));
    return text;
  }

  static std::string Catch(const wasm::CatchClause& clause) {
    constexpr std::string_view kKinds[] = {"catch", "catch_ref", "catch_all", "catch_all_ref"};
    const std::string_view kind = kKinds[static_cast<size_t>(clause.kind)];
    if (clause.kind == wasm::CatchKind::Catch || clause.kind == wasm::CatchKind::CatchRef) {
      return fmt::format("({} {} {})", kind, clause.tag, clause.label);
    }
    return fmt::format("({} {})", kind, clause.label);
  }

  static std::string Immediate(ImmediateKind kind, uint32_t slot, uint64_t bits) {
    switch (kind) {
      case ImmediateKind::Nothing:
        return {};
      case ImmediateKind::BlockType:
        return Block(wasm::BlockType::FromBits(slot));
      case ImmediateKind::Heap:
        return " " + wasm::TypeText(wasm::HeapType::FromCode(slot));
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
