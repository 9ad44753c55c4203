#include "api/remote_socket.hpp"

namespace atrium::api {

asio::awaitable<result<json::value>>
remote_socket::first_of(asio::awaitable<broadcast_answers> all) {
  auto answers = co_await std::move(all);
  if (answers.responses.empty())
    co_return errc::timeout;
  co_return std::move(answers.responses.front());
}

} // namespace atrium::api
