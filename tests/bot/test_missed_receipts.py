"""A receipt that Discord refuses comes with the member's next reply, privately; sending the gift again asks first."""

from typing import Any

import pytest

from sandbox.discord.exchange import Exchange
from sandbox.discord.faults import Fault
from sandbox.discord.model import Message
from sandbox.discord.people import Person
from tests import books
from tests.bot.picking import part, pick_gift
from tests.rig import Rig, Town, until

ANSWERS = r"/interactions/.*/callback"
EDITS = r"/webhooks/.*/@original"
GONE = {"message": "Unknown interaction", "code": 10062}


@pytest.fixture
async def rich(town: Town) -> Town:
    """A town with two creators and a member with coins."""
    await town.approve(town.noor, town.kai)
    await town.grant(town.mia, 5_000)
    # What staff have done for them is told first, so that it does not come below the replies of these tests.
    for person in (town.mia, town.noor, town.kai):
        await with_followup(await person.slash("balance"))
    return town


def lose_answers(rig: Rig) -> Fault:
    """Have Discord refuse every answer until the fault ends."""
    return rig.world.faults.answer("POST", ANSWERS, status=404, body=GONE, times=None)


async def wait_until_missed(rig: Rig, town: Town, count: int = 1) -> None:
    """Wait until `count` receipts of a town are missed."""

    async def has_missed() -> bool:
        query = "SELECT count(*) FROM missed_receipts WHERE guild_id = ?"
        return books.only_value(rig.database, query, town.guild.id) == count

    await until(has_missed)


async def lose_receipt(rig: Rig, town: Town, **options: Any) -> Exchange:
    """Have Mia send Noor three Petals, and lose the receipt."""
    fault = lose_answers(rig)
    exchange = await town.mia.slash("gift", **(dict[str, Any](gift="Petal", creator=town.noor.user, count=3) | options))
    await wait_until_missed(rig, town)
    rig.world.faults.end(fault)
    return exchange


async def with_followup(exchange: Exchange) -> Message:
    """Wait for the follow-up below an answer, and return it."""
    await exchange.message()

    async def has_followup() -> bool:
        return bool(exchange.followups)

    await until(has_followup)
    return exchange.followups[0]


async def test_a_lost_receipt_comes_with_the_next_reply_and_once(rig: Rig, rich: Town) -> None:
    await lose_receipt(rig, rich)

    followup = await with_followup(await rich.mia.slash("balance"))
    await wait_until_missed(rig, rich, 0)
    later_reply = await rich.mia.slash("balance")
    await later_reply.message()

    assert "arrived: receipt #2" in followup.text
    assert "Petal" in followup.text
    assert "× 3" in followup.text
    assert followup.ephemeral_for == rich.mia.user.id
    assert later_reply.followups == []


async def test_it_comes_below_a_public_reply_for_its_member_alone(rig: Rig, rich: Town) -> None:
    await lose_receipt(rig, rich)
    kais_reply = await rich.kai.slash("leaderboard")
    await kais_reply.message()

    mias_reply = await rich.mia.slash("leaderboard")
    followup = await with_followup(mias_reply)
    public = await mias_reply.message()

    assert kais_reply.followups == []
    assert public.ephemeral_for is None
    assert "arrived: receipt" not in public.text
    assert followup.ephemeral_for == rich.mia.user.id


async def test_it_stays_in_the_guild_that_it_belongs_to(rig: Rig, rich: Town) -> None:
    await lose_receipt(rig, rich)
    elsewhere = await rig.found_town()
    rig.world.join(elsewhere.guild, rich.mia.user)
    abroad = await Person(rig.world, rich.mia.user, elsewhere.general).slash("balance")
    await abroad.message()

    assert abroad.followups == []
    assert "receipt #2" in (await with_followup(await rich.mia.slash("balance"))).text


async def test_it_stands_in_a_question_so_that_nothing_hides_what_is_to_be_pressed(rig: Rig, rich: Town) -> None:
    await lose_receipt(rig, rich)
    opening = await rich.mia.user_menu("Send a gift", rich.noor.user)
    panel = await opening.message()
    picker = panel.text
    await wait_until_missed(rig, rich, 0)
    panel = await pick_gift(rich.mia, panel, "Petal")

    assert "arrived: receipt #2" in picker
    assert part(panel, "pick-send")
    assert "receipt #2" not in panel.text
    assert opening.followups == []


