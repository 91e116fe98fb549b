"""The owner's export over the wire: zips of the books, for the owner alone, in the settings and at the terminal."""

import asyncio
import csv
import hashlib
import io
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest

from bot.clock import wall_ms
from bot.domain.ledger.grant import Grant
from bot.storage.database import Database
from sandbox.discord.exchange import Exchange
from sandbox.discord.limits.messages import MAX_FILES
from sandbox.discord.model import Message
from tests.bot.picking import part, pressable
from tests.operating import operate
from tests.rig import Rig, Town, until

GRANTS = 500
FOLLOW_UP = r"^/webhooks/\d+/[^/]+$"


async def found_large_town(rig: Rig, folder: Path) -> Town:
    """Found a guild whose books need several messages, as files may have few bytes. `folder` is for those on disk."""
    await rig.start_bot()
    town = await rig.found_town()
    await rig.stop_bot()
    database = await Database.open(rig.address, clock=wall_ms)
    # What looks like chance cannot be made much smaller.
    reasons = [hashlib.sha512(b"%d" % number).hexdigest() for number in range(GRANTS)]
    sam, mia = town.sam.user.id, town.mia.user.id
    grants = [
        Grant(town.guild.id, f"grant {number}", sam, mia, number, reason) for number, reason in enumerate(reasons, 1)
    ]
    await asyncio.gather(*map(database.writer.submit, grants))
    await database.close()
    await rig.start_bot(TMPDIR=str(folder))
    await town.until_open()
    rig.world.attachment_size_limit = 5_000
    return town


async def press_export(town: Town) -> Exchange:
    """Have the owner export the books in the settings."""
    panel = await (await town.olive.slash("settings")).message()
    panel = await (await town.olive.click(panel, "Staff roles")).message()
    return await town.olive.click(panel, part(panel, "Export the books")["custom_id"])


def is_last(message: Message) -> bool:
    """Whether a message is the last part of the books."""
    return any(f"Part {count} of {count}." in message.text for count in range(2, 99))


async def messages_of(exchange: Exchange) -> list[Message]:
    """Return all messages of an export once the last has come."""
    first = await exchange.message()

    async def has_last() -> bool:
        return any(map(is_last, exchange.followups))

    await until(has_last)
    return [first, *exchange.followups]


def rows_in(messages: Iterable[Message], name: str) -> list[dict[str, str]]:
    """Return the rows of a file that grows, from all zips of an export. No file comes twice."""
    files: dict[str, bytes] = {}
    for attachment in (each for message in messages for each in message.attachments):
        with zipfile.ZipFile(io.BytesIO(attachment.data)) as archive:
            for member in archive.namelist():
                assert member not in files
                files[member] = archive.read(member)
    pieces = [text.decode("utf-8-sig") for member, text in files.items() if member.startswith(name)]
    return [row for text in pieces for row in csv.DictReader(io.StringIO(text))]


def has_exports(folder: Path) -> bool:
    """Whether exported files are left on disk."""
    return any(folder.glob("rosette-export-*"))


async def wait_until_removed(folder: Path) -> None:
    """Wait until the bot has removed the files that it has sent."""

    async def are_gone() -> bool:
        return not has_exports(folder)

    await until(are_gone)


@pytest.mark.databases("sqlite", "postgresql")
async def test_books_that_one_message_has_no_room_for_come_in_several(own_rig: Rig, tmp_path: Path) -> None:
    town = await found_large_town(own_rig, tmp_path)

    messages = await messages_of(await press_export(town))

    count = len(messages)
    assert count > 2
    assert f"This is part 1 of {count}." in messages[0].text
    for number, message in enumerate(messages[1:], 2):
        assert f"Part {number} of {count}." in message.text
    assert {message.ephemeral_for for message in messages} == {town.olive.user.id}
    assert [len(message.attachments) for message in messages[:-1]] == [MAX_FILES] * (count - 1)
    names = [attachment.filename for message in messages for attachment in message.attachments]
    assert len({*names}) == len(names)
    receipts = sorted(int(row["receipt"]) for row in rows_in(messages, "journal"))
    assert receipts == [*range(1, GRANTS + 1)]
    coins = sum(int(row["coins"]) for row in rows_in(messages, "grants"))
    assert coins == GRANTS * (GRANTS + 1) // 2
    await wait_until_removed(tmp_path)


@pytest.mark.databases("sqlite", "postgresql")
async def test_an_owner_reads_which_parts_came_and_gets_all_of_them_again(own_rig: Rig, tmp_path: Path) -> None:
    town = await found_large_town(own_rig, tmp_path)
    own_rig.world.faults.answer("POST", FOLLOW_UP, 413, code=40005)
    exchange = await press_export(town)
    first = await exchange.message()

    async def has_followup() -> bool:
        return bool(exchange.followups)

    await until(has_followup)
    await wait_until_removed(tmp_path)
    (rest,) = exchange.followups
    again = await messages_of(await town.olive.click(rest, part(rest, "Export the books")["custom_id"]))

    assert "This is part 1 of" in first.text
    assert f"Part 1 of {len(again)} has arrived, and I couldn't send the rest." in rest.text
    assert f"python -m bot export {town.guild.id} books.zip" in rest.text
    assert rest.ephemeral_for == town.olive.user.id
    assert rest.attachments == []
    assert len(rows_in(again, "journal")) == GRANTS


async def test_only_the_owner_gets_the_books_as_a_file(own_rig: Rig, tmp_path: Path) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    await town.approve(town.noor)
    await (await town.sam.slash("coins grant", member=town.mia.user, amount=50, reason="=1+1")).message()
    await (await town.mia.slash("gift", gift="Petal", creator=town.noor.user, anonymous=True)).message()
    panels = {}
    for person in (town.sam, town.olive):
        panel = await (await person.slash("settings")).message()
        panels[person] = await (await person.click(panel, "Staff roles")).message()
    offered = {person: "Export the books" in str([*pressable(panel)]) for person, panel in panels.items()}
    press = part(panels[town.olive], "Export the books")["custom_id"]
    answer = await (await town.olive.click(panels[town.olive], press)).message()

    assert offered == {town.sam: False, town.olive: True}
    assert answer.ephemeral_for == town.olive.user.id
    assert "Here are all 2 transactions, in CSV files." in answer.text
    assert "All sums agree with our records." in answer.text
    (file,) = answer.attachments
    assert file.filename == f"books-{town.guild.id}-2.zip"
    with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
        files = {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}
    grant, gift = csv.DictReader(io.StringIO(files["journal.csv"]))
    assert (grant["by"], grant["other"], grant["note"]) == (str(town.sam.user.id), str(town.mia.user.id), "'=1+1")
    assert (gift["by"], gift["other"]) == ("anonymous", str(town.noor.user.id))
    target = tmp_path / "saved.zip"
    saved = operate(own_rig.database, "export", town.guild.id, target)
    assert saved.stdout == f"Saved the books of guild {town.guild.id} up to row 2: {target}\n"
    assert target.stat().st_size == len(file.data)
