"""Every kind of act and every field that staff can change has words of its own."""

import csv
import io
from dataclasses import fields

import pytest

from bot.domain.announcement_settings import AnnouncementSettings
from bot.domain.buying_limits import BuyingLimits
from bot.domain.catalogue import GiftItem
from bot.domain.grant_limits import GrantLimits
from bot.domain.guild_providers import ProviderChoice
from bot.domain.guilds import GuildRules
from bot.domain.packages import Package
from bot.domain.payment_cases import Outcome
from bot.domain.receipts import Receipt
from bot.domain.staff_acts import ActKind
from bot.domain.staff_log import Digest
from bot.ui.looks.staff_act_values import FIELDS
from bot.ui.looks.staff_acts import KINDS, OUTCOMES, act_card
from bot.ui.looks.staff_digest import digest_csv
from bot.ui.text.reader import reader_for
from tests.ui.facts import ID, Facts
from tests.ui.staff_samples import acts

READER = reader_for("en-US")
NEVER_CHANGED = {"guild_id", "provider", "package_id", "item_id", "money_since_ms", "frozen_since_ms", "rates"}


@pytest.mark.parametrize(
    "thing",
    [GuildRules, AnnouncementSettings, BuyingLimits, ProviderChoice, Package, GiftItem],
    ids=lambda t: t.__name__,
)
def test_every_field_has_a_name(thing):
    assert {field.name for field in fields(thing)} - NEVER_CHANGED <= FIELDS.keys()


def test_every_kind_and_outcome_has_a_name_and_a_sample():
    assert {*GrantLimits._fields} <= FIELDS.keys()
    assert KINDS.keys() == {*ActKind}
    assert OUTCOMES.keys() == {*Outcome}
    assert {logged.recorded.act.kind for logged in acts(Facts())} == {*ActKind}


WITHOUT_FIELDS = {ActKind.HOLDS, ActKind.LEVEL_ROLES, ActKind.RATES}
"""Acts whose values are named by what they are about: a provider, a level, a currency."""


def test_no_act_says_the_stored_name_of_a_value():
    for logged in acts(Facts()):
        act, (part,) = logged.recorded.act, act_card(logged, READER).parts
        for name in {*act.before, *act.after}:
            is_said = any(line.startswith(f"{name}:") for line in part.text.splitlines())
            assert not is_said or act.kind in WITHOUT_FIELDS, part.text


def test_an_offer_says_its_code_and_a_refused_transfer_that_nothing_was_sent():
    texts = [act_card(logged, READER).parts[0].text for logged in acts(Facts())]
    (revocation,) = (text for text in texts if "Revoked" in text)
    (refusal,) = (text for text in texts if "doesn't have enough money" in text)
    (back,) = (text for text in texts if "went back at Stripe" in text)

    assert f"`{ID}`" in revocation
    assert "Revoked: no → **yes**" in revocation
    assert "Stripe didn't send" in refusal
    assert "approved" not in refusal + back


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@x", "\tx", "＝1+1", "Petal = 1"])
def test_no_name_becomes_a_formula(name):
    receipt = Receipt(1, 7, "gift", 1_000, 5, 6, {"name": name, "coins": 9})

    text = digest_csv(Digest(1, 1, (receipt,), {"gift": 1}, {"gift": 9}))

    row = list(csv.reader(io.StringIO(text)))[1]
    assert row[-1] == (name if name.startswith("Petal") else f"'{name}")
    assert row[3:6] == ["5", "6", "9"]
    assert text.startswith("\ufeff")
