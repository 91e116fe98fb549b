"""Gifts on overlays: every one of the running live event, in order, none twice, with sums that are the books' own."""

import pytest

from bot.domain.ledger.reversal import Reverse
from tests.storage.town import ALICE, BOB, MIA, NOAH
from tests.web.overlay_house import House

pytestmark = pytest.mark.databases("sqlite", "postgresql")


async def test_a_gift_of_the_running_event_is_shown_with_what_it_is_and_who_sent_it(house: House):
    show = await house.go_live()
    page = await house.page(await house.linked())

    receipt = await house.send("a", quantity=3, note="Lovely!")
    await page.until_seq(receipt.seq)

    (gift,) = page.gifts
    assert page.welcome["live"] == {
        "id": str(show.event_id),
        "title": "Friday",
        "creators": [{"id": page.welcome["live"]["creators"][0]["id"], "name": "Mia"}],
        "ends_ms": show.ends_ms,
        "goal": {"amount": 1_000, "sum": 0},
    }
    assert gift["gift"]["art"].startswith("/overlay/art/")
    assert gift | {"gift": None} == {
        "seq": receipt.seq,
        "at_ms": house.clock.now_ms,
        "sender": {"name": "Alice", "face": None},
        "to": "Mia",
        "gift": None,
        "count": 3,
        "coins": 30,
        "tier": "small",
        "combo": 3,
        "test": False,
        "note": None,
    }
    last = page.frames[-1]
    assert last["sum"] == {"coins": 30, "gifts": 3, "people": 1}
    assert last["live"]["goal"]["sum"] == 30
    assert last["top"] == [{"name": "Alice", "coins": 30, "face": None}]


async def test_gifts_outside_the_event_and_to_others_are_not_shown(house: House):
    await house.send("before")
    await house.go_live()
    page = await house.page(await house.linked())

    await house.send("noahs", creator_id=NOAH)
    last = await house.send("mias", sender_id=BOB)
    await page.until_seq(last.seq)

    assert page.seqs == [last.seq]
    assert page.frames[-1]["sum"] == {"coins": 10, "gifts": 1, "people": 1}


async def test_an_event_that_begins_while_the_page_is_open_is_followed_from_its_first_gift(house: House):
    page = await house.page(await house.linked())
    assert page.welcome["live"] is None

    await house.go_live()
    first = await house.send("a")
    await page.until_seq(first.seq)

    assert page.seqs == [first.seq]
    assert page.frames[-1]["live"]["title"] == "Friday"


async def test_a_page_that_comes_back_is_sent_what_it_missed_and_nothing_twice(house: House):
    await house.go_live()
    secret = await house.linked()
    page = await house.page(secret)
    first_gift = await house.send("a")
    await page.until_seq(first_gift.seq)
    await page.leave()
    later_gifts = [await house.send(f"missed {number}", sender_id=BOB) for number in range(3)]

    again = await house.page(secret, after=page.cursor, epoch=page.welcome["epoch"])
    last = await house.send("last")
    await again.until_seq(last.seq)

    assert again.welcome["epoch"] == page.welcome["epoch"]
    assert page.seqs + again.seqs == [first_gift.seq, *(gift.seq for gift in later_gifts), last.seq]


async def test_a_source_that_was_destroyed_goes_on_after_what_it_has_shown(house: House):
    await house.go_live()
    secret = await house.linked()
    page = await house.page(secret, slot="scene-2")
    first_gift, unshown = await house.send("a"), await house.send("b")
    await page.until_seq(unshown.seq)
    await page.say(shown=first_gift.seq)
    await page.say(ping=1)
    await page.until_pong(1)
    await page.leave()

    again = await house.page(secret, slot="scene-2")
    second_page = await house.page(secret, slot="scene-3")
    last = await house.send("last")
    for each in (again, second_page):
        await each.until_seq(last.seq)

    assert again.seqs == [unshown.seq, last.seq]
    # A link that is pasted in the middle of a show replays nothing.
    assert second_page.seqs == [last.seq]


async def test_a_reversed_gift_leaves_the_queue_and_the_sums(house: House):
    await house.go_live()
    page = await house.page(await house.linked())
    first, second = await house.send("a"), await house.send("b", sender_id=BOB, quantity=2)
    await page.until_seq(second.seq)

    undone = await house.database.writer.submit(
        Reverse(first.guild_id, "undo", MIA, ALICE, first.seq, "oops", holder_ids=(), item_id=0)
    )
    await page.until_seq(undone.seq)
    await page.until_sum({"coins": 20, "gifts": 2, "people": 1})

    assert [frame["gone"] for frame in page.frames if frame["gone"]] == [[first.seq]]
    # Nor is it shown to whoever comes later.
    late = await house.page(await house.linked(), after=0, epoch=page.welcome["epoch"])
    await late.until_seq(undone.seq)
    assert late.seqs == [second.seq]
    assert late.welcome["sum"] == {"coins": 20, "gifts": 2, "people": 1}
