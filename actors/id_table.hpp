#pragma once

#include "actors/model_types.hpp"
#include "schema/text_map.hpp"

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>

namespace atrium {

/// What the catalog knows of one id.
struct id_entry {
  object_ptr object;
  state_ptr value;
  /// Which of the catalog's devices owns the state.
  std::uint32_t owner = 0;
  /// In which life of its owner the owner was told the value; 0: never.
  std::uint32_t seeded = 0;
};

/// All ids with what is known of them: found by hash, walked in order. References stay valid until
/// their id is erased. Not thread-safe.
class id_table {
public:
  using visitor = std::function<void(const std::string&, id_entry&)>;

  /// The entry of an id, or null.
  id_entry* find(std::string_view id);
  const id_entry* find(std::string_view id) const;

  /// The entry of an id, made if it is new.
  /// @returns the entry and whether it is new.
  std::pair<id_entry*, bool> at(std::string_view id);

  /// Visits all ids that start with `prefix`, in order; `visit` must not add or erase ids.
  void starting_with(std::string_view prefix, const visitor& visit);

  /// Visits `id` and all ids below it, in order.
  void below(std::string_view id, const visitor& visit);

  std::size_t size() const noexcept {
    return entries_.size();
  }

  void reserve(std::size_t n) {
    entries_.reserve(n);
  }

private:
  struct by_text {
    using is_transparent = void;
    template <class X, class Y>
    bool operator()(const X& x, const Y& y) const noexcept {
      return text(x) < text(y);
    }
    static std::string_view text(std::string_view x) noexcept {
      return x;
    }
    template <class Node>
    static std::string_view text(const Node* x) noexcept {
      return x->first;
    }
  };

  using map = text_map<id_entry>;
  map entries_;
  std::set<map::value_type*, by_text> order_;
};

} // namespace atrium
