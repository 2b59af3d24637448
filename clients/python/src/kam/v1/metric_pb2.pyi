from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Metric(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    METRIC_UNSPECIFIED: _ClassVar[Metric]
    METRIC_ACTIVE_MONTH_SHARE: _ClassVar[Metric]
    METRIC_ORDER_INTERVAL_CV: _ClassVar[Metric]
    METRIC_DEMAND_ADI: _ClassVar[Metric]
    METRIC_DEMAND_CV2: _ClassVar[Metric]
    METRIC_DEMAND_CLASS: _ClassVar[Metric]
    METRIC_REVENUE_TREND: _ClassVar[Metric]
    METRIC_P_ALIVE: _ClassVar[Metric]
    METRIC_EXPECTED_ORDERS_12M: _ClassVar[Metric]
    METRIC_EXPECTED_ORDER_VALUE: _ClassVar[Metric]
    METRIC_CLV_36M: _ClassVar[Metric]
    METRIC_TENURE_MONTHS: _ClassVar[Metric]
    METRIC_SHARE_OF_WALLET: _ClassVar[Metric]
    METRIC_PRICE_REALISATION: _ClassVar[Metric]
    METRIC_FULL_PRICE_SHARE: _ClassVar[Metric]
    METRIC_REVENUE_12M: _ClassVar[Metric]
    METRIC_REVENUE_SHARE: _ClassVar[Metric]
    METRIC_PARETO_CLASS: _ClassVar[Metric]
    METRIC_REVENUE_GROWTH: _ClassVar[Metric]
    METRIC_MARKETING_BUDGET: _ClassVar[Metric]

class DemandClass(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DEMAND_CLASS_UNSPECIFIED: _ClassVar[DemandClass]
    DEMAND_CLASS_SMOOTH: _ClassVar[DemandClass]
    DEMAND_CLASS_INTERMITTENT: _ClassVar[DemandClass]
    DEMAND_CLASS_ERRATIC: _ClassVar[DemandClass]
    DEMAND_CLASS_LUMPY: _ClassVar[DemandClass]

class ParetoClass(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PARETO_CLASS_UNSPECIFIED: _ClassVar[ParetoClass]
    PARETO_CLASS_A: _ClassVar[ParetoClass]
    PARETO_CLASS_B: _ClassVar[ParetoClass]
    PARETO_CLASS_C: _ClassVar[ParetoClass]
METRIC_UNSPECIFIED: Metric
METRIC_ACTIVE_MONTH_SHARE: Metric
METRIC_ORDER_INTERVAL_CV: Metric
METRIC_DEMAND_ADI: Metric
METRIC_DEMAND_CV2: Metric
METRIC_DEMAND_CLASS: Metric
METRIC_REVENUE_TREND: Metric
METRIC_P_ALIVE: Metric
METRIC_EXPECTED_ORDERS_12M: Metric
METRIC_EXPECTED_ORDER_VALUE: Metric
METRIC_CLV_36M: Metric
METRIC_TENURE_MONTHS: Metric
METRIC_SHARE_OF_WALLET: Metric
METRIC_PRICE_REALISATION: Metric
METRIC_FULL_PRICE_SHARE: Metric
METRIC_REVENUE_12M: Metric
METRIC_REVENUE_SHARE: Metric
METRIC_PARETO_CLASS: Metric
METRIC_REVENUE_GROWTH: Metric
METRIC_MARKETING_BUDGET: Metric
DEMAND_CLASS_UNSPECIFIED: DemandClass
DEMAND_CLASS_SMOOTH: DemandClass
DEMAND_CLASS_INTERMITTENT: DemandClass
DEMAND_CLASS_ERRATIC: DemandClass
DEMAND_CLASS_LUMPY: DemandClass
PARETO_CLASS_UNSPECIFIED: ParetoClass
PARETO_CLASS_A: ParetoClass
PARETO_CLASS_B: ParetoClass
PARETO_CLASS_C: ParetoClass

class MetricInfo(_message.Message):
    __slots__ = ("metric", "id", "description", "unit", "default_window_months", "window_adjustable", "min_value", "max_value")
    METRIC_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    DEFAULT_WINDOW_MONTHS_FIELD_NUMBER: _ClassVar[int]
    WINDOW_ADJUSTABLE_FIELD_NUMBER: _ClassVar[int]
    MIN_VALUE_FIELD_NUMBER: _ClassVar[int]
    MAX_VALUE_FIELD_NUMBER: _ClassVar[int]
    metric: Metric
    id: str
    description: str
    unit: str
    default_window_months: int
    window_adjustable: bool
    min_value: float
    max_value: float
    def __init__(self, metric: _Optional[_Union[Metric, str]] = ..., id: _Optional[str] = ..., description: _Optional[str] = ..., unit: _Optional[str] = ..., default_window_months: _Optional[int] = ..., window_adjustable: bool = ..., min_value: _Optional[float] = ..., max_value: _Optional[float] = ...) -> None: ...
