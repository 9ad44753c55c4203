#include "schema/metrics_text.hpp"

#include <array>
#include <charconv>

namespace atrium {

namespace {

/// The shortest text that reads back as `x`.
std::string number(double x) {
  std::array<char, 32> text{};
  auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), x);
  return {text.data(), end};
}

void append_label(std::string& out, std::string_view name, std::string_view value) {
  out.append(out.back() == '{' ? "" : ",").append(name).append("=\"");
  for (auto c : value)
    switch (c) {
      case '\\': out += "\\\\"; break;
      case '"': out += "\\\""; break;
      case '\n': out += "\\n"; break;
      default: out += c;
    }
  out += '"';
}

} // namespace

void metrics_text::begin(std::string_view name, std::string_view help, std::string_view type) {
  name_ = name;
  text_.append("# HELP ").append(name).append(" ").append(help).append("\n");
  text_.append("# TYPE ").append(name).append(" ").append(type).append("\n");
}

void metrics_text::counter(std::string_view name, std::string_view help) {
  begin(name, help, "counter");
}

void metrics_text::gauge(std::string_view name, std::string_view help) {
  begin(name, help, "gauge");
}

void metrics_text::histogram(std::string_view name, std::string_view help) {
  begin(name, help, "histogram");
}

void metrics_text::sample(labels which, double value) {
  write_sample(which, number(value));
}

void metrics_text::write_sample(labels which, std::string_view value, std::string_view suffix,
                                std::string_view bound) {
  text_.append(name_).append(suffix);
  if (which.size() > 0 || ! bound.empty()) {
    text_ += '{';
    for (auto& x : which)
      append_label(text_, x.name, x.value);
    if (! bound.empty())
      append_label(text_, "le", bound);
    text_ += '}';
  }
  text_.append(" ").append(value).append("\n");
}

void metrics_text::histogram_sample(labels which, std::span<const bucket> buckets,
                                    std::uint64_t over, double sum) {
  std::uint64_t count = 0;
  for (auto& x : buckets) {
    count += x.count;
    write_sample(which, std::to_string(count), "_bucket", number(x.bound));
  }
  count += over;
  write_sample(which, std::to_string(count), "_bucket", "+Inf");
  write_sample(which, number(sum), "_sum");
  write_sample(which, std::to_string(count), "_count");
}

} // namespace atrium
