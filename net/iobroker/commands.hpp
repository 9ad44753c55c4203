#pragma once

#include "net/iobroker/answer.hpp"
#include "net/iobroker/session.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>
#include <string_view>

namespace atrium::net::iobroker {

namespace asio = boost::asio;

/// Carries out a command of ioBroker's web interface (reference: sections 2.2 to 2.4), whatever the
/// wire, and gives what the client's callback gets. Unknown commands, and arguments that are absent
/// or of the wrong type, give an error at once. To be awaited on the session's worker; never throws
/// for what a client sent.
asio::awaitable<answer> call(session_ptr client, std::string command, json::array args);

/// Whether there is such a command.
bool is_command(std::string_view name) noexcept;

} // namespace atrium::net::iobroker
