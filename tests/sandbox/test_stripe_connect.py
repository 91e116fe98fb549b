"""Connected accounts at the pretend Stripe: onboarding, and direct charges on an account's own data."""

from typing import Any

import orjson
import pytest
import stripe

LINK = {
    "type": "account_onboarding",
    "return_url": "https://shop.example/back",
    "refresh_url": "https://shop.example/again",
}


def code_of(error):
    """Return the code of a refusal, which the library's own attribute has not for every kind."""
    return error.json_body["error"]["code"]


async def connect(desk, **params):
    """Connect an account whose owner has been through onboarding."""
    account = await desk.client.v1.accounts.create_async({"type": "standard", **params})
    desk.onboard(account.id)
    return account.id


async def test_a_new_account_takes_no_payments_yet(desk):
    account = await desk.client.v1.accounts.create_async(
        {"type": "standard", "country": "DE", "email": "olive@example.com", "metadata": {"guild": "7"}}
    )

    assert account.id.startswith("acct_")
    assert (account.charges_enabled, account.details_submitted, account.country) == (False, False, "DE")
    assert account.metadata["guild"] == "7"
    with pytest.raises(stripe.PermissionError) as refusal:
        await desk.open(account=account.id)
    assert code_of(refusal.value) == "account_invalid"


async def test_a_link_leads_to_onboarding_for_five_minutes(desk):
    account = await desk.client.v1.accounts.create_async({"type": "standard"})

    link = await desk.client.v1.account_links.create_async({"account": account.id, **LINK})

    assert (link.object, link.expires_at - link.created) == ("account_link", 300)
    assert link.url.startswith(f"{desk.root}/stripe/connect/{account.id}/")
    with pytest.raises(stripe.PermissionError):
        await desk.client.v1.account_links.create_async({"account": "acct_none", **LINK})


async def test_onboarding_is_told_with_the_account_in_the_event(desk):
    account_id = await connect(desk)

    account = await desk.client.v1.accounts.retrieve_async(account_id)
    [event] = await desk.heard(1)

    assert (account.charges_enabled, account.details_submitted) == (True, True)
    assert (event["type"], event["account"]) == ("account.updated", account_id)
    assert event["data"]["previous_attributes"]["charges_enabled"] is False


async def test_a_direct_charge_lives_on_the_connected_account_only(desk):
    account_id = await connect(desk)
    session = await desk.sell(account=account_id, payment_intent_data={"application_fee_amount": 25})
    options = {"stripe_account": account_id}

    assert session.payment_intent.application_fee_amount == 25
    with pytest.raises(stripe.InvalidRequestError):
        await desk.client.v1.checkout.sessions.retrieve_async(session.id)
    assert (await desk.client.v1.checkout.sessions.list_async()).data == []
    assert len((await desk.client.v1.charges.list_async(options=options)).data) == 1
    refund = await desk.client.v1.refunds.create_async({"payment_intent": session.payment_intent.id}, options)
    assert refund.status == "succeeded"
    assert {event["account"] for event in await desk.heard(5)} == {account_id}
    assert await desk.events() == []
    assert {event["account"] for event in await desk.events(account_id)} == {account_id}


async def test_a_thin_event_of_a_connected_account_leads_there(desk):
    account_id = await connect(desk)
    await desk.heard(1)
    desk.server.destination.payload = "thin"
    session = await desk.sell(account=account_id)

    event = (await desk.heard(2))[-1]
    notice: Any = stripe.v2.core.EventNotification.from_json(orjson.dumps(event), desk.client)
    response = await desk.client.raw_request_async("get", notice.related_object.url, stripe_context=notice.context)

    assert event["context"] == account_id
    assert response.data["id"] == session.id


async def test_an_account_that_revokes_access_is_out_of_reach(desk):
    account_id = await connect(desk)
    desk.server.platform.disconnect(desk.server.platform.account(account_id))

    with pytest.raises(stripe.PermissionError) as refusal:
        await desk.client.v1.charges.list_async(options={"stripe_account": account_id})

    assert code_of(refusal.value) == "account_invalid"


async def test_only_the_platform_connects_accounts_and_lists_them(desk):
    first, second = await connect(desk), await connect(desk)

    listed = await desk.client.v1.accounts.list_async()

    assert [account.id for account in listed.data] == [second, first]
    with pytest.raises(stripe.PermissionError):
        await desk.client.v1.accounts.list_async(options={"stripe_account": first})
