"""Who may call what, written out: a changed row in the policy has to be changed here as well."""

from dataclasses import replace

import pytest

from bot.domain.errors import NotAllowed
from bot.domain.policy import POLICY, Actor, Staff, check

NOBODY = Actor(1, frozenset(), manages_guild=False, is_creator=False)
ACTORS = {
    "member": NOBODY,
    "creator": replace(NOBODY, is_creator=True),
    "host": replace(NOBODY, staff=frozenset({Staff.HOST})),
    "treasurer": replace(NOBODY, staff=frozenset({Staff.TREASURER})),
    "auditor": replace(NOBODY, staff=frozenset({Staff.AUDITOR})),
    "manager": replace(NOBODY, staff=frozenset({Staff.MANAGER})),
    "admin": replace(NOBODY, manages_guild=True),
    "creator who audits": Actor(1, frozenset({Staff.AUDITOR}), manages_guild=False, is_creator=True),
    "all of staff": Actor(1, frozenset(Staff), manages_guild=False, is_creator=False),
    "owner": replace(NOBODY, manages_guild=True, owns_guild=True),
    "everything": Actor(1, frozenset(Staff), manages_guild=True, is_creator=True),
}

#                       member  host    auditor admin        all of staff   everything
#                           creator treasurer manager  creator+auditor  owner
TABLE = {
    "buy":                 "x   x   x   x   x   x   x   x   x   x   x",
    "gift":                "x   x   x   x   x   x   x   x   x   x   x",
    "chip-in":             "x   x   x   x   x   x   x   x   x   x   x",
    "gift-team":           "x   x   x   x   x   x   x   x   x   x   x",
    "gifts":               "x   x   x   x   x   x   x   x   x   x   x",
    "Gift this message":               "x   x   x   x   x   x   x   x   x   x   x",
    "Send a gift":               "x   x   x   x   x   x   x   x   x   x   x",
    "balance":             "x   x   x   x   x   x   x   x   x   x   x",
    "history":             "x   x   x   x   x   x   x   x   x   x   x",
    "budget show":         "x   x   x   x   x   x   x   x   x   x   x",
    "budget set":          "x   x   x   x   x   x   x   x   x   x   x",
    "budget pause":        "x   x   x   x   x   x   x   x   x   x   x",
    "budget clear":        "x   x   x   x   x   x   x   x   x   x   x",
    "perks":               "x   x   x   x   x   x   x   x   x   x   x",
    "perk list":           "-   -   -   -   x   x   x   x   x   x   x",
    "perk add":            "-   -   -   -   -   x   x   -   x   x   x",
    "perk edit":           "-   -   -   -   -   x   x   -   x   x   x",
    "perk return":         "-   -   -   -   -   x   x   -   x   x   x",
    "perk panel":          "-   -   -   -   -   x   x   -   x   x   x",
    "perk archive":        "-   -   -   -   -   x   x   -   x   x   x",
    "leaderboard":         "x   x   x   x   x   x   x   x   x   x   x",
    "profile":             "x   x   x   x   x   x   x   x   x   x   x",
    "challenges":          "x   x   x   x   x   x   x   x   x   x   x",
    "verify":              "x   x   x   x   x   x   x   x   x   x   x",
    "help":                "x   x   x   x   x   x   x   x   x   x   x",
    "privacy settings":                "x   x   x   x   x   x   x   x   x   x   x",
    "privacy export":                  "x   x   x   x   x   x   x   x   x   x   x",
    "privacy delete":                  "x   x   x   x   x   x   x   x   x   x   x",
    "live start":          "-   x   x   -   -   -   x   x   x   x   x",
    "live status":         "x   x   x   x   x   x   x   x   x   x   x",
    "live goal":           "-   x   x   -   -   -   x   x   x   x   x",
    "live match":          "-   x   x   -   -   -   x   x   x   x   x",
    "live end":            "-   x   x   -   -   -   x   x   x   x   x",
    "overlay":             "-   x   x   -   -   -   x   x   x   x   x",
    "overlay link":        "-   x   -   -   -   -   -   x   -   -   x",
    "overlay of others":   "-   -   x   -   -   -   x   -   x   x   x",
    "creator apply":       "x   x   x   x   x   x   x   x   x   x   x",
    "creator pause":       "-   x   -   -   -   -   -   x   -   -   x",
    "creator block":       "-   x   -   -   -   -   -   x   -   -   x",
    "creator gifts":       "-   x   -   -   -   -   -   x   -   -   x",
    "creator thanks":      "-   x   -   -   -   -   -   x   -   -   x",
    "creator earnings":    "x   x   x   x   x   x   x   x   x   x   x",
    "creator earnings of others": "-   -   -   x   x   -   x   x   x   x   x",
    "creator stats":       "x   x   x   x   x   x   x   x   x   x   x",
    "creator payout":      "x   x   x   x   x   x   x   x   x   x   x",
    "packages list":       "-   -   -   -   x   x   x   x   x   x   x",
    "packages add":        "-   -   -   -   -   x   x   -   x   x   x",
    "packages edit":       "-   -   -   -   -   x   x   -   x   x   x",
    "packages archive":    "-   -   -   -   -   x   x   -   x   x   x",
    "catalogue list":      "-   -   -   -   x   x   x   x   x   x   x",
    "catalogue add":       "-   -   -   -   -   x   x   -   x   x   x",
    "catalogue edit":      "-   -   -   -   -   x   x   -   x   x   x",
    "catalogue archive":   "-   -   -   -   -   x   x   -   x   x   x",
    "creators list":       "-   -   -   -   x   x   x   x   x   x   x",
    "creators approve":    "-   -   -   -   -   x   x   -   x   x   x",
    "creators remove":     "-   -   -   -   -   x   x   -   x   x   x",
    "coins grant":         "-   -   -   -   -   x   x   -   x   x   x",
    "coins grant-many":    "-   -   -   -   -   x   x   -   x   x   x",
    "coins undo":          "-   -   -   -   -   x   x   -   x   x   x",
    "coins codes make":    "-   -   -   -   -   x   x   -   x   x   x",
    "coins codes list":    "-   -   -   -   -   x   x   -   x   x   x",
    "coins codes revoke":  "-   -   -   -   -   x   x   -   x   x   x",
    "coins claim":         "-   -   -   -   -   x   x   -   x   x   x",
    "redeem":              "x   x   x   x   x   x   x   x   x   x   x",
    "chest":               "x   x   x   x   x   x   x   x   x   x   x",
    "Grant coins":         "-   -   -   -   -   x   x   -   x   x   x",
    "coins reverse":       "-   -   -   -   -   x   x   -   x   x   x",
    "challenge add":       "-   -   -   -   -   x   x   -   x   x   x",
    "challenge list":      "-   -   -   -   x   x   x   x   x   x   x",
    "challenge end":       "-   -   -   -   -   x   x   -   x   x   x",
    "coins lookup":        "-   -   -   -   x   x   x   x   x   x   x",
    "cases":               "-   -   -   x   x   -   x   x   x   x   x",
    "cases decide":        "-   -   -   x   -   -   x   -   x   x   x",
    "payouts list":        "-   -   -   x   x   -   x   x   x   x   x",
    "payouts approve":     "-   -   -   x   -   -   x   -   x   x   x",
    "payouts paid":        "-   -   -   x   -   -   x   -   x   x   x",
    "payouts reject":      "-   -   -   x   -   -   x   -   x   x   x",
    "settings":            "-   -   -   -   -   x   x   -   x   x   x",
    "settings log":        "-   -   -   -   x   x   x   x   x   x   x",
    "settings export":     "-   -   -   -   -   -   -   -   -   x   -",
    "settings grants":     "-   -   -   -   -   -   -   -   -   x   -",
    "settings payments":   "-   -   -   -   -   -   x   -   -   x   x",
    "settings staff":      "-   -   -   -   -   -   x   -   -   x   x",
    "settings staff creators": "-   -   -   -   -   -   -   -   -   x   -",
}  # fmt: skip
CELLS = [
    pytest.param(command, actor, cell == "x", id=f"{command}, {name}")
    for command, row in TABLE.items()
    for (name, actor), cell in zip(ACTORS.items(), row.split(), strict=True)
]


def allows(command: str, actor: Actor) -> bool:
    try:
        check(command, actor)
    except NotAllowed:
        return False
    return True


def test_the_table_names_every_command():
    assert TABLE.keys() == POLICY.keys()


@pytest.mark.parametrize(("command", "actor", "allowed"), CELLS)
def test_a_command_is_for_whom_the_table_says(command, actor, allowed):
    assert allows(command, actor) is allowed


@pytest.mark.parametrize("actor", ACTORS.values(), ids=ACTORS.keys())
@pytest.mark.parametrize("command", ["", "coins", "coins mint", "Settings", "settings ", "/settings"])
def test_a_command_that_the_policy_does_not_know_is_for_nobody(command, actor):
    with pytest.raises(NotAllowed) as refusal:
        check(command, actor)

    # No role would have been enough.
    assert refusal.value.needs == ()


def test_a_refusal_names_what_would_have_been_enough():
    with pytest.raises(NotAllowed) as refusal:
        check("live start", NOBODY)

    assert refusal.value.needs == ("creator", "host")
