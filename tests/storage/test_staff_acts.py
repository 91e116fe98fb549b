"""Acts of staff: numbered in each guild, kept with what they changed or not at all, under the pseudonyms of members."""

import pytest
from sqlalchemy import Connection, select, update

from bot.domain.staff_acts import ActKind, StaffAct
from bot.storage.database import Database
from bot.storage.sql.tables import holders
from bot.storage.sql.tables import staff_acts as table
from bot.storage.stores import guilds, staff_acts
from tests.storage.town import ALICE, BOB, GUILD, NOON, OTHER_GUILD, grant


def act(after: int, at_ms: int = NOON, member_id: int = 0) -> StaffAct:
    return StaffAct(ALICE, ActKind.SETTINGS, at_ms, "", member_id, {"share": 50}, {"share": after}, "a reason")


def test_acts_are_numbered_in_each_guild_and_read_as_they_were_added(c: Connection):
    for share in (60, 70):
        staff_acts.add(c, GUILD, act(share, member_id=BOB))
    guilds.ensure(c, OTHER_GUILD, NOON, packages_archived=False)
    staff_acts.add(c, OTHER_GUILD, act(80))

    assert staff_acts.after(c, GUILD, 0, 9) == [(1, act(60, member_id=BOB)), (2, act(70, member_id=BOB))]
    assert staff_acts.after(c, GUILD, 1, 9) == staff_acts.latest(c, GUILD, 1) == [(2, act(70, member_id=BOB))]
    assert staff_acts.latest(c, GUILD, 1, offset=1) == [(1, act(60, member_id=BOB))]
    assert staff_acts.latest(c, GUILD, 9, kinds=[ActKind.CASE]) == []
    assert staff_acts.after(c, OTHER_GUILD, 0, 9) == [(1, act(80))]


def test_what_changes_nothing_is_not_kept(c: Connection):
    staff_acts.add(c, GUILD, act(50))

    assert staff_acts.last_number(c, GUILD) == 0


def test_no_row_names_a_member(c: Connection):
    staff_acts.add(c, GUILD, act(60, member_id=BOB))
    row = c.execute(select(table)).one()
    c.execute(update(holders).where(holders.c.user_id == ALICE).values(user_id=None))
    ((_, act_read),) = staff_acts.after(c, GUILD, 0, 9)

    assert not {ALICE, BOB} & {*row}
    assert (act_read.actor_id, act_read.member_id) == (0, BOB)


def _add_and_fail(c: Connection) -> None:
    guilds.lock(c, GUILD)
    staff_acts.add(c, GUILD, act(60))
    raise LookupError


async def test_an_act_is_undone_with_its_change(books: Database):
    with pytest.raises(LookupError):
        await books.writer.perform(_add_and_fail)

    assert await books.read(staff_acts.last_number, GUILD) == 0


async def test_a_grant_leaves_a_reference_to_its_row_and_repeats_nothing(books: Database):
    receipt = await books.writer.submit(grant("g1", actor_id=BOB))
    await books.writer.submit(grant("g1", actor_id=BOB))
    (reference,) = await books.read(staff_acts.after, GUILD, 0, 9)

    assert reference == (1, StaffAct(BOB, ActKind.GRANT, receipt.at_ms, member_id=ALICE, seq=receipt.seq))
