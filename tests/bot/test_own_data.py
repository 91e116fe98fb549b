"""A member's data over the wire: all of it as a file, and nothing of it after its deletion."""

import json
from collections.abc import Iterator
from typing import Any

from bot.storage.sql import tables
from bot.storage.sql.columns import PERSONAL
from tests import books
from tests.bot.picking import part, pick_gift
from tests.bot.test_boards import buttons
from tests.bot.test_perks_on_screen import open_perk
from tests.rig import Rig, Town


def rows_of(rig: Rig) -> Iterator[tuple[str, str, Any]]:
    """Yield each value of the database with its table and column."""
    for table in tables.metadata.sorted_tables:
        names = [column.name for column in table.columns]
        listed = ", ".join(f'"{name}"' for name in names)
        for row in books.rows(rig.database, f'SELECT {listed} FROM "{table.name}"'):
            yield from ((table.name, name, value) for name, value in zip(names, row, strict=True))


def places_of(rig: Rig, *ids: int) -> set[tuple[str, str]]:
    """Return the columns with one of the ids, alone or within a text."""
    words = [str(number) for number in ids]
    return {
        (table, column)
        for table, column, value in rows_of(rig)
        if value in ids or (isinstance(value, str) and any(word in value for word in words))
    }


def undeclared(places: set[tuple[str, str]]) -> set[tuple[str, str]]:
    return {
        (table, name)
        for table, name in places
        if PERSONAL not in tables.metadata.tables[table].c[_key(table, name)].info
    }


def _key(table: str, name: str) -> str:
    return next(column.key for column in tables.metadata.tables[table].columns if column.name == name)


async def live_a_full_life(town: Town) -> None:
    """Have Mia do a little of everything that leaves a trace, and others do something with her."""
    mia, noor, kai, sam = town.mia, town.noor, town.kai, town.sam
    me = f"<@{mia.user.id}>"
    await town.announce_in(town.gifts)
    await town.approve(noor, kai)
    await (await sam.slash("coins grant", member=mia.user, amount=500, reason=f"for {me}")).message()
    await town.grant(kai, 50)
    await (await sam.slash("perk add", name="Poem", price=9, kind="Text", text="Hi")).message()  # pyright: ignore[reportArgumentType]
    await (await noor.at(town.live).slash("live start", title="Friday")).message()
    board = await town.announced(town.live, "Be the first to send a gift!")
    await (await mia.at(town.live).click(board, "Hop on")).message()
    await (await mia.slash("budget set", period="month", amount=400)).message()
    await (await mia.click(await open_perk(town, "Poem"), "Unlock for 🪙\xa09")).message()
    await town.give(mia, "Warm Heart", noor, count=3, message="my own words")
    await town.give(mia, "Petal", noor, anonymous=True, message="nobody knows")
    picker = await pick_gift(mia, await (await mia.user_menu("Send a gift", noor.user)).message(), "Petal")
    await (await mia.click(picker, part(picker, "pick-send")["custom_id"])).message()
    await town.give(kai, "Petal", noor, message=f"as good as {me}")
    await (await noor.slash("creator thanks")).message()
    await (await mia.slash("privacy settings", no_pings=True)).message()
    await (await noor.slash("creator block", member=mia.user)).message()
    await (await mia.slash("balance")).message()
    await town.end_live(noor.at(town.live))


