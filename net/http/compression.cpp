#include "net/http/compression.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/string.hpp>

#include <algorithm>
#include <charconv>
#include <new>

#include <zlib.h>

namespace atrium::net {

namespace asio = boost::asio;

namespace {

constexpr std::size_t slice_bytes = std::size_t{16} * 1024;

std::string_view trim(std::string_view x) noexcept {
  constexpr std::string_view blank = " \t";
  auto begin = std::min(x.find_first_not_of(blank), x.size());
  return x.substr(begin, x.find_last_not_of(blank) + 1 - begin);
}

/// Takes the text up to `separator` off `rest`.
std::string_view take(std::string_view& rest, char separator) noexcept {
  auto out = rest.substr(0, rest.find(separator));
  rest.remove_prefix(std::min(out.size() + 1, rest.size()));
  return trim(out);
}

/// The weight among the parameters of a list's element; 1 if there is none.
double weight(std::string_view parameters) noexcept {
  while (! parameters.empty()) {
    auto x = take(parameters, ';');
    if (! x.starts_with("q=") && ! x.starts_with("Q="))
      continue;
    auto out = 0.0;
    std::from_chars(x.data() + 2, x.data() + x.size(), out);
    return out;
  }
  return 1;
}

/// What a client thinks of one encoding.
struct preference {
  double weight = 0;
  bool by_name = false;
};

preference preference_for(std::string_view name, std::string_view accept) noexcept {
  preference out;
  while (! accept.empty()) {
    auto element = take(accept, ',');
    auto key = take(element, ';');
    auto by_name = boost::beast::iequals(key, name);
    if (by_name || (key == "*" && ! out.by_name))
      out = {weight(element), by_name};
    if (by_name)
      break;
  }
  return out;
}

/// Where the list names an encoding; its end if it does not.
std::size_t position(std::string_view name, std::string_view accept) noexcept {
  for (std::size_t i = 0; ! accept.empty(); ++i) {
    auto element = take(accept, ',');
    if (boost::beast::iequals(take(element, ';'), name))
      return i;
  }
  return accept.npos;
}

/// A running compression.
class deflater {
public:
  explicit deflater(content_encoding how) {
    constexpr int memory_level = 8;
    constexpr int gzip_bits = 16;
    auto bits = MAX_WBITS + (how == content_encoding::gzip ? gzip_bits : 0);
    if (::deflateInit2(&stream_, Z_DEFAULT_COMPRESSION, Z_DEFLATED, bits, memory_level,
                       Z_DEFAULT_STRATEGY)
        != Z_OK)
      throw std::bad_alloc{};
  }
  deflater(const deflater&) = delete;
  deflater& operator=(const deflater&) = delete;
  ~deflater() {
    ::deflateEnd(&stream_);
  }

  /// Appends what `x` becomes to `out`.
  void add(std::string& out, std::string_view x, bool last) {
    stream_.next_in
      = reinterpret_cast<Bytef*>(const_cast<char*>(x.data())); // NOLINT: C knows no const here
    stream_.avail_in = static_cast<uInt>(x.size());
    auto more = true;
    while (more) {
      auto begin = out.size();
      out.resize(begin + ::deflateBound(&stream_, stream_.avail_in) + 1);
      stream_.next_out = reinterpret_cast<Bytef*>(out.data() + begin); // NOLINT: zlib's bytes
      stream_.avail_out = static_cast<uInt>(out.size() - begin);
      ::deflate(&stream_, last ? Z_FINISH : Z_NO_FLUSH);
      more = stream_.avail_out == 0;
      out.erase(out.size() - stream_.avail_out);
    }
  }

private:
  z_stream stream_{};
};

} // namespace

std::optional<content_encoding> preferred_encoding(std::string_view accept_encoding) {
  auto gzip = preference_for("gzip", accept_encoding);
  auto deflate = preference_for("deflate", accept_encoding);
  if (gzip.weight <= 0 && deflate.weight <= 0)
    return std::nullopt;
  if (gzip.weight != deflate.weight)
    return gzip.weight > deflate.weight ? content_encoding::gzip : content_encoding::deflate;
  return position("deflate", accept_encoding) < position("gzip", accept_encoding)
           ? content_encoding::deflate
           : content_encoding::gzip;
}

asio::awaitable<std::string> compress(content_encoding how, std::string body) {
  deflater running{how};
  std::string out;
  for (std::string_view rest{body};;) {
    auto slice = rest.substr(0, slice_bytes);
    rest.remove_prefix(slice.size());
    running.add(out, slice, rest.empty());
    if (rest.empty())
      co_return out;
    co_await asio::post(asio::use_awaitable);
  }
}

} // namespace atrium::net
