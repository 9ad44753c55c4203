#pragma once

#include "actors/model_types.hpp"
#include "schema/text_map.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace atrium {

/// Which enums name an id as a member. Built from all enum objects, then immutable.
class enum_index {
public:
  enum_index() = default;

  /// `enums`: all objects of type enum, by id.
  explicit enum_index(const std::map<std::string, object_ptr>& enums);

  /// The JSON text of `{enumId: enumName}` for an object: the enums whose members contain its id,
  /// or the id minus one level, or minus two; `within` limits it to enums whose ids start so.
  /// Empty: none.
  std::string enums_of(std::string_view id, std::string_view within = {}) const;

private:
  struct membership {
    std::string enum_id;
    /// The name as JSON.
    std::string name;
  };

  text_map<std::vector<membership>> members_;
};

} // namespace atrium
