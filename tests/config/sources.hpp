#pragma once

#include "config/load.hpp"

#include <filesystem>
#include <string>

namespace atrium::config {

/// A configuration file with the given text, deleted with the object.
class temporary_file {
public:
  explicit temporary_file(const std::string& text);
  ~temporary_file();

  temporary_file(const temporary_file&) = delete;
  temporary_file& operator=(const temporary_file&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const {
    return path_;
  }

private:
  std::filesystem::path path_;
};

/// Loads a file with this text alone; the path in messages is replaced by `FILE`.
load_result load_text(const std::string& text);

/// The messages of a failed load, each on a line of its own; empty when it did not fail.
std::string messages(const load_result& x);

} // namespace atrium::config
