"""What members belong to, in books of any size: challenges, perks, budgets, and live events with gift trains.

Levels, streaks and fan clubs need nothing here: they follow from gifts, and the warm heart joins a club.
"""

from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy import Connection

from bot.domain.budgets import Budget, BudgetPeriod
from bot.domain.challenges import HOUR_MS, Challenge
from bot.domain.deadlines import NEVER_MS
from bot.domain.ledger.books import Books, Decision
from bot.domain.ledger.gift import SendGift
from bot.domain.ledger.journal import JournalRow
from bot.domain.ledger.kinds import Command
from bot.domain.ledger.perk import BuyPerk
from bot.domain.live import LiveEvent
from bot.domain.momentum import Momentum
from bot.domain.perks import Perk, PerkKind, PerkWay
from bot.domain.trains import Cutoff
from bot.storage.stores import budgets, challenges, live, perks, trains

DAY_MS = 24 * HOUR_MS
SHOW_MS = 2 * HOUR_MS
SHOWS = 2
"""Creators who are live each day, at the same time."""
CHALLENGES = 3
"""Challenges that count all gifts, one of them in leagues by creator."""
PERK, PRICE = 1, 30
BUYERS = 3
"""One in so many givers unlocks the perk, and has a budget, whose limit is never reached."""
LIMIT = 1_000_000_000


class Belonging:
    """Puts all of that into the books of a guild, in the order of its gifts, from `start_ms` on for some days."""

    def __init__(self, guild_id: int, creators: range, start_ms: int, days: int) -> None:
        self._guild_id, self._creators, self._start_ms, self._days = guild_id, creators, start_ms, days
        self._momenta: dict[int, Momentum] = {}
        self._buyers: set[int] = set()

    def open(self, c: Connection, books: Books) -> None:
        """Store what gifts meet: challenges, the perk, budgets, and live events, which are over in the tables."""
        guild = self._guild_id
        for number in range(1, CHALLENGES + 1):
            ends_ms = self._start_ms + 2 * self._days * DAY_MS
            has_leagues = number == CHALLENGES
            cup = Challenge(guild, number, "Cup", starts_ms=self._start_ms, ends_ms=ends_ms, is_by_creator=has_leagues)
            challenges.save(c, replace(cup, posted_ms=self._start_ms))
        perk = Perk(guild, PERK, "Backstage", "🎫", PerkKind.TEXT, PerkWay.COINS, PRICE, self._start_ms, text="hello")
        perks.save(c, perk)
        books.perks[guild, PERK] = perk
        self._limit(c, books)
        for day in range(self._days):
            for place in range(SHOWS):
                show = self._show(day, place)
                live.insert(c, show)
                live.end(c, guild, show.event_id, show.ends_ms, told=True)

    def meet(self, books: Books, at_ms: int) -> None:
        """Have books know who is live at a time."""
        day, time_ms = divmod(at_ms - self._start_ms, DAY_MS)
        books.live.clear()
        if time_ms < SHOW_MS:
            shows = (self._show(day, place) for place in range(SHOWS))
            books.live = {(self._guild_id, show.creator_id): show for show in shows}

    def follow(self, command: Command) -> Iterator[Command]:
        """Yield what the giver of a gift does next: one in some unlocks the perk, once."""
        if isinstance(command, SendGift) and not command.sender_id % BUYERS and command.sender_id not in self._buyers:
            self._buyers.add(command.sender_id)
            giver = command.sender_id
            yield BuyPerk(self._guild_id, f"perk:{giver}", giver, PERK, giver, PRICE)

    def note(self, row: JournalRow, decision: Decision) -> None:
        """Count a row for the train of its live event."""
        facts = decision.facts
        if decision.kind == SendGift.kind and facts["event"]:
            momentum = self._momenta.setdefault(facts["event"], Momentum())
            momentum.feed(row.seq, row.at_ms, row.actor, facts["price"] * facts["count"])

    def close(self, c: Connection, seq: int) -> None:
        """Write the trains of all live events, which follow from rows up to `seq`."""
        for event_id, momentum in self._momenta.items():
            trains.replace(c, self._guild_id, event_id, momentum.rides(NEVER_MS))
            trains.note_cutoff(c, self._guild_id, event_id, Cutoff(seq, NEVER_MS))

    def _limit(self, c: Connection, books: Books) -> None:
        """Give members who unlock the perk a budget for each month."""
        own = Budget().with_limits({BudgetPeriod.MONTH: LIMIT}, self._start_ms)
        holders = [holder for (_, member_id), holder in books.holders.items() if not member_id % BUYERS]
        books.budgets = {(self._guild_id, holder): own for holder in holders}
        budgets.save(c, books.budgets)

    def _show(self, day: int, place: int) -> LiveEvent:
        starts_ms = self._start_ms + day * DAY_MS
        event_id, channel_id = 1 + day * SHOWS + place, 1 + place
        creator_id = self._creators[place]
        return LiveEvent(self._guild_id, event_id, channel_id, creator_id, "Show", None, starts_ms, starts_ms + SHOW_MS)
