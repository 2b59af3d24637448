"""A small portfolio with key accounts, a catalogue and a budget."""

from datetime import UTC, datetime

from kam.v1.account_pb2 import Account
from kam.v1.account_service_pb2 import BatchCreateAccountsRequest, CreateAccountRequest
from kam.v1.allocation_plan_pb2 import AllocationPlan
from kam.v1.allocation_service_pb2 import CommitPlanRequest, PlanAllocationRequest
from kam.v1.benefit_pb2 import Eligibility, ValueModel
from kam.v1.criteria_service_pb2 import EvaluatePortfolioRequest
from kam.v1.evaluation_pb2 import Evaluation
from kam.v1.scorecard_pb2 import TIER_KEY, TIER_STRATEGIC
from kam_client import Client
from support import make

AS_OF = datetime(2026, 1, 1, tzinfo=UTC)
KEY = Eligibility(tiers=[TIER_KEY, TIER_STRATEGIC])


def load(client: Client, accounts: int, orders: int = 24) -> None:
    """Accounts that order every 30 days, each for less than the one before."""
    ids = [f"p-{n:05}" for n in range(accounts)]
    for start in range(0, accounts, 1000):
        requests = [
            CreateAccountRequest(account_id=i, account=Account(display_name=i, currency_code="USD"))
            for i in ids[start : start + 1000]
        ]
        client.accounts.BatchCreateAccounts(BatchCreateAccountsRequest(requests=requests))
    rows = [
        order
        for n, account_id in enumerate(ids)
        for order in make.orders(account_id, orders, AS_OF, amount=f"{5000 / (n + 1):.2f}")
    ]
    receipt = client.import_orders(rows)
    assert receipt.recorded == len(rows)


def evaluate(client: Client) -> Evaluation:
    operation = client.criteria.EvaluatePortfolio(EvaluatePortfolioRequest(as_of=AS_OF))
    return client.wait(operation, Evaluation, timeout=120)


def catalogue(client: Client, limit: str = "120") -> None:
    """Two benefits for key accounts out of one budget that does not suffice for all."""
    make.budget(client, "plan", limit)
    uplift = ValueModel(revenue_uplift_percent=10)
    for benefit_id, cost in (("visit", "30"), ("gift", "10")):
        make.benefit(
            client,
            benefit_id,
            cost=cost,
            budget="budgets/plan",
            eligibility=KEY,
            value=uplift,
        )


def plan(client: Client, **fields) -> AllocationPlan:
    operation = client.allocation.PlanAllocation(PlanAllocationRequest(**fields))
    return client.wait(operation, AllocationPlan, timeout=60)


def commit(client: Client, made: AllocationPlan, **fields) -> AllocationPlan:
    operation = client.allocation.CommitPlan(CommitPlanRequest(name=made.name, **fields))
    return client.wait(operation, AllocationPlan, timeout=60)
