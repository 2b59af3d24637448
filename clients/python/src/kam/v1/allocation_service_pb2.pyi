from google.longrunning import operations_pb2 as _operations_pb2
from kam.v1 import allocation_plan_pb2 as _allocation_plan_pb2
from kam.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class PlanAllocationRequest(_message.Message):
    __slots__ = ("evaluation", "benefits", "request_id")
    EVALUATION_FIELD_NUMBER: _ClassVar[int]
    BENEFITS_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    evaluation: str
    benefits: _containers.RepeatedScalarFieldContainer[str]
    request_id: str
    def __init__(self, evaluation: _Optional[str] = ..., benefits: _Optional[_Iterable[str]] = ..., request_id: _Optional[str] = ...) -> None: ...

class GetAllocationPlanRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class ListAllocationPlansRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListAllocationPlansResponse(_message.Message):
    __slots__ = ("allocation_plans", "next_page_token")
    ALLOCATION_PLANS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    allocation_plans: _containers.RepeatedCompositeFieldContainer[_allocation_plan_pb2.AllocationPlan]
    next_page_token: str
    def __init__(self, allocation_plans: _Optional[_Iterable[_Union[_allocation_plan_pb2.AllocationPlan, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class ListAllocationItemsRequest(_message.Message):
    __slots__ = ("parent", "page_size", "page_token", "granted_only", "account")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    GRANTED_ONLY_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_FIELD_NUMBER: _ClassVar[int]
    parent: str
    page_size: int
    page_token: str
    granted_only: bool
    account: str
    def __init__(self, parent: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., granted_only: bool = ..., account: _Optional[str] = ...) -> None: ...

class ListAllocationItemsResponse(_message.Message):
    __slots__ = ("items", "next_page_token")
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedCompositeFieldContainer[_allocation_plan_pb2.AllocationItem]
    next_page_token: str
    def __init__(self, items: _Optional[_Iterable[_Union[_allocation_plan_pb2.AllocationItem, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class CommitPlanRequest(_message.Message):
    __slots__ = ("name", "etag", "request_id")
    NAME_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    name: str
    etag: str
    request_id: str
    def __init__(self, name: _Optional[str] = ..., etag: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class DiscardPlanRequest(_message.Message):
    __slots__ = ("name", "etag", "request_id")
    NAME_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    name: str
    etag: str
    request_id: str
    def __init__(self, name: _Optional[str] = ..., etag: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...
