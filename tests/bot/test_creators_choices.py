"""Creators pause, block and refuse words: senders read why and pay nothing, and nobody is unmasked."""

import pytest

from tests import books
from tests.bot.picking import pressable
from tests.rig import Rig, Town, until

pytestmark = pytest.mark.databases("sqlite")


async def test_senders_read_of_a_break_a_block_and_a_word_and_pay_nothing(town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 100)
    pause = await (await town.noor.slash("creator pause", days=3)).message()
    length = pause.text
    on_break = (await town.give(town.mia, "Petal", town.noor)).text
    await (await town.noor.click(pause, "Take gifts again")).message()
    panel = await (await town.noor.slash("creator block")).message()
    form = await (await town.noor.click(panel, "Change the words")).modal()
    await (await town.noor.submit(form, **{form.fields[0]["custom_id"]: "goose\nshut up"})).message()
    about_word = (await town.give(town.mia, "Petal", town.noor, message="silly g00se")).text
    panel = await (await town.noor.slash("creator block", member=town.mia.user)).message()
    named = panel.text
    about_block = (await town.give(town.mia, "Petal", town.noor)).text
    await (await town.noor.select(panel, "Unblock a member", str(town.mia.user.id))).message()
    receipt = (await town.give(town.mia, "Petal", town.noor)).text

    assert "until" in length
    assert "is taking a break from gifts" in on_break
    assert "doesn't want to read" in about_word
    assert f"<@{town.mia.user.id}>" in named
    assert "isn't taking gifts from you" in about_block
    assert all("You haven't been charged" in text for text in (on_break, about_word, about_block))
    assert "You have 🪙\xa099 coins left" in receipt


async def test_an_anonymous_sender_is_blocked_and_never_named(town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 100)
    receipt = await town.give(town.mia, "Petal", town.noor, anonymous=True)
    panel = await (await town.noor.slash("creator block")).message()
    panel = await (await town.noor.click(panel, "Block an anonymous sender")).message()
    gifts = str(panel.components)
    seq = receipt.text.split("Receipt #")[1].split()[0]
    blocked = await (await town.noor.select(panel, "Gift", seq)).message()
    refusal = await town.give(town.mia, "Petal", town.noor, anonymous=True)
    named = await town.give(town.mia, "Petal", town.noor)

    assert "Petal" in gifts
    assert all(str(town.mia.user.id) not in text for text in (gifts, blocked.text, str(blocked.components)))
    assert "isn't taking anonymous gifts from you" in refusal.text
    assert "Sent to" in named.text


async def test_the_sender_of_a_gift_is_blocked_from_the_list_of_gifts_and_unblocked(town: Town) -> None:
    await town.approve(town.noor)
    for member in (town.mia, town.leo):
        await town.grant(member, 100)
    await town.give(town.mia, "Petal", town.noor)
    await town.give(town.leo, "Petal", town.noor, anonymous=True)
    texts: list[str] = []
    for sender, is_anonymous, place in ((town.leo, True, 0), (town.mia, False, -1)):
        panel = await (await town.noor.slash("creator gifts")).message()
        buttons = [item["custom_id"] for item in pressable(panel) if item["label"] == "Block sender"]
        news = await (await town.noor.click(panel, buttons[place])).message()
        texts += [panel.text, str(panel.components), news.text, str(news.components)]
        refusal = await town.give(sender, "Petal", town.noor, anonymous=is_anonymous)
        other_way = await town.give(sender, "Petal", town.noor, anonymous=not is_anonymous)
        lifted = await (await town.noor.click(news, "Lift the block")).message()
        texts.append(lifted.text)
        again = await town.give(sender, "Petal", town.noor, anonymous=is_anonymous)

        assert "isn't taking" in refusal.text
        assert "You haven't been charged" in refusal.text
        assert ("Sent to" in other_way.text) == is_anonymous
        assert "Sent to" in again.text

    # The second list has the gift that Leo then sent under his own name.
    assert str(town.leo.user.id) not in "".join(texts[:5])
    assert f"<@{town.mia.user.id}> can't send you gifts any more." in texts[7]
    assert f"<@{town.mia.user.id}> can send you gifts again." in texts[9]


async def test_a_board_takes_no_gifts_during_a_break_and_takes_them_again(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    await town.approve(town.noor)
    await (await town.noor.at(town.live).slash("live start")).message()
    pause = await (await town.noor.slash("creator pause")).message()
    board = await town.announced(town.live, "isn't taking gifts until")
    buttons = [(item["label"], item.get("disabled", False)) for item in pressable(board)]
    status = await (await town.mia.at(town.live).slash("live status")).message()
    await (await town.noor.click(pause, "Take gifts again")).message()

    async def is_open() -> bool:
        return "isn't taking gifts" not in board.text

    await until(is_open)
    buttons.append((pressable(board)[0]["label"], pressable(board)[0].get("disabled", False)))
    await (await town.noor.slash("creator pause")).message()
    await town.announced(town.live, "isn't taking gifts until")
    query = "SELECT at_ms FROM deadlines WHERE kind = 'live_board' AND at_ms > ?"
    when_it_ends = [*books.rows(own_rig.database, query, 1)]
    await own_rig.stop_bot()
    books.change(own_rig.database, "UPDATE creators SET paused_until_ms = 1")
    books.change(own_rig.database, "UPDATE deadlines SET at_ms = 1 WHERE kind = 'live_board'")
    await own_rig.start_bot()
    await until(is_open)

    assert buttons[0] == ("On a break from gifts", True)
    assert "On a break from gifts" in str(status.components)
    assert buttons[-1] == ("Send a gift", False)
    assert len(when_it_ends) == 1
    assert pressable(board)[0]["label"] == "Send a gift"
