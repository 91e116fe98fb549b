"""Claim codes, payments that no provider can be asked about, and who confirmed them; and the way to their tables."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection

from bot.domain.claim_codes import claim_codes as codes_for
from bot.domain.confirmations import Confirmation
from bot.domain.noted_payments import NO_ORDER, NotedPayment
from bot.domain.orders import PaymentStatus, Reference
from bot.storage.connect.address import database_url
from bot.storage.connect.sqlite import writing_engine
from bot.storage.maintenance import migrate
from bot.storage.stores import claim_codes, guild_providers, noted_payments
from tests.storage.test_payments_migration import insert, old_database
from tests.storage.town import ALICE, BOB, GUILD, NOON, OTHER_GUILD, order

PAYMENT = NotedPayment("kofi", "7/message", GUILD, NO_ORDER, PaymentStatus.PAID, 99, "USD", NOON, kind="Donation")


def test_an_order_has_one_code_for_ever(c: Connection):
    code = claim_codes.issue(c, GUILD, 500)

    assert claim_codes.issue(c, GUILD, 500) == code
    assert claim_codes.code_of(c, GUILD, 500) == code
    assert claim_codes.orders_with(c, GUILD, [code, "RO-2222"]) == {code: 500}
    assert claim_codes.orders_with(c, OTHER_GUILD, [code]) == {}


def test_orders_that_prefer_the_same_code_get_different_ones(c: Connection):
    order_by_code: dict[str, int] = {}
    # In 280,000 codes, two of a few thousand orders prefer the same one.
    for order_id in range(1, 10_000):
        preferred = next(codes_for(Reference(GUILD, order_id)))
        if preferred in order_by_code:
            break
        order_by_code[preferred] = order_id
    else:
        raise AssertionError("no two orders prefer the same code")
    codes = [claim_codes.issue(c, GUILD, number) for number in (order_by_code[preferred], order_id)]

    assert codes[0] == preferred
    assert codes[1] != preferred
    assert claim_codes.orders_with(c, GUILD, codes) == {codes[0]: order_by_code[preferred], codes[1]: order_id}


def test_a_payment_is_noted_once_and_changes_later(c: Connection):
    assert noted_payments.note(c, PAYMENT)
    assert not noted_payments.note(c, replace(PAYMENT, amount_minor=1))
    assigned = replace(PAYMENT, order_id=500, refunded_minor=9)
    noted_payments.save(c, assigned)

    assert noted_payments.payment(c, "kofi", "7/message") == assigned
    assert noted_payments.payment(c, "manual", "7/message") is None
    assert noted_payments.payment_of(c, replace(order(), order_id=500, provider="kofi")) == assigned


def test_confirmations_are_told_apart_by_order_and_found_by_number(c: Connection):
    first, second = (Confirmation(GUILD, 500, member_id, "PayPal 7XY", NOON) for member_id in (ALICE, BOB))
    noted_payments.confirm(c, first)
    noted_payments.confirm(c, second)

    assert noted_payments.confirmations_of(c, GUILD, [500, 501]) == sorted([first, second], key=lambda it: it.member_id)
    assert noted_payments.order_confirmed_under(c, GUILD, "paypal 7xy") == 500
    assert noted_payments.order_confirmed_under(c, OTHER_GUILD, "PayPal 7XY") is None
    noted_payments.withdraw_confirmations(c, GUILD, 500)
    assert noted_payments.confirmations_of(c, GUILD, [500]) == []


@pytest.mark.databases("sqlite")
def test_payment_methods_of_before_stay_and_two_people_confirm(tmp_path: Path):
    file = tmp_path / "books.db"
    url = database_url(old_database(file, "0041"))
    insert(file, "guilds", (GUILD, 0, 50, 0, 1000, "UTC", 0, 0, 0, 0, 1, None, None, None, None, None, 0))
    insert(file, "guild_providers", (GUILD, "kofi", 1, "garden", "hash"), (GUILD, "sandbox", 0, "", ""))

    migrate.upgrade(url)

    engine = writing_engine(url)
    with engine.connect() as c, c.begin():
        choices = guild_providers.choices(c, GUILD)
        needed = guild_providers.confirmations(c, GUILD, "manual")
        guild_id = guild_providers.guild_with(c, "kofi", "hash")
        nobody = guild_providers.guild_with(c, "kofi", "")
    engine.dispose()
    assert [(choice.is_on, choice.account, choice.confirmations) for choice in choices.values()] == [
        (True, "garden", None),
        (False, "", None),
    ]
    assert (needed, guild_id, nobody) == (2, GUILD, None)