async def test_everything_about_a_member_is_theirs_to_have_and_to_delete(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    await live_a_full_life(town)
    mia_id = town.mia.user.id
    holder = books.only_value(
        own_rig.database, "SELECT holder_id FROM holders WHERE guild_id = ? AND user_id = ?", town.guild.id, mia_id
    )
    before = books.rows(own_rig.database, "SELECT kind, sum(amount) FROM balances GROUP BY kind ORDER BY kind")

    export = await (await town.mia.slash("privacy export")).message()
    panel = await (await town.mia.slash("privacy delete")).message()
    warning, places = panel.text, places_of(own_rig, mia_id, holder)
    deletion = await (await town.mia.click(panel, "Delete my data")).message()

    own_data = json.loads(export.attachments[0].data)
    assert own_data["member"] == str(mia_id)
    assert {"my own words", "nobody knows"} <= {entry.get("note") for entry in own_data["history"]}
    assert {"member_settings", "balances"} <= own_data["records"].keys()
    assert {"budgets", "attendance", "perk_unlocks"} <= own_data["records"].keys()
    assert "creator_blocks" not in own_data["records"]
    assert "What you lose" in warning
    assert "🪙\xa0459 coins" in warning
    assert "Your data is deleted" in deletion.text
    assert undeclared(places) <= {("journal", "body")}
    assert places_of(own_rig, mia_id) == set()
    assert not {"my own words", "nobody knows"} & {text for _, _, text in rows_of(own_rig)}
    assert books.rows(own_rig.database, "SELECT kind, sum(amount) FROM balances GROUP BY kind ORDER BY kind") == before
    own_rig.bot.lines.clear()
    await town.give(town.kai, "Petal", town.noor)
    board = await (await town.leo.slash("leaderboard", period="all")).message()
    assert str(mia_id) not in board.text
    assert not [line for line in own_rig.bot.lines if str(mia_id) in line]
    assert "🪙\xa00" in await town.balance(town.mia)


async def confirm_everything(town: Town) -> None:
    """Have Sam, who is staff, say yes wherever somebody is asked before coins move, and end what is left open."""
    sam, noor, kai = town.sam, town.noor.user, town.kai.user
    await town.approve(town.noor, town.kai)
    await town.grant(sam, 9_000)
    await town.grant(town.leo, 5_000)
    panels: list[tuple[str, dict[str, Any]]] = [
        ("gift-send", {"gift": "Northern Lights", "creator": noor}),
        ("team:", {"gift": "Northern Lights", "creator": noor, "second": kai}),
    ]
    for action, options in panels:
        panel = await (await sam.slash("gift-team" if action == "team:" else "gift", **options)).message()
        assert "Receipt #" in (await (await sam.click(panel, part(panel, action)["custom_id"])).message()).text
    await (await town.leo.slash("chip-in", gift="Tall Ship", creator=noor, coins=300)).message()
    pool = await town.announced(town.general, "Let's send")
    form = await sam.press(pool, part(pool, "chip-other")).modal()
    question = await (await sam.submit(form, **{form.fields[0]["custom_id"]: "1400"})).message()
    assert (
        "Receipt #" in (await (await sam.click(question, part(question, "chip-confirm")["custom_id"])).message()).text
    )
    await (await sam.click(pool, "Take mine back")).message()
    chest = await (await sam.slash("chest", amount=60, shares=3)).message()
    await (await sam.click(chest, part(chest, "chest-open")["custom_id"])).message()
    await (await sam.click(chest, "Close it now")).message()
    question = await (await sam.slash("coins reverse", receipt=3, reason="by mistake")).message()
    await (await sam.click(question, part(question, "coins-reverse")["custom_id"])).message()


async def test_whatever_staff_have_said_yes_to_nothing_names_them_after_a_deletion(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    await confirm_everything(town)
    sam = town.sam.user.id
    kinds = {kind for (kind,) in books.rows(own_rig.database, "SELECT kind FROM journal")}

    panel = await (await town.sam.slash("privacy delete")).message()
    places = places_of(own_rig, sam)
    deletion = await (await town.sam.click(panel, "Delete my data")).message()

    assert {"gift", "chip", "chip_return", "chest", "chest_return", "reversal", "grant"} <= kinds
    assert ("holders", "user_id") in places
    assert ("journal", "key") not in places
    assert "Your data is deleted" in deletion.text
    assert places_of(own_rig, sam) == set()


async def test_an_announcement_that_grows_after_a_deletion_names_the_member_no_more(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    await town.announce_in(town.gifts)
    await town.approve(town.noor)
    for member in (town.mia, town.leo):
        await town.grant(member, 50)
    await town.give(town.mia, "Petal", town.noor)
    announcement = await town.announced(town.gifts, f"<@{town.mia.user.id}>")
    panel = await (await town.mia.slash("privacy delete")).message()
    await (await town.mia.click(panel, "Delete my data")).message()

    await town.give(town.leo, "Petal", town.noor)

    grown = await town.announced(town.gifts, f"<@{town.leo.user.id}>")
    assert grown is announcement
    assert str(town.mia.user.id) not in grown.text


async def test_whoever_hides_is_on_no_leaderboard_and_has_no_profile_until_they_show_themselves(town: Town) -> None:
    town.forbid_files()
    mia = town.mia.user.id
    await town.approve(town.noor)
    for member in (town.mia, town.leo):
        await town.grant(member, 50)
        await town.give(member, "Warm Heart", town.noor)

    choices = await (await town.mia.slash("privacy settings", hide_me=True)).message()
    hidden_boards = [await (await who.slash("leaderboard")).message() for who in (town.leo, town.mia)]
    refusal = await (await town.leo.slash("profile", member=town.mia.user)).message()
    await (await town.mia.click(choices, "Show me")).message()
    board = await (await town.leo.slash("leaderboard")).message()

    assert "doesn't want to be shown" in refusal.text
    assert not [each for each in hidden_boards if str(mia) in each.text]
    assert all(str(town.leo.user.id) in each.text for each in hidden_boards)
    assert "You're shown" in choices.text
    assert str(mia) in board.text


async def test_whoever_hides_amounts_keeps_name_and_place_and_shows_no_sum(town: Town) -> None:
    town.forbid_files()
    await town.announce_in(town.gifts)
    await town.approve(town.noor, town.kai)
    for member, count in ((town.mia, 3), (town.leo, 2)):
        await town.grant(member, 90)
        await (await member.slash("privacy settings", hide_amounts=member is town.mia)).message()
        await town.give(member, "Warm Heart", town.noor, count=count)

    announcement = await town.announced(town.gifts, f"<@{town.leo.user.id}>")
    board = await (await town.leo.slash("leaderboard", period="all")).message()
    profile = await (await town.leo.slash("profile", member=town.mia.user)).message()
    await town.give(town.mia, "Petal", town.kai, count=4)
    queue = await (await town.kai.slash("creator thanks")).message()
    await (await town.kai.click(queue, "Thank Mia")).message()
    thanks = await town.announced(town.gifts, "💐")

    assert "gift" not in thanks.text
    assert "thanks <@" in thanks.text
    assert f"<@{town.mia.user.id}> · **amount hidden**" in board.text
    assert f"<@{town.leo.user.id}> · **🪙\xa020**" in board.text
    assert f"<@{town.mia.user.id}>" in announcement.text
    assert "×" not in announcement.text
    assert "coins" not in announcement.text
    assert "Amounts are hidden" in profile.text
    assert "🪙" not in profile.text


async def test_gifts_are_anonymous_by_default_for_whoever_wants_that(town: Town) -> None:
    await town.announce_in(town.gifts)
    await town.approve(town.noor)
    await town.grant(town.mia, 90)
    await (await town.mia.slash("privacy settings", anonymous=True)).message()

    by_default = await town.give(town.mia, "Petal", town.noor)
    by_name = await town.give(town.mia, "Petal", town.noor, anonymous=False)
    picker = await (await town.mia.user_menu("Send a gift", town.noor.user)).message()

    assert "Your name stays hidden" in by_default.text
    assert "Your name stays hidden" not in by_name.text
    assert "Show my name" in buttons(picker)


async def test_quiet_members_are_offered_no_combo_and_get_no_invitation(town: Town) -> None:
    await town.allow_matches()
    await town.approve(town.noor, town.kai)
    await town.grant(town.kai, 90)
    await (await town.noor.at(town.live).slash("live start")).message()

    panel = await (await town.kai.slash("privacy settings")).message()
    await (await town.kai.click(panel, "Quiet, please")).message()
    receipt = await town.give(town.kai, "Petal", town.noor)
    invitation = await (await town.noor.at(town.live).slash("live match", opponent=town.kai.user)).message()
    await (await town.kai.click(panel, "Join in")).message()
    loud_receipt = await town.give(town.kai, "Petal", town.noor)

    assert "doesn't want to be in matches" in invitation.text
    assert [label for label in buttons(receipt) if "×" in label] == []
    assert len([label for label in buttons(loud_receipt) if "×" in label]) == 2
