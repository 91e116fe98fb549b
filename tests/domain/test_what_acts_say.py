"""What an act of staff says: only what differs, as plain values."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.announcement_settings import AnnouncementSettings
from bot.domain.catalogue import Tier
from bot.domain.guilds import GuildRules
from bot.domain.staff_acts import ActKind, StaffAct, change

RULES = GuildRules(1, share_percent=50)
VALUES = st.dictionaries(st.sampled_from("abcd"), st.integers() | st.text() | st.none())


def act(before: object, after: object) -> StaffAct:
    return change(ActKind.SETTINGS, before, after, by=7, at_ms=5)


def test_only_what_differs_is_kept():
    result = act(RULES, replace(RULES, share_percent=60, language="de"))

    assert result.before == {"share_percent": 50, "language": None}
    assert result.after == {"share_percent": 60, "language": "de"}


def test_choices_are_kept_as_they_are_stored():
    before = AnnouncementSettings(1)
    result = act(before, replace(before, lowest_tier=Tier.GRAND))

    assert result.after == {"lowest_tier": Tier.GRAND.value}


def test_a_new_thing_has_no_values_before_and_leaves_out_its_guild():
    result = act(None, RULES)

    assert result.before == {}
    assert result.after["share_percent"] == 50
    assert "guild_id" not in result.after


@given(VALUES, VALUES)
def test_the_values_before_and_what_changed_give_the_values_after(before, after):
    result = act(before, after)

    assert {name: value for name, value in {**before, **result.after}.items() if name in after} == after
    assert all(before[name] == value for name, value in result.before.items())
    assert result.changes_something == (before != after)


def test_an_act_about_money_names_its_row_and_needs_no_values():
    assert StaffAct(7, ActKind.GRANT, 5, seq=3).changes_something
    assert not StaffAct(7, ActKind.SETTINGS, 5).changes_something
