#pragma once

#include "actors/runtime/worker.hpp"
#include "net/engine/session.hpp"

#include <functional>
#include <string>
#include <vector>

namespace atrium::test {

/// An engine session that keeps what is put into it as text, binary as "<bytes>".
class fake_session final : public net::engine::session {
public:
  explicit fake_session(runtime::worker& home) : home_{home} {
    request_.method = "GET";
    request_.target = "/socket.io/?EIO=4&transport=websocket&room=7";
    request_.query.add("room", "7");
    request_.headers.add("user-agent", "test");
  }

  void put(frame_ptr x) override {
    if (closed)
      return;
    compress = x->compress;
    sent.emplace_back(x->head.payload());
    for (auto& part : x->attachments)
      sent.push_back("<" + std::string{part.payload()} + ">");
    if (on_put)
      on_put();
  }
  bool put_volatile(frame_ptr x) override {
    if (busy)
      return false;
    put(std::move(x));
    return true;
  }
  void close(actors::close_reason why, actors::close_mode) override {
    if (! closed)
      closed = to_string(why);
  }
  bool writable() const noexcept override {
    return true;
  }
  const std::string& id() const noexcept override {
    return id_;
  }
  int protocol() const noexcept override {
    return 4;
  }
  runtime::worker& home() const noexcept override {
    return home_;
  }
  const net::request_info& request() const noexcept override {
    return request_;
  }
  net::engine::transport current_transport() const noexcept override {
    return net::engine::transport::websocket;
  }
  bool upgraded() const noexcept override {
    return false;
  }
  net::engine::ready_state state() const noexcept override {
    return closed ? net::engine::ready_state::closed : net::engine::ready_state::open;
  }
  void watch_drain(bool) noexcept override {
  }
  void pause_input(bool on) override {
    paused = on;
  }

  /// Where it came from, for what looks at that later.
  void from(const char* address) {
    request_.remote_address = boost::asio::ip::make_address(address);
  }

  /// What was sent since the last call.
  std::vector<std::string> take() {
    return std::exchange(sent, {});
  }

  std::vector<std::string> sent;
  std::optional<std::string> closed;
  bool busy = false;
  bool compress = true; // of the last frame
  bool paused = false;
  net::engine::session_watchers watching;
  /// Called after each frame that was put; may be empty.
  std::function<void()> on_put;

private:
  net::engine::session_watchers& watchers() override {
    return watching;
  }

  runtime::worker& home_;
  std::string id_ = "engine-session-id-20";
  net::request_info request_;
};

} // namespace atrium::test
