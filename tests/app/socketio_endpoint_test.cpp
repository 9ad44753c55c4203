#include "app/socketio_endpoint.hpp"

#include <catch2/catch.hpp>

using namespace atrium;

TEST_CASE("polling answers are compressed from the configured size on, WebSockets when asked to") {
  config::options settings;
  auto usual = app::socketio_options(settings).engine;
  CHECK(usual.http_compression_threshold_bytes == 1024u);
  CHECK_FALSE(usual.per_message_deflate);
  settings.socketio.http_compression_threshold_bytes = 0;
  settings.socketio.per_message_deflate = true;
  auto other = app::socketio_options(settings).engine;
  CHECK_FALSE(other.http_compression_threshold_bytes);
  CHECK(other.per_message_deflate);
}
