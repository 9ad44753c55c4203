#include "net/tls/context.hpp"
#include "tests/net/server_rig.hpp"
#include "tests/support/temp_folder.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cstdio>
#include <fstream>
#include <memory>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

using namespace atrium;
namespace asio = boost::asio;
using namespace std::chrono_literals;
using test::server_rig;
using test::sid_of;
using test::tcp_client;

namespace {

const std::string polling = "/engine.io/?EIO=4&transport=polling";

using file_handle = std::unique_ptr<std::FILE, decltype(&std::fclose)>;

file_handle create(const std::filesystem::path& name) {
  return {std::fopen(name.c_str(), "w"), &std::fclose};
}

/// A key and a certificate that it signed itself, as files.
struct identity {
  identity() {
    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key{EVP_EC_gen("P-256"), &EVP_PKEY_free};
    std::unique_ptr<X509, decltype(&X509_free)> x{X509_new(), &X509_free};
    constexpr auto day_s = 86'400;
    X509_set_version(x.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(x.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(x.get()), -day_s);
    X509_gmtime_adj(X509_getm_notAfter(x.get()), day_s);
    X509_set_pubkey(x.get(), key.get());
    const std::array<unsigned char, 4> name{'t', 'e', 's', 't'};
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x.get()), "CN", MBSTRING_UTF8, name.data(),
                               name.size(), -1, 0);
    X509_set_issuer_name(x.get(), X509_get_subject_name(x.get()));
    X509_sign(x.get(), key.get(), EVP_sha256());
    files.certificate_file = (folder.path() / "certificate.pem").string();
    files.key_file = (folder.path() / "key.pem").string();
    PEM_write_X509(create(files.certificate_file).get(), x.get());
    PEM_write_PrivateKey(create(files.key_file).get(), key.get(), nullptr, nullptr, 0, nullptr,
                         nullptr);
  }

  test::temp_folder folder;
  net::tls_options files;
};

/// A blocking client that trusts anybody.
class tls_client {
public:
  explicit tls_client(const server_rig& rig, const identity* shown = nullptr) : tcp{rig} {
    if (shown != nullptr) {
      SSL_CTX_use_certificate_chain_file(context_.get(), shown->files.certificate_file.c_str());
      SSL_CTX_use_PrivateKey_file(context_.get(), shown->files.key_file.c_str(), SSL_FILETYPE_PEM);
    }
    tls_.reset(SSL_new(context_.get()));
    SSL_set_fd(tls_.get(), tcp.socket.native_handle());
    connected = SSL_connect(tls_.get()) == 1;
  }

  void write(std::string_view bytes) {
    SSL_write(tls_.get(), bytes.data(), static_cast<int>(bytes.size()));
  }

  /// What comes, until it holds `text` or the connection ends.
  std::string read_until(std::string_view text) {
    std::string out;
    std::array<char, 4096> part{};
    while (out.find(text) == out.npos) {
      auto n = SSL_read(tls_.get(), part.data(), static_cast<int>(part.size()));
      if (n <= 0)
        break;
      out.append(part.data(), static_cast<std::size_t>(n));
    }
    return out;
  }

