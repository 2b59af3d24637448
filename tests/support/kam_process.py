"""A real `kam` as a child process."""

import os
import pathlib
import select
import signal
import subprocess
import time

from kam_client import Client
from support.postgres import ROOT

BINARY = pathlib.Path(os.environ.get("KAM_BINARY", ROOT / "build" / "default" / "kam"))
START_LIMIT_S = 30
STOP_LIMIT_S = 40


def prepare(database_url: str) -> None:
    """Migrates and seeds a database."""
    for command in ("migrate", "seed"):
        done = subprocess.run(
            [BINARY, command, f"--database-url={database_url}"],
            text=True,
            capture_output=True,
            timeout=60,
        )
        assert done.returncode == 0, f"kam {command}: {done.stdout}{done.stderr}"


class Server:
    """`kam serve` on a port of its own choice, kept over restarts."""

    def __init__(
        self,
        database_url: str,
        folder: pathlib.Path,
        *flags: str,
        environment: dict[str, str] | None = None,
    ) -> None:
        self.database_url = database_url
        self.log = folder / f"kam-{os.getpid()}-{id(self)}.log"
        self._flags = flags
        self._environment = os.environ | (environment or {})
        self._port = 0
        self._process: subprocess.Popen | None = None
        self.start()

    @property
    def target(self) -> str:
        return f"127.0.0.1:{self._port}"

    @property
    def pid(self) -> int:
        return self._process.pid

    def client(self, **options) -> Client:
        return Client(self.target, **options)

    def start(self, *flags: str) -> None:
        """Starts it, with other flags than before when some are given."""
        assert not self.running(), "is running"
        self._flags = flags or self._flags
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [
                    BINARY,
                    "serve",
                    "--insecure-local",
                    f"--database-url={self.database_url}",
                    f"--listen=127.0.0.1:{self._port}",
                    *self._flags,
                ],
                stdout=subprocess.PIPE,
                stderr=log,
                env=self._environment,
                start_new_session=True,
            )
        self._port = int(self._listening().rpartition(":")[2])

    def _listening(self) -> str:
        """The line that says where it listens."""
        end = time.monotonic() + START_LIMIT_S
        seen = b""
        while time.monotonic() < end:
            if select.select([self._process.stdout], [], [], 0.2)[0]:
                read = os.read(self._process.stdout.fileno(), 4096)
                seen += read
                for line in seen.split(b"\n")[:-1]:
                    if line.startswith(b"listening on "):
                        return line.decode().strip()
                if not read:
                    break
        raise AssertionError(f"kam serve did not start: {seen.decode()}{self.tail()}")

    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        """kill -9, as a crash."""
        self._process.kill()
        self._process.wait(STOP_LIMIT_S)
        self._process.stdout.close()

    def terminate(self) -> None:
        """Asks it to drain; does not wait."""
        self._process.send_signal(signal.SIGTERM)

    def wait(self) -> int:
        status = self._process.wait(STOP_LIMIT_S)
        self._process.stdout.close()
        return status

    def stop(self) -> int:
        """Drains it; its exit status."""
        if not self.running():
            return self._process.returncode
        self.terminate()
        try:
            return self.wait()
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"kam did not drain: {self.tail()}") from None

    def tail(self) -> str:
        return "\n" + self.log.read_text(errors="replace")[-3000:]
