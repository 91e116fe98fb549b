"""One creator's overlay: the open pages, and what they show next."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Final

from bot.domain.catalogue import Tier
from bot.domain.overlay_gifts import CONTEXT, OverlayGift, Reel
from bot.domain.overlays import OverlayAction, OverlayControl, OverlayPass, OverlayScope
from bot.services.overlay_shows import PAGE, OverlayShows, Reading, Setup
from bot.web.overlay.art import Art
from bot.web.overlay.frames import (
    Values,
    control_values,
    encoded,
    gift_values,
    note_values,
    queue_values,
    voice_values,
)
from bot.web.overlay.people import People
from bot.web.overlay.source import WITHDRAWN, Frame, Source

QUIET_S: Final = 1.0
"""How often pages are told at most how far the journal is, if it says nothing for them."""
LATEST: Final = PAGE
"""Rows of the journal from which controls show all gifts when they are opened. Of those before, some may wait."""


class Overlay:
    """The overlay of `creator`, the holder of `creator_id`. `seq` is the last row that its pages were sent.

    `setup` is how it stands, as it was read at `setup_at`. `nr` is the last control that its pages were told.
    `state` is how its live event goes.
    """

    def __init__(self, owner: OverlayPass, shows: OverlayShows, people: People, art: Art) -> None:
        self.guild_id, self.creator, self.creator_id = owner.guild_id, owner.creator, owner.creator_id
        self.sources: set[Source] = set()
        self.setup: Setup | None = None
        self.setup_at = 0.0
        self.nr = 0
        self.seq = 0
        self.state: Values = {}
        self.shown: dict[str, int] = {}
        self.unsaved: set[str] = set()
        self._shows = shows
        self._people = people
        self._art = art
        self._reel = Reel()
        self._sent_state: Values = {}
        self._sent_at = 0.0

    @property
    def event_id(self) -> int:
        """The running live event, 0 for none."""
        return self.setup.stage.event.event_id if self.setup is not None and self.setup.stage is not None else 0

    def let_in(self, setup: Setup) -> None:
        """Take over how the overlay stands now, and let pages go whose link was withdrawn."""
        before, self.setup = self.setup, setup
        # Pages begin with how it stands. Later on they are told each control, unless the books are older than before.
        self.nr = setup.queue.nr if before is None else min(self.nr, setup.queue.nr)
        for source in [*self.sources]:
            if source.digest not in setup.digests:
                source.close(WITHDRAWN, b"withdrawn")
        if before is None or (before.stage is None) != (setup.stage is None):
            self._reel = Reel()

    def begin(self, source: Source, after: int | None, cursor: int | None) -> None:
        """Set after which row a page begins: the one that it names, else its `cursor`. Nothing from before the running
        live event is shown.

        A source that was never there begins now, and is remembered from now on. Controls begin with the latest gifts,
        and with all messages that wait.
        """
        cursors = (each for each in (cursor, self.shown.get(source.slot)) if each is not None)
        row = max(cursors, default=None) if after is None else after
        if not source.is_view:
            row = max(0, self.seq - LATEST) if after is None else after
        elif row is None:
            self.note_shown(source.slot, self.seq)
        stage = self.setup.stage if self.setup is not None else None
        start = self.seq if stage is None else stage.event.start_seq
        source.seq = self.seq if row is None else min(max(row, start), self.seq)
        if not source.is_view and after is None:
            source.held_seq = start

    def note_shown(self, slot: str, seq: int) -> None:
        """Note that a source has shown gifts up to row `seq`."""
        if seq > self.shown.get(slot, 0):
            self.shown[slot] = seq
            self.unsaved.add(slot)

    def unsaved_cursors(self) -> list[tuple[int, int, str, int]]:
        """Return the cursors that have moved since the last call."""
        slots, self.unsaved = self.unsaved, set()
        return [(self.guild_id, self.creator, slot, self.shown[slot]) for slot in slots]

    async def show(self, reading: Reading, event_ids: Collection[int], now_s: float) -> None:
        """Send what a part of the journal has for the pages. `event_ids` are the live events whose gifts they show."""
        self._take_notes(reading)
        # If the books cannot be read in the middle, the same rows come again, for this overlay or for all of its guild.
        reel = self._reel.copy()
        rows = [row for row in reading.rows if row.seq > self.seq]
        gifts = reel.feed(rows, reading.choices, event_ids, reading.undone)
        losses = _losses(reading, event_ids)
        if not gifts and not losses and self.state == self._sent_state and now_s - self._sent_at < QUIET_S:
            self._reel = reel
            return
        if reading.seq == self.seq and self.state == self._sent_state:
            return
        frames = await self._frames(self.seq + 1, reading.seq, gifts, losses)
        self._reel = reel
        self._sent_state, self._sent_at = self.state, now_s
        for source in [*self.sources]:
            if source.is_live and not source.is_closing:
                source.show(frames[source.overlay_pass.scope])
        self.seq = reading.seq

    async def catch_up(self, source: Source) -> None:
        """Send a page what it has missed, until it is where the others are."""
        if source.held_seq is not None:
            await self._send_held(source, source.held_seq)
        reel, base = Reel(), max(0, source.seq - CONTEXT)
        while source.seq < self.seq and not source.is_closing:
            creators = {self.creator: self.creator_id}
            reading = await self._shows.read(self.guild_id, base, creators, PAGE + source.seq - base)
            self._take_notes(reading)
            # The others may not have been sent the newest rows yet.
            until = min(reading.seq, self.seq)
            rows = [row for row in reading.rows if row.seq <= until]
            gifts = reel.feed(rows, reading.choices, {self.event_id} - {0}, reading.undone)
            losses = _losses(reading, {self.event_id} - {0})
            news = [gift for gift in gifts if gift.seq > source.seq]
            frames = await self._frames(source.seq + 1, until, news, losses)
            source.show(frames[source.overlay_pass.scope])
            await source.drained()
            base = until
        source.is_live = True

    async def _send_held(self, source: Source, seq: int) -> None:
        """Send controls the gifts after row `seq` whose messages wait, as far as they come before the latest ones."""
        reel = Reel()
        while seq < source.seq and not source.is_closing:
            reading = await self._shows.read_held(self.guild_id, seq, source.seq, {self.creator: self.creator_id})
            self._take_notes(reading)
            assert self.setup is not None
            gifts = reel.feed(reading.rows, reading.choices, {self.event_id} - {0}, reading.undone)
            held_gifts = [gift for gift in gifts if self.setup.notes.waits(gift)]
            frames = await self._frames(seq + 1, reading.seq, held_gifts, [])
            source.send(frames[source.overlay_pass.scope].full)
            await source.drained()
            seq = reading.seq

    async def send_controls(self, controls: Iterable[OverlayControl]) -> None:
        """Tell all pages what they are to do, and show messages that were let through."""
        for control in controls:
            message = encoded(control_values(control))
            note = await self._let_through(control)
            for source in [*self.sources]:
                source.send(message)
                if note is not None and source.is_view:
                    source.send(note)
            self.nr = control.nr

    def welcome(self, epoch: str, page: str, source: Source, now_ms: int) -> bytes:
        """Return the first message to a page."""
        setup = self.setup
        assert setup is not None
        values = {
            "welcome": 1,
            "epoch": epoch,
            "page": page,
            "head": self.seq,
            "scope": source.overlay_pass.scope.value,
            **voice_values(self._people.reader_of(self.guild_id)),
            **self.state,
            "queue": queue_values(setup.queue),
            "settings": {"notes_from": setup.notes.lowest.value, "hold_notes": setup.notes.is_held},
            "now_ms": now_ms,
        }
        return encoded(values)

    def _take_notes(self, reading: Reading) -> None:
        """Take over which messages are shown, as it was when they were read."""
        notes = reading.notes.get(self.creator)
        if notes is not None and self.setup is not None:
            self.setup = replace(self.setup, notes=notes)

    async def _frames(
        self, first: int, to: int, gifts: list[OverlayGift], losses: list[int]
    ) -> Mapping[OverlayScope, Frame]:
        assert self.setup is not None
        notes, reader = self.setup.notes, self._people.reader_of(self.guild_id)
        people = await self._people.named(self.guild_id, {0}.union(*(gift.people for gift in gifts)))
        art = {gift.item_id: await self._art.path(self.guild_id, gift.item_id) for gift in gifts}
        frames: dict[OverlayScope, Frame] = {}
        for scope in {source.overlay_pass.scope for source in self.sources}:
            values = [
                gift_values(gift, people, art[gift.item_id], note_values(gift, notes, people, scope), reader)
                for gift in gifts
            ]
            frames[scope] = Frame({"from": first, "to": to, "gifts": values, **self.state, "gone": losses}, to)
        return frames

    async def _let_through(self, control: OverlayControl) -> bytes | None:
        """Return the message that was let through, None if none was."""
        if control.action is not OverlayAction.APPROVE or control.seq is None or self.setup is None:
            return None
        row = await self._shows.gift(self.guild_id, control.seq)
        gifts = Reel().feed([row] if row is not None else [], {}, {self.event_id} - {0}, {})
        notes = self.setup.notes._replace(lowest=Tier.SMALL, is_held=False)
        for gift in gifts:
            people = await self._people.named(self.guild_id, gift.people)
            text = note_values(gift, notes, people, OverlayScope.VIEW)["note"]
            if text is not None:
                return encoded({"note": {"seq": gift.seq, "text": text}})
        return None


def _losses(reading: Reading, event_ids: Collection[int]) -> list[int]:
    return sorted(seq for seq, event_id in reading.losses.items() if event_id in event_ids)
