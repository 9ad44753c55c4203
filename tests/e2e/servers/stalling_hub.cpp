// A hub whose journal stalls on SIGUSR1 and goes on at SIGUSR2:   stalling_hub PORT DATA
#include "actors/runtime/coroutines.hpp"
#include "actors/start.hpp"
#include "app/model_feed.hpp"
#include "app/socketio_endpoint.hpp"
#include "tests/support/faulty_store.hpp"

#include <boost/asio/signal_set.hpp>
#include <caf/send.hpp>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <future>

using namespace atrium;

namespace {

/// A data folder whose store suffers from faults.
class stalling_folder final : public storage::data_folder {
public:
  stalling_folder(storage::data_folder_ptr inner, std::shared_ptr<test::faults> faults)
    : inner_{std::move(inner)},
      faults_{std::move(faults)} {
  }

  storage::outcome<storage::journal_store_ptr> open_store() override {
    auto store = inner_->open_store();
    if (! store)
      return store.error();
    return storage::journal_store_ptr{
      std::make_unique<test::faulty_store>(std::move(*store), faults_)};
  }
  storage::outcome<storage::history_reader_ptr> open_reader() override {
    return inner_->open_reader();
  }
  storage::outcome<storage::history_folder_ptr> open_history_folder() override {
    return inner_->open_history_folder();
  }
  storage::outcome<void> backup(const std::filesystem::path& target) override {
    return inner_->backup(target);
  }

private:
  storage::data_folder_ptr inner_;
  std::shared_ptr<test::faults> faults_;
};

/// Stalls, goes on, and returns at SIGTERM.
void obey_signals(test::faults& faults) {
  boost::asio::io_context io{1};
  boost::asio::signal_set signals{io, SIGUSR1, SIGUSR2, SIGTERM};
  std::function<void(boost::system::error_code, int)> obey
    = [&](boost::system::error_code, int which) {
        if (which == SIGTERM)
          return;
        if (which == SIGUSR1)
          faults.stall();
        else
          faults.release();
        signals.async_wait(obey);
      };
  signals.async_wait(obey);
  io.run();
}

boost::asio::awaitable<void> close(net::server& http, std::promise<void>& closed) {
  co_await http.close(std::chrono::seconds{2});
  closed.set_value();
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 3)
    return 2;
  runtime::system system{{}};
  auto faults = std::make_shared<test::faults>();
  auto folder = storage::open_data_folder({argv[2]});
  if (! folder)
    return 1;
  std::promise<int> stopped;
  auto model = start_model(system, std::make_shared<stalling_folder>(*folder, faults), {},
                           [&](int code) { stopped.set_value(code); });
  if (! model)
    return 1;
  auto commands = std::make_shared<net::iobroker::command_hub>();
  commands->catalog = model->catalog;
  commands->readers = model->readers;
  commands->deadline = std::chrono::minutes{1};
  auto options = app::socketio_options({});
  options.congested = [gauge = model->gauge] { return gauge->high(); };
  api::server io{system, std::move(options)};
  app::serve_commands(io, std::move(commands), false);
  auto feed = app::spawn_model_feed(system.at(0), io.of("/"));
  caf::anon_send(model->journal, atom::feed_v, feed_actor{feed});
  net::routes table;
  table.engines.push_back(io.route());
  net::listen_options listen;
  listen.port = static_cast<std::uint16_t>(std::strtoul(argv[1], nullptr, 10));
  net::server http{system, listen, std::move(table)};
  if (! http.start())
    return 1;
  std::printf("listening on %u\n", static_cast<unsigned>(http.port()));
  std::fflush(stdout);

  obey_signals(*faults);
  std::promise<void> closed;
  system.post(0, [&] { runtime::spawn(system.at(0), close(http, closed), "close"); });
  closed.get_future().wait();
  caf::anon_send_exit(feed, caf::exit_reason::user_shutdown);
  caf::anon_send(model->hub, atom::stop_v);
  return stopped.get_future().get();
}
