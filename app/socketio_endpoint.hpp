#pragma once

#include "api/server.hpp"
#include "config/options.hpp"
#include "net/iobroker/session.hpp"

#include <memory>

namespace atrium::app {

/// The options of the hub's Socket.IO server.
api::server_options socketio_options(const config::options& settings);

/// Lets the clients of namespace `/` use ioBroker's commands: each event is one, its
/// acknowledgement is the answer. An unknown command is answered with an error at once. @param
/// secure whether clients had to prove who they are.
void serve_commands(const api::server& io, std::shared_ptr<const net::iobroker::command_hub> hub,
                    bool secure);

} // namespace atrium::app
