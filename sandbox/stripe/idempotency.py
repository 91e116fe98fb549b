"""Idempotency keys: the same request twice is carried out once, and the second answer is the first."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Final

from sandbox.discord.jsontypes import JSON
from sandbox.stripe.errors import StripeError

KEPT_S: Final = 24 * 60 * 60
LONGEST_KEY: Final = 255


@dataclass(frozen=True, slots=True)
class Answer:
    """A finished request. `fingerprint` stands for its parameters; `body` is the response as it was sent."""

    path: str
    fingerprint: str
    at_s: int
    status: int
    body: str
    request_id: str


class Keys:
    """The answers of the last day by account and key. `now_s` is the clock."""

    def __init__(self, now_s: Callable[[], int]) -> None:
        self._now_s = now_s
        self._answers: dict[str, Answer] = {}
        self._running: set[str] = set()

    def begin(self, account_id: str, key: str, path: str, fingerprint: str) -> Answer | None:
        """Return the answer of an earlier request with this key, or None and note that one is under way.

        Raise StripeError if the key was used for something else, or is in use at this moment.
        """
        if len(key) > LONGEST_KEY:
            message = f"Idempotency-Key must be at most {LONGEST_KEY} characters."
            raise StripeError(message, kind="idempotency_error")
        name = f"{account_id} {key}"
        answer = self._answers.get(name)
        if answer is not None and answer.at_s + KEPT_S < self._now_s():
            del self._answers[name]
            answer = None
        if answer is not None:
            self._compare(answer, key, path, fingerprint)
            return answer
        if name in self._running:
            message = "There is currently another in-progress request using this Idempotency-Key."
            raise StripeError(message, status=409, kind="idempotency_error", code="idempotency_key_in_use")
        self._running.add(name)
        return None

    def _compare(self, answer: Answer, key: str, path: str, fingerprint: str) -> None:
        if answer.path != path:
            message = (
                "Keys for idempotent requests can only be used for the same endpoint they were first used for "
                f"('{answer.path}'). Try using a key other than '{key}' if you meant to execute a different request."
            )
            raise StripeError(message, kind="idempotency_error")
        if answer.fingerprint != fingerprint:
            message = (
                "Keys for idempotent requests can only be used with the same parameters they were first used with. "
                f"Try using a key other than '{key}' if you meant to execute a different request."
            )
            raise StripeError(message, kind="idempotency_error")

    def end(self, account_id: str, key: str, answer: Answer | None) -> None:
        """Note that a request is over. Without an answer, its key is free again."""
        name = f"{account_id} {key}"
        self._running.discard(name)
        if answer is not None:
            self._answers[name] = answer

    def to_json(self) -> JSON:
        """Return all answers, for a file."""
        return {name: asdict(answer) for name, answer in self._answers.items()}

    def load(self, answers: JSON) -> None:
        """Take the answers that a file holds."""
        self._answers = {name: Answer(**fields) for name, fields in answers.items()}
