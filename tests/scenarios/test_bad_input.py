"""What is wrong with a request is said, all of it, and nothing of it changes a row."""

import grpc
import pytest
from google.protobuf import field_mask_pb2
from kam.v1.account_pb2 import Account, ExternalId
from kam.v1.account_service_pb2 import (
    BatchGetAccountsRequest,
    CreateAccountRequest,
    DeleteAccountRequest,
    GetAccountRequest,
    ListAccountsRequest,
    UpdateAccountRequest,
)
from kam.v1.allocation_service_pb2 import GetAllocationPlanRequest
from kam.v1.benefit_service_pb2 import (
    GetBenefitRequest,
    GetBudgetRequest,
    ListBenefitsRequest,
    ListEntitlementsRequest,
)
from kam.v1.criteria_service_pb2 import (
    EvaluatePortfolioRequest,
    GetAssessmentRequest,
    GetEvaluationRequest,
    GetLifetimeModelRequest,
    GetScorecardRequest,
    ListAssessmentsRequest,
)
from kam.v1.history_service_pb2 import (
    GetOrderRequest,
    ImportOrdersRequest,
    ListOrdersRequest,
    RecordOrdersRequest,
)
from kam.v1.usage_service_pb2 import CheckBenefitRequest
from kam_client import to_money
from support import make, raw

pytestmark = pytest.mark.usefixtures("unchanged")

INVALID = grpc.StatusCode.INVALID_ARGUMENT


@pytest.fixture(scope="module", autouse=True)
def known(client):
    """An account that was changed once; its first etag is stale."""
    first = make.account(client, "known", industry="retail")
    request = UpdateAccountRequest(account=Account(name=first.name, industry="media"))
    client.accounts.UpdateAccount(request)
    make.account(client, "known-2")
    return first


def test_every_violation_is_reported_at_once_with_its_path(client, refused):
    request = CreateAccountRequest(
        account_id="Bad Id",
        account=Account(
            display_name="x" * 257,
            parent_account="nonsense",
            currency_code="XYZ",
            industry="i" * 101,
            declared_annual_spend=to_money("-1", "USD"),
            external_ids=[ExternalId(system="UPPER", id="")],
        ),
        request_id="with space",
    )
    with refused(INVALID, "INVALID_FIELDS") as caught:
        client.accounts.CreateAccount(request)
    assert {v.field for v in caught.error.fields} == {
        "account_id",
        "account.display_name",
        "account.parent_account",
        "account.currency_code",
        "account.industry",
        "account.declared_annual_spend",
        "account.external_ids[0].system",
        "account.external_ids[0].id",
        "request_id",
    }
    assert all(v.description for v in caught.error.fields)


def test_what_is_required_is_missed(client, refused):
    with refused(INVALID, "INVALID_FIELDS") as caught:
        client.accounts.CreateAccount(CreateAccountRequest(account_id="fine"))
    assert [v.field for v in caught.error.fields] == ["account"]


def test_violations_that_do_not_fit_are_counted(client, refused):
    rows = [make.order("known", f"o{n}", None, "-1") for n in range(1000)]
    with refused(INVALID, "INVALID_FIELDS") as caught:
        client.history.RecordOrders(RecordOrdersRequest(orders=rows))
    listed = len(caught.error.fields)
    assert listed > 0
    assert listed + int(caught.error.metadata["omitted"]) >= 1000
    assert caught.error.fields[0].field.startswith("orders[0].")


@pytest.mark.parametrize("text", ["a\0b", "\0"])
def test_a_nul_byte_is_refused(client, refused, text):
    with refused(INVALID, "INVALID_FIELDS") as caught:
        make.account(client, "nul", industry=text)
    assert [v.field for v in caught.error.fields] == ["account.industry"]


