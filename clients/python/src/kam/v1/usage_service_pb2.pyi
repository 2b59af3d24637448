import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from kam.v1 import entitlement_pb2 as _entitlement_pb2
from kam.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CheckBenefitRequest(_message.Message):
    __slots__ = ("account", "benefit")
    ACCOUNT_FIELD_NUMBER: _ClassVar[int]
    BENEFIT_FIELD_NUMBER: _ClassVar[int]
    account: str
    benefit: str
    def __init__(self, account: _Optional[str] = ..., benefit: _Optional[str] = ...) -> None: ...

class CheckBenefitResponse(_message.Message):
    __slots__ = ("allowed", "denial", "entitlement", "check_time")
    class Denial(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        DENIAL_UNSPECIFIED: _ClassVar[CheckBenefitResponse.Denial]
        DENIAL_NOT_ENTITLED: _ClassVar[CheckBenefitResponse.Denial]
        DENIAL_NOT_STARTED: _ClassVar[CheckBenefitResponse.Denial]
        DENIAL_EXPIRED: _ClassVar[CheckBenefitResponse.Denial]
        DENIAL_REVOKED: _ClassVar[CheckBenefitResponse.Denial]
        DENIAL_ACCOUNT_DELETED: _ClassVar[CheckBenefitResponse.Denial]
    DENIAL_UNSPECIFIED: CheckBenefitResponse.Denial
    DENIAL_NOT_ENTITLED: CheckBenefitResponse.Denial
    DENIAL_NOT_STARTED: CheckBenefitResponse.Denial
    DENIAL_EXPIRED: CheckBenefitResponse.Denial
    DENIAL_REVOKED: CheckBenefitResponse.Denial
    DENIAL_ACCOUNT_DELETED: CheckBenefitResponse.Denial
    ALLOWED_FIELD_NUMBER: _ClassVar[int]
    DENIAL_FIELD_NUMBER: _ClassVar[int]
    ENTITLEMENT_FIELD_NUMBER: _ClassVar[int]
    CHECK_TIME_FIELD_NUMBER: _ClassVar[int]
    allowed: bool
    denial: CheckBenefitResponse.Denial
    entitlement: _entitlement_pb2.Entitlement
    check_time: _timestamp_pb2.Timestamp
    def __init__(self, allowed: bool = ..., denial: _Optional[_Union[CheckBenefitResponse.Denial, str]] = ..., entitlement: _Optional[_Union[_entitlement_pb2.Entitlement, _Mapping]] = ..., check_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
