"""What the demo can give: two budgets and seven benefits, one of each typed kind."""

from datetime import UTC, datetime

from kam.v1 import benefit_pb2, budget_pb2
from kam.v1.benefit_pb2 import Benefit, CostModel, Eligibility, ValueModel
from kam.v1.benefit_service_pb2 import (
    ActivateBenefitRequest,
    CreateBenefitRequest,
    CreateBudgetRequest,
    ListBenefitsRequest,
    ListBudgetsRequest,
)
from kam.v1.scorecard_pb2 import TIER_KEY, TIER_STRATEGIC
from kam_client import Client, paginate, to_money

USD = "USD"
KEY_ACCOUNTS = [TIER_KEY, TIER_STRATEGIC]


def budgets(today: datetime) -> dict[str, budget_pb2.Budget]:
    """Money for monetary and structural benefits, money and seats for social ones."""
    period = {
        "start_time": datetime(today.year, 1, 1, tzinfo=UTC),
        "end_time": datetime(today.year + 2, 1, 1, tzinfo=UTC),
    }
    return {
        "loyalty": budget_pb2.Budget(
            display_name="Loyalty: price, credit, service",
            limit=to_money("10000", USD),
            account_limit=to_money("250", USD),
            **period,
        ),
        "events": budget_pb2.Budget(
            display_name="Events and club",
            limit=to_money("4000", USD),
            seat_limit=120,
            **period,
        ),
    }


def benefits(today: datetime) -> dict[str, Benefit]:
    """One benefit a kind. Costs and values are a company's own estimates; these are examples."""
    evening = datetime(today.year + 1, 6, 20, 19, tzinfo=UTC)
    loyalty = {"budget": "budgets/loyalty", "validity_days": 365}
    social = {"budget": "budgets/events", "validity_days": 365}
    return {
        "key-discount": Benefit(
            display_name="5 % off every order",
            discount=benefit_pb2.Discount(percent=5, cap=to_money("50", USD)),
            eligibility=Eligibility(tiers=KEY_ACCOUNTS),
            stacking_group="price",
            cost=CostModel(percent_of_revenue=5),
            value=_uplift(12),
            **loyalty,
        ),
        "extra-credit": Benefit(
            display_name="30 more days to pay",
            credit_terms=benefit_pb2.CreditTerms(extra_days=30),
            eligibility=Eligibility(tiers=KEY_ACCOUNTS),
            cost=CostModel(annual_capital_rate_percent=8),
            value=_uplift(2),
            **loyalty,
        ),
        "free-express": Benefit(
            display_name="Express delivery, free freight",
            delivery_arrangement=benefit_pb2.DeliveryArrangement(
                service=benefit_pb2.DeliveryArrangement.SERVICE_EXPRESS, free_freight=True
            ),
            eligibility=Eligibility(tiers=KEY_ACCOUNTS),
            cost=CostModel(per_order=to_money("2.50", USD)),
            value=_uplift(10),
            **loyalty,
        ),
        "music-adviser": Benefit(
            display_name="A music adviser to turn to",
            dedicated_contact=benefit_pb2.DedicatedContact(role="music adviser"),
            eligibility=Eligibility(tiers=[TIER_STRATEGIC]),
            cost=CostModel(fixed=to_money("40", USD)),
            value=_uplift(15),
            **loyalty,
        ),
        "gold-club": Benefit(
            display_name="Gold club, one seat",
            club_membership=benefit_pb2.ClubMembership(level="gold", seats=1),
            eligibility=Eligibility(tiers=KEY_ACCOUNTS),
            cost=CostModel(fixed=to_money("15", USD)),
            value=_uplift(8),
            **social,
        ),
        "listening-evening": Benefit(
            display_name="Evening in the studio, for two",
            event=benefit_pb2.Event(start_time=evening, seats=2),
            eligibility=Eligibility(tiers=[TIER_STRATEGIC]),
            cost=CostModel(fixed=to_money("60", USD)),
            value=_uplift(20),
            **social,
        ),
        "monthly-invoice": Benefit(
            display_name="One invoice a month",
            payment_mode=benefit_pb2.PaymentMode(
                mode=benefit_pb2.PaymentMode.MODE_CONSOLIDATED_INVOICE
            ),
            eligibility=Eligibility(tiers=KEY_ACCOUNTS),
            cost=CostModel(fixed=to_money("0", USD)),
            value=ValueModel(fixed=to_money("1", USD)),
            validity_days=365,
        ),
    }


def _uplift(percent: float) -> ValueModel:
    return ValueModel(revenue_uplift_percent=percent)


def ensure(client: Client, today: datetime) -> int:
    """Creates and activates what is missing; answers how many benefits and budgets were new."""
    new = 0
    there = {b.name for b in paginate(client.benefits.ListBudgets, ListBudgetsRequest())}
    for budget_id, budget in budgets(today).items():
        if f"budgets/{budget_id}" not in there:
            request = CreateBudgetRequest(budget_id=budget_id, budget=budget)
            client.benefits.CreateBudget(request)
            new += 1
    found = {b.name: b for b in paginate(client.benefits.ListBenefits, ListBenefitsRequest())}
    for benefit_id, benefit in benefits(today).items():
        made = found.get(f"benefits/{benefit_id}")
        if made is None:
            request = CreateBenefitRequest(benefit_id=benefit_id, benefit=benefit)
            made = client.benefits.CreateBenefit(request)
            new += 1
        if made.state == Benefit.STATE_DRAFT:
            client.benefits.ActivateBenefit(ActivateBenefitRequest(name=made.name, etag=made.etag))
    return new
