"""The disk of PostgreSQL is full: refused with the reason, nothing lost, recovered with room."""

import contextlib
import os
import pathlib
import subprocess

import grpc
import pytest
from kam_client import KamError
from support import kam_process, make, postgres, raw
from support.eventually import eventually

SIZE_MB = 160
KEEP_FREE = 3 << 20


def _mount(folder: pathlib.Path) -> bool:
    if os.geteuid() != 0:
        return False
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m,mode=755", "tmpfs", folder]
    return subprocess.run(mount, capture_output=True).returncode == 0


@pytest.fixture
def small_disk(tmp_path_factory):
    folder = pathlib.Path(
        subprocess.check_output(["mktemp", "-d", "/tmp/kam-disk-XXXXXX"], text=True).strip()
    )
    folder.chmod(0o755)
    if not _mount(folder):
        folder.rmdir()
        pytest.skip("needs root and the right to mount a tmpfs")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)
    folder.rmdir()


@pytest.fixture
def full(small_disk):
    """A cluster on a small disk, and a switch that fills it up."""
    cluster = postgres.Cluster(
        *postgres.FAST, "max_wal_size=48MB", "min_wal_size=32MB", parent=small_disk
    )
    ballast = small_disk / "ballast"

    @contextlib.contextmanager
    def fill():
        stat = os.statvfs(small_disk)
        ballast.write_bytes(b"\0" * max(0, stat.f_bavail * stat.f_frsize - KEEP_FREE))
        try:
            yield
        finally:
            ballast.unlink()

    yield cluster, fill
    cluster.stop("immediate")
    cluster.remove()


def test_a_full_disk_refuses_and_loses_nothing(full, tmp_path):
    cluster, fill = full
    url = postgres.create_database(cluster)
    kam_process.prepare(url)
    server = kam_process.Server(url, tmp_path)
    acknowledged = []
    try:
        with server.client(retries=False, timeout=20) as client:
            with fill():
                with pytest.raises(KamError) as caught:
                    for n in range(20_000):
                        labels = {f"k{i}": "x" * 60 for i in range(30)}
                        acknowledged.append(make.account(client, f"a{n}", labels=labels).name)
                error = caught.value
                print(f"after {len(acknowledged)} accounts: {error}")
                # A full WAL stops PostgreSQL itself; a full table only the statement.
                assert (error.code, error.reason) in {
                    (grpc.StatusCode.RESOURCE_EXHAUSTED, "DATABASE_FULL"),
                    (grpc.StatusCode.UNAVAILABLE, "DATABASE_UNAVAILABLE"),
                    (grpc.StatusCode.UNAVAILABLE, "OUTCOME_UNKNOWN"),
                }
                assert server.running()
            cluster.start()
            eventually(lambda: raw.health(server.target) == raw.SERVING, limit_s=20)
            make.account(client, "after")
        stored = {n for (n,) in postgres.query(url, "SELECT account_id FROM accounts")}
        assert {name.removeprefix("accounts/") for name in acknowledged} <= stored
        assert len(stored) - len(acknowledged) <= 2, "the refused call has at most its own effect"
    finally:
        assert server.stop() == 0, server.tail()
