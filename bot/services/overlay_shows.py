"""What overlays read of the books while they are open. The web part asks, a few times a second for each guild."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bot.domain.anonymity import in_public
from bot.domain.catalogue import GiftItem, Tier
from bot.domain.combos import EventGift
from bot.domain.ledger.gift import SendGift, facts_of
from bot.domain.live import LiveEvent, ReachedGoal
from bot.domain.match import Match
from bot.domain.member_choices import MemberChoices
from bot.domain.overlay_gifts import Notes, senders_in, taken_back
from bot.domain.overlays import (
    LET_THROUGH_MS,
    NOTES_FROM,
    OverlayBeat,
    OverlayControl,
    OverlayPass,
    OverlayQueue,
    digest_of,
)
from bot.domain.receipts import Receipt
from bot.domain.trains import Railway
from bot.storage.connect.connection import Connection
from bot.storage.database import OpenBooks
from bot.storage.ledger import holders, journal, member_choices
from bot.storage.stores import catalogue, guilds, live, live_displays, matches, overlays, reversals, trains
from bot.storage.stores import creators as creators_store

PAGE = 500
"""Rows of the journal that are read at a time, so that a frame never has more gifts."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A running live event, who is in it, and what goes on in it beside gifts."""

    event: LiveEvent
    creator_ids: tuple[int, ...]
    matches: tuple[Match, ...]
    reached: tuple[ReachedGoal, ...]
    railway: Railway


@dataclass(frozen=True, slots=True)
class Setup:
    """How one overlay stands: the digests that open it, its queue, which messages it shows, and the running event."""

    digests: frozenset[str]
    queue: OverlayQueue
    notes: Notes
    stage: Stage | None


class Reading(NamedTuple):
    """A part of a guild's journal, as everybody may see it, and the running events of some creators at that moment.

    `seq` is its last row. `choices` are those of its senders, by member. `undone` are the pieces of its rows that were
    taken back since. `losses` are gifts that it takes back as a whole, with their events. `event_ids` are by creator,
    and `notes` by the creator's holder: which messages are shown, empty if no row has one.
    """

    rows: list[Receipt]
    seq: int
    choices: Mapping[int, MemberChoices]
    undone: Mapping[int, int]
    losses: Mapping[int, int]
    event_ids: Mapping[int, int]
    notes: Mapping[int, Notes]


class Gifts(NamedTuple):
    """The gifts of an event in a part of the journal, whether one from before was taken back, and the journal's end."""

    gifts: list[EventGift]
    reversal_seq: int
    head_seq: int


