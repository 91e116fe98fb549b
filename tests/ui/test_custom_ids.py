"""custom_ids: short enough with the largest ids, read back exactly, and nothing else is read."""

import re
from typing import Any, cast

import pytest
from discord import ui
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.catalogue import MOST_ITEMS
from bot.domain.money import MAX_AMOUNT, MAX_COUNT
from bot.ui.kit import custom_id
from bot.ui.kit.controls import Control
from cogs.settings.limits import AllowWithdrawals, SellToAdults
from tests.controls import CONTROLS

LARGEST = (1 << 64) - 1
MOST = {"quantity": MAX_COUNT, "anonymous": 1, "ceiling": MAX_COUNT * MAX_AMOUNT, "page": MOST_ITEMS}
numbers = st.integers(0, LARGEST)


@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: control.action)
def test_a_custom_id_fits_with_the_largest_ids(control: type[Control[Any]]) -> None:
    largest = control.ids_type(*(MOST.get(field, LARGEST) for field in control.ids_type._fields))

    longest = control.id_for(largest)

    assert len(longest) <= custom_id.LONGEST


def test_no_custom_id_is_taken_by_two_controls() -> None:
    ids = [control.id_for(control.ids_type(*[7] * len(control.ids_type._fields))) for control in CONTROLS]

    for custom in ids:
        takers = [control for control in CONTROLS if control.__discord_ui_compiled_template__.fullmatch(custom)]
        assert len(takers) == 1, custom


@given(st.lists(numbers, max_size=6))
def test_ids_are_read_back_as_they_were_written(ids: list[int]) -> None:
    match = custom_id.template("some-action", len(ids)).fullmatch(custom_id.build("some-action", ids))

    assert match is not None
    assert custom_id.numbers_of(match) == tuple(ids)


@pytest.mark.parametrize(
    "forged",
    ["act:-1:2", "act:1", "act:1:2:3", "act:01:2", "act:1:", "act:1:2\n", "act: 1:2", "act:A:2", "act:1:٢", "Act:1:2"],
)
def test_anything_else_is_not_read(forged: str) -> None:
    assert custom_id.template("act", 2).fullmatch(forged) is None


def test_a_custom_id_of_an_earlier_version_lacks_what_came_later() -> None:
    template = custom_id.template("act", 3, later=1)

    assert [custom_id.numbers_of(match) for match in map(template.fullmatch, ("act:1:2", "act:1:2:3")) if match] == [
        (1, 2),
        (1, 2, 3),
    ]
    assert not any(map(template.fullmatch, ("act:1", "act:1:2:", "act:1:2:3:4")))


@pytest.mark.parametrize(
    ("control", "meanings"),
    [
        (SellToAdults, {"settings-adults": 1, "settings-anywhere": 0, "settings-adults:0": 0, "settings-adults:1": 1}),
        (AllowWithdrawals, {"settings-withdraw": 1, "settings-no-withdraw": 0, "settings-withdraw:0": 0}),
    ],
)
async def test_a_switch_is_read_as_it_was_written_when_it_was_two_buttons(
    control: type[Control[Any]], meanings: dict[str, int]
) -> None:
    template, press = control.__discord_ui_compiled_template__, cast("Any", None)
    matches = {custom: template.fullmatch(custom) for custom in meanings}

    switches = {
        custom: (await control.from_custom_id(press, ui.Button(custom_id=custom), match)).ids.on
        for custom, match in matches.items()
        if match
    }

    assert switches == meanings
    assert template.fullmatch("settings-anywhere:1") is None


@pytest.mark.parametrize("number", [-1, LARGEST + 1])
def test_what_is_no_id_is_not_written(number: int) -> None:
    with pytest.raises(AssertionError):
        custom_id.build("act", [number])


