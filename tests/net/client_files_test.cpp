#include "net/engine/client_files.hpp"
#include "tests/net/server_rig.hpp"
#include "tests/support/temp_folder.hpp"

#include <fstream>

using namespace atrium;
using net::engine::client_files;
using test::server_rig;
using test::tcp_client;

namespace {

struct fixture {
  fixture() {
    write("version", "1.2.3");
    write("socket.io.js", "plain");
    for (auto* suffix : {"br", "gz", "zz"})
      write(std::string{"socket.io.js."} + suffix, suffix);
    write("socket.io.min.js.map", "{}");
    write("other.js", "other");
  }

  void write(const std::string& name, std::string_view text) const {
    std::ofstream{folder.path() / name} << text;
  }

  /// What a request with this header gets for `socket.io.js`.
  static net::http_response
  get(const client_files& aut, std::string_view header, std::string_view value) {
    net::request_info request;
    request.headers.add(header, value);
    auto out = aut.answer("socket.io.js", request);
    REQUIRE(out);
    return std::move(*out);
  }

  test::temp_folder folder;
};

} // namespace

TEST_CASE_METHOD(fixture, "a client gets a bundle in the encoding that it likes best") {
  auto aut = client_files::load(folder.path());
  REQUIRE(aut);
  auto body
    = [&](std::string_view accepted) { return get(*aut, "accept-encoding", accepted).body; };
  CHECK(body("") == "plain");
  CHECK(body("gzip, deflate, br") == "gz");
  CHECK(body("br;q=1.0, gzip;q=0.8, *;q=0.1") == "br");
  CHECK(body("gzip;q=0.5, deflate") == "zz");
  CHECK(body("*") == "br");
  CHECK(body("*, gzip;q=0") == "br");
  CHECK(body("gzip;q=0") == "plain");
  CHECK(body("identity, zstd") == "plain");
  CHECK(get(*aut, "accept-encoding", "gzip").headers
        == net::header_list{{"Cache-Control", "public, max-age=0"},
                            {"Content-Type", "application/javascript; charset=utf-8"},
                            {"ETag", "\"1.2.3\""},
                            {"Vary", "Accept-Encoding"},
                            {"content-encoding", "gzip"}});
}

TEST_CASE_METHOD(fixture, "a client that has this version is told so, without headers") {
  auto aut = client_files::load(folder.path());
  REQUIRE(aut);
  for (auto* known : {"\"1.2.3\"", "W/\"1.2.3\""}) {
    auto x = get(*aut, "if-none-match", known);
    CHECK(x.status == 304);
    CHECK(x.headers.empty());
    CHECK(x.body.empty());
  }
  CHECK(get(*aut, "if-none-match", "\"1.2.2\"").status == 200);
}

TEST_CASE_METHOD(fixture,
                 "only the names of the reference are files, and only those that are there") {
  auto aut = client_files::load(folder.path());
  REQUIRE(aut);
  CHECK(aut->answer("socket.io.min.js.map", {}));
  for (auto* name :
       {"", "other.js", "version", "socket.io.min.js", "socket.io.js.gz", "../version"})
    CHECK_FALSE(aut->answer(name, {}));
}

TEST_CASE_METHOD(fixture, "a folder without bundles or version has no client") {
  CHECK_FALSE(client_files::load(folder.path() / "nowhere"));
  std::filesystem::remove(folder.path() / "version");
  CHECK_FALSE(client_files::load(folder.path()));
}

TEST_CASE_METHOD(fixture, "an endpoint serves the client below its path, before the engine") {
  net::engine::options x;
  x.client = client_files::load(folder.path());
  x.cors.emplace();
  x.add_trailing_slash = GENERATE(true, false);
  server_rig rig{1, x};
  tcp_client client{rig};
  CHECK(client.get("/engine.io/socket.io.js?v=1") == "200 plain");
  CHECK(client.head.find("Access-Control-Allow-Origin: *\r\n") != std::string::npos);
  client.write("DELETE /engine.io/socket.io.js HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK(client.answer() == "200 plain");
  CHECK(client.get("/engine.io/other.js") == R"(400 {"code":0,"message":"Transport unknown"})");
  CHECK(client.get("/engine.io/?EIO=4&transport=polling").starts_with("200 0{"));
}
