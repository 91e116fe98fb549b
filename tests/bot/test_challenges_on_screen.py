"""Challenges over the wire: a draft and its preview, points and places, an early end, prizes, and each of them once."""

from sandbox.discord.model import Message, Role
from tests import books
from tests.bot.picking import part, pressable
from tests.bot.test_cases import staff
from tests.bot.test_leaving_acts import fill_in
from tests.rig import Rig, Town, until


async def draft_with_prizes(town: Town, role: Role | None = None) -> Message:
    """Have Sam write a draft in which only coins bring points; return its page."""
    draft = await (await town.sam.slash("challenge add", name="Autumn cup", days=2)).message()
    await fill_in(town, draft, "Points", "2/1000", "", "", "")
    for values in (("1", "", "500", "🏵️ Winner", ""), ("", "20", "", "", "a song of your choice")):
        menu = part(draft, "Add or change a prize")
        form = await (await town.sam.select(draft, menu["custom_id"], menu["options"][-1]["value"])).modal()
        fields = {field["custom_id"]: value for field, value in zip(form.fields, values, strict=True)}
        draft = await (await town.sam.submit(form, **fields)).message()
        if role is not None and values[0]:
            draft = await (await town.sam.select(draft, part(draft, "Role to give")["custom_id"], role)).message()
        draft = await (await town.sam.click(draft, "Back to the preview")).message()
    return draft


async def test_a_challenge_is_seen_before_it_is_posted_and_its_prizes_come_at_its_end(rig: Rig, town: Town) -> None:
    golden = rig.world.add_role(town.guild, "Golden")
    await town.approve(town.noor)
    for person in (town.mia, town.leo):
        await town.grant(person, 500)
    draft = await draft_with_prizes(town, golden)
    assert "Preview: only you can see this." in draft.text
    assert "**2 points** for each coin you gift · up to 1,000 a day" in draft.text
    assert f"**First place**: 🪙\xa0500 coins · <@&{golden.id}> · badge \u2068🏵️ Winner\u2069" in draft.text
    assert "No challenge is running" in (await (await town.mia.slash("challenges")).message()).text
    await (await town.sam.click(draft, "Post it here")).message()
    post = await town.announced(town.general, "**Everyone with 20 points or more**: \u2068a song of your choice\u2069")
    await town.give(town.mia, "Warm Heart", town.noor, count=3)
    await town.give(town.leo, "Warm Heart", town.noor)
    await town.give(town.leo, "Warm Heart", town.noor, anonymous=True)

    own = await (await town.leo.click(post, "See my progress")).message()
    assert own.ephemeral_for == town.leo.user.id
    assert "**20 points** · place 2 of 2" in own.text
    assert "Coins gifted: **20** of 1,000" in own.text
    assert "41 more points, and it's yours." in own.text
    assert "You'd get this one now." in own.text
    assert f"🥇 <@{town.mia.user.id}> · 60 points" in own.text

    # The message itself shows who is ahead, a minute later at the most.
    books.hasten(rig.database, "challenge", 60_000)
    post = await town.announced(town.general, f"🥇 <@{town.mia.user.id}> · 60 points")
    assert "a song of your choice" in post.text
    rig.world.leave(town.guild, town.leo.user)
    rig.world.join(town.guild, town.leo.user)
    back = await (await town.leo.click(post, "See my progress")).message()
    assert "**20 points** · place 2 of 2" in back.text

    (choice,) = await town.sam.autocomplete("challenge end", "challenge", challenge="autumn")
    question = await (await town.sam.slash("challenge end", challenge=choice["value"])).message()
    await (await town.sam.click(question, "End it now")).message()
    results = await town.announced(town.general, "It's over. Thank you all for taking part!")
    assert f"🥇 <@{town.mia.user.id}> · 60 points" in results.text
    assert f"a song of your choice\u2069: <@{town.mia.user.id}> and <@{town.leo.user.id}>" in results.text
    await town.noticed(town.mia, "🪙\xa0500 coins")

    async def has_role() -> bool:
        return golden.id in town.guild.members[town.mia.user.id].roles

    await until(has_role)
    profile = await (await town.mia.slash("profile")).message()
    assert "\u2068🏵️ Winner\u2069 · \u2068Autumn cup\u2069" in profile.text
    over = await (await town.mia.slash("challenges")).message()
    assert "You got this one." in over.text
    again = await (await town.sam.slash("challenge end", challenge=choice["value"])).message()
    assert "already over" in again.text


