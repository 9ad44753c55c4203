#include "api/detail/cluster_message.hpp"

#include "api/cluster_options.hpp"
#include "tests/fuzz/check.hpp"

using namespace atrium;

/// Any bytes at all; what is a message reads as the same message again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto limits = api::cluster_options{}.messages;
  auto x = api::detail::decode_cluster_message(fuzz::text_of(data, size), limits);
  if (! x) {
    fuzz::check(x.error() == errc::malformed || x.error() == errc::limit_exceeded);
    return 0;
  }
  fuzz::check(! x->from.empty() && ! x->nsp.empty());
  fuzz::check(x->content.attachments.size() <= limits.attachments_max);
  auto once = encode_cluster_message(*x);
  // A value may name its attachments more often than the limit of a decoder allows, and an
  // extension is nested deeper as an array than it was.
  limits.attachments_max = once.size();
  limits.depth_max += 1;
  auto again = api::detail::decode_cluster_message(once, limits);
  fuzz::check(again.has_value() && again->type == x->type && again->request == x->request);
  fuzz::check(encode_cluster_message(*again) == once);
  return 0;
}
