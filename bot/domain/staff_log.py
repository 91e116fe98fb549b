"""The staff log: a channel that tells a guild's staff each of their acts, and everything else once an hour."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from bot.domain.anonymity import in_public
from bot.domain.ledger.grant import Grant
from bot.domain.ledger.reversal import Reverse
from bot.domain.orders import Cause
from bot.domain.receipts import Receipt
from bot.domain.staff_acts import RecordedAct

HOUR_MS: Final = 3_600_000


@dataclass(frozen=True, slots=True)
class StaffLog:
    """A guild's staff log. A `channel_id` of 0 is none.

    Acts up to `posted_number` are posted, and rows of the journal up to `digest_seq` are summed up. If `until_seq` is
    ahead of that, a summary up to there is on its way, and must be the same after a crash.
    """

    guild_id: int
    channel_id: int = 0
    posted_number: int = 0
    digest_seq: int = 0
    until_seq: int = 0


class LoggedAct(NamedTuple):
    """An act as the log shows it, with the receipts of what it did with money, and of what that took back."""

    number: int
    recorded: RecordedAct
    receipt: Receipt | None = None
    original: Receipt | None = None


@dataclass(frozen=True, slots=True)
class Digest:
    """Rows of the journal between two summaries, without those that are in the log as acts.

    Senders of anonymous gifts are left out: more people read the log than look anybody up. `counts` and `coins` are by
    kind.
    """

    first_seq: int
    last_seq: int
    receipts: tuple[Receipt, ...]
    counts: Mapping[str, int]
    coins: Mapping[str, int]


def is_act(receipt: Receipt) -> bool:
    """Whether a row of the journal is an act of staff, which the log reports anyway."""
    causes = {None, Cause.STAFF_DECLINED.value}
    return receipt.kind == Grant.kind or (receipt.kind == Reverse.kind and receipt.facts.get("cause") in causes)


def digest_of(receipts: Iterable[Receipt], first_seq: int, last_seq: int) -> Digest:
    """Return the summary of rows `first_seq` to `last_seq`. Test coins are counted with their own kind only."""
    rest = tuple(in_public(receipt) for receipt in receipts if not is_act(receipt))
    counts, coins = Counter[str](), Counter[str]()
    for receipt in rest:
        counts[receipt.kind] += 1
        if not receipt.is_test:
            coins[receipt.kind] += receipt.facts.get("coins", 0)
    return Digest(first_seq, last_seq, rest, counts, coins)


def next_hour(now_ms: int) -> int:
    """Return when the hour of `now_ms` is over."""
    return now_ms - now_ms % HOUR_MS + HOUR_MS
