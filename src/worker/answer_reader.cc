#include "worker/answer_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

namespace slabhound::worker {
namespace {

using Json = nlohmann::json;

constexpr std::array<std::string_view, 6> kEnds = {"returns",  "trap",  "exception",
                                                   "rejected", "limit", "internal-error"};
constexpr const char* kNoObject = "the answer is no JSON object";

// The names are the library's: it calls them for what it meets, and stops where one says false.
class AnswerReader {
 public:
  explicit AnswerReader(size_t calls_max) : calls_max_(calls_max) {}

  Result<Answer, std::string> Take() {
    if (error_) return Fail(std::move(*error_));
    return std::move(answer_);
  }
  void Malformed() {
    if (!error_) error_ = kNoObject;
  }

  bool start_object(size_t /*elements*/) {
    ++depth_;
    if (depth_ == 2 && key_ == Key::Instantiate) {
      answer_.has_instantiate = true;
      return BeginStep(answer_.run.instantiate);
    }
    if (depth_ == 3 && in_calls_) {
      if (answer_.run.calls.size() == calls_max_) return Fails(kTooManyCalls);
      return BeginStep(answer_.run.calls.emplace_back());
    }
    return depth_ != 2 || key_ != Key::Calls || Fails(kTooManyCalls);
  }
  bool end_object() {
    if (step_ != nullptr && depth_ == step_depth_) {
      const auto known = std::ranges::find(kEnds, end_);
      if (known == kEnds.end()) {
        return Fails(fmt::format("a step ends with '{}'", end_.substr(0, 40)));
      }
      step_->end = static_cast<WorkerEnd>(known - kEnds.begin());
      step_ = nullptr;
    }
    --depth_;
    return true;
  }
  bool start_array(size_t /*elements*/) {
    if (depth_ == 0) return Fails(kNoObject);
    if (!Scalar(/*is_calls=*/depth_ == 1 && key_ == Key::Calls)) return false;
    ++depth_;
    if (depth_ == 2 && key_ == Key::Calls) {
      in_calls_ = true;
      answer_.run.calls.clear();
    }
    return true;
  }
  bool end_array() {
    --depth_;
    if (depth_ == 1) in_calls_ = false;
    return true;
  }
  bool key(const std::string& name) {
    if (depth_ == 1) key_ = KeyOf(name);
    if (step_ != nullptr && depth_ == step_depth_) field_ = FieldOf(name);
    return true;
  }
  bool string(std::string& value) {
    if (!InStep()) return Scalar();
    if (field_ == Field::End) {
      end_ = std::move(value);
    } else if (field_ == Field::Kind || field_ == Field::Message) {
      value.resize(std::min(value.size(), kTextBytesMax));
      (field_ == Field::Kind ? step_->kind : step_->message) = std::move(value);
    }
    return true;
  }
  bool number_unsigned(uint64_t value) {
    if (InStep()) {
      if (field_ == Field::Logged) step_->logged = value;
      return true;
    }
    if (depth_ == 1 && key_ == Key::Id) answer_.id = value;
    if (depth_ == 1 && key_ == Key::MemoryBytes) answer_.run.memory_bytes = value;
    return number_float(static_cast<double>(value), {});
  }
  bool number_integer(int64_t value) { return number_float(static_cast<double>(value), {}); }
  bool number_float(double value, const std::string& /*text*/) {
    if (depth_ == 1 && key_ == Key::Milliseconds) answer_.run.milliseconds = value;
    return Scalar();
  }
  bool null() { return Scalar(); }
  bool boolean(bool /*value*/) { return Scalar(); }
  bool binary(const Json::binary_t& /*value*/) { return Scalar(); }
  bool parse_error(size_t /*at*/, const std::string& /*token*/, const Json::exception& /*error*/) {
    Malformed();
    return false;
  }

 private:
  static constexpr const char* kTooManyCalls = "there are more calls than exports asked for";
  enum class Key : uint8_t { Other, Id, Instantiate, Calls, Milliseconds, MemoryBytes };
  enum class Field : uint8_t { Other, End, Kind, Message, Logged };

  static Key KeyOf(std::string_view name) {
    if (name == "id") return Key::Id;
    if (name == "instantiate") return Key::Instantiate;
    if (name == "calls") return Key::Calls;
    if (name == "milliseconds") return Key::Milliseconds;
    return name == "memory_bytes" ? Key::MemoryBytes : Key::Other;
  }
  static Field FieldOf(std::string_view name) {
    if (name == "end") return Field::End;
    if (name == "kind") return Field::Kind;
    if (name == "message") return Field::Message;
    return name == "logged" ? Field::Logged : Field::Other;
  }

  bool Fails(std::string error) {
    error_ = std::move(error);
    return false;
  }
  bool InStep() const { return step_ != nullptr && depth_ == step_depth_; }
  bool BeginStep(WorkerStep& step) {
    step = {};
    step_ = &step;
    step_depth_ = depth_;
    end_.clear();
    return true;
  }
  // What is no object, where a step, or all calls, may be asked for.
  bool Scalar(bool is_calls = false) {
    if (depth_ == 0) return Fails(kNoObject);
    if (depth_ == 1 && key_ == Key::Calls && !is_calls) return Fails(kTooManyCalls);
    const bool is_step = (depth_ == 1 && key_ == Key::Instantiate) || (depth_ == 2 && in_calls_);
    return !is_step || Fails("a step is no object");
  }

  size_t calls_max_;
  Answer answer_;
  std::optional<std::string> error_;
  size_t depth_ = 0, step_depth_ = 0;  // of what is open; of the step
  Key key_ = Key::Other;               // of the answer's own object
  Field field_ = Field::Other;         // of the step
  WorkerStep* step_ = nullptr;         // that is open
  std::string end_;                    // how it ended, as it says
  bool in_calls_ = false;
};

}  // namespace

Result<Answer, std::string> ReadAnswer(std::string_view text, size_t calls_max) {
  AnswerReader reader(calls_max);
  if (!Json::sax_parse(text, &reader)) reader.Malformed();
  return reader.Take();
}

}  // namespace slabhound::worker
