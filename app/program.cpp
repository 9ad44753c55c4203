#include "app/program.hpp"

#include "actors/adapters/registry.hpp"
#include "app/cli.hpp"
#include "app/healthcheck.hpp"
#include "app/log_sink.hpp"
#include "app/serve.hpp"
#include "config/json_schema.hpp"
#include "config/load.hpp"
#include "schema/log.hpp"

#include <cstdio>
#include <exception>
#include <iostream>

namespace atrium::app {

namespace {

int leave(const early_exit& x) {
  std::cout << x.out;
  std::cerr << x.err;
  return x.status;
}

int refuse(const std::vector<config::problem>& problems) {
  for (const auto& problem : problems)
    std::cerr << "error: " << config::to_string(problem) << '\n';
  return exit_usage;
}

int check(const command_line& command, const config::loaded& loaded) {
  for (const auto& warning : loaded.warnings)
    std::cerr << "warning: " << config::to_string(warning) << '\n';
  std::cout << (command.from.file ? command.from.file->string() : "the configuration")
            << ": no problems\n";
  return exit_ok;
}

int serve_logged(const config::loaded& loaded) {
  log_sink sink{loaded.values.log.format};
  log::set_level(loaded.values.log.level);
  auto* before = log::exchange_sink(&sink);
  for (const auto& warning : loaded.warnings)
    log::warn("config-variable", "a variable names no key", {{"name", warning.where.source}});
  int status = exit_failed;
  try {
    status = serve(loaded.values);
  } catch (const std::exception& error) {
    log::error("hub-failed", error.what());
  }
  log::exchange_sink(before);
  return status;
}

int print_schema() {
  std::cout << config::json_schema() << '\n';
  return exit_ok;
}

int run_command(command_line command) {
  command.from.environment = config::process_environment();
  for (const auto& adapter : known_adapters())
    command.from.adapter_types.emplace_back(adapter.type);
  auto loaded = config::load(command.from);
  if (! loaded)
    return refuse(loaded.error());
  switch (command.command) {
    case command_line::command_type::check: return check(command, *loaded);
    case command_line::command_type::healthcheck:
      return healthcheck(loaded->values.listen, loaded->values.tls);
    case command_line::command_type::schema: return print_schema();
    case command_line::command_type::serve: break;
  }
  return serve_logged(*loaded);
}

} // namespace

int run(int argc, const char* const* argv) noexcept {
  try {
    auto parsed = parse_command_line(argc, argv);
    if (const auto* exit = std::get_if<early_exit>(&parsed))
      return leave(*exit);
    return run_command(std::get<command_line>(std::move(parsed)));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return exit_failed;
  }
}

} // namespace atrium::app