@pytest.mark.parametrize(
    ("service", "method", "request_", "name"),
    [
        ("accounts", "GetAccount", GetAccountRequest(name="accounts/nobody"), "accounts/nobody"),
        (
            "accounts",
            "BatchGetAccounts",
            BatchGetAccountsRequest(names=["accounts/known", "accounts/nobody"]),
            "accounts/nobody",
        ),
        (
            "accounts",
            "DeleteAccount",
            DeleteAccountRequest(name="accounts/nobody"),
            "accounts/nobody",
        ),
        (
            "accounts",
            "UpdateAccount",
            UpdateAccountRequest(account=Account(name="accounts/nobody", industry="x")),
            "accounts/nobody",
        ),
        (
            "history",
            "GetOrder",
            GetOrderRequest(name="accounts/known/orders/none"),
            "accounts/known/orders/none",
        ),
        (
            "history",
            "ListOrders",
            ListOrdersRequest(parent="accounts/nobody"),
            "accounts/nobody",
        ),
        (
            "criteria",
            "GetScorecard",
            GetScorecardRequest(name="scorecards/none"),
            "scorecards/none",
        ),
        (
            "criteria",
            "EvaluatePortfolio",
            EvaluatePortfolioRequest(scorecard="scorecards/none"),
            "scorecards/none",
        ),
        (
            "criteria",
            "GetEvaluation",
            GetEvaluationRequest(name="evaluations/none"),
            "evaluations/none",
        ),
        (
            "criteria",
            "GetLifetimeModel",
            GetLifetimeModelRequest(name="lifetimeModels/99"),
            "lifetimeModels/99",
        ),
        (
            "criteria",
            "GetAssessment",
            GetAssessmentRequest(name="accounts/known/assessments/-"),
            "accounts/known/assessments/-",
        ),
        (
            "criteria",
            "ListAssessments",
            ListAssessmentsRequest(parent="accounts/-", evaluation="evaluations/none"),
            "evaluations/none",
        ),
        (
            "criteria",
            "ListAssessments",
            ListAssessmentsRequest(parent="accounts/nobody"),
            "accounts/nobody",
        ),
        ("benefits", "GetBenefit", GetBenefitRequest(name="benefits/none"), "benefits/none"),
        ("benefits", "GetBudget", GetBudgetRequest(name="budgets/none"), "budgets/none"),
        (
            "benefits",
            "ListEntitlements",
            ListEntitlementsRequest(parent="accounts/nobody"),
            "accounts/nobody",
        ),
        (
            "usage",
            "CheckBenefit",
            CheckBenefitRequest(account="accounts/nobody", benefit="benefits/none"),
            "accounts/nobody",
        ),
        (
            "allocation",
            "GetAllocationPlan",
            GetAllocationPlanRequest(name="allocationPlans/none"),
            "allocationPlans/none",
        ),
    ],
)
def test_an_unknown_resource_is_named(client, refused, service, method, request_, name):
    with refused(grpc.StatusCode.NOT_FOUND, "RESOURCE_NOT_FOUND") as caught:
        getattr(getattr(client, service), method)(request_)
    assert caught.error.metadata["resource"] == name
    assert caught.error.resource == name
    assert name in caught.error.message


def test_an_id_that_exists_is_refused(client, refused):
    with refused(grpc.StatusCode.ALREADY_EXISTS, "RESOURCE_ALREADY_EXISTS") as caught:
        make.account(client, "known", display_name="Somebody else")
    assert caught.error.resource == "accounts/known"


def test_a_stale_etag_is_refused(client, refused, known):
    request = UpdateAccountRequest(
        account=Account(name=known.name, display_name="Late", etag=known.etag),
        update_mask=field_mask_pb2.FieldMask(paths=["display_name"]),
    )
    with refused(grpc.StatusCode.ABORTED, "ETAG_MISMATCH") as caught:
        client.accounts.UpdateAccount(request)
    current = client.accounts.GetAccount(GetAccountRequest(name=known.name)).etag
    assert caught.error.metadata == {"resource": known.name, "etag": current}
    with refused(grpc.StatusCode.ABORTED, "ETAG_MISMATCH"):
        client.accounts.DeleteAccount(DeleteAccountRequest(name=known.name, etag=known.etag))


def test_an_immutable_field_stays(client, refused, known):
    request = UpdateAccountRequest(
        account=Account(name=known.name, currency_code="EUR"),
        update_mask=field_mask_pb2.FieldMask(paths=["currency_code"]),
    )
    with refused(INVALID, "INVALID_FIELDS") as caught:
        client.accounts.UpdateAccount(request)
    assert [v.field for v in caught.error.fields] == ["account.currency_code"]


def test_an_unknown_field_in_a_mask_is_refused(client, refused, known):
    request = UpdateAccountRequest(
        account=Account(name=known.name),
        update_mask=field_mask_pb2.FieldMask(paths=["nonsense", "etag"]),
    )
    with refused(INVALID, "INVALID_FIELDS") as caught:
        client.accounts.UpdateAccount(request)
    assert {v.field for v in caught.error.fields} == {"update_mask"}


