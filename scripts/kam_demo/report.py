"""What the demo prints once the work is done."""

from kam.v1.allocation_plan_pb2 import AllocationPlan
from kam.v1.allocation_service_pb2 import ListAllocationItemsRequest
from kam.v1.benefit_service_pb2 import GetBudgetRequest
from kam.v1.criteria_service_pb2 import (
    GetAssessmentRequest,
    ListAssessmentsRequest,
    ListMetricsRequest,
)
from kam.v1.evaluation_pb2 import (
    VERDICT_INSUFFICIENT_DATA,
    VERDICT_MET,
    VERDICT_NOT_MET,
    Assessment,
    Evaluation,
    Flip,
)
from kam.v1.metric_pb2 import (
    METRIC_ACTIVE_MONTH_SHARE,
    METRIC_EXPECTED_ORDERS_12M,
    METRIC_P_ALIVE,
    METRIC_REVENUE_SHARE,
)
from kam.v1.scorecard_pb2 import TIER_GROWTH, TIER_KEY, TIER_STANDARD, TIER_STRATEGIC, Tier
from kam_client import Client, paginate, resource_id, to_decimal

from kam_demo.layout import apart, heading, money, number, table

VERDICTS = {
    VERDICT_MET: "met",
    VERDICT_NOT_MET: "not met",
    VERDICT_INSUFFICIENT_DATA: "too little evidence",
}


