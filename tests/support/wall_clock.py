"""A wall clock that a test moves under a running server; the monotonic clock stays."""

import pathlib
import struct
import subprocess

SOURCE = pathlib.Path(__file__).with_name("wall_clock.c")
HOUR_S = 3600


class WallClock:
    """The wall clock of the servers that are started with `environment`."""

    def __init__(self, folder: pathlib.Path) -> None:
        library = folder / "wall_clock.so"
        self._seconds = folder / "wall_clock"
        self.move(0)
        subprocess.run(
            ["cc", "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", library, SOURCE], check=True
        )
        self.environment = {
            "LD_PRELOAD": str(library),
            "KAM_TEST_WALL_CLOCK": str(self._seconds),
        }

    def move(self, seconds: int) -> None:
        """From now on it shows so many seconds more than the kernel's."""
        with self._seconds.open("r+b" if self._seconds.exists() else "wb") as file:
            file.write(struct.pack("=q", seconds))
