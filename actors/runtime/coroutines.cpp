#include "actors/runtime/coroutines.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

namespace atrium::runtime {

namespace {

bool is_abort(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const boost::system::system_error& e) {
    return e.code() == asio::error::operation_aborted;
  } catch (...) {
    return false;
  }
}

void report_end(worker& home, const std::string& name, const std::exception_ptr& error) {
  if (error && ! is_abort(error))
    home.report(name, error);
}

} // namespace

void spawn(worker& home, asio::awaitable<void> coroutine, std::string name) {
  asio::co_spawn(home.io().get_executor(), std::move(coroutine),
                 [&home, name = std::move(name)](const std::exception_ptr& error) {
                   report_end(home, name, error);
                 });
}

void coroutines::spawn(asio::awaitable<void> coroutine, std::string name) {
  auto i = running_.emplace(running_.end());
  auto ended = [this, i, name = std::move(name)](const std::exception_ptr& error) {
    report_end(home_, name, error);
    running_.erase(i);
    if (running_.empty() && when_empty_)
      std::exchange(when_empty_, nullptr)();
  };
  asio::co_spawn(home_.io().get_executor(), std::move(coroutine),
                 asio::bind_cancellation_slot(i->slot(), std::move(ended)));
}

void coroutines::cancel() {
  for (auto i = running_.begin(); i != running_.end();) {
    auto& signal = *i++; // a coroutine that ends at once leaves the list
    signal.emit(asio::cancellation_type::all);
  }
}

void coroutines::when_empty(std::function<void()> f) {
  if (running_.empty())
    f();
  else
    when_empty_ = std::move(f);
}

} // namespace atrium::runtime
