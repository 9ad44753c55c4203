#include "schema/json_scan.hpp"
#include "schema/json_text.hpp"
#include "schema/utf8.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

namespace atrium {

namespace {

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

/// What a number is that is too large or too small for a double. Its first digit that is not 0
/// stands `position` places before the point; from_chars has found the magnitude to be extreme.
double extreme_number(std::string_view text) noexcept {
  constexpr long long exponent_max = 1'000'000'000'000;
  auto negative = text.front() == '-';
  auto mark = std::min(text.find_first_of("eE"), text.size());
  auto point = std::min(text.find('.'), mark);
  auto first = std::min(text.find_first_of("123456789"), mark);
  auto position = static_cast<long long>(point) - static_cast<long long>(first);
  long long exponent = 0;
  for (auto c : text.substr(mark)) {
    if (is_digit(c))
      exponent = std::min(exponent * 10 + (c - '0'), exponent_max);
  }
  if (text.find('-', mark) != std::string_view::npos)
    exponent = -exponent;
  auto magnitude = position + exponent > 0 ? std::numeric_limits<double>::infinity() : 0.0;
  return negative ? -magnitude : magnitude;
}

/// A recursive descent that leaves its values on a `json::value_stack`. A function returns false
/// after an error, which `error_` tells.
class parser {
public:
  // The buffer is scratch space of the stack: to fill it would cost more than most packets do.
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init)
  parser(std::string_view text, const json_limits& limits, json::storage_ptr sp)
    : rest_(text),
      limits_(limits),
      stack_(json::storage_ptr{}, buffer_, sizeof buffer_) {
    stack_.reset(std::move(sp));
  }

  result<json::value> run() {
    if (! value(0))
      return error_;
    skip_space();
    if (! rest_.empty())
      return errc::malformed;
    return stack_.release();
  }

private:
  bool fail(errc reason) noexcept {
    error_ = reason;
    return false;
  }

  char peek() const noexcept {
    return rest_.empty() ? '\0' : rest_.front();
  }

  bool take(char c) noexcept {
    if (peek() != c || rest_.empty())
      return false;
    rest_.remove_prefix(1);
    return true;
  }

  void skip_space() noexcept {
    while (! rest_.empty()
           && (rest_[0] == ' ' || rest_[0] == '\n' || rest_[0] == '\r' || rest_[0] == '\t'))
      rest_.remove_prefix(1);
  }

  bool value(std::size_t depth) {
    skip_space();
    switch (peek()) {
      case '"': rest_.remove_prefix(1); return string(false);
      case '[': return array(depth + 1);
      case '{': return object(depth + 1);
      case 't': stack_.push_bool(true); return literal("true");
      case 'f': stack_.push_bool(false); return literal("false");
      case 'n': stack_.push_null(); return literal("null");
      default: return number();
    }
  }

  bool literal(std::string_view name) noexcept {
    if (! rest_.starts_with(name))
      return fail(errc::malformed);
    rest_.remove_prefix(name.size());
    return true;
  }

  bool array(std::size_t depth) {
    if (depth > limits_.depth_max)
      return fail(errc::limit_exceeded);
    rest_.remove_prefix(1);
    skip_space();
    std::size_t count = 0;
    if (peek() != ']') {
      do {
        if (! value(depth))
          return false;
        ++count;
        skip_space();
      } while (take(','));
    }
    if (! take(']'))
      return fail(errc::malformed);
    stack_.push_array(count);
    return true;
  }

  bool object(std::size_t depth) {
    if (depth > limits_.depth_max)
      return fail(errc::limit_exceeded);
    rest_.remove_prefix(1);
    skip_space();
    std::size_t count = 0;
    if (peek() != '}') {
      do {
        if (++count > limits_.object_keys_max)
          return fail(errc::limit_exceeded);
        if (! member(depth))
          return false;
        skip_space();
      } while (take(','));
    }
    if (! take('}'))
      return fail(errc::malformed);
    stack_.push_object(count);
    return true;
  }

  bool member(std::size_t depth) {
    skip_space();
    if (! take('"'))
      return fail(errc::malformed);
    if (! string(true))
      return false;
    skip_space();
    return take(':') ? value(depth) : fail(errc::malformed);
  }