class OverlayShows:
    """The use-cases of open overlays. `clock` gives milliseconds UTC."""

    def __init__(self, database: OpenBooks, clock: Callable[[], int]) -> None:
        self._database = database
        self._clock = clock

    async def admit(self, secret: str) -> OverlayPass | None:
        """Return whose overlay a secret opens, None if it opens none."""
        return await self._database.read(overlays.pass_of, digest_of(secret))

    async def beats(self, guild_ids: Collection[int]) -> dict[int, OverlayBeat]:
        """Return how far the journals of guilds have grown, and the number of each overlay's news."""
        return await self._database.read(overlays.beats, guild_ids)

    async def setup(self, guild_id: int, creator: int, creator_id: int) -> Setup:
        """Return how an overlay stands. `creator` is the holder of `creator_id`."""
        return await self._database.read(_setup, guild_id, creator, creator_id)

    async def read(self, guild_id: int, seq: int, creators: Mapping[int, int], limit: int = PAGE) -> Reading:
        """Return up to `limit` rows that follow `seq`. `creators` are those with an overlay, by holder."""
        return await self._database.read(_read, guild_id, seq, creators, limit)

    async def read_held(
        self, guild_id: int, seq: int, until: int, creators: Mapping[int, int], limit: int = PAGE
    ) -> Reading:
        """Return up to `limit` rows with a message after `seq` and up to `until`, since messages wait for approval.

        The rest is as in `read`. Where all of them were read, or none waits, the reading ends with row `until`.
        """
        since_ms = self._clock() - LET_THROUGH_MS
        return await self._database.read(_read_held, guild_id, (seq, until), since_ms, creators, limit)

    async def gifts(self, event: LiveEvent, seq: int, limit: int) -> Gifts:
        """Return the gifts of an event among the `limit` rows that follow `seq`."""
        return await self._database.read(_gifts, event, seq, limit)

    async def givers(self, guild_id: int, ranked: Sequence[int]) -> tuple[dict[int, MemberChoices], dict[int, int]]:
        """Return the choices of these holders, and the members behind them, 0 for those who were erased."""
        return await self._database.read(_givers, guild_id, ranked)

    async def controls(self, guild_id: int, creator: int, nr: int) -> list[OverlayControl]:
        """Return what was done with an overlay after its control `nr`."""
        return await self._database.read(overlays.controls_after, guild_id, creator, nr)

    async def gift(self, guild_id: int, seq: int) -> Receipt | None:
        """Return a gift as everybody may see it, None if the row is none."""
        row = await self._database.read(journal.receipt, guild_id, seq)
        return in_public(row) if row is not None and row.kind == SendGift.kind else None

    async def item(self, guild_id: int, item_id: int) -> GiftItem | None:
        """Return an item of a guild's catalogue, None if it has none with this number."""
        return await self._database.read(_item, guild_id, item_id)

    async def epoch(self, guild_id: int, name: str | None) -> str:
        """Return what names these books: a row of the journal and its hash. A `name` that fits them stays as it is.

        Books that were restored from a backup, and went on differently, have another name.
        """
        return await self._database.read(_epoch, guild_id, name)

    async def cursor(self, overlay: OverlayPass, slot: str) -> int | None:
        """Return up to which row a source has shown gifts, None if it was never there."""
        return await self._database.read(overlays.cursor, overlay.guild_id, overlay.creator, slot)

    async def save_cursors(self, cursors: Iterable[tuple[int, int, str, int]]) -> None:
        """Keep up to which row sources have shown gifts: guild, creator, slot and row each."""
        await self._database.writer.perform(_save_cursors, [*cursors], self._clock())

    async def note_seen(self, digests: Collection[str]) -> None:
        """Note that pages use these links."""
        await self._database.writer.perform(overlays.note_seen, digests, self._clock())


def _setup(c: Connection, guild_id: int, creator: int, creator_id: int) -> Setup:
    digests = overlays.digests(c, guild_id, creator)
    event = live.of_creator(c, guild_id, creator_id)
    return Setup(
        frozenset(digests),
        overlays.queue(c, guild_id, creator),
        _notes(c, guild_id, creator, creator_id),
        _stage(c, event) if event is not None else None,
    )


def _notes(c: Connection, guild_id: int, creator: int, creator_id: int) -> Notes:
    rules = guilds.required(c, guild_id)
    lists = (rules.note_words, creators_store.words_of(c, guild_id, creator_id))
    is_held = rules.overlay_holds_since_ms is not None
    lowest = Tier(rules.overlay_notes_from) if rules.overlay_notes_from else NOTES_FROM
    return Notes(lowest, lists, is_held, overlays.verdicts(c, guild_id, creator))


def _stage(c: Connection, event: LiveEvent) -> Stage:
    key = event.guild_id, event.event_id
    return Stage(
        event,
        tuple(live.creators_of(c, *key)),
        tuple(matches.of_event(c, *key)),
        live_displays.reached_goals(c, *key),
        trains.railway(c, *key, event.started_ms),
    )


def _read(c: Connection, guild_id: int, seq: int, creators: Mapping[int, int], limit: int) -> Reading:
    rows = journal.after(c, guild_id, seq, limit)
    return _reading(c, guild_id, rows, (seq, rows[-1].seq if rows else seq), creators)


