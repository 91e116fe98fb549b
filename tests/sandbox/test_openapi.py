"""The checker itself: it accepts what Discord accepts and reports everything else."""

from typing import Any

import pytest

from tests.openapi import OpenApi

MESSAGES = "/channels/1/messages"


def row(count: int, **changes: Any) -> dict[str, Any]:
    button = {"type": 2, "style": 1, "label": "Go"}
    return {"type": 1, "components": [button | {"custom_id": str(number)} | changes for number in range(count)]}


@pytest.mark.parametrize(
    "body",
    [
        {"content": "x"},
        {"embeds": [{"title": "x"}], "components": [row(5)]},
        {"content": "x", "message_reference": {"message_id": 5}, "attachments": [{"id": 0, "filename": "a"}]},
    ],
)
def test_good_messages_pass(openapi: OpenApi, body: dict[str, Any]) -> None:
    assert openapi.check_request("POST", MESSAGES, body) == []


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"content": "x" * 4001}, "content"),
        ({"embeds": [{"title": "x" * 257}]}, "embeds/0/title"),
        ({"embeds": [{}] * 11}, "embeds"),
        ({"components": [row(6)]}, "components"),
        ({"components": [row(1, label="x" * 81)]}, "components"),
    ],
)
def test_bad_messages_are_named_with_their_place(openapi: OpenApi, body: dict[str, Any], place: str) -> None:
    problems = openapi.check_request("POST", MESSAGES, body)

    assert len(problems) == 1
    assert place in problems[0]


def test_commands_with_permissions_as_text_pass(openapi: OpenApi) -> None:
    command = {"name": "gift", "description": "x", "type": 1, "default_member_permissions": "32"}

    assert openapi.check_request("PUT", "/applications/1/commands", [command]) == []


def test_an_unknown_operation_is_a_problem_and_a_known_gap_is_none(openapi: OpenApi) -> None:
    assert openapi.check_request("GET", "/coins", None) == ["GET /coins: Discord has no such operation"]
    assert openapi.check_request("GET", "/applications/1/skus", None) == []


def test_the_most_literal_path_is_found(openapi: OpenApi) -> None:
    assert openapi.find("/users/@me") == "/users/@me"
    assert openapi.find("/webhooks/1/token/messages/@original") == (
        "/webhooks/{webhook_id}/{webhook_token}/messages/@original"
    )


def test_answers_are_checked_by_status(openapi: OpenApi) -> None:
    user = {"id": "1", "username": "mia"}

    missing = openapi.check_response("GET", "/users/1", 200, user)
    body_less = openapi.check_response("GET", "/users/1", 200, None)
    needless = openapi.check_response("DELETE", "/channels/1/messages/1", 204, {})
    problems = openapi.check_response("GET", "/users/1", 404, {"code": 10013, "message": "Unknown User"})

    assert any('"avatar" is a required property' in problem for problem in missing)
    assert (len(body_less), len(needless), problems) == (1, 1, [])


def test_a_consumable_purchase_passes(openapi: OpenApi) -> None:
    entitlement = {
        "id": "1", "sku_id": "2", "application_id": "3", "user_id": "4", "type": 1,
        "deleted": False, "starts_at": None, "ends_at": None,
    }  # fmt: skip

    assert openapi.check_response("GET", "/applications/3/entitlements", 200, [entitlement]) == []
