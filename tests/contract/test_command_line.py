"""The `kam` command: settings by flag, environment and file, and its exit codes."""

import os
import subprocess

import pytest
from support.kam_process import BINARY


def run(*arguments, **environment) -> subprocess.CompletedProcess:
    return subprocess.run(
        [BINARY, *arguments],
        text=True,
        capture_output=True,
        timeout=30,
        env={name: value for name, value in os.environ.items() if not name.startswith("KAM_")}
        | environment,
    )


def setting(output: str, name: str) -> str:
    lines = [line for line in output.splitlines() if line.startswith(f"{name} = ")]
    assert len(lines) == 1, output
    return lines[0].partition(" = ")[2]


def test_version():
    done = run("version")
    assert done.returncode == 0
    assert done.stdout.startswith("kam 0.")


@pytest.mark.parametrize("arguments", [(), ("frobnicate",), ("serve", "migrate")])
def test_a_wrong_command_shows_the_usage(arguments):
    done = run(*arguments)
    assert done.returncode == 2
    assert "kam migrate" in done.stderr


def test_an_unknown_setting_is_refused():
    done = run("config", "--databse-url=x")
    assert done.returncode != 0
    assert "databse" in done.stderr


def test_flag_goes_before_environment_before_file(tmp_path):
    file = tmp_path / "kam.conf"
    file.write_text("workers = 3  # a comment\nqueue-capacity = 30\n\njob-threads = 5\n")
    done = run(
        "config",
        f"--config={file}",
        "--workers=9",
        KAM_WORKERS="7",
        KAM_QUEUE_CAPACITY="70",
    )
    assert done.returncode == 0, done.stderr
    assert setting(done.stdout, "workers") == "9"
    assert setting(done.stdout, "queue-capacity") == "70"
    assert setting(done.stdout, "job-threads") == "5"


def test_a_bad_line_of_a_file_is_named(tmp_path):
    file = tmp_path / "kam.conf"
    file.write_text("workers = 3\nnonsense\n")
    done = run("config", f"--config={file}")
    assert done.returncode == 2
    assert "line 2" in done.stderr


def test_the_database_url_is_not_shown():
    done = run("config", "--database-url=postgresql://me:hunter2@db/kam")
    assert done.returncode == 0
    assert "hunter2" not in done.stdout


def test_every_wrong_setting_is_named_at_once():
    done = run("serve", "--workers=0", "--reporting-currency=XQX", "--local-role=root")
    assert done.returncode == 2
    for name in ("--workers", "--reporting-currency", "--local-role", "--database-url"):
        assert name in done.stderr


def test_plain_text_is_served_only_when_asked_for_and_only_at_home():
    url = "--database-url=postgresql:///nowhere?host=/nonexistent"
    unasked = run("serve", url, "--listen=127.0.0.1:0")
    assert unasked.returncode == 2
    assert "--insecure-local" in unasked.stderr
    abroad = run("serve", url, "--insecure-local", "--listen=0.0.0.0:0")
    assert abroad.returncode == 2
    assert "loopback" in abroad.stderr


def test_a_taken_port_is_said(server):
    done = run(
        "serve",
        f"--database-url={server.database_url}",
        "--insecure-local",
        f"--listen={server.target}",
    )
    assert done.returncode == 1
    assert server.target in done.stderr


def test_healthcheck_tells_a_server_that_serves_from_none(server):
    assert run("healthcheck", f"--listen={server.target}").returncode == 0
    done = run("healthcheck", "--listen=127.0.0.1:1")
    assert done.returncode == 1
    assert "127.0.0.1:1" in done.stderr


def test_migrate_twice_changes_nothing(database):
    done = run("migrate", f"--database-url={database}")
    assert done.returncode == 0
    assert "already" in done.stdout


def test_a_database_that_is_away_is_said_at_once():
    done = run("migrate", "--database-url=postgresql:///kam?host=/nonexistent")
    assert done.returncode == 1
    assert done.stderr


def test_metrics_are_served_to_this_machine_only_unless_asked_for():
    url = "--database-url=host=/nonexistent"
    for address in ("0.0.0.0:9464", "127.0.0.1:9464,0.0.0.0:9464", "127.0.0.1.nip.io:9464"):
        done = run("serve", url, "--insecure-local", f"--metrics-listen={address}")
        assert done.returncode == 2, address
        assert "--metrics-public" in done.stderr
