"""Scorecards, evaluation, and why not."""

from datetime import UTC, datetime, timedelta

import grpc
import pytest
from google.protobuf import field_mask_pb2
from kam.v1.criteria_service_pb2 import (
    CreateScorecardRequest,
    EvaluateAccountRequest,
    EvaluatePortfolioRequest,
    FitLifetimeModelRequest,
    GetAssessmentRequest,
    GetEvaluationRequest,
    GetScorecardRequest,
    GetScorecardRevisionRequest,
    ListAssessmentsRequest,
    ListMetricsRequest,
    ListScorecardRevisionsRequest,
    PublishScorecardRequest,
    UpdateScorecardRequest,
)
from kam.v1.evaluation_pb2 import VERDICT_INSUFFICIENT_DATA, VERDICT_MET, Evaluation
from kam.v1.history_service_pb2 import RecordOrdersRequest
from kam.v1.lifetime_model_pb2 import LifetimeModel
from kam.v1.metric_pb2 import METRIC_REVENUE_12M, Metric
from kam.v1.scorecard_pb2 import TIER_KEY, TIER_STANDARD, TIER_STRATEGIC, Scorecard
from kam_client import paginate
from support import make

AS_OF = datetime(2026, 1, 1, tzinfo=UTC)
COUNT = 32  # accounts: good-0 orders most


@pytest.fixture(scope="module", autouse=True)
def portfolio(client):
    """Accounts that order monthly since two years, each less than the one before; one that never
    did and one that stopped."""
    for n in range(COUNT):
        make.account(client, f"good-{n}")
        orders = make.orders(f"good-{n}", 24, AS_OF, amount=str(2000 - 60 * n))
        client.history.RecordOrders(RecordOrdersRequest(orders=orders))
    make.account(client, "never")
    make.account(client, "stopped")
    old = make.orders("stopped", 3, AS_OF - timedelta(days=600))
    client.history.RecordOrders(RecordOrdersRequest(orders=old))


@pytest.fixture(scope="module")
def evaluation(client, portfolio) -> Evaluation:
    operation = client.criteria.EvaluatePortfolio(EvaluatePortfolioRequest(as_of=AS_OF))
    return client.wait(operation, Evaluation, timeout=60)


def _scorecard(name="One", threshold=1000.0) -> Scorecard:
    """A criterion on revenue alone."""
    card = Scorecard(display_name=name)
    criterion = card.definition.criteria.add(id="revenue", pass_mark=50, weight=1, required=True)
    rule = criterion.metrics.add(metric=METRIC_REVENUE_12M, weight=1)
    rule.curve.add(value=0, score=0)
    rule.curve.add(value=2 * threshold, score=100)
    card.definition.tiers.add(tier=TIER_KEY, enter_score=50, leave_score=40)
    return card


def test_the_metrics_are_listed_with_their_units(client):
    metrics = client.criteria.ListMetrics(ListMetricsRequest()).metrics
    assert {m.metric for m in metrics} == set(Metric.values()) - {0}
    assert all(m.id and m.description and m.unit for m in metrics)


def test_a_published_revision_never_changes(client):
    card = client.criteria.CreateScorecard(
        CreateScorecardRequest(scorecard_id="revised", scorecard=_scorecard())
    )
    assert card.latest_revision == 0
    first = client.criteria.PublishScorecard(
        PublishScorecardRequest(name=card.name, etag=card.etag)
    )
    assert first.name == "scorecards/revised/revisions/1"
    changed = _scorecard(threshold=5)
    changed.name = card.name
    mask = field_mask_pb2.FieldMask(paths=["definition"])
    client.criteria.UpdateScorecard(UpdateScorecardRequest(scorecard=changed, update_mask=mask))
    second = client.criteria.PublishScorecard(PublishScorecardRequest(name=card.name))
    assert second.name == "scorecards/revised/revisions/2"
    again = client.criteria.GetScorecardRevision(GetScorecardRevisionRequest(name=first.name))
    assert again == first and again.definition != second.definition
    listed = client.criteria.ListScorecardRevisions(
        ListScorecardRevisionsRequest(parent=card.name)
    ).revisions
    assert [r.name for r in listed] == [second.name, first.name]


