// Result<T, E>: a value or a typed error, and TRY to pass an error on.
//
// TRY(expression) leaves the enclosing function with the error when there is one;
// TRY_ASSIGN(declaration, expression) binds the value otherwise. Errors are values: nothing here
// throws.
#pragma once

#include <expected>
#include <utility>

namespace slabhound {

template <typename T, typename E>
using Result = std::expected<T, E>;

template <typename E>
std::unexpected<std::decay_t<E>> Fail(E&& error) {
  return std::unexpected<std::decay_t<E>>(std::forward<E>(error));
}

}  // namespace slabhound

#define SLABHOUND_CONCAT_INNER(a, b) a##b
#define SLABHOUND_CONCAT(a, b) SLABHOUND_CONCAT_INNER(a, b)

#define TRY(expression) SLABHOUND_TRY(SLABHOUND_CONCAT(try_result_, __COUNTER__), expression)
#define SLABHOUND_TRY(name, expression)                                       \
  do {                                                                        \
    auto name = (expression);                                                 \
    if (!name.has_value()) return ::slabhound::Fail(std::move(name).error()); \
  } while (false)

#define TRY_ASSIGN(declaration, expression) \
  SLABHOUND_TRY_ASSIGN(SLABHOUND_CONCAT(try_result_, __COUNTER__), declaration, expression)
#define SLABHOUND_TRY_ASSIGN(name, declaration, expression)                 \
  auto name = (expression);                                                 \
  if (!name.has_value()) return ::slabhound::Fail(std::move(name).error()); \
  declaration = *std::move(name)
