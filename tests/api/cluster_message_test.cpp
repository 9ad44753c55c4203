#include "api/arguments.hpp"
#include "api/cluster_options.hpp"
#include "api/detail/cluster_message.hpp"
#include "schema/json_text.hpp"
#include "tests/api/cluster_messages.hpp"

#include <catch2/catch.hpp>

using namespace atrium;
using namespace atrium::test;
using namespace std::chrono_literals;
using api::detail::cluster_message;
using api::detail::encode_cluster_message;
using type = api::detail::cluster_message_type;

namespace {

result<cluster_message> decode(std::string_view bytes) {
  return api::detail::decode_cluster_message(bytes, api::cluster_options{}.messages);
}

/// A message of the type with all that it can have.
cluster_message full(type what) {
  auto x = message_of(what, "node-a");
  x.request = "node-a.7";
  x.how = {{{"r1", "r2"}, {"r3"}}, true, false, false, 250ms};
  x.content = api::make_arguments("e", 1, api::binary{std::string("\0\xff", 2)}, 1.5);
  x.rooms = {"x", "ünd"};
  x.close = true;
  x.count = 3;
  x.sockets = {{"id-1", {"id-1", "r1"}, {{"url", "/"}}, {{"name", "ann"}}, nullptr}};
  return x;
}

} // namespace

TEST_CASE("a message of the cluster reads as what was written") {
  for (auto i = static_cast<int>(type::hello); i <= static_cast<int>(type::goodbye); ++i) {
    auto x = full(static_cast<type>(i));
    auto bytes = encode_cluster_message(x);
    auto y = decode(bytes);
    INFO("type " << i);
    REQUIRE(y.has_value());
    CHECK(y->type == x.type);
    CHECK(y->from == "node-a");
    CHECK(y->nsp == "/");
    CHECK(y->request == "node-a.7");
    CHECK(encode_cluster_message(*y) == bytes);
  }
}

TEST_CASE("what a message carries arrives, and nothing else") {
  auto broadcast = decode(encode_cluster_message(full(type::broadcast))).value();
  CHECK(broadcast.how.to.rooms == room_names{"r1", "r2"});
  CHECK(broadcast.how.to.except == room_names{"r3"});
  CHECK(broadcast.how.is_volatile);
  CHECK_FALSE(broadcast.how.compress);
  CHECK(broadcast.how.timeout == 250ms);
  CHECK(broadcast.content.args.at(1) == 1);
  CHECK(broadcast.content.attachments == std::vector{std::string("\0\xff", 2)});
  CHECK(broadcast.rooms.empty());

  auto fetched = decode(encode_cluster_message(full(type::fetched_sockets))).value();
  REQUIRE(fetched.sockets.size() == 1);
  CHECK(fetched.sockets[0].id == "id-1");
  CHECK(fetched.sockets[0].rooms == room_names{"id-1", "r1"});
  CHECK(fetched.sockets[0].handshake == json::value{{"url", "/"}});
  CHECK(fetched.sockets[0].data == json::value{{"name", "ann"}});
  CHECK(fetched.content.args.empty());

  CHECK(decode(encode_cluster_message(full(type::sockets_join)))->rooms == room_names{"x", "ünd"});
  CHECK(decode(encode_cluster_message(full(type::disconnect_sockets)))->close);
  CHECK(decode(encode_cluster_message(full(type::broadcast_count)))->count == 3);
  // Of an acknowledgement the first argument counts; without any it is null.
  auto answer = full(type::broadcast_answer);
  CHECK(decode(encode_cluster_message(answer))->content.args == json::array{"e"});
  answer.content = {};
  CHECK(decode(encode_cluster_message(answer))->content.args == json::array{nullptr});
}

TEST_CASE("a message in the reference's words is understood") {
  auto x = decode(packed({{"uid", "0123456789abcdef"},
                          {"nsp", "/chat"},
                          {"type", 3},
                          {"data",
                           {{"packet", {{"type", 2}, {"data", {"hello", 1}}, {"nsp", "/chat"}}},
                            {"opts",
                             {{"rooms", json::array{}},
                              {"except", json::array{"r"}},
                              {"flags", {{"volatile", true}, {"broadcast", true}}}}}}}}));
  REQUIRE(x.has_value());
  CHECK(x->from == "0123456789abcdef");
  CHECK(x->nsp == "/chat");
  CHECK(x->request.empty());
  CHECK(x->how.is_volatile);
  CHECK(x->how.compress);
  CHECK(x->content.args == json::array{"hello", 1});
  CHECK(decode(packed({{"uid", "a"}, {"nsp", "/"}, {"type", 2}})).has_value());
}

