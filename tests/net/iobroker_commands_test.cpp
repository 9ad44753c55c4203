#include "actors/start.hpp"
#include "net/iobroker/commands.hpp"
#include "storage/memory_store.hpp"
#include "tests/support/actor_fixture.hpp"

using namespace atrium;
using namespace atrium::net::iobroker;
using namespace std::chrono_literals;

namespace {

struct fake_subscriptions final : subscriptions {
  void subscribe(subject what, const pattern& x) override {
    log.push_back((what == subject::states ? "+s " : "+o ") + x.text());
  }
  void unsubscribe(subject what, const pattern& x) override {
    log.push_back((what == subject::states ? "-s " : "-o ") + x.text());
  }
  std::vector<std::string> log;
};

struct fixture : test::actor_fixture {
  fixture() {
    model_options options;
    options.detached = false;
    model = start_model(runtime, folder, options, [](int) {}).value();
    run();
    auto hub = std::make_shared<command_hub>();
    hub->catalog = model.catalog;
    hub->readers = model.readers;
    hub->subscriptions_per_connection_max = 3;
    client = std::make_shared<session>(hub, writer{"system.adapter.ws.0", "system.user.admin"},
                                       false, subscribed);
  }

  ~fixture() {
    self->send(model.hub, atom::stop_v);
    run();
  }

  /// What the callback of a command gets, as JSON text.
  std::string call(std::string command, std::string_view args) {
    std::string result = "no answer";
    auto parsed = json::parse({args.data(), args.size()}).as_array();
    start([](session_ptr who, std::string what, json::array with,
             std::string& out) -> asio::awaitable<void> {
      auto x = co_await net::iobroker::call(std::move(who), std::move(what), std::move(with));
      out = json::serialize(x.values());
    }(client, std::move(command), std::move(parsed), result));
    return result;
  }

  json::value result_of(std::string command, std::string_view args) {
    auto x = json::parse(call(std::move(command), args)).as_array();
    REQUIRE(x.size() > 1);
    CHECK(x[0].is_null());
    return x[1];
  }

  storage::data_folder_ptr folder = storage::make_memory_folder();
  std::shared_ptr<fake_subscriptions> subscribed = std::make_shared<fake_subscriptions>();
  model_handles model;
  session_ptr client;
};

} // namespace

TEST_CASE_METHOD(fixture, "setState answers the id that was written, and getState reads it") {
  CHECK(call("setState", R"(["a.b",5])") == R"([null,"a.b"])");
  auto x = result_of("getState", R"(["a.b"])");
  CHECK(x.at("val") == 5);
  CHECK(x.at("ack") == false);
  CHECK(x.at("from") == "system.adapter.ws.0");
  CHECK(x.at("user") == "system.user.admin");
  CHECK(call("setState", R"(["b*d?<x>",{"val":1,"ack":true}])") == R"([null,"b_d_x_"])");
  CHECK(call("setState", R"(["a.b",null])") == R"([null,"a.b"])");
  CHECK(result_of("getState", R"(["a.b"])").at("val").is_null());
}

TEST_CASE_METHOD(fixture, "wrong writes and reads are answered with the texts of the reference") {
  CHECK(call("setState", R"(["a.b",{}])")
        == R"(["The state contains no properties! At least one property is expected!"])");
  CHECK(call("setState", R"(["a.b",{"foo":1}])")
        == R"(["The state contains the forbidden properties foo!"])");
  CHECK(call("setState", R"(["",1])") == R"(["The id is empty! Please provide a valid id."])");
  CHECK(call("getState", R"([])") == R"(["The id is empty! Please provide a valid id."])");
  CHECK(call("getState", R"([5])")
        == R"(["The id \"5\" has an invalid type! Expected \"string\", received \"number\"."])");
  CHECK(call("getState", R"(["nope"])") == "[null,null]");
  CHECK(call("getStates", R"(["a?b"])") == R"(["The pattern \"a?b\" is not a valid ID pattern"])");
  CHECK(call("setObject", R"(["a.b",null])") == R"(["null object"])");
}

