// How a socket comes and goes.
#include "api/detail/client.hpp"
#include "api/detail/dispatch.hpp"
#include "api/detail/guarded.hpp"
#include "api/detail/server_core.hpp"
#include "api/detail/socket_core.hpp"
#include "net/engine/session_id.hpp"
#include "schema/frame_codec.hpp"
#include "schema/iso_time.hpp"
#include "schema/json_text.hpp"

#include <caf/send.hpp>

namespace atrium::api::detail {

namespace {

/// Whether a client that was lost for this reason may come back, as in the reference.
bool is_recoverable(std::string_view reason) noexcept {
  return reason != "client namespace disconnect" && reason != "server namespace disconnect"
         && reason != "parse error" && ! reason.empty();
}

} // namespace

// -- coming back -------------------------------------------------------------------------

bool socket_core::come_back() {
  if (! nsp_->offsets)
    return false;
  auto* pid = auth_.if_contains("pid");
  if (! pid || ! pid->is_string())
    return false;
  restore_request x{std::string{std::string_view{pid->get_string()}}, std::nullopt, self()};
  if (auto* offset = auth_.if_contains("offset"))
    x.offset = offset->is_string() ? std::string{std::string_view{offset->get_string()}} : "";
  kept_ = std::make_unique<continuity>();
  kept_->asked = x;
  caf::anon_send(nsp_->lane, atom::restore_v, std::move(x));
  return true;
}

void socket_core::adopt(restored& x) {
  id_ = std::move(x.id);
  rooms_ = std::move(x.rooms);
  if (! x.data.empty())
    if (auto data = parse_json(x.data); data && data->is_object())
      more().data = std::move(data->as_object());
  kept_->pid = std::move(kept_->asked->pid);
  kept_->asked.reset();
  kept_->recovered = true;
  kept_->missed = std::move(x.missed);
  kept_->watches = std::move(x.watches);
}

void socket_core::refuse_recovery(recovery_refusal why) {
  auto keep = shared_from_this();
  kept_.reset();
  for (auto& f : nsp_->table().on_recovery_failed)
    guarded(home_, [&] { f(handle(), why); });
}

std::vector<topic_watch> socket_core::recovered_watches() const {
  return kept_ ? kept_->watches : std::vector<topic_watch>{};
}

void socket_core::touch_data() {
  if (! kept_ || kept_->data_touched || ! nsp_->owner.options.recovery->store)
    return;
  kept_->data_touched = true;
  home_.post([self = shared_from_this()] {
    self->kept_->data_touched = false;
    if (self->phase_ == phase::connected)
      caf::anon_send(self->nsp_->lane, atom::save_v, self->id_, self->data_text());
  });
}

std::string socket_core::data_text() const {
  std::string text;
  if (more_ && ! more_->data.empty())
    append_json(text, more_->data);
  return text;
}

// -- its life ------------------------------------------------------------------------------

void socket_core::attach() {
  if (! nsp_->offsets) {
    caf::anon_send(nsp_->lane, atom::attach_v, id_, self());
    return;
  }
  kept_ = std::make_unique<continuity>();
  kept_->pid = net::engine::random_id();
  caf::anon_send(nsp_->lane, atom::attach_v, id_, self(), kept_->pid);
}

void socket_core::connect() {
  auto keep = shared_from_this();
  phase_ = phase::connected;
  counts().sockets.add();
  counts().joins.add();
  json::value reply{{"sid", id_}};
  if (kept_) {
    reply.as_object().emplace("pid", kept_->pid);
    for (auto& x : std::exchange(kept_->missed, {}))
      put_now(std::move(x));
  }
  put(make_packet_frame(socket_packet_type::connect, nsp_->name,
                        client_->legacy() ? nullptr : &reply,
                        {nsp_->owner.options.wire, false, true}));
  dispatch_scope scope{{this, client_->in_flight()}};
  for (auto& f : nsp_->table().on_connection) {
    if (phase_ == phase::gone) // a handler has ended it, or what it was sent was too much
      return;
    guarded(home_, [&] { f(handle()); });
  }
}

void socket_core::disconnect() {
  if (phase_ != phase::connected || ! client_)
    return;
  // With recovery its own events may be in the lane: they go first.
  if (kept_) {
    kept_->leaving = true;
    if (lane_.busy())
      return;
  }
  // What still waits for the lane goes first; what the lane delivers later is dropped.
  lane_.flush([this](frame_ptr x) { put_now(std::move(x)); });
  put_now(make_packet_frame(socket_packet_type::disconnect, nsp_->name, nullptr,
                            {nsp_->owner.options.wire, false, true}));
  auto keep = shared_from_this();
  client_->drop_by_server(*this);
  leave_namespace("server namespace disconnect", {});
}

void socket_core::leave_namespace(std::string_view reason, std::string_view description) {
  if (phase_ == phase::gone)
    return;
  auto keep = shared_from_this();
  auto was_connected = phase_ == phase::connected;
  dispatch_scope scope{{this, client_ ? client_->in_flight() : nullptr}};
  if (was_connected && more_)
    for (auto& f : std::vector{more_->on_disconnecting})
      guarded(home_, [&] { f(reason, description); });
  if (phase_ == phase::gone) // a handler disconnected it as well
    return;
  phase_ = phase::gone;
  if (was_connected)
    counts().sockets.sub();
  detach(reason, was_connected);
  rooms_.clear();
  lane_.clear();
  if (acks_)
    acks_->fail_all(errc::cancelled);
  if (was_connected && more_)
    for (auto& f : std::exchange(more_->on_disconnect, {}))
      guarded(home_, [&] { f(reason, description); });
  drop_handlers();
  nsp_->owner.leave(*nsp_);
}

void socket_core::drop_handlers() {
  if (! more_)
    return;
  // One of them may be what is calling.
  auto old
    = std::make_shared<socket_handlers>(std::exchange(static_cast<socket_handlers&>(*more_), {}));
  home_.post([old] {});
}

void socket_core::detach(std::string_view reason, bool was_connected) {
  if (kept_ && kept_->asked)
    caf::anon_send(nsp_->lane, atom::abandon_v, std::move(*kept_->asked));
  else if (kept_ && (was_connected || kept_->recovered) && ! kept_->leaving
           && is_recoverable(reason))
    caf::anon_send(nsp_->lane, atom::detach_v, id_, data_text());
  else
    caf::anon_send(nsp_->lane, atom::detach_v, id_);
}

const handshake& socket_core::about() {
  auto& x = more().about;
  if (x)
    return *x;
  x.emplace();
  x->auth = auth_;
  x->issued = issued_;
  x->time = iso_time(issued_);
  if (! client_)
    return *x;
  auto& request = client_->session().request();
  for (std::size_t i = 0; i < request.headers.size(); ++i)
    x->headers[request.headers.at(i).name] = request.headers.at(i).value;
  for (std::size_t i = 0; i < request.query.size(); ++i)
    x->query[request.query.at(i).name] = request.query.at(i).value;
  x->url = request.target;
  x->address = request.remote_address.to_string();
  x->secure = request.secure;
  x->xdomain = ! request.header("origin").empty();
  return *x;
}

socket_description socket_core::describe() {
  return {id_, rooms(), to_json(about()), more().data, shared_from_this()};
}

} // namespace atrium::api::detail