STAFF_CONTROLS = {
    "application-no": "creators approve",
    "application-yes": "creators approve",
    "applications": "creators list",
    "applications-page": "creators list",
    "apply-withdraw": "creator apply",
    "block-anonymous": "creator block",
    "block-lift": "creator block",
    "block-list": "creator block",
    "block-member": "creator block",
    "block-sender": "creator block",
    "block-words": "creator block",
    "case": "cases",
    "case-assign": "cases decide",
    "case-close": "cases decide",
    "case-confirm": "cases decide",
    "case-confirm-too": "cases decide",
    "case-credit": "cases decide",
    "case-deny": "cases decide",
    "case-evidence": "cases",
    "case-find": "cases",
    "case-member": "cases decide",
    "case-package": "cases decide",
    "case-return": "cases decide",
    "case-sent-back": "cases decide",
    "cases-page": "cases",
    "catalogue-page": "catalogue list",
    "perk-list-page": "perk list",
    "perk-return": "perk return",
    "challenge-discard": "challenge add",
    "challenge-draft": "challenge add",
    "challenge-end": "challenge end",
    "challenge-form": "challenge add",
    "challenge-leagues": "challenge add",
    "challenge-list": "challenge list",
    "challenge-post": "challenge add",
    "challenge-prize": "challenge add",
    "challenge-prize-off": "challenge add",
    "challenge-prize-role": "challenge add",
    "challenge-prizes": "challenge add",
    "coins-grant": "coins grant",
    "coins-grant-many": "coins grant-many",
    "coins-reverse": "coins reverse",
    "coins-undo": "coins undo",
    "coins-undo-ask": "coins undo",
    "creator-week": "creator stats",
    "creators-page": "creators list",
    "flag": "cases",
    "flag-ask": "cases decide",
    "flag-clear": "cases decide",
    "flag-reverse": "cases decide",
    "flag-uphold": "cases decide",
    "flags-page": "cases",
    "freeze": "cases decide",
    "freeze-pick": "cases decide",
    "grant-confirm": "coins grant",
    "grant-decline": "coins grant",
    "live-again": "live start",
    "live-creators": "live start",
    "live-end": "live end",
    "overlay": "overlay",
    "overlay-back": "overlay",
    "overlay-link": "overlay link",
    "overlay-off": "overlay",
    "overlay-pick": "overlay",
    "overlay-steer": "overlay",
    "decline": "creator gifts",
    "decline-ask": "creator gifts",
    "lookup": "coins lookup",
    "lookup-decline": "coins reverse",
    "lookup-decline-ask": "coins reverse",
    "lookup-flag": "coins lookup",
    "lookup-kind": "coins lookup",
    "lookup-reverse": "coins reverse",
    "packages-page": "packages list",
    "payout": "payouts list",
    "payout-amount": "creator payout",
    "payout-approve": "payouts approve",
    "payout-ask": "creator payout",
    "payout-account": "creator payout",
    "payout-ask-transfer": "payouts paid",
    "payout-send-transfer": "payouts paid",
    "settings-transfers": "settings payments",
    "payout-paid": "payouts paid",
    "payout-reject": "payouts reject",
    "payout-request": "creator payout",
    "payout-take-back": "creator payout",
    "payouts-page": "payouts list",
    "resume-gifts": "creator pause",
    "sender-block": "creator gifts",
    "sender-unblock": "creator gifts",
    "settings-adults": "settings",
    "settings-announcing": "settings",
    "settings-apply": "settings",
    "settings-channel": "settings",
    "settings-creators": "settings",
    "settings-form": "settings",
    "settings-grants": "settings",
    "settings-grants-edit": "settings grants",
    "settings-guide": "packages list",
    "settings-holds": "settings payments",
    "settings-kofi": "settings payments",
    "settings-language": "settings",
    "settings-club": "settings",
    "settings-club-role": "settings",
    "settings-clubs": "settings",
    "settings-level": "settings",
    "settings-level-role": "settings",
    "settings-levels": "settings",
    "settings-limits": "settings",
    "settings-limits-edit": "settings",
    "settings-log": "settings log",
    "settings-log-channel": "settings staff",
    "settings-proof": "settings",
    "settings-overlays": "settings",
    "settings-overlay-tier": "settings",
    "settings-overlay-hold": "settings",
    "settings-results": "settings",
    "settings-results-switch": "settings",
    "settings-export": "settings export",
    "settings-proof-channel": "settings",
    "settings-manual": "settings payments",
    "settings-methods": "settings payments",
    "settings-page": "settings",
    "settings-payments": "settings",
    "settings-payouts": "settings payments",
    "settings-questions": "settings",
    "settings-quiet": "settings",
    "settings-rates-edit": "settings",
    "settings-young": "settings",
    "settings-role": "settings staff",
    "settings-stripe": "settings payments",
    "settings-tier": "settings",
    "settings-withdraw": "settings",
    "settings-staff-creators": "settings staff creators",
    "settings-matches": "settings",
    "settings-chest-close": "settings",
    "settings-chests": "settings",
    "settings-chests-edit": "settings",
    "settings-sponsors": "settings",
    "settings-words": "settings",
    "stage-live": "live start",
    "thank": "creator thanks",
    "thank-all": "creator thanks",
    "thank-event": "creator thanks",
    "thanks-page": "creator thanks",
    "thanks-react": "creator thanks",
    "unfreeze": "cases decide",
}
"""The row of the policy table that each control of staff needs, by its action."""


def test_staff_controls_name_a_row_of_the_policy_table() -> None:
    staff = {control.action: control.command for control in CONTROLS if control.command}

    assert staff == STAFF_CONTROLS


def test_controls_about_a_members_money_carry_their_owner() -> None:
    owned = {control.action for control in CONTROLS if "owner" in control.ids_type._fields}

    assert {action for action in owned if re.match(r"buy-|gift-|pick-", action)} == {
        "buy-back", "buy-cancel", "buy-page", "buy-pick", "buy-sent", "gift-again", "gift-cancel", "gift-close",
        "pick-anonymous", "pick-count", "pick-creator", "pick-item", "pick-note", "pick-page", "pick-send",
    }  # fmt: skip