TEST_CASE_METHOD(fixture, "getStates takes a pattern, a list, or nothing for all") {
  call("setObject", R"(["a.b",{"type":"state","common":{"name":"x"}}])");
  call("setState", R"(["a.b",5])");
  CHECK(result_of("getStates", R"(["a.*"])").at("a.b").at("val") == 5);
  CHECK(result_of("getForeignStates", R"([["a.b","a.*"]])").at("a.*").is_null());
  CHECK(result_of("getStates", "[null]").as_object().contains("a.b"));
  CHECK(call("getStates", "[[]]") == "[null,{}]");
  CHECK(call("getStates", "[[5]]").starts_with(R"(["The id)"));
}

TEST_CASE_METHOD(fixture, "objects are written and read") {
  CHECK(call("setObject", R"(["a.b",{"type":"state"}])") == R"([null,{"id":"a.b"}])");
  CHECK(result_of("getObject", R"(["a.b"])").at("type") == "state");
  CHECK(call("getObject", R"(["nope"])") == "[null,null]");
  CHECK(call("getObjects", "[[]]") == "[null,{}]");
  CHECK(result_of("getObjects", R"([["a.b","nope"]])").as_object().size() == 1);
  auto all = result_of("getObjects", "[]").as_object();
  CHECK(all.contains("a.b"));
  CHECK(all.contains("system.config"));
  CHECK_FALSE(all.contains("system.user.admin"));
}

TEST_CASE_METHOD(fixture, "history is there as soon as the write is answered") {
  call("setState", R"(["a.b",{"val":1,"ts":1600000000000}])");
  call("setState", R"(["a.b",{"val":2,"ts":1600000001000}])");
  CHECK(
    call("getHistory", R"(["a.b",{"start":1,"end":1700000000000,"q":true}])")
    == R"([null,[{"ts":1600000000000,"val":1,"q":0},{"ts":1600000001000,"val":2,"q":0}],null,null])");
  CHECK(call("getHistory", R"(["a.b",{"count":1,"end":1700000000000}])")
        == R"([null,[{"ts":1600000001000,"val":2}],null,null])");
  CHECK(call("getHistory", R"(["nope"])") == "[null,[],null,null]");
  CHECK(call("getHistory", R"(["a.b",{"aggregate":"fancy"}])")
        == R"(["Unknown aggregate \"fancy\""])");
  CHECK(call("getHistory", R"([7])").starts_with(R"(["The id \"7\")"));
}

TEST_CASE_METHOD(fixture, "subscriptions are distinct patterns, and limited") {
  CHECK(call("subscribe", R"(["a.*"])") == "[null]");
  CHECK(call("subscribeStates", R"([["a.*","b"]])") == "[null]");
  CHECK(call("subscribeObjects", R"(["a.*"])") == "[null]");
  CHECK(call("subscribe", R"(["one.too.many"])") == R"(["a configured limit was exceeded"])");
  CHECK(call("unsubscribe", R"(["a.*"])") == "[null]");
  CHECK(call("unsubscribeStates", R"(["unknown"])") == "[null]");
  CHECK(call("unsubscribeObjects", R"(["a.*"])") == "[null]");
  for (auto ignored : {"[]", "[null]", "[[]]", R"([""])", R"(["a?b"])", "[{}]", "[[[[]]]]"})
    CHECK(call("subscribe", ignored) == "[null]");
  CHECK(subscribed->log
        == std::vector<std::string>{"+s a.*", "+s b", "+o a.*", "-s a.*", "-o a.*"});
}

TEST_CASE_METHOD(fixture, "the session commands answer as the reference does") {
  CHECK(call("authenticate", "[]") == "[true,false]");
  CHECK(call("getVersion", "[]") == R"([null,"4.2.0","ws"])");
  CHECK(call("name", R"(["vis.0"])") == "[]");
  CHECK(client->name() == "vis.0");
}

TEST_CASE_METHOD(fixture, "an unknown command is an error at once") {
  CHECK(call("extendObject", "[]") == R"(["unknown command \"extendObject\""])");
  CHECK_FALSE(is_command("extendObject"));
  CHECK(is_command("getState"));
}

TEST_CASE_METHOD(fixture, "no arguments, however wrong, end anything") {
  for (auto command : {"authenticate", "getForeignStates", "getHistory", "getObject", "getObjects",
                       "getState", "getStates", "getVersion", "name", "setObject", "setState",
                       "subscribe", "subscribeObjects", "unsubscribe", "unsubscribeObjects"})
    for (auto args : {"[]", "[null,null]", "[1,2,3]", "[{},{}]", "[[],[]]", "[[{}],[{}]]", "[true]",
                      R"(["",""])", R"(["a","b","c","d"])", R"([{"a":1},"x"])", "[1e400,-1]"})
      CHECK(call(command, args) != "no answer");
  CHECK(reported.empty());
}

TEST_CASE_METHOD(fixture, "what the catalog does not answer is a timeout") {
  self->send(model.hub, atom::stop_v);
  run();
  CHECK(call("getState", R"(["a"])") == R"(["the actor that was asked has ended"])");
}
