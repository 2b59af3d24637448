"""Every module here has a PostgreSQL of its own, because it breaks it."""

import pytest
from support import kam_process, postgres


@pytest.fixture(scope="module")
def cluster():
    cluster = postgres.Cluster()
    yield cluster
    cluster.start()
    cluster.remove()


@pytest.fixture
def database(cluster) -> str:
    url = postgres.create_database(cluster)
    kam_process.prepare(url)
    return url


@pytest.fixture
def server_flags() -> list[str]:
    """What a module's server is started with besides the usual."""
    return []


@pytest.fixture
def server(database, tmp_path, server_flags):
    server = kam_process.Server(database, tmp_path, *server_flags)
    yield server
    # A test that kills its server starts another or leaves none.
    assert not server.running() or server.stop() == 0, server.tail()


@pytest.fixture
def client(server):
    with server.client() as client:
        yield client
