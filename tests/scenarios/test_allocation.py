"""Plans: within every limit, committed once, refused when what they stand on has changed."""

from decimal import Decimal

import grpc
import pytest
from google.protobuf import field_mask_pb2
from kam.v1.allocation_plan_pb2 import AllocationItem, AllocationPlan
from kam.v1.allocation_service_pb2 import (
    DiscardPlanRequest,
    GetAllocationPlanRequest,
    ListAllocationItemsRequest,
    ListAllocationPlansRequest,
    PlanAllocationRequest,
)
from kam.v1.benefit_pb2 import Benefit
from kam.v1.benefit_service_pb2 import (
    AdjustBudgetRequest,
    GetBudgetRequest,
    ListEntitlementsRequest,
    UpdateBenefitRequest,
)
from kam.v1.usage_service_pb2 import CheckBenefitRequest
from kam_client import paginate, to_decimal, to_money
from support import portfolio, postgres

pytestmark = pytest.mark.timeout(180)
FAILED = grpc.StatusCode.FAILED_PRECONDITION


def _items(client, plan, **fields):
    request = ListAllocationItemsRequest(parent=plan.name, **fields)
    return list(paginate(client.allocation.ListAllocationItems, request, page_size=7))


def _reserved(client) -> Decimal:
    budget = client.benefits.GetBudget(GetBudgetRequest(name="budgets/plan"))
    return to_decimal(budget.reserved)


@pytest.fixture(scope="module", autouse=True)
def book(client):
    portfolio.load(client, accounts=40)
    evaluation = portfolio.evaluate(client)
    portfolio.catalogue(client)
    return evaluation


def test_without_an_evaluation_there_is_no_plan(client, refused):
    with refused(grpc.StatusCode.NOT_FOUND, "RESOURCE_NOT_FOUND"):
        client.allocation.PlanAllocation(PlanAllocationRequest(evaluation="evaluations/none"))
    with refused(grpc.StatusCode.NOT_FOUND, "RESOURCE_NOT_FOUND"):
        client.allocation.PlanAllocation(PlanAllocationRequest(benefits=["benefits/none"]))


def test_a_plan_is_a_dry_run_within_its_budget(client, book):
    before = _reserved(client)
    plan = portfolio.plan(client)
    assert plan.state == AllocationPlan.STATE_READY
    assert plan.evaluation == book.name
    items = _items(client, plan)
    granted = [i for i in items if i.decision == AllocationItem.DECISION_GRANTED]
    assert 0 < len(granted) < len(items), "the budget does not suffice for all"
    assert plan.grants == len(granted)
    cost = sum(to_decimal(i.cost) for i in granted)
    assert cost == to_decimal(plan.cost) == to_decimal(plan.budgets[0].reserved)
    assert cost <= to_decimal(plan.budgets[0].available)
    decisions = {i.decision for i in items}
    assert AllocationItem.DECISION_BUDGET_EXHAUSTED in decisions
    ratios = [to_decimal(i.value) / max(to_decimal(i.cost), Decimal("0.01")) for i in items]
    assert ratios == sorted(ratios, reverse=True)
    assert _reserved(client) == before, "nothing is reserved before the commit"
    only = _items(client, plan, granted_only=True)
    assert only == granted
    mine = _items(client, plan, account=granted[0].account)
    assert {i.account for i in mine} == {granted[0].account}


def test_the_same_plan_comes_out_again(client):
    first, second = portfolio.plan(client), portfolio.plan(client)
    assert first.name < second.name
    assert _items(client, first) == _items(client, second)


def test_a_discarded_plan_is_not_committed(client, refused):
    plan = portfolio.plan(client)
    request = DiscardPlanRequest(name=plan.name, etag=plan.etag)
    assert client.allocation.DiscardPlan(request).state == AllocationPlan.STATE_DISCARDED
    with refused(FAILED, "WRONG_STATE"):
        portfolio.commit(client, plan)


def test_a_stale_etag_is_refused(client, refused):
    plan = portfolio.plan(client)
    with refused(grpc.StatusCode.ABORTED, "ETAG_MISMATCH"):
        portfolio.commit(client, plan, etag="nonsense")


def _adjust(client):
    client.benefits.AdjustBudget(
        AdjustBudgetRequest(name="budgets/plan", limit_change=to_money("1", "USD"), reason="x")
    )
    return "budgets/plan"


def _rename(client):
    request = UpdateBenefitRequest(
        benefit=Benefit(name="benefits/visit", display_name="Another visit"),
        update_mask=field_mask_pb2.FieldMask(paths=["display_name"]),
    )
    client.benefits.UpdateBenefit(request)
    return "benefits/visit"


def _evaluate(client):
    portfolio.evaluate(client)
    return None  # the plan's own evaluation, which is not the newest any more


@pytest.mark.parametrize("change", [_adjust, _rename, _evaluate])
def test_a_plan_whose_ground_moved_is_refused_and_says_what(client, refused, database, change):
    plan = portfolio.plan(client)
    changed = change(client) or plan.evaluation
    count = "SELECT count(*) FROM entitlements"
    before = postgres.value(database, count), _reserved(client)
    with refused(FAILED, "PLAN_STALE") as caught:
        portfolio.commit(client, plan)
    assert caught.error.metadata["resource"] == plan.name
    assert [v.subject for v in caught.error.preconditions] == [changed]
    assert (postgres.value(database, count), _reserved(client)) == before


def test_a_commit_grants_all_once_and_answers_the_same_again(client, database):
    plan = portfolio.plan(client)
    committed = portfolio.commit(client, plan, etag=plan.etag)
    assert committed.state == AllocationPlan.STATE_COMMITTED and committed.HasField("commit_time")
    assert committed.grants == plan.grants
    assert _reserved(client) == to_decimal(plan.cost)
    granted = _items(client, plan, granted_only=True)
    request = ListEntitlementsRequest(parent="accounts/-", live_only=True)
    held = list(paginate(client.benefits.ListEntitlements, request))
    assert {(e.name.rpartition("/entitlements/")[0], e.benefit) for e in held} == {
        (i.account, i.benefit) for i in granted
    }
    assert {e.allocation_plan for e in held} == {plan.name}
    check = CheckBenefitRequest(account=granted[0].account, benefit=granted[0].benefit)
    assert client.usage.CheckBenefit(check).allowed

    tables = ("entitlements", "budgets", "budget_entries")
    before = {t: c for t, c in postgres.contents(database).items() if t in tables}
    assert portfolio.commit(client, plan) == committed
    after = {t: c for t, c in postgres.contents(database).items() if t in tables}
    assert before == after and len(before) == len(tables)

    request = GetAllocationPlanRequest(name=plan.name)
    assert client.allocation.GetAllocationPlan(request) == committed
    newest = next(paginate(client.allocation.ListAllocationPlans, ListAllocationPlansRequest()))
    assert newest == committed


def test_a_new_plan_sees_what_is_held(client):
    plan = portfolio.plan(client)
    held = [
        i for i in _items(client, plan) if i.decision == AllocationItem.DECISION_ALREADY_ENTITLED
    ]
    assert held
    assert to_decimal(plan.cost) <= to_decimal(plan.budgets[0].available)
