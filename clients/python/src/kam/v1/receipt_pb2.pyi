from google.rpc import status_pb2 as _status_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Receipt(_message.Message):
    __slots__ = ("recorded", "unchanged", "corrected", "rejected", "rejected_count")
    class Rejection(_message.Message):
        __slots__ = ("index", "key", "status")
        INDEX_FIELD_NUMBER: _ClassVar[int]
        KEY_FIELD_NUMBER: _ClassVar[int]
        STATUS_FIELD_NUMBER: _ClassVar[int]
        index: int
        key: str
        status: _status_pb2.Status
        def __init__(self, index: _Optional[int] = ..., key: _Optional[str] = ..., status: _Optional[_Union[_status_pb2.Status, _Mapping]] = ...) -> None: ...
    RECORDED_FIELD_NUMBER: _ClassVar[int]
    UNCHANGED_FIELD_NUMBER: _ClassVar[int]
    CORRECTED_FIELD_NUMBER: _ClassVar[int]
    REJECTED_FIELD_NUMBER: _ClassVar[int]
    REJECTED_COUNT_FIELD_NUMBER: _ClassVar[int]
    recorded: int
    unchanged: int
    corrected: int
    rejected: _containers.RepeatedCompositeFieldContainer[Receipt.Rejection]
    rejected_count: int
    def __init__(self, recorded: _Optional[int] = ..., unchanged: _Optional[int] = ..., corrected: _Optional[int] = ..., rejected: _Optional[_Iterable[_Union[Receipt.Rejection, _Mapping]]] = ..., rejected_count: _Optional[int] = ...) -> None: ...
