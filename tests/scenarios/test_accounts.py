"""The life of an account."""

import grpc
import pytest
from google.protobuf import field_mask_pb2
from kam.v1.account_pb2 import Account, ExternalId
from kam.v1.account_service_pb2 import (
    BatchCreateAccountsRequest,
    BatchGetAccountsRequest,
    CreateAccountRequest,
    DeleteAccountRequest,
    GetAccountRequest,
    ListAccountsRequest,
    LookupAccountRequest,
    UndeleteAccountRequest,
    UpdateAccountRequest,
)
from kam_client import KamError, paginate, to_decimal, to_money
from support import make


def _get(client, account_id):
    return client.accounts.GetAccount(GetAccountRequest(name=f"accounts/{account_id}"))


def test_what_is_created_is_read_back(client):
    made = make.account(
        client,
        "acme",
        industry="retail",
        external_ids=[ExternalId(system="crm", id="A 1")],
        declared_annual_spend=to_money("1234567.89", "USD"),
        labels={"region": "emea"},
    )
    assert made.name == "accounts/acme"
    assert made.state == Account.STATE_ACTIVE
    assert made.etag and made.create_time == made.update_time
    assert str(to_decimal(made.declared_annual_spend)) == "1234567.890000000"
    assert _get(client, "acme") == made
    lookup = LookupAccountRequest(external_id=ExternalId(system="crm", id="A 1"))
    assert client.accounts.LookupAccount(lookup) == made


def test_the_server_makes_an_id_when_none_is_given(client):
    request = CreateAccountRequest(account=Account(display_name="No id", currency_code="EUR"))
    first, second = (client.accounts.CreateAccount(request).name for _ in range(2))
    assert first < second, "ids made by the server are ordered by time"


def test_an_update_changes_what_the_mask_names(client):
    made = make.account(client, "update-me", industry="retail")
    request = UpdateAccountRequest(
        account=Account(name=made.name, display_name="New", industry="ignored", etag=made.etag),
        update_mask=field_mask_pb2.FieldMask(paths=["display_name"]),
    )
    changed = client.accounts.UpdateAccount(request)
    assert (changed.display_name, changed.industry) == ("New", "retail")
    assert changed.etag != made.etag
    assert _get(client, "update-me") == changed


def test_a_deleted_account_is_hidden_refused_and_restored(client, refused):
    made = make.account(client, "gone")
    request = DeleteAccountRequest(name=made.name, etag=made.etag)
    deleted = client.accounts.DeleteAccount(request)
    assert deleted.state == Account.STATE_DELETED and deleted.HasField("delete_time")
    shown = {a.name for a in paginate(client.accounts.ListAccounts, ListAccountsRequest())}
    assert made.name not in shown
    request = ListAccountsRequest(show_deleted=True)
    assert made.name in {a.name for a in paginate(client.accounts.ListAccounts, request)}
    with refused(grpc.StatusCode.FAILED_PRECONDITION, "RESOURCE_DELETED"):
        client.accounts.DeleteAccount(DeleteAccountRequest(name=made.name))
    restored = client.accounts.UndeleteAccount(UndeleteAccountRequest(name=made.name))
    assert restored.state == Account.STATE_ACTIVE and not restored.HasField("delete_time")
    with refused(grpc.StatusCode.FAILED_PRECONDITION, "WRONG_STATE"):
        client.accounts.UndeleteAccount(UndeleteAccountRequest(name=made.name))


def test_a_batch_is_created_once_and_read_in_the_order_asked_for(client):
    requests = [
        CreateAccountRequest(
            account_id=f"batch-{n}", account=Account(display_name=f"Batch {n}", currency_code="USD")
        )
        for n in range(5)
    ]
    request = BatchCreateAccountsRequest(requests=requests)
    receipt = client.accounts.BatchCreateAccounts(request).receipt
    assert (receipt.recorded, receipt.unchanged, receipt.rejected_count) == (5, 0, 0)
    receipt = client.accounts.BatchCreateAccounts(request).receipt
    assert (receipt.recorded, receipt.unchanged) == (0, 5)
    names = [f"accounts/batch-{n}" for n in (3, 0, 4)]
    found = client.accounts.BatchGetAccounts(BatchGetAccountsRequest(names=names)).accounts
    assert [a.name for a in found] == names


def test_a_partial_batch_reports_each_bad_row(client):
    make.account(client, "taken")
    good = Account(display_name="Good", currency_code="USD")
    request = BatchCreateAccountsRequest(
        requests=[
            CreateAccountRequest(account_id="partial-1", account=good),
            CreateAccountRequest(account_id="taken", account=good),
            CreateAccountRequest(
                account_id="partial-2", account=Account(display_name="X", currency_code="ABC")
            ),
        ],
        allow_partial=True,
    )
    receipt = client.accounts.BatchCreateAccounts(request).receipt
    assert (receipt.recorded, receipt.rejected_count) == (1, 2)
    errors = {r.index: KamError.from_status(r.status) for r in receipt.rejected}
    assert errors[1].reason == "RESOURCE_ALREADY_EXISTS"
    assert errors[2].reason == "INVALID_FIELDS"
    assert "currency_code" in errors[2].fields[0].field


def test_a_list_is_filtered_ordered_and_paged(client):
    for n in range(7):
        make.account(client, f"listed-{n}", industry="listing", display_name=f"L{6 - n}")
    request = ListAccountsRequest(filter='industry = "listing"', order_by="display_name desc")
    pages = [a.display_name for a in paginate(client.accounts.ListAccounts, request, page_size=3)]
    assert pages == [f"L{n}" for n in range(6, -1, -1)]
    request = ListAccountsRequest(filter='industry = "listing" AND display_name : "l3"')
    assert [a.name for a in paginate(client.accounts.ListAccounts, request)] == [
        "accounts/listed-3"
    ]


def test_a_group_has_no_cycles(client, refused):
    make.account(client, "group")
    make.account(client, "subsidiary", parent_account="accounts/group")
    request = UpdateAccountRequest(
        account=Account(name="accounts/group", parent_account="accounts/subsidiary"),
        update_mask=field_mask_pb2.FieldMask(paths=["parent_account"]),
    )
    with refused(grpc.StatusCode.INVALID_ARGUMENT, "INVALID_FIELDS") as caught:
        client.accounts.UpdateAccount(request)
    assert [v.field for v in caught.error.fields] == ["account.parent_account"]


def test_an_external_id_belongs_to_one_account(client, refused):
    make.account(client, "owner", external_ids=[ExternalId(system="erp", id="7")])
    with refused(grpc.StatusCode.ALREADY_EXISTS, "EXTERNAL_ID_TAKEN") as caught:
        make.account(client, "thief", external_ids=[ExternalId(system="erp", id="7")])
    assert caught.error.metadata["resource"] == "accounts/owner"


def test_a_dry_run_checks_and_creates_nothing(client, unchanged):
    account = Account(display_name="Dry", currency_code="USD")
    request = CreateAccountRequest(account_id="dry", account=account, validate_only=True)
    assert client.accounts.CreateAccount(request).name == "accounts/dry"
    with pytest.raises(KamError):
        _get(client, "dry")
