"""The card of an overlay over the wire: its links, what can be done with it, who may, and what staff read of it."""

import re

import pytest

from sandbox.discord.model import Message
from sandbox.discord.people import Person
from tests import books
from tests.bot.picking import part, pressable
from tests.bot.test_staff_log import choose_channel, log_page
from tests.rig import Rig, Town, until

LINK = re.compile(r"http://127\.0\.0\.1:\d+/overlay(?:/control)?#([\w-]{43})\b")
STEERING = ["Send a test", "Pause", "Skip", "Mute", "Clear the queue"]


@pytest.fixture
async def show(town: Town) -> Town:
    """A town whose creator Noor is live."""
    await town.approve(town.noor, town.kai)
    await (await town.noor.slash("live start")).message()
    return town


async def card_of(person: Person, command: str = "live status") -> Message:
    """Open the card from the answer to a command."""
    return await (await person.click(await (await person.slash(command)).message(), "Overlay")).message()


async def press(person: Person, card: Message, label: str) -> Message:
    return await (await person.click(card, label)).message()


async def make_link(person: Person, card: Message, scope: int = 0) -> Message:
    """Press the button that makes the link for OBS (0) or for the control page (1)."""
    return await person.press(card, part(card, f"overlay-link:{_base36(person.user.id)}:{scope}:0")).message()


def labels(card: Message) -> list[str]:
    return [item.get("label", "") for item in pressable(card)]


def secrets_on(card: Message) -> list[str]:
    """Return the secrets of the links that can be opened from a card."""
    return [match[1] for item in pressable(card) if (match := LINK.fullmatch(item.get("url", "")))]


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return digits


@pytest.mark.parametrize("command", ["live status", "creator stats"])
async def test_a_creator_finds_the_card_where_they_look_for_it(show: Town, command: str) -> None:
    card = await card_of(show.noor, command)

    assert "There is no link yet." in card.text
    assert labels(card) == ["Make the link", "Make the link"]
    assert card.ephemeral_for == show.noor.user.id


async def test_whoever_starts_a_live_event_is_led_to_the_card(town: Town) -> None:
    await town.approve(town.noor)
    answer = await (await town.noor.slash("live start")).message()

    assert "There is no link yet." in (await press(town.noor, answer, "Overlay")).text


async def test_nobody_else_is_led_to_an_overlay(show: Town) -> None:
    answer = await (await show.mia.slash("live status")).message()

    assert "Overlay" not in labels(answer)


async def test_a_link_is_shown_once_and_covered_and_stays_while_the_card_is_used(show: Town) -> None:
    card = await make_link(show.noor, await card_of(show.noor))
    (secret,) = secrets_on(card)
    assert re.search(rf"\|\|`{LINK.pattern}`\|\|", card.text)
    assert labels(card) == ["New link", "Look at it in a browser", "Make the link", *STEERING, "Turn off the overlay"]

    card = await press(show.noor, card, "Pause")
    assert secrets_on(card) == [secret]
    card = await make_link(show.noor, card, 1)
    assert secrets_on(card)[0] == secret
    assert len({*secrets_on(card)}) == 2

    assert secrets_on(await card_of(show.noor)) == []


async def test_no_secret_reaches_the_books_or_the_log(rig: Rig, show: Town) -> None:
    card = await make_link(show.noor, await make_link(show.noor, await card_of(show.noor)), 1)
    secrets = secrets_on(card)
    await press(show.noor, card, "Send a test")
    rows = books.rows(rig.database, "SELECT * FROM overlay_tokens WHERE guild_id = ?", show.guild.id)

    assert len(secrets) == 2
    assert len(rows) == 2
    for secret in secrets:
        assert secret not in str(rows)
        assert not [line for line in rig.bot.lines if secret in line]


