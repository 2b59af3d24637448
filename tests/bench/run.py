"""Measures the server through its API, each line as a ratio to its limit in the same run.

Nothing is asserted. Needs KAM_TEST_DATABASE_URL and the built kam and kam_bench; scripts/bench sees
to both.
"""

import argparse
import os
import pathlib
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Collection

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parents[1] / "scripts")]

from kam_demo import cdnow  # noqa: E402
from kam_demo.layout import table  # noqa: E402
from lines import CALLS, JOBS, SHOWN, Line, Sample  # noqa: E402
from load import Answers  # noqa: E402
from stage import History, Scale, Stage  # noqa: E402
from support import postgres  # noqa: E402

NO_FIGURE = "–"
# No run begins later, so that the whole stays below five minutes.
LAST_START_S = 200


class Results:
    """What the runs found, by line and by load."""

    def __init__(self) -> None:
        self.runs = 0
        self._samples: dict[str, dict[str, list[Sample]]] = defaultdict(lambda: defaultdict(list))
        self._answers: dict[str, list[Answers]] = defaultdict(list)

    def measure(self, stage: Stage, lines: dict[str, Line]) -> None:
        for name, line in lines.items():
            print(f"  {name}", file=sys.stderr, flush=True)
            for sample in line(stage):
                self._samples[name][sample.title].append(sample)

    def keep(self, answers: list[tuple[str, Answers]]) -> None:
        for what, answer in answers:
            self._answers[what].append(answer)

    def ratios(self) -> str:
        heads = ["line", "measured", "limit", "limit's rate", "ratio", "wanted", "lowest–highest"]
        rows = [
            _ratio_row(samples)
            for name in SHOWN
            if name in self._samples
            for samples in self._samples[name].values()
        ]
        return table(heads, rows, right={1, 3, 4, 5, 6})

    def loads(self) -> str:
        heads = ["load", "callers", "OK", "p50", "p99", "other answers, all runs"]
        rows = [_load_row(what, answers) for what, answers in self._answers.items()]
        return table(heads, rows, right={1, 2, 3, 4})


def _ratio_row(samples: list[Sample]) -> list[str]:
    ratios = [sample.ratio for sample in samples]
    parts = zip(*(sample.parts for sample in samples), strict=True)
    return [
        samples[0].title,
        f"{statistics.median(sample.measured for sample in samples):,.0f} /s",
        samples[0].limit.format(*map(statistics.median, parts)),
        f"{statistics.median(sample.bound for sample in samples):,.0f} /s",
        f"{statistics.median(ratios):.3f}",
        samples[0].wanted,
        f"{min(ratios):.3f}–{max(ratios):.3f}",
    ]


def _load_row(what: str, answers: list[Answers]) -> list[str]:
    def middle(field: str) -> float:
        return statistics.median(getattr(answer, field) for answer in answers)

    others: dict[str, int] = defaultdict(int)
    for answer in answers:
        for code, count in answer.refused().items():
            others[code] += count
    notes = [f"{count:,} {code}" for code, count in sorted(others.items())]
    if early := sum(answer.wait_answers for answer in answers):
        notes.append(f"{early:,} waits that did not last")
    return [
        what,
        f"{answers[0].load.callers}",
        f"{middle('rate'):,.0f} /s",
        *(f"{us / 1000:.2f} ms" if us else NO_FIGURE for us in map(middle, ("p50_us", "p99_us"))),
        ", ".join(notes),
    ]


def _run(stage: Stage, wanted: Collection[str], results: Results) -> None:
    """All lines once. The orders are always there, so that calls meet a history of full size."""
    print(f"  importing {len(stage.history.orders):,} orders", file=sys.stderr, flush=True)
    _ = stage.imported_s
    results.measure(stage, {name: line for name, line in JOBS.items() if name in wanted})
    calls = {name: line for name, line in CALLS.items() if name in wanted}
    if calls:
        stage.serve_calls_only()
        results.measure(stage, calls)
    results.keep(stage.answers)
    results.runs += 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--only", nargs="+", choices=SHOWN, default=SHOWN, metavar="NAME", help=" ".join(SHOWN)
    )
    parser.add_argument("--runs", type=int, default=3, help="each line so often; medians are shown")
    parser.add_argument("--seconds", type=float, default=2, help="of each load and each limit")
    parser.add_argument("--callers", type=int, default=64, help="of each load")
    parser.add_argument("--waits", type=int, default=3000, help="WaitOperation calls held open")
    parser.add_argument("--pause", type=float, default=5, help="seconds after the overload")
    parser.add_argument("--customers", type=int, help="of the CDNOW file; all when not given")
    return parser.parse_args()


def main() -> int:
    arguments = _arguments()
    scale = Scale(arguments.seconds, arguments.callers, arguments.waits, arguments.pause)
    history = History(cdnow.default_path(postgres.ROOT), arguments.customers)
    cluster = postgres.Borrowed(os.environ["KAM_TEST_DATABASE_URL"])
    results = Results()
    begin = time.monotonic()
    while results.runs < arguments.runs and time.monotonic() - begin < LAST_START_S:
        print(f"run {results.runs + 1} of {arguments.runs}", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory() as folder:
            stage = Stage(cluster, history, pathlib.Path(folder), scale)
            try:
                _run(stage, arguments.only, results)
            finally:
                stage.close()
    print(f"\n{len(history.orders):,} orders of {len(history.accounts):,} accounts;", end=" ")
    print(f"medians of {results.runs} runs, {scale.seconds:g} s a load\n")
    print(results.ratios(), end="\n\n")
    print(results.loads())
    return 0


if __name__ == "__main__":
    sys.exit(main())
