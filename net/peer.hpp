#pragma once

#include <boost/intrusive/list.hpp>

namespace atrium::net {

/// Something with a TCP connection that a stopping server can cut. Stands in its shard's list.
class peer : public boost::intrusive::list_base_hook<
               boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
public:
  /// Closes the socket; the coroutine that uses it ends soon.
  virtual void abort() noexcept = 0;

  /// The server stops: ends at once if nothing is going on, else after what is going on.
  virtual void retire() noexcept = 0;

protected:
  ~peer() = default;
};

using peer_list = boost::intrusive::list<peer, boost::intrusive::constant_time_size<false>>;

} // namespace atrium::net
