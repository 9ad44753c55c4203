#include "net/tls/stream.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/x509.h>

namespace atrium::net {

namespace {

tls_failure cause_of(unsigned long error) {
  // What the system says, or nothing at all: the connection has broken.
  if (ERR_GET_LIB(error) != ERR_LIB_SSL)
    return ERR_SYSTEM_ERROR(error) || error == 0 ? tls_failure::gone : tls_failure::protocol;
  auto reason = ERR_GET_REASON(error);
  switch (reason) {
    case SSL_R_HTTP_REQUEST: return tls_failure::plain_http;
    case SSL_R_UNEXPECTED_EOF_WHILE_READING: return tls_failure::gone;
    case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
    case SSL_R_CERTIFICATE_VERIFY_FAILED: return tls_failure::client_certificate;
    // Alerts of the peer have reasons of their own, from here on.
    default: return reason > SSL_AD_REASON_OFFSET ? tls_failure::rejected : tls_failure::protocol;
  }
}

} // namespace

tls_stream::tls_stream(const tls_context& context, int socket)
  : connection_{context.over(socket)},
    broken_{connection_ == nullptr} {
}

tls_stream::state tls_stream::outcome(int result) {
  switch (SSL_get_error(connection_.get(), result)) {
    case SSL_ERROR_NONE: return state::done;
    case SSL_ERROR_WANT_READ: return state::wants_read;
    case SSL_ERROR_WANT_WRITE: return state::wants_write;
    case SSL_ERROR_ZERO_RETURN: return state::ended;
    default: broken_ = true; return state::ended;
  }
}

tls_stream::state tls_stream::handshake() {
  if (broken_)
    return state::ended;
  ERR_clear_error();
  auto out = outcome(SSL_do_handshake(connection_.get()));
  if (out == state::ended) {
    auto why = ERR_peek_error();
    cause_ = cause_of(why);
    const auto* text = ERR_reason_error_string(why);
    failure_ = text != nullptr ? text : "the peer has gone";
  }
  return out;
}

tls_stream::step tls_stream::read(std::span<char> into) {
  if (broken_)
    return {state::ended};
  ERR_clear_error();
  auto n = SSL_read(connection_.get(), into.data(), static_cast<int>(into.size()));
  if (n > 0)
    return {state::done, static_cast<std::size_t>(n)};
  return {outcome(n)};
}

tls_stream::step tls_stream::write(std::string_view bytes) {
  if (broken_)
    return {state::ended};
  ERR_clear_error();
  auto n = SSL_write(connection_.get(), bytes.data(), static_cast<int>(bytes.size()));
  if (n > 0)
    return {state::done, static_cast<std::size_t>(n)};
  return {outcome(n)};
}

tls_stream::state tls_stream::shut_down() {
  if (broken_)
    return state::ended;
  ERR_clear_error();
  auto n = SSL_shutdown(connection_.get());
  // 0: it was sent, and the peer has not said the same, which nobody waits for.
  return n >= 0 ? state::done : outcome(n);
}

std::shared_ptr<const std::string> tls_stream::peer_subject() const {
  auto* certificate = SSL_get0_peer_certificate(connection_.get());
  if (certificate == nullptr)
    return nullptr;
  std::unique_ptr<BIO, decltype(&BIO_free)> text{BIO_new(BIO_s_mem()), &BIO_free};
  X509_NAME_print_ex(text.get(), X509_get_subject_name(certificate), 0,
                     XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
  char* data = nullptr;
  auto size = BIO_get_mem_data(text.get(), &data);
  return std::make_shared<const std::string>(data, static_cast<std::size_t>(size));
}

} // namespace atrium::net