def test_every_violation_of_a_definition_is_listed(client, refused, unchanged):
    card = _scorecard()
    card.definition.criteria[0].weight = 0
    card.definition.criteria[0].metrics[0].curve[1].value = -5
    card.definition.criteria.add(id="revenue", weight=1)
    card.definition.tiers[0].leave_score = 90
    request = CreateScorecardRequest(scorecard_id="bad", scorecard=card)
    with refused(grpc.StatusCode.INVALID_ARGUMENT, "INVALID_FIELDS") as caught:
        client.criteria.CreateScorecard(request)
    fields = " ".join(v.field for v in caught.error.fields)
    assert "scorecard.definition.criteria[0].weight" in fields
    assert "scorecard.definition.criteria[1]" in fields


def test_a_draft_cannot_evaluate(client, refused, unchanged):
    with refused(grpc.StatusCode.NOT_FOUND, "RESOURCE_NOT_FOUND"):
        client.criteria.EvaluateAccount(
            EvaluateAccountRequest(account="accounts/good-0", scorecard="scorecards/nothing")
        )


def test_a_scorecard_never_published_is_refused(client, refused):
    request = CreateScorecardRequest(scorecard_id="draft", scorecard=_scorecard())
    client.criteria.CreateScorecard(request)
    with refused(grpc.StatusCode.FAILED_PRECONDITION, "NOT_PUBLISHED"):
        client.criteria.EvaluatePortfolio(EvaluatePortfolioRequest(scorecard="scorecards/draft"))


def test_a_run_covers_the_portfolio(client, evaluation):
    assert evaluation.state == Evaluation.STATE_SUCCEEDED
    assert evaluation.account_count == COUNT + 2
    assert sum(t.account_count for t in evaluation.tiers) == COUNT + 2
    assert sum(t.revenue_share for t in evaluation.tiers) == pytest.approx(1)
    request = ListAssessmentsRequest(parent="accounts/-", evaluation=evaluation.name)
    found = list(paginate(client.criteria.ListAssessments, request, page_size=5))
    assert [a.rank for a in found] == list(range(1, COUNT + 3))
    scores = [a.score for a in found]
    assert scores == sorted(scores, reverse=True)
    assert found[0].account == "accounts/good-0"
    again = client.criteria.GetEvaluation(GetEvaluationRequest(name=evaluation.name))
    assert again == evaluation


def test_tiers_can_be_asked_for(client, evaluation):
    tiers = {t.tier: t.account_count for t in evaluation.tiers}
    for tier, count in tiers.items():
        request = ListAssessmentsRequest(
            parent="accounts/-", evaluation=evaluation.name, tiers=[tier]
        )
        found = list(paginate(client.criteria.ListAssessments, request))
        assert len(found) == count and all(a.tier == tier for a in found)
    assert tiers.get(TIER_KEY, 0) + tiers.get(TIER_STRATEGIC, 0) > 0


def test_an_account_is_explained(client, evaluation):
    name = "accounts/good-1/assessments/-"
    found = client.criteria.GetAssessment(GetAssessmentRequest(name=name))
    assert found.evaluation == evaluation.name
    card = client.criteria.GetScorecard(GetScorecardRequest(name="scorecards/default"))
    assert [c.criterion for c in found.criteria] == [c.id for c in card.definition.criteria]
    stable = next(c for c in found.criteria if c.criterion == "stable_orders")
    assert stable.verdict == VERDICT_MET
    assert stable.margin == pytest.approx(stable.score - stable.pass_mark)
    assert all(m.evidence_count >= m.evidence_needed for m in stable.metrics)
    distances = [flip.score_distance for flip in found.flips]
    assert distances == sorted(distances)


