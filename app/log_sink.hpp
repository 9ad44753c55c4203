#pragma once

#include "config/options.hpp"
#include "schema/log.hpp"

#include <memory>

namespace spdlog {
class logger;
namespace sinks {
class sink;
} // namespace sinks
} // namespace spdlog

namespace atrium::app {

/// Writes each line with its time and level: `2026-01-31T12:00:00.000+00:00 info event text k=v`,
/// or as a JSON object. Thread-safe; levels are filtered before, by `log::set_level`.
class log_sink final : public log::sink {
public:
  /// Writes to stderr.
  explicit log_sink(config::log_options::format_type format);

  /// Writes to `target`.
  log_sink(config::log_options::format_type format, std::shared_ptr<spdlog::sinks::sink> target);

  ~log_sink() override;

  void write(const log::record& x) noexcept override;

private:
  config::log_options::format_type format_;
  std::unique_ptr<spdlog::logger> logger_;
};

} // namespace atrium::app
