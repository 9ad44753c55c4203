#include "actors/reader.hpp"

#include "actors/bulk.hpp"
#include "actors/failure.hpp"
#include "actors/guard.hpp"
#include "schema/history_options.hpp"

#include <caf/system_messages.hpp>

#include <utility>

namespace atrium {

// -- one reader --------------------------------------------------------------------

reader_actor::behavior_type reader_state::make_behavior(const storage::data_folder_ptr& folder) {
  guard(self_);
  auto opened = folder->open_reader();
  if (! opened) {
    log::error("reader-failed", opened.error().message);
    self_->quit(to_error(opened.error()));
    return reader_actor::behavior_type::make_empty_behavior();
  }
  history_ = std::move(*opened);
  return {
    [this](atom::history, const history_query& query) { return this->history(query); },
    [](atom::encode, const states_snapshot& x) { return encode(x); },
    [](atom::encode, const objects_snapshot& x) { return encode(x); },
  };
}

caf::result<text_ptr> reader_state::history(const history_query& query) {
  auto values = storage::raw_history(*history_, query);
  if (! values)
    return to_error(values.error());
  std::string result;
  append_json(result, query, *values);
  return std::make_shared<const std::string>(std::move(result));
}

reader_actor::behavior_type
reader(reader_actor::stateful_pointer<reader_state> self, storage::data_folder_ptr folder) {
  return self->state.make_behavior(folder);
}

// -- the pool ----------------------------------------------------------------------

reader_actor::behavior_type reader_pool_state::make_behavior(std::size_t size, start_reader start) {
  size_ = size;
  start_ = std::move(start);
  guard(self_);
  self_->set_down_handler([this](const caf::down_msg& x) {
    std::erase_if(readers_, [&](auto& y) { return y.address() == x.source; });
  });
  self_->set_exit_handler([this](const caf::exit_msg& x) {
    for (auto& y : readers_)
      self_->send_exit(y, x.reason);
    self_->quit(x.reason);
  });
  fill();
  return {
    [this](atom::history, history_query& x) { return pass(atom::history_v, x); },
    [this](atom::encode, states_snapshot& x) { return pass(atom::encode_v, x); },
    [this](atom::encode, objects_snapshot& x) { return pass(atom::encode_v, x); },
  };
}

template <class... Ts>
caf::result<text_ptr> reader_pool_state::pass(Ts&... xs) {
  fill();
  return self_->delegate(readers_[next_++ % readers_.size()], std::move(xs)...);
}

void reader_pool_state::fill() {
  while (readers_.size() < size_)
    self_->monitor(readers_.emplace_back(start_()));
}

reader_actor::behavior_type reader_pool(reader_actor::stateful_pointer<reader_pool_state> self,
                                        std::size_t size, start_reader start) {
  return self->state.make_behavior(size, std::move(start));
}

} // namespace atrium
