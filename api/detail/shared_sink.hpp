#pragma once

#include "actors/lane_types.hpp"

#include <atomic>
#include <memory>
#include <utility>

namespace atrium::api::detail {

/// One sink for an event that goes several ways, to the namespaces of a family or to the nodes of
/// a cluster: what they expect together is told once. Any thread.
class shared_sink final : public ack_sink {
public:
  /// @param ways how often `expect` will be called.
  shared_sink(std::shared_ptr<ack_sink> to, std::size_t ways) : to_{std::move(to)}, missing_{ways} {
  }

  void expect(std::uint64_t sockets) override {
    expected_ += sockets;
    if (--missing_ == 0)
      to_->expect(expected_);
  }
  void answer(payload args) override {
    to_->answer(std::move(args));
  }
  void lost(std::uint64_t sockets) override {
    to_->lost(sockets);
  }

private:
  std::shared_ptr<ack_sink> to_;
  std::atomic<std::uint64_t> expected_{0};
  std::atomic<std::size_t> missing_;
};

} // namespace atrium::api::detail