async def test_drafts_are_listed_changed_and_deleted_and_refused_where_they_make_no_sense(town: Town) -> None:
    draft = await (await town.sam.slash("challenge add", name="Winter cup")).message()
    form = await (await town.sam.click(draft, "Points")).modal()
    draft = await (await town.sam.submit(form, **{field["custom_id"]: "" for field in form.fields})).message()
    refusal = await (await town.sam.click(draft, "Post it here")).message()
    assert "Nothing brings points yet." in refusal.text
    await fill_in(town, draft, "Name and days", "Winter <@1> cup", "Sing along!", "2031-01-01 18:00", "3")
    await fill_in(town, draft, "Double points", "2031-01-02 18:00", "2")
    overview = await (await town.sam.slash("challenge list")).message()
    assert "📝 **\u2068Winter \\<\\@" in overview.text
    menu = part(overview, "Pick a draft")
    page = await (await town.sam.select(overview, menu["custom_id"], menu["options"][0]["value"])).message()
    assert "Sing along!" in page.text
    assert "2 hours of double points" in page.text
    page = await (await town.sam.click(page, "A league for each creator")).message()
    assert "Each creator's fans are a league with its own prizes." in page.text
    answer = await (await town.sam.click(page, "Delete the draft")).message()

    assert "deleted this draft" in answer.text
    late = await (await town.sam.click(draft, "Post it here")).message()
    assert "can't find that challenge" in late.text


async def test_auditors_see_drafts_and_challenges_without_what_they_may_not_press(rig: Rig, town: Town) -> None:
    auditor = await staff(rig, town, "auditor")
    draft = await draft_with_prizes(town)

    async def labels() -> list[str]:
        listing = await (await auditor.slash("challenge list", raw=True)).message()
        menu = part(listing, "Pick a draft or a challenge")
        page = await (await auditor.select(listing, menu["custom_id"], menu["options"][0]["value"])).message()
        assert "Everyone with 20 points or more" in page.text
        return [str(item.get("label", item.get("placeholder"))) for item in pressable(page)]

    assert await labels() == []
    await (await town.sam.click(draft, "Post it here")).message()
    assert await labels() == []


async def test_a_bot_that_is_killed_while_it_gives_prizes_gives_each_once(own_rig: Rig) -> None:
    rig = own_rig
    await rig.start_bot()
    town = await rig.found_town()
    await town.approve(town.noor)
    await town.grant(town.mia, 500)
    await (await town.sam.click(await draft_with_prizes(town), "Post it here")).message()
    await town.announced(town.general, "How to get points")
    await town.give(town.mia, "Warm Heart", town.noor, count=3)
    await rig.stop_bot()
    rig.world.clock.ahead += 2 * 24 * 3600 + 60
    await rig.start_bot()
    await town.announced(town.general, "It's over. Thank you all for taking part!")

    async def is_through() -> bool:
        query = "SELECT count(*) FROM deadlines WHERE kind = 'challenge'"
        is_over = books.only_value(rig.database, "SELECT result_id FROM challenges") is not None
        return is_over and books.only_value(rig.database, query) == 0

    await until(is_through)
    await rig.kill_bot()
    # As if the bot had died before it noted what it had done.
    books.change(rig.database, "UPDATE challenge_awards SET coins_state = 'open' WHERE coins > 0")
    books.change(rig.database, "UPDATE challenges SET result_id = NULL")
    books.change(
        rig.database,
        "INSERT INTO deadlines SELECT guild_id, 'challenge', challenge_id, 1, 0 FROM challenges",
    )
    await rig.start_bot()
    await until(is_through)

    query = "SELECT count(*) FROM journal WHERE kind = 'grant' AND key LIKE 'challenge:%'"
    assert books.only_value(rig.database, query) == 1
    posts = [message for message in rig.world.messages(town.general.id) if "Thank you all for taking" in message.text]
    assert len(posts) == 1
