"""Requests and resources as tests need them."""

from datetime import UTC, datetime, timedelta

from kam.v1.account_pb2 import Account
from kam.v1.account_service_pb2 import CreateAccountRequest
from kam.v1.benefit_pb2 import Benefit, CostModel, DedicatedContact, ValueModel
from kam.v1.benefit_service_pb2 import (
    ActivateBenefitRequest,
    CreateBenefitRequest,
    CreateBudgetRequest,
    GrantEntitlementRequest,
)
from kam.v1.budget_pb2 import Budget
from kam.v1.entitlement_pb2 import Entitlement
from kam.v1.order_pb2 import Order
from kam_client import Client, account_name, order_name, to_money

USD = "USD"


def account(client: Client, account_id: str, **fields) -> Account:
    """Creates an account."""
    fields = {"display_name": account_id.title(), "currency_code": USD} | fields
    request = CreateAccountRequest(account_id=account_id, account=Account(**fields))
    return client.accounts.CreateAccount(request)


def order(account_id: str, order_id: str, day: datetime, amount: str, **fields) -> Order:
    """A completed order without a discount."""
    money = to_money(amount, fields.pop("currency", USD))
    fields = {"list_amount": money, "net_amount": money, "status": Order.STATUS_COMPLETED} | fields
    return Order(name=order_name(account_id, order_id), order_time=day, **fields)


def orders(account_id: str, count: int, end: datetime, amount: str = "100.00") -> list[Order]:
    """One order every 30 days, the last one 10 days before `end`."""
    first = end - timedelta(days=10 + 30 * (count - 1))
    return [
        order(account_id, f"o{n}", first + timedelta(days=30 * n), amount) for n in range(count)
    ]


def budget(client: Client, budget_id: str, limit: str, **fields) -> Budget:
    """A budget of this year and the next."""
    year = datetime.now(UTC).year
    fields = {
        "display_name": budget_id,
        "limit": to_money(limit, USD),
        "start_time": datetime(year, 1, 1, tzinfo=UTC),
        "end_time": datetime(year + 2, 1, 1, tzinfo=UTC),
    } | fields
    request = CreateBudgetRequest(budget_id=budget_id, budget=Budget(**fields))
    return client.benefits.CreateBudget(request)


def benefit(client: Client, benefit_id: str, cost: str = "0", **fields) -> Benefit:
    """An active benefit: a dedicated contact that costs nothing, unless told otherwise."""
    fields = {
        "display_name": benefit_id,
        "cost": CostModel(fixed=to_money(cost, USD)),
        "value": ValueModel(fixed=to_money("100", USD)),
        "validity_days": 365,
    } | fields
    made = Benefit(**fields)
    if made.WhichOneof("kind") is None:
        made.dedicated_contact.CopyFrom(DedicatedContact(role="support"))
    client.benefits.CreateBenefit(CreateBenefitRequest(benefit_id=benefit_id, benefit=made))
    return client.benefits.ActivateBenefit(ActivateBenefitRequest(name=f"benefits/{benefit_id}"))


def grant_request(account_id: str, benefit_id: str, **fields) -> GrantEntitlementRequest:
    return GrantEntitlementRequest(
        parent=account_name(account_id),
        entitlement=Entitlement(benefit=f"benefits/{benefit_id}", reason="a test"),
        **fields,
    )


def grant(client: Client, account_id: str, benefit_id: str, **fields) -> Entitlement:
    return client.benefits.GrantEntitlement(grant_request(account_id, benefit_id, **fields))
