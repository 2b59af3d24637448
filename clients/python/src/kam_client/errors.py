"""What the server says when it refuses, as one exception."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import grpc
from google.protobuf.message import DecodeError
from google.rpc import error_details_pb2, status_pb2

_DETAILS_KEY = "grpc-status-details-bin"
_CODES = {code.value[0]: code for code in grpc.StatusCode}


@dataclass(frozen=True)
class FieldViolation:
    """A field of the request that breaks a rule."""

    field: str
    description: str


@dataclass(frozen=True)
class PreconditionViolation:
    """Something in the server's state that stands in the way."""

    type: str
    subject: str
    description: str


class KamError(Exception):
    """An error of the server, or of the way to it.

    `reason` is a value of `kam.v1.ErrorReason` without its prefix, such as `ETAG_MISMATCH`; it is
    empty when the error was not made by kam (a lost connection, a refused message size).
    """

    def __init__(
        self,
        code: grpc.StatusCode,
        message: str,
        *,
        reason: str = "",
        metadata: Mapping[str, str] | None = None,
        fields: Sequence[FieldViolation] = (),
        preconditions: Sequence[PreconditionViolation] = (),
        resource: str = "",
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.reason = reason
        self.metadata = dict(metadata or {})
        self.fields = list(fields)
        self.preconditions = list(preconditions)
        self.resource = resource
        self.retry_after = retry_after

    def __str__(self) -> str:
        head = f"{self.code.name} ({self.reason})" if self.reason else self.code.name
        lines = [f"{head}: {self.message}"]
        lines += [f"  {violation.field}: {violation.description}" for violation in self.fields]
        lines += [
            f"  {violation.type} {violation.subject}: {violation.description}"
            for violation in self.preconditions
        ]
        if self.metadata.get("omitted"):
            lines.append(f"  and {self.metadata['omitted']} more")
        return "\n".join(lines)

    @classmethod
    def from_status(cls, status: status_pb2.Status) -> KamError:
        """Reads a `google.rpc.Status`, as operations and receipts carry it."""
        error = cls(_CODES.get(status.code, grpc.StatusCode.UNKNOWN), status.message)
        for detail in status.details:
            error._read(detail)
        return error

    @classmethod
    def from_rpc_error(cls, error: grpc.RpcError) -> KamError:
        """Reads the status and its details of a failed call."""
        for key, value in error.trailing_metadata() or ():
            if key == _DETAILS_KEY:
                try:
                    return cls.from_status(status_pb2.Status.FromString(value))
                except DecodeError:
                    break
        return cls(error.code(), error.details() or "")

    def _read(self, detail) -> None:
        info = error_details_pb2.ErrorInfo()
        bad_request = error_details_pb2.BadRequest()
        failure = error_details_pb2.PreconditionFailure()
        resource = error_details_pb2.ResourceInfo()
        retry = error_details_pb2.RetryInfo()
        if detail.Unpack(info):
            self.reason = info.reason
            self.metadata = dict(info.metadata)
        elif detail.Unpack(bad_request):
            self.fields = [
                FieldViolation(item.field, item.description)
                for item in bad_request.field_violations
            ]
        elif detail.Unpack(failure):
            self.preconditions = [
                PreconditionViolation(item.type, item.subject, item.description)
                for item in failure.violations
            ]
        elif detail.Unpack(resource):
            self.resource = resource.resource_name
        elif detail.Unpack(retry):
            self.retry_after = retry.retry_delay.ToTimedelta()
