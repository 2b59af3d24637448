"""The lines of the table: what is measured, and what it is held against in the same run."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import limits
from load import Load
from stage import Stage

NO_GOAL = "–"


@dataclass(frozen=True)
class Sample:
    """One line in one run; both are rates a second of the same thing."""

    title: str
    measured: float
    limit: str
    bound: float
    wanted: str
    # Figures that `limit` names in braces.
    parts: tuple[float, ...] = ()

    @property
    def ratio(self) -> float:
        return self.measured / self.bound


Line = Callable[[Stage], Iterator[Sample]]


def grant(stage: Stage) -> Iterator[Sample]:
    callers = stage.scale.callers
    answers = stage.load("GrantEntitlement", Load("grant", callers))
    bound = limits.guarded_updates(stage.url, stage.folder, stage.scale.seconds)
    title = f"GrantEntitlement, {callers} callers, one budget"
    yield Sample(title, answers.rate, "pgbench, 64 clients, guarded UPDATE + INSERT", bound, "≥ 5")


def get(stage: Stage) -> Iterator[Sample]:
    callers = stage.scale.callers
    accounts = len(stage.history.accounts)
    empty = stage.load("health check", Load("health", callers)).rate
    answers = stage.load("GetAccount", Load("get", callers))
    select = limits.point_selects(stage.url, stage.folder, stage.scale.seconds, accounts)
    yield Sample(
        f"GetAccount, {callers} in flight",
        answers.rate,
        "1 / (1/{:,.0f} empty calls + 1/{:,.0f} prepared selects)",
        1 / (1 / empty + 1 / select),
        "≥ 0.7",
        (empty, select),
    )


def record(stage: Stage) -> Iterator[Sample]:
    callers = stage.scale.callers
    answers = stage.load("RecordOrders", Load("record", callers))
    bound = limits.guarded_updates(stage.url, stage.folder, stage.scale.seconds)
    title = f"RecordOrders of one order, {callers} callers on {callers} accounts"
    yield Sample(title, answers.rate, "pgbench, 64 clients, guarded UPDATE + INSERT", bound, "≥ 3")


def imported(stage: Stage) -> Iterator[Sample]:
    orders = len(stage.history.orders)
    seconds = limits.copy_orders(stage.url)
    title = f"import of {orders:,} orders"
    yield Sample(
        title, orders / stage.imported_s, "COPY of the same rows", orders / seconds, "≥ 0.135"
    )


def waits(stage: Stage) -> Iterator[Sample]:
    held, callers = stage.scale.waits, stage.scale.callers
    alone = stage.load("GetAccount alone", Load("get", callers))
    load = Load("get", callers, waits=held, operation=stage.unfinished_operation)
    beside = stage.load(f"GetAccount beside {held:,} waits", load, warmup=1)
    title = f"GetAccount beside {held:,} idle WaitOperation"
    yield Sample(title, beside.rate, "the same without", alone.rate, "≥ 0.9")


def overload(stage: Stage) -> Iterator[Sample]:
    callers = stage.scale.callers
    usual, crowd = Load("record", callers), Load("record", 10 * callers)
    before = stage.load("writes", usual)
    during = stage.load("writes, 10 × the callers", crowd)
    time.sleep(stage.scale.pause)
    after = stage.load("writes, after that", usual)
    limit = f"the same with {callers} callers"
    title = f"writes at 10 × {callers} callers, no back-off"
    yield Sample(title, during.rate, limit, before.rate, "≥ 0.8")
    title = f"writes {stage.scale.pause:g} s after that"
    yield Sample(title, after.rate, f"{limit}, before", before.rate, "≥ 0.95")


def empty(stage: Stage) -> Iterator[Sample]:
    callers = stage.scale.callers
    bound = stage.load("health check", Load("health", callers))
    answers = stage.load("ListMetrics", Load("metrics", callers))
    title = f"empty call (ListMetrics), {callers} in flight"
    yield Sample(title, answers.rate, "health check", bound.rate, "≥ 0.8")


def check(stage: Stage) -> Iterator[Sample]:
    callers = stage.scale.callers
    bound = stage.load("health check", Load("health", callers))
    answers = stage.load("CheckBenefit", Load("check", callers))
    title = f"CheckBenefit, {callers} in flight"
    yield Sample(title, answers.rate, "health check", bound.rate, NO_GOAL)


def fit(stage: Stage) -> Iterator[Sample]:
    customers = len(stage.history.accounts)
    bound = customers / limits.read_rollups(stage.url)
    title = f"fit of the lifetime model, {customers:,} customers"
    yield Sample(title, customers / stage.fitted_s, "reading the rollups", bound, NO_GOAL)


def evaluate(stage: Stage) -> Iterator[Sample]:
    accounts = len(stage.history.accounts)
    bound = accounts / limits.read_rollups(stage.url)
    title = f"evaluation of the portfolio, {accounts:,} accounts"
    yield Sample(title, accounts / stage.evaluated_s, "reading the rollups", bound, NO_GOAL)


# By the name that --only takes, in the order they are run: first what needs the server's jobs, then
# the calls, and last what leaves the server with a crowd behind it.
JOBS: dict[str, Line] = {"import": imported, "fit": fit, "evaluate": evaluate}
CALLS: dict[str, Line] = {
    "empty": empty,
    "get": get,
    "check": check,
    "grant": grant,
    "record": record,
    "waits": waits,
    "overload": overload,
}
# The order in which they are shown.
SHOWN = (
    "grant",
    "get",
    "record",
    "import",
    "waits",
    "overload",
    "empty",
    "check",
    "fit",
    "evaluate",
)
