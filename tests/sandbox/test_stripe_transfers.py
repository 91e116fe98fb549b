"""Transfers at the pretend Stripe: to accounts that may have them, of money that is there, once for each key."""

import pytest
import stripe

from sandbox.stripe import money, transfers
from sandbox.stripe.accounts import enable
from tests.sandbox.test_stripe_connect import code_of


async def payee(desk, *, is_enough: bool = True) -> str:
    account = await desk.client.v1.accounts.create_async(
        {
            "controller": {"stripe_dashboard": {"type": "express"}},
            "capabilities": {"card_payments": {"requested": True}, "transfers": {"requested": True}},
        }
    )
    enable(desk.server.platform.account(account.id).record, is_enough=is_enough)
    return account.id


def top_up(desk, amount: int, currency: str = "usd") -> None:
    money.book(desk.server.platform.own, "topup", amount, currency, source="tu_1")


async def send(desk, destination: str, key: str = "", **changes):
    params = {"amount": 400, "currency": "usd", "destination": destination, "transfer_group": "payout:7:1"}
    return await desk.client.v1.transfers.create_async({**params, **changes}, {"idempotency_key": key} if key else {})


async def test_money_moves_from_the_balance_to_the_account_and_is_listed_by_its_group(desk):
    account = await payee(desk)
    top_up(desk, 1_000)

    transfer = await send(desk, account, metadata={"attempt": "1"})
    other = await send(desk, account, transfer_group="payout:7:2")

    assert (transfer.amount, transfer.currency, transfer.destination, transfer.reversed) == (400, "usd", account, False)
    assert transfers.available(desk.server.platform.own, "usd") == 200
    assert transfers.available(desk.server.platform.account(account), "usd") == 800
    page = await desk.client.v1.transfers.list_async({"transfer_group": "payout:7:1"})
    assert [each.id for each in page.data] == [transfer.id]
    assert (await desk.client.v1.transfers.retrieve_async(other.id)).transfer_group == "payout:7:2"
    assert [event["type"] for event in await desk.events()] == ["transfer.created", "transfer.created"]


async def test_the_same_key_sends_once_and_another_body_under_it_is_refused(desk):
    account = await payee(desk)
    top_up(desk, 1_000)

    first, again = await send(desk, account, "k"), await send(desk, account, "k")
    with pytest.raises(stripe.IdempotencyError):
        await send(desk, account, "k", amount=300)

    assert first.id == again.id
    assert transfers.available(desk.server.platform.own, "usd") == 600


async def test_a_refusal_is_kept_under_its_key_even_when_there_is_money_again(desk):
    account = await payee(desk)
    codes = []
    for key in ("k", "k", "other"):
        try:
            await send(desk, account, key)
        except stripe.InvalidRequestError as error:
            codes.append(code_of(error))
        top_up(desk, 1_000)

    assert codes == ["balance_insufficient"] * 2
    assert transfers.available(desk.server.platform.own, "eur") == 0


async def test_only_accounts_that_may_receive_transfers_do(desk):
    new_account = await payee(desk, is_enough=False)
    top_up(desk, 1_000)

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        await send(desk, new_account)
    with pytest.raises(stripe.InvalidRequestError) as unknown:
        await send(desk, "acct_nobody")

    assert code_of(refusal.value) == "insufficient_capabilities_for_transfer"
    assert (code_of(unknown.value), unknown.value.param) == ("resource_missing", "destination")


async def test_a_transfer_is_reversed_in_parts_until_nothing_is_left(desk):
    account = await payee(desk)
    top_up(desk, 400)
    transfer = await send(desk, account)

    await desk.client.v1.transfers.reversals.create_async(transfer.id, {"amount": 100})
    partly = await desk.client.v1.transfers.retrieve_async(transfer.id)
    await desk.client.v1.transfers.reversals.create_async(transfer.id)
    wholly = await desk.client.v1.transfers.retrieve_async(transfer.id)
    with pytest.raises(stripe.InvalidRequestError):
        await desk.client.v1.transfers.reversals.create_async(transfer.id)

    assert [(each.amount_reversed, each.reversed) for each in (partly, wholly)] == [(100, False), (400, True)]
    assert transfers.available(desk.server.platform.own, "usd") == 400
    assert [event["type"] for event in await desk.events()][:2] == ["transfer.reversed", "transfer.reversed"]
