"""Fixtures of all pytest suites: a PostgreSQL, a database, a server and a client."""

import pathlib
import sys
from contextlib import contextmanager

import grpc
import pytest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "scripts")]

from kam_client import KamError  # noqa: E402
from support import kam_process, postgres  # noqa: E402


@pytest.fixture(scope="session")
def cluster():
    """A PostgreSQL that no test may stop."""
    cluster = postgres.shared_cluster()
    yield cluster
    cluster.remove()


@pytest.fixture(scope="module")
def database(cluster) -> str:
    """A migrated and seeded database of this module; its URL."""
    url = postgres.create_database(cluster)
    kam_process.prepare(url)
    return url


@pytest.fixture(scope="module")
def server(database, tmp_path_factory):
    server = kam_process.Server(database, tmp_path_factory.mktemp("kam"))
    yield server
    assert server.stop() == 0, server.tail()


@pytest.fixture(scope="module")
def client(server):
    with server.client() as client:
        yield client


@pytest.fixture
def unchanged(database):
    """After the test every table holds what it held before."""
    before = postgres.contents(database)
    yield
    assert postgres.contents(database) == before


class Caught:
    """The error that a `refused` block raised."""

    error: KamError


@pytest.fixture
def refused():
    """`with refused(code, reason) as caught:` the block must raise exactly that KamError."""

    @contextmanager
    def expect(code: grpc.StatusCode, reason: str):
        caught = Caught()
        with pytest.raises(KamError) as info:
            yield caught
        caught.error = info.value
        assert (info.value.code, info.value.reason) == (code, reason), info.value

    return expect
