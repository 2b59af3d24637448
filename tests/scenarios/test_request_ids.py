"""A request id makes a call repeatable, and only that call."""

from concurrent.futures import ThreadPoolExecutor

import grpc
from kam.v1.account_pb2 import Account
from kam.v1.account_service_pb2 import (
    CreateAccountRequest,
    DeleteAccountRequest,
    GetAccountRequest,
    UndeleteAccountRequest,
)
from kam_client import KamError
from support import make, postgres


def _create(account_id: str, request_id: str, name: str = "X") -> CreateAccountRequest:
    account = Account(display_name=name, currency_code="USD")
    return CreateAccountRequest(account_id=account_id, account=account, request_id=request_id)


def test_the_same_call_answers_the_same_without_a_second_effect(client, database):
    request = _create("once", "id-1")
    first = client.accounts.CreateAccount(request)
    before = postgres.contents(database)
    assert client.accounts.CreateAccount(request) == first
    assert postgres.contents(database) == before


def test_the_first_answer_is_replayed_even_when_the_world_moved_on(client):
    made = make.account(client, "moved")
    delete = DeleteAccountRequest(name=made.name, request_id="id-2")
    first = client.accounts.DeleteAccount(delete)
    client.accounts.UndeleteAccount(UndeleteAccountRequest(name=made.name))
    assert client.accounts.DeleteAccount(delete) == first
    found = client.accounts.GetAccount(GetAccountRequest(name=made.name))
    assert found.state == Account.STATE_ACTIVE, "a replay deletes nothing"


def test_another_body_under_a_used_id_is_refused(client, refused, database):
    client.accounts.CreateAccount(_create("body", "id-3"))
    before = postgres.contents(database)
    with refused(grpc.StatusCode.INVALID_ARGUMENT, "REQUEST_ID_REUSED") as caught:
        client.accounts.CreateAccount(_create("body", "id-3", name="Y"))
    assert caught.error.metadata == {"request_id": "id-3"}
    assert postgres.contents(database) == before


def test_a_refused_call_does_not_use_up_its_id(client, refused):
    made = make.account(client, "retry")
    with refused(grpc.StatusCode.ALREADY_EXISTS, "RESOURCE_ALREADY_EXISTS"):
        client.accounts.CreateAccount(_create("retry", "id-4", name="Z"))
    client.accounts.DeleteAccount(DeleteAccountRequest(name=made.name, request_id="id-4"))


def test_the_same_id_at_the_same_moment_has_one_effect(server, database):
    request = _create("race", "id-5")

    def call(_):
        with server.client() as client:
            try:
                return client.accounts.CreateAccount(request)
            except KamError as error:
                return error.reason

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(call, range(8)))
    assert all(answer == answers[0] for answer in answers), answers
    count = "SELECT count(*) FROM changes WHERE resource = 'accounts/race'"
    assert postgres.value(database, count) == 1
