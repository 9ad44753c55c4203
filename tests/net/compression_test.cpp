#include "net/http/compression.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <random>

#include <zlib.h>

using namespace atrium::net;

namespace {

/// "gzip", "deflate", or nothing.
std::string preferred(std::string_view header) {
  auto x = preferred_encoding(header);
  return x ? std::string{to_string(*x)} : std::string{};
}

std::string inflate(std::string_view bytes) {
  z_stream x{};
  constexpr int any_format = 32;
  REQUIRE(::inflateInit2(&x, MAX_WBITS + any_format) == Z_OK);
  std::string out(1 << 22, '\0');
  std::string in{bytes};
  x.next_in = reinterpret_cast<Bytef*>(in.data());
  x.avail_in = static_cast<uInt>(in.size());
  x.next_out = reinterpret_cast<Bytef*>(out.data());
  x.avail_out = static_cast<uInt>(out.size());
  CHECK(::inflate(&x, Z_FINISH) == Z_STREAM_END);
  out.resize(x.total_out);
  ::inflateEnd(&x);
  return out;
}

/// The compressed body, and how many times the worker did something else meanwhile.
std::pair<std::string, std::size_t> run(content_encoding how, std::string body) {
  boost::asio::io_context io;
  std::string out;
  boost::asio::co_spawn(
    io,
    [](content_encoding encoding, std::string text,
       std::string& to) -> boost::asio::awaitable<void> {
      to = co_await compress(encoding, std::move(text));
    }(how, std::move(body), out),
    boost::asio::detached);
  std::size_t turns = 0;
  while (io.run_one() != 0)
    ++turns;
  return {std::move(out), turns};
}

} // namespace

TEST_CASE("gzip is preferred unless the client says otherwise") {
  CHECK(preferred("gzip, deflate") == "gzip");
  CHECK(preferred("gzip, deflate, br") == "gzip");
  CHECK(preferred("GZip") == "gzip");
  CHECK(preferred("*") == "gzip");
  CHECK(preferred("deflate") == "deflate");
  CHECK(preferred("deflate, gzip") == "deflate");
  CHECK(preferred("gzip;q=0.5, deflate;q=0.8") == "deflate");
  CHECK(preferred("gzip; q=0, *") == "deflate");
  CHECK(preferred("gzip;q=0") == "");
  CHECK(preferred("br, identity") == "");
  CHECK(preferred("") == "");
  CHECK(preferred(" , ;q=1 ,") == "");
}

TEST_CASE("what was compressed comes out as it went in") {
  auto how = GENERATE(content_encoding::gzip, content_encoding::deflate);
  std::string text;
  for (auto i = 0; i < 100'000; ++i)
    text += std::to_string(i);
  auto [bytes, turns] = run(how, text);
  CHECK(bytes.size() < text.size() / 2);
  CHECK(inflate(bytes) == text);
  CHECK((static_cast<unsigned char>(bytes[0]) == 0x1f) == (how == content_encoding::gzip));
  std::string noise(50'000, '\0');
  std::minstd_rand random;
  for (auto& x : noise)
    x = static_cast<char>(random());
  CHECK(inflate(run(how, noise).first) == noise);
}

TEST_CASE("compressing something long lets others have their turn") {
  CHECK(run(content_encoding::gzip, std::string(1'000'000, 'x')).second
        > run(content_encoding::gzip, "short").second + 50);
}
