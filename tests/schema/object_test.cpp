#include "schema/object.hpp"

#include <catch2/catch.hpp>

using namespace atrium;

namespace {

const writer client{"system.adapter.hub.0", "system.user.admin"};

json::object body(std::string_view text) {
  return json::parse({text.data(), text.size()}).as_object();
}

json::object merged(std::string_view text, const json::object* old = nullptr) {
  return merge_object("a.b", body(text), old, client, 42).value();
}

} // namespace

TEST_CASE("setObject completes an object") {
  auto aut = merged(R"({"type":"state","common":{"name":"x"}})");
  CHECK(aut == body(R"({"type":"state","common":{"name":"x"},"native":{},"_id":"a.b",
                        "from":"system.adapter.hub.0","user":"system.user.admin","ts":42})"));
  CHECK(merged(R"({"type":"state","_id":"other"})").at("_id") == "a.b");
}

TEST_CASE("setObject replaces, but keeps custom settings and names for speech") {
  auto old = body(R"({"type":"state","common":{"name":"x","unit":"W","smartName":"lamp",
                      "custom":{"history.0":{"enabled":true},"sql.0":{"enabled":true}}}})");
  CHECK(merged(R"({"type":"state","common":{"name":"y"}})", &old).at("common")
        == body(R"({"name":"y","smartName":"lamp",
                    "custom":{"history.0":{"enabled":true},"sql.0":{"enabled":true}}})"));
  CHECK(
    merged(R"({"type":"state","common":{"smartName":"new","custom":{"sql.0":null,"x.0":{"a":1}}}})",
           &old)
      .at("common")
    == body(R"({"smartName":"new","custom":{"history.0":{"enabled":true},"x.0":{"a":1}}})"));
  CHECK(merged(R"({"type":"state","common":{"custom":null}})", &old).at("common")
        == body(R"({"smartName":"lamp"})"));
}

TEST_CASE("what is no object is refused") {
  auto refused = [](json::value x) {
    return merge_object("a", std::move(x), nullptr, client, 0).error().text;
  };
  CHECK(refused(nullptr) == "null object");
  CHECK(refused(5) == "The object is not an object!");
  CHECK(refused(json::object{{"type", "nonsense"}}) == "The object has no valid type!");
  CHECK(refused(json::object{{"type", "state"}, {"common", 1}})
        == "The properties \"common\" and \"native\" must be objects!");
}

TEST_CASE("a default becomes the first value of a state, acknowledged unless said otherwise") {
  auto aut = initial_write(body(R"({"type":"state","common":{"def":20}})"), client).value();
  CHECK(aut.val == json::value(20));
  CHECK(aut.ack);
  CHECK(aut.q == quality_initial);
  CHECK_FALSE(
    initial_write(body(R"({"type":"state","common":{"def":1,"defAck":false}})"), client)->ack);
  CHECK_FALSE(initial_write(body(R"({"type":"state","common":{}})"), client));
  CHECK_FALSE(initial_write(body(R"({"type":"device","common":{"def":1}})"), client));
}

TEST_CASE("an object never shows secrets") {
  auto aut = make_object(
    body(R"({"_id":"system.user.x","type":"user","common":{"name":"x","password":"pbkdf2"}})"));
  CHECK(aut.text.find("pbkdf2") != std::string::npos);
  CHECK(aut.shown() == R"({"_id":"system.user.x","type":"user","common":{"name":"x"}})");
}

TEST_CASE("an object survives its store") {
  auto aut = read_object(R"({"_id":"a.b","type":"state","common":{"step":0.5}})").value();
  CHECK(aut.id == "a.b");
  CHECK(aut.type == "state");
  CHECK(aut.step == 0.5);
  CHECK(read_object("{").has_error());
  CHECK(read_object("[]").has_error());
}
