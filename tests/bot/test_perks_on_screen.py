"""Perks over the wire: staff offer a role, members unlock it, and the coins come back where it cannot be given."""

from typing import Any

from sandbox.discord.model import Message
from sandbox.discord.people import Person
from tests import books
from tests.bot.picking import part
from tests.bot.test_level_roles import gets, loses
from tests.bot.test_missed_receipts import lose_answers
from tests.rig import Rig, Town, until


async def open_perk(town: Town, name: str, member: Person | None = None) -> Message:
    """Have a member, by default Mia, open the page of a perk."""
    person = member or town.mia
    shelf = await (await person.slash("perks")).message()
    query = "SELECT perk_id FROM perks WHERE guild_id = ? AND name = ?"
    (perk_id,) = next(iter(books.rows(town.rig.database, query, town.guild.id, name)))
    return await (await person.select(shelf, part(shelf, "Pick a perk")["custom_id"], str(perk_id))).message()


async def test_a_role_for_coins_from_the_offer_to_its_end(rig: Rig, town: Town) -> None:
    role = rig.world.add_role(town.guild, "Backstage")
    await town.grant(town.mia, 1_000)
    terms: dict[str, Any] = {
        "price": 400,
        "days": 7,
        "stock": 2,
        "restock": "Every week",
        "about": "Before everyone else",
    }
    added = await (await town.sam.slash("perk add", name="Backstage", kind="Role", role=role, **terms)).message()
    assert "Perk added" in added.text
    assert "for 7 days · 2 left · filled up every week" in added.text
    page = await open_perk(town, "Backstage")
    assert f"You get the role <@&{role.id}>." in page.text
    assert "≈\xa0$5.66\nYou'll have 🪙\xa0600 coins left." in page.text

    # Somebody changes the price while the page is open: the new one is shown before it is charged.
    await (await town.sam.slash("perk edit", perk="Backstage", price=500)).message()
    page = await (await town.mia.click(page, "Unlock for 🪙\xa0400")).message()
    assert "from 🪙\xa0400 coins to 🪙\xa0500 coins" in page.text
    receipt = await (await town.mia.click(page, "Unlock for 🪙\xa0500")).message()
    assert "You unlocked it for **🪙\xa0500 coins**." in receipt.text
    await gets(town, town.mia, role)

    # The same button again, as Discord may deliver it: charged once.
    await town.balance(town.mia)
    history = await (await town.mia.slash("history")).message()
    assert "Unlocked: 🎭" in history.text
    page = await open_perk(town, "Backstage")
    assert "Renew for 🪙\xa0500" in page.text

    week_ms = 8 * 24 * 3_600_000
    books.change(rig.database, f"UPDATE perk_unlocks SET until_ms = until_ms - {week_ms}")
    books.hasten(rig.database, "perk_end", week_ms)
    await loses(town, town.mia, role)


async def test_a_perk_that_became_another_one_is_seen_again_before_it_is_charged(rig: Rig, town: Town) -> None:
    role = rig.world.add_role(town.guild, "Backstage")
    await town.grant(town.mia, 1_000)
    await (await town.sam.slash("perk add", name="Backstage", kind="Role", role=role, price=400, days=30)).message()
    page = await open_perk(town, "Backstage")
    await (await town.sam.slash("perk edit", perk="Backstage", days=1)).message()

    page = await (await town.mia.click(page, "Unlock for 🪙\xa0400")).message()
    news, balance = page.text, await town.balance(town.mia)
    receipt = await (await town.mia.click(page, "Unlock for 🪙\xa0400")).message()

    assert "This perk has just changed." in news
    assert "1 day" in news
    assert "1,000 coins" in balance
    assert "You unlocked it for **🪙\xa0400 coins**." in receipt.text


