#include "api/engine.hpp"

#include "api/detail/server_core.hpp"

namespace atrium::api {

namespace {

/// Both, one after the other.
template <class... Args>
std::function<void(Args...)>
chain(std::function<void(Args...)> first, std::function<void(Args...)> second) {
  if (! first)
    return second;
  return [first = std::move(first), second = std::move(second)](Args... args) {
    first(args...);
    second(args...);
  };
}

} // namespace

void engine::add(net::engine::middleware f) const {
  core_->endpoint.middlewares.push_back(std::move(f));
}

void engine::generate_id(
  std::function<asio::awaitable<std::string>(const net::request_info&)> f) const {
  core_->endpoint.generate_id = std::move(f);
}

std::size_t engine::clients_count() const noexcept {
  return core_->clients.load(std::memory_order_relaxed);
}

void engine::on_connection_error(
  std::function<void(const net::engine::connection_error&)> f) const {
  auto& slot = core_->endpoint.on_connection_error;
  slot = chain(std::move(slot), std::move(f));
}

void engine::on_initial_headers(header_handler f) const {
  auto& slot = core_->endpoint.initial_headers;
  slot = chain(std::move(slot), std::move(f));
}

void engine::on_headers(header_handler f) const {
  auto& slot = core_->endpoint.headers;
  slot = chain(std::move(slot), std::move(f));
}

void engine::on_connection(std::function<void(net::engine::session&)> f) const {
  auto& slot = core_->on_session;
  slot = chain(std::move(slot), std::move(f));
}

} // namespace atrium::api