  /// A string or a key; its opening quote has been taken.
  bool string(bool is_key) {
    for (;;) {
      auto run = scan_json_run(rest_);
      auto text = rest_.substr(0, run.length);
      if (run.length == rest_.size() || (! run.ascii && ! is_valid_utf8(text)))
        return fail(errc::malformed);
      auto stop = rest_[run.length];
      rest_.remove_prefix(run.length + 1);
      if (stop == '"') {
        is_key ? stack_.push_key(text) : stack_.push_string(text);
        return true;
      }
      if (stop != '\\')
        return fail(errc::malformed);
      stack_.push_chars(text);
      if (! escape())
        return false;
    }
  }

  /// What follows a backslash.
  bool escape() {
    constexpr std::string_view letters = "\"\\/bfnrt";
    constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
    if (take('u'))
      return unicode_escape();
    auto index = letters.find(peek());
    if (rest_.empty() || index == std::string_view::npos)
      return fail(errc::malformed);
    rest_.remove_prefix(1);
    stack_.push_chars(meanings.substr(index, 1));
    return true;
  }

  /// The digits after `\u`, and the second half of a surrogate pair.
  bool unicode_escape() {
    constexpr char32_t replacement = 0xfffd;
    char32_t code = 0;
    if (! hex_digits(code))
      return fail(errc::malformed);
    if (code >= 0xd800 && code <= 0xdbff && rest_.starts_with("\\u")) {
      auto before = rest_;
      rest_.remove_prefix(2);
      char32_t low = 0;
      if (! hex_digits(low))
        return fail(errc::malformed);
      if (low >= 0xdc00 && low <= 0xdfff)
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
      else
        rest_ = before;
    }
    if (code >= 0xd800 && code <= 0xdfff)
      code = replacement;
    std::string utf8;
    append_utf8(utf8, code);
    stack_.push_chars(utf8);
    return true;
  }

  bool hex_digits(char32_t& code) noexcept {
    if (rest_.size() < 4)
      return false;
    std::uint32_t parsed = 0;
    auto [end, error] = std::from_chars(rest_.data(), rest_.data() + 4, parsed, 16);
    if (error != std::errc{} || end != rest_.data() + 4)
      return false;
    rest_.remove_prefix(4);
    code = parsed;
    return true;
  }

  /// How many digits stand at `from`.
  std::size_t digits(std::size_t from) const noexcept {
    auto end = from;
    while (end < rest_.size() && is_digit(rest_[end]))
      ++end;
    return end - from;
  }

  bool number() {
    std::size_t end = peek() == '-' ? 1 : 0;
    auto whole = digits(end);
    if (whole == 0 || (whole > 1 && rest_[end] == '0'))
      return fail(errc::malformed);
    end += whole;
    auto integer = true;
    if (end < rest_.size() && rest_[end] == '.') {
      auto fraction = digits(end + 1);
      if (fraction == 0)
        return fail(errc::malformed);
      integer = false;
      end += 1 + fraction;
    }
    if (end < rest_.size() && (rest_[end] == 'e' || rest_[end] == 'E')) {
      ++end;
      if (end < rest_.size() && (rest_[end] == '+' || rest_[end] == '-'))
        ++end;
      auto exponent = digits(end);
      if (exponent == 0)
        return fail(errc::malformed);
      integer = false;
      end += exponent;
    }
    push_number(rest_.substr(0, end), integer);
    rest_.remove_prefix(end);
    return true;
  }

  void push_number(std::string_view text, bool integer) {
    const auto* end = text.data() + text.size();
    std::int64_t small = 0;
    if (integer && std::from_chars(text.data(), end, small).ec == std::errc{}) {
      stack_.push_int64(small);
      return;
    }
    std::uint64_t large = 0;
    if (integer && std::from_chars(text.data(), end, large).ec == std::errc{}) {
      stack_.push_uint64(large);
      return;
    }
    double real = 0;
    if (std::from_chars(text.data(), end, real).ec == std::errc::result_out_of_range)
      real = extreme_number(text);
    stack_.push_double(real);
  }

  static constexpr std::size_t buffer_bytes = 1024;

  std::string_view rest_;
  const json_limits& limits_;
  errc error_ = errc::malformed;
  alignas(json::value) unsigned char buffer_[buffer_bytes];
  json::value_stack stack_;
};

} // namespace

result<json::value>
parse_json(std::string_view text, const json_limits& limits, json::storage_ptr sp) {
  return parser{text, limits, std::move(sp)}.run();
}

} // namespace atrium
