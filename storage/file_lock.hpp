#pragma once

#include "storage/failure.hpp"

#include <filesystem>
#include <utility>

namespace atrium::storage {

/// An exclusive lock on a file, which the system gives back whatever way the process ends.
class file_lock {
public:
  /// Takes the lock and writes the process id into `file`, for people.
  /// @returns errc::storage_locked if another one holds it, in this process or elsewhere.
  [[nodiscard]] static outcome<file_lock> acquire(const std::filesystem::path& file);

  file_lock(file_lock&& other) noexcept : fd_{std::exchange(other.fd_, -1)} {
  }

  file_lock& operator=(file_lock&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }

  ~file_lock();

private:
  explicit file_lock(int fd) : fd_{fd} {
  }

  int fd_;
};

} // namespace atrium::storage
