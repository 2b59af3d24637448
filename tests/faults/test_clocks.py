"""The wall clock of a server is wrong, or is set while it runs."""

import time

import pytest
from kam.v1.criteria_service_pb2 import EvaluatePortfolioRequest
from kam.v1.evaluation_pb2 import Evaluation
from support import kam_process, make, portfolio, raw
from support.eventually import eventually
from support.wall_clock import HOUR_S, WallClock


@pytest.fixture
def clock(tmp_path):
    return WallClock(tmp_path)


@pytest.fixture
def server(database, tmp_path, clock):
    server = kam_process.Server(
        database,
        tmp_path,
        "--drain-delay=0s",
        "--drain-timeout=2s",
        environment=clock.environment,
    )
    yield server
    assert not server.running() or server.stop() == 0, server.tail()


@pytest.mark.parametrize("step_s", [HOUR_S, -HOUR_S])
def test_nothing_waits_for_the_wall_clock(server, client, cluster, clock, step_s):
    # The kernel's clock is behind what the server reads as after it was set back, or before it.
    clock.move(step_s)
    make.account(client, "acme")
    request = EvaluatePortfolioRequest(as_of=portfolio.AS_OF)
    client.wait(client.criteria.EvaluatePortfolio(request), Evaluation, timeout=20)

    cluster.stop("immediate")
    try:
        eventually(lambda: raw.health(server.target) == raw.NOT_SERVING, limit_s=15)
    finally:
        cluster.start()
    eventually(lambda: raw.health(server.target) == raw.SERVING, limit_s=15)

    begun = time.monotonic()
    server.terminate()
    assert server.wait() == 0, server.tail()
    assert time.monotonic() - begun < 10
