"""Deleted members are gone: from every table, file, log line, later backup and later answer, and after a restore."""

from pathlib import Path

from tests import books
from tests.bot.test_own_data import live_a_full_life, places_of
from tests.operating import operate
from tests.rig import Rig, Town, until

OLD_BACKUP, NEW_BACKUP = "before.backup", "after.backup"


def traces_in(file: Path, member_id: int) -> bool:
    """Whether a file has an id as text, or as SQLite stores numbers of this size."""
    content = file.read_bytes()
    return str(member_id).encode() in content or member_id.to_bytes(8, "big") in content


def files_with(rig: Rig, member_id: int) -> set[str]:
    """Return the names of the files beside the database that have an id in them."""
    return {file.name for file in rig.folder.iterdir() if file.is_file() and traces_in(file, member_id)}


async def delete_data_of_mia(town: Town) -> None:
    panel = await (await town.mia.slash("privacy delete")).message()
    await (await town.mia.click(panel, "Delete my data")).message()


async def follow_up(town: Town) -> str:
    """Have others go on, and return what they read where Mia was before."""
    for sender in (town.kai, town.leo):
        await town.grant(sender, 100)
        await town.give(sender, "Warm Heart", town.noor, count=2)
    announcement = await town.announced(town.gifts, f"<@{town.leo.user.id}>")
    board = await (await town.leo.slash("leaderboard", period="all")).message()
    fans = await (await town.leo.slash("leaderboard", period="all", creator=town.noor.user)).message()
    stats = await (await town.noor.slash("creator stats")).message()
    lookup = await (await town.sam.slash("coins lookup", member=town.noor.user)).message()
    return "\n".join(message.text for message in (announcement, board, fans, stats, lookup))


async def test_nothing_of_a_deleted_member_is_left_in_any_file_log_backup_or_answer(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    town.forbid_files()
    await live_a_full_life(town)
    mia, sums = town.mia.user.id, "SELECT kind, sum(amount) FROM balances GROUP BY kind ORDER BY kind"
    old_backup, new_backup = (own_rig.folder / name for name in (OLD_BACKUP, NEW_BACKUP))
    assert operate(own_rig.database, "backup", old_backup).returncode == 0
    before = books.rows(own_rig.database, sums)
    files_before = files_with(own_rig, mia)

    await delete_data_of_mia(town)
    assert books.rows(own_rig.database, sums) == before

    async def is_gone() -> bool:
        await (await town.leo.slash("balance")).message()
        return files_with(own_rig, mia) <= {OLD_BACKUP}

    await until(is_gone)
    answers = await follow_up(town)
    assert operate(own_rig.database, "backup", new_backup).returncode == 0
    lines = [*own_rig.bot.lines]
    await own_rig.stop_bot()

    assert OLD_BACKUP in files_before or own_rig.address.startswith("postgresql")
    assert str(mia) not in answers
    assert places_of(own_rig, mia) == set()
    assert files_with(own_rig, mia) <= {OLD_BACKUP}
    assert [line for line in lines if str(mia) in line] == []


async def test_a_member_who_was_deleted_stays_deleted_when_an_older_backup_is_restored(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    await live_a_full_life(town)
    mia = town.mia.user.id
    old_backup = own_rig.folder / OLD_BACKUP
    assert operate(own_rig.database, "backup", old_backup).returncode == 0
    await delete_data_of_mia(town)
    await own_rig.stop_bot()
    restored = operate(own_rig.database, "restore", old_backup, "--force")
    assert restored.returncode == 0, restored.stderr
    assert places_of(own_rig, mia) != set()

    await own_rig.start_bot()
    town.forbid_files()
    answers = await follow_up(town)

    assert str(mia) not in answers
    assert places_of(own_rig, mia) == set()
    await own_rig.stop_bot()
    assert files_with(own_rig, mia) <= {OLD_BACKUP}
