"""Check balances and standings against the journal, one range of members at a time.

What is not stored in the order of members is read once for a run of several ranges, sorted by the database: read for
each range, it would be read the more often, the more there is.
"""

from collections.abc import Iterable, Mapping
from itertools import chain

from sqlalchemy import Connection

from bot.storage.audit.balances import Accounts
from bot.storage.audit.challenges import GiftsInChallenges, StoredChallenges
from bot.storage.audit.journal import NotCounted, all_stretches
from bot.storage.audit.leaderboard_rows import Lines, as_ranked
from bot.storage.audit.mark import mark_of
from bot.storage.audit.rows import Findings, InOrder, Tick, rows
from bot.storage.audit.spill import LadderKey, Mark, SpillFolder
from bot.storage.sql.leaderboard_tables import SPANS

_LADDERS = "SELECT ladder, board, scope, event FROM ladders WHERE guild_id = :guild"
# A week that is over may be any earlier one: it is not ranked. Days and months that are over are compared apart.
_IN_PERIOD = "CASE WHEN {0} = :{0} THEN {0}_{1} ELSE 0 END"
_OF_PERIODS = ", ".join(_IN_PERIOD.format(span, name) for span in SPANS for name in ("coins", "pieces"))
_LINES = f"""
    SELECT ladder, subject, day, day_coins, day_pieces, month, month_coins, month_pieces,
           last_seq, coins, pieces, {_OF_PERIODS}
    FROM standings WHERE guild_id = :guild AND subject BETWEEN :first AND :last
"""  # noqa: S608 - names of our own columns
_PAST_LINES = """
    SELECT ladder, subject, period, last_seq, coins, pieces FROM past_standings
    WHERE guild_id = :guild AND subject BETWEEN :first AND :last ORDER BY subject
"""


def check_sums(c: Connection, guild_id: int, parts: range, aside: SpillFolder, tick: Tick) -> Findings:
    """Check the accounts and the lines of a run of parts against the sums that were put `aside`."""
    mark = mark_of(c, guild_id)
    bounds = {"guild": guild_id, "first": aside.bounds(parts[0])[0], "last": aside.bounds(parts[-1])[1]}
    past_lines = InOrder(rows(c, _PAST_LINES, **bounds), holder_at=1)
    challenges = StoredChallenges(c, guild_id, bounds["first"], bounds["last"])
    for part in parts:
        accounts, lines, in_challenges = Accounts(c, guild_id), Lines(mark), GiftsInChallenges()
        try:
            for stretch, folder in all_stretches(c, guild_id, aside, mark, f"part {part}"):
                gifts, changes, days = folder.part(stretch, part)
                yield from accounts.take(stretch, changes)
                lines.take(stretch, gifts)
                in_challenges.take(stretch, days)
                tick(len(gifts))
        except NotCounted as error:
            yield 0, f"its sums cannot be checked: {error}"
            return
        first, last = aside.bounds(part)
        yield from accounts.compare(first, last)
        yield from challenges.compare(in_challenges, first, last)
        yield from _check_lines(c, guild_id, lines, (first, last), mark, past_lines.up_to(last))


def _check_lines(
    c: Connection,
    guild_id: int,
    lines: Lines,
    bounds: tuple[int, int],
    mark: Mark,
    past_rows: Iterable[tuple[int, ...]],
) -> Findings:
    keys = {number: (board, scope, event) for number, board, scope, event in rows(c, _LADDERS, guild=guild_id)}
    lines_by_ladder = {number: lines.of(key) for number, key in keys.items()}
    day, week, month = mark.keys
    first, last = bounds
    past: list[tuple[int, ...]] = []
    for row in rows(c, _LINES, guild=guild_id, first=first, last=last, day=day, week=week, month=month):
        number, subject, in_day, day_coins, day_pieces, in_month, month_coins, month_pieces, *stored = row
        if in_day is not None and in_day != day:
            past.append((number, subject, in_day, stored[0], day_coins, day_pieces))
        if in_month is not None and in_month != month:
            past.append((number, subject, in_month, stored[0], month_coins, month_pieces))
        line = lines_by_ladder[number].pop(subject, None) if number in lines_by_ladder else None
        if line is None or not line[1]:
            yield 0, f"the standing {[*keys.get(number, ()), subject]} is {stored}, but has no gifts"
        elif (ranked := as_ranked(keys[number], line)) != stored:
            yield 0, f"the standing {[*keys[number], subject]} is {stored}, its gifts sum to {ranked}"
    for key, subject, line in lines.rest():
        yield 0, f"the standing {[*key, subject]} is missing, its gifts sum to {as_ranked(key, line)}"
    yield from _check_past(keys, lines, chain(past, past_rows), mark)


def _check_past(
    keys: Mapping[int, LadderKey], lines: Lines, stored_lines: Iterable[tuple[int, ...]], mark: Mark
) -> Findings:
    """Check lines of past days and months, wherever they are stored."""
    no_key = ("", 0, 0)
    for number, subject, period, *stored in stored_lines:
        key = keys.get(number, no_key)
        line = lines.past_of(key, period).pop(subject, None)
        # There are millions of good lines, and nearly all of them end here.
        if line is not None and stored == line and line[1]:
            continue
        name = f"the standing {[*key, subject]} of {period}"
        if line is None or not line[1]:
            yield 0, f"{name} is {stored}, but has no gifts"
        # The last row of a line may be a gift that a wrong clock booked, and that counts for no day.
        elif stored[1:] != line[1:] or not (mark.ahead_seq and stored[0] > line[0]):
            yield 0, f"{name} is {stored}, its gifts sum to {line}"
    for key, period, subject, line in lines.rest_of_past():
        yield 0, f"the standing {[*key, subject]} of {period} is missing, its gifts sum to {line}"
