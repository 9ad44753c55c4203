#pragma once

#include <string>

/// The rules for single texts: each says what is wrong with its argument, or nothing.
namespace atrium::config::rules {

std::string anything(const std::string& text);
std::string not_empty(const std::string& text);

/// A token travels in a header and in a query, so it is made of visible ASCII characters.
std::string token(const std::string& text);

/// `scheme://host[:port]`, or `*`.
std::string origin(const std::string& text);

/// `host` or `host:port`, or `*`.
std::string host(const std::string& text);

/// `/socket.io`: begins with a slash and does not end in one.
std::string url_path(const std::string& text);

/// `polling` or `websocket`.
std::string transport(const std::string& text);

} // namespace atrium::config::rules
