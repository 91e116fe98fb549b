"""The matrix of claims and providers is complete: each cell is tried, or a capability says why it is not."""

import inspect
from typing import Any, get_args

import pytest

from bot.payments.provider import Capability
from bot.settings import Settings
from tests.payments import test_contract, test_every_order
from tests.payments.contract import CLAIMS, CONTENDERS, ON_TRIAL
from tests.payments.oddities import ODDITIES, possible
from tests.payments.wires import Oddity

MODULES = (test_contract, test_every_order)
ODD = "test_a_payment_that_is_not_as_ordered_is_credited_to_nobody"

MATRIX = """
a_payment_is_credited_once_however_often_it_is_told
a_gift_that_was_bought_for_goes_out_once_with_its_coins
a_payment_that_is_told_fifty_times_at_once_is_credited_once
a_payment_that_is_told_while_its_provider_is_asked_is_credited_once
    no reconcile: kofi manual
a_purchase_while_the_bot_is_away_is_reconciled
    no reconcile: kofi manual
what_is_told_late_and_in_disorder_is_credited_all_the_same
an_order_keeps_the_terms_that_its_buyer_accepted
a_payment_for_an_order_that_its_buyer_has_cancelled_is_credited
a_refund_that_is_told_before_the_payment_leaves_nothing
    has record: kofi manual
a_whole_refund_takes_all_coins_back
partial_refunds_add_up
    no record or refund: discord_sku
partial_refunds_of_which_no_word_comes_are_reconciled
    no refund: discord_sku
    no reconcile: kofi manual
a_refund_by_the_bot_is_made_once_for_its_key
    no refund: discord_sku kofi manual
a_provider_that_sends_no_money_back_says_so
    has refund: sandbox stripe stripe-managed stripe-connect
a_withdrawal_sends_the_money_back_once
    no refund: discord_sku kofi manual
a_withdrawal_where_people_send_the_money_back_is_a_case_for_them
    no record: sandbox stripe stripe-managed stripe-connect discord_sku
a_withdrawal_that_only_the_provider_can_grant_is_left_to_it
    no own_refunds: sandbox stripe stripe-managed stripe-connect kofi manual
two_payments_through_one_link_are_both_credited
more_purchases_than_a_page_holds_are_all_reconciled
    no reconcile: kofi manual
a_purchase_is_used_up_only_once_its_coins_are_in_the_books
    no acknowledge: sandbox stripe stripe-managed stripe-connect kofi manual
no_mutated_webhook_is_accepted
    no webhook: discord_sku manual
a_provider_that_sends_no_webhooks_accepts_none
    has webhook: sandbox stripe stripe-managed stripe-connect kofi
a_history_ends_at_the_same_books_whenever_it_is_heard_of
    no dispute: discord_sku kofi manual
"""
"""Each claim is tried on all providers, but for those below it. Each line of these begins with the reason.

Whoever adds a claim adds its line: the failing test prints the whole table.
"""


def matrix() -> list[str]:
    """Return the lines of the matrix as the tests have it."""
    lines: list[str] = []
    # Each module adds its claims when it is imported, and either may come first.
    for name in [name for module in MODULES for name in CLAIMS if hasattr(module, name)]:
        lines.append(name.removeprefix("test_"))
        obstacles: dict[str, list[str]] = {}
        for provider in CONTENDERS:
            if obstacle := _obstacle(name, provider):
                obstacles.setdefault(obstacle, []).append(provider)
        lines += [f"    {obstacle}: {' '.join(names)}" for obstacle, names in obstacles.items()]
    return lines


def _obstacle(name: str, provider: str) -> str:
    """Return why a test does not run on a provider, "" if it does."""
    test: Any = next(getattr(module, name) for module in MODULES if hasattr(module, name))
    (names,) = [mark.args[1] for mark in test.pytestmark if mark.name == "parametrize" and mark.args[0] == "market"]
    obstacle = CLAIMS[name].obstacle(CONTENDERS[provider].capabilities)
    if provider in ON_TRIAL and (provider in names) is bool(obstacle):
        return f"{obstacle}, and yet it is tried" if obstacle else "for no reason"
    return obstacle


def test_each_claim_is_tried_on_each_provider_unless_a_capability_says_why_not():
    assert matrix() == MATRIX.strip("\n").splitlines(), "\n".join(matrix())


def test_every_test_of_the_contract_is_a_claim_or_about_an_oddity():
    tests = {name for name, _ in inspect.getmembers(test_contract, inspect.isfunction) if name.startswith("test_")}

    assert tests - {*CLAIMS} == {ODD}


def test_every_provider_that_an_operator_can_switch_on_is_tried():
    (names, _) = get_args(Settings.model_fields["payment_providers"].annotation)

    assert {*get_args(names)} == {it.name for it in CONTENDERS.values()}


@pytest.mark.parametrize("capability", Capability)
def test_every_capability_is_what_some_claim_is_about(capability: Capability):
    assert [name for name, about in CLAIMS.items() if capability in {*about.needs, *about.one_of, *about.lacks}]


def test_every_oddity_is_tried_on_every_provider_or_cannot_be_there():
    assert {*ODDITIES} == {*CONTENDERS}
    assert all({*cells} == {*get_args(Oddity)} for cells in ODDITIES.values())
    reasons = {cell for cells in ODDITIES.values() for cell in cells.values() if isinstance(cell, str)}
    assert all(len(reason.split()) > 3 for reason in reasons)
    trials = [mark.args[1] for mark in getattr(test_contract, ODD).pytestmark if mark.name == "parametrize"]
    assert trials == [[(name, oddity) for name, oddity, _ in possible()]]
