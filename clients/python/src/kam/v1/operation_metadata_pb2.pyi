import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class OperationMetadata(_message.Message):
    __slots__ = ("kind", "target", "stage", "done", "total", "rate", "attempts", "create_time", "start_time", "end_time", "estimated_end_time", "cancel_requested")
    class Kind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        KIND_UNSPECIFIED: _ClassVar[OperationMetadata.Kind]
        KIND_EVALUATE_PORTFOLIO: _ClassVar[OperationMetadata.Kind]
        KIND_FIT_LIFETIME_MODEL: _ClassVar[OperationMetadata.Kind]
        KIND_PLAN_ALLOCATION: _ClassVar[OperationMetadata.Kind]
        KIND_COMMIT_PLAN: _ClassVar[OperationMetadata.Kind]
    KIND_UNSPECIFIED: OperationMetadata.Kind
    KIND_EVALUATE_PORTFOLIO: OperationMetadata.Kind
    KIND_FIT_LIFETIME_MODEL: OperationMetadata.Kind
    KIND_PLAN_ALLOCATION: OperationMetadata.Kind
    KIND_COMMIT_PLAN: OperationMetadata.Kind
    KIND_FIELD_NUMBER: _ClassVar[int]
    TARGET_FIELD_NUMBER: _ClassVar[int]
    STAGE_FIELD_NUMBER: _ClassVar[int]
    DONE_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    RATE_FIELD_NUMBER: _ClassVar[int]
    ATTEMPTS_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    ESTIMATED_END_TIME_FIELD_NUMBER: _ClassVar[int]
    CANCEL_REQUESTED_FIELD_NUMBER: _ClassVar[int]
    kind: OperationMetadata.Kind
    target: str
    stage: str
    done: int
    total: int
    rate: float
    attempts: int
    create_time: _timestamp_pb2.Timestamp
    start_time: _timestamp_pb2.Timestamp
    end_time: _timestamp_pb2.Timestamp
    estimated_end_time: _timestamp_pb2.Timestamp
    cancel_requested: bool
    def __init__(self, kind: _Optional[_Union[OperationMetadata.Kind, str]] = ..., target: _Optional[str] = ..., stage: _Optional[str] = ..., done: _Optional[int] = ..., total: _Optional[int] = ..., rate: _Optional[float] = ..., attempts: _Optional[int] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., start_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., end_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., estimated_end_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., cancel_requested: bool = ...) -> None: ...
