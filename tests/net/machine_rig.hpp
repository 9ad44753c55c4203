#pragma once

#include "net/engine/session_machine.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace atrium::test {

namespace engine = net::engine;
using engine::session_timer;

/// A session machine with neither sockets nor time of its own. All it wants is written down in the
/// order in which it wants it; `take` gives that and forgets it, so a test says what it expects and
/// nothing more may have happened.
class machine_rig : private engine::session_port {
public:
  using actions = std::vector<std::string>;

private:
  // The machine asks for the time while it is constructed.
  engine::clock::time_point now_{std::chrono::hours{1}};
  std::map<session_timer, engine::clock::time_point> timers_;
  bool flush_asked_ = false;
  actions log_;

public:
  explicit machine_rig(engine::options x = {}, engine::wire how = {})
    : options{std::move(x)},
      aut{options, *this, how} {
  }

  /// Opens a polling session with request 1, and forgets what came of it.
  void open_polling(std::optional<std::string> jsonp = std::nullopt) {
    aut.open_polling(1, "SID", std::move(jsonp));
    take();
  }

  /// Opens a session on channel 1, likewise.
  void open_websocket() {
    aut.open_websocket(1, "SID");
    take();
  }

  /// A POST with its whole body, and the end of its tick.
  void post(engine::request_id id, std::string_view body) {
    if (aut.on_post(id, "text/plain;charset=UTF-8"))
      aut.on_post_body(id, body);
    end_tick();
  }

  /// A GET and the end of its tick.
  void get(engine::request_id id) {
    aut.on_get(id);
    end_tick();
  }

  void end_tick() {
    if (std::exchange(flush_asked_, false))
      aut.on_flush();
  }

  /// Moves the clock over everything that becomes due on the way.
  void advance(std::chrono::milliseconds by) {
    auto end = now_ + by;
    for (;;) {
      auto next = timers_.end();
      for (auto i = timers_.begin(); i != timers_.end(); ++i)
        if (i->second <= end && (next == timers_.end() || i->second < next->second))
          next = i;
      if (next == timers_.end())
        break;
      now_ = std::max(now_, next->second);
      auto which = next->first;
      timers_.erase(next);
      aut.on_timer(which);
      end_tick();
    }
    now_ = end;
  }

  /// Moves the clock without any timer noticing, as when all are late.
  void drift(std::chrono::milliseconds by) {
    now_ += by;
  }

  actions take() {
    return std::exchange(log_, {});
  }

  bool armed(session_timer x) const {
    return timers_.count(x) != 0;
  }

  static frame_ptr text(std::string_view packet) {
    return engine::text_frame(packet);
  }

  static frame_ptr binary(std::string_view header, std::string_view bytes) {
    auto x = std::make_shared<frame>();
    x->head = make_frame_part(header, false);
    x->attachments.push_back(make_frame_part(bytes, true));
    return x;
  }

  engine::options options;
  engine::session_machine aut;
  /// What the program does with each text message.
  std::function<void(std::string_view)> on_text;
  std::function<void()> on_upgrade;
  std::function<void()> on_drain;
  /// The request that is read second of two, and the one that overtook it.
  std::pair<engine::request_id, engine::request_id> overtaken;
  /// Whether the outboxes of all channels are empty.
  bool outboxes_empty = true;

private:
  void note(std::string x) {
    log_.push_back(std::move(x));
  }

  engine::clock::time_point now() const override {
    return now_;
  }
  void respond(engine::request_id to, net::http_response x) override {
    note("answer " + std::to_string(to) + ": " + std::to_string(x.status) + " " + x.body);
  }
  void drop(engine::request_id which) override {
    note("drop " + std::to_string(which));
  }
  bool came_before(engine::request_id x, engine::request_id y) const override {
    return overtaken == std::pair{x, y};
  }
  void send(engine::channel_id to, frame_ptr x) override {
    auto where = "channel " + std::to_string(to) + ": ";
    note(where + std::string{x->head.payload()});
    for (auto& part : x->attachments)
      note(where + (part.binary ? "bytes " : "") + std::string{part.payload()});
  }
  bool idle(engine::channel_id) const override {
    return outboxes_empty;
  }
  void close_channel(engine::channel_id which) override {
    note("close channel " + std::to_string(which));
  }
  void arm(session_timer which, engine::clock::time_point at) override {
    timers_[which] = at;
  }
  void disarm(session_timer which) override {
    timers_.erase(which);
  }
  void flush_later() override {
    flush_asked_ = true;
  }
  void packet_came(const engine_packet_view& x) override {
    note("came " + std::to_string(static_cast<int>(x.type)) + " " + std::string{x.data});
  }
  void packet_made(const frame& x) override {
    note("made " + std::string{x.head.payload()});
  }
  void deliver_text(std::string_view x) override {
    note("text " + std::string{x});
    if (on_text)
      on_text(x);
  }
  void deliver_binary(std::string_view x) override {
    note("binary " + std::string{x});
  }
  void on_upgraded() override {
    note("upgraded");
    if (on_upgrade)
      on_upgrade();
  }
  void drained() override {
    if (on_drain)
      on_drain();
  }
  void closed(actors::close_reason why, std::string_view description) override {
    note("closed: " + std::string{to_string(why)}
         + (description.empty() ? "" : " (" + std::string{description} + ")"));
  }
  void forget() override {
    note("forget");
  }
};

} // namespace atrium::test