TEST_CASE("what is not a message of the cluster is malformed") {
  auto with = [](std::string_view key, json::value x) {
    json::object out{{"uid", "a"}, {"nsp", "/"}, {"type", 2}, {"data", json::object{}}};
    out[key] = std::move(x);
    return packed(out);
  };
  auto of = [](int number, json::value data) {
    return packed({{"uid", "a"}, {"nsp", "/"}, {"type", number}, {"data", std::move(data)}});
  };
  json::value opts{{"rooms", json::array{}}, {"except", json::array{}}};
  json::value event{{"type", 2}, {"data", {"e"}}};
  REQUIRE(decode(of(3, {{"opts", opts}, {"packet", event}})).has_value());
  REQUIRE(decode(of(9, {{"packet", {"e"}}})).has_value());
  auto good = encode_cluster_message(full(type::broadcast));
  std::vector<std::string> bad{
    "",
    "\xc1",
    "\x93\x01\x02\x03",
    good + "x",
    with("uid", 1),
    with("uid", ""),
    with("nsp", nullptr),
    with("type", "2"),
    with("type", 0),
    with("type", 14),
    with("type", -1),
    with("type", 2.5),
    with("data", json::array{}),
    // broadcasts: no options, rooms that are none, no event, reserved names, no deadline
    of(3, {{"packet", event}}),
    of(3, {{"opts", {{"rooms", {1}}, {"except", json::array{}}}}, {"packet", event}}),
    of(3, {{"opts", {{"rooms", "r"}, {"except", json::array{}}}}, {"packet", event}}),
    of(3, {{"opts", {{"rooms", json::array{}}}}, {"packet", event}}),
    of(3, {{"opts", opts}}),
    of(3, {{"opts", opts}, {"packet", {{"type", 4}, {"data", {"e"}}}}}),
    of(3, {{"opts", opts}, {"packet", {{"type", 2}, {"data", json::array{}}}}}),
    of(3, {{"opts", opts}, {"packet", {{"type", 2}, {"data", {"connect"}}}}}),
    of(3, {{"opts", opts}, {"packet", event}, {"requestId", "r"}}),
    of(3, {{"opts", opts}, {"packet", event}, {"requestId", 7}}),
    of(4, {{"opts", opts}}),
    of(4, {{"opts", opts}, {"rooms", {json::array{}}}}),
    of(6, {{"opts", opts}, {"close", "yes"}}),
    // requests and answers without a name
    of(7, {{"opts", opts}}),
    of(8, {{"sockets", json::array{}}}),
    of(8, {{"requestId", "r"}, {"sockets", {1}}}),
    of(8, {{"requestId", "r"}, {"sockets", {{{"id", "x"}}}}}),
    of(10, {{"packet", 1}}),
    of(11, {{"requestId", "r"}}),
    of(11, {{"requestId", "r"}, {"clientCount", -1}}),
    of(11, {{"requestId", "r"}, {"clientCount", std::uint64_t{1} << 60}}),
    of(12, {{"packet", 1}}),
    // events between servers
    of(9, {{"packet", json::array{}}}),
    of(9, {{"packet", {1}}}),
    of(9, {{"packet", {"new_namespace"}}}),
  };
  for (std::size_t i = 0; i < good.size(); ++i)
    bad.push_back(good.substr(0, i));
  for (std::size_t i = 0; i < bad.size(); ++i) {
    auto x = decode(bad[i]);
    INFO("message " << i);
    REQUIRE_FALSE(x.has_value());
    CHECK(x.error() == errc::malformed);
  }
}

TEST_CASE("a message of the cluster has limits") {
  auto x = full(type::broadcast);
  auto bytes = encode_cluster_message(x);
  msgpack_limits narrow;
  narrow.attachments_max = 0;
  auto got = api::detail::decode_cluster_message(bytes, narrow);
  REQUIRE_FALSE(got.has_value());
  CHECK(got.error() == errc::limit_exceeded);
  // What a client may send fits, however deep.
  json::value deep = 1;
  for (std::size_t i = 1; i < json_limits{}.depth_max; ++i)
    deep = json::array{std::move(deep)};
  x.content = api::make_arguments("e", std::move(deep));
  CHECK(decode(encode_cluster_message(x)).has_value());
}
