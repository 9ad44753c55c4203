#pragma once

#include "actors/connection.hpp"
#include "actors/runtime/timer.hpp"
#include "api/detail/dispatch.hpp"
#include "api/detail/seats.hpp"
#include "api/detail/server_core.hpp"
#include "net/engine/session.hpp"
#include "net/engine/session_handler.hpp"
#include "schema/binary_assembler.hpp"
#include "schema/socket_packet.hpp"

#include <map>
#include <memory>
#include <string_view>
#include <vector>

namespace atrium::api::detail {

struct counters;

/// The Socket.IO side of one engine session: decodes packets, keeps the rules of the protocol, and
/// owns the sockets by namespace. Everything on the session's worker.
class client final : public net::engine::session_handler, public connection_events {
public:
  client(server_core& owner, net::engine::session& link);
  ~client();

  net::engine::session& session() noexcept {
    return link_;
  }
  const connection_actor& handle() const noexcept {
    return actor_.handle;
  }
  std::shared_ptr<flights>* in_flight() noexcept {
    return &flights_;
  }

  /// Its sockets, those that wait for a middleware too.
  std::vector<std::shared_ptr<socket_core>> all() const {
    return seats_.all();
  }

  /// What a client of Socket.IO 2 need not ask for: it is in the main namespace at once.
  void join_main();

  /// Whether it is a client of Socket.IO 2, which speaks protocol 4 over Engine.IO 3.
  [[nodiscard]] bool legacy() const noexcept {
    return link_.protocol() == 3;
  }

  /// Closes the link; `disconnect(true)` and broken rules come here.
  void close(actors::close_reason why);
  /// Leaves all namespaces, telling the client, then closes.
  void disconnect_all();
  /// Forgets a socket that has left its namespace.
  void drop(const socket_core& x);
  /// The same for one that the program disconnects.
  void drop_by_server(const socket_core& x);

  // -- from the session ----------------------------------------------------------------
  void on_text(std::string_view text) override;
  void on_binary(std::string_view bytes) override;
  void on_close(actors::close_reason why, std::string_view description) override;

  // -- from the lanes ------------------------------------------------------------------
  void on_deliver(socket_number to, const frame_ptr& what) override;
  void on_deliver(socket_number to, const ack_request& what) override;
  void on_passed(socket_number from) override;
  void on_join(socket_number who, const room_names& rooms) override;
  void on_leave(socket_number who, const room_names& rooms) override;
  void on_kick(socket_number who, bool whole_link) override;
  void on_closed(socket_number who) override;
  void on_restored(socket_number who, restored& what) override;
  void on_yield(socket_number who) override;
  socket_description describe(socket_number who) override;

private:
  /// Ends a client that joined no namespace in time.
  class patience final : public runtime::timer_wheel::entry {
  public:
    explicit patience(client& owner) noexcept : owner_{owner} {
    }

  private:
    void fire() override;
    client& owner_;
  };

  /// It has joined a namespace, or has gone.
  void claimed();

  /// Stops reading while too much is unanswered, here or behind the program.
  void brake();
  void release_brake();

  /// A CONNECT whose namespace a parent still thinks about.
  struct join_attempt {
    client* owner; // null once the client has gone
    std::string nsp;
    json::object auth;
  };

  void on_packet(socket_packet packet, std::vector<std::string> attachments);
  void on_connect(socket_packet packet);
  void join(std::shared_ptr<namespace_core> nsp, json::object auth);
  void join_child(const std::shared_ptr<namespace_core>& parent, const std::string& nsp,
                  json::object auth);
  void refuse_unknown(const std::string& nsp);
  /// Looks for the parent of a namespace that is not there.
  void find_parent(std::string nsp, json::object auth);
  static asio::awaitable<void>
  ask_parents(std::shared_ptr<join_attempt> x, namespace_families families);
  void enter(const std::shared_ptr<socket_core>& x);
  void admit(const std::shared_ptr<socket_core>& x);
  void close_when_left();
  asio::awaitable<void> run_middlewares(std::shared_ptr<socket_core> x);
  void reject(socket_packet_type type, const std::string& nsp, json::value data);
  void broken(std::string_view how);
  [[nodiscard]] counters& counts() const noexcept;
  std::shared_ptr<socket_core> at(socket_number i) const;

  /// What few connections have.
  struct rarities {
    std::map<std::string, std::shared_ptr<join_attempt>, std::less<>> joining; // by namespace
    /// Namespaces that a handler of this tick disconnected: what the client had sent by then is
    /// ignored, later it is an error.
    std::vector<std::string> just_left;
  };
  rarities& rare();
  bool is_joining(std::string_view nsp) const;
  bool has_just_left(std::string_view nsp) const;

  server_core& owner_;
  net::engine::session& link_;
  owned_connection actor_;
  seats seats_;
  socket_number next_number_ = 0;
  std::shared_ptr<rarities> rare_;
  std::unique_ptr<binary_assembler> assembler_; // only while a packet waits for its attachments
  std::shared_ptr<flights> flights_ = std::make_shared<flights>();
  patience patience_{*this};
  std::unique_ptr<runtime::timer> congestion_; // while the program is congested
  bool braked_ = false;
  bool leaving_ = false;  // closes when its sockets have left
  bool unclaimed_ = true; // counted among the newcomers of its address
  bool ended_ = false;
};

} // namespace atrium::api::detail
