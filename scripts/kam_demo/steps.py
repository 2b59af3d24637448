"""Steps with progress and their times."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from kam_demo.layout import table


@dataclass
class Step:
    """One step: what it did, to how many of what, in which time."""

    title: str
    unit: str = ""
    count: int = 0
    seconds: float = 0.0
    note: str = ""
    _shown: float = field(default=0.0, repr=False)

    def progress(self, done: int, total: int, stage: str = "") -> None:
        """A line that is written over, where somebody looks."""
        now = time.monotonic()
        if not sys.stdout.isatty() or now - self._shown < 0.1:
            return
        self._shown = now
        share = f"{100 * done // total:3d} %" if total else f"{done:,}"
        print(f"\r\033[K  {self.title} … {share} {stage.lower()}", end="", flush=True)

    def follow(self, metadata) -> None:
        """Progress of a long-running operation."""
        self.progress(metadata.done, metadata.total, metadata.stage)


class Steps:
    """All steps of a run."""

    def __init__(self) -> None:
        self._steps: list[Step] = []

    @contextmanager
    def step(self, title: str, unit: str = "") -> Iterator[Step]:
        step = Step(title, unit)
        begin = time.monotonic()
        yield step
        step.seconds = time.monotonic() - begin
        self._steps.append(step)
        end = "\r\033[K" if sys.stdout.isatty() else ""
        note = f" – {step.note}" if step.note else ""
        print(f"{end}  {step.title}: {step.seconds:.2f} s{note}", flush=True)

    def summary(self) -> str:
        rows = []
        for step in self._steps:
            size = f"{step.count:,} {step.unit}" if step.count else ""
            rate = f"{step.count / step.seconds:,.0f} /s" if step.count and step.seconds else ""
            rows.append([step.title, size, f"{step.seconds:.2f} s", rate])
        rows.append(["in all", "", f"{sum(step.seconds for step in self._steps):.2f} s", ""])
        return table(["step", "size", "time", "rate"], rows, right={1, 2, 3})
