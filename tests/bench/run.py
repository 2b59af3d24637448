"""Benchmarks through the API, each beside its limit measured in the same run. Asserts nothing.

usage: run.py [--runs N]

Needs KAM_TEST_DATABASE_URL; scripts/bench sets it, with KAM_BINARY and KAM_CDNOW_DIR.
"""

import argparse
import itertools
import os
import pathlib
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parents[1] / "scripts")]

import psycopg  # noqa: E402
from kam.v1.account_service_pb2 import BatchCreateAccountsRequest  # noqa: E402
from kam.v1.criteria_service_pb2 import (  # noqa: E402
    EvaluatePortfolioRequest,
    FitLifetimeModelRequest,
)
from kam.v1.evaluation_pb2 import Evaluation  # noqa: E402
from kam.v1.lifetime_model_pb2 import LifetimeModel  # noqa: E402
from kam.v1.usage_service_pb2 import CheckBenefitRequest  # noqa: E402
from kam_client import Client  # noqa: E402
from kam_demo import cdnow  # noqa: E402
from kam_demo.layout import table  # noqa: E402
from support import kam_process, make, postgres  # noqa: E402

CALLS = 2000


@dataclass
class Measure:
    """Seconds of the work and of its limit, one pair a run."""

    title: str
    unit: str
    limit: str
    count: int = 0
    work: list[float] = field(default_factory=list)
    bound: list[float] = field(default_factory=list)

    def row(self) -> list[str]:
        ratios = [bound / work for work, bound in zip(self.work, self.bound, strict=True)]
        return [
            self.title,
            f"{min(self.work):.3f} s",
            f"{statistics.median(self.work):.3f} s",
            f"{self.count / statistics.median(self.work):,.0f} {self.unit}/s",
            self.limit,
            f"{statistics.median(self.bound):.3f} s",
            f"{statistics.median(ratios):.3f}",
        ]


def _timed(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def _read_rollups(url: str) -> float:
    """The least an evaluation or a fit must do: read every rollup once."""
    with psycopg.connect(url) as connection, connection.cursor() as cursor:

        def read() -> None:
            with cursor.copy("COPY account_months TO STDOUT (FORMAT binary)") as copy:
                for _ in copy:
                    pass

        return _timed(read)


def _copy_orders(url: str) -> float:
    """The same rows by COPY into a table with the same columns, checks and indexes."""
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_orders (LIKE orders INCLUDING ALL)")
        with cursor.copy("COPY orders TO STDOUT (FORMAT binary)") as copy:
            data = b"".join(bytes(block) for block in copy)
        connection.commit()

        def write() -> None:
            with cursor.copy("COPY bench_orders FROM STDIN (FORMAT binary)") as copy:
                for start in range(0, len(data), 1 << 16):
                    copy.write(data[start : start + (1 << 16)])
            connection.commit()

        seconds = _timed(write)
        cursor.execute("DROP TABLE bench_orders")
        connection.commit()
    return seconds


def _evaluate(client: Client) -> Evaluation:
    operation = client.criteria.EvaluatePortfolio(EvaluatePortfolioRequest(as_of=cdnow.END))
    return client.wait(operation, Evaluation)


def _fit(client: Client) -> LifetimeModel:
    operation = client.criteria.FitLifetimeModel(FitLifetimeModelRequest(as_of=cdnow.END))
    return client.wait(operation, LifetimeModel)


def _latencies(call: Callable[[], object]) -> list[float]:
    for _ in range(CALLS // 10):
        call()
    return sorted(_timed(call) for _ in range(CALLS))


class Bench:
    def __init__(self, purchases: list[cdnow.Purchase]) -> None:
        self._accounts = list(cdnow.accounts(purchases))
        self._orders = list(cdnow.orders(purchases))
        self.imported = Measure("import orders", "orders", "COPY of the same rows", 0)
        self.evaluated = Measure("evaluate the portfolio", "accounts", "reading the rollups", 0)
        self.fitted = Measure("fit the lifetime model", "customers", "reading the rollups", 0)
        self.checks: list[list[float]] = []
        self.empties: list[list[float]] = []

    def run(self, cluster, folder: pathlib.Path) -> None:
        url = postgres.create_database(cluster)
        kam_process.prepare(url)
        server = kam_process.Server(url, folder)
        try:
            with server.client(timeout=120) as client:
                self._run(client, url)
        finally:
            server.stop()

    def _run(self, client: Client, url: str) -> None:
        rows = iter(self._accounts)
        while batch := list(itertools.islice(rows, 1000)):
            client.accounts.BatchCreateAccounts(BatchCreateAccountsRequest(requests=batch))

        self.imported.count = len(self._orders)
        self.imported.work.append(_timed(lambda: client.import_orders(self._orders)))
        self.imported.bound.append(_copy_orders(url))

        self.fitted.count = len(self._accounts)
        self.fitted.work.append(_timed(lambda: _fit(client)))
        self.fitted.bound.append(_read_rollups(url))

        self.evaluated.count = len(self._accounts)
        self.evaluated.work.append(_timed(lambda: _evaluate(client)))
        self.evaluated.bound.append(_read_rollups(url))

        make.benefit(client, "bench")
        account = self._accounts[0].account_id
        make.grant(client, account, "bench")
        request = CheckBenefitRequest(account=f"accounts/{account}", benefit="benefits/bench")
        health = client.channel.unary_unary("/grpc.health.v1.Health/Check")
        self.empties.append(_latencies(lambda: health(b"", timeout=5)))
        self.checks.append(_latencies(lambda: client.usage.CheckBenefit(request)))

    def report(self) -> str:
        measures = (self.imported, self.fitted, self.evaluated)
        heads = ["step", "best", "median", "rate", "limit", "limit took", "share of limit"]
        lines = [table(heads, [m.row() for m in measures], right={1, 2, 3, 5, 6}), ""]
        heads = ["call, one after the other", "best median", "median", "p99", "to an empty call"]
        rows = []
        empty = statistics.median(_middle(run) for run in self.empties)
        for title, runs in (("health check", self.empties), ("CheckBenefit", self.checks)):
            middle = statistics.median(_middle(run) for run in runs)
            tail = statistics.median(run[int(len(run) * 0.99)] for run in runs)
            rows.append(
                [
                    title,
                    f"{1e6 * min(_middle(run) for run in runs):.1f} µs",
                    f"{1e6 * middle:.1f} µs",
                    f"{1e6 * tail:.1f} µs",
                    f"{middle / empty:.2f}",
                ]
            )
        lines.append(table(heads, rows, right={1, 2, 3, 4}))
        return "\n".join(lines)


def _middle(ordered: list[float]) -> float:
    return ordered[len(ordered) // 2]


def main() -> int:
    parser = argparse.ArgumentParser(description="Benchmarks through the API.")
    parser.add_argument("--runs", type=int, default=3)
    arguments, _ = parser.parse_known_args()
    path = cdnow.default_path(postgres.ROOT)
    bench = Bench(cdnow.read(path))
    cluster = postgres.Borrowed(os.environ["KAM_TEST_DATABASE_URL"])
    with tempfile.TemporaryDirectory() as folder:
        for number in range(arguments.runs):
            print(f"run {number + 1} of {arguments.runs}", file=sys.stderr, flush=True)
            bench.run(cluster, pathlib.Path(folder))
    print(f"\nCDNOW through the API, {arguments.runs} runs")
    print(bench.report())
    return 0


if __name__ == "__main__":
    sys.exit(main())
