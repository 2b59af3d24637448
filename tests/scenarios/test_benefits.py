"""Benefits, budgets, and who may use what."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import grpc
import pytest
from google.protobuf import field_mask_pb2
from kam.v1.account_service_pb2 import DeleteAccountRequest, UndeleteAccountRequest
from kam.v1.benefit_pb2 import Benefit, ClubMembership, CostModel, Discount, Eligibility, ValueModel
from kam.v1.benefit_service_pb2 import (
    ActivateBenefitRequest,
    AdjustBudgetRequest,
    CreateBenefitRequest,
    GetBudgetRequest,
    ListBudgetEntriesRequest,
    ListEntitlementsRequest,
    RetireBenefitRequest,
    RevokeEntitlementRequest,
    UpdateBenefitRequest,
)
from kam.v1.budget_pb2 import BudgetEntry
from kam.v1.entitlement_pb2 import Entitlement
from kam.v1.scorecard_pb2 import TIER_STRATEGIC
from kam.v1.usage_service_pb2 import CheckBenefitRequest, CheckBenefitResponse
from kam_client import KamError, paginate, to_decimal, to_money
from support import make, postgres

FAILED = grpc.StatusCode.FAILED_PRECONDITION


def _check(client, account_id, benefit_id) -> CheckBenefitResponse:
    return client.usage.CheckBenefit(
        CheckBenefitRequest(account=f"accounts/{account_id}", benefit=f"benefits/{benefit_id}")
    )


def _budget(client, budget_id):
    return client.benefits.GetBudget(GetBudgetRequest(name=f"budgets/{budget_id}"))


def _entries(client, budget_id):
    request = ListBudgetEntriesRequest(parent=f"budgets/{budget_id}")
    return list(paginate(client.benefits.ListBudgetEntries, request))


@pytest.fixture(scope="module", autouse=True)
def accounts(client):
    for name in ("anna", "bert", "carl"):
        make.account(client, name)


def test_grant_check_revoke(client, database):
    make.budget(client, "care", "100")
    make.benefit(client, "adviser", cost="30", budget="budgets/care")
    assert _check(client, "anna", "adviser").denial == CheckBenefitResponse.DENIAL_NOT_ENTITLED
    granted = make.grant(client, "anna", "adviser")
    assert granted.state == Entitlement.STATE_ACTIVE
    assert to_decimal(granted.reserved_cost) == 30
    assert granted.end_time.ToDatetime() - granted.start_time.ToDatetime() == timedelta(days=365)
    answer = _check(client, "anna", "adviser")
    assert answer.allowed and answer.entitlement == granted
    budget = _budget(client, "care")
    assert (to_decimal(budget.reserved), to_decimal(budget.available)) == (30, 70)

    request = RevokeEntitlementRequest(name=granted.name, etag=granted.etag, reason="test")
    revoked = client.benefits.RevokeEntitlement(request)
    assert revoked.state == Entitlement.STATE_REVOKED and revoked.HasField("revoke_time")
    answer = _check(client, "anna", "adviser")
    assert not answer.allowed and answer.denial == CheckBenefitResponse.DENIAL_REVOKED
    assert to_decimal(_budget(client, "care").reserved) == 0
    kinds = [e.kind for e in _entries(client, "care")]
    assert kinds == [
        BudgetEntry.KIND_RELEASE,
        BudgetEntry.KIND_RESERVE,
        BudgetEntry.KIND_ADJUST,  # the limit it began with
    ]


def test_what_is_held_is_not_granted_twice(client, refused, database):
    make.benefit(client, "held")
    held = make.grant(client, "bert", "held")
    before = postgres.contents(database)
    with refused(FAILED, "ALREADY_ENTITLED") as caught:
        make.grant(client, "bert", "held")
    assert caught.error.metadata["resource"] == held.name
    assert postgres.contents(database) == before


def test_one_benefit_of_a_stacking_group(client, refused):
    make.benefit(client, "stack-a", stacking_group="stack")
    make.benefit(client, "stack-b", stacking_group="stack")
    held = make.grant(client, "bert", "stack-a")
    with refused(FAILED, "ALREADY_ENTITLED") as caught:
        make.grant(client, "bert", "stack-b")
    assert caught.error.metadata["resource"] == held.name
    client.benefits.RevokeEntitlement(RevokeEntitlementRequest(name=held.name, reason="swap"))
    make.grant(client, "bert", "stack-b")


def test_a_budget_is_never_exceeded(client, refused, database):
    make.budget(client, "small", "25")
    make.benefit(client, "costly", cost="10", budget="budgets/small")
    make.grant(client, "anna", "costly")
    make.grant(client, "bert", "costly")
    before = postgres.contents(database)
    with refused(FAILED, "BUDGET_EXCEEDED") as caught:
        make.grant(client, "carl", "costly")
    assert caught.error.metadata == {
        "resource": "budgets/small",
        "available": "500",
        "wanted": "1000",
        "currency": "USD",
    }
    assert postgres.contents(database) == before


def test_seats_are_never_exceeded(client, refused):
    make.budget(client, "table", "1000", seat_limit=3)
    club = {"club_membership": ClubMembership(level="gold", seats=2)}
    make.benefit(client, "club", budget="budgets/table", **club)
    make.grant(client, "anna", "club")
    with refused(FAILED, "SEATS_EXCEEDED") as caught:
        make.grant(client, "bert", "club")
    assert (caught.error.metadata["available"], caught.error.metadata["wanted"]) == ("1", "2")


def test_the_limit_of_an_account_holds(client, refused):
    make.budget(client, "capped", "1000", account_limit=to_money("15", "USD"))
    make.benefit(client, "cap-a", cost="10", budget="budgets/capped")
    make.benefit(client, "cap-b", cost="10", budget="budgets/capped")
    make.grant(client, "anna", "cap-a")
    with refused(FAILED, "ACCOUNT_LIMIT_EXCEEDED") as caught:
        make.grant(client, "anna", "cap-b")
    assert caught.error.metadata["account"] == "accounts/anna"
    make.grant(client, "bert", "cap-b")


def test_who_is_not_eligible_learns_what_is_missing(client, refused):
    make.benefit(client, "elite", eligibility=Eligibility(tiers=[TIER_STRATEGIC], min_score=90))
    with refused(FAILED, "NOT_ELIGIBLE") as caught:
        make.grant(client, "anna", "elite")
    assert caught.error.metadata["account"] == "accounts/anna"
    assert len(caught.error.preconditions) >= 1
    assert all(v.description for v in caught.error.preconditions)


def test_drafts_and_retired_benefits_are_not_granted(client, refused):
    benefit = Benefit(
        display_name="Draft",
        discount=Discount(percent=5),
        cost=CostModel(fixed=to_money("0", "USD")),
        value=ValueModel(fixed=to_money("1", "USD")),
        validity_days=30,
    )
    client.benefits.CreateBenefit(CreateBenefitRequest(benefit_id="draft", benefit=benefit))
    with refused(FAILED, "WRONG_STATE"):
        make.grant(client, "anna", "draft")
    client.benefits.ActivateBenefit(ActivateBenefitRequest(name="benefits/draft"))
    granted = make.grant(client, "anna", "draft")
    client.benefits.RetireBenefit(RetireBenefitRequest(name="benefits/draft"))
    with refused(FAILED, "WRONG_STATE"):
        make.grant(client, "bert", "draft")
    assert _check(client, "anna", "draft").allowed, "what was granted stays"
    assert granted.name


def test_the_kind_stays_once_activated(client, refused):
    make.benefit(client, "kind")
    request = UpdateBenefitRequest(
        benefit=Benefit(name="benefits/kind", discount=Discount(percent=5)),
        update_mask=field_mask_pb2.FieldMask(paths=["discount"]),
    )
    with refused(grpc.StatusCode.INVALID_ARGUMENT, "INVALID_FIELDS"):
        client.benefits.UpdateBenefit(request)


def test_a_deleted_account_may_use_nothing(client, refused):
    make.account(client, "leaver")
    make.benefit(client, "stay")
    make.grant(client, "leaver", "stay")
    client.accounts.DeleteAccount(DeleteAccountRequest(name="accounts/leaver"))
    answer = _check(client, "leaver", "stay")
    assert not answer.allowed
    assert answer.denial == CheckBenefitResponse.DENIAL_ACCOUNT_DELETED
    with refused(FAILED, "RESOURCE_DELETED"):
        make.grant(client, "leaver", "stay")
    client.accounts.UndeleteAccount(UndeleteAccountRequest(name="accounts/leaver"))
    assert _check(client, "leaver", "stay").allowed


def test_a_right_that_begins_later_is_not_used_now(client):
    make.benefit(client, "later")
    request = make.grant_request("anna", "later")
    request.entitlement.start_time.FromDatetime(datetime.now(UTC) + timedelta(days=30))
    client.benefits.GrantEntitlement(request)
    assert _check(client, "anna", "later").denial == CheckBenefitResponse.DENIAL_NOT_STARTED


def test_a_budget_is_adjusted_in_the_open(client, refused):
    make.budget(client, "open", "50")
    make.benefit(client, "adjusted", cost="40", budget="budgets/open")
    make.grant(client, "anna", "adjusted")
    lower = AdjustBudgetRequest(
        name="budgets/open", limit_change=to_money("-20", "USD"), reason="cut"
    )
    with refused(FAILED, "BUDGET_EXCEEDED"):
        client.benefits.AdjustBudget(lower)
    raise_ = AdjustBudgetRequest(
        name="budgets/open", limit_change=to_money("30", "USD"), reason="more"
    )
    assert to_decimal(client.benefits.AdjustBudget(raise_).available) == 40
    newest = _entries(client, "open")[0]
    assert newest.kind == BudgetEntry.KIND_ADJUST and newest.reason == "more"


def test_a_dry_run_of_a_grant_reserves_nothing(client, unchanged_after_setup):
    make.budget(client, "dry", "50")
    make.benefit(client, "dry-run", cost="40", budget="budgets/dry")
    before = unchanged_after_setup()
    granted = make.grant(client, "anna", "dry-run", validate_only=True)
    assert to_decimal(granted.reserved_cost) == 40
    assert unchanged_after_setup() == before


@pytest.fixture
def unchanged_after_setup(database):
    return lambda: postgres.contents(database)


def test_entitlements_are_listed(client):
    make.benefit(client, "listed")
    first = make.grant(client, "carl", "listed")
    request = ListEntitlementsRequest(parent="accounts/carl", live_only=True)
    assert first in list(paginate(client.benefits.ListEntitlements, request))
    client.benefits.RevokeEntitlement(RevokeEntitlementRequest(name=first.name, reason="x"))
    live = [e.name for e in paginate(client.benefits.ListEntitlements, request)]
    assert first.name not in live
    request = ListEntitlementsRequest(parent="accounts/-")
    names = [e.name for e in paginate(client.benefits.ListEntitlements, request, page_size=3)]
    assert first.name in names and len(names) == len(set(names))


def test_many_grants_at_once_never_exceed_a_budget(server, client, database):
    """Forty callers want 10 of a budget of 155: fifteen get it, whatever the order."""
    make.budget(client, "rush", "155")
    make.benefit(client, "rushed", cost="10", budget="budgets/rush")
    for n in range(40):
        make.account(client, f"rush-{n}")

    def grant(n: int) -> str:
        with server.client() as own:
            try:
                make.grant(own, f"rush-{n}", "rushed")
                return "granted"
            except KamError as error:
                return error.reason

    with ThreadPoolExecutor(20) as pool:
        outcomes = list(pool.map(grant, range(40)))
    assert outcomes.count("granted") == 15, outcomes
    assert outcomes.count("BUDGET_EXCEEDED") == 25, outcomes
    budget = _budget(client, "rush")
    assert (to_decimal(budget.reserved), to_decimal(budget.available)) == (150, 5)
    entries = _entries(client, "rush")
    reserved = [to_decimal(e.amount) for e in entries if e.kind == BudgetEntry.KIND_RESERVE]
    assert reserved == [10] * 15
    numbers = sorted(int(e.name.rpartition("/")[2]) for e in entries)
    assert numbers == list(range(1, len(entries) + 1)), "the ledger has no gaps"
