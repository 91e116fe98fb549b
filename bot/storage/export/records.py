"""The files that are made from tables beside the journal: one query each, whose columns are those of the file."""

from collections.abc import Iterator
from itertools import islice
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection

from bot.domain.statements import Month
from bot.storage.audit.rows import rows
from bot.storage.export.people import People
from bot.storage.export.sheets import Cell, Column, Layout, Sheet, utc, yes

_HIDDEN_ENTRY = """EXISTS (
    SELECT 1 FROM flag_entries AS e JOIN journal AS j ON j.guild_id = e.guild_id AND j.seq = e.seq
    WHERE e.guild_id = f.guild_id AND e.flag_id = f.flag_id AND j.body LIKE '%"anonymous"_true%'
)"""
"""Whether a flag names an anonymous gift. Bodies are canonical JSON, so no member's text can look like this.

A colon would begin a parameter, so any character stands for it.
"""


class Record(NamedTuple):
    """A file and the query of its rows.

    The end of a column's name says what its values are: `_ms` is a time, `_holder` a member, `_flag` yes or no, and
    `_id` an id of Discord, 0 for none. In the file, these endings are left out.
    """

    name: str
    about: str
    columns: tuple[tuple[str, str, str], ...]
    source: str

    @property
    def layout(self) -> Layout:
        """The layout of the file."""
        return Layout(self.name, self.about, tuple(Column(_plain(name), about) for name, _, about in self.columns))

    @property
    def query(self) -> str:
        """The query."""
        return f"SELECT {', '.join(f'{value} AS {name}' for name, value, _ in self.columns)} FROM {self.source}"  # noqa: S608 - ours


_PIECE: Final = 1_000
"""Rows whose members are looked up together."""

_ENDS: Final = ("_ms", "_holder", "_flag", "_id")


def _plain(name: str) -> str:
    return next((name.removesuffix(end) for end in _ENDS if name.endswith(end)), name)


def write_record(c: Connection, guild_id: int, record: Record, sheet: Sheet, people: People) -> None:
    """Write all rows of a record."""
    names = [name for name, _, _ in record.columns]
    holders_at = [place for place, name in enumerate(names) if name.endswith("_holder")]
    lines = rows(c, record.query, guild=guild_id)
    while piece := [*islice(lines, _PIECE)]:
        people.learn({values[place] or 0 for values in piece for place in holders_at})
        for values in piece:
            sheet.write(*(_cell(name, value, people) for name, value in zip(names, values, strict=True)))


def _cell(name: str, value: Any, people: People) -> Cell:  # noqa: ANN401 - whatever the column holds
    if name.endswith("_ms"):
        return utc(value)
    if name.endswith("_holder"):
        return people.name(value or 0)
    if name.endswith("_flag"):
        return yes(value)
    return str(value or "") if name.endswith("_id") else value


def statement_rows(c: Connection, guild_id: int, people: People) -> Iterator[tuple[Cell, ...]]:
    """Yield the rows of STATEMENTS."""
    query = "SELECT number, creator, month, digest, closed_ms FROM statements WHERE guild_id = :guild"
    for number, creator, month, digest, closed_ms in rows(c, query + " ORDER BY number", guild=guild_id):
        yield number, people.name(creator), str(Month.coded(month)), digest, utc(closed_ms)


STATEMENTS: Final = Layout(
    "statements",
    "Monthly statements that were made for creators. What is in them is theirs.",
    (
        Column("number", "of the statement"),
        Column("creator", "member"),
        Column("month", "UTC"),
        Column("sha256", "of the statement: it was never changed"),
        Column("closed", "when it was made, UTC"),
    ),
)