async def test_a_role_out_of_reach_is_refused_or_goes_back(rig: Rig, town: Town) -> None:
    role = rig.world.add_role(town.guild, "Lounge")
    await town.grant(town.mia, 1_000)
    await (await town.sam.slash("perk add", name="Lounge", kind="Role", role=role, price=300)).message()
    page = await open_perk(town, "Lounge")
    bot = town.guild.members[rig.world.bot_user.id]
    below = role.position
    rig.world.update_role(role, position=town.guild.top_position(bot) + 1)
    refusal = await (await town.mia.click(page, "Unlock for 🪙\xa0300")).message()
    assert "right now. Please tell the staff" in refusal.text
    assert "You haven't been charged." in refusal.text
    await town.announced(town.general, "I can't give out some roles")
    rig.world.update_role(role, position=below)

    # Discord takes no role of this member from now on, so nothing is delivered.
    silence = rig.world.faults.answer("PUT", f"/members/{town.mia.user.id}/roles/", 502, times=None)
    page = await open_perk(town, "Lounge")
    receipt = await (await town.mia.click(page, "Unlock for 🪙\xa0300")).message()
    assert "you get your coins back" in receipt.text
    own = await (await town.mia.click(await (await town.mia.slash("perks")).message(), "My perks")).message()
    assert "on its way" in own.text
    books.change(rig.database, "UPDATE perk_unlocks SET at_ms = at_ms - 3600000")
    books.hasten(rig.database, "perk_delivery", 3_600_000)

    async def look() -> bool:
        states = books.rows(rig.database, "SELECT state FROM perk_unlocks WHERE guild_id = ?", town.guild.id)
        return states == [("reversed",)]

    await until(look)
    rig.world.faults.end(silence)
    await town.balance(town.mia)
    await town.noticed(town.mia, "so you got your coins back: **🪙\xa0300 coins**")
    assert "# 🪙\xa01,000 coins" in (await (await town.mia.slash("balance")).message()).text


async def test_texts_and_files_come_privately_and_are_read_again(rig: Rig, town: Town) -> None:
    await town.grant(town.mia, 1_000)
    await town.approve(town.noor)
    await (await town.sam.slash("perk add", name="Setlist", kind="Text", text="One\\nTwo", price=50, each=1)).message()
    page = await open_perk(town, "Setlist")
    receipt = await (await town.mia.click(page, "Unlock for 🪙\xa050")).message()
    assert "One\nTwo" in receipt.text
    assert receipt.ephemeral_for == town.mia.user.id
    own = await (await town.mia.click(await (await town.mia.slash("perks")).message(), "My perks")).message()
    again = part(own, "Open a text or a file")
    reading = await (await town.mia.select(own, again["custom_id"], again["options"][0]["value"])).message()
    assert "One\nTwo" in reading.text
    page = await open_perk(town, "Setlist")
    assert "You already have" in page.text

    file = town.sam.upload("wall paper.txt", b"a wall", "text/plain")
    await (await town.sam.slash("perk add", name="Paper", kind="File", file=file, price=50)).message()
    receipt = await (await town.mia.click(await open_perk(town, "Paper"), "Unlock for 🪙\xa050")).message()
    assert [(each.filename, each.data) for each in receipt.attachments] == [("wall_paper.txt", b"a wall")]

    await (await town.sam.slash("perk add", name="Fan text", kind="Text", text="Hi", tier="Every gift")).message()
    page = await open_perk(town, "Fan text")
    refusal = await (await town.mia.click(page, "Unlock it")).message()
    assert "To unlock this, send a gift under your own name. What counts: Every gift." in refusal.text
    await town.give(town.mia, "Petal", town.noor)
    page = await open_perk(town, "Fan text")
    receipt = await (await town.mia.click(page, "Unlock it")).message()
    assert "Hi" in receipt.text


async def test_a_shout_out_from_the_wish_to_its_end(rig: Rig, town: Town) -> None:
    await town.grant(town.mia, 1_000)
    await town.approve(town.noor)
    terms: dict[str, Any] = {"kind": "Shout-out", "price": 200, "creator": town.noor.user}
    await (await town.sam.slash("perk add", name="On stage", **terms)).message()
    page = await open_perk(town, "On stage")
    assert f"<@{town.noor.user.id}> gives you a shout-out." in page.text
    form = await (await town.mia.click(page, "Unlock for 🪙\xa0200")).modal()
    wish = {form.fields[-1]["custom_id"]: "For **Leo**, who is 20 today"}
    receipt = await (await town.mia.submit(form, **wish)).message()
    assert "Your wish is in the queue." in receipt.text
    await town.balance(town.noor)
    await town.noticed(town.noor, f"<@{town.mia.user.id}> unlocked")

    shelf = await (await town.noor.slash("perks")).message()
    queue = await (await town.noor.click(shelf, "1 shout-out to give")).message()
    assert "who is 20 today" in queue.text
    queue = await (await town.noor.click(queue, "Start it")).message()
    assert "in the works" in queue.text
    queue = await (await town.noor.click(queue, "Mark as done")).message()
    assert "Nothing is waiting for you." in queue.text
    await town.balance(town.mia)
    await town.noticed(town.mia, f"<@{town.noor.user.id}> has done your")


