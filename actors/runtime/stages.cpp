#include "actors/runtime/stages.hpp"

#include "actors/runtime/sleep.hpp"
#include "actors/runtime/worker.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/system/system_error.hpp>

namespace atrium::runtime {

namespace {

/// Whether the stage completed; what it throws is reported, except that it was cancelled.
asio::awaitable<bool> completes(const stage& x) {
  try {
    co_await x.stop();
    co_return true;
  } catch (const boost::system::system_error& e) {
    if (e.code() != asio::error::operation_aborted)
      worker::current()->report("stop stage " + x.name, std::current_exception());
  } catch (...) {
    worker::current()->report("stop stage " + x.name, std::current_exception());
  }
  co_return false;
}

} // namespace

asio::awaitable<std::vector<std::string>> run_stages(std::vector<stage> stages) {
  using namespace asio::experimental::awaitable_operators;
  std::vector<std::string> failed;
  for (auto& x : stages) {
    auto first = co_await (completes(x) || sleep(x.grace));
    auto* completed = std::get_if<0>(&first);
    if (! completed || ! *completed)
      failed.push_back(x.name);
  }
  co_return failed;
}

} // namespace atrium::runtime
