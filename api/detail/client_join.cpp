// How a connection joins namespaces.
#include "api/detail/client.hpp"
#include "api/detail/guarded.hpp"
#include "api/detail/server_core.hpp"
#include "schema/frame_codec.hpp"

namespace atrium::api::detail {

namespace {

/// What a middleware's error looks like to the client: to one of Socket.IO 2 it is a text, or the
/// data.
json::value refusal_of(connect_error x, bool legacy) {
  if (legacy)
    return x.data.is_null() ? json::value(json::string(x.message)) : std::move(x.data);
  json::object out{{"message", std::move(x.message)}};
  if (! x.data.is_null())
    out["data"] = std::move(x.data);
  return out;
}

/// Takes the query off the namespace that a client of Socket.IO 2 joins, as in `/custom?token=a`.
net::name_values split_query(std::string& nsp) {
  auto mark = nsp.find('?');
  if (mark == nsp.npos)
    return {};
  auto query = net::parse_query(std::string_view{nsp}.substr(mark + 1));
  nsp.erase(mark);
  return query;
}

json::object to_json(const net::name_values& xs) {
  json::object out;
  for (std::size_t i = 0; i < xs.size(); ++i)
    out[xs.at(i).name] = xs.at(i).value;
  return out;
}

} // namespace

void client::reject(socket_packet_type type, const std::string& nsp, json::value data) {
  counts().connect_errors.add();
  link_.put(make_packet_frame(type, nsp, &data, {owner_.options.wire, false, true}));
}

void client::join_main() {
  socket_packet packet;
  packet.nsp = "/";
  on_connect(std::move(packet));
}

void client::on_connect(socket_packet packet) {
  net::name_values query;
  if (legacy())
    query = split_query(packet.nsp);
  if (seats_.find(packet.nsp) || is_joining(packet.nsp))
    return broken("joined a namespace twice");
  json::object auth;
  if (legacy())
    auth = to_json(query);
  else if (packet.data.is_object())
    auth = packet.data.as_object();
  if (auto nsp = owner_.enter(packet.nsp))
    join(std::move(nsp), std::move(auth));
  else
    find_parent(std::move(packet.nsp), std::move(auth));
  brake();
}

void client::refuse_unknown(const std::string& nsp) {
  reject(socket_packet_type::connect_error, nsp, json::object{{"message", "Invalid namespace"}});
}

void client::join_child(const std::shared_ptr<namespace_core>& parent, const std::string& nsp,
                        json::object auth) {
  if (auto child = owner_.enter_child(parent, nsp))
    join(std::move(child), std::move(auth));
  else
    refuse_unknown(nsp);
}

void client::find_parent(std::string nsp, json::object auth) {
  auto families = owner_.families();
  if (families.empty() || nsp.size() > owner_.options.dynamic_name_bytes_max)
    return refuse_unknown(nsp);
  for (auto& x : families) {
    if (x->matcher.asks) {
      auto asked
        = std::make_shared<join_attempt>(join_attempt{this, std::move(nsp), std::move(auth)});
      rare().joining.emplace(asked->nsp, asked);
      dispatch_scope scope{{nullptr, &flights_}};
      return start(ask_parents(asked, std::move(families)), asked);
    }
    auto matches = false;
    guarded(link_.home(), [&] { matches = x->matcher.matches(nsp, auth); });
    if (matches)
      return join_child(x->parent, nsp, std::move(auth));
  }
  refuse_unknown(nsp);
}

asio::awaitable<void>
client::ask_parents(std::shared_ptr<join_attempt> x, namespace_families families) {
  std::shared_ptr<namespace_core> parent;
  for (auto i = families.begin(); i != families.end() && ! parent; ++i) {
    auto& matcher = (*i)->matcher;
    auto matches = false;
    try {
      if (matcher.asks) {
        auto asked = matcher.asks(x->nsp, x->auth);
        matches = co_await std::move(asked);
      } else {
        matches = matcher.matches(x->nsp, x->auth);
      }
    } catch (...) {
      runtime::worker::current()->report("namespace matcher", std::current_exception());
    }
    if (matches)
      parent = (*i)->parent;
  }
  auto* self = x->owner;
  if (! self || self->ended_)
    co_return;
  self->rare().joining.erase(x->nsp);
  if (parent)
    self->join_child(parent, x->nsp, std::move(x->auth));
  else
    self->refuse_unknown(x->nsp);
}

void client::join(std::shared_ptr<namespace_core> nsp, json::object auth) {
  auto number = next_number_++;
  auto x = std::make_shared<socket_core>(*this, std::move(nsp), number, std::move(auth));
  seats_.add(number, x);
  if (x->come_back())
    return;
  x->attach();
  enter(x);
}

void client::enter(const std::shared_ptr<socket_core>& x) {
  auto skip = x->recovered() && owner_.options.recovery->skip_middlewares;
  if (skip || x->nsp()->table().middlewares.empty())
    return admit(x);
  dispatch_scope scope{{x.get(), &flights_}};
  start(run_middlewares(x), x);
}

void client::claimed() {
  link_.home().timers().cancel(patience_);
  if (std::exchange(unclaimed_, false))
    owner_.unclaimed.leave(link_.request().remote_address);
}

void client::admit(const std::shared_ptr<socket_core>& x) {
  claimed();
  x->connect();
}

asio::awaitable<void> client::run_middlewares(std::shared_ptr<socket_core> x) {
  auto& middlewares = x->nsp()->table().middlewares;
  for (std::size_t i = 0; i < middlewares.size(); ++i) {
    admission refused;
    try {
      refused = co_await middlewares[i](x->handle());
    } catch (...) {
      x->home().report("middleware", std::current_exception());
      refused = connect_error{"internal error"};
    }
    // The client may have gone meanwhile, and this object with it.
    if (x->now() == socket_core::phase::gone || ! x->owner())
      co_return;
    if (! refused)
      continue;
    drop(*x);
    x->leave_namespace({}, {});
    reject(socket_packet_type::connect_error, x->nsp()->name,
           refusal_of(std::move(*refused), legacy()));
    co_return;
  }
  admit(x);
}

} // namespace atrium::api::detail
