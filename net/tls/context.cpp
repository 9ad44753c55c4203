#include "net/tls/context.hpp"

#include "schema/log.hpp"

#include <cerrno>
#include <system_error>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <sys/socket.h>

namespace atrium::net {

namespace {

/// OpenSSL's own writes with `write`, which ends the process by SIGPIPE when the peer is gone.
int write_quietly(BIO* bio, const char* data, int size) {
  int socket = -1;
  BIO_get_fd(bio, &socket);
  BIO_clear_retry_flags(bio);
  auto n = ::send(socket, data, static_cast<std::size_t>(size), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (n < 0 && (errno == EAGAIN || errno == EINTR))
    BIO_set_retry_write(bio);
  return static_cast<int>(n);
}

/// OpenSSL's socket, but for its writes.
BIO_METHOD* make_socket_method() {
  const auto* base = BIO_s_socket();
  auto* out = BIO_meth_new(BIO_TYPE_SOCKET, "socket without SIGPIPE");
  if (out == nullptr)
    return nullptr;
  BIO_meth_set_write(out, write_quietly);
  BIO_meth_set_read(out, BIO_meth_get_read(base));
  BIO_meth_set_ctrl(out, BIO_meth_get_ctrl(base));
  BIO_meth_set_create(out, BIO_meth_get_create(base));
  BIO_meth_set_destroy(out, BIO_meth_get_destroy(base));
  return out;
}

/// The default asks on the terminal.
int no_passphrase(char*, int, int, void*) {
  return -1;
}

int verify_mode(client_certificates x) {
  switch (x) {
    case client_certificates::none: return SSL_VERIFY_NONE;
    case client_certificates::optional: return SSL_VERIFY_PEER;
    case client_certificates::required: return SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
  }
  return SSL_VERIFY_NONE;
}

bool trust_clients_of(SSL_CTX* context, const std::string& file) {
  auto* names = SSL_load_client_CA_file(file.c_str());
  if (names == nullptr)
    return false;
  SSL_CTX_set_client_CA_list(context, names);
  return SSL_CTX_load_verify_file(context, file.c_str()) == 1;
}

std::string reason_of(unsigned long error) {
  if (ERR_SYSTEM_ERROR(error))
    return std::generic_category().message(ERR_GET_REASON(error));
  const auto* text = ERR_reason_error_string(error);
  return text != nullptr ? text : "unknown";
}

errc refuse(std::string_view text, const std::string& file) {
  // The first error of a row tells most.
  log::error("tls-failed", text, {{"file", file}, {"reason", reason_of(ERR_peek_error())}});
  ERR_clear_error();
  return errc::invalid_config;
}

} // namespace

tls_context::tls_context()
  : context_{SSL_CTX_new(TLS_server_method())},
    socket_method_{make_socket_method()} {
}

result<tls_context> tls_context::load(const tls_options& x) {
  tls_context out;
  auto* context = out.context_.get();
  ERR_clear_error();
  if (context == nullptr || out.socket_method_ == nullptr)
    return refuse("TLS cannot be set up", {});
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20");
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE
                                 | SSL_OP_PRIORITIZE_CHACHA);
  // An idle connection gives its buffers back; what was not sent at once may stand elsewhere when
  // it is tried again.
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  // Clients resume with tickets that they keep themselves.
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  constexpr std::string_view name = "atrium";
  SSL_CTX_set_session_id_context(context, reinterpret_cast<const unsigned char*>(name.data()),
                                 name.size());
  SSL_CTX_set_default_passwd_cb(context, no_passphrase);
  if (SSL_CTX_use_certificate_chain_file(context, x.certificate_file.c_str()) != 1)
    return refuse("the certificate cannot be used", x.certificate_file);
  if (SSL_CTX_use_PrivateKey_file(context, x.key_file.c_str(), SSL_FILETYPE_PEM) != 1
      || SSL_CTX_check_private_key(context) != 1)
    return refuse("the private key cannot be used", x.key_file);
  if (x.clients != client_certificates::none && ! trust_clients_of(context, x.client_ca_file))
    return refuse("the authority of clients cannot be used", x.client_ca_file);
  SSL_CTX_set_verify(context, verify_mode(x.clients), nullptr);
  return out;
}

tls_context::connection tls_context::over(int socket) const {
  connection out{SSL_new(context_.get())};
  auto* bio = BIO_new(socket_method_.get());
  if (out == nullptr || bio == nullptr) {
    BIO_free(bio);
    return nullptr;
  }
  BIO_set_fd(bio, socket, BIO_NOCLOSE);
  SSL_set_bio(out.get(), bio, bio);
  SSL_set_accept_state(out.get());
  return out;
}

} // namespace atrium::net
