#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace atrium::fuzz {

/// Ends the run with a crash that libFuzzer keeps, when a promise of a codec does not hold.
inline void check(bool holds) {
  if (! holds)
    std::abort();
}

/// The input of libFuzzer as text.
inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return size == 0 ? std::string_view{""}
                   : std::string_view{reinterpret_cast<const char*>(data), size};
}

} // namespace atrium::fuzz
