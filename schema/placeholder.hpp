#pragma once

#include "schema/json.hpp"
#include "schema/payload.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace atrium {

/// Whether `x` is an object whose `_placeholder` is exactly `true`; its `num` may still be
/// nonsense.
bool is_placeholder(const json::object& x) noexcept;

/// The attachment that `x` stands for: absent unless `x` is a placeholder whose `num` is an integer
/// in [0, count).
std::optional<std::size_t> placeholder_index(const json::value& x, std::size_t count) noexcept;

/// The same for an object.
std::optional<std::size_t> placeholder_index(const json::object& x, std::size_t count) noexcept;

/// The bytes that `x`, a part of `owner.args`, stands for; null when it is not binary. Valid while
/// `owner` keeps its attachments.
const std::string* attachment_of(const payload& owner, const json::value& x) noexcept;

/// What stands in the arguments for the attachment `index`.
json::object make_placeholder(std::size_t index, json::storage_ptr sp = {});

} // namespace atrium
