#include "bench/support/client_pool.hpp"

#include <array>
#include <cerrno>
#include <system_error>

#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

namespace bench {

namespace {

constexpr auto handshakes_in_flight = std::size_t{256};

/// As many as the system lets this process have.
void raise_descriptor_limit() {
  auto limit = rlimit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

} // namespace

client_pool::client_pool(std::uint16_t port, std::size_t clients, std::size_t first_number)
  : port_{port},
    size_{clients},
    first_number_{first_number},
    epoll_{epoll_create1(EPOLL_CLOEXEC)} {
  if (epoll_ < 0)
    throw std::system_error{errno, std::generic_category(), "epoll_create1"};
  raise_descriptor_limit();
  clients_.reserve(clients);
  writing_.assign(clients, false);
}

client_pool::~client_pool() {
  close(epoll_);
}

latencies client_pool::connect() {
  latencies result;
  std::vector<double> dialed_at;
  auto joined = std::vector<bool>(size_);
  auto ready = std::size_t{0};
  auto ignore = [](std::string_view) {};
  std::array<epoll_event, handshakes_in_flight> events{};
  while (ready < size_) {
    while (clients_.size() < size_ && clients_.size() - ready < handshakes_in_flight) {
      dialed_at.push_back(now_us());
      dial();
    }
    auto count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 100);
    for (auto n = 0; n < count; ++n) {
      auto i = static_cast<std::size_t>(events[static_cast<std::size_t>(n)].data.u64);
      clients_[i].receive(ignore);
      if (clients_[i].joined() && ! joined[i]) {
        joined[i] = true;
        ++ready;
        result.add(now_us() - dialed_at[i]);
      }
    }
  }
  return result;
}

void client_pool::send(std::size_t client, std::string_view packet) {
  clients_[client].send(packet);
  watch(client, clients_[client].congested());
}

void client_pool::saturate(std::size_t client, std::string_view frames) {
  while (! clients_[client].congested())
    clients_[client].send_frames(frames);
  watch(client, true);
}

void client_pool::poll(std::chrono::milliseconds patience, const text_handler& on_text) {
  std::array<epoll_event, 512> events{};
  auto count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()),
                          static_cast<int>(patience.count()));
  for (auto n = 0; n < count; ++n) {
    const auto& event = events[static_cast<std::size_t>(n)];
    auto i = static_cast<std::size_t>(event.data.u64);
    if ((event.events & EPOLLOUT) != 0)
      clients_[i].flush();
    if ((event.events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0)
      clients_[i].receive([i, &on_text](std::string_view packet) { on_text(i, packet); });
    watch(i, clients_[i].congested());
  }
}

void client_pool::dial() {
  auto number = clients_.size();
  clients_.emplace_back(port_, first_number_ + number);
  auto event = epoll_event{};
  event.events = EPOLLIN;
  event.data.u64 = number;
  if (epoll_ctl(epoll_, EPOLL_CTL_ADD, clients_.back().descriptor(), &event) < 0)
    throw std::system_error{errno, std::generic_category(), "epoll_ctl"};
}

void client_pool::watch(std::size_t client, bool writing) {
  if (writing_[client] == writing)
    return;
  writing_[client] = writing;
  auto event = epoll_event{};
  event.events = EPOLLIN | (writing ? EPOLLOUT : 0U);
  event.data.u64 = client;
  epoll_ctl(epoll_, EPOLL_CTL_MOD, clients_[client].descriptor(), &event);
}

} // namespace bench
