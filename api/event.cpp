#include "api/event.hpp"

#include "api/detail/event_data.hpp"
#include "api/detail/socket_core.hpp"
#include "schema/json_text.hpp"
#include "schema/placeholder.hpp"

namespace atrium::api {

std::string_view event::name() const noexcept {
  auto& first = data_->content.args.front();
  if (auto* text = first.if_string())
    return {text->data(), text->size()};
  return data_->number_name;
}

std::size_t event::size() const noexcept {
  return data_->content.args.size() - 1;
}

const json::value& event::operator[](std::size_t i) const noexcept {
  static const json::value none;
  return i < size() ? data_->content.args[i + 1] : none;
}

std::optional<std::string_view> event::bytes(std::size_t i) const noexcept {
  if (auto* x = attachment_of(data_->content, (*this)[i]))
    return *x;
  return std::nullopt;
}

spread event::all() const {
  spread result;
  auto& args = data_->content.args;
  result.args.args = json::array(args.begin() + 1, args.end());
  result.args.attachments = data_->content.attachments;
  return result;
}

bool event::wants_ack() const noexcept {
  return data_->ack_id || data_->answer;
}

void event::ack_text(std::string_view array) const {
  if (! wants_ack())
    return;
  if (data_->answer) {
    if (auto parsed = parse_json(array); parsed && parsed->is_array())
      acknowledge({std::move(parsed->as_array()), {}});
    return;
  }
  auto id = *std::exchange(data_->ack_id, std::nullopt);
  std::exchange(data_->from, nullptr)->acknowledge(id, array);
}

void event::acknowledge(payload args) const {
  if (auto answer = std::exchange(data_->answer, nullptr))
    return (*answer)(std::move(args));
  auto id = *std::exchange(data_->ack_id, std::nullopt);
  std::exchange(data_->from, nullptr)->acknowledge(id, args);
}

event detail::make_event(payload content) {
  auto data = std::make_shared<event_data>();
  data->content = std::move(content);
  if (auto& name = data->content.args.front(); ! name.is_string())
    append_json(data->number_name, name);
  return event{std::move(data)};
}

} // namespace atrium::api
