#pragma once

#include "storage/journal_store.hpp"

#include <filesystem>
#include <vector>

namespace atrium::storage {

/// Changes of the journal without a gap: the n-th has sequence `first + n`.
struct journal_excerpt {
  sequence first = 1;
  std::vector<write> writes;
};

/// What the journal in the folder `data` holds behind `after`. When some of it was folded into the
/// history meanwhile: no writes, and a `first` beyond all that was given away. Of an object that
/// was written several times each write has its newest text.
[[nodiscard]] outcome<journal_excerpt>
changes_after(const std::filesystem::path& data, sequence after);

} // namespace atrium::storage
