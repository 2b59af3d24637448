import datetime

from google.longrunning import operations_pb2 as _operations_pb2
from google.protobuf import field_mask_pb2 as _field_mask_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from kam.v1 import evaluation_pb2 as _evaluation_pb2
from kam.v1 import lifetime_model_pb2 as _lifetime_model_pb2
from kam.v1 import metric_pb2 as _metric_pb2
from kam.v1 import options_pb2 as _options_pb2
from kam.v1 import scorecard_pb2 as _scorecard_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ListMetricsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListMetricsResponse(_message.Message):
    __slots__ = ("metrics",)
    METRICS_FIELD_NUMBER: _ClassVar[int]
    metrics: _containers.RepeatedCompositeFieldContainer[_metric_pb2.MetricInfo]
    def __init__(self, metrics: _Optional[_Iterable[_Union[_metric_pb2.MetricInfo, _Mapping]]] = ...) -> None: ...

class CreateScorecardRequest(_message.Message):
    __slots__ = ("scorecard_id", "scorecard", "request_id")
    SCORECARD_ID_FIELD_NUMBER: _ClassVar[int]
    SCORECARD_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    scorecard_id: str
    scorecard: _scorecard_pb2.Scorecard
    request_id: str
    def __init__(self, scorecard_id: _Optional[str] = ..., scorecard: _Optional[_Union[_scorecard_pb2.Scorecard, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

class GetScorecardRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class ListScorecardsRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListScorecardsResponse(_message.Message):
    __slots__ = ("scorecards", "next_page_token")
    SCORECARDS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    scorecards: _containers.RepeatedCompositeFieldContainer[_scorecard_pb2.Scorecard]
    next_page_token: str
    def __init__(self, scorecards: _Optional[_Iterable[_Union[_scorecard_pb2.Scorecard, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class UpdateScorecardRequest(_message.Message):
    __slots__ = ("scorecard", "update_mask", "request_id")
    SCORECARD_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    scorecard: _scorecard_pb2.Scorecard
    update_mask: _field_mask_pb2.FieldMask
    request_id: str
    def __init__(self, scorecard: _Optional[_Union[_scorecard_pb2.Scorecard, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

class PublishScorecardRequest(_message.Message):
    __slots__ = ("name", "etag", "request_id")
    NAME_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    name: str
    etag: str
    request_id: str
    def __init__(self, name: _Optional[str] = ..., etag: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class GetScorecardRevisionRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class ListScorecardRevisionsRequest(_message.Message):
    __slots__ = ("parent", "page_size", "page_token")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    parent: str
    page_size: int
    page_token: str
    def __init__(self, parent: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListScorecardRevisionsResponse(_message.Message):
    __slots__ = ("revisions", "next_page_token")
    REVISIONS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    revisions: _containers.RepeatedCompositeFieldContainer[_scorecard_pb2.ScorecardRevision]
    next_page_token: str
    def __init__(self, revisions: _Optional[_Iterable[_Union[_scorecard_pb2.ScorecardRevision, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class EvaluateAccountRequest(_message.Message):
    __slots__ = ("account", "scorecard", "lifetime_model", "as_of", "known_at")
    ACCOUNT_FIELD_NUMBER: _ClassVar[int]
    SCORECARD_FIELD_NUMBER: _ClassVar[int]
    LIFETIME_MODEL_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    KNOWN_AT_FIELD_NUMBER: _ClassVar[int]
    account: str
    scorecard: str
    lifetime_model: str
    as_of: _timestamp_pb2.Timestamp
    known_at: _timestamp_pb2.Timestamp
    def __init__(self, account: _Optional[str] = ..., scorecard: _Optional[str] = ..., lifetime_model: _Optional[str] = ..., as_of: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., known_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class EvaluatePortfolioRequest(_message.Message):
    __slots__ = ("scorecard", "lifetime_model", "as_of", "request_id")
    SCORECARD_FIELD_NUMBER: _ClassVar[int]
    LIFETIME_MODEL_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    scorecard: str
    lifetime_model: str
    as_of: _timestamp_pb2.Timestamp
    request_id: str
    def __init__(self, scorecard: _Optional[str] = ..., lifetime_model: _Optional[str] = ..., as_of: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

class GetEvaluationRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class ListEvaluationsRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListEvaluationsResponse(_message.Message):
    __slots__ = ("evaluations", "next_page_token")
    EVALUATIONS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    evaluations: _containers.RepeatedCompositeFieldContainer[_evaluation_pb2.Evaluation]
    next_page_token: str
    def __init__(self, evaluations: _Optional[_Iterable[_Union[_evaluation_pb2.Evaluation, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class GetAssessmentRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class ListAssessmentsRequest(_message.Message):
    __slots__ = ("parent", "evaluation", "tiers", "page_size", "page_token")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    EVALUATION_FIELD_NUMBER: _ClassVar[int]
    TIERS_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    parent: str
    evaluation: str
    tiers: _containers.RepeatedScalarFieldContainer[_scorecard_pb2.Tier]
    page_size: int
    page_token: str
    def __init__(self, parent: _Optional[str] = ..., evaluation: _Optional[str] = ..., tiers: _Optional[_Iterable[_Union[_scorecard_pb2.Tier, str]]] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListAssessmentsResponse(_message.Message):
    __slots__ = ("assessments", "next_page_token")
    ASSESSMENTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    assessments: _containers.RepeatedCompositeFieldContainer[_evaluation_pb2.Assessment]
    next_page_token: str
    def __init__(self, assessments: _Optional[_Iterable[_Union[_evaluation_pb2.Assessment, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class FitLifetimeModelRequest(_message.Message):
    __slots__ = ("purchase_kind", "as_of", "request_id")
    PURCHASE_KIND_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    purchase_kind: _lifetime_model_pb2.LifetimeModel.PurchaseKind
    as_of: _timestamp_pb2.Timestamp
    request_id: str
    def __init__(self, purchase_kind: _Optional[_Union[_lifetime_model_pb2.LifetimeModel.PurchaseKind, str]] = ..., as_of: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

class GetLifetimeModelRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class ListLifetimeModelsRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListLifetimeModelsResponse(_message.Message):
    __slots__ = ("lifetime_models", "next_page_token")
    LIFETIME_MODELS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    lifetime_models: _containers.RepeatedCompositeFieldContainer[_lifetime_model_pb2.LifetimeModel]
    next_page_token: str
    def __init__(self, lifetime_models: _Optional[_Iterable[_Union[_lifetime_model_pb2.LifetimeModel, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...