class Report:
    """Reads what was stored and lays it out."""

    def __init__(self, client: Client, evaluation: Evaluation) -> None:
        self._client = client
        self._evaluation = evaluation
        metrics = client.criteria.ListMetrics(ListMetricsRequest()).metrics
        self._metrics = {metric.metric: metric.id for metric in metrics}

    def key_accounts(self) -> str:
        """How many there are, and what they bring."""
        run = self._evaluation
        keys = [t for t in run.tiers if t.tier in (TIER_KEY, TIER_STRATEGIC)]
        count = sum(t.account_count for t in keys)
        share = sum(t.revenue_share for t in keys)
        rows = [
            [
                _tier(t.tier),
                f"{t.account_count:,}",
                f"{t.account_count / max(run.account_count, 1):.1%}",
                money(t.revenue_12m),
                f"{t.revenue_share:.1%}",
            ]
            for t in run.tiers
        ]
        heads = ["tier", "accounts", "of all", "revenue, 12 months", "of all"]
        return "\n".join(
            [
                heading("Key accounts"),
                f"  {count:,} of {run.account_count:,} accounts are key accounts (STRATEGIC and "
                f"KEY); they bring {share:.1%} of the revenue.\n",
                table(heads, rows, right={1, 2, 3, 4}),
            ]
        )

    def top(self, count: int = 10) -> str:
        """The best accounts, and why."""
        rows = []
        for found in self._best([TIER_STRATEGIC, TIER_KEY], count):
            met = [c.criterion for c in found.criteria if c.verdict == VERDICT_MET]
            rows.append(
                [
                    str(found.rank),
                    resource_id(found.account),
                    f"{found.score:.1f}",
                    _tier(found.tier),
                    self._value(found, METRIC_REVENUE_SHARE, "{:.3%}"),
                    self._value(found, METRIC_ACTIVE_MONTH_SHARE, "{:.0%}"),
                    self._value(found, METRIC_P_ALIVE, "{:.1%}"),
                    self._value(found, METRIC_EXPECTED_ORDERS_12M, "{:.1f}"),
                    ", ".join(met),
                ]
            )
        heads = [
            *("", "account", "score", "tier", "revenue", "active", "P(alive)", "orders"),
            "criteria met",
        ]
        lines = [
            heading(f"The top {len(rows)}"),
            "  revenue: share of the portfolio's; active: share of months with orders; orders: "
            "expected in\n  the next 12 months\n",
            table(heads, rows, right={0, 2, 4, 5, 6, 7}),
        ]
        return "\n".join(lines)

    def just_below(self) -> str:
        """The best account that is no key account, and what it lacks."""
        best = self._best([TIER_GROWTH, TIER_STANDARD], 1)
        if not best:
            return ""
        found = self._client.criteria.GetAssessment(GetAssessmentRequest(name=best[0].name))
        rows = [
            [
                c.criterion + (" (required)" if c.required else ""),
                VERDICTS.get(c.verdict, "?"),
                f"{c.score:.1f}" if c.HasField("score") else "–",
                f"{c.pass_mark:.0f}",
                self._evidence(c),
            ]
            for c in found.criteria
        ]
        lines = [
            heading("Just below the line"),
            f"  {resource_id(found.account)}: rank {found.rank}, score {found.score:.2f}, "
            f"{_tier(found.tier)}\n",
            table(["criterion", "verdict", "score", "needs", "measured"], rows, right={2, 3}),
            "\n  What would change that, nearest first:",
        ]
        lines += [f"    {self._flip(flip)}" for flip in found.flips[:5]] or ["    no metric alone"]
        return "\n".join(lines)

    def allocation(self, plan: AllocationPlan) -> str:
        """What was given to whom, at what cost, and what is left."""
        benefits = [
            [
                resource_id(b.benefit),
                f"{b.candidates:,}",
                f"{b.grants:,}",
                money(b.cost),
                money(b.value),
            ]
            for b in plan.benefits
        ]
        heads = ["benefit", "candidates", "granted", "cost", "expected value"]
        lines = [
            heading("Allocation"),
            f"  {plan.grants:,} benefits for {plan.accounts:,} accounts, cost {money(plan.cost)}, "
            f"expected to bring {money(plan.value)}\n",
            table(heads, benefits, right={1, 2, 3, 4}),
        ]
        named = self._named(plan)
        if named:
            lines += ["\n  For example, with their cost:", *named]
        lines += ["", self._budgets(plan)]
        return "\n".join(lines)

    def _named(self, plan: AllocationPlan) -> list[str]:
        """What the best few accounts get, or have already."""
        lines = []
        for found in self._best([TIER_STRATEGIC, TIER_KEY], 3):
            request = ListAllocationItemsRequest(parent=plan.name, account=found.account)
            items = list(paginate(self._client.allocation.ListAllocationItems, request))
            given = [
                f"{resource_id(i.benefit)} {to_decimal(i.cost):.2f}"
                for i in items
                if i.decision == i.DECISION_GRANTED
            ]
            held = [
                resource_id(i.benefit) for i in items if i.decision == i.DECISION_ALREADY_ENTITLED
            ]
            text = ", ".join(given) or "nothing new"
            if held:
                text += f"; has already {', '.join(held)}"
            lines.append(f"    {resource_id(found.account)}: {text}")
        return lines

    def _budgets(self, plan: AllocationPlan) -> str:
        rows = []
        for use in plan.budgets:
            name = use.budget
            budget = self._client.benefits.GetBudget(GetBudgetRequest(name=name))
            seats = "–"
            if budget.HasField("seat_limit"):
                seats = f"{budget.seat_limit - budget.seats_reserved} of {budget.seat_limit}"
            rows.append(
                [
                    resource_id(name),
                    money(budget.limit),
                    money(use.reserved),
                    money(budget.available),
                    seats,
                ]
            )
        heads = ["budget", "limit", "this plan", "left", "seats left"]
        return table(heads, rows, right={1, 2, 3, 4})

    def _best(self, tiers: list[Tier.ValueType], count: int) -> list[Assessment]:
        request = ListAssessmentsRequest(
            parent="accounts/-", evaluation=self._evaluation.name, tiers=tiers, page_size=count
        )
        return list(self._client.criteria.ListAssessments(request).assessments)

    def _value(self, found: Assessment, metric: int, layout: str) -> str:
        for criterion in found.criteria:
            for result in criterion.metrics:
                if result.metric == metric and result.HasField("value"):
                    return layout.format(result.value)
        return "–"

    def _evidence(self, criterion) -> str:
        shown = []
        for result in criterion.metrics:
            name = self._metrics.get(result.metric, str(result.metric))
            if result.HasField("value"):
                shown.append(f"{name} {number(result.value)}")
            else:
                shown.append(f"{name} – ({result.evidence_count} of {result.evidence_needed})")
        return ", ".join(shown)

    def _flip(self, flip: Flip) -> str:
        name = self._metrics.get(flip.metric, str(flip.metric))
        now, then = apart(flip.current_value, flip.required_value)
        change = f"{name} {now} → {then}"
        if flip.WhichOneof("outcome") == "tier":
            return f"{change} makes it {_tier(flip.tier)}"
        return f"{change} turns {flip.criterion} to {VERDICTS.get(flip.verdict, '?')}"


def _tier(tier: int) -> str:
    return Tier.Name(tier).removeprefix("TIER_")
