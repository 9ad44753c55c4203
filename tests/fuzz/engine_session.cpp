#include "net/engine/session_machine.hpp"
#include "tests/fuzz/check.hpp"

#include <map>
#include <set>

using namespace atrium;
using namespace atrium::net::engine;
using actors::close_mode;
using actors::close_reason;

namespace {

constexpr char separator = '\n';

/// Carries nothing out, and insists on what every machine owes: each request is answered once,
/// nothing is sent to a WebSocket that is closed, and an end comes once.
class strict_port final : public session_port {
public:
  clock::time_point now() const override {
    return now_;
  }
  void respond(request_id to, net::http_response) override {
    fuzz::check(waiting.erase(to) == 1);
  }
  void drop(request_id which) override {
    fuzz::check(waiting.erase(which) == 1);
  }
  bool came_before(request_id x, request_id y) const override {
    fuzz::check(waiting.count(x) == 1 && waiting.count(y) == 1);
    return x % 3 == 0;
  }
  void send(channel_id to, frame_ptr x) override {
    fuzz::check(channels.count(to) == 1 && x != nullptr);
  }
  bool idle(channel_id which) const override {
    fuzz::check(channels.count(which) == 1);
    return idle_;
  }
  void close_channel(channel_id which) override {
    fuzz::check(channels.erase(which) == 1);
  }
  void arm(session_timer which, clock::time_point at) override {
    timers[which] = at;
  }
  void disarm(session_timer which) override {
    timers.erase(which);
  }
  void flush_later() override {
    flush_asked = true;
  }
  void packet_came(const engine_packet_view&) override {
    fuzz::check(! ended);
  }
  void packet_made(const frame&) override {
    fuzz::check(! ended);
  }
  void deliver_text(std::string_view) override {
    fuzz::check(! ended);
  }
  void deliver_binary(std::string_view) override {
    fuzz::check(! ended);
  }
  void on_upgraded() override {
    fuzz::check(! ended);
  }
  void drained() override {
  }
  void closed(close_reason, std::string_view) override {
    fuzz::check(! ended);
    ended = true;
  }
  void forget() override {
    fuzz::check(! forgotten);
    forgotten = true;
  }

  std::set<request_id> waiting;
  std::set<channel_id> channels;
  std::map<session_timer, clock::time_point> timers;
  bool flush_asked = false;
  bool ended = false;
  bool forgotten = false;
  bool idle_ = true;
  clock::time_point now_{std::chrono::hours{1}};
};

/// Plays lines of input to one session; the first letter of a line says what happens.
class player {
public:
  explicit player(bool websocket, wire how) : aut_{options_, port_, how} {
    if (websocket)
      aut_.open_websocket(open_channel(), "SID");
    else
      aut_.open_polling(ask(), "SID");
  }

  void play(std::string_view line) {
    if (line.empty())
      return;
    auto what = line.front();
    line.remove_prefix(1);
    if (! play_client(what, line))
      play_rest(what, line);
    if (what != '+') // else the tick goes on
      end_tick();
  }

  /// Everything that was asked is answered in the end, when the session is closed and all its time
  /// is over.
  void finish() {
    end_tick();
    aut_.close(close_reason::server_shutting_down, close_mode::discard);
    end_tick();
    for (auto i = 0; i < 100 && ! port_.timers.empty(); ++i)
      fire();
    for (auto id : std::set{port_.waiting})
      aut_.on_aborted(id);
    fuzz::check(port_.ended);
  }

private:
  request_id ask() {
    port_.waiting.insert(++requests_);
    return requests_;
  }

  channel_id open_channel() {
    port_.channels.insert(++channels_);
    return channels_;
  }

  /// A channel that is open, by the digit that a line begins with.
  channel_id channel(std::string_view& line) const {
    auto n = line.empty() ? 0u : static_cast<unsigned char>(line.front()) % 4u;
    line.remove_prefix(line.empty() ? 0 : 1);
    auto i = port_.channels.begin();
    std::advance(i, port_.channels.empty() ? 0 : n % port_.channels.size());
    return i == port_.channels.end() ? 0 : *i;
  }

  bool play_client(char what, std::string_view line) {
    switch (what) {
      case 'g':
        if (aut_.known(true))
          aut_.on_get(ask());
        return true;
      case 'p':
        if (aut_.known(false))
          if (auto id = ask(); aut_.on_post(id, "text/plain"))
            aut_.on_post_body(id, line);
        return true;
      case 'o':
        if (aut_.known(false))
          if (auto id = ask(); aut_.on_post(id, "application/octet-stream"))
            aut_.on_post_too_large(id);
        return true;
      case 'm':
        if (aut_.known(false))
          aut_.on_other_method(ask());
        return true;
      case 'a':
        if (! port_.waiting.empty()) {
          auto id = *port_.waiting.begin();
          aut_.on_aborted(id);
          port_.waiting.erase(id);
        }
        return true;
      default: return false;
    }
  }

  void play_rest(char what, std::string_view line) {
    switch (what) {
      case 'w':
        if (aut_.known(false))
          aut_.on_channel(open_channel());
        break;
      case 't':
        if (auto id = channel(line))
          aut_.on_channel_text(id, line);
        break;
      case 'b':
        if (auto id = channel(line))
          aut_.on_channel_binary(id, line);
        break;
      case 'e':
        if (auto id = channel(line)) {
          port_.channels.erase(id);
          aut_.on_channel_end(id, close_reason::transport_close, {});
        }
        break;
      case 's': put(line, false); break;
      case 'v': put(line, true); break;
      case 'c':
        aut_.close(close_reason::forced_close,
                   line.empty() ? close_mode::flush : close_mode::discard);
        break;
      case 'i': aut_.pause_input(! line.empty()); break;
      case 'f': fire(); break;
      case 'd': port_.now_ += std::chrono::milliseconds{100 * line.size()}; break;
      default: break;
    }
  }

  void put(std::string_view text, bool is_volatile) {
    auto x = std::make_shared<frame>();
    x->head = make_frame_part("4" + std::string{text}, false);
    if (is_volatile)
      aut_.put_volatile(std::move(x));
    else
      aut_.put(std::move(x));
  }

  void fire() {
    if (port_.timers.empty())
      return;
    auto [which, at] = *port_.timers.begin();
    port_.now_ = std::max(port_.now_, at);
    port_.timers.erase(which);
    aut_.on_timer(which);
    end_tick();
  }

  void end_tick() {
    if (std::exchange(port_.flush_asked, false))
      aut_.on_flush();
  }

  options options_;
  strict_port port_;
  session_machine aut_;
  request_id requests_ = 0;
  channel_id channels_ = 0;
};

} // namespace

/// The first byte chooses how the session begins; each line is something that happens to it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto rest = fuzz::text_of(data, size);
  if (rest.empty())
    return 0;
  player aut{rest.front() % 2 == 0, {}};
  rest.remove_prefix(1);
  while (! rest.empty()) {
    auto end = rest.find(separator);
    aut.play(rest.substr(0, end));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  aut.finish();
  return 0;
}
