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

class Order(_message.Message):
    __slots__ = ("name", "order_time", "list_amount", "net_amount", "service_level", "status", "brand", "channel", "version", "record_time", "superseded_time")
    class ServiceLevel(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        SERVICE_LEVEL_UNSPECIFIED: _ClassVar[Order.ServiceLevel]
        SERVICE_LEVEL_STANDARD: _ClassVar[Order.ServiceLevel]
        SERVICE_LEVEL_EXPRESS: _ClassVar[Order.ServiceLevel]
        SERVICE_LEVEL_PREMIUM: _ClassVar[Order.ServiceLevel]
    SERVICE_LEVEL_UNSPECIFIED: Order.ServiceLevel
    SERVICE_LEVEL_STANDARD: Order.ServiceLevel
    SERVICE_LEVEL_EXPRESS: Order.ServiceLevel
    SERVICE_LEVEL_PREMIUM: Order.ServiceLevel
    class Status(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        STATUS_UNSPECIFIED: _ClassVar[Order.Status]
        STATUS_PLACED: _ClassVar[Order.Status]
        STATUS_COMPLETED: _ClassVar[Order.Status]
        STATUS_CANCELLED: _ClassVar[Order.Status]
        STATUS_RETURNED: _ClassVar[Order.Status]
    STATUS_UNSPECIFIED: Order.Status
    STATUS_PLACED: Order.Status
    STATUS_COMPLETED: Order.Status
    STATUS_CANCELLED: Order.Status
    STATUS_RETURNED: Order.Status
    NAME_FIELD_NUMBER: _ClassVar[int]
    ORDER_TIME_FIELD_NUMBER: _ClassVar[int]
    LIST_AMOUNT_FIELD_NUMBER: _ClassVar[int]
    NET_AMOUNT_FIELD_NUMBER: _ClassVar[int]
    SERVICE_LEVEL_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    BRAND_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    RECORD_TIME_FIELD_NUMBER: _ClassVar[int]
    SUPERSEDED_TIME_FIELD_NUMBER: _ClassVar[int]
    name: str
    order_time: _timestamp_pb2.Timestamp
    list_amount: _money_pb2.Money
    net_amount: _money_pb2.Money
    service_level: Order.ServiceLevel
    status: Order.Status
    brand: str
    channel: str
    version: int
    record_time: _timestamp_pb2.Timestamp
    superseded_time: _timestamp_pb2.Timestamp
    def __init__(self, name: _Optional[str] = ..., order_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., list_amount: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., net_amount: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., service_level: _Optional[_Union[Order.ServiceLevel, str]] = ..., status: _Optional[_Union[Order.Status, str]] = ..., brand: _Optional[str] = ..., channel: _Optional[str] = ..., version: _Optional[int] = ..., record_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., superseded_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
