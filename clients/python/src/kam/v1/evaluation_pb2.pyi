import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.type import money_pb2 as _money_pb2
from kam.v1 import metric_pb2 as _metric_pb2
from kam.v1 import scorecard_pb2 as _scorecard_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Verdict(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    VERDICT_UNSPECIFIED: _ClassVar[Verdict]
    VERDICT_MET: _ClassVar[Verdict]
    VERDICT_NOT_MET: _ClassVar[Verdict]
    VERDICT_INSUFFICIENT_DATA: _ClassVar[Verdict]
VERDICT_UNSPECIFIED: Verdict
VERDICT_MET: Verdict
VERDICT_NOT_MET: Verdict
VERDICT_INSUFFICIENT_DATA: Verdict

class Evaluation(_message.Message):
    __slots__ = ("name", "scorecard_revision", "lifetime_model", "as_of", "known_at", "state", "account_count", "revenue_12m", "tiers", "create_time", "end_time")
    class State(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        STATE_UNSPECIFIED: _ClassVar[Evaluation.State]
        STATE_RUNNING: _ClassVar[Evaluation.State]
        STATE_SUCCEEDED: _ClassVar[Evaluation.State]
        STATE_FAILED: _ClassVar[Evaluation.State]
    STATE_UNSPECIFIED: Evaluation.State
    STATE_RUNNING: Evaluation.State
    STATE_SUCCEEDED: Evaluation.State
    STATE_FAILED: Evaluation.State
    class TierSummary(_message.Message):
        __slots__ = ("tier", "account_count", "revenue_12m", "revenue_share")
        TIER_FIELD_NUMBER: _ClassVar[int]
        ACCOUNT_COUNT_FIELD_NUMBER: _ClassVar[int]
        REVENUE_12M_FIELD_NUMBER: _ClassVar[int]
        REVENUE_SHARE_FIELD_NUMBER: _ClassVar[int]
        tier: _scorecard_pb2.Tier
        account_count: int
        revenue_12m: _money_pb2.Money
        revenue_share: float
        def __init__(self, tier: _Optional[_Union[_scorecard_pb2.Tier, str]] = ..., account_count: _Optional[int] = ..., revenue_12m: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., revenue_share: _Optional[float] = ...) -> None: ...
    NAME_FIELD_NUMBER: _ClassVar[int]
    SCORECARD_REVISION_FIELD_NUMBER: _ClassVar[int]
    LIFETIME_MODEL_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    KNOWN_AT_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_COUNT_FIELD_NUMBER: _ClassVar[int]
    REVENUE_12M_FIELD_NUMBER: _ClassVar[int]
    TIERS_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    name: str
    scorecard_revision: str
    lifetime_model: str
    as_of: _timestamp_pb2.Timestamp
    known_at: _timestamp_pb2.Timestamp
    state: Evaluation.State
    account_count: int
    revenue_12m: _money_pb2.Money
    tiers: _containers.RepeatedCompositeFieldContainer[Evaluation.TierSummary]
    create_time: _timestamp_pb2.Timestamp
    end_time: _timestamp_pb2.Timestamp
    def __init__(self, name: _Optional[str] = ..., scorecard_revision: _Optional[str] = ..., lifetime_model: _Optional[str] = ..., as_of: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., known_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., state: _Optional[_Union[Evaluation.State, str]] = ..., account_count: _Optional[int] = ..., revenue_12m: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., tiers: _Optional[_Iterable[_Union[Evaluation.TierSummary, _Mapping]]] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., end_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class Assessment(_message.Message):
    __slots__ = ("name", "account", "evaluation", "scorecard_revision", "lifetime_model", "as_of", "known_at", "score", "tier", "previous_tier", "evidence_share", "rank", "criteria", "flips", "no_flip")
    NAME_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_FIELD_NUMBER: _ClassVar[int]
    EVALUATION_FIELD_NUMBER: _ClassVar[int]
    SCORECARD_REVISION_FIELD_NUMBER: _ClassVar[int]
    LIFETIME_MODEL_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    KNOWN_AT_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    TIER_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_TIER_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_SHARE_FIELD_NUMBER: _ClassVar[int]
    RANK_FIELD_NUMBER: _ClassVar[int]
    CRITERIA_FIELD_NUMBER: _ClassVar[int]
    FLIPS_FIELD_NUMBER: _ClassVar[int]
    NO_FLIP_FIELD_NUMBER: _ClassVar[int]
    name: str
    account: str
    evaluation: str
    scorecard_revision: str
    lifetime_model: str
    as_of: _timestamp_pb2.Timestamp
    known_at: _timestamp_pb2.Timestamp
    score: float
    tier: _scorecard_pb2.Tier
    previous_tier: _scorecard_pb2.Tier
    evidence_share: float
    rank: int
    criteria: _containers.RepeatedCompositeFieldContainer[CriterionResult]
    flips: _containers.RepeatedCompositeFieldContainer[Flip]
    no_flip: _containers.RepeatedScalarFieldContainer[_metric_pb2.Metric]
    def __init__(self, name: _Optional[str] = ..., account: _Optional[str] = ..., evaluation: _Optional[str] = ..., scorecard_revision: _Optional[str] = ..., lifetime_model: _Optional[str] = ..., as_of: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., known_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., score: _Optional[float] = ..., tier: _Optional[_Union[_scorecard_pb2.Tier, str]] = ..., previous_tier: _Optional[_Union[_scorecard_pb2.Tier, str]] = ..., evidence_share: _Optional[float] = ..., rank: _Optional[int] = ..., criteria: _Optional[_Iterable[_Union[CriterionResult, _Mapping]]] = ..., flips: _Optional[_Iterable[_Union[Flip, _Mapping]]] = ..., no_flip: _Optional[_Iterable[_Union[_metric_pb2.Metric, str]]] = ...) -> None: ...

class CriterionResult(_message.Message):
    __slots__ = ("criterion", "verdict", "score", "pass_mark", "margin", "required", "metrics")
    CRITERION_FIELD_NUMBER: _ClassVar[int]
    VERDICT_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    PASS_MARK_FIELD_NUMBER: _ClassVar[int]
    MARGIN_FIELD_NUMBER: _ClassVar[int]
    REQUIRED_FIELD_NUMBER: _ClassVar[int]
    METRICS_FIELD_NUMBER: _ClassVar[int]
    criterion: str
    verdict: Verdict
    score: float
    pass_mark: float
    margin: float
    required: bool
    metrics: _containers.RepeatedCompositeFieldContainer[MetricResult]
    def __init__(self, criterion: _Optional[str] = ..., verdict: _Optional[_Union[Verdict, str]] = ..., score: _Optional[float] = ..., pass_mark: _Optional[float] = ..., margin: _Optional[float] = ..., required: bool = ..., metrics: _Optional[_Iterable[_Union[MetricResult, _Mapping]]] = ...) -> None: ...

class MetricResult(_message.Message):
    __slots__ = ("metric", "value", "score", "window_start", "evidence_count", "evidence_needed")
    METRIC_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    WINDOW_START_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_COUNT_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_NEEDED_FIELD_NUMBER: _ClassVar[int]
    metric: _metric_pb2.Metric
    value: float
    score: float
    window_start: _timestamp_pb2.Timestamp
    evidence_count: int
    evidence_needed: int
    def __init__(self, metric: _Optional[_Union[_metric_pb2.Metric, str]] = ..., value: _Optional[float] = ..., score: _Optional[float] = ..., window_start: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., evidence_count: _Optional[int] = ..., evidence_needed: _Optional[int] = ...) -> None: ...

class Flip(_message.Message):
    __slots__ = ("metric", "current_value", "required_value", "score_distance", "tier", "criterion", "verdict")
    METRIC_FIELD_NUMBER: _ClassVar[int]
    CURRENT_VALUE_FIELD_NUMBER: _ClassVar[int]
    REQUIRED_VALUE_FIELD_NUMBER: _ClassVar[int]
    SCORE_DISTANCE_FIELD_NUMBER: _ClassVar[int]
    TIER_FIELD_NUMBER: _ClassVar[int]
    CRITERION_FIELD_NUMBER: _ClassVar[int]
    VERDICT_FIELD_NUMBER: _ClassVar[int]
    metric: _metric_pb2.Metric
    current_value: float
    required_value: float
    score_distance: float
    tier: _scorecard_pb2.Tier
    criterion: str
    verdict: Verdict
    def __init__(self, metric: _Optional[_Union[_metric_pb2.Metric, str]] = ..., current_value: _Optional[float] = ..., required_value: _Optional[float] = ..., score_distance: _Optional[float] = ..., tier: _Optional[_Union[_scorecard_pb2.Tier, str]] = ..., criterion: _Optional[str] = ..., verdict: _Optional[_Union[Verdict, str]] = ...) -> None: ...