async def test_a_new_link_asks_first_and_can_be_left(rig: Rig, show: Town) -> None:
    card = await make_link(show.noor, await card_of(show.noor))
    digest = await _digest(rig, show)
    question = await press(show.noor, card, "New link")
    assert "The old link stops working at once." in question.text
    assert labels(question) == ["Make a new link", "Back"]
    card = await press(show.noor, question, "Back")
    assert await _digest(rig, show) == digest
    card = await press(show.noor, await press(show.noor, card, "New link"), "Make a new link")

    assert len(secrets_on(card)) == 1
    assert await _digest(rig, show) != digest


async def test_a_card_from_before_the_link_asks_as_well(rig: Rig, show: Town) -> None:
    stale = await card_of(show.noor)
    await make_link(show.noor, await card_of(show.noor))
    digest = await _digest(rig, show)

    assert labels(await make_link(show.noor, stale)) == ["Make a new link", "Back"]
    assert await _digest(rig, show) == digest


async def _digest(rig: Rig, town: Town) -> object:
    query = "SELECT digest FROM overlay_tokens WHERE guild_id = ? AND scope = 'view'"
    return books.only_value(rig.database, query, town.guild.id)


async def test_what_is_pressed_reaches_the_overlay_and_is_said_on_the_card(rig: Rig, show: Town) -> None:
    card = await make_link(show.noor, await card_of(show.noor))
    sentences = {
        "Pause": "Paused.",
        "Resume": "Resumed.",
        "Skip": "Skipped",
        "Mute": "Muted.",
        "Unmute": "The sound is back on.",
        "Clear the queue": "is gone from the overlay",
        "Send a test": "I see no source",
    }
    for label, sentence in sentences.items():
        card = await press(show.noor, card, label)
        assert sentence in card.text
    query = "SELECT action FROM overlay_controls WHERE guild_id = ? ORDER BY nr"
    actions = [action for (action,) in books.rows(rig.database, query, show.guild.id)]

    assert actions == ["pause", "resume", "skip", "mute", "unmute", "clear", "test"]


async def test_what_holds_is_said_when_the_card_is_opened_again(show: Town) -> None:
    card = await make_link(show.noor, await card_of(show.noor))
    await press(show.noor, await press(show.noor, card, "Pause"), "Mute")
    card = await card_of(show.noor)

    assert "The overlay is paused" in card.text
    assert "The overlay is muted." in card.text
    assert labels(card)[-6:-1] == ["Send a test", "Resume", "Skip", "Unmute", "Clear the queue"]


async def test_a_host_steers_the_overlay_of_another_but_sees_and_makes_no_link(show: Town) -> None:
    await make_link(show.noor, await card_of(show.noor))
    card = await card_of(show.sam)

    assert f"<@{show.noor.user.id}>" in card.text
    assert secrets_on(card) == []
    assert labels(card) == [*STEERING, "Turn off the overlay", ""]
    assert "Paused." in (await press(show.sam, card, "Pause")).text


async def test_a_host_switches_to_another_creators_overlay(show: Town) -> None:
    await make_link(show.kai, await card_of(show.kai, "creator stats"))
    card = await card_of(show.sam)
    menu = part(card, "overlay-pick")["custom_id"]
    card = await (await show.sam.select(card, menu, show.kai.user)).message()
    assert f"<@{show.kai.user.id}>" in card.text
    await press(show.sam, card, "Mute")
    assert "The overlay is muted." in (await card_of(show.kai, "creator stats")).text
    refusal = await (await show.sam.select(card, menu, show.mia.user)).message()

    assert f"<@{show.mia.user.id}>" in refusal.text
    assert "creator" in refusal.text


async def test_what_a_host_does_is_in_the_staff_log_and_what_the_creator_does_is_not(show: Town) -> None:
    await choose_channel(show)
    own = await make_link(show.noor, await card_of(show.noor))
    await press(show.noor, own, "Skip")
    card = await press(show.sam, await card_of(show.sam), "Mute")
    card = await press(show.sam, card, "Send a test")
    await press(show.sam, await press(show.sam, card, "Turn off the overlay"), "Turn off the overlay")
    act = await show.announced(show.gifts, "turned off")
    text = (await log_page(show)).text

    assert f"<@{show.noor.user.id}>" in act.text
    assert f"<@{show.sam.user.id}>" in act.text
    assert "**muted**" in text
    assert "skipped" not in text
    assert text.count("📺 Overlay") == 2


