"""Servers of one database whose clocks are an hour apart: what one did counts for the other."""

import pytest
from kam.v1.allocation_plan_pb2 import AllocationPlan
from kam.v1.benefit_service_pb2 import ListBudgetEntriesRequest
from kam.v1.usage_service_pb2 import CheckBenefitRequest
from kam_client import paginate
from support import kam_process, make, portfolio
from support.wall_clock import HOUR_S, WallClock


@pytest.fixture
def ahead(database, tmp_path):
    """A server whose clock is an hour ahead."""
    clock = WallClock(tmp_path)
    clock.move(HOUR_S)
    server = kam_process.Server(database, tmp_path, environment=clock.environment)
    yield server
    assert server.stop() == 0, server.tail()


def test_what_one_granted_the_other_allows(ahead, server):
    with ahead.client() as early, server.client() as late:
        make.account(early, "acme")
        make.budget(early, "plan", "100")
        make.benefit(early, "visit", cost="10", budget="budgets/plan")
        make.benefit(early, "gift", cost="10", budget="budgets/plan")
        make.grant(early, "acme", "visit")
        check = CheckBenefitRequest(account="accounts/acme", benefit="benefits/visit")
        answer = late.usage.CheckBenefit(check)
        assert answer.allowed, answer
        make.grant(late, "acme", "gift")
        request = ListBudgetEntriesRequest(parent="budgets/plan")
        entries = list(paginate(late.benefits.ListBudgetEntries, request))
        entries.sort(key=lambda entry: int(entry.name.rpartition("/")[2]))
        times = [entry.create_time.ToNanoseconds() for entry in entries]
        assert times == sorted(times) and len(times) >= 2, "the ledger's times run forward"


def test_the_newest_evaluation_is_the_one_made_last(ahead, server):
    with ahead.client() as early, server.client() as late:
        portfolio.load(early, accounts=40)
        portfolio.catalogue(early)
        portfolio.evaluate(early)
        newest = portfolio.evaluate(late)
        made = portfolio.plan(late)
        assert made.evaluation == newest.name
        assert portfolio.commit(late, made).state == AllocationPlan.STATE_COMMITTED
