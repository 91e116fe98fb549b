"""Check balances and standings against the journal, one range of members at a time."""

from sqlalchemy import Connection

from bot.storage.audit.balances import Accounts
from bot.storage.audit.journal import NotCounted, all_stretches
from bot.storage.audit.leaderboard_rows import Lines, as_stored
from bot.storage.audit.rows import Findings, Tick, rows
from bot.storage.audit.spill import SpillFolder

_LADDERS = "SELECT ladder, board, scope, event FROM ladders WHERE guild_id = :guild"
_LINES = """
    SELECT ladder, subject, last_seq, coins, pieces,
        day, day_coins, day_pieces, week, week_coins, week_pieces, month, month_coins, month_pieces
    FROM standings WHERE guild_id = :guild AND subject BETWEEN :first AND :last
"""


def check_sums(c: Connection, guild_id: int, part: int, aside: SpillFolder, tick: Tick) -> Findings:
    """Check the accounts and the lines of one part against the sums that were put `aside`."""
    accounts, lines = Accounts(c, guild_id), Lines()
    try:
        for stretch, folder in all_stretches(c, guild_id, aside, f"part {part}"):
            gifts, changes = folder.part(stretch, part)
            yield from accounts.take(stretch, changes)
            lines.take(stretch, gifts)
            tick(len(gifts))
    except NotCounted as error:
        yield 0, f"its sums cannot be checked: {error}"
        return
    first, last = aside.bounds(part)
    yield from accounts.compare(first, last)
    yield from _check_lines(c, guild_id, lines, first, last)


def _check_lines(c: Connection, guild_id: int, lines: Lines, first: int, last: int) -> Findings:
    keys = {number: (board, scope, event) for number, board, scope, event in rows(c, _LADDERS, guild=guild_id)}
    lines_by_ladder = {number: lines.of(key) for number, key in keys.items()}
    for row in rows(c, _LINES, guild=guild_id, first=first, last=last):
        number, subject = row[:2]
        line = lines_by_ladder[number].pop(subject, None) if number in lines_by_ladder else None
        if line is None:
            yield 0, f"the standing {[*keys.get(number, ()), subject]} is {tuple(row[2:])}, but has no gifts"
        elif as_stored(line) != row[2:]:
            yield 0, f"the standing {[*keys[number], subject]} is {tuple(row[2:])}, its gifts sum to {as_stored(line)}"
    for key, subject, line in lines.rest():
        yield 0, f"the standing {[*key, subject]} is missing, its gifts sum to {as_stored(line)}"
