import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.type import money_pb2 as _money_pb2
from kam.v1 import metric_pb2 as _metric_pb2
from kam.v1 import options_pb2 as _options_pb2
from kam.v1 import scorecard_pb2 as _scorecard_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Benefit(_message.Message):
    __slots__ = ("name", "display_name", "discount", "credit_terms", "club_membership", "event", "payment_mode", "delivery_arrangement", "dedicated_contact", "eligibility", "stacking_group", "cost", "value", "validity_days", "budget", "state", "create_time", "update_time", "etag")
    class State(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        STATE_UNSPECIFIED: _ClassVar[Benefit.State]
        STATE_DRAFT: _ClassVar[Benefit.State]
        STATE_ACTIVE: _ClassVar[Benefit.State]
        STATE_RETIRED: _ClassVar[Benefit.State]
    STATE_UNSPECIFIED: Benefit.State
    STATE_DRAFT: Benefit.State
    STATE_ACTIVE: Benefit.State
    STATE_RETIRED: Benefit.State
    NAME_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    DISCOUNT_FIELD_NUMBER: _ClassVar[int]
    CREDIT_TERMS_FIELD_NUMBER: _ClassVar[int]
    CLUB_MEMBERSHIP_FIELD_NUMBER: _ClassVar[int]
    EVENT_FIELD_NUMBER: _ClassVar[int]
    PAYMENT_MODE_FIELD_NUMBER: _ClassVar[int]
    DELIVERY_ARRANGEMENT_FIELD_NUMBER: _ClassVar[int]
    DEDICATED_CONTACT_FIELD_NUMBER: _ClassVar[int]
    ELIGIBILITY_FIELD_NUMBER: _ClassVar[int]
    STACKING_GROUP_FIELD_NUMBER: _ClassVar[int]
    COST_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    VALIDITY_DAYS_FIELD_NUMBER: _ClassVar[int]
    BUDGET_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    name: str
    display_name: str
    discount: Discount
    credit_terms: CreditTerms
    club_membership: ClubMembership
    event: Event
    payment_mode: PaymentMode
    delivery_arrangement: DeliveryArrangement
    dedicated_contact: DedicatedContact
    eligibility: Eligibility
    stacking_group: str
    cost: CostModel
    value: ValueModel
    validity_days: int
    budget: str
    state: Benefit.State
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    etag: str
    def __init__(self, name: _Optional[str] = ..., display_name: _Optional[str] = ..., discount: _Optional[_Union[Discount, _Mapping]] = ..., credit_terms: _Optional[_Union[CreditTerms, _Mapping]] = ..., club_membership: _Optional[_Union[ClubMembership, _Mapping]] = ..., event: _Optional[_Union[Event, _Mapping]] = ..., payment_mode: _Optional[_Union[PaymentMode, _Mapping]] = ..., delivery_arrangement: _Optional[_Union[DeliveryArrangement, _Mapping]] = ..., dedicated_contact: _Optional[_Union[DedicatedContact, _Mapping]] = ..., eligibility: _Optional[_Union[Eligibility, _Mapping]] = ..., stacking_group: _Optional[str] = ..., cost: _Optional[_Union[CostModel, _Mapping]] = ..., value: _Optional[_Union[ValueModel, _Mapping]] = ..., validity_days: _Optional[int] = ..., budget: _Optional[str] = ..., state: _Optional[_Union[Benefit.State, str]] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., etag: _Optional[str] = ...) -> None: ...

class Discount(_message.Message):
    __slots__ = ("percent", "amount", "cap", "minimum_order")
    PERCENT_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    CAP_FIELD_NUMBER: _ClassVar[int]
    MINIMUM_ORDER_FIELD_NUMBER: _ClassVar[int]
    percent: float
    amount: _money_pb2.Money
    cap: _money_pb2.Money
    minimum_order: _money_pb2.Money
    def __init__(self, percent: _Optional[float] = ..., amount: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., cap: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., minimum_order: _Optional[_Union[_money_pb2.Money, _Mapping]] = ...) -> None: ...

class CreditTerms(_message.Message):
    __slots__ = ("extra_days", "limit_raise")
    EXTRA_DAYS_FIELD_NUMBER: _ClassVar[int]
    LIMIT_RAISE_FIELD_NUMBER: _ClassVar[int]
    extra_days: int
    limit_raise: _money_pb2.Money
    def __init__(self, extra_days: _Optional[int] = ..., limit_raise: _Optional[_Union[_money_pb2.Money, _Mapping]] = ...) -> None: ...

class ClubMembership(_message.Message):
    __slots__ = ("level", "seats")
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    SEATS_FIELD_NUMBER: _ClassVar[int]
    level: str
    seats: int
    def __init__(self, level: _Optional[str] = ..., seats: _Optional[int] = ...) -> None: ...

class Event(_message.Message):
    __slots__ = ("start_time", "seats")
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    SEATS_FIELD_NUMBER: _ClassVar[int]
    start_time: _timestamp_pb2.Timestamp
    seats: int
    def __init__(self, start_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., seats: _Optional[int] = ...) -> None: ...

class PaymentMode(_message.Message):
    __slots__ = ("mode", "instalments")
    class Mode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        MODE_UNSPECIFIED: _ClassVar[PaymentMode.Mode]
        MODE_CONSOLIDATED_INVOICE: _ClassVar[PaymentMode.Mode]
        MODE_INSTALMENTS: _ClassVar[PaymentMode.Mode]
        MODE_OPEN_ACCOUNT: _ClassVar[PaymentMode.Mode]
    MODE_UNSPECIFIED: PaymentMode.Mode
    MODE_CONSOLIDATED_INVOICE: PaymentMode.Mode
    MODE_INSTALMENTS: PaymentMode.Mode
    MODE_OPEN_ACCOUNT: PaymentMode.Mode
    MODE_FIELD_NUMBER: _ClassVar[int]
    INSTALMENTS_FIELD_NUMBER: _ClassVar[int]
    mode: PaymentMode.Mode
    instalments: int
    def __init__(self, mode: _Optional[_Union[PaymentMode.Mode, str]] = ..., instalments: _Optional[int] = ...) -> None: ...

class DeliveryArrangement(_message.Message):
    __slots__ = ("service", "free_freight")
    class Service(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        SERVICE_UNSPECIFIED: _ClassVar[DeliveryArrangement.Service]
        SERVICE_EXPRESS: _ClassVar[DeliveryArrangement.Service]
        SERVICE_RESERVED_SLOT: _ClassVar[DeliveryArrangement.Service]
        SERVICE_PREMIUM: _ClassVar[DeliveryArrangement.Service]
    SERVICE_UNSPECIFIED: DeliveryArrangement.Service
    SERVICE_EXPRESS: DeliveryArrangement.Service
    SERVICE_RESERVED_SLOT: DeliveryArrangement.Service
    SERVICE_PREMIUM: DeliveryArrangement.Service
    SERVICE_FIELD_NUMBER: _ClassVar[int]
    FREE_FREIGHT_FIELD_NUMBER: _ClassVar[int]
    service: DeliveryArrangement.Service
    free_freight: bool
    def __init__(self, service: _Optional[_Union[DeliveryArrangement.Service, str]] = ..., free_freight: bool = ...) -> None: ...

class DedicatedContact(_message.Message):
    __slots__ = ("role",)
    ROLE_FIELD_NUMBER: _ClassVar[int]
    role: str
    def __init__(self, role: _Optional[str] = ...) -> None: ...

class Eligibility(_message.Message):
    __slots__ = ("tiers", "pareto_classes", "criteria_met", "min_score")
    TIERS_FIELD_NUMBER: _ClassVar[int]
    PARETO_CLASSES_FIELD_NUMBER: _ClassVar[int]
    CRITERIA_MET_FIELD_NUMBER: _ClassVar[int]
    MIN_SCORE_FIELD_NUMBER: _ClassVar[int]
    tiers: _containers.RepeatedScalarFieldContainer[_scorecard_pb2.Tier]
    pareto_classes: _containers.RepeatedScalarFieldContainer[_metric_pb2.ParetoClass]
    criteria_met: _containers.RepeatedScalarFieldContainer[str]
    min_score: float
    def __init__(self, tiers: _Optional[_Iterable[_Union[_scorecard_pb2.Tier, str]]] = ..., pareto_classes: _Optional[_Iterable[_Union[_metric_pb2.ParetoClass, str]]] = ..., criteria_met: _Optional[_Iterable[str]] = ..., min_score: _Optional[float] = ...) -> None: ...

class CostModel(_message.Message):
    __slots__ = ("fixed", "percent_of_revenue", "per_order", "annual_capital_rate_percent")
    FIXED_FIELD_NUMBER: _ClassVar[int]
    PERCENT_OF_REVENUE_FIELD_NUMBER: _ClassVar[int]
    PER_ORDER_FIELD_NUMBER: _ClassVar[int]
    ANNUAL_CAPITAL_RATE_PERCENT_FIELD_NUMBER: _ClassVar[int]
    fixed: _money_pb2.Money
    percent_of_revenue: float
    per_order: _money_pb2.Money
    annual_capital_rate_percent: float
    def __init__(self, fixed: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., percent_of_revenue: _Optional[float] = ..., per_order: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., annual_capital_rate_percent: _Optional[float] = ...) -> None: ...

class ValueModel(_message.Message):
    __slots__ = ("fixed", "revenue_uplift_percent")
    FIXED_FIELD_NUMBER: _ClassVar[int]
    REVENUE_UPLIFT_PERCENT_FIELD_NUMBER: _ClassVar[int]
    fixed: _money_pb2.Money
    revenue_uplift_percent: float
    def __init__(self, fixed: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., revenue_uplift_percent: _Optional[float] = ...) -> None: ...
