"""What PostgreSQL alone does on the same cluster: the limits that the lines are held against."""

import pathlib
import re
import subprocess
import time
from collections.abc import Callable

import psycopg

# The smallest transaction that holds a limit: one guarded update, one line about it.
BUDGET_SCHEMA = """
DROP TABLE IF EXISTS bench_budget, bench_line;
CREATE TABLE bench_budget (id integer PRIMARY KEY, reserved bigint NOT NULL, lim bigint NOT NULL,
                           CHECK (reserved <= lim));
CREATE TABLE bench_line (seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                         budget_id integer NOT NULL, amount bigint NOT NULL,
                         create_time timestamptz NOT NULL DEFAULT now());
INSERT INTO bench_budget VALUES (1, 0, 1000000000000);
"""
BUDGET_SCRIPT = """
BEGIN;
UPDATE bench_budget SET reserved = reserved + 1 WHERE id = 1 AND reserved + 1 <= lim;
INSERT INTO bench_line (budget_id, amount) VALUES (1, 1);
COMMIT;
"""
# Accounts are numbered from 1 to :accounts, as in the file.
SELECT_SCRIPT = """
\\set n random(1, :accounts)
SELECT * FROM accounts WHERE account_id = 'cdnow-' || lpad(:n::text, 5, '0');
"""
TPS = re.compile(r"^tps = ([\d.]+)", re.MULTILINE)


def timed(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def guarded_updates(url: str, folder: pathlib.Path, seconds: float) -> float:
    """Transactions a second of 64 clients that take from one budget."""
    with psycopg.connect(url) as connection:
        connection.execute(BUDGET_SCHEMA)
    return _pgbench(url, folder, BUDGET_SCRIPT, "--client=64", seconds=seconds)


def point_selects(url: str, folder: pathlib.Path, seconds: float, accounts: int) -> float:
    """Prepared selects of one account a second, over 8 connections."""
    accounts_are = f"--define=accounts={accounts}"
    return _pgbench(url, folder, SELECT_SCRIPT, "--client=8", accounts_are, seconds=seconds)


def _pgbench(url: str, folder: pathlib.Path, script: str, *options: str, seconds: float) -> float:
    file = folder / "pgbench.sql"
    file.write_text(script)
    done = subprocess.run(
        [
            _newest("pgbench"),
            "--no-vacuum",
            "--jobs=2",
            "--protocol=prepared",
            f"--time={max(1, round(seconds))}",
            f"--file={file}",
            *options,
            url,
        ],
        text=True,
        capture_output=True,
        timeout=seconds + 60,
    )
    found = TPS.search(done.stdout)
    if done.returncode != 0 or found is None:
        raise RuntimeError(f"pgbench failed: {done.stdout}{done.stderr}")
    return float(found[1])


def _newest(program: str) -> pathlib.Path:
    """The program of the newest PostgreSQL that Debian installed."""
    found = pathlib.Path("/usr/lib/postgresql").glob(f"*/bin/{program}")
    return max(found, key=lambda path: int(path.parts[-3]))


def copy_orders(url: str) -> float:
    """Seconds to COPY the same rows into a table with the same columns, checks and indexes."""
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

        seconds = timed(write)
        cursor.execute("DROP TABLE bench_orders")
        connection.commit()
    return seconds


def read_rollups(url: str) -> float:
    """Seconds to read every rollup once: the least an evaluation or a fit must do."""
    with psycopg.connect(url) as connection, connection.cursor() as cursor:

        def read() -> None:
            with cursor.copy("COPY account_months TO STDOUT (FORMAT binary)") as copy:
                for _ in copy:
                    pass

        return timed(read)