def test_absence_of_evidence_is_not_zero(client, evaluation):
    name = "accounts/never/assessments/-"
    found = client.criteria.GetAssessment(GetAssessmentRequest(name=name))
    assert found.tier == TIER_STANDARD
    for criterion in found.criteria:
        assert criterion.verdict == VERDICT_INSUFFICIENT_DATA
        assert not criterion.HasField("score")
        assert not any(m.HasField("value") for m in criterion.metrics)


def test_one_account_now_and_the_run_agree(client, evaluation):
    stored = client.criteria.GetAssessment(
        GetAssessmentRequest(name="accounts/good-3/assessments/-")
    )
    request = EvaluateAccountRequest(
        account="accounts/good-3", as_of=AS_OF, known_at=evaluation.known_at
    )
    now = client.criteria.EvaluateAccount(request)
    assert now.name == "" and now.rank == 0
    assert now.score == pytest.approx(stored.score)
    for mine, theirs in zip(now.criteria, stored.criteria, strict=True):
        assert (mine.verdict, mine.metrics) == (theirs.verdict, theirs.metrics)


def test_a_flip_does_what_it_says(client):
    """An account one step below a line crosses it when it does what the flip asks for."""
    card = CreateScorecardRequest(scorecard_id="flip", scorecard=_scorecard(threshold=900))
    client.criteria.CreateScorecard(card)
    client.criteria.PublishScorecard(PublishScorecardRequest(name="scorecards/flip"))
    make.account(client, "flipped")
    first = make.order("flipped", "1", AS_OF - timedelta(days=20), "800")
    client.history.RecordOrders(RecordOrdersRequest(orders=[first]))
    request = EvaluateAccountRequest(
        account="accounts/flipped", scorecard="scorecards/flip", as_of=AS_OF
    )
    before = client.criteria.EvaluateAccount(request)
    assert before.tier == TIER_STANDARD
    flip = next(f for f in before.flips if f.metric == METRIC_REVENUE_12M)
    assert flip.current_value == pytest.approx(800)
    assert flip.required_value == pytest.approx(900) and flip.tier == TIER_KEY
    second = make.order("flipped", "2", AS_OF - timedelta(days=10), "99.99")
    client.history.RecordOrders(RecordOrdersRequest(orders=[second]))
    assert client.criteria.EvaluateAccount(request).tier == TIER_STANDARD, "a cent is missing"
    third = make.order("flipped", "3", AS_OF - timedelta(days=10), "0.01")
    client.history.RecordOrders(RecordOrdersRequest(orders=[third]))
    assert client.criteria.EvaluateAccount(request).tier == TIER_KEY


def test_the_past_is_asked_as_it_was_known(client):
    card = CreateScorecardRequest(scorecard_id="past", scorecard=_scorecard())
    client.criteria.CreateScorecard(card)
    client.criteria.PublishScorecard(PublishScorecardRequest(name="scorecards/past"))
    make.account(client, "restated")
    day = AS_OF - timedelta(days=20)
    order = make.order("restated", "1", day, "500")
    client.history.RecordOrders(RecordOrdersRequest(orders=[order]))
    request = EvaluateAccountRequest(
        account="accounts/restated", scorecard="scorecards/past", as_of=AS_OF
    )

    def revenue() -> float:
        return client.criteria.EvaluateAccount(request).criteria[0].metrics[0].value

    known_at = client.criteria.EvaluateAccount(request).known_at
    assert revenue() == 500
    restated = make.order("restated", "1", day, "5")
    client.history.RecordOrders(RecordOrdersRequest(orders=[restated], correct=True))
    assert revenue() == 5
    request.known_at.CopyFrom(known_at)
    assert revenue() == 500


def test_a_model_is_fitted_or_says_why_not(client):
    operation = client.criteria.FitLifetimeModel(FitLifetimeModelRequest(as_of=AS_OF))
    model = client.wait(operation, LifetimeModel, timeout=60)
    assert model.name.startswith("lifetimeModels/")
    ordered = COUNT + 3  # those of the portfolio, stopped, flipped, restated
    assert model.purchase_evidence.customers == ordered
    assert model.purchase_evidence.iterations > 0
    assert model.purchase_kind == LifetimeModel.PURCHASE_KIND_MBG_NBD
