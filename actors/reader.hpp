#pragma once

#include "actors/interfaces.hpp"
#include "storage/data_folder.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <functional>
#include <vector>

namespace atrium {

/// Reads the past and encodes what is large. Spawn this detached: it blocks on the disk. It ends at
/// once if the database cannot be opened.
class reader_state {
public:
  static constexpr auto name = "hub.reader";

  explicit reader_state(reader_actor::pointer self) noexcept : self_{self} {
  }

  reader_actor::behavior_type make_behavior(const storage::data_folder_ptr& folder);

private:
  caf::result<text_ptr> history(const history_query& query);

  reader_actor::pointer self_;
  storage::history_reader_ptr history_;
};

reader_actor::behavior_type
reader(reader_actor::stateful_pointer<reader_state> self, storage::data_folder_ptr folder);

/// Starts one READER.
using start_reader = std::function<reader_actor()>;

/// Gives each question to the next of a few readers. One that died is replaced at the next
/// question.
class reader_pool_state {
public:
  static constexpr auto name = "hub.readers";

  explicit reader_pool_state(reader_actor::pointer self) noexcept : self_{self} {
  }

  reader_actor::behavior_type make_behavior(std::size_t size, start_reader start);

private:
  template <class... Ts>
  caf::result<text_ptr> pass(Ts&... xs);
  void fill();

  reader_actor::pointer self_;
  std::size_t size_ = 0;
  std::size_t next_ = 0;
  start_reader start_;
  std::vector<reader_actor> readers_;
};

reader_actor::behavior_type reader_pool(reader_actor::stateful_pointer<reader_pool_state> self,
                                        std::size_t size, start_reader start);

} // namespace atrium
