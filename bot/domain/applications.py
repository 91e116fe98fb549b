"""Applications: members ask to become creators, and answer the questions that a guild's staff have chosen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from bot.domain.errors import Refusal
from bot.domain.text import clean

MOST_QUESTIONS: Final = 5
"""How many questions one of Discord's forms has room for."""
QUESTION_LENGTH: Final = 45
"""The most graphemes of a question, which is the label of an input."""
ANSWER_LENGTH: Final = 300
"""The most graphemes of an answer."""
REASON_LENGTH: Final = 200
"""The most graphemes of the reason why an application was declined."""

_DAY_MS = 24 * 3600 * 1000

AGAIN_MS: Final = 7 * _DAY_MS
"""How long a member whose application was declined waits before the next one."""
KEPT_MS: Final = 30 * _DAY_MS
"""How long the books keep that an application was declined, and why. The answers are erased at once."""


@dataclass(unsafe_hash=True)
class CreatorAlready(Refusal):
    """A creator applies to become one."""


@dataclass(unsafe_hash=True)
class ApplicationsClosed(Refusal):
    """The staff accept no applications."""


@dataclass(unsafe_hash=True)
class ApplicationOpen(Refusal):
    """The member's application of `applied_ms` is still open."""

    applied_ms: int


@dataclass(unsafe_hash=True)
class ApplyLater(Refusal):
    """The last application was declined, and the next one may come from `from_ms` on."""

    from_ms: int


@dataclass(unsafe_hash=True)
class AnswerMissing(Refusal):
    """An answer that is empty after cleaning, to `question`."""

    question: str


@dataclass(unsafe_hash=True)
class ApplicationGone(Refusal):
    """An application that was decided or withdrawn meanwhile."""


class Answer(NamedTuple):
    """A question as it was asked, "" for ours, and what the member wrote."""

    question: str
    text: str


@dataclass(frozen=True, slots=True)
class Application:
    """What one member has asked of a guild's staff, identified by the interaction that brought it.

    It is open until `declined_ms` is set, and deleted when it is approved or withdrawn. A declined one has no answers.
    With `announced`, staff know of it.
    """

    guild_id: int
    member_id: int
    application_id: int
    answers: tuple[Answer, ...]
    applied_ms: int
    announced: bool = False
    declined_ms: int | None = None
    declined_by: int = 0
    reason: str = ""

    @property
    def is_open(self) -> bool:
        """Whether the staff have yet to decide."""
        return self.declined_ms is None

    @property
    def again_ms(self) -> int:
        """From when on the member may apply again, in milliseconds UTC; 0 while it is open."""
        return 0 if self.declined_ms is None else self.declined_ms + AGAIN_MS

    def check_next(self, now_ms: int) -> None:
        """Raise ApplicationOpen or ApplyLater unless the member may apply again."""
        if self.is_open:
            raise ApplicationOpen(self.applied_ms)
        if now_ms < self.again_ms:
            raise ApplyLater(self.again_ms)


@dataclass(frozen=True, slots=True)
class ApplicationSettings:
    """Whether a guild takes applications, and what it asks. Without questions of its own it asks ours."""

    guild_id: int
    is_open: bool = True
    questions: tuple[str, ...] = ()

    @property
    def asked(self) -> tuple[str, ...]:
        """The questions of the form, "" for ours."""
        return self.questions or ("",)


def clean_questions(texts: Iterable[str]) -> tuple[str, ...]:
    """Return those of the first five questions that are not empty, cleaned."""
    cleaned = (clean(text, QUESTION_LENGTH) for text in list(texts)[:MOST_QUESTIONS])
    return tuple(dict.fromkeys(text for text in cleaned if text))


def answers_of(questions: Sequence[str], texts: Sequence[str]) -> tuple[Answer, ...]:
    """Return cleaned answers to `questions`; raise AnswerMissing for an empty one."""
    answers = tuple(
        Answer(question, clean(text, ANSWER_LENGTH)) for question, text in zip(questions, texts, strict=True)
    )
    for answer in answers:
        if not answer.text:
            raise AnswerMissing(answer.question)
    return answers
