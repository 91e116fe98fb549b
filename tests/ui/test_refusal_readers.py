"""A refusal tells each kind of person what they can do: members nothing that only staff can, staff not to ask staff."""

from bot.domain.errors import NotAllowed
from bot.ui.text.personal_refusals import PERSONAL
from tests.ui.facts import Facts
from tests.ui.refusal_samples import refusals
from tests.ui.refusal_table import READERS, sentences

STAFF_COMMANDS = ("`/packages", "`/catalogue", "`/creators", "`/coins", "`/settings")
FOR_STAFF = (
    *("AlreadyACreator", "BotAsCreator", "CoinsToBot", "NoCreatorToRemove"),
    *("BatchOver", "GrantTooLarge", "NotReversible", "RequestOver", "StaffAsCreator"),
)
"""Refusals that only staff commands raise."""


def test_members_are_told_of_no_command_that_only_staff_have() -> None:
    for refusal in refusals(Facts()):
        if type(refusal).__name__ not in FOR_STAFF:
            for person in ("member", "creator"):
                assert not any(command in sentences(refusal)[person] for command in STAFF_COMMANDS), refusal


def test_moderators_are_not_told_to_ask_a_moderator() -> None:
    moderator = READERS["moderator"]
    for refusal in refusals(Facts()):
        if not (isinstance(refusal, NotAllowed) and moderator.may(frozenset(refusal.needs))):
            assert "ask " not in sentences(refusal)["moderator"].lower().replace("ask whoever runs this bot", "")
            assert "moderator" not in sentences(refusal)["moderator"].lower()


def test_a_refusal_that_depends_on_its_reader_differs_between_two_of_them() -> None:
    for locale in ("en-US", "de"):
        personal = {
            kind: [sentences(refusal, locale) for refusal in refusals(Facts()) if type(refusal) is kind]
            for kind in PERSONAL
        }
        for kind, versions in personal.items():
            assert any(len(set(by_person.values())) > 1 for by_person in versions), kind
