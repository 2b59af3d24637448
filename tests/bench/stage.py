"""A database with the CDNOW history, and a server on it."""

import itertools
import pathlib
from dataclasses import dataclass
from functools import cached_property

from kam.v1.account_service_pb2 import BatchCreateAccountsRequest, CreateAccountRequest
from kam.v1.criteria_service_pb2 import EvaluatePortfolioRequest, FitLifetimeModelRequest
from kam.v1.evaluation_pb2 import Evaluation
from kam.v1.lifetime_model_pb2 import LifetimeModel
from kam.v1.order_pb2 import Order
from kam_demo import cdnow
from limits import timed
from load import Answers, Generator, Load
from support import kam_process, make, postgres

# Of one budget: as many as it takes that a grant always finds a pair that is not granted yet.
BENEFITS = [f"bench-{n}" for n in range(16)]


@dataclass(frozen=True)
class Scale:
    """How large the measurements are; the defaults of run.py are those of the published table."""

    seconds: float
    callers: int
    waits: int
    pause: float


class History:
    """The first customers of the CDNOW file, all of them by default, and what they ordered."""

    def __init__(self, path: pathlib.Path, customers: int | None) -> None:
        purchases = cdnow.read(path)
        self.accounts: list[CreateAccountRequest] = list(cdnow.accounts(purchases))[:customers]
        kept = {account.account_id for account in self.accounts}
        purchases = [p for p in purchases if cdnow.account_id(p.customer) in kept]
        self.orders: list[Order] = list(cdnow.orders(purchases))


class Stage:
    """Everything a line may measure. It begins with the accounts of the history in the database."""

    def __init__(
        self,
        cluster: postgres.Cluster | postgres.Borrowed,
        history: History,
        folder: pathlib.Path,
        scale: Scale,
    ) -> None:
        self.history = history
        self.folder = folder
        self.scale = scale
        self.answers: list[tuple[str, Answers]] = []
        self.url = postgres.create_database(cluster)
        kam_process.prepare(self.url)
        self._server = kam_process.Server(self.url, folder)
        self.client = self._server.client(timeout=120)
        rows = iter(history.accounts)
        while batch := list(itertools.islice(rows, 1000)):
            self.client.accounts.BatchCreateAccounts(BatchCreateAccountsRequest(requests=batch))

    def close(self) -> None:
        self.client.close()
        self._server.stop()

    def serve_calls_only(self) -> None:
        """Starts the server again so that it leaves operations alone: they stay unfinished, and
        nothing runs beside the calls. Adds the catalogue that the calls need."""
        self.close()
        self._server.start("--job-threads=0")
        self.client = self._server.client(timeout=120)
        make.budget(self.client, "bench", "1000000000")
        for benefit in BENEFITS:
            make.benefit(self.client, benefit, cost="0.01", budget="budgets/bench")

    @cached_property
    def imported_s(self) -> float:
        """Seconds the import of all orders took; the first to ask imports them."""
        return timed(lambda: self.client.import_orders(self.history.orders))

    @cached_property
    def fitted_s(self) -> float:
        return timed(self._fit)

    @cached_property
    def evaluated_s(self) -> float:
        return timed(self._evaluate)

    def _fit(self) -> None:
        operation = self.client.criteria.FitLifetimeModel(FitLifetimeModelRequest(as_of=cdnow.END))
        self.client.wait(operation, LifetimeModel)

    def _evaluate(self) -> None:
        self.client.wait(self._start_evaluation(), Evaluation)

    def _start_evaluation(self):
        return self.client.criteria.EvaluatePortfolio(EvaluatePortfolioRequest(as_of=cdnow.END))

    @cached_property
    def unfinished_operation(self) -> str:
        """The name of an operation that nobody works on; only after serve_calls_only."""
        return self._start_evaluation().name

    @cached_property
    def _generator(self) -> Generator:
        ids = self.folder / "accounts"
        ids.write_text("".join(f"{account.account_id}\n" for account in self.history.accounts))
        return Generator(self._server.target, ids, BENEFITS, self.scale.seconds)

    def load(self, what: str, load: Load, warmup: float | None = None) -> Answers:
        """Runs a load and keeps its answers under the name `what`."""
        answers = self._generator.run(load, warmup)
        self.answers.append((what, answers))
        return answers