@pytest.mark.parametrize("token", ["x", "AAAA", "eyJhIjoxfQ==", "known", "\N{SNOWMAN}", "a" * 1024])
def test_a_page_token_that_is_not_ours_is_refused(client, refused, token):
    with refused(INVALID, "INVALID_PAGE_TOKEN"):
        client.accounts.ListAccounts(ListAccountsRequest(page_token=token))


def test_a_page_token_of_another_list_is_refused(client, refused):
    page = client.accounts.ListAccounts(ListAccountsRequest(page_size=1))
    assert page.next_page_token
    for request in (
        ListAccountsRequest(page_size=1, page_token=page.next_page_token, show_deleted=True),
        ListAccountsRequest(page_token=page.next_page_token, filter='industry = "media"'),
        ListAccountsRequest(page_token=page.next_page_token[:-2]),
    ):
        with refused(INVALID, "INVALID_PAGE_TOKEN"):
            client.accounts.ListAccounts(request)
    with refused(INVALID, "INVALID_PAGE_TOKEN"):
        client.benefits.ListBenefits(ListBenefitsRequest(page_token=page.next_page_token))


@pytest.mark.parametrize(
    "wrong", ["industry", "industry =", 'industry = "x', 'shoe_size = "1"', '"a" OR "b"', "((("]
)
def test_a_filter_that_does_not_parse_says_where(client, refused, wrong):
    with refused(INVALID, "INVALID_FILTER") as caught:
        client.accounts.ListAccounts(ListAccountsRequest(filter=wrong))
    assert int(caught.error.metadata["position"]) >= 0


def test_an_unknown_order_is_refused(client, refused):
    with refused(INVALID, "INVALID_FILTER"):
        client.accounts.ListAccounts(ListAccountsRequest(order_by="shoe_size"))


def test_an_oversized_message_is_refused(client, refused):
    rows = [
        make.order("known", "x" * 100 + str(n), None, "1", brand="b" * 100) for n in range(1000)
    ]
    request = ImportOrdersRequest(orders=rows * 20)
    assert request.ByteSize() > 4 << 20
    with refused(grpc.StatusCode.RESOURCE_EXHAUSTED, ""):
        client.history.ImportOrders(iter([request]))
    many = RecordOrdersRequest(orders=rows * 20)
    with refused(grpc.StatusCode.RESOURCE_EXHAUSTED, ""):
        client.history.RecordOrders(many)


def test_a_message_that_does_not_parse_is_refused(server):
    with pytest.raises(grpc.RpcError) as caught:
        raw.unary(server.target, "/kam.v1.AccountService/GetAccount", b"\xff\xff\xff\xff")
    assert caught.value.code() != grpc.StatusCode.OK
    assert raw.health(server.target) == raw.SERVING


def test_an_unknown_method_is_refused(server):
    with pytest.raises(grpc.RpcError) as caught:
        raw.unary(server.target, "/kam.v1.AccountService/Nonsense", b"")
    assert caught.value.code() == grpc.StatusCode.UNIMPLEMENTED


@pytest.mark.parametrize("value", [99, -1])
def test_an_enum_value_that_is_not_in_the_contract_is_refused(client, refused, value):
    row = make.order("known", "enum", None, "1")
    row.status = value
    row.order_time.GetCurrentTime()
    with refused(INVALID, "INVALID_FIELDS") as caught:
        client.history.RecordOrders(RecordOrdersRequest(orders=[row]))
    assert [v.field for v in caught.error.fields] == ["orders[0].status"]


@pytest.mark.parametrize(
    ("amount", "currency", "reason"),
    [
        ("1.001", "USD", "INVALID_FIELDS"),
        ("1", "EUR", "CURRENCY_MISMATCH"),
        ("1", "XXX", "INVALID_FIELDS"),
        ("9223372036854775807", "USD", "INVALID_FIELDS"),
    ],
)
def test_an_amount_that_cannot_be_is_refused(client, refused, amount, currency, reason):
    row = make.order("known", "amount", None, amount, currency=currency)
    row.order_time.GetCurrentTime()
    with refused(INVALID, reason):
        client.history.RecordOrders(RecordOrdersRequest(orders=[row]))


def test_money_whose_parts_disagree_is_refused(client, refused):
    row = make.order("known", "signs", None, "1")
    row.order_time.GetCurrentTime()
    row.net_amount.nanos = -500_000_000
    with refused(INVALID, "INVALID_FIELDS") as caught:
        client.history.RecordOrders(RecordOrdersRequest(orders=[row]))
    assert all(v.field.startswith("orders[0].net_amount") for v in caught.error.fields)