async def test_a_creator_has_no_hand_in_the_overlay_of_another(show: Town) -> None:
    await make_link(show.noor, await card_of(show.noor))
    card = await make_link(show.kai, await card_of(show.kai, "creator stats"))
    noor, kai = (_base36(person.user.id) for person in (show.noor, show.kai))
    pause, off = part(card, "Pause"), part(card, "Turn off the overlay")
    pause["custom_id"] = pause["custom_id"].replace(f":{kai}:{kai}:", f":{kai}:{noor}:")
    off["custom_id"] = f"overlay:{noor}"

    for forgery in (pause, off):
        assert "Only hosts can do this." in (await show.kai.press(card, forgery).message()).text
    assert "paused" not in (await card_of(show.noor)).text


async def test_a_card_is_pressed_by_nobody_but_its_owner(show: Town) -> None:
    card = await make_link(show.noor, await card_of(show.noor))
    answer = await show.kai.press(card, part(card, "New link")).message()

    assert secrets_on(answer) == []
    assert "belong to someone else" in answer.text


async def test_whoever_is_no_creator_any_more_is_refused_and_their_links_are_withdrawn(rig: Rig, show: Town) -> None:
    card = await make_link(show.noor, await card_of(show.noor))
    await (await show.sam.slash("creators remove", member=show.noor.user)).message()
    answer = await press(show.noor, card, "Pause")

    assert "Only creators or hosts can do this." in answer.text
    query = "SELECT count(*) FROM overlay_tokens WHERE guild_id = ? AND revoked_ms IS NULL"
    assert books.only_value(rig.database, query, show.guild.id) == 0


async def test_without_an_address_the_card_says_what_is_missing_and_makes_no_link(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    await town.approve(town.noor)
    await (await town.noor.slash("live start")).message()
    card = await card_of(town.noor)
    await own_rig.stop_bot()
    await own_rig.start_bot(PUBLIC_URL="")

    for answer in (await make_link(town.noor, card), await card_of(town.noor)):
        assert "`PUBLIC_URL`" in answer.text
        assert labels(answer) == []
    assert books.only_value(own_rig.database, "SELECT count(*) FROM overlay_tokens") == 0


async def settings_page(town: Town) -> Message:
    return await press(town.sam, await (await town.sam.slash("settings")).message(), "Overlays")


async def test_staff_choose_which_messages_appear_and_whether_they_wait(rig: Rig, town: Town) -> None:
    page = await settings_page(town)
    assert "Medium gifts and up" in page.text
    assert "Messages appear at once." in page.text
    menu = part(page, "settings-overlay-tier")
    grand = next(option["value"] for option in menu["options"] if "Grand" in option["label"])
    page = await (await town.sam.select(page, menu["custom_id"], grand)).message()
    assert "Grand gifts and up" in page.text
    page = await press(town.sam, page, "Let creators see them first")
    assert "once the creator has let it through" in page.text
    page = await press(town.sam, page, "Show them at once")
    assert "Messages appear at once." in page.text
    text = (await log_page(town)).text

    assert "Messages on overlays from: none → **Grand gifts**" in text
    assert "Creators approve messages on overlays: no → **yes**" in text
    assert "Creators approve messages on overlays: yes → **no**" in text


async def test_a_creator_reads_the_card_in_german(show: Town) -> None:
    show.noor.user.locale = "de"
    answer = await (await show.noor.slash("live status")).message()
    card = await make_link(show.noor, await press(show.noor, answer, "Overlay"))

    assert "Du siehst diesen Link nur jetzt" in card.text
    assert "Overlay ausschalten" in labels(card)


async def test_whoever_asks_for_help_finds_how_it_works(town: Town) -> None:
    answer = await (await town.noor.slash("help", topic="overlay")).message()

    assert "paste the link" in answer.text

    async def is_found() -> bool:
        return any("stream" in choice["name"] for choice in await town.noor.autocomplete("help", "topic", topic="obs"))

    assert await until(is_found)
