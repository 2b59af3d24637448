import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class LifetimeModel(_message.Message):
    __slots__ = ("name", "purchase_kind", "state", "purchase", "purchase_evidence", "spend", "spend_evidence", "as_of", "known_at", "create_time")
    class PurchaseKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        PURCHASE_KIND_UNSPECIFIED: _ClassVar[LifetimeModel.PurchaseKind]
        PURCHASE_KIND_BG_NBD: _ClassVar[LifetimeModel.PurchaseKind]
        PURCHASE_KIND_MBG_NBD: _ClassVar[LifetimeModel.PurchaseKind]
    PURCHASE_KIND_UNSPECIFIED: LifetimeModel.PurchaseKind
    PURCHASE_KIND_BG_NBD: LifetimeModel.PurchaseKind
    PURCHASE_KIND_MBG_NBD: LifetimeModel.PurchaseKind
    class State(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        STATE_UNSPECIFIED: _ClassVar[LifetimeModel.State]
        STATE_RUNNING: _ClassVar[LifetimeModel.State]
        STATE_SUCCEEDED: _ClassVar[LifetimeModel.State]
        STATE_FAILED: _ClassVar[LifetimeModel.State]
    STATE_UNSPECIFIED: LifetimeModel.State
    STATE_RUNNING: LifetimeModel.State
    STATE_SUCCEEDED: LifetimeModel.State
    STATE_FAILED: LifetimeModel.State
    class PurchaseParameters(_message.Message):
        __slots__ = ("r", "alpha", "a", "b")
        R_FIELD_NUMBER: _ClassVar[int]
        ALPHA_FIELD_NUMBER: _ClassVar[int]
        A_FIELD_NUMBER: _ClassVar[int]
        B_FIELD_NUMBER: _ClassVar[int]
        r: float
        alpha: float
        a: float
        b: float
        def __init__(self, r: _Optional[float] = ..., alpha: _Optional[float] = ..., a: _Optional[float] = ..., b: _Optional[float] = ...) -> None: ...
    class SpendParameters(_message.Message):
        __slots__ = ("p", "q", "v")
        P_FIELD_NUMBER: _ClassVar[int]
        Q_FIELD_NUMBER: _ClassVar[int]
        V_FIELD_NUMBER: _ClassVar[int]
        p: float
        q: float
        v: float
        def __init__(self, p: _Optional[float] = ..., q: _Optional[float] = ..., v: _Optional[float] = ...) -> None: ...
    class FitEvidence(_message.Message):
        __slots__ = ("customers", "distinct_histories", "iterations", "log_likelihood", "converged", "stop_reason")
        CUSTOMERS_FIELD_NUMBER: _ClassVar[int]
        DISTINCT_HISTORIES_FIELD_NUMBER: _ClassVar[int]
        ITERATIONS_FIELD_NUMBER: _ClassVar[int]
        LOG_LIKELIHOOD_FIELD_NUMBER: _ClassVar[int]
        CONVERGED_FIELD_NUMBER: _ClassVar[int]
        STOP_REASON_FIELD_NUMBER: _ClassVar[int]
        customers: int
        distinct_histories: int
        iterations: int
        log_likelihood: float
        converged: bool
        stop_reason: str
        def __init__(self, customers: _Optional[int] = ..., distinct_histories: _Optional[int] = ..., iterations: _Optional[int] = ..., log_likelihood: _Optional[float] = ..., converged: bool = ..., stop_reason: _Optional[str] = ...) -> None: ...
    NAME_FIELD_NUMBER: _ClassVar[int]
    PURCHASE_KIND_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    PURCHASE_FIELD_NUMBER: _ClassVar[int]
    PURCHASE_EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    SPEND_FIELD_NUMBER: _ClassVar[int]
    SPEND_EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    KNOWN_AT_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    name: str
    purchase_kind: LifetimeModel.PurchaseKind
    state: LifetimeModel.State
    purchase: LifetimeModel.PurchaseParameters
    purchase_evidence: LifetimeModel.FitEvidence
    spend: LifetimeModel.SpendParameters
    spend_evidence: LifetimeModel.FitEvidence
    as_of: _timestamp_pb2.Timestamp
    known_at: _timestamp_pb2.Timestamp
    create_time: _timestamp_pb2.Timestamp
    def __init__(self, name: _Optional[str] = ..., purchase_kind: _Optional[_Union[LifetimeModel.PurchaseKind, str]] = ..., state: _Optional[_Union[LifetimeModel.State, str]] = ..., purchase: _Optional[_Union[LifetimeModel.PurchaseParameters, _Mapping]] = ..., purchase_evidence: _Optional[_Union[LifetimeModel.FitEvidence, _Mapping]] = ..., spend: _Optional[_Union[LifetimeModel.SpendParameters, _Mapping]] = ..., spend_evidence: _Optional[_Union[LifetimeModel.FitEvidence, _Mapping]] = ..., as_of: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., known_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
