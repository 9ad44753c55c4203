#include "net/engine/client_files.hpp"

#include <boost/beast/core/string.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <iterator>

namespace atrium::net::engine {

namespace {

using file = client_files::file;

constexpr std::array bundles{"socket.io.js", "socket.io.min.js", "socket.io.msgpack.min.js",
                             "socket.io.esm.min.js"};

std::string read(const std::filesystem::path& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

file read_file(const std::filesystem::path& path, std::string_view type) {
  auto with = [&](const char* suffix) { return read(path.string() + suffix); };
  return {type, read(path), with(".br"), with(".gz"), with(".zz")};
}

/// One encoding of a file, and how much the client wants it.
struct offer {
  std::string_view name;
  const std::string* bytes;
  double weight = 0;
  bool named = false; // by its name, not by `*`
  std::size_t place = 0;

  [[nodiscard]] bool better_than(const offer& x) const noexcept {
    if (weight != x.weight)
      return weight > x.weight;
    if (named != x.named)
      return named;
    return place < x.place;
  }
};

/// Takes what stands before the first `separator` off `text`, without the blanks around it.
std::string_view take(std::string_view& text, char separator) {
  auto out = text.substr(0, text.find(separator));
  text.remove_prefix(std::min(out.size() + 1, text.size()));
  while (out.starts_with(' ') || out.starts_with('\t'))
    out.remove_prefix(1);
  while (out.ends_with(' ') || out.ends_with('\t'))
    out.remove_suffix(1);
  return out;
}

/// The weight among the parameters behind the name of an encoding; 1 if there is none.
double weight_of(std::string_view parameters) {
  auto out = 1.0;
  while (! parameters.empty())
    if (auto x = take(parameters, ';'); x.starts_with("q=") || x.starts_with("Q="))
      std::from_chars(x.data() + 2, x.data() + x.size(), out);
  return out;
}

/// The encoding that the client likes best of those that are there; of several the one that it
/// names first.
offer choose(const file& x, std::string_view accepted) {
  std::array<offer, 3> offers{{{"br", &x.brotli}, {"gzip", &x.gzip}, {"deflate", &x.deflate}}};
  for (std::size_t place = 1; ! accepted.empty(); ++place) {
    auto parameters = take(accepted, ',');
    auto name = take(parameters, ';');
    for (auto& each : offers) {
      auto named
        = boost::beast::iequals({name.data(), name.size()}, {each.name.data(), each.name.size()});
      if (named || (name == "*" && ! each.named))
        each = {each.name, each.bytes, weight_of(parameters), named, place};
    }
  }
  offer best{{}, &x.plain};
  for (auto& each : offers)
    if (each.weight > 0 && ! each.bytes->empty() && (best.name.empty() || each.better_than(best)))
      best = each;
  return best;
}

} // namespace

std::shared_ptr<const client_files> client_files::load(const std::filesystem::path& folder) {
  auto out = std::make_shared<client_files>();
  auto version = read(folder / "version");
  for (std::string name : bundles) {
    auto script = read_file(folder / name, "application/javascript; charset=utf-8");
    if (! script.plain.empty())
      out->files_.emplace(name, std::move(script));
    name += ".map";
    auto map = read_file(folder / name, "application/json; charset=utf-8");
    if (! map.plain.empty())
      out->files_.emplace(name, std::move(map));
  }
  if (version.empty() || out->files_.empty())
    return nullptr;
  out->etag_ = "\"" + version + "\"";
  return out;
}

std::optional<http_response>
client_files::answer(std::string_view name, const request_info& request) const {
  auto i = files_.find(name);
  if (i == files_.end())
    return std::nullopt;
  http_response out;
  auto known = request.header("if-none-match");
  if (known == etag_ || (known.starts_with("W/") && known.substr(2) == etag_)) {
    out.status = 304;
    return out;
  }
  auto chosen = choose(i->second, request.header("accept-encoding"));
  out.headers = {{"Cache-Control", "public, max-age=0"},
                 {"Content-Type", std::string{i->second.type}},
                 {"ETag", etag_},
                 {"Vary", "Accept-Encoding"}};
  if (! chosen.name.empty())
    out.headers.emplace_back("content-encoding", std::string{chosen.name});
  out.body = *chosen.bytes;
  return out;
}

} // namespace atrium::net::engine
