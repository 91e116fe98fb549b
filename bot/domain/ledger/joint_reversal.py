"""Taking back a gift that is several rows of the journal: all of them go back together, or none does."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, cast

from bot.domain.ledger.books import Books, Decision, Effect
from bot.domain.ledger.kinds import Kind, check_none, key_of_row
from bot.domain.ledger.reversal import Reverse, SenderTold, decide
from bot.domain.ledger.undoing import ReversalFacts
from bot.domain.staff_acts import MoneyMoved

_SUMS = ("coins", "paid", "promo", "payoff", "earnings", "creator_debt", "house", "debt")


class ReverseJoint(NamedTuple):
    """Take back all rows of a joint gift, each as its reversal says, in order."""

    guild_id: int
    key: str
    actor_id: int
    reversals: tuple[Reverse, ...]

    kind = "joint_reversal"
    holder_ids = ()

    @property
    def other_id(self) -> int:
        """The other member on the receipt."""
        return Reverse._make(self.reversals[0]).member_id

    @property
    def member_ids(self) -> tuple[int, ...]:
        """The members whose accounts it may touch."""
        return (self.actor_id,)


def parts_of(command: ReverseJoint) -> tuple[Reverse, ...]:
    """Return the reversal of each row, under the key of its own row."""
    # They may have come here as plain tuples.
    reversals = (Reverse._make(reversal) for reversal in command.reversals)
    return tuple(reversal._replace(key=key_of_row(command.key, place)) for place, reversal in enumerate(reversals))


def steps(command: ReverseJoint, books: Books, now_ms: int) -> Iterator[Decision]:
    """Yield the reversals of all rows. Raise what a reversal raises.

    A sender hears of it once, and it is one act of staff.
    """
    senders_told: set[int] = set()
    for place, part in enumerate(parts_of(command)):
        decision = decide(part, books, now_ms)
        effects: list[Effect] = []
        for effect in decision.effects:
            if isinstance(effect, SenderTold):
                if effect.holder in senders_told:
                    continue
                senders_told.add(effect.holder)
            if not (place and isinstance(effect, MoneyMoved)):
                effects.append(effect)
        yield decision._replace(effects=tuple(effects))


def added_up(reversals: Sequence[Mapping[str, Any]]) -> ReversalFacts:
    """Return the facts of the first of these reversals, with the coins of all of them."""
    facts = dict(reversals[0])
    for name in _SUMS:
        facts[name] = sum(each[name] for each in reversals)
    return cast("ReversalFacts", facts)


KIND = Kind(
    ReverseJoint.kind,
    ReverseJoint,
    None,
    check_none,
    is_first=True,
    steps=steps,
    parts=parts_of,
    row_kind=Reverse.kind,
)
