// Emits in every way that there is, for tests of the order in which things arrive.
#include "tests/e2e/servers/serve.hpp"

#include <map>
#include <mutex>

using namespace atrium;

namespace {

/// Handles of sockets, for emits of one socket's handler straight to another socket.
class directory {
public:
  void add(const std::string& name, const api::socket& s) {
    std::lock_guard guard{mutex_};
    sockets_.insert_or_assign(name, s);
  }

  std::optional<api::socket> find(const std::string& name) const {
    std::lock_guard guard{mutex_};
    auto i = sockets_.find(name);
    return i == sockets_.end() ? std::nullopt : std::optional{i->second};
  }

private:
  mutable std::mutex mutex_;
  std::map<std::string, api::socket> sockets_; // guarded by mutex_
};

/// The ways of one event `["send", from, n, way, peer]`. What it emits is `["m", from, n, step]`,
/// with steps that count up from 0, and then its ack, `[from, n, steps]`.
class sender {
public:
  sender(api::socket_namespace nsp, const directory& all, api::socket self, const api::event& e)
    : nsp_{std::move(nsp)},
      all_{all},
      self_{std::move(self)},
      event_{e} {
  }

  void run() {
    switch (event_[2].as_int64()) {
      case 0: one_room(); break;
      case 1: two_rooms(); break;
      case 2: peer(); break;
      case 3:
        self();
        one_room();
        self();
        break;
      default:
        one_room();
        two_rooms();
        peer();
        self();
        one_room();
        break;
    }
    event_.ack(event_[0], event_[1], step_);
  }

private:
  void one_room() {
    nsp_.to("a").emit("m", event_[0], event_[1], step_++);
  }

  void two_rooms() {
    nsp_.to({"a", "b"}).emit("m", event_[0], event_[1], step_++);
  }

  void peer() {
    if (auto x = all_.find(std::string{event_[3].as_string()}))
      x->emit("m", event_[0], event_[1], step_++);
  }

  void self() {
    self_.emit("m", event_[0], event_[1], step_++);
  }

  api::socket_namespace nsp_;
  const directory& all_;
  api::socket self_;
  const api::event& event_;
  int step_ = 0;
};

} // namespace

int main(int argc, char** argv) {
  e2e::arguments arguments{argc, argv};
  directory all;
  api::server io{e2e::options_for(arguments), arguments.workers};
  auto nsp = io.of("/");
  nsp.handle("enter", [&all](const api::socket& s, const api::event& e) {
    all.add(std::string{e[0].as_string()}, s);
    for (auto& room : e[1].as_array())
      s.join(std::string_view{room.as_string()});
    e.ack();
  });
  nsp.handle("leave", [](const api::socket& s, const api::event& e) {
    s.leave(std::string_view{e[0].as_string()});
    e.ack();
  });
  nsp.handle("send", [nsp, &all](const api::socket& s, const api::event& e) {
    sender{nsp, all, s, e}.run();
  });
  return e2e::serve(io, arguments);
}
