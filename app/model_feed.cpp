#include "app/model_feed.hpp"

#include "actors/runtime/pinned.hpp"
#include "schema/json_text.hpp"
#include "schema/socket_packet.hpp"
#include "schema/state_json.hpp"

#include <caf/typed_event_based_actor.hpp>

namespace atrium::app {

namespace {

/// One commit, as frames of the Socket.IO wire.
class commit_publication final : public publication {
public:
  commit_publication(batch_ptr batch, std::string nsp)
    : batch_{std::move(batch)},
      nsp_{std::move(nsp)} {
  }

  std::size_t size() const noexcept override {
    return batch_->writes.size();
  }

  topic_channel channel(std::size_t i) const noexcept override {
    return std::holds_alternative<state_change>(batch_->writes[i]) ? topic_channel::states
                                                                   : topic_channel::objects;
  }

  std::string_view topic(std::size_t i) const noexcept override {
    return std::visit([](auto& x) { return std::string_view{x.id}; }, batch_->writes[i]);
  }

  sequence first() const noexcept override {
    return batch_->first;
  }

  frame_ptr encode(std::size_t i, std::string_view offset) const override {
    std::string text{'4'};
    encode_socket_packet(text, socket_packet_type::event, nsp_, std::nullopt, 0, nullptr);
    std::visit([&](auto& x) { append_event(text, x); }, batch_->writes[i]);
    if (! offset.empty()) {
      text += ',';
      append_json_string(text, offset);
    }
    text += ']';
    auto x = std::make_shared<frame>();
    x->head = make_frame_part(text, false);
    return x;
  }

private:
  static void append_event(std::string& out, const state_change& x) {
    out += R"(["stateChange",)";
    append_json_string(out, x.id);
    out += ',';
    if (x.value)
      append_json(out, *x.value);
    else
      out += "null";
  }

  static void append_event(std::string& out, const storage::object_change& x) {
    out += R"(["objectChange",)";
    append_json_string(out, x.id);
    out += ',';
    auto readable = x.text ? read_object(*x.text) : checked<object>{refusal{}};
    out += readable ? std::string_view{readable->shown()} : std::string_view{"null"};
  }

  batch_ptr batch_;
  std::string nsp_;
};

class model_feed final : public runtime::pinned<model_feed_actor::base> {
public:
  model_feed(caf::actor_config& cfg, runtime::worker& home, api::socket_namespace to, bool held)
    : pinned{cfg, home},
      to_{std::move(to)},
      held_{held} {
  }

  const char* name() const override {
    return "hub.feed";
  }

protected:
  behavior_type make_behavior() override {
    return {
      [this](atom::publish, const batch_ptr& batch) {
        if (held_)
          waiting_.push_back(batch);
        else
          publish(batch);
      },
      [this](atom::start, const batch_ptr& before) { begin(before); },
    };
  }

private:
  void begin(const batch_ptr& before) {
    held_ = false;
    if (before)
      publish(before);
    auto next = before ? before->first + before->writes.size() : 0;
    for (auto& batch : std::exchange(waiting_, {}))
      if (batch->first >= next)
        publish(batch);
  }

  void publish(const batch_ptr& batch) {
    to_.publish(std::make_shared<const commit_publication>(batch, to_.name()));
  }

  api::socket_namespace to_;
  bool held_;
  std::vector<batch_ptr> waiting_;
};

} // namespace

model_feed_actor spawn_model_feed(runtime::worker& home, api::socket_namespace to, bool held) {
  return runtime::spawn_pinned<model_feed>(home, std::move(to), held);
}

} // namespace atrium::app
