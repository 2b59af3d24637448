"""Waiting for what must come true."""

import time
from collections.abc import Callable


def eventually(what: Callable[[], object], limit_s: float = 10, pause_s: float = 0.05) -> float:
    """Waits until `what` answers something true; the seconds it took. An exception counts as not
    yet, and is raised when the limit is over."""
    begin = time.monotonic()
    while True:
        try:
            if what():
                return time.monotonic() - begin
            failure = None
        except Exception as error:
            failure = error
        if time.monotonic() - begin > limit_s:
            raise AssertionError(f"did not come true in {limit_s} s") from failure
        time.sleep(pause_s)
