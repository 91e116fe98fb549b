"""Wrong figures for the books that `benchmarks.aftermath` leaves, one for each kind of table that the audit checks.

Each changes one line, and none of them another's, so that all of them can be planted together.
"""

from collections.abc import Collection
from typing import Final

from sqlalchemy import Connection, text


def _more(table: str, column: str, key: str, where: str = "") -> str:
    """Return the statement that adds 1 to a column of the last line, by `key`, of those of a table."""
    condition = f" WHERE {where}" if where else ""
    last = f"SELECT {key} FROM {table}{condition} ORDER BY {key} DESC LIMIT 1"
    return f"UPDATE {table} SET {column} = {column} + 1 WHERE ({key}) = ({last})"


PLANTED: Final = {
    "journal": ("UPDATE journal SET at_ms = at_ms + 1 WHERE seq = 20", "its hash does not match"),
    "entries": ("UPDATE entries SET amount = amount + 1 WHERE seq = 22 AND leg = 0", "entries sum to"),
    "heads": ("UPDATE heads SET hash = previous FROM journal WHERE journal.seq = heads.seq", "the head names row"),
    "holders": (_more("holders", "holder_id", "user_id"), "who does not exist"),
    "balances": (_more("balances", "amount", "guild_id, owner, kind", "kind = 'promo'"), "promo of"),
    "lots": (_more("lots", "coins", "guild_id, owner, kind, seq"), "its lot of"),
    "lot spans": (_more("lot_spans", "last_seq", "guild_id, lot"), "noted as its first and last"),
    "leaderboards": (_more("ladders", "week_pieces", "guild_id, ladder"), "has totals of"),
    "standings": (_more("standings", "week_coins", "guild_id, subject, ladder", "week IS NOT NULL"), "the standing"),
    "past standings": (_more("past_standings", "pieces", "guild_id, ladder, period, subject"), " of 2026"),
    "tallies": (_more("tallies", "places", "guild_id, ladder, period, cell"), "tallies"),
    "days of leaderboards": (_more("leaderboard_days", "first_seq", "guild_id, day"), "leaderboards begin to count"),
    "months of leaderboards": ("UPDATE leaderboard_calendars SET month_seq = month_seq + 1", "its leaderboards count"),
    "earnings": (_more("earnings_by_source", "earned", "guild_id, creator, source, until_day"), "the earnings ["),
    "pieces taken back": (_more("pieces_taken_back", "pieces", "guild_id, seq"), "its earnings are without"),
    "gifters": (_more("gifter_totals", "coins", "guild_id, gifter"), "the total of gifter"),
    "weeks of gifters": (_more("gifter_weeks", "pieces", "guild_id, gifter, week"), "pieces in week"),
    "fan clubs": (_more("club_hearts", "hearts", "guild_id, gifter, creator"), "hearts for creator"),
    "days of challenges": (
        _more("challenge_days", "coins", "guild_id, challenge_id, gifter, creator, day, is_double"),
        "in challenge",
    ),
    "points in challenges": (
        _more("challenge_scores", "points", "guild_id, challenge_id, league, gifter"),
        "points in challenge",
    ),
    "hours of creators": (_more("creator_hours", "coins", "guild_id, creator, day, hour, event"), "creator_hours"),
    "items of creators": (_more("creator_items", "pieces", "guild_id, creator, day, item, event"), "creator_items"),
    "bookings": (_more("creator_bookings", "coins", "guild_id, creator, day, type, anonymous"), "creator_bookings"),
    "trains": (_more("live_trains", "ended_ms", "guild_id, event_id, started_seq"), "its train is"),
    "levels of trains": (_more("live_trains", "levels", "guild_id, event_id, started_seq"), "coins and levels"),
    "riders": (
        "DELETE FROM train_riders WHERE (started_seq, rider) = (SELECT started_seq, max(rider) FROM train_riders)",
        "rode its train or did not",
    ),
    "budgets": (_more("budgets", "month_used", "guild_id, holder_id"), "by their budget"),
    "granted coins": (_more("granted_in_day", "coins", "guild_id, holder_id"), "granted coins since"),
    "perks": (_more("perk_unlocks", "coins", "guild_id, unlock_id"), "it did not buy what is unlocked"),
    "orders": (_more("orders", "price_minor", "guild_id, order_id", "state = 'credited'"), "but the journal credits"),
    "withdrawals": (_more("withdrawals", "amount_minor", "guild_id, order_id"), "which is not what its coins cost"),
    "reversals": (_more("reversals", "part", "guild_id, seq"), "of it was taken back, the journal says"),
    "chests": (_more("chests", "taken", "guild_id, chest_id"), "of its chest"),
    "chip-ins": (_more("chip_ins", "collected", "guild_id, chip_in_id", "state = 'sent'"), "says that"),
    "chips": (_more("chips", "promo", "guild_id, seq"), "its chip is not what its row says"),
    "payouts": (_more("payouts", "diamonds", "guild_id, payout_id", "state = 'paid'"), "its payout is paid"),
    "rejected payouts": (
        _more("payouts", "diamonds", "guild_id, payout_id", "state = 'rejected'"),
        "its payout is rejected",
    ),
}
"""By the kind of table: a statement that changes a line, and what the audit says of it, among other things."""


def plant(c: Connection, names: Collection[str] = tuple(PLANTED)) -> None:
    """Plant wrong figures, each of which has to change one line. `c` must not insist on keys of other tables."""
    for name in names:
        statement, _ = PLANTED[name]
        changed = c.execute(text(statement)).rowcount
        assert changed == 1, (name, changed)


def unnamed(findings: Collection[str], names: Collection[str] = tuple(PLANTED)) -> list[str]:
    """Return which planted figures are in none of the sentences of an audit."""
    return [name for name in names if not any(PLANTED[name][1] in finding for finding in findings)]
