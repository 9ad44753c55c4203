#pragma once

#include "net/iobroker/commands.hpp"

#include <optional>

// The commands one by one, and what they share. INTERNAL to `commands.cpp`.

namespace atrium::net::iobroker {

/// The argument at a place, or null: absent and null are the same to most commands.
const json::value& argument(const json::array& args, std::size_t i) noexcept;

/// An id to read by: refused are ids that are empty, no text, or end in a dot; nothing is replaced.
checked<std::string> readable_id(const json::value& x);

/// The ids of an array to read by.
checked<std::vector<std::string>> readable_ids(const json::array& xs);

// -- states (state_handlers.cpp) -----------------------------------------------------

asio::awaitable<answer> get_state(session_ptr client, json::array args);
asio::awaitable<answer> get_states(session_ptr client, json::array args);
asio::awaitable<answer> set_state(session_ptr client, json::array args);
asio::awaitable<answer> get_history(session_ptr client, json::array args);

// -- objects (object_handlers.cpp) ---------------------------------------------------

asio::awaitable<answer> get_object(session_ptr client, json::array args);
asio::awaitable<answer> get_objects(session_ptr client, json::array args);
asio::awaitable<answer> set_object(session_ptr client, json::array args);

// -- the session (session_handlers.cpp) ----------------------------------------------

asio::awaitable<answer> authenticate(session_ptr client, json::array args);
asio::awaitable<answer> get_version(session_ptr client, json::array args);
asio::awaitable<answer> name(session_ptr client, json::array args);
asio::awaitable<answer> subscribe(session_ptr client, json::array args);
asio::awaitable<answer> unsubscribe(session_ptr client, json::array args);
asio::awaitable<answer> subscribe_objects(session_ptr client, json::array args);
asio::awaitable<answer> unsubscribe_objects(session_ptr client, json::array args);

} // namespace atrium::net::iobroker
