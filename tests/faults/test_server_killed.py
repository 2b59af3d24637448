"""kill -9 of the server: an import and a portfolio run lose nothing and double nothing."""

import random
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from google.longrunning.operations_pb2 import GetOperationRequest
from kam.v1.account_pb2 import Account
from kam.v1.account_service_pb2 import BatchCreateAccountsRequest, CreateAccountRequest
from kam.v1.allocation_plan_pb2 import AllocationPlan
from kam.v1.allocation_service_pb2 import CommitPlanRequest
from kam.v1.criteria_service_pb2 import EvaluatePortfolioRequest, ListAssessmentsRequest
from kam.v1.evaluation_pb2 import Evaluation
from kam_client import KamError, paginate
from kam_client.operations import metadata_of
from support import make, portfolio, postgres, rollups
from support.eventually import eventually

pytestmark = pytest.mark.timeout(240)
ORDERS = "SELECT count(*) FROM orders"


@pytest.fixture
def server_flags():
    return ["--job-chunk-accounts=50", "--job-lease=1s"]


def _accounts(client, count):
    requests = [
        CreateAccountRequest(
            account_id=f"a{n}", account=Account(display_name="A", currency_code="USD")
        )
        for n in range(count)
    ]
    client.accounts.BatchCreateAccounts(BatchCreateAccountsRequest(requests=requests))


def _orders(count, accounts):
    start = datetime(2025, 1, 1, tzinfo=UTC)
    return [
        make.order(f"a{n % accounts}", f"o{n}", start + timedelta(hours=n % 8000), f"{n % 90}.25")
        for n in range(count)
    ]


def _forget_orders(database):
    postgres.execute(database, "TRUNCATE orders, order_versions, account_months")


class Import(threading.Thread):
    """An import in the background that may die with its server."""

    def __init__(self, server, orders, **options):
        super().__init__()
        self._server, self._orders, self._options = server, orders, options
        self.sent = 0
        self.receipt = None
        self.error = None
        self.start()

    def run(self):
        with self._server.client(retries=False) as client:
            try:
                self.receipt = client.import_orders(
                    iter(self._orders), progress=self._progress, **self._options
                )
            except KamError as error:
                self.error = error

    def _progress(self, at):
        self.sent = at.sent


def test_an_import_cut_off_is_completed_by_sending_it_again(server, client, database):
    count, accounts = 60_000, 900
    _accounts(client, accounts)
    orders = _orders(count, accounts)
    running = Import(server, orders, allow_partial=True)
    eventually(lambda: postgres.value(database, ORDERS) > 0, limit_s=60, pause_s=0.01)
    server.kill()
    running.join(60)
    kept = postgres.value(database, ORDERS)
    print(f"killed with {kept} of {count} rows recorded, {running.sent} sent")
    assert running.receipt is None, "the import ended before the kill"
    assert 0 < kept < count
    rollups.check(database)
    server.start()
    receipt = client.import_orders(orders, allow_partial=True)
    assert (receipt.recorded, receipt.unchanged) == (count - kept, kept)
    assert (receipt.corrected, receipt.rejected_count) == (0, 0)
    assert postgres.value(database, ORDERS) == count
    assert postgres.value(database, "SELECT count(*) FROM order_versions") == 0
    rollups.check(database)


def test_an_atomic_import_is_there_as_a_whole_or_not_at_all(server, client, database):
    """Killed at random moments, the last ones around its commit."""
    count, accounts = 20_000, 500
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    _accounts(client, accounts)
    orders = _orders(count, accounts)
    begin = time.monotonic()
    assert client.import_orders(orders).recorded == count
    whole = time.monotonic() - begin
    _forget_orders(database)
    for _ in range(5):
        running = Import(server, orders)
        time.sleep(chance.uniform(0.3, 1.1) * whole)
        server.kill()
        running.join(60)
        kept = postgres.value(database, ORDERS)
        assert kept in (0, count), "all or nothing"
        if running.receipt is not None:
            assert kept == count, "an acknowledged import is there"
        rollups.check(database)
        server.start()
        _forget_orders(database)
    assert client.import_orders(orders).recorded == count
    rollups.check(database)


def _found(client, evaluation):
    """All that a run found, without the names of the run itself."""
    request = ListAssessmentsRequest(parent="accounts/-", evaluation=evaluation)
    found = list(paginate(client.criteria.ListAssessments, request))
    for assessment in found:
        for field in ("name", "evaluation", "known_at"):
            assessment.ClearField(field)
    return found


def test_a_portfolio_run_outlives_its_server(server, client, database):
    accounts = 6000
    portfolio.load(client, accounts, orders=4)
    portfolio.evaluate(client)  # so that the two runs below have the same tiers before them
    operation = client.criteria.EvaluatePortfolio(EvaluatePortfolioRequest(as_of=portfolio.AS_OF))
    target = metadata_of(operation).target

    def done() -> int:
        found = client.operations.GetOperation(GetOperationRequest(name=operation.name))
        assert not found.done, "the run ended before it was killed"
        return metadata_of(found).done

    last = 0
    for share in (0.1, 0.3, 0.6):
        eventually(lambda share=share: done() >= share * accounts, limit_s=60, pause_s=0.005)
        server.kill()
        server.start()
        last = max(last, done())
        print(f"killed and restarted at {last} of {accounts}")
    evaluation = client.wait(operation, Evaluation, timeout=120)
    finished = client.operations.GetOperation(GetOperationRequest(name=operation.name))
    assert metadata_of(finished).attempts >= 4
    assert evaluation.name == target and evaluation.account_count == accounts

    interrupted = _found(client, target)
    assert len({a.account for a in interrupted}) == len(interrupted) == accounts
    undisturbed = portfolio.evaluate(client)
    assert interrupted == _found(client, undisturbed.name)
    for field in ("name", "create_time", "end_time", "known_at"):
        evaluation.ClearField(field)
        undisturbed.ClearField(field)
    assert evaluation == undisturbed


def test_a_plan_is_made_and_committed_through_kills(server, client, database):
    portfolio.load(client, 300)
    portfolio.evaluate(client)
    portfolio.catalogue(client, limit="2000")
    plan = portfolio.plan(client)
    operation = client.allocation.CommitPlan(CommitPlanRequest(name=plan.name))
    server.kill()
    server.start()
    committed = client.wait(operation, AllocationPlan, timeout=60)
    assert committed.state == AllocationPlan.STATE_COMMITTED
    assert postgres.value(database, "SELECT count(*) FROM entitlements") == plan.grants
    assert portfolio.commit(client, plan).grants == plan.grants
    assert postgres.value(database, "SELECT count(*) FROM entitlements") == plan.grants
