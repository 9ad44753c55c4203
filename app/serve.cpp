#include "app/serve.hpp"

#include "app/program.hpp"
#include "app/token.hpp"
#include "schema/log.hpp"

#include <iostream>

namespace atrium::app {

int serve(const config::options& settings) {
  auto token = obtain_token(settings);
  if (! token)
    return exit_failed;
  if (! token->made_in.empty())
    std::cout << usage_of(*token, settings.listen) << std::flush;
  log::info("hub-started", "the hub is composed here",
            {{"listen", config::to_string(settings.listen)}});
  return exit_ok;
}

} // namespace atrium::app
