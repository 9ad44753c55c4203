#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace atrium {

/// Hashes texts whatever holds them.
struct text_hash {
  using is_transparent = void;
  std::size_t operator()(std::string_view x) const noexcept {
    return std::hash<std::string_view>{}(x);
  }
};

/// A hash map by text, to be searched with a view without making a string of it.
template <class T>
using text_map = std::unordered_map<std::string, T, text_hash, std::equal_to<>>;

} // namespace atrium
