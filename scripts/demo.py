"""Makes key accounts of the CDNOW customers and gives them benefits; prints the time of each step.

Runs against a kam server (scripts/run starts one, and with --demo this script). Safe to repeat:
what is there already is left as it is; the portfolio is evaluated and planned anew.
"""

import argparse
import itertools
import pathlib
import sys
from datetime import UTC, datetime

import grpc
from kam.v1.account_service_pb2 import BatchCreateAccountsRequest
from kam.v1.allocation_plan_pb2 import AllocationPlan
from kam.v1.allocation_service_pb2 import CommitPlanRequest, PlanAllocationRequest
from kam.v1.criteria_service_pb2 import EvaluatePortfolioRequest, FitLifetimeModelRequest
from kam.v1.evaluation_pb2 import Evaluation
from kam.v1.lifetime_model_pb2 import LifetimeModel
from kam.v1.receipt_pb2 import Receipt
from kam_client import Client, KamError
from kam_demo import catalogue, cdnow
from kam_demo.layout import heading, number
from kam_demo.report import Report
from kam_demo.steps import Steps

ROOT = pathlib.Path(__file__).resolve().parent.parent
SCORECARD = "scorecards/default"
BATCH = 1000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--target", default="127.0.0.1:50051", help="address of the server")
    parser.add_argument("--data", type=pathlib.Path, default=cdnow.default_path(ROOT))
    arguments = parser.parse_args()
    if not arguments.data.is_file():
        return _fail(f"there is no {arguments.data}: run scripts/setup")
    with Client(arguments.target, timeout=60) as client:
        try:
            grpc.channel_ready_future(client.channel).result(timeout=5)
        except grpc.FutureTimeoutError:
            return _fail(f"no kam server answers at {arguments.target}: start one with scripts/run")
        try:
            run(client, arguments.data)
        except KamError as error:
            return _fail(str(error))
    return 0


def run(client: Client, data: pathlib.Path) -> None:
    steps = Steps()
    print("CDNOW: 18 months of purchases at an online music shop\n")
    _load(client, data, steps)
    evaluation = _judge(client, steps)
    plan = _give(client, evaluation, steps)
    report = Report(client, evaluation)
    for part in (report.key_accounts(), report.top(), report.just_below()):
        print(part)
    print(report.allocation(plan))
    print(heading("Times"))
    print(steps.summary())


def _load(client: Client, data: pathlib.Path, steps: Steps) -> None:
    with steps.step("read the file", "rows") as step:
        purchases = cdnow.read(data)
        accounts, orders = list(cdnow.accounts(purchases)), list(cdnow.orders(purchases))
        step.count = len(purchases)
        step.note = f"{len(purchases):,} purchases of {len(accounts):,} customers"
    with steps.step("create accounts", "accounts") as step:
        step.count = len(accounts)
        step.note = _told(_create(client, accounts, step), "created")
    with steps.step("import orders", "orders") as step:
        receipt = client.import_orders(
            orders, progress=lambda at: step.progress(at.sent, len(orders))
        )
        step.count = len(orders)
        step.note = _told(receipt, "recorded")


def _judge(client: Client, steps: Steps) -> Evaluation:
    with steps.step("fit the lifetime model", "customers") as step:
        model = _fit(client, step)
    with steps.step("evaluate the portfolio", "accounts") as step:
        request = EvaluatePortfolioRequest(
            scorecard=SCORECARD, lifetime_model=model.name, as_of=cdnow.END
        )
        operation = client.criteria.EvaluatePortfolio(request)
        evaluation = client.wait(operation, Evaluation, progress=step.follow)
        step.count = evaluation.account_count
        step.note = f"with {evaluation.scorecard_revision} and {evaluation.lifetime_model}"
    return evaluation


def _give(client: Client, evaluation: Evaluation, steps: Steps) -> AllocationPlan:
    with steps.step("write the catalogue") as step:
        new = catalogue.ensure(client, datetime.now(UTC))
        step.note = f"{new} budgets and benefits created" if new else "all of it was there"
    with steps.step("plan benefits", "accounts") as step:
        request = PlanAllocationRequest(evaluation=evaluation.name)
        operation = client.allocation.PlanAllocation(request)
        plan = client.wait(operation, AllocationPlan, progress=step.follow)
        step.count = evaluation.account_count
        step.note = f"{plan.grants:,} grants for {plan.accounts:,} accounts"
    with steps.step("commit the plan", "grants") as step:
        request = CommitPlanRequest(name=plan.name, etag=plan.etag)
        operation = client.allocation.CommitPlan(request)
        plan = client.wait(operation, AllocationPlan, progress=step.follow)
        step.count = plan.grants
        step.note = f"{plan.grants:,} entitlements granted"
    return plan


def _create(client: Client, accounts: list, step) -> Receipt:
    total = Receipt()
    rows = iter(accounts)
    while batch := list(itertools.islice(rows, BATCH)):
        request = BatchCreateAccountsRequest(requests=batch)
        receipt = client.accounts.BatchCreateAccounts(request).receipt
        total.recorded += receipt.recorded
        total.unchanged += receipt.unchanged
        step.progress(total.recorded + total.unchanged, len(accounts))
    return total


def _fit(client: Client, step) -> LifetimeModel:
    operation = client.criteria.FitLifetimeModel(FitLifetimeModelRequest(as_of=cdnow.END))
    model = client.wait(operation, LifetimeModel, progress=step.follow)
    fitted, evidence = model.purchase, model.purchase_evidence
    kind = LifetimeModel.PurchaseKind.Name(model.purchase_kind).removeprefix("PURCHASE_KIND_")
    step.count = evidence.customers
    step.note = (
        f"{kind.replace('_', '/')} r {number(fitted.r)}, α {number(fitted.alpha)}, "
        f"a {number(fitted.a)}, b {number(fitted.b)}, "
        f"log-likelihood {evidence.log_likelihood:,.1f}, "
        f"{'converged' if evidence.converged else 'NOT converged: ' + evidence.stop_reason}"
    )
    return model


def _told(receipt: Receipt, done: str) -> str:
    parts = []
    if receipt.recorded:
        parts.append(f"{receipt.recorded:,} {done}")
    if receipt.unchanged:
        parts.append(f"{receipt.unchanged:,} were there already")
    return ", ".join(parts)


def _fail(message: str) -> int:
    print(f"demo: {message}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
