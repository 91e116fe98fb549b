"""Live events: a creator's show in a channel, from start to end."""

from dataclasses import dataclass

from bot.domain.standings import Standing

DEFAULT_MINUTES = 120
MOST_MINUTES = 720


@dataclass(frozen=True, slots=True)
class LiveEvent:
    """One live event. It takes gifts from `started_ms` up to, not including, `ends_ms`; `goal` in coins, or None.

    `event_id` is the id of the interaction that started it. `ended_ms` is set once it is over.
    """

    guild_id: int
    event_id: int
    channel_id: int
    creator_id: int
    title: str
    goal: int | None
    started_ms: int
    ends_ms: int
    ended_ms: int | None = None

    def takes_gifts(self, now_ms: int) -> bool:
        """Whether a gift at `now_ms` belongs to this event: at the bell it is over."""
        return self.ended_ms is None and self.started_ms <= now_ms < self.ends_ms


@dataclass(frozen=True, slots=True)
class EventTotals:
    """What was given in a live event: `coins` in `gifts` pieces by `gifters` members, the most generous first."""

    coins: int
    gifts: int
    gifters: int
    top: tuple[Standing, ...] = ()
