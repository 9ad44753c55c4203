#include <catch2/catch.hpp>

#include "sources.hpp"

using namespace atrium::config;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

struct wrong_line {
  const char* text;
  const char* message;
};

} // namespace

TEST_CASE("each wrong value names its key, its line and its column") {
  auto [text, message] = GENERATE(values<wrong_line>({
    {"listen = 8080", "FILE:1:10: listen: must be \"ADDRESS:PORT\""},
    {"listen = \"hub.example:80\"", "FILE:1:10: listen: must be \"ADDRESS:PORT\""},
    {"listen = \"1.2.3.4:65536\"", "FILE:1:10: listen: must be \"ADDRESS:PORT\""},
    {"data = \"\"", "FILE:1:8: data: must not be empty"},
    {"workers = -1", "FILE:1:11: workers: must be a whole number from 0 to 256, not -1"},
    {"workers = 1.5", "FILE:1:11: workers: must be a whole number"},
    {"auth = \"none\"", "FILE:1:8: auth: must be \"token\" or \"off\", not \"none\""},
    {"auth = false", "FILE:1:8: auth: must be \"token\" or \"off\", not false"},
    {"token = \"a b\"", "FILE:1:9: token: must be visible ASCII characters only"},
    {"token = \"a\"\ntoken_file = \"b\"", "FILE:2:14: token_file: token and token_file are both"},
    {"allowed_origins = \"*\"", "FILE:1:19: allowed_origins: must be a list of texts, not \"*\""},
    {"allowed_origins = [\"a.example\"]", "FILE:1:19: allowed_origins: must be an origin"},
    {"allowed_hosts = [\"http://a\"]", "FILE:1:17: allowed_hosts: must be a host"},
    {"[log]\nlevel = \"loud\"", "FILE:2:9: log.level: must be \"trace\", \"debug\", \"info\""},
    {"[tls]\nkey_file = \"k\"", "FILE:2:12: tls.key_file: tls.certificate_file and tls.key_file"},
    {"[tls]\ncertificate_file = \"c\"",
     "FILE:2:20: tls.certificate_file: tls.certificate_file and tls.key_file belong together"},
    {"[tls]\nclient_certificate = \"yes\"",
     "FILE:2:22: tls.client_certificate: must be \"none\", \"optional\" or \"required\""},
    {"[tls]\ncertificate_file = \"c\"\nkey_file = \"k\"\nclient_certificate = \"optional\"",
     "FILE:4:22: tls.client_certificate: needs tls.client_ca_file"},
    {"[tls]\ncertificate_file = \"c\"\nkey_file = \"k\"\nclient_ca_file = \"a\"",
     "FILE:4:18: tls.client_ca_file: is used only when"},
    {"[tls]\nclient_ca_file = \"a\"\nclient_certificate = \"required\"",
     "FILE:3:22: tls.client_certificate: needs tls.certificate_file"},
    {"[socketio]\npath = \"io/\"", "FILE:2:8: socketio.path: must begin with a slash"},
    {"[socketio]\nping_interval_ms = 0", "FILE:2:20: socketio.ping_interval_ms: must be a whole"},
    {"[socketio]\nallow_upgrades = 1", "FILE:2:18: socketio.allow_upgrades: must be true or false"},
    {"[socketio]\ntransports = []", "FILE:2:14: socketio.transports: must name at least one"},
    {"[socketio]\ntransports = [\"udp\"]", "FILE:2:14: socketio.transports: must be a list of"},
    {"[limits]\noutbox_high_water_bytes = 9000000",
     "FILE:2:27: limits.outbox_high_water_bytes: limits.outbox_high_water_bytes (9000000)"},
    {"[limits]\noutbox_bytes_max = 1",
     "FILE:2:20: limits.outbox_bytes_max: limits.outbox_high_water_bytes (262144) must not"},
    {"log = 1", "FILE:1:7: log: must be a section, as in [log]"},
    {"adapters = 1", "FILE:1:12: adapters: must be a list of tables"},
    {"[[adapters]]\nname = \"demo.0\"", "FILE:1:1: adapters.type: is missing"},
    {"[[adapters]]\ntype = \"demo\"\nname = \"Demo\"", "FILE:2:8: adapters.name: must be a name"},
    {"[[adapters]]\ntype = \"demo\"\nsettings = 1", "FILE:3:12: adapters.settings: must be a"},
    {"[[adapters]]\ntype = \"demo\"\n[[adapters]]\ntype = \"demo\"",
     "FILE:4:8: adapters.name: two adapters are named \"demo.0\""},
  }));
  CAPTURE(text);
  CHECK_THAT(messages(load_text(text)), StartsWith(message));
}

TEST_CASE("an unknown key is shown its place and the key that was meant") {
  auto [text, message] = GENERATE(values<wrong_line>({
    {"lisen = \"127.0.0.1:1\"", "FILE:1:1: lisen: unknown key; did you mean \"listen\"?\n"},
    {"[socketio]\n  ping_intervall_ms = 1",
     "FILE:2:3: socketio.ping_intervall_ms: unknown key; did you mean "
     "\"socketio.ping_interval_ms\"?\n"},
    {"[socketoi]\npath = \"/x\"", "FILE:1:2: socketoi: unknown key; did you mean \"socketio\"?\n"},
    {"[log]\nworkers = 1", "FILE:2:1: log.workers: unknown key; did you mean \"workers\"?\n"},
    {"colour = 1", "FILE:1:1: colour: unknown key\n"},
    {"[[adapters]]\ntype = \"demo\"\nkind = 1", "FILE:3:1: adapters.kind: unknown key; an adapter"},
  }));
  CAPTURE(text);
  CHECK_THAT(messages(load_text(text)), StartsWith(message));
}

TEST_CASE("all problems are reported at once") {
  auto aut = load_text("workers = -1\ncolour = 1\n[log]\nlevel = \"loud\"\n");
  REQUIRE_FALSE(aut.has_value());
  CHECK(aut.error().size() == 3);
}

TEST_CASE("text that is not TOML is shown its place") {
  CHECK_THAT(messages(load_text("workers = 1\nworkers = \n")), StartsWith("FILE:2:"));
  CHECK_THAT(messages(load_text("workers = 1\nworkers = 2\n")), StartsWith("FILE:2:"));
}

TEST_CASE("an adapter that this build does not have is refused") {
  temporary_file file{"[[adapters]]\ntype = \"dmeo\"\n"};
  auto aut = load({.file = file.path(), .adapter_types = {"demo"}});
  CHECK_THAT(messages(aut),
             Contains(":2:8: adapters.type: no adapter of type \"dmeo\"; did you mean \"demo\"?"));
}
