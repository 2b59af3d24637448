"""A private PostgreSQL for tests, by scripts/lib/postgres.sh: unix socket only, not run by root."""

import itertools
import os
import pathlib
import subprocess
import tempfile
import urllib.parse

import psycopg

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts" / "lib" / "postgres.sh"
FAST = ("fsync=off", "full_page_writes=off", "max_connections=200")

_numbers = itertools.count(1)


class Cluster:
    """A cluster of its own, which a test may stop, kill and start again."""

    def __init__(self, *settings: str, parent: pathlib.Path | None = None) -> None:
        parent = parent or os.environ.get("KAM_SCRATCH") or "/tmp"
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="kam-pg-", dir=parent))
        self.folder.chmod(0o755)
        self._settings = settings or FAST
        self.start()

    def start(self) -> None:
        self._run("start", *self._settings)

    def stop(self, mode: str = "fast") -> None:
        self._run("stop", mode)

    def kill(self) -> None:
        """As a crash of the machine would: SIGKILL, nothing written."""
        self._run("kill")

    def processes(self) -> list[int]:
        """The server and its children."""
        server = int((self._home() / "data" / "postmaster.pid").read_text().split()[0])
        children = pathlib.Path(f"/proc/{server}/task/{server}/children").read_text().split()
        return [server, *map(int, children)]

    def _home(self) -> pathlib.Path:
        apart = self.folder / "apart"
        return apart.resolve() if apart.exists() else self.folder

    def url(self, database: str = "postgres") -> str:
        return self._run("url", database).strip()

    def remove(self) -> None:
        command = f". '{SCRIPT}' && remove_cluster '{self.folder}'"
        subprocess.run(["bash", "-c", command], check=True, capture_output=True, timeout=60)

    def _run(self, verb: str, *arguments: str) -> str:
        done = subprocess.run(
            [SCRIPT, verb, self.folder, *arguments], text=True, capture_output=True, timeout=90
        )
        assert done.returncode == 0, f"postgres.sh {verb}: {done.stderr}"
        return done.stdout


class Borrowed:
    """The cluster of KAM_TEST_DATABASE_URL, shared with other tests: only databases are made."""

    def __init__(self, url: str) -> None:
        self._url = url

    def url(self, database: str = "postgres") -> str:
        options = psycopg.conninfo.conninfo_to_dict(self._url)
        options.pop("dbname", None)
        return f"postgresql:///{database}?{urllib.parse.urlencode(options)}"

    def remove(self) -> None:
        pass


def shared_cluster() -> Cluster | Borrowed:
    url = os.environ.get("KAM_TEST_DATABASE_URL")
    return Borrowed(url) if url else Cluster()


def create_database(cluster: Cluster | Borrowed) -> str:
    """A new empty database; its URL."""
    name = f"kam_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(cluster.url(), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return cluster.url(name)


def query(url: str, sql: str, *parameters) -> list[tuple]:
    with psycopg.connect(url) as connection:
        return connection.execute(sql, parameters or None).fetchall()


def execute(url: str, sql: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(sql)


def value(url: str, sql: str, *parameters):
    return query(url, sql, *parameters)[0][0]


def contents(url: str) -> dict[str, tuple[int, str]]:
    """Rows and digest of every table, to see that nothing was changed. Refused calls are audited,
    so the audit is left out."""
    with psycopg.connect(url) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        tables = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'audit'"
        ).fetchall()
        return {
            table: connection.execute(
                "SELECT count(*), coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') "
                f'FROM "{table}" t'
            ).fetchone()
            for (table,) in tables
        }
