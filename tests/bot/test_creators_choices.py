"""Creators pause, block and refuse words: senders read why and pay nothing, and nobody is unmasked."""

import pytest

from tests.rig import Town

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
    assert "doesn't want messages with" in about_word
    assert f"<@{town.mia.user.id}>" in named
    assert "isn't taking gifts from you" in about_block
    assert all("You haven't been charged" in text for text in (on_break, about_word, about_block))
    assert "You have 🪙 99 coins left" in receipt


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


async def test_a_board_says_that_its_creator_takes_no_gifts(town: Town) -> None:
    await town.approve(town.noor)
    await (await town.noor.at(town.live).slash("live start")).message()
    await (await town.noor.slash("creator pause")).message()

    board = await town.announced(town.live, "takes no gifts until")

    assert "Noor" in board.text or str(town.noor.user.id) in board.text
