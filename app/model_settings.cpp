#include "app/model_settings.hpp"

namespace atrium::app {

model_options model_settings(const config::options& settings, std::string host) {
  auto& limits = settings.limits;
  model_options result;
  result.journal.batch_max = settings.journal.batch_max;
  result.journal.publish_immediately
    = settings.journal.publish == config::journal_options::publish_type::immediately;
  result.journal_queue = {settings.journal.queue_max, settings.journal.queue_bytes_max};
  result.catalog.host = std::move(host);
  result.catalog.device.confirm_timeout = std::chrono::milliseconds{limits.confirm_timeout_ms};
  for (auto& x : settings.adapters)
    result.adapters.instances.push_back({x.type, x.name, x.settings});
  result.folder.interval = std::chrono::milliseconds{settings.history.fold_interval_ms};
  result.folder.keep.all.age_max = std::chrono::hours{24 * settings.history.retention_days};
  result.folder.keep.all.rows_max = settings.history.rows_per_state_max;
  result.readers = settings.history.readers;
  return result;
}

} // namespace atrium::app
