#include "sources.hpp"

#include <fstream>

#include <stdlib.h>
#include <unistd.h>

namespace atrium::config {

temporary_file::temporary_file(const std::string& text) {
  auto name = (std::filesystem::temp_directory_path() / "atrium-config-XXXXXX").string();
  ::close(::mkstemp(name.data()));
  path_ = name;
  std::ofstream{path_} << text;
}

temporary_file::~temporary_file() {
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
}

load_result load_text(const std::string& text) {
  temporary_file file{text};
  auto loaded = load({.file = file.path()});
  if (loaded)
    return loaded;
  auto problems = loaded.error();
  for (auto& problem : problems)
    if (problem.where.source == file.path().string())
      problem.where.source = "FILE";
  return problems;
}

std::string messages(const load_result& x) {
  std::string out;
  if (! x)
    for (const auto& problem : x.error())
      out += to_string(problem) + "\n";
  return out;
}

} // namespace atrium::config
