#include "schema/json_text.hpp"

#include "schema/utf8.hpp"
#include "tests/fuzz/check.hpp"

#include <cmath>
#include <cstring>

using namespace atrium;

namespace {

std::string written(const json::value& x) {
  std::string out;
  append_json(out, x);
  return out;
}

/// Text that is JSON: what was written reads as the same text again.
void round_trip(std::string_view text) {
  auto arena = json::monotonic_resource{};
  auto value = parse_json(text, {}, &arena);
  if (! value) {
    fuzz::check(value.error() == errc::malformed || value.error() == errc::limit_exceeded);
    return;
  }
  auto once = written(*value);
  fuzz::check(is_valid_utf8(once));
  auto again = parse_json(once);
  fuzz::check(again.has_value() && written(*again) == once);
}

/// What Boost.JSON accepts is accepted here too, and means the same but for the last digits of
/// doubles, which Boost.JSON 1.81 does not round correctly; so only values without doubles are
/// compared.
bool has_double(const json::value& x) {
  if (x.is_double())
    return true;
  if (const auto* array = x.if_array()) {
    for (const auto& element : *array) {
      if (has_double(element))
        return true;
    }
  }
  if (const auto* object = x.if_object()) {
    for (const auto& member : *object) {
      if (has_double(member.value()))
        return true;
    }
  }
  return false;
}

void compare_with_boost(std::string_view text) {
  json::error_code error;
  auto theirs = json::parse(text, error);
  if (error)
    return;
  auto ours = parse_json(text);
  fuzz::check(ours.has_value());
  fuzz::check(has_double(theirs) || has_double(*ours) || *ours == theirs);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto text = fuzz::text_of(data, size);
  round_trip(text);
  compare_with_boost(text);
  // Any bytes at all can be a string that we write.
  auto quoted = written(json::string(text));
  auto repaired = parse_json(quoted);
  fuzz::check(repaired.has_value() && repaired->is_string());
  if (is_valid_utf8(text))
    fuzz::check(std::string_view{repaired->get_string()} == text);
  // Numbers: every double that is written reads as itself.
  double number = 0;
  if (size >= sizeof number) {
    std::memcpy(&number, data, sizeof number);
    auto value = parse_json(written(number));
    fuzz::check(value.has_value());
    fuzz::check(! std::isfinite(number) || value->to_number<double>() == number);
  }
  return 0;
}
