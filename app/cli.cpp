#include "app/cli.hpp"

#include "app/program.hpp"

#include <sstream>

#include <CLI/CLI.hpp>

namespace atrium::app {

namespace {

constexpr const char* description
  = "Atrium, a real-time state hub for homes and buildings.\n"
    "Every key of the configuration is also an environment variable, as in\n"
    "ATRIUM_SOCKETIO_PING_INTERVAL_MS; options win over variables, variables over the file.";

/// Gathers what the options of a subcommand say.
class option_reader {
public:
  explicit option_reader(config::sources& into) : into_(into) {
  }

  void add_config(CLI::App& command) {
    auto take = [this](const std::string& file) { into_.file = file; };
    command.add_option_function<std::string>("-c,--config", take, "the configuration file")
      ->type_name("FILE")
      ->envname("ATRIUM_CONFIG");
  }

  void add(CLI::App& command, const std::string& option, const char* key, const char* type,
           const char* help) {
    auto take = [this, option, key](const std::string& value) {
      into_.command_line.push_back({option, key, value});
    };
    command.add_option_function<std::string>(option, take, help)->type_name(type);
  }

  void add_settings(CLI::App& command) {
    add(command, "--listen", "listen", "ADDRESS:PORT", "where to listen");
    add(command, "--data", "data", "DIR", "the folder of the databases");
    add(command, "--workers", "workers", "N", "threads that serve clients; 0: one for each core");
    add(command, "--log-level", "log.level", "LEVEL", "trace, debug, info, warn, error or off");
    add(command, "--log-format", "log.format", "FORMAT", "text or json");
  }

private:
  config::sources& into_;
};

} // namespace

std::variant<command_line, early_exit> parse_command_line(int argc, const char* const* argv) {
  using command_type = command_line::command_type;
  command_line parsed;
  option_reader options{parsed.from};
  CLI::App program{description, "atrium"};
  program.set_version_flag("--version", std::string{"atrium "} + ATRIUM_VERSION);
  program.require_subcommand(1);

  auto* serve = program.add_subcommand("serve", "run the hub");
  options.add_config(*serve);
  options.add_settings(*serve);
  serve->callback([&parsed] { parsed.command = command_type::serve; });

  auto* check = program.add_subcommand("check", "say what is wrong with a configuration");
  options.add_config(*check);
  options.add_settings(*check);
  check->callback([&parsed] { parsed.command = command_type::check; });

  auto* health = program.add_subcommand("healthcheck", "ask a running hub whether it is ready");
  options.add_config(*health);
  options.add(*health, "--listen", "listen", "ADDRESS:PORT", "where the hub listens");
  health->callback([&parsed] { parsed.command = command_type::healthcheck; });

  program.add_subcommand("schema", "print the JSON Schema of the configuration file")
    ->callback([&parsed] { parsed.command = command_type::schema; });

  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::ostringstream out;
    std::ostringstream err;
    auto status = program.exit(error, out, err);
    return early_exit{status == 0 ? exit_ok : exit_usage, out.str(), err.str()};
  }
  return parsed;
}

} // namespace atrium::app
