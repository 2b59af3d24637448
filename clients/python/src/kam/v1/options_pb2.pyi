from google.protobuf import descriptor_pb2 as _descriptor_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Permission(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PERMISSION_UNSPECIFIED: _ClassVar[Permission]
    PERMISSION_ACCOUNTS_READ: _ClassVar[Permission]
    PERMISSION_ACCOUNTS_WRITE: _ClassVar[Permission]
    PERMISSION_HISTORY_READ: _ClassVar[Permission]
    PERMISSION_HISTORY_WRITE: _ClassVar[Permission]
    PERMISSION_CRITERIA_READ: _ClassVar[Permission]
    PERMISSION_CRITERIA_WRITE: _ClassVar[Permission]
    PERMISSION_EVALUATION_RUN: _ClassVar[Permission]
    PERMISSION_BENEFITS_READ: _ClassVar[Permission]
    PERMISSION_BENEFITS_WRITE: _ClassVar[Permission]
    PERMISSION_BUDGETS_WRITE: _ClassVar[Permission]
    PERMISSION_ENTITLEMENTS_WRITE: _ClassVar[Permission]
    PERMISSION_USAGE_READ: _ClassVar[Permission]
    PERMISSION_ALLOCATION_WRITE: _ClassVar[Permission]
    PERMISSION_OPERATIONS_READ: _ClassVar[Permission]
    PERMISSION_OPERATIONS_WRITE: _ClassVar[Permission]

class AuditLevel(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    AUDIT_LEVEL_UNSPECIFIED: _ClassVar[AuditLevel]
    AUDIT_LEVEL_NONE: _ClassVar[AuditLevel]
    AUDIT_LEVEL_WRITE: _ClassVar[AuditLevel]
PERMISSION_UNSPECIFIED: Permission
PERMISSION_ACCOUNTS_READ: Permission
PERMISSION_ACCOUNTS_WRITE: Permission
PERMISSION_HISTORY_READ: Permission
PERMISSION_HISTORY_WRITE: Permission
PERMISSION_CRITERIA_READ: Permission
PERMISSION_CRITERIA_WRITE: Permission
PERMISSION_EVALUATION_RUN: Permission
PERMISSION_BENEFITS_READ: Permission
PERMISSION_BENEFITS_WRITE: Permission
PERMISSION_BUDGETS_WRITE: Permission
PERMISSION_ENTITLEMENTS_WRITE: Permission
PERMISSION_USAGE_READ: Permission
PERMISSION_ALLOCATION_WRITE: Permission
PERMISSION_OPERATIONS_READ: Permission
PERMISSION_OPERATIONS_WRITE: Permission
AUDIT_LEVEL_UNSPECIFIED: AuditLevel
AUDIT_LEVEL_NONE: AuditLevel
AUDIT_LEVEL_WRITE: AuditLevel
POLICY_FIELD_NUMBER: _ClassVar[int]
policy: _descriptor.FieldDescriptor
RULES_FIELD_NUMBER: _ClassVar[int]
rules: _descriptor.FieldDescriptor

class MethodPolicy(_message.Message):
    __slots__ = ("permission", "audit", "idempotent")
    PERMISSION_FIELD_NUMBER: _ClassVar[int]
    AUDIT_FIELD_NUMBER: _ClassVar[int]
    IDEMPOTENT_FIELD_NUMBER: _ClassVar[int]
    permission: Permission
    audit: AuditLevel
    idempotent: bool
    def __init__(self, permission: _Optional[_Union[Permission, str]] = ..., audit: _Optional[_Union[AuditLevel, str]] = ..., idempotent: bool = ...) -> None: ...

class FieldRules(_message.Message):
    __slots__ = ("min_length", "max_length", "pattern", "resource", "min", "max", "min_items", "max_items", "currency_code", "non_negative", "positive", "rows")
    MIN_LENGTH_FIELD_NUMBER: _ClassVar[int]
    MAX_LENGTH_FIELD_NUMBER: _ClassVar[int]
    PATTERN_FIELD_NUMBER: _ClassVar[int]
    RESOURCE_FIELD_NUMBER: _ClassVar[int]
    MIN_FIELD_NUMBER: _ClassVar[int]
    MAX_FIELD_NUMBER: _ClassVar[int]
    MIN_ITEMS_FIELD_NUMBER: _ClassVar[int]
    MAX_ITEMS_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_CODE_FIELD_NUMBER: _ClassVar[int]
    NON_NEGATIVE_FIELD_NUMBER: _ClassVar[int]
    POSITIVE_FIELD_NUMBER: _ClassVar[int]
    ROWS_FIELD_NUMBER: _ClassVar[int]
    min_length: int
    max_length: int
    pattern: str
    resource: str
    min: float
    max: float
    min_items: int
    max_items: int
    currency_code: bool
    non_negative: bool
    positive: bool
    rows: bool
    def __init__(self, min_length: _Optional[int] = ..., max_length: _Optional[int] = ..., pattern: _Optional[str] = ..., resource: _Optional[str] = ..., min: _Optional[float] = ..., max: _Optional[float] = ..., min_items: _Optional[int] = ..., max_items: _Optional[int] = ..., currency_code: bool = ..., non_negative: bool = ..., positive: bool = ..., rows: bool = ...) -> None: ...
