"""Flags: what in a guild's books looks like fraud, said in one sentence, for people to decide about.

There is no score, and nobody is banned. A flag names the entries that it is about, and holds what they have earned
until staff have looked.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from bot.domain.buying_limits import DAY_MS

WINDOW_DAYS: Final = 30
"""How far back the rules look. What staff have decided about is not flagged again for as long."""

WINDOW_MS: Final = WINDOW_DAYS * DAY_MS

MOST_ENTRIES: Final = 1_000
"""Gifts that one flag names, newest first."""


class FlagKind(StrEnum):
    """What looks odd. The values are stored."""

    RING = "ring"
    """Creators give one another bought coins in a circle."""
    FUNNEL = "funnel"
    """Members who had never bought coins before gave nearly all of them to one creator, within a day."""
    SELF_FUNDING = "self_funding"
    """Somebody on staff granted coins, and they came back to them as gifts."""
    NEW_ACCOUNTS = "new_accounts"
    """Most of what a creator got came from new accounts."""
    BURST = "burst"
    """Several new accounts sent a creator the same gift within an hour."""
    ONE_PAIR = "one_pair"
    """Nearly all that a member gave, and nearly all that a creator got, went from the one to the other."""
    REFUND_AFTER_PAYOUT = "refund_after_payout"
    """A payment went back after a creator had been paid for what it bought."""
    MANUAL = "manual"
    """Somebody on staff flagged a row of the books."""


class FlagOutcome(StrEnum):
    """What staff decided. The values are stored."""

    NONE = ""
    CLEARED = "cleared"
    """It is fine. What was held is released."""
    UPHELD = "upheld"
    """It is not fine. What was held stays held until the flag is cleared after all."""
    REVERSED = "reversed"
    """The gifts were taken back."""


HOLDING: Final = frozenset({FlagOutcome.NONE, FlagOutcome.UPHELD})
"""Outcomes with which a flag holds earnings."""


class Entries(NamedTuple):
    """Which gifts a finding is about: those from one of `senders` to one of `creators`, of an item if it names one.

    With `seqs` it is about exactly these rows, however old they are.
    """

    senders: frozenset[int]
    creators: frozenset[int]
    item: int | None = None
    seqs: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule has found: `members`, holder ids, in the order in which the sentence names them.

    `coins` is how many it is about. `times` counts what the sentence counts: members, gifts, or percent.
    """

    kind: FlagKind
    members: tuple[int, ...]
    coins: int
    times: int
    entries: Entries

    @property
    def subject(self) -> str:
        """What tells this finding from others of its kind. It is stored, so that nothing is flagged twice."""
        named = self.members if self.kind is FlagKind.ONE_PAIR else sorted(self.members)
        item = "" if self.entries.item is None else f"/{self.entries.item}"
        return ",".join(map(str, named)) + item


@dataclass(frozen=True, slots=True)
class Flag:
    """A flag as it is stored. `members` are member ids now, 0 for those who were erased.

    `seqs` are the rows that it names, oldest first. By creator, `held` is how many diamonds it holds where one flag is
    read, and in a list, what its gifts had earned when it was opened.
    `decided_by` is 0 for nobody. `note` is what somebody wrote who flagged a row by hand, and `opened_by` who that was.
    """

    guild_id: int
    flag_id: int
    kind: FlagKind
    members: tuple[int, ...]
    coins: int
    times: int
    seqs: tuple[int, ...]
    held: Mapping[int, int]
    opened_ms: int
    note: str = ""
    opened_by: int = 0
    outcome: FlagOutcome = FlagOutcome.NONE
    decided_ms: int = 0
    decided_by: int = 0

    @property
    def is_open(self) -> bool:
        """Whether staff have not decided yet."""
        return self.outcome is FlagOutcome.NONE

    @property
    def is_holding(self) -> bool:
        """Whether earnings wait because of it."""
        return self.outcome in HOLDING

    def concerns(self, member_id: int) -> bool:
        """Whether a member may not decide about it, because it is about them."""
        return member_id in self.members


def fresh(
    findings: Collection[Finding], earlier: Mapping[tuple[FlagKind, str], int | None], now_ms: int
) -> list[Finding]:
    """Return the findings that become flags.

    `earlier` says when staff decided about those that were flagged before, None if they have not.
    """
    return [
        finding
        for finding in findings
        if (key := (finding.kind, finding.subject)) not in earlier
        or ((decided_ms := earlier[key]) is not None and now_ms - decided_ms >= WINDOW_MS)
    ]
