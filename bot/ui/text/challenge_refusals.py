"""Refusals about challenges, in the reader's words."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.domain import challenge_errors as challenges
from bot.domain.errors import Refusal
from bot.ui.text.reader import Reader


def _unready(e: challenges.ChallengeUnready, r: Reader) -> str:
    match e.why:
        case "points":
            return r._("Nothing brings points yet. Choose at least one thing that does.")
        case "double":
            return r._("The time of double points isn't within the challenge. Change it, or leave it empty.")
        case _:
            return r._("One of the prizes has nothing in it. Add something to it, or remove it.")


CHALLENGING: Mapping[type[Refusal], Callable[[Any, Reader], str]] = {
    challenges.ChallengeUnready: _unready,
    challenges.PrizeForNobody: lambda e, r: r._(
        "Say who gets this prize: the first places, everyone with enough points, or both."
    ),
    challenges.ChallengePosted: lambda e, r: r._(
        "This challenge is posted, so it stays as it is. You can end it early with `/challenge end`."
    ),
    challenges.ChallengeOver: lambda e, r: r._("This challenge is already over. `/challenges` shows what's on."),
    challenges.TooManyChallenges: lambda e, r: r._(
        "You have {highest} drafts and running challenges, and that's the limit. Delete a draft with "
        "`/challenge list`, or wait until a challenge is over.",
        highest=r.number(e.highest),
    ),
    challenges.CostlyPrizes: lambda e, r: r._(
        "One manager can grant {highest} a day here, and these prizes can come to more. Give coins to fewer places, or "
        "a badge instead.",
        highest=r.coins(e.highest),
    ),
}
"""Why a challenge is not changed, posted or ended."""
