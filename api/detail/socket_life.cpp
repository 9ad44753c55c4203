// How a socket comes and goes.
#include "api/detail/client.hpp"
#include "api/detail/dispatch.hpp"
#include "api/detail/server_core.hpp"
#include "api/detail/socket_core.hpp"
#include "schema/frame_codec.hpp"
#include "schema/iso_time.hpp"

#include <caf/send.hpp>

namespace atrium::api::detail {

void socket_core::connect() {
  auto keep = shared_from_this();
  phase_ = phase::connected;
  counts().sockets.add();
  counts().joins.add();
  const json::value reply{{"sid", id_}};
  put(make_packet_frame(socket_packet_type::connect, nsp_->name,
                        client_->legacy() ? nullptr : &reply,
                        {nsp_->owner.options.wire, false, true}));
  dispatch_scope scope{{this, client_->in_flight()}};
  for (auto& f : nsp_->on_connection) {
    f(handle());
    if (phase_ == phase::gone)
      return;
  }
}

void socket_core::disconnect() {
  if (phase_ != phase::connected || ! client_)
    return;
  // What still waits for the lane goes first; what the lane delivers later is dropped.
  put_held();
  put_now(make_packet_frame(socket_packet_type::disconnect, nsp_->name, nullptr,
                            {nsp_->owner.options.wire, false, true}));
  auto keep = shared_from_this();
  client_->drop(*this);
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
      f(reason, description);
  if (phase_ == phase::gone) // a handler disconnected it as well
    return;
  phase_ = phase::gone;
  if (was_connected)
    counts().sockets.sub();
  caf::anon_send(nsp_->lane, atom::detach_v, id_);
  rooms_.clear();
  held_.clear();
  if (acks_)
    acks_->fail_all(errc::cancelled);
  if (was_connected && more_)
    for (auto& f : std::exchange(more_->on_disconnect, {}))
      f(reason, description);
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
  return {id_, rooms(), to_json(about()), more().data};
}

} // namespace atrium::api::detail
