#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>

#include <stdlib.h>

namespace atrium::test {

/// A new empty folder below the system's folder for temporary files, removed with all it holds.
class temp_folder {
public:
  temp_folder() {
    auto name = (std::filesystem::temp_directory_path() / "atrium-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr)
      throw std::runtime_error{"no temporary folder"};
    path_ = name;
  }

  temp_folder(const temp_folder&) = delete;
  temp_folder& operator=(const temp_folder&) = delete;

  ~temp_folder() {
    auto ec = std::error_code{};
    std::filesystem::remove_all(path_, ec);
  }

  const std::filesystem::path& path() const noexcept {
    return path_;
  }

private:
  std::filesystem::path path_;
};

} // namespace atrium::test
