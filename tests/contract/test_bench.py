"""scripts/bench measures what it says it does: every line, with a few callers for a moment."""

import os
import re
import subprocess
import sys

import pytest
from support.kam_process import BINARY
from support.postgres import ROOT

TINY = ("--runs=1", "--seconds=0.2", "--callers=4", "--waits=20", "--pause=0.1", "--customers=300")
# A line each, and for `overload` one for the time of it and one for the time after it.
LINES = (
    "GrantEntitlement",
    "GetAccount, 4",
    "RecordOrders",
    "import",
    "GetAccount beside 20",
    "writes at 10 × 4",
    "writes 0.1 s after",
    "empty call",
    "CheckBenefit",
    "fit",
    "evaluation",
)


def tables(output: str) -> list[list[list[str]]]:
    """The cells of the rows of each table: what stands between a rule and an empty line."""
    found: list[list[list[str]]] = []
    inside = False
    for line in output.splitlines():
        if line.startswith("  ---"):
            inside = True
            found.append([])
        elif not line:
            inside = False
        elif inside:
            found[-1].append(re.split(r" {2,}", line.strip()))
    return found


@pytest.fixture(scope="module")
def printed(cluster) -> list[list[list[str]]]:
    done = subprocess.run(
        [sys.executable, ROOT / "tests" / "bench" / "run.py", *TINY],
        text=True,
        capture_output=True,
        timeout=120,
        env=os.environ | {"KAM_TEST_DATABASE_URL": cluster.url()},
    )
    assert done.returncode == 0, done.stderr
    return tables(done.stdout)


def test_every_line_is_a_ratio(printed):
    ratios, _ = printed
    assert len(ratios) == len(LINES)
    for (title, measured, _, limit, ratio, *_), begin in zip(ratios, LINES, strict=True):
        assert title.startswith(begin)
        rates = [float(rate.removesuffix(" /s").replace(",", "")) for rate in (measured, limit)]
        assert min(rates) > 0, title
        # Of one run: the ratio is that of the two rates beside it.
        assert float(ratio) == pytest.approx(rates[0] / rates[1], abs=0.02, rel=0.05), title


def test_what_is_counted_succeeded(printed):
    _, loads = printed
    assert {what for what, *_ in loads} >= {"GrantEntitlement", "RecordOrders", "CheckBenefit"}
    # A sixth cell tells of answers that were not OK and of waits that did not last.
    assert [load for load in loads if len(load) > 5] == []


def test_the_generator_refuses_a_call_it_does_not_know(client, server):
    done = subprocess.run(
        [BINARY.parent / "tests" / "kam_bench", f"--target={server.target}", "--call=nothing"],
        text=True,
        capture_output=True,
        timeout=30,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "--call" in done.stderr
