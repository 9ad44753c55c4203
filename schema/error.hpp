#pragma once

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>

#include <cstdint>
#include <string_view>

namespace atrium {

/// Everything that can go wrong and that a caller may want to tell apart. Stored in 8 bits because
/// CAF errors carry exactly that. Each has one sentence for people in `to_string`.
enum class errc : std::uint8_t {
  ok = 0,
  /// Bytes or text that are not what their protocol allows.
  malformed,
  /// Something is larger, longer or deeper than its configured limit.
  limit_exceeded,
  /// The peer did not answer within the deadline.
  timeout,
  /// The actor that was asked has ended.
  actor_down,
  /// The work was cancelled, mostly because its owner ends.
  cancelled,
  /// The database refused or failed; nothing was written.
  storage_failed,
  /// The disk or the database is full; nothing was written.
  storage_full,
  /// The database cannot be written (read-only or busy); nothing was written.
  storage_read_only,
  /// The database was written by a newer version of Atrium.
  storage_newer,
  /// The database is damaged.
  storage_corrupt,
  /// Another hub uses the data folder.
  storage_locked,
  /// The id is empty, has forbidden characters, or ends in a dot.
  invalid_id,
  /// The pattern has characters that ids cannot have.
  invalid_pattern,
  /// A state with attributes that are unknown or of the wrong type.
  invalid_state,
  /// An object that is not an object, or lacks what it must have.
  invalid_object,
  /// A history query that makes no sense.
  invalid_query,
  /// No such object.
  no_such_object,
  /// The adapter that owns the device is not running, or refused the command.
  device_offline,
  /// No adapter of that type.
  no_such_adapter,
  /// The user may not do that.
  permission_denied,
  /// The configuration is wrong; the message names the key.
  invalid_config,
  /// A command that nobody knows.
  unknown_command,
};

/// Names an error for logs and for the wire: one sentence, never null. Thread-safe.
const char* to_string(errc x) noexcept;

boost::system::error_code make_error_code(errc x) noexcept;

/// A value, or the reason there is none.
template <class T>
using result = boost::system::result<T>;

} // namespace atrium

template <>
struct boost::system::is_error_code_enum<atrium::errc> : std::true_type {};
