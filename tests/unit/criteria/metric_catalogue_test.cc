#include "model/criteria/metric_catalogue.h"

#include <set>
#include <string>

#include "gtest/gtest.h"

namespace kam::domain {
namespace {

TEST(MetricCatalogueTest, NamesEveryMetricOnceInTheOrderOfNumbers) {
  std::set<std::string> ids;
  int last = 0;
  for (const MetricDescription& metric : MetricCatalogue()) {
    EXPECT_GT(static_cast<int>(metric.metric), last);
    last = static_cast<int>(metric.metric);
    EXPECT_TRUE(ids.insert(std::string(NameOf(metric.metric))).second) << NameOf(metric.metric);
    EXPECT_FALSE(metric.description.empty()) << NameOf(metric.metric);
    EXPECT_FALSE(metric.unit.empty()) << NameOf(metric.metric);
    EXPECT_GE(metric.evidence_needed, 1) << NameOf(metric.metric);
    EXPECT_TRUE(!metric.window_adjustable || metric.default_window_months > 0)
        << NameOf(metric.metric);
    EXPECT_TRUE(!metric.whole_numbers || (metric.min_value && metric.max_value))
        << NameOf(metric.metric);
    EXPECT_EQ(FindMetric(metric.metric), &metric);
  }
  EXPECT_EQ(ids.size(), kEnumNames<Metric>.entries.size());
  EXPECT_FALSE(ids.contains("?"));
}

TEST(MetricCatalogueTest, KnowsNoOtherNumbers) {
  EXPECT_EQ(FindMetric(static_cast<Metric>(0)), nullptr);
  EXPECT_EQ(FindMetric(static_cast<Metric>(1000)), nullptr);
  EXPECT_EQ(FindMetric(static_cast<Metric>(-1)), nullptr);
}

}  // namespace
}  // namespace kam::domain
