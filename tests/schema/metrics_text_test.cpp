#include "schema/metrics_text.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cstdint>

using namespace atrium;

TEST_CASE("a metric of one sample has its help, its type and its value") {
  metrics_text aut;
  aut.counter("a_total", "What a is.", std::uint64_t{7});
  aut.gauge("b", "What b is.", std::int64_t{-3});
  aut.gauge("c_seconds", "What c is.", 0.25);
  CHECK(aut.text()
        == "# HELP a_total What a is.\n# TYPE a_total counter\na_total 7\n"
           "# HELP b What b is.\n# TYPE b gauge\nb -3\n"
           "# HELP c_seconds What c is.\n# TYPE c_seconds gauge\nc_seconds 0.25\n");
}

TEST_CASE("samples of one metric differ by their labels, which are escaped") {
  metrics_text aut;
  aut.counter("a_total", "What a is.");
  aut.sample({{"x", "1"}, {"y", "2"}}, std::uint64_t{1});
  aut.sample({{"x", "q\"b\\n\n"}}, std::uint64_t{2});
  CHECK(aut.text()
        == "# HELP a_total What a is.\n# TYPE a_total counter\n"
           "a_total{x=\"1\",y=\"2\"} 1\n"
           "a_total{x=\"q\\\"b\\\\n\\n\"} 2\n");
}

TEST_CASE("the buckets of a histogram add up, and the last one is everything") {
  metrics_text aut;
  aut.histogram("t_seconds", "How long.");
  const std::array<metrics_text::bucket, 2> buckets{{{0.001, 3}, {0.5, 2}}};
  aut.histogram_sample({{"worker", "0"}}, buckets, 1, 1.5);
  CHECK(aut.text()
        == "# HELP t_seconds How long.\n# TYPE t_seconds histogram\n"
           "t_seconds_bucket{worker=\"0\",le=\"0.001\"} 3\n"
           "t_seconds_bucket{worker=\"0\",le=\"0.5\"} 5\n"
           "t_seconds_bucket{worker=\"0\",le=\"+Inf\"} 6\n"
           "t_seconds_sum{worker=\"0\"} 1.5\n"
           "t_seconds_count{worker=\"0\"} 6\n");
}
