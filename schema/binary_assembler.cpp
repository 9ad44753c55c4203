#include "schema/binary_assembler.hpp"

#include "schema/placeholder.hpp"

#include <algorithm>
#include <utility>

namespace atrium {

namespace {

/// Whether each placeholder in `x` refers to one of `count` attachments. As deep as the limits of
/// the parser let `x` be.
bool placeholders_are_legal(const json::value& x, std::size_t count) noexcept {
  if (const auto* array = x.if_array())
    return std::all_of(array->begin(), array->end(), [count](const json::value& element) {
      return placeholders_are_legal(element, count);
    });
  const auto* object = x.if_object();
  if (! object)
    return true;
  if (is_placeholder(*object))
    return placeholder_index(*object, count).has_value();
  return std::all_of(object->begin(), object->end(), [count](const json::key_value_pair& member) {
    return placeholders_are_legal(member.value(), count);
  });
}

} // namespace

result<std::optional<assembled_packet>> binary_assembler::add_packet(socket_packet packet) {
  if (pending_)
    return errc::malformed;
  if (packet.attachments == 0)
    return std::optional{assembled_packet{std::move(packet), {}}};
  pending_.emplace(assembled_packet{{packet.type, std::move(packet.nsp), packet.id,
                                     json::value(std::move(packet.data), json::storage_ptr{}),
                                     packet.has_data, packet.attachments},
                                    {}});
  pending_->attachments.reserve(packet.attachments);
  bytes_ = 0;
  return std::optional<assembled_packet>{};
}

result<std::optional<assembled_packet>> binary_assembler::add_binary(std::string_view bytes) {
  if (! pending_)
    return errc::malformed;
  bytes_ += bytes.size();
  if (bytes_ > bytes_max_)
    return errc::limit_exceeded;
  pending_->attachments.emplace_back(bytes);
  if (pending_->attachments.size() < pending_->packet.attachments)
    return std::optional<assembled_packet>{};
  auto complete = std::move(pending_);
  pending_.reset();
  if (! placeholders_are_legal(complete->packet.data, complete->attachments.size()))
    return errc::malformed;
  return complete;
}

} // namespace atrium
