"""The table of refusals, docs/refusals.md: each situation, who reads of it, and the sentence.

python -m tests.ui.refusal_table > docs/refusals.md
"""

from pathlib import Path

from bot.domain.errors import Refusal
from bot.domain.policy import Actor, Staff
from bot.ui.text.reader import reader_for
from bot.ui.text.refusal_texts import words
from tests.ui.facts import ID, Facts
from tests.ui.refusal_samples import refusals

PAGE = Path(__file__).parents[2] / "docs" / "refusals.md"

READERS = {
    "member": Actor(7, frozenset(), manages_guild=False, is_creator=False),
    "creator": Actor(ID, frozenset(), manages_guild=False, is_creator=True),
    "moderator": Actor(8, frozenset({Staff.MANAGER}), manages_guild=True, is_creator=False),
}
_MARKS = str.maketrans("", "", "\u2060\u2068\u2069")
KINDS = ("noun", "field", "why", "by", "needs", "has_provider")
"""Fields of refusals that make two situations of one."""

HEAD = """\
# Refusals

Every sentence with which Rosette says no, by situation and by who reads it: a refusal tells members nothing that only
staff can do, and staff not to ask staff. `docs/voice.md` says what a refusal consists of. The table is made by
`python -m tests.ui.refusal_table > docs/refusals.md`, and a test fails while it is out of date.

"You haven't been charged." stands below where money could have moved and the books say that it did not. "Nothing was
changed." stands below refused changes of what a server has set. Who is short of coins finds *Buy coins* below, and who
picked somebody who is no creator finds the creators there are. Below a form that is refused for what was typed in it,
*Edit and try again* opens it as it was filled in, unless all it asks for is one short line.

| situation | who reads it | sentence |
|---|---|---|
"""


def sentences(refusal: Refusal, locale: str = "en-US") -> dict[str, str]:
    """Return what each kind of person reads of `refusal`."""
    reader = reader_for(locale)
    return {person: words(refusal, reader, actor) for person, actor in READERS.items()}


def table() -> list[tuple[str, str, str]]:
    """Return each sentence with its situation and those who read it."""
    rows: dict[tuple[str, str], list[str]] = {}
    for refusal in refusals(Facts(name="Petal")):
        for person, sentence in sentences(refusal).items():
            people = rows.setdefault((situation(refusal), _plain(sentence)), [])
            if person not in people:
                people.append(person)
    return [
        (about, ", ".join(people) if len(people) < len(READERS) else "everyone", sentence)
        for (about, sentence), people in rows.items()
    ]


def situation(refusal: Refusal) -> str:
    """Return when a refusal is raised, by its own docstring."""
    first = " ".join((refusal.__doc__ or "").split()).partition(". ")[0].rstrip(".")
    kinds = [f"{name.replace('_', ' ')}: {_value(value)}" for name, value in vars(refusal).items() if name in KINDS]
    return f"{first} ({', '.join(kinds)})" if kinds else first


def page() -> str:
    """Return the whole page."""
    return HEAD + "".join(f"| {about} | {people} | {sentence} |\n" for about, people, sentence in table())


def _value(value: bool | str | tuple[str, ...]) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else " or ".join(value) or "nobody"


def _plain(sentence: str) -> str:
    """Return a sentence with short ids, and without the marks that keep names from mixing with it."""
    for number, short in ((ID + 1, "2"), (ID, "1")):
        sentence = sentence.replace(str(number), short)
    return sentence.translate(_MARKS)


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201 - the page is what it is called for