def _read_held(
    c: Connection, guild_id: int, span: tuple[int, int], since_ms: int, creators: Mapping[int, int], limit: int
) -> Reading:
    (seq, until), rows = span, list[Receipt]()
    held_ms = guilds.required(c, guild_id).overlay_holds_since_ms
    if held_ms is not None:
        # What was sent before was shown, and of what is older, nobody knows any more whether it was let through.
        first = max(seq, journal.seq_before(c, guild_id, max(held_ms, since_ms)))
        rows = journal.noted_between(c, guild_id, first, until, limit)
    return _reading(c, guild_id, rows, (seq, rows[-1].seq if len(rows) == limit else until), creators)


def _reading(
    c: Connection, guild_id: int, receipts: Sequence[Receipt], span: tuple[int, int], creators: Mapping[int, int]
) -> Reading:
    """Return what these rows are to overlays. They are among those after the first of `span`, up to the second."""
    rows, (seq, last_seq) = [in_public(row) for row in receipts], span
    events = live.of_creators(c, [(guild_id, creator_id) for creator_id in creators.values()])
    # Settings that were changed before a gift was sent hold for its message, so they are read with it.
    has_notes = any(row.note for row in rows)
    return Reading(
        rows,
        last_seq,
        member_choices.choices_of(c, guild_id, senders_in(rows)),
        reversals.parts_between(c, guild_id, seq, last_seq) if rows else {},
        _losses(c, guild_id, rows),
        {creator_id: event.event_id for (_, creator_id), event in events.items()},
        {each: _notes(c, guild_id, each, creators[each]) for each in creators} if has_notes else {},
    )


def _losses(c: Connection, guild_id: int, rows: Sequence[Receipt]) -> dict[int, int]:
    """Return the gifts that rows take back, of which nothing is left, with their events."""
    seqs = {*taken_back(rows)}
    if not seqs:
        return {}
    undone = reversals.parts_of(c, [(guild_id, seq) for seq in seqs])
    gifts = journal.receipts_with(c, guild_id, seqs)
    facts = {gift.seq: facts_of(gift) for gift in gifts}
    return {seq: each["event"] for seq, each in facts.items() if undone.get((guild_id, seq), 0) >= each["count"]}


def _gifts(c: Connection, event: LiveEvent, seq: int, limit: int) -> Gifts:
    page = live_displays.gifts_after(c, event, seq, limit)
    return Gifts(page.gifts, page.reversal_seq, page.head_seq)


def _givers(c: Connection, guild_id: int, ranked: Sequence[int]) -> tuple[dict[int, MemberChoices], dict[int, int]]:
    return member_choices.choices_of_holders(c, guild_id, ranked), holders.member_ids(c, guild_id, ranked)


def _item(c: Connection, guild_id: int, item_id: int) -> GiftItem | None:
    return catalogue.items_of(c, [(guild_id, item_id)]).get((guild_id, item_id))


def _epoch(c: Connection, guild_id: int, name: str | None) -> str:
    seq, _, _ = (name or "").partition("-")
    if name and seq.isascii() and seq.isdigit() and len(seq) < 19 and _name(c, guild_id, int(seq)) == name:
        return name
    return _name(c, guild_id, journal.head(c, guild_id).seq) or "0-"


def _name(c: Connection, guild_id: int, seq: int) -> str | None:
    """Return the name of books by one of their rows, None if they have no such row."""
    if not seq:
        return "0-"
    rows = journal.rows_with(c, [(guild_id, seq)])
    return f"{seq}-{rows[0].hash.hex()[:16]}" if rows else None


def _save_cursors(c: Connection, cursors: Sequence[tuple[int, int, str, int]], now_ms: int) -> None:
    for guild_id, creator, slot, seq in cursors:
        overlays.save_cursor(c, guild_id, creator, slot, seq, now_ms)
