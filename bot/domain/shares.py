"""Shares: what part of a gift its creator earns, and when a change of it starts.

A higher share starts at once. A lower one starts seven days after the creators were told. Until then it is planned, and
the staff's latest choice replaces what was planned before.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, NamedTuple

from bot.domain.guilds import GuildRules

WARNING_MS: Final = 7 * 24 * 3600 * 1000
"""How long creators know of a lower share before it starts."""

LATE_MS: Final = 3_600_000
"""If the creators' channel is told of a lower share this much later, it starts later, too."""


class ShareKind(StrEnum):
    """Which coins of a gift a share is of. The values are stored."""

    BOUGHT = "bought"
    PROMO = "promo"


class PlannedShare(NamedTuple):
    """A share that starts at `from_ms`, in milliseconds UTC."""

    kind: ShareKind
    percent: int
    from_ms: int


@dataclass(frozen=True, slots=True)
class ShareChange:
    """One change of a guild's shares, under its number there. `changed_by` is a member, 0 for one who was erased.

    It started at `starts_ms`, or will, unless another change replaced it at `replaced_ms`, before its start.
    """

    guild_id: int
    number: int
    kind: ShareKind
    from_percent: int
    to_percent: int
    changed_ms: int
    changed_by: int
    starts_ms: int
    replaced_ms: int | None = None
    announced: bool = False

    @property
    def is_lower(self) -> bool:
        """Whether creators earn less from then on."""
        return self.to_percent < self.from_percent

    def stands(self) -> bool:
        """Whether it has started, or still will."""
        return self.replaced_ms is None

    def postponed(self, now_ms: int) -> "ShareChange":
        """Return the change as it starts if creators hear of it only now."""
        if not self.is_lower or now_ms - self.changed_ms <= LATE_MS or self.starts_ms <= now_ms:
            return self
        return replace(self, starts_ms=max(self.starts_ms, now_ms + WARNING_MS))


_FIELDS: Final = {
    ShareKind.BOUGHT: ("share_percent", "next_share_percent", "next_share_ms"),
    ShareKind.PROMO: ("promo_share_percent", "next_promo_share_percent", "next_promo_share_ms"),
}


def current(rules: GuildRules, kind: ShareKind) -> int:
    """Return the share in percent. The rules must be those of now: see `GuildRules.at`."""
    return getattr(rules, _FIELDS[kind][0])


def planned(rules: GuildRules) -> list[PlannedShare]:
    """Return the shares that are to start, soonest first. The rules must be those of now."""
    plans = (
        (kind, getattr(rules, percent), getattr(rules, from_ms)) for kind, (_, percent, from_ms) in _FIELDS.items()
    )
    listed = [PlannedShare(kind, percent, from_ms) for kind, percent, from_ms in plans if from_ms is not None]
    return sorted(listed, key=lambda plan: plan.from_ms)


def plan_of(rules: GuildRules, kind: ShareKind) -> PlannedShare | None:
    """Return what is planned for one of the shares, None for nothing."""
    return next((plan for plan in planned(rules) if plan.kind is kind), None)


def changed(rules: GuildRules, kind: ShareKind, percent: int, now_ms: int, *, has_creators: bool) -> GuildRules:
    """Return the rules after staff have chosen a share. Raise InvalidAmount.

    The rules must be those of now. If there are no creators, nobody has to be told of a lower share.
    """
    name, next_percent, next_ms = _FIELDS[kind]
    plan = plan_of(rules, kind)
    if plan is not None and plan.percent == percent:
        return rules
    # Checked even if it only starts later.
    wanted = rules.changed(**{name: percent, next_percent: None, next_ms: None})
    if percent >= current(rules, kind) or not has_creators:
        return wanted
    return rules.changed(**{next_percent: percent, next_ms: now_ms + WARNING_MS})


def moved(rules: GuildRules, plan: PlannedShare) -> GuildRules:
    """Return the rules with another start of what is planned."""
    _, _, next_ms = _FIELDS[plan.kind]
    return rules.changed(**{next_ms: plan.from_ms})


def changes_between(
    before: GuildRules, after: GuildRules, first_number: int, changed_by: int, now_ms: int
) -> Sequence[ShareChange]:
    """Return the entry to record for a change between these rules, both as of now."""
    changes: list[ShareChange] = []
    for kind in ShareKind:
        old, new, plan = current(before, kind), current(after, kind), plan_of(after, kind)
        if new != old:
            changes.append(_change(after, first_number + len(changes), kind, (old, new), changed_by, now_ms, now_ms))
        elif plan is not None and plan != plan_of(before, kind):
            percents = (old, plan.percent)
            number = first_number + len(changes)
            changes.append(_change(after, number, kind, percents, changed_by, now_ms, plan.from_ms))
    return changes


def _change(
    rules: GuildRules, number: int, kind: ShareKind, percents: tuple[int, int], by: int, now_ms: int, starts_ms: int
) -> ShareChange:
    return ShareChange(rules.guild_id, number, kind, *percents, now_ms, by, starts_ms)
