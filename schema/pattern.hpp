#pragma once

#include "schema/json.hpp"
#include "schema/refusal.hpp"

#include <string>
#include <string_view>

namespace atrium {

/// A pattern of ids: `*` stands for any run of characters, dots included, all else for itself.
class pattern {
public:
  /// Takes what ids may hold, and `*`. Refused: empty text, other characters, more bytes than an
  /// id.
  static checked<pattern> parse(std::string_view text);

  /// The same for an argument of a client; numbers are taken as their text.
  static checked<pattern> parse(const json::value& x);

  /// Whether the whole of `id` matches.
  bool matches(std::string_view id) const noexcept;

  /// What it was parsed from.
  const std::string& text() const noexcept {
    return text_;
  }

  /// Whether it matches exactly one id.
  bool is_literal() const noexcept {
    return star_ == std::string::npos;
  }

  /// What every match starts with: the text before the first `*`.
  std::string_view prefix() const noexcept {
    return std::string_view{text_}.substr(0, star_);
  }

  friend bool operator==(const pattern& x, const pattern& y) noexcept {
    return x.text_ == y.text_;
  }

private:
  explicit pattern(std::string text);

  std::string text_;
  std::size_t star_;
};

} // namespace atrium
