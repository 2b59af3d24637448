import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from kam.v1 import metric_pb2 as _metric_pb2
from kam.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Tier(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    TIER_UNSPECIFIED: _ClassVar[Tier]
    TIER_STANDARD: _ClassVar[Tier]
    TIER_GROWTH: _ClassVar[Tier]
    TIER_KEY: _ClassVar[Tier]
    TIER_STRATEGIC: _ClassVar[Tier]
TIER_UNSPECIFIED: Tier
TIER_STANDARD: Tier
TIER_GROWTH: Tier
TIER_KEY: Tier
TIER_STRATEGIC: Tier

class Scorecard(_message.Message):
    __slots__ = ("name", "display_name", "definition", "latest_revision", "create_time", "update_time", "etag")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    DEFINITION_FIELD_NUMBER: _ClassVar[int]
    LATEST_REVISION_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    name: str
    display_name: str
    definition: ScorecardDefinition
    latest_revision: int
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    etag: str
    def __init__(self, name: _Optional[str] = ..., display_name: _Optional[str] = ..., definition: _Optional[_Union[ScorecardDefinition, _Mapping]] = ..., latest_revision: _Optional[int] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., etag: _Optional[str] = ...) -> None: ...

class ScorecardRevision(_message.Message):
    __slots__ = ("name", "definition", "publish_time")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DEFINITION_FIELD_NUMBER: _ClassVar[int]
    PUBLISH_TIME_FIELD_NUMBER: _ClassVar[int]
    name: str
    definition: ScorecardDefinition
    publish_time: _timestamp_pb2.Timestamp
    def __init__(self, name: _Optional[str] = ..., definition: _Optional[_Union[ScorecardDefinition, _Mapping]] = ..., publish_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ScorecardDefinition(_message.Message):
    __slots__ = ("criteria", "tiers", "min_evidence_share")
    CRITERIA_FIELD_NUMBER: _ClassVar[int]
    TIERS_FIELD_NUMBER: _ClassVar[int]
    MIN_EVIDENCE_SHARE_FIELD_NUMBER: _ClassVar[int]
    criteria: _containers.RepeatedCompositeFieldContainer[Criterion]
    tiers: _containers.RepeatedCompositeFieldContainer[TierRule]
    min_evidence_share: float
    def __init__(self, criteria: _Optional[_Iterable[_Union[Criterion, _Mapping]]] = ..., tiers: _Optional[_Iterable[_Union[TierRule, _Mapping]]] = ..., min_evidence_share: _Optional[float] = ...) -> None: ...

class Criterion(_message.Message):
    __slots__ = ("id", "display_name", "metrics", "pass_mark", "weight", "required", "missing_evidence")
    class MissingEvidence(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        MISSING_EVIDENCE_UNSPECIFIED: _ClassVar[Criterion.MissingEvidence]
        MISSING_EVIDENCE_INSUFFICIENT_DATA: _ClassVar[Criterion.MissingEvidence]
        MISSING_EVIDENCE_NOT_MET: _ClassVar[Criterion.MissingEvidence]
    MISSING_EVIDENCE_UNSPECIFIED: Criterion.MissingEvidence
    MISSING_EVIDENCE_INSUFFICIENT_DATA: Criterion.MissingEvidence
    MISSING_EVIDENCE_NOT_MET: Criterion.MissingEvidence
    ID_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    METRICS_FIELD_NUMBER: _ClassVar[int]
    PASS_MARK_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FIELD_NUMBER: _ClassVar[int]
    REQUIRED_FIELD_NUMBER: _ClassVar[int]
    MISSING_EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    id: str
    display_name: str
    metrics: _containers.RepeatedCompositeFieldContainer[MetricRule]
    pass_mark: float
    weight: float
    required: bool
    missing_evidence: Criterion.MissingEvidence
    def __init__(self, id: _Optional[str] = ..., display_name: _Optional[str] = ..., metrics: _Optional[_Iterable[_Union[MetricRule, _Mapping]]] = ..., pass_mark: _Optional[float] = ..., weight: _Optional[float] = ..., required: bool = ..., missing_evidence: _Optional[_Union[Criterion.MissingEvidence, str]] = ...) -> None: ...

class MetricRule(_message.Message):
    __slots__ = ("metric", "window_months", "weight", "curve")
    METRIC_FIELD_NUMBER: _ClassVar[int]
    WINDOW_MONTHS_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FIELD_NUMBER: _ClassVar[int]
    CURVE_FIELD_NUMBER: _ClassVar[int]
    metric: _metric_pb2.Metric
    window_months: int
    weight: float
    curve: _containers.RepeatedCompositeFieldContainer[CurvePoint]
    def __init__(self, metric: _Optional[_Union[_metric_pb2.Metric, str]] = ..., window_months: _Optional[int] = ..., weight: _Optional[float] = ..., curve: _Optional[_Iterable[_Union[CurvePoint, _Mapping]]] = ...) -> None: ...

class CurvePoint(_message.Message):
    __slots__ = ("value", "score")
    VALUE_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    value: float
    score: float
    def __init__(self, value: _Optional[float] = ..., score: _Optional[float] = ...) -> None: ...

class TierRule(_message.Message):
    __slots__ = ("tier", "enter_score", "leave_score", "requirement")
    TIER_FIELD_NUMBER: _ClassVar[int]
    ENTER_SCORE_FIELD_NUMBER: _ClassVar[int]
    LEAVE_SCORE_FIELD_NUMBER: _ClassVar[int]
    REQUIREMENT_FIELD_NUMBER: _ClassVar[int]
    tier: Tier
    enter_score: float
    leave_score: float
    requirement: Requirement
    def __init__(self, tier: _Optional[_Union[Tier, str]] = ..., enter_score: _Optional[float] = ..., leave_score: _Optional[float] = ..., requirement: _Optional[_Union[Requirement, _Mapping]] = ...) -> None: ...

class Requirement(_message.Message):
    __slots__ = ("criterion", "all_of", "any_of", "at_least")
    class Group(_message.Message):
        __slots__ = ("requirements",)
        REQUIREMENTS_FIELD_NUMBER: _ClassVar[int]
        requirements: _containers.RepeatedCompositeFieldContainer[Requirement]
        def __init__(self, requirements: _Optional[_Iterable[_Union[Requirement, _Mapping]]] = ...) -> None: ...
    class AtLeast(_message.Message):
        __slots__ = ("count", "requirements")
        COUNT_FIELD_NUMBER: _ClassVar[int]
        REQUIREMENTS_FIELD_NUMBER: _ClassVar[int]
        count: int
        requirements: _containers.RepeatedCompositeFieldContainer[Requirement]
        def __init__(self, count: _Optional[int] = ..., requirements: _Optional[_Iterable[_Union[Requirement, _Mapping]]] = ...) -> None: ...
    CRITERION_FIELD_NUMBER: _ClassVar[int]
    ALL_OF_FIELD_NUMBER: _ClassVar[int]
    ANY_OF_FIELD_NUMBER: _ClassVar[int]
    AT_LEAST_FIELD_NUMBER: _ClassVar[int]
    criterion: str
    all_of: Requirement.Group
    any_of: Requirement.Group
    at_least: Requirement.AtLeast
    def __init__(self, criterion: _Optional[str] = ..., all_of: _Optional[_Union[Requirement.Group, _Mapping]] = ..., any_of: _Optional[_Union[Requirement.Group, _Mapping]] = ..., at_least: _Optional[_Union[Requirement.AtLeast, _Mapping]] = ...) -> None: ...
