#pragma once

#include "net/http/response.hpp"
#include "net/request_info.hpp"

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace atrium::net::engine {

/// The bundles of the official client as an endpoint serves them to pages: in memory, each plain
/// and compressed. Immutable.
class client_files {
public:
  struct file {
    std::string_view type;
    std::string plain;
    /// Empty if it is not there in that encoding.
    std::string brotli, gzip, deflate;
  };

  /// Reads the folder that `web/client/bundles.mjs` made: the bundles and their maps by their
  /// names, compressed with `.br`, `.gz` and `.zz` behind them, and `version`. @returns null if the
  /// folder has no bundles or no version.
  static std::shared_ptr<const client_files> load(const std::filesystem::path& folder);

  /// The answer to a request for the file `name`, by any method; 304 if the client has this
  /// version. Absent if there is no such file.
  [[nodiscard]] std::optional<http_response>
  answer(std::string_view name, const request_info& request) const;

private:
  std::string etag_;
  std::map<std::string, file, std::less<>> files_;
};

} // namespace atrium::net::engine
