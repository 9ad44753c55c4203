#pragma once

#include "net/engine/options.hpp"

namespace atrium::net::engine {

/// The headers that say who may read the answer to `request`.
header_list cors_headers(const cors_options& x, const request_info& request);

/// The answer to a preflight request.
http_response cors_preflight(const cors_options& x, const request_info& request);

/// The value of a `Set-Cookie` header.
std::string session_cookie(const cookie_options& x, std::string_view sid);

/// Adds what the answers of polling requests need: a header for old browsers, the cookie of a
/// handshake, and what the hooks want. @param sid of the session that this request opened, or
/// empty.
void finish_polling_answer(http_response& answer, const options& x, const request_info& request,
                           std::string_view sid);

} // namespace atrium::net::engine
