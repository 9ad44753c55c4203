#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace atrium {

/// Writes metrics as the text that Prometheus reads, version 0.0.4. Names and help come from the
/// program: names are not checked, help has neither a backslash nor a line break.
class metrics_text {
public:
  static constexpr std::string_view content_type = "text/plain; version=0.0.4; charset=utf-8";

  struct label {
    std::string_view name;
    std::string_view value;
  };
  using labels = std::initializer_list<label>;

  /// How many took at most `bound` seconds, those of the buckets before it not counted.
  struct bucket {
    double bound;
    std::uint64_t count;
  };

  /// Begins a metric whose samples follow.
  void counter(std::string_view name, std::string_view help);
  void gauge(std::string_view name, std::string_view help);

  /// A sample of the metric that was begun last.
  void sample(labels which, std::integral auto value) {
    write_sample(which, std::to_string(value));
  }
  void sample(labels which, double value);

  /// A metric of one sample.
  void counter(std::string_view name, std::string_view help, auto value) {
    counter(name, help);
    sample({}, value);
  }
  void gauge(std::string_view name, std::string_view help, auto value) {
    gauge(name, help);
    sample({}, value);
  }

  /// Begins a histogram of seconds, and adds what one thing has done. @param over how many took
  /// longer than the last bound.
  void histogram(std::string_view name, std::string_view help);
  void
  histogram_sample(labels which, std::span<const bucket> buckets, std::uint64_t over, double sum);

  [[nodiscard]] const std::string& text() const noexcept {
    return text_;
  }

private:
  void begin(std::string_view name, std::string_view help, std::string_view type);
  void write_sample(labels which, std::string_view value, std::string_view suffix = {},
                    std::string_view bound = {});

  std::string text_;
  std::string name_;
};

} // namespace atrium
