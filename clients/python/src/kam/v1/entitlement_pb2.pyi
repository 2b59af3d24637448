import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.type import money_pb2 as _money_pb2
from kam.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Entitlement(_message.Message):
    __slots__ = ("name", "benefit", "state", "start_time", "end_time", "budget", "reserved_cost", "seats", "allocation_plan", "assessment", "principal", "reason", "create_time", "revoke_time", "etag", "revoke_reason")
    class State(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        STATE_UNSPECIFIED: _ClassVar[Entitlement.State]
        STATE_ACTIVE: _ClassVar[Entitlement.State]
        STATE_EXPIRED: _ClassVar[Entitlement.State]
        STATE_REVOKED: _ClassVar[Entitlement.State]
    STATE_UNSPECIFIED: Entitlement.State
    STATE_ACTIVE: Entitlement.State
    STATE_EXPIRED: Entitlement.State
    STATE_REVOKED: Entitlement.State
    NAME_FIELD_NUMBER: _ClassVar[int]
    BENEFIT_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    BUDGET_FIELD_NUMBER: _ClassVar[int]
    RESERVED_COST_FIELD_NUMBER: _ClassVar[int]
    SEATS_FIELD_NUMBER: _ClassVar[int]
    ALLOCATION_PLAN_FIELD_NUMBER: _ClassVar[int]
    ASSESSMENT_FIELD_NUMBER: _ClassVar[int]
    PRINCIPAL_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    REVOKE_TIME_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    REVOKE_REASON_FIELD_NUMBER: _ClassVar[int]
    name: str
    benefit: str
    state: Entitlement.State
    start_time: _timestamp_pb2.Timestamp
    end_time: _timestamp_pb2.Timestamp
    budget: str
    reserved_cost: _money_pb2.Money
    seats: int
    allocation_plan: str
    assessment: str
    principal: str
    reason: str
    create_time: _timestamp_pb2.Timestamp
    revoke_time: _timestamp_pb2.Timestamp
    etag: str
    revoke_reason: str
    def __init__(self, name: _Optional[str] = ..., benefit: _Optional[str] = ..., state: _Optional[_Union[Entitlement.State, str]] = ..., start_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., end_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., budget: _Optional[str] = ..., reserved_cost: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., seats: _Optional[int] = ..., allocation_plan: _Optional[str] = ..., assessment: _Optional[str] = ..., principal: _Optional[str] = ..., reason: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., revoke_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., etag: _Optional[str] = ..., revoke_reason: _Optional[str] = ...) -> None: ...
