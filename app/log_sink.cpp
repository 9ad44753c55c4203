#include "app/log_sink.hpp"

#include <array>
#include <exception>

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>

namespace atrium::app {

namespace {

using format_type = config::log_options::format_type;

constexpr const char* text_pattern = "%Y-%m-%dT%H:%M:%S.%e%z %v";
constexpr const char* json_pattern = R"({"time":"%Y-%m-%dT%H:%M:%S.%e%z",%v})";

spdlog::level::level_enum to_spdlog(log::level x) {
  constexpr std::array levels{spdlog::level::trace, spdlog::level::debug, spdlog::level::info,
                              spdlog::level::warn,  spdlog::level::err,   spdlog::level::off};
  return levels[static_cast<std::size_t>(x)];
}

} // namespace

log_sink::log_sink(format_type format)
  : log_sink(format, std::make_shared<spdlog::sinks::stderr_sink_mt>()) {
}

log_sink::log_sink(format_type format, std::shared_ptr<spdlog::sinks::sink> target)
  : format_(format),
    logger_(std::make_unique<spdlog::logger>("atrium", std::move(target))) {
  logger_->set_pattern(format == format_type::json ? json_pattern : text_pattern);
  logger_->set_level(spdlog::level::trace);
}

log_sink::~log_sink() = default;

void log_sink::write(const log::record& x) noexcept {
  try {
    auto level = std::string{log::to_string(x.severity)};
    if (format_ == format_type::json)
      logger_->log(to_spdlog(x.severity),
                   R"("level":")" + level + R"(",)" + log::to_json_members(x));
    else
      logger_->log(to_spdlog(x.severity), level + ' ' + log::to_text(x));
  } catch (const std::exception&) {
    // A line that cannot be written must not end the thread that wrote it.
  }
}

} // namespace atrium::app
