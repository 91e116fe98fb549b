"""What members pressed, chose and sent in a test, and how the bot answered: read from what crossed the wire."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from babel.messages.extract import extract_from_file

from bot.ui import theme
from bot.ui.kit import errors, expired
from bot.ui.text.personal_refusals import PERSONAL
from bot.ui.text.reader import LOCALES, languages
from bot.ui.text.refusal_texts import SENTENCES
from sandbox.discord.model import Interaction, InteractionType, Reply
from sandbox.discord.model.message import walk
from sandbox.discord.state.core import RequestRecord
from sandbox.discord.world import World
from tests.ui.facts import Facts
from tests.ui.refusal_samples import refusals
from tests.ui.refusal_table import sentences
from tests.ui.test_texts import KEYWORDS, catalogue, strings_of

PRESSES: Final = (InteractionType.COMPONENT, InteractionType.MODAL_SUBMIT)
_DEFERRED: Final = (Reply.DEFERRED_MESSAGE, Reply.DEFERRED_UPDATE)
_TEXT: Final = 10
FAILURE: Final = "failure"
"""Titles that are not refusals: an error of ours, or a control or command of an earlier version."""
_PLACEHOLDER: Final = re.compile(r"\{\w+\}")
_MENTION: Final = re.compile(r"<(/[^:>]+):\d+>")
"""A command that can be pressed; in the catalogue it is in backticks."""
_FEWEST_LETTERS: Final = 8
"""The fewest characters of its own that a sentence needs: "{names} and {n} more" would be found everywhere."""


class Press(NamedTuple):
    """One press of a button, choice in a menu or form that was sent. `action` is how its custom_id begins.

    `refusal` is the name of the refusal that its member read, FAILURE if something failed, and "" if neither did.
    """

    action: str
    refusal: str


def presses(world: World, records: Iterable[RequestRecord]) -> Iterator[Press]:
    """Yield every press of the `records` with its answer as first shown."""
    waiting: dict[str, Interaction] = {}
    for record in records:
        if record.status >= 400:
            continue
        answer: Mapping[str, Any] = record.body or {}
        parts = record.path.strip("/").split("/")
        if parts[-1] == "callback":
            interaction = world.interaction(int(parts[-3]))
            if interaction is None or interaction.type not in PRESSES:
                continue
            if answer["type"] in _DEFERRED:
                waiting[interaction.token] = interaction
            else:
                yield _press(interaction, answer.get("data", {}))
        elif "webhooks" in parts and record.method in {"POST", "PATCH"}:
            put_off = waiting.pop(parts[parts.index("webhooks") + 2], None)
            if put_off is not None:
                yield _press(put_off, answer)


def _press(interaction: Interaction, answer: Mapping[str, Any]) -> Press:
    custom_id: str = interaction.data["custom_id"]
    return Press(custom_id.partition(":")[0], refusal_in(answer))


def refusal_in(answer: Mapping[str, Any]) -> str:
    """Return the name of the refusal in a message, "" if it is not a refusal."""
    for colour, text in _cards(answer):
        if colour in {theme.AMBER, theme.RED}:
            return next((name for pattern, name in _sentences() if pattern.match(text)), "")
    return ""


def _cards(answer: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    """Yield the colour and the first text of each card of a message."""
    for embed in answer.get("embeds") or ():
        yield embed.get("color", 0), embed.get("title") or embed.get("description") or ""
    for part in answer.get("components") or ():
        if "accent_color" in part:
            texts = [each["content"] for each in walk([part]) if each["type"] == _TEXT]
            yield part["accent_color"], _MENTION.sub(r"`\1`", texts[0].lstrip("#* ")) if texts else ""


@cache
def _sentences() -> Sequence[tuple[re.Pattern[str], str]]:
    """Return the beginning of each refusal's sentence in each language, with the name of the refusal."""
    modules = {function.__module__ for function in (*SENTENCES.values(), *PERSONAL.values())}
    modules |= {"bot.ui.text.freezes", errors.__name__, expired.__name__}
    root = LOCALES.parents[1]
    texts = {text for module in modules for text in _texts(root / f"{module.replace('.', '/')}.py")}
    samples = [
        (sentence, type(refusal).__name__)
        for refusal in refusals(Facts())
        for sentence in set(sentences(refusal).values())
    ]
    catalogues = [catalogue(language) for language in languages()]
    patterns: list[tuple[re.Pattern[str], str]] = []
    for forms in texts:
        english = [
            _pattern(form) for form in forms if len(re.findall(r"\w", _PLACEHOLDER.sub("", form))) >= _FEWEST_LETTERS
        ]
        names = (name for sentence, name in samples for pattern in english if pattern.match(sentence))
        name = next(names, FAILURE)
        translations = filter(None, (each.get(forms[0]) for each in catalogues if english))
        foreign = [_pattern(string) for message in translations for string in strings_of(message)]
        patterns += [(pattern, name) for pattern in (*english, *foreign)]
    return patterns


def _texts(path: Path) -> Iterator[tuple[str, ...]]:
    """Yield the texts of a module, each with its plural if it has one."""
    for _line, text, _comments, _context in extract_from_file("python", path, keywords=KEYWORDS):
        yield (text,) if isinstance(text, str) else tuple(text)


def _pattern(sentence: str) -> re.Pattern[str]:
    return re.compile(".+?".join(map(re.escape, _PLACEHOLDER.split(sentence))), re.DOTALL)
