#include "schema/frame_codec.hpp"
#include "schema/placeholder.hpp"
#include "schema/socket_packet_msgpack.hpp"

#include <catch2/catch.hpp>

using namespace atrium;

TEST_CASE("an event frame is the message with its WebSocket header") {
  auto aut = make_event_frame("/", 17, {{"echo", "x"}, {}});
  CHECK(aut->head.payload() == R"(4217["echo","x"])");
  CHECK(aut->head.bytes == "\x81\x10" + std::string{aut->head.payload()});
  CHECK_FALSE(aut->head.binary);
  CHECK(aut->attachments.empty());
  CHECK_FALSE(aut->is_volatile);
  CHECK(aut->compress);
}

TEST_CASE("the header of a frame fits its length") {
  for (auto length : {0, 1, 110, 117, 118, 119, 200, 65526, 65527, 65528, 70000}) {
    auto text = std::string(static_cast<std::size_t>(length), 'x');
    auto aut = make_event_frame("/", std::nullopt, {{"e", text}, {}});
    auto packet = "42[\"e\",\"" + text + "\"]";
    CHECK(aut->head.payload() == packet);
    CHECK(aut->head.bytes == websocket_header(false, packet.size()) + packet);
  }
}

TEST_CASE("attachments follow the message as binary frames in the order of their numbers") {
  auto aut = make_event_frame("/nsp", std::nullopt,
                              {{"ev", make_placeholder(1), make_placeholder(0)}, {"zero", "one"}});
  CHECK(aut->head.payload()
        == R"(452-/nsp,["ev",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}])");
  REQUIRE(aut->attachments.size() == 2);
  CHECK(aut->attachments[0].bytes == "\x82\x03one");
  CHECK(aut->attachments[0].binary);
  CHECK(aut->attachments[1].payload() == "zero");
}

TEST_CASE("ack frames and the other packets are framed alike") {
  CHECK(make_ack_frame("/", 7, {{"x"}, {}})->head.payload() == R"(437["x"])");
  auto binary = make_ack_frame("/", 7, {{make_placeholder(0)}, {"x"}});
  CHECK(binary->head.payload() == R"(461-7[{"_placeholder":true,"num":0}])");
  CHECK(binary->attachments.size() == 1);
  json::value sid = {{"sid", "abc"}};
  CHECK(make_packet_frame(socket_packet_type::connect, "/", &sid)->head.payload()
        == R"(40{"sid":"abc"})");
  CHECK(make_packet_frame(socket_packet_type::disconnect, "/nsp", nullptr)->head.payload()
        == "41/nsp,");
}

TEST_CASE("options travel with the frame") {
  auto aut
    = make_event_frame("/", std::nullopt, {{"e"}, {}}, {.is_volatile = true, .compress = false});
  CHECK(aut->is_volatile);
  CHECK_FALSE(aut->compress);
}

TEST_CASE("a msgpack frame is one binary message with everything in it") {
  auto x = payload{{"ev", make_placeholder(0)}, {"bytes"}};
  auto options = frame_options{.wire = packet_wire::msgpack};
  auto event = make_event_frame("/", 3, x, options);
  CHECK(event->head.binary);
  CHECK(event->head.bytes[0] == '\x82');
  CHECK(event->attachments.empty());
  auto decoded = decode_socket_packet_msgpack(event->head.payload());
  REQUIRE(decoded.has_value());
  CHECK(decoded->packet.id == 3U);
  CHECK(decoded->attachments == x.attachments);
  auto ack = decode_socket_packet_msgpack(make_ack_frame("/", 4, x, options)->head.payload());
  REQUIRE(ack.has_value());
  CHECK(ack->packet.type == socket_packet_type::ack);
  auto bye = make_packet_frame(socket_packet_type::disconnect, "/n", nullptr, options);
  CHECK(decode_socket_packet_msgpack(bye->head.payload())->packet.nsp == "/n");
}
