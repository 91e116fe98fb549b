"""/coins grant-many and /coins undo in Discord: a file, the preview, one button, one undo."""

from typing import Any

from sandbox.discord.model import Message
from tests import books
from tests.bot.test_limits_on_grants import set_limits
from tests.rig import Rig, Town


def export(town: Town) -> bytes:
    """Return what another bot might export of this town."""
    lines = [
        "user_id;username;balance",
        f"{town.mia.user.id};mia;1.500",
        f'{town.leo.user.id};"leo; the first";250',
        f"{town.kai.user.id};kai;-3",
        "200000000000000009;gone;10",
        f"{town.mia.user.id};mia;7",
        f"{town.rig.world.bot_user.id};rosette;1",
        f"{town.sam.user.id};sam;1",
    ]
    return ("\ufeff" + "\r\n".join(lines)).encode()


async def grant_many(town: Town, content: bytes, **options: Any) -> Message:
    """Have Sam upload a file. The reason is that members move, unless another one is given, or None."""
    file = town.sam.upload("balances.csv", content)
    values: dict[str, Any] = {
        name: value for name, value in ({"reason": "moving"} | options).items() if value is not None
    }
    return await (await town.sam.slash("coins grant-many", file=file, **values)).message()


async def test_a_file_is_previewed_granted_once_and_undone(rig: Rig, town: Town) -> None:
    panel = await grant_many(town, export(town), reason="moving *over*")
    files = [attachment.filename for attachment in panel.attachments]
    preview, rows_before = panel.text, books.rows(rig.database, "SELECT seq FROM journal")
    clicks = [await town.sam.click(panel, "Grant to 2 members") for _ in range(2)]
    answers = [await click.message() for click in clicks]
    leo = await town.balance(town.leo)
    news = await town.noticed(town.leo, "gave you")
    (choice,) = await town.sam.autocomplete("coins undo", "batch", batch="")
    question = await (await town.sam.slash("coins undo", batch=choice["value"], reason="wrong *file*")).message()
    asked = question.text
    undone = await (await town.sam.click(question, f"Reverse receipt #{choice['value']}")).message()
    again = await (await town.sam.slash("coins undo", batch=choice["value"], reason="x")).message()

    assert "**2** members get promo coins." in preview
    assert "In all: **🪙\xa01,750 coins**" in preview
    assert f"<@{town.mia.user.id}> 🪙\xa01,500" in preview
    assert "5 rows are left out" in preview
    assert "Row 4 (\u2068\\-3\u2069): is below zero" in preview
    assert files == ["rows-left-out.csv"]
    assert "moving \\*over\\*" in preview
    assert rows_before == books.rows(rig.database, "SELECT seq FROM journal WHERE guild_id <> ?", town.guild.id)
    assert ["**2** members got promo coins." in answer.text for answer in answers] == [True, True]
    assert "250 coins" in leo
    assert "🪙\xa0250 coins" in news.text
    assert "2 members · 🪙\xa01,750 · moving *over*" in choice["name"]
    assert "Still unspent: **🪙\xa01,750 coins**" in asked
    assert "Taken back unspent: **🪙\xa01,750 coins**" in undone.text
    assert "Still unspent" not in undone.text
    assert "wrong \\*file\\*" in undone.text
    assert "already been reversed" in again.text
    assert "**🪙\xa00" in await town.balance(town.leo) or "0 coins" in await town.balance(town.leo)
    assert books.only_value(rig.database, "SELECT count(*) FROM journal WHERE guild_id = ?", town.guild.id) == 2


async def test_a_file_without_a_reason_is_asked_for_one(rig: Rig, town: Town) -> None:
    refused = await grant_many(town, export(town), reason=None)

    assert "Use `reason` to say why they get coins." in refused.text
    assert books.rows(rig.database, "SELECT seq FROM journal WHERE guild_id = ?", town.guild.id) == []


async def test_the_file_lists_every_row_that_is_left_out(town: Town) -> None:
    panel = await grant_many(town, export(town))
    (attachment,) = panel.attachments
    text = attachment.data.decode("utf-8-sig")

    assert text.splitlines() == [
        "Row,Value,Problem",
        "4,'-3,is below zero",
        "5,200000000000000009,isn't in this server",
        f"6,{town.mia.user.id},is the same member as in row 2",
        f"7,{town.rig.world.bot_user.id},is a bot",
        f"8,{town.sam.user.id},is you; someone else has to confirm a grant to yourself",
    ]


async def test_names_a_ratio_and_the_limit_of_one_grant(town: Town) -> None:
    await set_limits(town, "100", "")
    name = town.mia.user.name
    panel = await grant_many(
        town, f"user\tcash\n{name}\t1000\nLeo\t1001\n".encode(), ratio="10:1", member_column="user"
    )
    too_many = await grant_many(town, f"{town.mia.user.id}\n{town.leo.user.id},101".encode(), amount=100)

    assert f"<@{town.mia.user.id}> 🪙\xa0100" in panel.text
    assert "**1** member gets" in too_many.text
    assert "is more than one member can get: 100" in too_many.text


async def test_what_cannot_be_read_is_refused_in_plain_words(town: Town) -> None:
    picture = await grant_many(town, b"\x89PNG\0\0")
    columns = await grant_many(town, b"user_id,colour\n1,red\n")
    nobody = await grant_many(town, b"user_id,coins\n200000000000000009,5\n")
    ratio = await grant_many(town, export(town), ratio="ten")

    assert "That isn't a CSV file." in picture.text
    assert "I can't tell which columns" in columns.text
    assert "There's no row in this file that I can use." in nobody.text
    assert "Grant to" not in str(nobody.components)
    assert "“\u2068ten\u2069” isn't a ratio." in ratio.text
