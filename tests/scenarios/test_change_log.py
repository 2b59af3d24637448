"""The change log is complete: replayed from empty it gives every resource that has a version the
version it has, by steps of one."""

import collections
import concurrent.futures
import random
from datetime import timedelta
from urllib.parse import quote

import psycopg
import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from kam.v1.account_pb2 import Account
from kam.v1.account_service_pb2 import (
    BatchCreateAccountsRequest,
    CreateAccountRequest,
    DeleteAccountRequest,
    UndeleteAccountRequest,
    UpdateAccountRequest,
)
from kam.v1.allocation_service_pb2 import DiscardPlanRequest
from kam.v1.benefit_pb2 import Benefit
from kam.v1.benefit_service_pb2 import (
    AdjustBudgetRequest,
    ListEntitlementsRequest,
    RetireBenefitRequest,
    RevokeEntitlementRequest,
    UpdateBenefitRequest,
)
from kam.v1.criteria_service_pb2 import (
    CreateScorecardRequest,
    FitLifetimeModelRequest,
    GetScorecardRequest,
    PublishScorecardRequest,
    UpdateScorecardRequest,
)
from kam.v1.history_service_pb2 import RecordOrdersRequest
from kam.v1.lifetime_model_pb2 import LifetimeModel
from kam.v1.scorecard_pb2 import Scorecard
from kam_client import KamError, to_money
from support import make, portfolio

pytestmark = pytest.mark.timeout(240)

ACCOUNTS = 12
STEPS = 60
THREADS = 4

# The columns of a row, and the name of its resource.
NAMES = {
    "accounts": "accounts/{account_id}",
    "orders": "accounts/{account_id}/orders/{order_id}",
    "scorecards": "scorecards/{scorecard_id}",
    "evaluations": "evaluations/{evaluation_id}",
    "lifetime_models": "lifetimeModels/{number}",
    "benefits": "benefits/{benefit_id}",
    "budgets": "budgets/{budget_id}",
    "entitlements": "accounts/{account_id}/entitlements/{entitlement_id}",
    "allocation_plans": "allocationPlans/{plan_id}",
}


def _versioned_tables(connection) -> set[str]:
    """Tables of resources with a version; where the version is part of the key, rows are versions
    that were replaced."""
    rows = connection.execute(
        "SELECT table_name FROM information_schema.columns c "
        "WHERE table_schema = 'public' AND column_name = 'version' "
        "  AND table_name NOT IN ('changes', 'schema_migrations') AND NOT EXISTS ("
        "    SELECT FROM information_schema.table_constraints k "
        "    JOIN information_schema.key_column_usage u USING (constraint_name, table_name) "
        "    WHERE k.constraint_type = 'PRIMARY KEY' AND k.table_name = c.table_name "
        "      AND u.column_name = 'version')"
    )
    return {table for (table,) in rows}


def _kept(connection) -> dict[str, int]:
    """The version of every resource, as its table has it."""
    versions = {}
    for table in _versioned_tables(connection):
        assert table in NAMES, f"{table} has a version: say here what its resources are called"
        cursor = connection.cursor(row_factory=psycopg.rows.dict_row)
        for row in cursor.execute(f'SELECT * FROM "{table}"'):
            parts = {key: quote(str(value), safe="") for key, value in row.items()}
            versions[NAMES[table].format(**parts)] = row["version"]
    return versions


def _replayed(connection) -> dict[str, int]:
    """The version of every resource that the log tells of, from an empty beginning; lines about
    resources that have none carry 0."""
    versions = collections.defaultdict(int)
    changes = connection.execute(
        "SELECT resource, kind, version FROM changes WHERE version <> 0 ORDER BY seq"
    )
    for resource, kind, version in changes:
        assert version == versions[resource] + 1, f"{resource}: {kind} after {versions[resource]}"
        versions[resource] = version
    return dict(versions)


