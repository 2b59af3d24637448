#include "domain/benefits/usage.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace kam::domain {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

Entitlement Valid(std::string id, absl::Duration from, absl::Duration until) {
  Entitlement entitlement;
  entitlement.id = std::move(id);
  entitlement.start_time = kNow + from;
  entitlement.end_time = kNow + until;
  return entitlement;
}

UsageDecision Decide(const std::vector<Entitlement>& entitlements) {
  return DecideUsage(Account{.id = "acme"}, entitlements, kNow);
}

TEST(UsageTest, NobodyUsesWhatWasNeverGranted) {
  const UsageDecision decision = Decide({});
  EXPECT_EQ(decision.denial, Denial::kNotEntitled);
  EXPECT_FALSE(decision.entitlement.has_value());
}

TEST(UsageTest, ValidityIsHalfOpen) {
  EXPECT_EQ(Decide({Valid("a", absl::ZeroDuration(), absl::Hours(1))}).denial, Denial::kNone);
  EXPECT_EQ(Decide({Valid("a", -absl::Hours(1), absl::ZeroDuration())}).denial, Denial::kExpired);
  EXPECT_EQ(Decide({Valid("a", absl::Microseconds(1), absl::Hours(1))}).denial,
            Denial::kNotStarted);
}

TEST(UsageTest, TheNewestRevokedOneSaysSo) {
  Entitlement revoked = Valid("b", -absl::Hours(1), absl::Hours(1));
  revoked.state = EntitlementState::kRevoked;
  const Entitlement expired = Valid("a", -absl::Hours(9), -absl::Hours(8));
  UsageDecision decision = Decide({revoked, expired});
  EXPECT_EQ(decision.denial, Denial::kRevoked);
  EXPECT_EQ(decision.entitlement->id, "b");
  decision = Decide({expired, revoked});
  EXPECT_EQ(decision.denial, Denial::kExpired);
}

TEST(UsageTest, AValidOneAllowsWhateverElseThereIs) {
  Entitlement revoked = Valid("c", -absl::Hours(1), absl::Hours(1));
  revoked.state = EntitlementState::kRevoked;
  const UsageDecision decision = Decide({revoked, Valid("b", absl::Hours(1), absl::Hours(2)),
                                         Valid("a", -absl::Hours(1), absl::Hours(1))});
  EXPECT_EQ(decision.denial, Denial::kNone);
  EXPECT_EQ(decision.entitlement->id, "a");
}

TEST(UsageTest, TheOneThatBeginsSoonestIsNearest) {
  const UsageDecision decision = Decide({Valid("c", absl::Hours(5), absl::Hours(6)),
                                         Valid("b", absl::Hours(1), absl::Hours(2)),
                                         Valid("a", -absl::Hours(2), -absl::Hours(1))});
  EXPECT_EQ(decision.denial, Denial::kNotStarted);
  EXPECT_EQ(decision.entitlement->id, "b");
}

TEST(UsageTest, ADeletedAccountUsesNothing) {
  Account deleted{.id = "acme"};
  deleted.delete_time = kNow;
  const std::vector<Entitlement> valid = {Valid("a", -absl::Hours(1), absl::Hours(1))};
  EXPECT_EQ(DecideUsage(deleted, valid, kNow).denial, Denial::kAccountDeleted);
  EXPECT_EQ(DecideUsage(deleted, {}, kNow).denial, Denial::kAccountDeleted);
}

}  // namespace
}  // namespace kam::domain