async def test_a_question_that_is_lost_takes_no_receipt_with_it(rig: Rig, rich: Town) -> None:
    await lose_receipt(rig, rich)
    fault = lose_answers(rig)
    await rich.mia.user_menu("Send a gift", rich.noor.user)

    async def has_struck() -> bool:
        return fault.struck == 1

    await until(has_struck)
    rig.world.faults.end(fault)

    assert "receipt #2" in (await with_followup(await rich.mia.slash("balance"))).text


async def test_it_comes_below_a_refusal_too(rig: Rig, rich: Town) -> None:
    await lose_receipt(rig, rich)

    refusal = await rich.mia.slash("gift", gift="Petal", creator=rich.mia.user)

    assert "receipt #2" in (await with_followup(refusal)).text


async def test_the_same_gift_right_after_asks_first(rig: Rig, rich: Town) -> None:
    await lose_receipt(rig, rich)

    panel = await rich.give(rich.mia, "Petal", rich.noor, count=3)
    question, gifts_before = panel.text, len(books.gifts(rig.database, rich.guild.id))
    await wait_until_missed(rig, rich, 0)
    await rich.mia.press(panel, part(panel, "gift-send")).message()

    assert "a moment ago" in question
    assert "receipt #2" in question
    assert gifts_before == 1
    assert "Receipt #3" in panel.text
    assert len(books.gifts(rig.database, rich.guild.id)) == 2


async def test_a_question_that_is_lost_is_asked_again(rig: Rig, rich: Town) -> None:
    await lose_receipt(rig, rich)
    fault = lose_answers(rig)
    second_gift = await rich.mia.slash("gift", gift="Petal", creator=rich.noor.user, count=3)

    async def has_struck() -> bool:
        return fault.struck == 1

    await until(has_struck)
    rig.world.faults.end(fault)
    panel = await rich.give(rich.mia, "Petal", rich.noor, count=3)

    assert second_gift.interaction.replied is None
    assert "a moment ago" in panel.text
    assert len(books.gifts(rig.database, rich.guild.id)) == 1


async def test_the_same_gift_to_several_right_after_asks_first(rig: Rig, rich: Town) -> None:
    options: dict[str, Any] = {"gift": "Clover", "creator": rich.noor.user, "second": rich.kai.user}
    fault = lose_answers(rig)
    await rich.mia.slash("gift-team", **options)
    await wait_until_missed(rig, rich)
    rig.world.faults.end(fault)

    question = await (await rich.mia.slash("gift-team", **options)).message()

    assert "a moment ago" in question.text
    assert "receipt #2" in question.text
    # One row for each creator.
    assert len(books.gifts(rig.database, rich.guild.id)) == 2


@pytest.mark.parametrize("change", [{"gift": "Spark"}, {"count": 2}, {"creator": "kai"}])
async def test_another_gift_is_sent_at_once(rig: Rig, rich: Town, change: dict[str, Any]) -> None:
    await lose_receipt(rig, rich)
    if "creator" in change:
        change = {"creator": rich.kai.user}

    options = dict[str, Any](gift="Petal", creator=rich.noor.user, count=3) | change
    answer = await (await rich.mia.slash("gift", **options)).message()

    assert "Receipt #3" in answer.text


async def test_a_minute_later_the_same_gift_is_another_one(rig: Rig, rich: Town) -> None:
    await lose_receipt(rig, rich)
    books.change(rig.database, "UPDATE missed_receipts SET since_ms = since_ms - 60000")

    answer = await rich.give(rich.mia, "Petal", rich.noor, count=3)

    assert "Receipt #3" in answer.text


