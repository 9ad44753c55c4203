#include "api/detail/cluster_link.hpp"

#include "schema/log.hpp"

#include <exception>
#include <utility>

namespace atrium::api::detail {

cluster_link::cluster_link(std::string node_, std::string nsp_, cluster_options options_)
  : node{std::move(node_)},
    nsp{std::move(nsp_)},
    options{std::move(options_)} {
}

void cluster_link::publish(cluster_message x) const noexcept {
  guarded([this, &x](cluster_bus& bus) {
    x.from = node;
    x.nsp = nsp;
    bus.publish(nsp, encode_cluster_message(x));
  });
}

void cluster_link::send(const std::string& to, cluster_message x) const noexcept {
  guarded([this, &to, &x](cluster_bus& bus) {
    x.from = node;
    x.nsp = nsp;
    bus.send(nsp, to, encode_cluster_message(x));
  });
}

void cluster_link::guarded(const std::function<void(cluster_bus&)>& f) const noexcept {
  try {
    f(*options.bus);
  } catch (const std::exception& e) {
    report(e.what());
  } catch (...) {
    report("the bus threw an exception of unknown type");
  }
}

void cluster_link::report(std::string_view what) const noexcept {
  try {
    if (options.on_error)
      options.on_error(nsp, what);
    else
      log::warn("cluster-error", what, {{"namespace", nsp}});
  } catch (...) {
    log::warn("cluster-error", "the handler of errors threw", {{"namespace", nsp}});
  }
}

} // namespace atrium::api::detail