async def test_a_wish_that_nobody_can_or_wants_to_read_is_refused_and_costs_nothing(town: Town) -> None:
    await town.grant(town.mia, 400)
    await (await town.sam.slash("perk add", name="Hello", kind="Shout-out", price=200)).message()
    settings = await (await town.sam.slash("settings")).message()
    creators = await (await town.sam.click(settings, part(settings, "Creators")["custom_id"])).message()
    form = await (await town.sam.click(creators, part(creators, "settings-words")["custom_id"])).modal()
    await (await town.sam.submit(form, **{form.fields[0]["custom_id"]: "goose"})).message()
    page = await open_perk(town, "Hello")
    refusals: list[str] = []
    for wish in ("\u200b\u2060\u200d", "For my g o o s e"):
        form = await (await town.mia.click(page, "Unlock for 🪙\xa0200")).modal()
        refusal = await (await town.mia.submit(form, **{form.fields[-1]["custom_id"]: wish})).message()
        refusals.append(refusal.text)

    assert "I can't use that wish. Write 1 to 200 visible characters." in refusals[0]
    assert "isn't allowed here. Leave that word out" in refusals[1]
    assert "🪙\xa0400" in await town.balance(town.mia)


async def test_the_panel_in_a_channel_shows_what_is_offered_now(rig: Rig, town: Town) -> None:
    await town.grant(town.mia, 1_000)
    text: dict[str, Any] = {"kind": "Text", "text": "Hi"}
    await (await town.sam.slash("perk add", name="Poem", price=50, stock=1, **text)).message()
    answer = await (await town.sam.slash("perk panel", channel=town.live)).message()
    assert f"<#{town.live.id}>" in answer.text
    posted = await town.announced(town.live, "Poem")
    assert "🪙\xa050" in posted.text
    shelf = await (await town.mia.click(posted, "See all perks")).message()
    assert shelf.ephemeral_for == town.mia.user.id

    await (await town.mia.click(await open_perk(town, "Poem"), "Unlock for 🪙\xa050")).message()
    await town.announced(town.live, "sold out")
    await (await town.sam.slash("perk edit", perk="Poem", stock=3)).message()
    await (await town.sam.slash("perk add", name="Novel", price=70, **text)).message()
    fresh = await town.announced(town.live, "Novel")
    assert fresh.id == posted.id
    assert len([message for message in rig.world.messages(town.live.id) if "Poem" in message.text]) == 1


async def has_unlocked(rig: Rig, name: str) -> bool:
    """Whether somebody has unlocked a perk."""
    query = "SELECT count(*) FROM perk_unlocks JOIN perks USING (guild_id, perk_id) WHERE name = ?"
    return books.only_value(rig.database, query, name) > 0


