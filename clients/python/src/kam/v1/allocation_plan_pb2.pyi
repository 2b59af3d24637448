import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.type import money_pb2 as _money_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class AllocationPlan(_message.Message):
    __slots__ = ("name", "evaluation", "state", "method", "budgets", "benefits", "grants", "accounts", "cost", "value", "create_time", "ready_time", "commit_time", "etag")
    class State(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        STATE_UNSPECIFIED: _ClassVar[AllocationPlan.State]
        STATE_RUNNING: _ClassVar[AllocationPlan.State]
        STATE_READY: _ClassVar[AllocationPlan.State]
        STATE_COMMITTING: _ClassVar[AllocationPlan.State]
        STATE_COMMITTED: _ClassVar[AllocationPlan.State]
        STATE_DISCARDED: _ClassVar[AllocationPlan.State]
        STATE_FAILED: _ClassVar[AllocationPlan.State]
    STATE_UNSPECIFIED: AllocationPlan.State
    STATE_RUNNING: AllocationPlan.State
    STATE_READY: AllocationPlan.State
    STATE_COMMITTING: AllocationPlan.State
    STATE_COMMITTED: AllocationPlan.State
    STATE_DISCARDED: AllocationPlan.State
    STATE_FAILED: AllocationPlan.State
    class BudgetUse(_message.Message):
        __slots__ = ("budget", "etag", "available", "reserved", "seats", "grants")
        BUDGET_FIELD_NUMBER: _ClassVar[int]
        ETAG_FIELD_NUMBER: _ClassVar[int]
        AVAILABLE_FIELD_NUMBER: _ClassVar[int]
        RESERVED_FIELD_NUMBER: _ClassVar[int]
        SEATS_FIELD_NUMBER: _ClassVar[int]
        GRANTS_FIELD_NUMBER: _ClassVar[int]
        budget: str
        etag: str
        available: _money_pb2.Money
        reserved: _money_pb2.Money
        seats: int
        grants: int
        def __init__(self, budget: _Optional[str] = ..., etag: _Optional[str] = ..., available: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., reserved: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., seats: _Optional[int] = ..., grants: _Optional[int] = ...) -> None: ...
    class BenefitUse(_message.Message):
        __slots__ = ("benefit", "etag", "candidates", "grants", "cost", "value")
        BENEFIT_FIELD_NUMBER: _ClassVar[int]
        ETAG_FIELD_NUMBER: _ClassVar[int]
        CANDIDATES_FIELD_NUMBER: _ClassVar[int]
        GRANTS_FIELD_NUMBER: _ClassVar[int]
        COST_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        benefit: str
        etag: str
        candidates: int
        grants: int
        cost: _money_pb2.Money
        value: _money_pb2.Money
        def __init__(self, benefit: _Optional[str] = ..., etag: _Optional[str] = ..., candidates: _Optional[int] = ..., grants: _Optional[int] = ..., cost: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., value: _Optional[_Union[_money_pb2.Money, _Mapping]] = ...) -> None: ...
    NAME_FIELD_NUMBER: _ClassVar[int]
    EVALUATION_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    METHOD_FIELD_NUMBER: _ClassVar[int]
    BUDGETS_FIELD_NUMBER: _ClassVar[int]
    BENEFITS_FIELD_NUMBER: _ClassVar[int]
    GRANTS_FIELD_NUMBER: _ClassVar[int]
    ACCOUNTS_FIELD_NUMBER: _ClassVar[int]
    COST_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    READY_TIME_FIELD_NUMBER: _ClassVar[int]
    COMMIT_TIME_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    name: str
    evaluation: str
    state: AllocationPlan.State
    method: str
    budgets: _containers.RepeatedCompositeFieldContainer[AllocationPlan.BudgetUse]
    benefits: _containers.RepeatedCompositeFieldContainer[AllocationPlan.BenefitUse]
    grants: int
    accounts: int
    cost: _money_pb2.Money
    value: _money_pb2.Money
    create_time: _timestamp_pb2.Timestamp
    ready_time: _timestamp_pb2.Timestamp
    commit_time: _timestamp_pb2.Timestamp
    etag: str
    def __init__(self, name: _Optional[str] = ..., evaluation: _Optional[str] = ..., state: _Optional[_Union[AllocationPlan.State, str]] = ..., method: _Optional[str] = ..., budgets: _Optional[_Iterable[_Union[AllocationPlan.BudgetUse, _Mapping]]] = ..., benefits: _Optional[_Iterable[_Union[AllocationPlan.BenefitUse, _Mapping]]] = ..., grants: _Optional[int] = ..., accounts: _Optional[int] = ..., cost: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., value: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., ready_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., commit_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., etag: _Optional[str] = ...) -> None: ...

class AllocationItem(_message.Message):
    __slots__ = ("account", "benefit", "decision", "cost", "value", "seats")
    class Decision(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        DECISION_UNSPECIFIED: _ClassVar[AllocationItem.Decision]
        DECISION_GRANTED: _ClassVar[AllocationItem.Decision]
        DECISION_BUDGET_EXHAUSTED: _ClassVar[AllocationItem.Decision]
        DECISION_SEATS_EXHAUSTED: _ClassVar[AllocationItem.Decision]
        DECISION_ACCOUNT_LIMIT: _ClassVar[AllocationItem.Decision]
        DECISION_STACKING_GROUP_TAKEN: _ClassVar[AllocationItem.Decision]
        DECISION_ALREADY_ENTITLED: _ClassVar[AllocationItem.Decision]
        DECISION_NOT_WORTHWHILE: _ClassVar[AllocationItem.Decision]
    DECISION_UNSPECIFIED: AllocationItem.Decision
    DECISION_GRANTED: AllocationItem.Decision
    DECISION_BUDGET_EXHAUSTED: AllocationItem.Decision
    DECISION_SEATS_EXHAUSTED: AllocationItem.Decision
    DECISION_ACCOUNT_LIMIT: AllocationItem.Decision
    DECISION_STACKING_GROUP_TAKEN: AllocationItem.Decision
    DECISION_ALREADY_ENTITLED: AllocationItem.Decision
    DECISION_NOT_WORTHWHILE: AllocationItem.Decision
    ACCOUNT_FIELD_NUMBER: _ClassVar[int]
    BENEFIT_FIELD_NUMBER: _ClassVar[int]
    DECISION_FIELD_NUMBER: _ClassVar[int]
    COST_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    SEATS_FIELD_NUMBER: _ClassVar[int]
    account: str
    benefit: str
    decision: AllocationItem.Decision
    cost: _money_pb2.Money
    value: _money_pb2.Money
    seats: int
    def __init__(self, account: _Optional[str] = ..., benefit: _Optional[str] = ..., decision: _Optional[_Union[AllocationItem.Decision, str]] = ..., cost: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., value: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., seats: _Optional[int] = ...) -> None: ...
