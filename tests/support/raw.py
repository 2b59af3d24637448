"""Calls below the client: bytes on a channel, services that have no stubs here."""

import grpc

SERVING = b"\x08\x01"
NOT_SERVING = b"\x08\x02"


def health(target: str, timeout: float = 5) -> bytes:
    """The answer of grpc.health.v1 for the whole server, as bytes."""
    with grpc.insecure_channel(target) as channel:
        return channel.unary_unary("/grpc.health.v1.Health/Check")(b"", timeout=timeout)


def unary(target: str, method: str, body: bytes, timeout: float = 10):
    """One call with a body of bytes; answers bytes."""
    with grpc.insecure_channel(target) as channel:
        return channel.unary_unary(method)(body, timeout=timeout)
