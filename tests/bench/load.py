"""Runs kam_bench, the load generator, and reads what it measured."""

import json
import os
import pathlib
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass

from support import kam_process

GENERATOR = pathlib.Path(
    os.environ.get("KAM_BENCH", kam_process.BINARY.parent / "tests" / "kam_bench")
)
WARMUP_S = 0.3
CONNECTIONS = 4


@dataclass(frozen=True)
class Load:
    """A kind of call and how many callers ask it, each its next when it has its answer."""

    call: str
    callers: int = 64
    # WaitOperation calls held open beside it, and the operation they wait for.
    waits: int = 0
    operation: str = ""


@dataclass(frozen=True)
class Answers:
    """What came back in the measured time; latencies are those of the answers that were OK."""

    load: Load
    calls: int
    ok: int
    codes: dict[str, int]
    seconds: float
    rate: float
    p50_us: float
    p99_us: float
    wait_answers: int

    def refused(self) -> dict[str, int]:
        return {code: count for code, count in self.codes.items() if code != "OK"}


class Generator:
    """kam_bench against one server and its data."""

    def __init__(
        self, target: str, accounts: pathlib.Path, benefits: Sequence[str], seconds: float
    ) -> None:
        self._seconds = seconds
        self._arguments = [
            f"--target={target}",
            f"--accounts={accounts}",
            f"--benefits={','.join(benefits)}",
            f"--seconds={seconds}s",
        ]

    def run(self, load: Load, warmup: float | None = None) -> Answers:
        """Not more than a minute longer than it measures, whatever the server does."""
        warmup = min(WARMUP_S, self._seconds) if warmup is None else warmup
        done = subprocess.run(
            [
                GENERATOR,
                *self._arguments,
                f"--call={load.call}",
                f"--callers={load.callers}",
                f"--channels={min(CONNECTIONS, load.callers)}",
                f"--warmup={warmup}s",
                f"--waits={load.waits}",
                f"--operation={load.operation}",
            ],
            text=True,
            capture_output=True,
            timeout=self._seconds + 60,
        )
        if done.returncode != 0:
            raise RuntimeError(f"kam_bench --call={load.call} failed: {done.stderr}")
        return Answers(load=load, **json.loads(done.stdout))