async def test_every_way_of_sending_keeps_its_receipt(rig: Rig, rich: Town) -> None:
    picker = await pick_gift(
        rich.mia, await (await rich.mia.user_menu("Send a gift", rich.noor.user)).message(), "Petal"
    )
    post = await rich.kai.say("hello")
    message_panel = await pick_gift(
        rich.mia, await (await rich.mia.message_menu("Gift this message", post)).message(), "Spark"
    )
    large = await rich.give(rich.mia, "Northern Lights", rich.noor)
    fault = lose_answers(rig)
    rich.mia.press(picker, part(picker, "pick-send"))
    rich.mia.press(message_panel, part(message_panel, "pick-send"))
    rich.mia.press(large, part(large, "gift-send"))
    await rich.sam.slash("coins grant", member=rich.leo.user, amount=5, reason="a test")
    await wait_until_missed(rig, rich, 4)
    rig.world.faults.end(fault)

    gifts = (await with_followup(await rich.mia.slash("balance"))).text
    grant = (await with_followup(await rich.sam.slash("balance"))).text

    assert all(name in gifts for name in ("Petal", "Spark", "Northern Lights"))
    assert str(rich.leo.user.id) in grant
    assert "5 coins" in grant


@pytest.mark.parametrize("trouble", ["server error", "cut"])
async def test_whatever_loses_a_receipt_it_is_not_lost_for_good(rig: Rig, rich: Town, trouble: str) -> None:
    faults = rig.world.faults
    cut = trouble == "cut"
    rules = [
        faults.drop("POST", ANSWERS, times=None) if cut else faults.answer("POST", ANSWERS, status=503, times=None),
        faults.answer("PATCH", EDITS, status=404, code=10015, times=None),
    ]
    await rich.mia.slash("gift", gift="Petal", creator=rich.noor.user, count=3)
    await wait_until_missed(rig, rich)
    for rule in rules:
        faults.end(rule)

    assert "receipt #2" in (await with_followup(await rich.mia.slash("balance"))).text


async def test_an_answer_that_arrived_though_nobody_heard_so_is_not_shown_again(rig: Rig, rich: Town) -> None:
    rig.world.faults.drop("POST", ANSWERS, after=True)
    answer = await rich.give(rich.mia, "Petal", rich.noor)
    next_one = await rich.mia.slash("balance")
    await next_one.message()

    assert "Receipt #2" in answer.text
    assert next_one.followups == []


async def test_a_receipt_is_missed_across_a_kill(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    await town.approve(town.noor)
    await town.grant(town.mia, 100)
    await town.give(town.mia, "Spark", town.noor)

    async def is_caught_up() -> bool:
        query = "SELECT coalesce(max(seq), 0) FROM cursors WHERE follower = 'replies' AND guild_id = ?"
        return books.only_value(own_rig.database, query, town.guild.id) == 2

    await until(is_caught_up)
    # The bot is killed after the commit, while its answer is still on its way.
    own_rig.world.faults.delay("POST", ANSWERS, 60, times=None)
    await town.mia.slash("gift", gift="Petal", creator=town.noor.user, count=3)

    async def is_committed() -> bool:
        return len(books.gifts(own_rig.database, town.guild.id)) == 2

    await until(is_committed)
    await own_rig.kill_bot()
    own_rig.world.faults.clear()
    await own_rig.start_bot()
    panel = await town.give(town.mia, "Petal", town.noor, count=3)
    await wait_until_missed(own_rig, town, 0)
    quiet = await town.mia.slash("balance")
    await quiet.message()
    await own_rig.stop_bot()

    assert "receipt #3" in panel.text
    assert quiet.followups == []
    assert len(books.gifts(own_rig.database, town.guild.id)) == 2


async def test_a_stop_leaves_nobody_with_a_receipt_to_be_shown_again(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    await town.approve(town.noor)
    await town.grant(town.mia, 100)
    await town.give(town.mia, "Petal", town.noor, count=3)
    await own_rig.stop_bot()
    await own_rig.start_bot()
    receipt = await town.give(town.mia, "Petal", town.noor, count=3)
    await own_rig.stop_bot()

    assert "Receipt #3" in receipt.text
    assert books.only_value(own_rig.database, "SELECT count(*) FROM missed_receipts") == 0


async def test_closing_the_panel_of_a_gift_whose_receipt_was_lost_shows_the_receipt(rig: Rig, rich: Town) -> None:
    panel = await rich.give(rich.mia, "Northern Lights", rich.noor)
    fault = lose_answers(rig)
    rich.mia.press(panel, part(panel, "gift-send"))
    await wait_until_missed(rig, rich)
    rig.world.faults.end(fault)
    await rich.mia.press(panel, part(panel, "gift-close")).message()
    await wait_until_missed(rig, rich, 0)

    assert "Receipt #2" in panel.text
    assert "charged" not in panel.text
