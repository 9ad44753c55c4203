#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <variant>

/// Logging for every layer, without a library behind it: a program sets a sink.
///
///     log::warn("outbox-full", "a slow reader was disconnected", {{"sid", sid}, {"bytes", n}});
///
/// The first word is stable: dashboards and tests look for it. All functions are thread-safe.
namespace atrium::log {

enum class level : std::uint8_t { trace, debug, info, warn, error, off };

/// `trace`, `debug`, …
[[nodiscard]] std::string_view to_string(level x) noexcept;

/// One `key=value` of a line. Only views its texts: use it as an argument, never store it.
struct field {
  using value_type = std::variant<bool, std::int64_t, std::uint64_t, double, std::string_view>;

  constexpr field(std::string_view k, bool x) noexcept : key(k), value(x) {
  }
  constexpr field(std::string_view k, std::signed_integral auto x) noexcept
    : key(k),
      value(std::int64_t{x}) {
  }
  constexpr field(std::string_view k, std::unsigned_integral auto x) noexcept
    : key(k),
      value(std::uint64_t{x}) {
  }
  constexpr field(std::string_view k, double x) noexcept : key(k), value(x) {
  }
  constexpr field(std::string_view k, std::string_view x) noexcept : key(k), value(x) {
  }
  constexpr field(std::string_view k, const char* x) noexcept : field(k, std::string_view{x}) {
  }
  field(std::string_view k, const std::string& x) noexcept : field(k, std::string_view{x}) {
  }

  std::string_view key;
  value_type value;
};

using fields = std::initializer_list<field>;

/// One line on its way to the sink; lives as long as the call.
struct record {
  level severity;
  std::string_view event;
  std::string_view text;
  std::span<const field> extra;
};

/// Takes the lines. `write` is called by any thread, at the same time.
class sink {
public:
  virtual ~sink() = default;
  virtual void write(const record& x) noexcept = 0;
};

/// Sends all lines to `next` from now on and returns the sink before; null is the built-in one,
/// which writes `to_text` to stderr. The caller owns `next`, which must outlive every line.
sink* exchange_sink(sink* next) noexcept;

/// Drops lines below `least`; `warn` until it is called.
void set_level(level least) noexcept;

/// Whether a line of this level would be written. Cheap enough for any path.
[[nodiscard]] bool enabled(level x) noexcept;

/// Sends one line to the sink when its level is enabled.
void write(level severity, std::string_view event, std::string_view text, fields extra = {});

inline void trace(std::string_view event, std::string_view text, fields extra = {}) {
  write(level::trace, event, text, extra);
}

inline void debug(std::string_view event, std::string_view text, fields extra = {}) {
  write(level::debug, event, text, extra);
}

inline void info(std::string_view event, std::string_view text, fields extra = {}) {
  write(level::info, event, text, extra);
}

inline void warn(std::string_view event, std::string_view text, fields extra = {}) {
  write(level::warn, event, text, extra);
}

inline void error(std::string_view event, std::string_view text, fields extra = {}) {
  write(level::error, event, text, extra);
}

/// `event text key=value …`, always one line: control characters are escaped, and values with
/// spaces or quotes are quoted.
[[nodiscard]] std::string to_text(const record& x);

/// The same as members of a JSON object, without the braces: `"event":"…","text":"…","key":value`.
[[nodiscard]] std::string to_json_members(const record& x);

} // namespace atrium::log
