"""A refusal tells each kind of person what they can do: members nothing that only staff can, staff not to ask staff."""

from bot.domain.errors import NotAllowed, Refusal
from bot.domain.policy import Actor, Staff
from bot.ui.text.personal_refusals import PERSONAL
from bot.ui.text.reader import reader_for
from bot.ui.text.refusal_texts import words
from tests.ui.facts import ID, Facts
from tests.ui.refusal_samples import refusals

READERS = {
    "member": Actor(7, frozenset(), manages_guild=False, is_creator=False),
    "creator": Actor(ID, frozenset(), manages_guild=False, is_creator=True),
    "moderator": Actor(8, frozenset({Staff.MANAGER}), manages_guild=True, is_creator=False),
}
STAFF_COMMANDS = ("`/packages", "`/catalogue", "`/creators", "`/coins", "`/settings")
FOR_STAFF = ("AlreadyACreator", "BotAsCreator", "CoinsToBot", "NoCreatorToRemove")
"""Refusals that only staff commands raise."""


def sentences(refusal: Refusal, locale: str = "en-US") -> dict[str, str]:
    """Return what each kind of person reads of `refusal`."""
    reader = reader_for(locale)
    return {person: words(refusal, reader, actor) for person, actor in READERS.items()}


def table() -> list[tuple[str, str, str]]:
    """Return each sentence with its situation and those who read it."""
    rows: dict[tuple[str, str], list[str]] = {}
    for refusal in refusals(Facts(name="Petal")):
        for person, sentence in sentences(refusal).items():
            rows.setdefault((repr(refusal), sentence), []).append(person)
    return [
        (situation, ", ".join(people) if len(people) < len(READERS) else "all", sentence)
        for (situation, sentence), people in rows.items()
    ]


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


def test_the_table_has_a_sentence_for_every_situation_and_person() -> None:
    situations = {situation for situation, _, _ in table()}

    assert len(situations) == len({repr(refusal) for refusal in refusals(Facts(name="Petal"))})
    assert all(sentence.endswith((".", "?", "!")) for _, _, sentence in table())


if __name__ == "__main__":
    for situation, people, sentence in table():
        print(f"| {situation} | {people} | {sentence} |")  # noqa: T201 - the table is what it is called for
