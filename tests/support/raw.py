"""Calls below the client: bytes on a channel, services that have no stubs here."""

import grpc

SERVING = b"\x08\x01"
NOT_SERVING = b"\x08\x02"


def health(target: str, timeout: float = 5, service: str = "") -> bytes:
    """The answer of grpc.health.v1 for the whole server or one service, as bytes."""
    request = string_field(1, service) if service else b""
    with grpc.insecure_channel(target) as channel:
        return channel.unary_unary("/grpc.health.v1.Health/Check")(request, timeout=timeout)


def unary(target: str, method: str, body: bytes, timeout: float = 10):
    """One call with a body of bytes; answers bytes."""
    with grpc.insecure_channel(target) as channel:
        return channel.unary_unary(method)(body, timeout=timeout)


def reflect(target: str, version: str, request: bytes) -> list[bytes]:
    """The answers of grpc.reflection.VERSION to one request, as bytes."""
    with grpc.insecure_channel(target) as channel:
        method = f"/grpc.reflection.{version}.ServerReflection/ServerReflectionInfo"
        return list(channel.stream_stream(method)(iter([request]), timeout=10))


def string_field(number: int, text: str) -> bytes:
    """A protobuf string field on the wire; text under 128 bytes."""
    body = text.encode()
    return bytes([number << 3 | 2, len(body)]) + body
