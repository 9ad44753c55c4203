#pragma once

#include "schema/payload.hpp"

#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace atrium::api {

/// Bytes as an argument: they travel as an attachment and arrive as a Buffer, Uint8Array, bytes, …
struct binary {
  std::string bytes;
};

/// Arguments that were received, binary included, to be passed on as they are.
struct spread {
  payload args;
};

namespace detail {

/// Throws `std::invalid_argument` when an event's name is one that programs may not emit.
void refuse_reserved(const payload& event);

/// Whether servers may not emit `name` to each other, because the reference does.
bool is_reserved_server_side(std::string_view name) noexcept;

void append_binary(payload& to, std::string bytes);
void append_spread(payload& to, payload args);

template <class T>
void append_argument(payload& to, T&& x) {
  using type = std::remove_cvref_t<T>;
  if constexpr (std::same_as<type, binary>)
    append_binary(to, std::forward<T>(x).bytes);
  else if constexpr (std::same_as<type, spread>)
    append_spread(to, std::forward<T>(x).args);
  else if constexpr (std::constructible_from<json::value, T>)
    to.args.emplace_back(std::forward<T>(x));
  else if constexpr (std::convertible_to<T, std::string_view>)
    to.args.emplace_back(json::string{std::string_view{x}});
  else
    to.args.push_back(json::value_from(std::forward<T>(x)));
}

} // namespace detail

/// Gathers arguments: numbers, booleans, texts, `json` values, containers of these, `binary`,
/// `spread`.
template <class... Ts>
payload make_arguments(Ts&&... xs) {
  payload result;
  result.args.reserve(sizeof...(Ts));
  (detail::append_argument(result, std::forward<Ts>(xs)), ...);
  return result;
}

} // namespace atrium::api