RECORDS: Final = (
    Record(
        "orders",
        "Everything that members wanted to buy, from the moment they agreed to the price.",
        (
            ("order_number", "order_id", "number that other files name it by"),
            ("member_id", "member_id", "buyer"),
            ("package", "package_id", "number in packages.csv"),
            ("coins", "coins", "with the bonus"),
            ("price_minor", "price_minor", "price"),
            ("currency", "currency", "of the price"),
            ("provider", "provider", "payment provider"),
            ("test_flag", "test", '"yes" if no real money is paid'),
            ("agreed_ms", "consented_ms", "when the buyer agreed to price and terms, UTC"),
            ("terms", "consent_version", "version of the terms"),
            ("state", "state", "pending, credited, expired, …"),
            ("payment", "external_id", "number of the payment at the provider"),
            ("refunded_minor", "refunded_minor", "what the provider has paid back"),
            ("presented_minor", "presented_minor", "what the checkout showed, if it had another currency"),
            ("presented_currency", "presented_currency", "of that"),
        ),
        "orders WHERE guild_id = :guild ORDER BY consented_ms, order_id",
    ),
    Record(
        "payments",
        "Payments that Ko-fi or staff told of. Other providers keep the payments of orders themselves.",
        (
            ("provider", "provider", "payment provider"),
            ("payment", "external_id", "number of the payment"),
            ("order_number", "order_id", "order that it pays, 0 for none"),
            ("status", "status", "what became of it"),
            ("amount_minor", "amount_minor", "amount"),
            ("currency", "currency", "of the amount"),
            ("refunded_minor", "refunded_minor", "what went back"),
            ("noted_ms", "noted_ms", "when it was noted, UTC"),
        ),
        "noted_payments WHERE guild_id = :guild ORDER BY noted_ms, provider, external_id",
    ),
    Record(
        "withdrawals",
        "Orders that their buyers withdrew from.",
        (
            ("order_number", "order_id", "order"),
            ("coins", "coins", "what was unspent of it"),
            ("amount_minor", "amount_minor", "money for that"),
            ("currency", "currency", "of the amount"),
            ("withdrawn_ms", "withdrawn_ms", "when, UTC"),
            ("sent_flag", "is_sent", '"yes" once the money was sent back'),
        ),
        "withdrawals WHERE guild_id = :guild ORDER BY withdrawn_ms, order_id",
    ),
    Record(
        "cases",
        "Payments that staff had to decide about.",
        (
            ("case_number", "case_id", "number"),
            ("kind", "kind", "what is wrong"),
            ("provider", "provider", "payment provider"),
            ("payment", "external_id", "number of the payment"),
            ("order_number", "order_id", "order that it is about, 0 for none"),
            ("amount_minor", "amount_minor", "amount"),
            ("currency", "currency", "of the amount"),
            ("opened_ms", "opened_ms", "since when, UTC"),
            ("outcome", "outcome", "decision, empty while there is none"),
            ("decided_ms", "decided_ms", "when, UTC"),
            ("decided_by_id", "decided_by", "member of staff"),
        ),
        "payment_cases WHERE guild_id = :guild ORDER BY case_id",
    ),
    Record(
        "flags",
        "What looked like fraud. A flag that names an anonymous gift names no members here.",
        (
            ("flag_number", "flag_id", "number"),
            ("kind", "kind", "what looked odd"),
            ("coins", "coins", "how many coins it is about"),
            ("members_hidden_flag", f"CASE WHEN {_HIDDEN_ENTRY} THEN 1 ELSE 0 END", '"yes" if it names no members'),
            ("opened_ms", "opened_ms", "since when, UTC"),
            ("opened_by_id", "opened_by", "who flagged it by hand"),
            ("note", f"CASE WHEN {_HIDDEN_ENTRY} THEN '' ELSE note END", "what they wrote"),
            ("outcome", "outcome", "cleared, upheld or reversed; empty while nobody decided"),
            ("decided_ms", "decided_ms", "when, UTC"),
            ("decided_by_id", "decided_by", "member of staff"),
        ),
        "flags AS f WHERE f.guild_id = :guild ORDER BY flag_id",
    ),
    Record(
        "flag_members",
        "The members whom flags name.",
        (("flag_number", "m.flag_id", "number in flags.csv"), ("member_holder", "m.holder", "member")),
        "flag_members AS m JOIN flags AS f ON f.guild_id = m.guild_id AND f.flag_id = m.flag_id "
        f"WHERE m.guild_id = :guild AND NOT {_HIDDEN_ENTRY} ORDER BY m.flag_id, m.place",
    ),
    Record(
        "flag_entries",
        "The rows of the journal that flags name.",
        (("flag_number", "flag_id", "number in flags.csv"), ("receipt", "seq", "row in journal.csv")),
        "flag_entries WHERE guild_id = :guild ORDER BY flag_id, seq",
    ),
    Record(
        "payouts",
        "What creators asked to be paid.",
        (
            ("payout", "p.payout_id", "receipt of the request, which is its number"),
            ("creator_holder", "p.creator", "member"),
            ("diamonds", "p.diamonds", "how many"),
            ("state", "p.state", "requested, approved, paid or rejected"),
            ("requested_ms", "p.requested_ms", "when, UTC"),
            ("approved_by_holder", "p.approved_by", "member of staff"),
            ("approved_ms", "p.approved_ms", "when, UTC"),
            ("closed_by_holder", "p.closed_by", "who recorded the payment or rejected it"),
            ("closed_ms", "p.closed_ms", "when, UTC"),
            ("closed_receipt", "p.closed_seq", "row of that, 0 while it is open"),
            ("reference", "coalesce(n.text, '')", "reference of the payment, or reason for the rejection"),
        ),
        "payouts AS p LEFT JOIN notes AS n ON n.guild_id = p.guild_id AND n.seq = p.closed_seq "
        "WHERE p.guild_id = :guild ORDER BY p.payout_id",
    ),
    Record(
        "creators",
        "Members who may receive gifts, or could.",
        (
            ("creator_id", "member_id", "member"),
            ("approved_ms", "approved_ms", "when, UTC"),
            ("approved_by_id", "approved_by", "member of staff"),
            ("removed_ms", "removed_ms", "when they stopped, UTC"),
        ),
        "creators WHERE guild_id = :guild ORDER BY approved_ms, member_id",
    ),
    Record(
        "shares",
        "How the creators' share has changed.",
        (
            ("kind", "kind", "of bought or promo coins"),
            ("from_percent", "from_percent", "before"),
            ("to_percent", "to_percent", "after"),
            ("changed_ms", "changed_ms", "when it was decided, UTC"),
            ("changed_by_holder", "changed_by", "member of staff"),
            ("starts_ms", "starts_ms", "from when it holds, UTC"),
            ("replaced_ms", "replaced_ms", "when another change replaced it before that, UTC"),
        ),
        "share_changes WHERE guild_id = :guild ORDER BY number",
    ),
    Record(
        "packages",
        "What coins are bought in. staff_acts.csv has each change, under the kind package.",
        (
            ("package", "package_id", "number"),
            ("coins", "coins", "without the bonus"),
            ("bonus_percent", "bonus_percent", "bonus"),
            ("price_minor", "price_minor", "price"),
            ("currency", "currency", "of the price"),
            ("reference", "reference", "what the provider calls it"),
            ("archived_flag", "archived", '"yes" if it is no longer sold'),
        ),
        "packages WHERE guild_id = :guild ORDER BY package_id",
    ),
    Record(
        "catalogue",
        "Gift items. staff_acts.csv has each change, under the kind item.",
        (
            ("item", "item_id", "number"),
            ("name", "name", "name"),
            ("price", "price", "coins for one piece"),
            ("from_ms", "from_ms", "on sale from, UTC"),
            ("until_ms", "until_ms", "on sale until, UTC"),
            ("stock", "stock", "pieces that are left; empty for no limit"),
            ("archived_flag", "archived", '"yes" if it can no longer be sent'),
        ),
        "gift_items WHERE guild_id = :guild ORDER BY item_id",
    ),
    Record(
        "batches",
        "Grants to many members at once, from when staff have seen what they do.",
        (
            ("batch", "batch_id", "number"),
            ("members", "members", "how many"),
            ("coins", "coins", "for all of them"),
            ("reason", "reason", "what staff wrote"),
            ("made_ms", "made_ms", "when, UTC"),
            ("receipt", "seq", "row in journal.csv; empty if it was never granted"),
        ),
        "grant_batches WHERE guild_id = :guild ORDER BY batch_id",
    ),
    Record(
        "offers",
        "Promo codes and buttons.",
        (
            ("offer", "offer_id", "number"),
            ("kind", "kind", "code or button"),
            ("code", "code", "what members type"),
            ("role_id", "role_id", "role that it is for"),
            ("coins", "coins", "for each member"),
            ("uses", "uses", "most claims; empty for no limit"),
            ("claims", "claims", "claims so far"),
            ("until_ms", "until_ms", "end, UTC"),
            ("by_holder", "giver", "member of staff"),
            ("revoked_flag", "is_revoked", '"yes" if it was taken back'),
        ),
        "offers WHERE guild_id = :guild ORDER BY offer_id",
    ),
)
