#pragma once

#include "net/engine/options.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace atrium::net::engine {
class session;
}

namespace atrium::api {

namespace asio = boost::asio;

namespace detail {
class server_core;
}

/// The Engine.IO server below a Socket.IO server. A cheap handle. All of it is set before the
/// server listens; what is set is called on the worker that handles the request, so it must be
/// thread-safe.
class engine {
public:
  using header_handler
    = std::function<void(net::header_list& headers, const net::request_info& request)>;

  /// Looks at each request, also those for upgrades, before it is verified: `f(request, headers)`,
  /// a plain function or a coroutine, see `net::engine::middleware`. They are asked in the order of
  /// these calls.
  template <class F>
  void use(F f) const {
    using outcome = std::invoke_result_t<F&, const net::request_info&, net::header_list&>;
    if constexpr (std::is_same_v<outcome, std::optional<net::http_response>>)
      add([f = std::move(f)](const net::request_info& request,
                             net::header_list& headers) -> asio::awaitable<outcome> {
        co_return f(request, headers);
      });
    else
      add(std::move(f));
  }

  /// Makes the ids of sessions; see `net::engine::options::generate_id`. The last one counts.
  void generate_id(std::function<asio::awaitable<std::string>(const net::request_info&)> f) const;

  /// How many sessions there are. Any thread.
  [[nodiscard]] std::size_t clients_count() const noexcept;

  // -- events; each of several handlers is called, in their order --------------------------------

  /// A request was refused.
  void on_connection_error(std::function<void(const net::engine::connection_error&)> f) const;
  /// The first answer of a session is about to be sent: its headers may be changed.
  void on_initial_headers(header_handler f) const;
  /// The same for every answer of a session.
  void on_headers(header_handler f) const;
  /// A session was opened, on its worker; before its client joins a namespace.
  void on_connection(std::function<void(net::engine::session&)> f) const;

private:
  friend class server;
  explicit engine(std::shared_ptr<detail::server_core> core) noexcept : core_{std::move(core)} {
  }
  void add(net::engine::middleware f) const;

  std::shared_ptr<detail::server_core> core_;
};

} // namespace atrium::api
