#include "storage/file_lock.hpp"

#include <array>
#include <cerrno>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace atrium::storage {

namespace {

std::string owner(int fd) {
  auto text = std::array<char, 32>{};
  auto size = ::pread(fd, text.data(), text.size(), 0);
  auto pid = std::string{text.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
  while (! pid.empty() && pid.back() == '\n')
    pid.pop_back();
  return pid.empty() ? std::string{} : " (process " + pid + ")";
}

failure system_failure(const std::filesystem::path& file, int code) {
  auto text = file.string() + ": " + std::generic_category().message(code);
  switch (code) {
    case EACCES:
    case EPERM:
    case EROFS:
      return {errc::storage_read_only,
              text + "; make the data folder writable for the user that runs the hub"};
    case ENOSPC:
    case EDQUOT: return {errc::storage_full, text + "; make room on the disk"};
    default: return {errc::storage_failed, text};
  }
}

} // namespace

outcome<file_lock> file_lock::acquire(const std::filesystem::path& file) {
  auto fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0)
    return system_failure(file, errno);
  auto lock = file_lock{fd};
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    if (auto code = errno; code != EWOULDBLOCK)
      return system_failure(file, code);
    return failure{errc::storage_locked, file.string() + ": another hub" + owner(fd)
                                           + " uses this data folder; stop it, or choose another "
                                             "folder"};
  }
  auto pid = std::to_string(::getpid()) + "\n";
  if (::ftruncate(fd, 0) != 0 || ::pwrite(fd, pid.data(), pid.size(), 0) < 0)
    return system_failure(file, errno);
  return lock;
}

file_lock::~file_lock() {
  if (fd_ >= 0)
    ::close(fd_);
}

} // namespace atrium::storage
