#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bench {

/// A kind of request with an ack: how it is written, and how its ack tells when it was sent.
class conversation {
public:
  virtual ~conversation() = default;

  /// Writes the next request over `packet`.
  virtual void write_request(std::string& packet) = 0;

  /// The microseconds since the request that this ack answers; nothing when it is not such an ack.
  virtual std::optional<double> read_ack(std::string_view packet) = 0;

  /// How many acks said that the request failed.
  [[nodiscard]] virtual std::uint64_t refused() const {
    return 0;
  }
};

/// `["echo", "<time>|<padding>"]`, answered with what it carried.
class echo_conversation final : public conversation {
public:
  explicit echo_conversation(std::size_t padding) : padding_(padding, 'x') {
  }

  void write_request(std::string& packet) override;
  std::optional<double> read_ack(std::string_view packet) override;

private:
  std::string padding_;
  std::uint64_t next_id_ = 0;
};

/// `["setState", "bench.0.s<n>", {"val":…,"ack":true}]` for a number of states in turn, answered
/// with `[null, id]` once it is durable. Acks of different states come in any order, so the time of
/// sending travels in the ack id.
class set_conversation final : public conversation {
public:
  explicit set_conversation(std::size_t states) : states_{states} {
  }

  void write_request(std::string& packet) override;
  std::optional<double> read_ack(std::string_view packet) override;
  [[nodiscard]] std::uint64_t refused() const override {
    return refused_;
  }

private:
  std::size_t states_;
  std::uint64_t counter_ = 0;
  std::uint64_t refused_ = 0;
};

} // namespace bench
