#include "net/engine/session_table.hpp"

#include "net/engine/live_session.hpp"

#include <algorithm>

namespace atrium::net::engine {

session_table::place session_table::find(std::string_view sid, unsigned asking) const {
  auto& part = slice_of(sid);
  std::lock_guard guard{part.mutex};
  auto i = part.sessions.find(sid);
  if (i == part.sessions.end())
    return {};
  return {i->second.worker, i->second.worker == asking ? i->second.session.get() : nullptr};
}

bool session_table::insert(std::string_view sid, unsigned worker,
                           std::shared_ptr<live_session> session) {
  auto& part = slice_of(sid);
  std::lock_guard guard{part.mutex};
  auto added = part.sessions.try_emplace(sid, entry{worker, std::move(session)}).second;
  if (added)
    counts_[worker].fetch_add(1, std::memory_order_relaxed);
  return added;
}

std::shared_ptr<live_session> session_table::erase(std::string_view sid) {
  auto& part = slice_of(sid);
  std::lock_guard guard{part.mutex};
  auto i = part.sessions.find(sid);
  if (i == part.sessions.end())
    return nullptr;
  counts_[i->second.worker].fetch_sub(1, std::memory_order_relaxed);
  auto out = std::move(i->second.session);
  part.sessions.erase(i);
  return out;
}

std::vector<std::shared_ptr<live_session>> session_table::sessions_of(unsigned worker) const {
  std::vector<std::shared_ptr<live_session>> out;
  for (auto& part : slices_) {
    std::lock_guard guard{part.mutex};
    for (auto& [sid, x] : part.sessions)
      if (x.worker == worker)
        out.push_back(x.session);
  }
  return out;
}

std::size_t session_table::size() const noexcept {
  std::size_t out = 0;
  for (auto& x : counts_)
    out += x.load(std::memory_order_relaxed);
  return out;
}

unsigned session_table::best_for(unsigned here) const noexcept {
  constexpr std::size_t slack = 8;
  auto least = here;
  for (unsigned i = 0; i < counts_.size(); ++i)
    if (size_of(i) < size_of(least))
      least = i;
  auto fewest = size_of(least);
  return size_of(here) > fewest + fewest / 8 + slack ? least : here;
}

} // namespace atrium::net::engine
