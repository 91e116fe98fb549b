"""Live shows in the books: creators who join and leave, gifts, boards, matches, recaps and thanks."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from bot.domain.combos import Combo
from bot.domain.ledger.reversal import Reverse
from bot.domain.live import LargestGift, Origin, Outcome, Recap
from bot.domain.live_displays import BoardMessage
from bot.domain.match import Match
from bot.domain.thanks import ThankYou, Unthanked
from bot.storage.database import Database
from bot.storage.ledger import holders
from bot.storage.stores import live, live_displays, matches, thanks
from tests.storage.town import (
    ALICE,
    BOB,
    GUILD,
    LIVE_CHANNEL,
    MIA,
    NOAH,
    NOON,
    PETAL,
    event,
    gift,
    grant,
)

MATCH = Match(GUILD, 5, 900, MIA, NOAH, 3, True, NOON)


async def with_coins(books: Database) -> None:
    for number, member in enumerate((ALICE, BOB)):
        await books.writer.submit(grant(f"grant:{number}", member_id=member, amount=10_000))


def test_an_event_keeps_every_field(c: Connection):
    show = event(
        goal_until_ms=NOON + 5,
        reward="A song",
        start_seq=7,
        closing_ms=NOON + 1,
        paused_ms=NOON + 2,
        origin=Origin.SCHEDULED,
    )

    live.insert(c, show)

    assert live.event(c, GUILD, 900) == show


def test_every_creator_of_an_event_leads_to_it_while_it_runs(c: Connection):
    live.insert(c, event())
    live.join(c, event(), NOAH, NOON + 1)

    running = live.of_creators(c, [(GUILD, MIA), (GUILD, NOAH), (GUILD, ALICE)])
    live.leave(c, event(), NOAH, NOON + 2)
    without = live.creators_of(c, GUILD, 900)
    live.join(c, event(), NOAH, NOON + 3)
    live.end(c, GUILD, 900, NOON + 4)

    assert running == {(GUILD, MIA): event(), (GUILD, NOAH): event()}
    assert without == [MIA]
    assert live.creators_of(c, GUILD, 900) == [MIA, NOAH]
    assert live.of_creator(c, GUILD, NOAH) is None


def test_a_creator_cannot_be_in_two_running_events(c: Connection):
    live.insert(c, event())
    live.insert(c, event(event_id=901, channel_id=5, creator_id=NOAH))

    with pytest.raises(IntegrityError):
        live.join(c, event(), NOAH, NOON + 1)


def test_a_discord_event_belongs_to_one_event_for_good(c: Connection):
    live.insert(c, event())
    for source in ("stage:1", "event:2:3", "stage:1"):
        live.add_source(c, event(), source)
    live.close_source(c, GUILD, "stage:1", NOON + 4)
    still_open = live.open_sources(c, GUILD, 900)
    live.end(c, GUILD, 900, NOON + 5)

    assert still_open == {"event:2:3"}
    assert live.of_source(c, GUILD, "stage:1") == live.of_source(c, GUILD, "event:2:3") == event(ended_ms=NOON + 5)
    assert live.of_source(c, GUILD, "stage:2") is None


def test_a_recap_is_posted_once(c: Connection):
    live.insert(c, event())
    live.end(c, GUILD, 900, NOON + 5, Outcome.CANCELLED)

    before = live.without_recap(c, GUILD, 900)
    live.mark_recap(c, GUILD, 900, NOON + 6)

    assert before == event(ended_ms=NOON + 5, outcome=Outcome.CANCELLED)
    assert live.without_recap(c, GUILD, 900) is None


def test_the_latest_event_of_a_channel_is_the_one_that_ended_last_there(c: Connection):
    for event_id, channel in ((900, LIVE_CHANNEL), (901, 5)):
        live.insert(c, event(event_id=event_id, channel_id=channel))
        live.end(c, GUILD, event_id, NOON + event_id)

    latest = [live.latest(c, GUILD, channel) for channel in (LIVE_CHANNEL, 5, None, 6)]

    assert [show and show.event_id for show in latest] == [900, 901, 901, None]


async def test_the_gifts_of_an_event_are_read_page_by_page(books: Database):
    await with_coins(books)
    await books.writer.perform(live.insert, event(start_seq=2))
    await books.writer.perform(live.join, event(), NOAH, NOON)
    await books.writer.submit(gift("a", note="hello"))
    await books.writer.submit(grant("more"))
    await books.writer.submit(gift("b", creator_id=NOAH, sender_id=BOB, quantity=3, anonymous=True))
    await books.writer.perform(live.end, GUILD, 900, NOON + 1)
    await books.writer.submit(gift("c"))

    first = await books.read(live_displays.gifts_after, event(), 2, 2)
    second = await books.read(live_displays.gifts_after, event(), first.seq, 100)
    nothing = await books.read(live_displays.gifts_after, event(), second.seq, 100)

    assert [(gift.seq, gift.creator_id, gift.quantity, gift.coins) for gift in first.gifts] == [(3, MIA, 1, 10)]
    assert [(gift.seq, gift.creator_id, gift.quantity, gift.coins) for gift in second.gifts] == [(5, NOAH, 3, 30)]
    assert (first.seq, second.seq, nothing) == (4, 6, ([], 6, 6, 0))
    assert first.gifts[0].sender is not None
    assert second.gifts[0].sender is None


async def test_whether_a_gift_was_taken_back_is_known_however_much_was_booked_since(books: Database):
    await with_coins(books)
    await books.writer.perform(live.insert, event())
    receipt = await books.writer.submit(gift("it", creator_id=MIA))
    # More than is read at a time.
    await asyncio.gather(*(books.writer.submit(grant(f"later {number}")) for number in range(1_001)))
    before = await books.read(live_displays.has_reversal, event(), receipt.seq)
    people = await books.read(holders.holder_ids, [(GUILD, ALICE), (GUILD, MIA)])
    reversal = Reverse(GUILD, "undo", BOB, ALICE, receipt.seq, "a slip", None, (*people.values(),), PETAL)
    reversal_receipt = await books.writer.submit(reversal)

    assert not before
    assert await books.read(live_displays.has_reversal, event(), receipt.seq)
    assert not await books.read(live_displays.has_reversal, event(), reversal_receipt.seq)


def test_a_board_keeps_its_place(c: Connection):
    live.insert(c, event())
    before = live_displays.board(c, GUILD, 900)
    live_displays.save_board(c, GUILD, 900, BoardMessage(1, NOON, 0, False))
    live_displays.save_board(c, GUILD, 900, BoardMessage(2, NOON + 1, 1, False))
    open_before_end = live_displays.open_boards(c, 0)
    live.end(c, GUILD, 900, NOON + 5)
    open_after_end = live_displays.open_boards(c, 0)
    live_displays.save_board(c, GUILD, 900, BoardMessage(2, NOON + 1, 1, True))

    assert (before, open_before_end, open_after_end, live_displays.open_boards(c, 0)) == (None, [], [(GUILD, 900)], [])
    assert live_displays.board(c, GUILD, 900) == BoardMessage(2, NOON + 1, 1, True)


def test_the_board_of_an_event_that_ended_long_ago_is_left_alone(c: Connection):
    live.insert(c, event())
    live_displays.save_board(c, GUILD, 900, BoardMessage(1, NOON, 0, False))
    live.end(c, GUILD, 900, NOON)

    assert live_displays.open_boards(c, NOON - 1) == [(GUILD, 900)]
    assert live_displays.open_boards(c, NOON) == []


def test_a_board_remembers_what_it_replaces_until_that_is_removed(c: Connection):
    live.insert(c, event())
    replacing = BoardMessage(2, NOON, replaced_id=1)
    live_displays.save_board(c, GUILD, 900, replacing)

    live_displays.forget_replaced(c, GUILD, 900, 7)
    before = live_displays.board(c, GUILD, 900)
    live_displays.forget_replaced(c, GUILD, 900, 1)

    assert before == replacing
    assert live_displays.board(c, GUILD, 900) == replacing._replace(replaced_id=None)


def test_what_was_said_is_remembered(c: Connection):
    live.insert(c, event())
    for _ in range(2):
        live_displays.mark_announced(c, GUILD, 900, "goal:50")

    assert live_displays.announced_moments(c, GUILD, 900) == {"goal:50"}


def test_a_match_is_broken_off_once(c: Connection):
    live.insert(c, event())
    matches.insert(c, MATCH)

    running = matches.of_event(c, GUILD, 900)
    matches.end(c, MATCH, NOON + 5)
    matches.end(c, MATCH, NOON + 9)

    assert running == [MATCH]
    assert matches.match(c, GUILD, 5) == replace(MATCH, ended_ms=NOON + 5)
    assert matches.match(c, GUILD, 6) is None


@pytest.mark.parametrize(
    "recap",
    [
        Recap(),
        Recap(NOON, Combo(3, MIA, "Petal", "🌸", 9), 2, largest=LargestGift(3, "Rosette")),
        Recap(largest=LargestGift(None, "Rosette")),
    ],
)
def test_a_recap_is_kept_as_it_was(c: Connection, recap: Recap):
    live.insert(c, event())
    before = live_displays.recap(c, GUILD, 900)
    live_displays.save_recap(c, GUILD, 900, recap)
    live_displays.save_recap(c, GUILD, 900, Recap(train=5))

    assert (before, live_displays.recap(c, GUILD, 900)) == (None, recap)


async def test_a_creator_thanks_for_what_came_since_the_last_thanks(books: Database):
    await with_coins(books)
    await books.writer.submit(gift("a", note="for the song"))
    await books.writer.submit(gift("b", sender_id=BOB, item_id=PETAL, quantity=5))
    await books.writer.submit(gift("c", creator_id=NOAH, note="for Noah"))
    first = await books.read_folded(GUILD, thanks.unthanked, GUILD, MIA)
    await books.writer.perform(thanks.thank, GUILD, MIA, first[:1])
    await books.writer.submit(gift("d", quantity=2, note="encore"))
    second = await books.read_folded(GUILD, thanks.unthanked, GUILD, MIA)

    assert [(entry.sender_id, entry.coins, entry.pieces) for entry in first] == [(ALICE, 10, 1), (BOB, 5, 5)]
    assert [(entry.sender_id, entry.coins, entry.pieces) for entry in second] == [(ALICE, 20, 2), (BOB, 5, 5)]
    assert second[1] == first[1]
    assert await books.read_folded(GUILD, _second_fan, GUILD, MIA) == second[1:]
    assert await books.read_folded(GUILD, thanks.waiting, GUILD, MIA) == 2
    with_notes = await books.read_folded(GUILD, thanks.with_notes, GUILD, MIA, second)
    assert [entry.notes for entry in with_notes] == [("encore",), ()]
    assert await books.read_folded(GUILD, thanks.waiting, GUILD, ALICE) == 0


def _second_fan(c: Connection, guild_id: int, creator_id: int) -> list[Unthanked]:
    return thanks.unthanked(c, guild_id, creator_id, 1, offset=1)


async def test_all_that_a_creator_was_given_without_a_name_is_thanked_for_as_one(books: Database):
    await with_coins(books)
    await books.writer.submit(gift("a", note="psst", anonymous=True))
    await books.writer.submit(gift("b", sender_id=BOB, quantity=2, anonymous=True))
    await books.writer.submit(gift("c", sender_id=BOB, note="hello"))
    signed = await books.read_folded(GUILD, thanks.unthanked, GUILD, MIA)
    anonymous = await books.read_folded(GUILD, thanks.unthanked_anonymous, GUILD, MIA)
    assert anonymous is not None
    with_notes = await books.read_folded(GUILD, thanks.with_notes, GUILD, MIA, [*signed, anonymous])
    await books.writer.perform(thanks.thank, GUILD, MIA, [anonymous])
    thanked = await books.read_folded(GUILD, thanks.unthanked_anonymous, GUILD, MIA)
    await books.writer.submit(gift("d", quantity=3, note="guess", anonymous=True))
    again = await books.read_folded(GUILD, thanks.unthanked_anonymous, GUILD, MIA)
    assert again is not None

    assert [(entry.sender_id, entry.coins, entry.pieces) for entry in signed] == [(BOB, 10, 1)]
    assert (anonymous.coins, anonymous.pieces) == (30, 3)
    assert [entry.notes for entry in with_notes] == [("hello",), ("psst",)]
    assert thanked is None
    assert (again.sender, again.coins, again.pieces) == (None, 30, 3)
    with_notes_again = await books.read(thanks.with_notes, GUILD, MIA, [again])
    assert [entry.notes for entry in with_notes_again] == [("guess",)]
    assert await books.read_folded(GUILD, thanks.waiting, GUILD, MIA) == 1


def test_a_thank_you_waits_until_it_is_sent(c: Connection):
    message = ThankYou(GUILD, 77, LIVE_CHANNEL, MIA, (3, 0), 2, 9, 90)

    thanks.insert(c, message)
    waiting = thanks.unsent(c, GUILD, 77)
    thanks.mark_sent(c, GUILD, 77, NOON)

    assert waiting == thanks.thank_you(c, GUILD, 77) == message
    assert thanks.unsent(c, GUILD, 77) is None