async def test_pages_and_the_panel_from_before_a_restart_still_unlock_each_once(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    await town.grant(town.mia, 1_000)
    text: dict[str, Any] = {"kind": "Text", "text": "Hi", "price": 50}
    for name in ("Poem", "Novel"):
        await (await town.sam.slash("perk add", name=name, stock=1, **text)).message()
    await (await town.sam.slash("perk panel", channel=town.live)).message()
    panel = await town.announced(town.live, "Novel")
    poem, novel = [await open_perk(town, name) for name in ("Poem", "Novel")]
    fault = lose_answers(own_rig)
    await town.mia.click(poem, "Unlock for 🪙\xa050")
    await until(lambda: has_unlocked(own_rig, "Poem"))
    await own_rig.kill_bot()
    own_rig.world.faults.end(fault)
    await own_rig.start_bot()

    again = await (await town.mia.click(poem, "Unlock for 🪙\xa050")).message()
    receipt = await (await town.mia.click(novel, "Unlock for 🪙\xa050")).message()
    shelf = await (await town.mia.click(panel, "See all perks")).message()
    unlocked = await (await town.mia.click(shelf, "My perks")).message()

    assert "You unlocked it for **🪙\xa050 coins**." in again.text
    assert "You unlocked it for **🪙\xa050 coins**." in receipt.text
    assert shelf.ephemeral_for == town.mia.user.id
    assert "Poem" in unlocked.text
    assert "Novel" in unlocked.text
    assert "# 🪙\xa0900 coins" in await town.balance(town.mia)
    assert books.only_value(own_rig.database, "SELECT count(*) FROM journal WHERE kind = 'perk'") == 2
    await town.announced(town.live, "sold out")
    assert len([message for message in own_rig.world.messages(town.live.id) if "Poem" in message.text]) == 1


async def test_a_bot_that_is_killed_after_the_charge_delivers_when_it_is_back(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    role = own_rig.world.add_role(town.guild, "Backstage")
    await town.grant(town.mia, 1_000)
    await (await town.sam.slash("perk add", name="Backstage", kind="Role", role=role, price=400)).message()
    silence = own_rig.world.faults.answer("PUT", f"/members/{town.mia.user.id}/roles/", 502, times=None)
    page = await open_perk(town, "Backstage")
    await (await town.mia.click(page, "Unlock for 🪙\xa0400")).message()
    await own_rig.kill_bot()
    own_rig.world.faults.end(silence)

    await own_rig.start_bot()

    await gets(town, town.mia, role)

    async def is_delivered() -> bool:
        return books.rows(own_rig.database, "SELECT state FROM perk_unlocks") == [("done",)]

    await until(is_delivered)
    assert "# 🪙\xa0600 coins" in (await (await town.mia.slash("balance")).message()).text
    assert books.only_value(own_rig.database, "SELECT count(*) FROM journal WHERE kind = 'perk'") == 1


async def test_staff_see_what_a_return_does_before_it_does_it(rig: Rig, town: Town) -> None:
    await town.grant(town.mia, 50)
    await (await town.sam.slash("perk add", name="Setlist", kind="Text", text="One", price=50, stock=1)).message()
    receipt = await (await town.mia.click(await open_perk(town, "Setlist"), "Unlock for 🪙\xa050")).message()
    number = int(receipt.text.rpartition("Receipt #")[2].split()[0])

    question = await (await town.sam.slash("perk return", receipt=number)).message()
    assert "## Take this perk back?\n**📜" in question.text
    assert f"<@{town.mia.user.id}> gets back: **🪙\xa050 coins**" in question.text
    assert "They can't open it any more" in question.text
    assert "🪙\xa00 coins" in (await (await town.mia.slash("balance")).message()).text
    receipt = await (await town.sam.click(question, "Take it back and return the coins")).message()

    assert "got back: **🪙\xa050 coins**" in receipt.text
    lookup = await (await town.sam.slash("coins lookup", member=town.mia.user)).message()
    assert "Unlocked: 📜" in lookup.text
    assert "Coins back for 📜" in lookup.text
    shelf = await (await town.mia.slash("perks")).message()
    await town.noticed(town.mia, "The staff took back your **📜")
    assert "My perks" not in str(shelf.components)


async def test_staff_hear_of_shout_outs_of_the_server_without_a_ping(rig: Rig, town: Town) -> None:
    await town.grant(town.mia, 400)
    await (await town.sam.slash("perk add", name="Hello", kind="Shout-out", price=200)).message()
    for wish in ("For Leo", "For Kai"):
        form = await (await town.mia.click(await open_perk(town, "Hello"), "Unlock for 🪙\xa0200")).modal()
        await (await town.mia.submit(form, **{form.fields[-1]["custom_id"]: wish})).message()
    books.hasten(rig.database, "perk_tickets", 600_000)

    notice = await town.announced(town.general, "2 shout-outs are waiting for the staff.")

    assert "For Leo" not in notice.text
    assert "<@" not in notice.text


async def test_staff_hear_that_coins_cannot_go_back_yet(rig: Rig, town: Town) -> None:
    role = rig.world.add_role(town.guild, "Lounge")
    grant = await (await town.sam.slash("coins grant", member=town.mia.user, amount=300, reason="A try")).message()
    number = int(grant.text.rpartition("Receipt #")[2].split()[0])
    await (await town.sam.slash("perk add", name="Lounge", kind="Role", role=role, price=300)).message()
    rig.world.faults.answer("PUT", f"/members/{town.mia.user.id}/roles/", 502, times=None)
    await (await town.mia.click(await open_perk(town, "Lounge"), "Unlock for 🪙\xa0300")).message()
    question = await (await town.sam.slash("coins reverse", receipt=number, reason="A mistake")).message()
    await (await town.sam.click(question, f"Reverse receipt #{number}")).message()
    books.change(rig.database, "UPDATE perk_unlocks SET at_ms = at_ms - 3600000")
    books.hasten(rig.database, "perk_delivery", 3_600_000)

    await town.announced(town.general, "The server doesn't have enough coins for that yet.")
