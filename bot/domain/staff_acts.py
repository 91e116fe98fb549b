"""What staff do: each act is kept with who did it, what it changed from and to, and why.

Money is in the journal. An act about money names its row there, and repeats nothing of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import Enum, StrEnum
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

if TYPE_CHECKING:
    # The ledger imports this module.
    from bot.domain.ledger.books import Books

NOBODY: Final = 0
"""The actor of acts by the bot's operator, rather than a guild's staff."""

Value = int | str | None
"""A value before or after an act. Yes and no are 1 and 0, times are in milliseconds UTC."""

Values = Mapping[str, Value]
"""Values by the names of their fields."""


class ActKind(StrEnum):
    """What an act is about. The values are stored."""

    SETTINGS = "settings"
    """Fields of GuildRules: shares, channels, staff roles, …"""
    ANNOUNCING = "announcing"
    """Fields of AnnouncementSettings."""
    LIMITS = "limits"
    """Fields of BuyingLimits."""
    OFFER = "offer"
    """Promo coins that members can claim, with the code or number in `subject`."""
    GRANT_LIMITS = "grant_limits"
    """Fields of GrantLimits."""
    RATES = "rates"
    """Exchange rates in millionths, by currency."""
    HOLDS = "holds"
    """Days for which earnings wait, by payment provider."""
    PAYMENT_METHODS = "payment_methods"
    """Fields of the ProviderChoice for the provider in `subject`."""
    PACKAGE = "package"
    """Fields of the package in `subject`."""
    ITEM = "item"
    """Fields of the gift item in `subject`."""
    PERK = "perk"
    """What is known of the perk in `subject`. What it unlocks is no value here, only a digest of it."""
    CREATOR = "creator"
    """Whether a member may receive gifts."""
    APPLYING = "applying"
    """Whether members can apply to become creators (`is_open`), and the `questions` they are asked, a line each."""
    APPLICATION = "application"
    """Whether a member's application stands (`open`). One that is approved is an act about a creator."""
    GRANT = "grant"
    """Coins in the row `seq` of the journal."""
    REVERSAL = "reversal"
    """The row `seq` of the journal takes another one back."""
    CASE = "case"
    """The outcome of the case in `subject`."""
    FLAG = "flag"
    """The outcome of the flag in `subject`. What has no `before` was flagged by hand."""
    FREEZE = "freeze"
    """Whether a member is frozen because of the case in `subject`, a type and a number."""
    PAYMENT = "payment"
    """What staff say about the payment of the order in `subject`."""
    PAYOUT = "payout"
    """Whether the payout in `subject` is approved. Row `seq` of the journal says that one was paid or rejected."""
    PAYOUT_RULES = "payout_rules"
    """Fields of PayoutRules."""
    LEVEL_ROLES = "level_roles"
    """Roles that members get, by the level from which on."""
    CLUB_ROLE = "club_role"
    """The role of a creator's fan club."""
    OVERLAY = "overlay"
    """What somebody did with another creator's overlay."""
    CHALLENGE = "challenge"
    """The challenge in `subject` was posted, or ended early."""
    LIVE = "live"
    """A host's act in a live event of a creator, which is the `subject`."""


@dataclass(frozen=True, slots=True)
class StaffAct:
    """One act of a member of staff. `at_ms` is its time, in milliseconds UTC.

    `subject` is the id of a thing, and `member_id` the member it is about, if any. `before` and `after` have what
    differs, and what names the thing; a new thing has no `before`. `seq` is the row of the journal for acts about
    money, and 0 for others.
    """

    actor_id: int
    kind: ActKind
    at_ms: int
    subject: str = ""
    member_id: int = 0
    before: Values = field(default_factory=dict[str, Value])
    after: Values = field(default_factory=dict[str, Value])
    reason: str = ""
    seq: int = 0

    @property
    def changed(self) -> list[str]:
        """The names of the values that differ. The others say what it is about."""
        names = {**self.before, **self.after}
        return [name for name in names if _differs(self.before, self.after, name)]

    @property
    def changes_something(self) -> bool:
        """Whether there is anything to keep. Saving a form as it was changes nothing."""
        return bool(self.seq) or self.before != self.after


class RecordedAct(NamedTuple):
    """An act with its number in its guild, which counts from 1."""

    number: int
    act: StaffAct


class MoneyMoved(NamedTuple):
    """Staff moved coins with the row under `key`. `actor` and `holder` are holder ids, `holder` that of the member."""

    kind: ActKind
    actor: int
    holder: int
    key: str

    def apply(self, books: "Books", guild_id: int) -> None:
        """Change nothing: no rule asks what staff have done."""


def change(
    kind: ActKind,
    before: object | None,
    after: object | None,
    *,
    by: int,
    at_ms: int,
    subject: int | str = "",
    without: frozenset[str] = frozenset(),
    named_by: frozenset[str] = frozenset(),
) -> StaffAct:
    """Return the act that made `after` of `before`: two dataclasses, or two mappings. None is what is not there.

    Fields in `without` are left out, for instance secrets. Those in `named_by` are kept even if they stay the same.
    """
    old, new = _values(before, without), _values(after, without)
    names = [name for name in {**old, **new} if name in named_by or _differs(old, new, name)]
    return StaffAct(
        by,
        kind,
        at_ms,
        str(subject),
        before={name: old[name] for name in names if name in old},
        after={name: new[name] for name in names if name in new},
    )


def _differs(old: Values, new: Values, name: str) -> bool:
    return name not in old or name not in new or old[name] != new[name]


def _values(thing: object | None, without: frozenset[str]) -> dict[str, Value]:
    """Return the fields of a dataclass or the items of a mapping that can be kept: numbers, texts and nothing."""
    if thing is None:
        return {}
    if isinstance(thing, Mapping):
        pairs = cast("Mapping[str, Any]", thing)
    else:
        names = [each.name for each in fields(cast("Any", thing))]
        pairs = {name: getattr(thing, name) for name in names}
    return {
        name: _plain(value)
        for name, value in pairs.items()
        if name != "guild_id" and name not in without and isinstance(value, int | str | Enum | None)
    }


def _plain(value: int | str | Enum | None) -> Value:
    if isinstance(value, Enum):
        return value.value
    return int(value) if isinstance(value, bool) else value
