"""Check what creators have earned by source and day of release against the gifts in the journal.

What a gift earns is said once, in the domain. It is added up here without the code that folds it: the fold takes back
piece by piece, as reversals come, and here the pieces that are gone are taken back at once.
"""

import contextlib
from collections.abc import Collection, Mapping
from itertools import pairwise

import orjson
from sqlalchemy import Connection

from bot.domain.holds import HoldRules, earns, holds_of, source_of
from bot.domain.ledger.gift import GiftFacts
from bot.storage.audit.hash_chain import BODY_BYTES
from bot.storage.audit.journal import UNREADABLE
from bot.storage.audit.rows import TICK_ROWS, Findings, Tick, rows
from bot.storage.folds.earnings import hold_rules
from bot.storage.folds.earnings.lines import NAME
from bot.storage.ledger.journal import rows_with
from bot.storage.stores import reversals

_CURSOR = "SELECT seq FROM cursors WHERE guild_id = :guild AND follower = :follower"
_UNCOUNTED = "SELECT seq FROM uncounted_rows WHERE guild_id = :guild AND follower = :follower"
_WITH_BODY = """
    SELECT seq, at_ms, {body} FROM journal
    WHERE guild_id = :guild AND kind = 'gift' AND seq > :after AND seq <= :until AND body NOT LIKE :no_share
    ORDER BY seq
"""
_NO_SHARE = '%"share":0,%'
"""What is in the body of a gift that earns nothing, as most gifts of granted coins do. The database skips those fast.

In a text, the quotes of such words are escaped.
"""
_GIFTS = {dialect: _WITH_BODY.format(body=body) for dialect, body in BODY_BYTES.items()}
_LATER = "SELECT body FROM journal WHERE guild_id = :guild AND kind = 'reversal' AND seq > :after"
_LINES = """
    SELECT creator, source, until_day, earned, taken_back, anonymous FROM earnings_by_source WHERE guild_id = :guild
"""
_PIECES = "SELECT seq, pieces FROM pieces_taken_back WHERE guild_id = :guild"

_Sums = dict[tuple[int, str, int], list[int]]
"""What was earned, taken back, and is left of anonymous gifts, by creator, source and day of release."""


def check_earnings(c: Connection, guild_id: int, tick: Tick) -> Findings:
    """Check every line and every count of pieces, as far as they are counted."""
    (cursor,) = next(rows(c, _CURSOR, guild=guild_id, follower=NAME), (0,))
    uncounted_seqs = {seq for (seq,) in rows(c, _UNCOUNTED, guild=guild_id, follower=NAME)}
    undone = _undone(c, guild_id, cursor)
    rules, sums, pieces = hold_rules.rules(c, guild_id), _Sums(), dict[int, int]()
    for after, until in pairwise([*range(0, cursor, TICK_ROWS), cursor]):
        gifts = _gifts(c, guild_id, after, until, uncounted_seqs)
        sources = _sources(c, guild_id, {lot for _, _, facts in gifts for lot, _ in facts.get("lots", ())})
        for seq, at_ms, facts in gifts:
            with contextlib.suppress(*UNREADABLE):
                _add(sums, seq, at_ms, facts, sources, rules, undone.get(seq, 0))
                if seq in undone:
                    pieces[seq] = undone[seq]
        tick(until - after)
    for creator, source, until_day, *stored in rows(c, _LINES, guild=guild_id):
        line = creator, source, until_day
        if (counted := sums.pop(line, None)) != stored:
            yield 0, f"the earnings {[*line]} are {stored}, the gifts say {counted}"
    for line, counted in sums.items():
        yield 0, f"the earnings {[*line]} are missing, the gifts say {counted}"
    for seq, count in rows(c, _PIECES, guild=guild_id):
        if (counted_pieces := pieces.pop(seq, 0)) != count:
            yield seq, f"its earnings are without {count} pieces, {counted_pieces} were taken back"
    for seq, count in pieces.items():
        yield seq, f"its earnings are those of all pieces, {count} were taken back"


def _undone(c: Connection, guild_id: int, cursor: int) -> dict[int, int]:
    """Return how many pieces of gifts were taken back up to the row `cursor`."""
    parts = reversals.parts_between(c, guild_id, 0, cursor)
    for (body,) in rows(c, _LATER, guild=guild_id, after=cursor):
        with contextlib.suppress(*UNREADABLE):
            facts = orjson.loads(body)
            parts[facts["of"]] = parts.get(facts["of"], 0) - facts["part"]
    return {seq: part for seq, part in parts.items() if part > 0}


def _gifts(
    c: Connection, guild_id: int, after: int, until: int, uncounted_seqs: Collection[int]
) -> list[tuple[int, int, GiftFacts]]:
    """Return the gifts among the rows `after` + 1 to `until` that have earned something: row, time and facts."""
    gifts: list[tuple[int, int, GiftFacts]] = []
    place = {"guild": guild_id, "after": after, "until": until}
    for seq, at_ms, body in rows(c, _GIFTS[c.dialect.name], **place, no_share=_NO_SHARE):
        # Not with contextlib, which makes an object for each of millions of rows.
        try:
            facts: GiftFacts = orjson.loads(body)
            is_counted = earns(facts) and seq not in uncounted_seqs
        except UNREADABLE:
            continue
        if is_counted:
            gifts.append((seq, at_ms, facts))
    return gifts


def _sources(c: Connection, guild_id: int, lots: Collection[int]) -> dict[int, str]:
    sources: dict[int, str] = {}
    for row in rows_with(c, {(guild_id, lot) for lot in lots}):
        with contextlib.suppress(*UNREADABLE):
            if row.kind == "order":
                facts = row.facts
                sources[row.seq] = source_of(facts["provider"], is_test=facts["test"])
    return sources


def _add(
    sums: _Sums, seq: int, at_ms: int, facts: GiftFacts, sources: Mapping[int, str], rules: HoldRules, undone: int
) -> None:
    """Add what a gift has earned, and take back what `undone` of its pieces had."""
    taken: dict[str, int] = {}
    if undone:
        taken = {hold.source: hold.diamonds for hold in holds_of(seq, at_ms, facts, sources, rules, undone)}
    for source, until_day, diamonds in holds_of(seq, at_ms, facts, sources, rules, facts["count"]):
        line = sums.setdefault((facts["creator"], source, until_day), [0, 0, 0])
        line[0] += diamonds
        line[1] += taken.get(source, 0)
        line[2] += diamonds - taken.get(source, 0) if facts["anonymous"] else 0