class History:
    """Random calls of all areas; those that the server refuses are part of it."""

    def __init__(self, client, seed: int) -> None:
        self.client = client
        self.chance = random.Random(seed)
        self.id = f"h{seed}"
        self.done = collections.Counter()

    def run(self) -> None:
        steps = [getattr(self, name) for name in dir(self) if name.startswith("step_")]
        for n in range(STEPS):
            step = steps[n % len(steps)] if n < len(steps) else self.chance.choice(steps)
            try:
                step(n)
                self.done[step.__name__] += 1
            except KamError as error:
                assert error.reason not in ("INTERNAL", ""), error

    def _account(self) -> str:
        return f"p-{self.chance.randrange(ACCOUNTS):05}"

    def _order(self, n: int):
        day = portfolio.AS_OF - timedelta(days=self.chance.randrange(300))
        amount = f"{self.chance.randrange(1, 500)}.00"
        return make.order(self._account(), f"o/{self.chance.randrange(9)}", day, amount)

    def step_accounts(self, n):
        make.account(self.client, f"{self.id}-{n}")
        fields = Account(display_name="batch", currency_code="USD")
        requests = [
            CreateAccountRequest(account_id=account_id, account=fields)
            for account_id in (f"{self.id}-{n}b", self._account())
        ]
        request = BatchCreateAccountsRequest(requests=requests, allow_partial=True)
        self.client.accounts.BatchCreateAccounts(request)

    def step_update(self, n):
        account = Account(name=f"accounts/{self._account()}", industry=f"i{n}")
        request = UpdateAccountRequest(account=account, update_mask=FieldMask(paths=["industry"]))
        self.client.accounts.UpdateAccount(request)

    def step_delete(self, n):
        account = make.account(self.client, f"{self.id}-{n}d")
        self.client.accounts.DeleteAccount(DeleteAccountRequest(name=account.name))
        self.client.accounts.UndeleteAccount(UndeleteAccountRequest(name=account.name))
        self.client.accounts.DeleteAccount(DeleteAccountRequest(name=account.name))

    def step_orders(self, n):
        rows = {order.name: order for order in (self._order(n) for _ in range(5))}
        request = RecordOrdersRequest(orders=rows.values(), correct=True)
        self.client.history.RecordOrders(request)
        self.client.history.RecordOrders(request)

    def step_import(self, n):
        rows = [self._order(n) for _ in range(20)]
        self.client.import_orders(rows, allow_partial=True, correct=True)

    def step_scorecard(self, n):
        default = self.client.criteria.GetScorecard(GetScorecardRequest(name="scorecards/default"))
        made = Scorecard(display_name="One", definition=default.definition)
        card = self.client.criteria.CreateScorecard(
            CreateScorecardRequest(scorecard_id=f"{self.id}-{n}", scorecard=made)
        )
        card.display_name = "Another"
        self.client.criteria.UpdateScorecard(
            UpdateScorecardRequest(scorecard=card, update_mask=FieldMask(paths=["display_name"]))
        )
        self.client.criteria.PublishScorecard(PublishScorecardRequest(name=card.name))

    def step_evaluate(self, n):
        portfolio.evaluate(self.client)

    def step_fit(self, n):
        operation = self.client.criteria.FitLifetimeModel(FitLifetimeModelRequest())
        self.client.wait(operation, LifetimeModel, timeout=60)

    def step_benefit(self, n):
        made = make.benefit(self.client, f"{self.id}-{n}", cost="1", budget="budgets/plan")
        changed = Benefit(name=made.name, display_name="Another")
        self.client.benefits.UpdateBenefit(
            UpdateBenefitRequest(benefit=changed, update_mask=FieldMask(paths=["display_name"]))
        )
        make.grant(self.client, self._account(), f"{self.id}-{n}")
        self.client.benefits.RetireBenefit(RetireBenefitRequest(name=made.name))

    def step_budget(self, n):
        make.budget(self.client, f"{self.id}-{n}", "10")
        for change in ("5", "-1") if n % 3 else ("-5000",):  # refused
            request = AdjustBudgetRequest(
                name="budgets/plan", limit_change=to_money(change, make.USD), reason="a test"
            )
            self.client.benefits.AdjustBudget(request)

    def step_grant(self, n):
        make.grant(self.client, self._account(), self.chance.choice(("visit", "gift")))

    def step_revoke(self, n):
        request = ListEntitlementsRequest(parent="accounts/-", live_only=True, page_size=1000)
        held = self.client.benefits.ListEntitlements(request).entitlements
        name = self.chance.choice(held).name if held else "accounts/p-00000/entitlements/none"
        request = RevokeEntitlementRequest(name=name, reason="a test")
        self.client.benefits.RevokeEntitlement(request)

    def step_plan(self, n):
        made = portfolio.plan(self.client)
        if self.chance.random() < 0.3:
            self.client.allocation.DiscardPlan(DiscardPlanRequest(name=made.name))
        else:
            portfolio.commit(self.client, made)


def test_the_log_gives_every_resource_its_version(client, database):
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    portfolio.load(client, accounts=ACCOUNTS)
    portfolio.evaluate(client)
    portfolio.catalogue(client, limit="1000")
    histories = [History(client, seed + n) for n in range(THREADS)]
    with concurrent.futures.ThreadPoolExecutor(THREADS) as pool:
        for running in [pool.submit(history.run) for history in histories]:
            running.result()
    done = sum((history.done for history in histories), collections.Counter())
    assert {"step_grant", "step_orders", "step_plan", "step_budget"} <= set(done), done

    with psycopg.connect(database) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        kept, replayed = _kept(connection), _replayed(connection)
    assert {"accounts/p-00000", "budgets/plan", "benefits/visit"} <= set(kept)
    wrong = {
        name: (kept.get(name), replayed.get(name))
        for name in kept.keys() | replayed.keys()
        if kept.get(name) != replayed.get(name)
    }
    assert not wrong, f"(kept, replayed): {wrong}"
