#include "storage/memory_store.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <string>

namespace atrium::storage {

namespace {

// What the parts of a memory folder share.
struct model {
  std::mutex mutex;
  sequence last = 0;
  std::map<std::string, journaled_change, std::less<>> states;
  std::map<std::string, object_change, std::less<>> objects;
  std::map<std::string, std::vector<history_value>, std::less<>> history;

  void apply(const state_change& change) {
    auto seq = ++last;
    if (! change.value) {
      states.erase(change.id);
      return;
    }
    states.insert_or_assign(change.id, journaled_change{seq, change});
    history[change.id].push_back({seq, *change.value});
  }

  void apply(const object_change& change) {
    ++last;
    if (change.text)
      objects.insert_or_assign(change.id, change);
    else
      objects.erase(change.id);
  }
};

using model_ptr = std::shared_ptr<model>;

class memory_store final : public journal_store {
public:
  explicit memory_store(model_ptr shared) : model_{std::move(shared)} {
  }

  outcome<recovered> recover() override {
    auto lock = std::scoped_lock{model_->mutex};
    auto out = recovered{};
    out.last = model_->last;
    for (auto& [id, change] : model_->objects)
      out.objects.push_back(change);
    for (auto& [id, change] : model_->states)
      out.states.push_back(change);
    return out;
  }

  outcome<std::vector<journaled_change>> states_below(std::string_view device) override {
    auto lock = std::scoped_lock{model_->mutex};
    auto out = std::vector<journaled_change>{};
    for (auto& [id, change] : model_->states)
      if (id.starts_with(device) && (id.size() == device.size() || id[device.size()] == '.'))
        out.push_back(change);
    return out;
  }

  outcome<sequence_range> commit(std::span<const write> writes) override {
    auto lock = std::scoped_lock{model_->mutex};
    auto before = model_->last;
    for (auto& x : writes)
      std::visit([this](auto& change) { model_->apply(change); }, x);
    return sequence_range{writes.empty() ? before : before + 1, model_->last};
  }

private:
  model_ptr model_;
};

class memory_reader final : public history_reader {
public:
  explicit memory_reader(model_ptr shared) : model_{std::move(shared)} {
  }

  outcome<void> read(const history_range& range, const history_visitor& visit) override {
    auto visited = std::size_t{0};
    for (auto& x : values(range)) {
      if (visited++ >= range.limit)
        break;
      auto& v = x.value;
      auto row = history_row{v.ts, v.lc, v.val, v.ack, v.q, v.from, v.user, v.c, x.seq};
      if (! visit(row))
        break;
    }
    return {};
  }

private:
  std::vector<history_value> values(const history_range& range) const {
    auto lock = std::scoped_lock{model_->mutex};
    auto out = std::vector<history_value>{};
    if (auto found = model_->history.find(range.id); found != model_->history.end())
      std::copy_if(found->second.begin(), found->second.end(), std::back_inserter(out),
                   [&range](const history_value& x) {
                     return range.start <= x.value.ts && x.value.ts <= range.end;
                   });
    std::stable_sort(out.begin(), out.end(), [](const history_value& a, const history_value& b) {
      return a.value.ts < b.value.ts;
    });
    if (range.order == history_order::newest_first)
      std::reverse(out.begin(), out.end());
    return out;
  }

  model_ptr model_;
};

// There is nothing to fold, and nothing lives long enough to be too old.
class memory_history_folder final : public history_folder {
public:
  outcome<fold_report> fold(std::size_t) override {
    return fold_report{};
  }

  outcome<retention_report> retain(const retention_policy&, epoch_ms, std::size_t) override {
    return retention_report{0, true};
  }
};

class memory_folder final : public data_folder {
public:
  outcome<journal_store_ptr> open_store() override {
    return journal_store_ptr{std::make_unique<memory_store>(model_)};
  }

  outcome<history_reader_ptr> open_reader() override {
    return history_reader_ptr{std::make_unique<memory_reader>(model_)};
  }

  outcome<history_folder_ptr> open_history_folder() override {
    return history_folder_ptr{std::make_unique<memory_history_folder>()};
  }

  outcome<void> backup(const std::filesystem::path&) override {
    return failure{errc::storage_failed, "a data folder in memory cannot be backed up"};
  }

private:
  model_ptr model_ = std::make_shared<model>();
};

} // namespace

data_folder_ptr make_memory_folder() {
  return std::make_shared<memory_folder>();
}

} // namespace atrium::storage
