#include "schema/log.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace atrium;

namespace {

/// Keeps the lines while it lives.
class recorder final : public log::sink {
public:
  explicit recorder(log::level least) {
    before_ = log::exchange_sink(this);
    log::set_level(least);
  }

  ~recorder() override {
    log::exchange_sink(before_);
    log::set_level(log::level::warn);
  }

  void write(const log::record& x) noexcept override {
    lines.push_back(log::to_text(x));
  }

  std::vector<std::string> lines;

private:
  log::sink* before_ = nullptr;
};

std::string text(std::string_view prose, log::fields extra) {
  return log::to_text({log::level::info, "event", prose, {extra.begin(), extra.size()}});
}

} // namespace

TEST_CASE("lines below the level do not reach the sink") {
  recorder aut{log::level::info};
  log::debug("hidden", "not written");
  log::info("shown", "written", {{"n", 1}});
  log::error("failed", "written too");
  CHECK(aut.lines == std::vector<std::string>{"shown written n=1", "failed written too"});
  CHECK_FALSE(log::enabled(log::level::debug));
}

TEST_CASE("nothing is written when the level is off") {
  recorder aut{log::level::off};
  log::error("failed", "not written");
  CHECK(aut.lines.empty());
}

TEST_CASE("a field of each kind is written as key=value") {
  std::string name = "lamp";
  CHECK(text("t", {{"flag", true}, {"less", -1}, {"more", 2u}, {"real", 0.5}, {"name", name}})
        == "event t flag=true less=-1 more=2 real=5E-1 name=lamp");
}

TEST_CASE("whatever is in a line, it stays one line and can be taken apart") {
  CHECK(text("two\nlines", {{"a", "x y"}, {"b", ""}, {"c", "q\"\\"}, {"d", "\r\x7f"}})
        == "event two\\x0alines a=\"x y\" b=\"\" c=\"q\\\"\\\\\" d=\"\\x0d\\x7f\"");
}

TEST_CASE("a line of JSON escapes what JSON must") {
  log::fields extra{{"sid", "a\"b"}, {"n", 3u}};
  CHECK(log::to_json_members({log::level::info, "event", "a\nb", {extra.begin(), extra.size()}})
        == R"("event":"event","text":"a\nb","sid":"a\"b","n":3)");
}
