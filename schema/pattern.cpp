#include "schema/pattern.hpp"

#include "schema/id.hpp"

#include <utility>

namespace atrium {

namespace {

bool is_valid(std::string_view text) noexcept {
  if (text.empty() || text.size() > id_bytes_max)
    return false;
  for (std::size_t pos = 0; pos < text.size();)
    if (auto x = next_code_point(text, pos); x != U'*' && ! is_id_char(x))
      return false;
  return true;
}

} // namespace

pattern::pattern(std::string text) : text_{std::move(text)}, star_{text_.find('*')} {
}

checked<pattern> pattern::parse(std::string_view text) {
  if (is_valid(text))
    return pattern{std::string{text}};
  return refusal{errc::invalid_pattern, "The pattern \"" + std::string{text.substr(0, id_bytes_max)}
                                          + "\" is not a valid ID pattern"};
}

checked<pattern> pattern::parse(const json::value& x) {
  if (auto* text = x.if_string())
    return parse(std::string_view{*text});
  if (x.is_number())
    return parse(json::serialize(x));
  return refusal{errc::invalid_pattern, "The pattern is not a text"};
}

bool pattern::matches(std::string_view id) const noexcept {
  if (is_literal())
    return id == text_;
  if (! id.starts_with(prefix()))
    return false;
  auto rest = std::string_view{text_}.substr(star_ + 1);
  id.remove_prefix(star_);
  // Each piece between two stars is best taken where it first occurs; the last one must end the id.
  for (auto star = rest.find('*'); star != std::string_view::npos; star = rest.find('*')) {
    auto at = id.find(rest.substr(0, star));
    if (at == std::string_view::npos)
      return false;
    id.remove_prefix(at + star);
    rest.remove_prefix(star + 1);
  }
  return id.ends_with(rest);
}

} // namespace atrium
