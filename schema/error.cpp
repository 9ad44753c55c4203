#include "schema/error.hpp"

#include <boost/system/error_category.hpp>

#include <string>

namespace atrium {

namespace {

struct category final : boost::system::error_category {
  const char* name() const noexcept override {
    return "atrium";
  }

  std::string message(int code) const override {
    return to_string(static_cast<errc>(code));
  }
};

} // namespace

const char* to_string(errc x) noexcept {
  switch (x) {
    case errc::ok: return "ok";
    case errc::malformed: return "malformed input";
    case errc::limit_exceeded: return "a configured limit was exceeded";
    case errc::timeout: return "operation has timed out";
    case errc::actor_down: return "the actor that was asked has ended";
    case errc::cancelled: return "cancelled";
    case errc::storage_failed: return "the database failed, nothing was written";
    case errc::storage_full: return "the disk is full, nothing was written";
    case errc::storage_read_only: return "the database cannot be written";
    case errc::storage_newer: return "the database was written by a newer version of Atrium";
    case errc::storage_corrupt: return "the database is damaged";
    case errc::storage_locked: return "another hub uses the data folder";
    case errc::invalid_id: return "invalid id";
    case errc::invalid_pattern: return "invalid pattern";
    case errc::invalid_state: return "invalid state";
    case errc::invalid_object: return "invalid object";
    case errc::invalid_query: return "invalid query";
    case errc::no_such_object: return "Not exists";
    case errc::device_offline: return "the device is offline or refused the command";
    case errc::no_such_adapter: return "no such adapter";
    case errc::permission_denied: return "permissionError";
    case errc::invalid_config: return "invalid configuration";
    case errc::unknown_command: return "unknown command";
  }
  return "unknown error";
}

boost::system::error_code make_error_code(errc x) noexcept {
  static const category instance;
  return {static_cast<int>(x), instance};
}

} // namespace atrium
