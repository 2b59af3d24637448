"""Calls that are repeated until they are answered."""

import time

import grpc
from kam_client import KamError

TRANSIENT = {
    grpc.StatusCode.UNAVAILABLE,
    grpc.StatusCode.RESOURCE_EXHAUSTED,
    grpc.StatusCode.DEADLINE_EXCEEDED,
}


def insist(call):
    """Repeats the same call until it is answered, as a caller with a request id may."""
    for _ in range(400):
        try:
            return call()
        except KamError as error:
            if error.code not in TRANSIENT and error.reason not in {"CONFLICT", "OUTCOME_UNKNOWN"}:
                raise
            time.sleep(0.05)
    raise AssertionError("never answered")
