"""Client of kam, the Key Account Management service.

    with Client("127.0.0.1:50051") as client:
        account = client.accounts.GetAccount(GetAccountRequest(name="accounts/acme"))

Every error of the server arrives as a `KamError`.
"""

from kam_client.client import Client
from kam_client.errors import FieldViolation, KamError, PreconditionViolation
from kam_client.imports import ImportProgress, import_orders
from kam_client.money import from_minor, to_decimal, to_minor, to_money
from kam_client.names import account_name, order_name, resource_id
from kam_client.operations import wait
from kam_client.pages import paginate

__all__ = [
    "Client",
    "FieldViolation",
    "ImportProgress",
    "KamError",
    "PreconditionViolation",
    "account_name",
    "from_minor",
    "import_orders",
    "order_name",
    "paginate",
    "resource_id",
    "to_decimal",
    "to_minor",
    "to_money",
    "wait",
]
