#include "schema/pattern_index.hpp"

#include "schema/id.hpp"

#include <algorithm>

namespace atrium {

namespace {

static_assert(id_bytes_max < 256, "a prefix must be an index of pattern_index::lengths_");

// FNV-1a, because the hash of a longer prefix continues that of a shorter one.
constexpr std::uint64_t hash_start = 0xcbf29ce484222325;

constexpr std::uint64_t hash_step(std::uint64_t hash, char c) noexcept {
  return (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
}

std::uint64_t hash_of(std::string_view text) noexcept {
  auto result = hash_start;
  for (auto c : text)
    result = hash_step(result, c);
  return result;
}

} // namespace

pattern_index::slot pattern_index::add(const pattern& x) {
  if (auto known = find(x.text()))
    return *known;
  if (free_.empty()) {
    free_.push_back(static_cast<slot>(entries_.size()));
    entries_.emplace_back();
  }
  auto i = free_.back();
  free_.pop_back();
  entries_[i] = x;
  slots_.emplace(x.text(), i);
  if (! x.is_literal()) {
    by_prefix_[hash_of(x.prefix())].push_back(i);
    ++lengths_[x.prefix().size()];
  }
  return i;
}

std::optional<pattern_index::slot> pattern_index::remove(std::string_view text) {
  auto known = slots_.find(text);
  if (known == slots_.end())
    return std::nullopt;
  auto i = known->second;
  auto& gone = *entries_[i];
  if (! gone.is_literal()) {
    auto bucket = by_prefix_.find(hash_of(gone.prefix()));
    std::erase(bucket->second, i);
    if (bucket->second.empty())
      by_prefix_.erase(bucket);
    --lengths_[gone.prefix().size()];
  }
  slots_.erase(known);
  entries_[i].reset();
  free_.push_back(i);
  return i;
}

std::optional<pattern_index::slot> pattern_index::find(std::string_view text) const {
  auto i = slots_.find(text);
  return i == slots_.end() ? std::nullopt : std::optional{i->second};
}

void pattern_index::match(std::string_view id, std::vector<slot>& result) const {
  if (auto exact = slots_.find(id); exact != slots_.end())
    result.push_back(exact->second);
  if (by_prefix_.empty())
    return;
  auto hash = hash_start;
  auto longest = std::min(id.size(), lengths_.size() - 1);
  for (std::size_t length = 0;; ++length) {
    if (lengths_[length] != 0)
      if (auto bucket = by_prefix_.find(hash); bucket != by_prefix_.end())
        for (auto i : bucket->second)
          if (entries_[i]->matches(id) && entries_[i]->text() != id)
            result.push_back(i);
    if (length == longest)
      return;
    hash = hash_step(hash, id[length]);
  }
}

} // namespace atrium
