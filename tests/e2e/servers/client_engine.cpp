// The server that the official suite of engine.io-client presupposes.
#include "schema/json.hpp"
#include "tests/e2e/servers/serve_engine.hpp"

namespace {

using namespace atrium;

/// Greets, echoes, and answers a few wishes.
class greeter final : public e2e::sending_handler {
public:
  explicit greeter(net::engine::session& client) : sending_handler{client} {
    send_text("hi");
  }

  void on_text(std::string_view text) override {
    using namespace std::string_view_literals;
    if (text == "give binary")
      send_binary("\0\1\2\3\4"sv);
    else if (text == "give utf8")
      send_text("пойду спать всем спокойной ночи");
    else if (text == "sendHeaders")
      send_text(headers_of_now());
    else
      send_text(text);
  }

  void on_binary(std::string_view bytes) override {
    send_binary(bytes);
  }

private:
  std::string headers_of_now() const {
    json::object out;
    if (auto* post = client_.post())
      for (std::size_t i = 0; i < post->headers.size(); ++i)
        out[post->headers.at(i).name] = post->headers.at(i).value;
    return json::serialize(out);
  }
};

void add_cookies(net::header_list& headers, const net::request_info&) {
  for (auto* cookie : {"1=1; Max-Age=86400", "2=2; Path=/; HttpOnly; Secure; SameSite=Strict",
                       "3=3; Max-Age=0", "4=4; Expires=Fri, 20 Nov 2026 00:00:00 GMT"})
    headers.emplace_back("Set-Cookie", cookie);
}

boost::asio::awaitable<net::engine::admission> unless_denied(const net::request_info& x) {
  net::engine::admission result;
  result.allowed = ! x.query.find("deny");
  co_return result;
}

net::engine_route make_endpoint() {
  net::engine_route result;
  result.options.ping_interval = std::chrono::milliseconds{500};
  result.options.max_http_buffer_bytes = 100;
  result.options.allow_request = unless_denied;
  result.options.initial_headers = add_cookies;
  result.accept = [](net::engine::session& client) { return std::make_unique<greeter>(client); };
  return result;
}

} // namespace

int main(int argc, char** argv) {
  const e2e::arguments args{argc, argv};
  return e2e::serve(make_endpoint(), args);
}