  /// Whether the server says that nothing more comes.
  bool ended() {
    return read_until(std::string_view{"\0", 1}).empty()
           && (SSL_get_shutdown(tls_.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
  }

  /// Says that nothing more comes, and reads on.
  void end() {
    SSL_shutdown(tls_.get());
  }

  tcp_client tcp;
  bool connected = false;

private:
  std::unique_ptr<SSL_CTX, net::tls_context::deleter> context_{SSL_CTX_new(TLS_client_method())};
  std::unique_ptr<SSL, net::tls_context::deleter> tls_;
};

net::routes who_page() {
  net::routes x;
  x.pages.push_back({"/who", false,
                     [](const net::request_info& request,
                        const std::string&) -> asio::awaitable<net::http_response> {
                       auto& certificate = request.client_certificate;
                       co_return net::make_response(200,
                                                    std::string{request.secure ? "secure " : ""}
                                                      + request.remote_address.to_string() + " "
                                                      + (certificate ? *certificate : "nobody"));
                     }});
  return x;
}

std::string get(std::string_view target) {
  return "GET " + std::string{target} + " HTTP/1.1\r\nHost: a\r\n\r\n";
}

} // namespace

TEST_CASE("over TLS a page knows that it is secure, and who asks") {
  identity server;
  server_rig rig{2, {}, who_page(), {}, {}, server.files};
  tls_client client{rig};
  REQUIRE(client.connected);
  for (auto i = 0; i < 3; ++i) {
    client.write(get("/who"));
    CHECK(client.read_until("nobody").ends_with("\r\n\r\nsecure 127.0.0.1 nobody"));
  }
}

TEST_CASE("a client that shows a certificate is known by its subject") {
  identity server;
  identity friendly;
  identity strange;
  auto clients = GENERATE(net::client_certificates::optional, net::client_certificates::required);
  server.files.client_ca_file = friendly.files.certificate_file;
  server.files.clients = clients;
  server_rig rig{1, {}, who_page(), {}, {}, server.files};

  tls_client known{rig, &friendly};
  known.write(get("/who"));
  CHECK(known.read_until("test").ends_with("secure 127.0.0.1 CN=test"));

  tls_client unknown{rig, &strange};
  unknown.write(get("/who"));
  CHECK(unknown.read_until("test").empty());

  tls_client anonymous{rig};
  anonymous.write(get("/who"));
  CHECK(anonymous.read_until("nobody").empty() == (clients == net::client_certificates::required));
}

TEST_CASE("a polling session works over TLS, over any of its connections") {
  identity server;
  server_rig rig{4, {}, {}, {}, {}, server.files};
  tls_client first{rig};
  first.write(get(polling));
  auto target = polling + "&sid=" + sid_of(first.read_until("}"));
  for (auto i = 0; i < 8; ++i) {
    tls_client other{rig};
    std::string body = "4" + std::string(40'000, static_cast<char>('a' + i)) + "!";
    other.write("POST " + target + " HTTP/1.1\r\nHost: a\r\nContent-Length: "
                + std::to_string(body.size()) + "\r\n\r\n" + body);
    CHECK(other.read_until("ok").ends_with("\r\n\r\nok"));
    other.write(get(target));
    CHECK(other.read_until("!").ends_with("\r\n\r\n" + body));
  }
}

TEST_CASE("an end passes the door behind what was sent, in both directions") {
  identity server;
  server_rig rig{1, {}, who_page(), {}, {}, server.files};
  tls_client client{rig};
  client.write("GET /who HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  CHECK(client.read_until("nobody").ends_with("nobody"));
  CHECK(client.ended());

  tls_client half{rig};
  half.write(get("/who"));
  half.end();
  CHECK(half.read_until("nobody").ends_with("nobody"));
  CHECK(half.ended());
}

TEST_CASE("a client that leaves while its GET waits has left, over TLS too") {
  identity server;
  server_rig rig{2, {}, {}, {}, {}, server.files};
  std::string target;
  {
    tls_client client{rig};
    client.write(get(polling));
    target = polling + "&sid=" + sid_of(client.read_until("}"));
    client.write(get(target));
  }
  CHECK(rig.events.next() == "transport error: poll connection closed prematurely");
}

TEST_CASE("a peer that reads nothing is closed at the limit of its outbox") {
  identity server;
  server_rig rig{1, {}, {}, {}, {}, server.files};
  tls_client client{rig};
  client.write("GET /engine.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: a\r\n"
               "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
               "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
  CHECK(client.read_until("maxPayload").find("101 Switching Protocols") != std::string::npos);
  client.write(std::string_view{"\x81\x86\0\0\0\0"
                                "4flood",
                                12});
  CHECK(rig.events.next() == "transport error: outbox limit exceeded");
}

TEST_CASE("a handshake that fails or never ends costs its own connection only") {
  identity server;
  net::http_limits limits;
  limits.header_timeout = 200ms;
  server_rig rig{1, {}, who_page(), limits, {}, server.files};
  tcp_client silent{rig};
  CHECK(silent.ended());
  tcp_client plain{rig};
  CHECK(plain.get("/who") == "400 This port speaks HTTPS.\n");
  CHECK(plain.ended());
  tcp_client garbage{rig};
  garbage.write(std::string(10'000, '!'));
  CHECK_FALSE(garbage.answer().starts_with("200"));
  tls_client good{rig};
  good.write(get("/who"));
  CHECK(good.read_until("nobody").ends_with("nobody"));
}

TEST_CASE("closing the server ends what is open behind doors, and doors that nobody has passed") {
  identity server;
  server_rig rig{2, {}, {}, {}, {}, server.files};
  tcp_client waiting{rig};
  tls_client idle{rig};
  idle.write(get("/"));
  CHECK(idle.read_until("Found").ends_with("Not Found"));
  tls_client polled{rig};
  polled.write(get(polling));
  polled.write(get(polling + "&sid=" + sid_of(polled.read_until("}"))));
  CHECK(rig.server.connections() >= 3);
  CHECK(rig.close());
  // Its second GET may have been too late to be told.
  polled.read_until("\r\n\r\n1");
  CHECK(polled.ended());
  CHECK(idle.ended());
}

TEST_CASE("files that cannot be used are refused") {
  identity good;
  identity other;
  CHECK(net::tls_context::load(good.files).has_value());
  auto files = good.files;
  files.key_file = other.files.key_file;
  CHECK(net::tls_context::load(files).error() == errc::invalid_config);
  files.key_file = "/nowhere";
  CHECK(net::tls_context::load(files).error() == errc::invalid_config);
  files = good.files;
  files.certificate_file = files.key_file;
  CHECK(net::tls_context::load(files).error() == errc::invalid_config);
  files = good.files;
  files.clients = net::client_certificates::required;
  CHECK(net::tls_context::load(files).error() == errc::invalid_config);
}
