"""A guild's books as CSV: they add up whatever happened, and say nothing about who sent an anonymous gift."""

import csv
import hashlib
import io
import itertools
import zipfile
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.domain.errors import Refusal, UnknownGuild
from bot.domain.payouts import PayoutRules
from bot.services import Services
from bot.services.assembly import build
from bot.storage.audit.reader import open_reader
from bot.storage.audit.rows import rows
from bot.storage.database import Database
from bot.storage.export.archive import LAYOUTS, Exported, export
from bot.storage.export.parts import split
from bot.storage.ledger import journal
from bot.storage.stores import guilds, payouts
from tests.storage.town import ALICE, BOB, MIA, NOON, ROB, Clock, buy, gift, grant, order, settle_in
from tests.thoroughness import by_thoroughness

guild_ids = itertools.count(2_000_001)


class Deed(NamedTuple):
    """Something that happens. `back` is how many rows before it the row is that it takes back."""

    what: str
    member: int = ALICE
    coins: int = 10
    is_anonymous: bool = False
    back: int = 1


WHATS = ["buy", "test", "grant", "gift", "gift", "gift", "reverse", "ask", "decide"]
deeds = st.builds(
    Deed,
    st.sampled_from(WHATS),
    st.sampled_from([ALICE, BOB]),
    st.integers(1, 60),
    st.booleans(),
    st.integers(1, 6),
)


class Town:
    """A guild whose staff and members do what they are told, or are refused."""

    def __init__(self, books: Database, clock: Clock, services: Services, *, lasting: int = 0) -> None:
        """The first `lasting` rows of its journal are never taken back."""
        self.books, self.clock, self.services, self.lasting = books, clock, services, lasting
        self.guild_id = next(guild_ids)
        self.orders = itertools.count(1)

    async def open(self) -> None:
        await self.books.writer.perform(settle_in, self.guild_id)
        await self.books.writer.perform(payouts.save_rules, self.guild_id, PayoutRules(minimum=1))
        self.clock.now_ms = NOON

    async def do(self, number: int, deed: Deed) -> None:
        self.clock.now_ms += 7 * 86_400_000
        try:
            await self._do(f"deed {number}", deed)
        except Refusal:
            return

    async def _do(self, key: str, deed: Deed) -> None:
        guild, services = self.guild_id, self.services
        if deed.what in {"buy", "test"}:
            number = next(self.orders)
            changes = {"order_id": number, "member_id": deed.member, "coins": deed.coins, "test": deed.what == "test"}
            # Earnings from one of them are held, and are taken where a payment goes back.
            provider = "manual" if deed.coins % 2 else "stripe"
            await buy(self.books, order(guild_id=guild, provider=provider, **changes))
        elif deed.what == "grant":
            changes = {"guild_id": guild, "member_id": deed.member, "amount": deed.coins}
            await self.books.writer.submit(grant(key, **changes))
        elif deed.what == "gift":
            changes = {"guild_id": guild, "sender_id": deed.member, "item_id": 1, "quantity": deed.coins}
            await self.books.writer.submit(gift(key, anonymous=deed.is_anonymous, note=f"={key}", **changes))
        elif deed.what == "reverse":
            seq = await self.head() + 1 - deed.back
            if seq <= self.lasting:
                return
            await services.reversals.reverse(guild, key=key, actor_id=ROB, seq=seq, part=None, reason="by mistake")
        elif deed.what == "ask":
            await services.payouts.request(guild, key, MIA, deed.coins)
        else:
            for report in await services.payouts.waiting(guild):
                number = report.payout.payout_id
                await services.payouts.approve(guild, number, ROB)
                if deed.is_anonymous:
                    await services.payouts.reject(guild, number, BOB, "no")
                await services.payouts.record(guild, number, BOB, "TX")

    async def head(self) -> int:
        return (await self.books.read(journal.head, self.guild_id)).seq

    async def balances(self) -> Counter[str]:
        def read(c) -> Counter[str]:
            balances = rows(c, "SELECT kind, amount FROM balances WHERE guild_id = :guild", guild=self.guild_id)
            sums: Counter[str] = Counter()
            for kind, amount in balances:
                sums[kind] += amount
            return sums

        return await self.books.read(read)


@pytest.fixture
async def clock() -> Clock:
    return Clock()


@pytest.fixture
async def books(address: str, clock: Clock) -> AsyncIterator[Database]:
    database = await Database.open(address, clock=clock)
    yield database
    await database.close()


def written(address: str, guild_id: int, folder: Path) -> tuple[Exported, dict[str, str]]:
    """Export, and return what is in the zip."""
    target = folder / f"{guild_id}.zip"
    with closing(open_reader(address)) as reader:
        outcome = reader.look(export, guild_id, target)
    files = files_in(target)
    target.unlink()
    return outcome, files


def left_in(folder: Path) -> list[Path]:
    return [*folder.iterdir()]


def table(files: dict[str, str], name: str) -> list[dict[str, str]]:
    return [*csv.DictReader(io.StringIO(files[f"{name}.csv"], newline=""))]


QUICK = settings(
    max_examples=by_thoroughness(quick=2, full=5, long=100),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@given(plan=st.lists(deeds, max_size=12))
@example(
    plan=[
        Deed("buy", coins=50),
        Deed("gift", coins=40, is_anonymous=True),
        Deed("ask", coins=20),
        Deed("decide"),
        Deed("reverse", back=4),
        Deed("reverse", back=4),
        Deed("buy", coins=60),
    ]
)
@QUICK
async def test_whatever_happened_the_files_add_up_to_the_books(
    address: str, books: Database, clock: Clock, tmp_path: Path, plan: list[Deed]
):
    town = Town(books, clock, build(books, [], clock))
    await town.open()
    for number, deed in enumerate(plan):
        await town.do(number, deed)

    outcome, files = written(address, town.guild_id, tmp_path)

    balances = await town.balances()
    assert outcome.agrees, files["totals.csv"]
    assert all(line["agrees"] == "yes" for line in table(files, "totals"))
    closing_of = {line["account"]: int(line["balance"]) for line in table(files, "accounts")}
    assert {kind: coins for kind, coins in closing_of.items() if coins} == {k: v for k, v in balances.items() if v}
    by_receipt, by_account = Counter[str](), Counter[str]()
    for line in table(files, "postings"):
        by_receipt[line["receipt"]] += int(line["coins"])
        by_account[line["account"]] += int(line["coins"])
    assert not any(by_receipt.values())
    alone = ("sold", "granted", "test_sold", "reserved", "paid_out")
    assert [by_account[kind] for kind in alone] == [balances[kind] for kind in alone]
    assert len(table(files, "journal")) == outcome.seq == await town.head()
    gifts = [line for line in table(files, "journal") if line["kind"] == "gift"]
    assert [line["coins"] for line in gifts] == [line["coins"] for line in table(files, "gifts")]
    moved = Counter[str]()
    for line in table(files, "earnings"):
        moved[line["creator"]] += int(line["diamonds"])
    assert moved[str(MIA)] + moved[""] == balances["earnings"] + balances["reserved"]


SAME_FOR_ALL = ("accounts.csv", "totals.csv", "earnings.csv", "README.txt")
"""What is about all members together: it tells which coins paid, but not whose."""


@given(
    before=st.lists(deeds, max_size=4),
    after=st.lists(deeds, max_size=5),
    anonymous_pieces=st.lists(st.integers(1, 20), max_size=4),
)
@example(before=[], after=[Deed("gift", coins=20), Deed("gift", BOB, coins=20)], anonymous_pieces=[20])
@example(before=[], after=[Deed("reverse", back=1)], anonymous_pieces=[5])
@example(before=[], after=[Deed("reverse", back=4)], anonymous_pieces=[20, 20])
@example(before=[Deed("reverse", back=2)], after=[], anonymous_pieces=[1])
@example(before=[Deed("gift", coins=90)], after=[Deed("reverse", back=15)], anonymous_pieces=[99] * 11)
@QUICK
async def test_whoever_sent_anonymous_gifts_the_files_are_the_same(
    address: str,
    books: Database,
    clock: Clock,
    tmp_path: Path,
    before: list[Deed],
    after: list[Deed],
    anonymous_pieces: list[int],
):
    """Both have promo and bought coins, so that what is left of each depends on who sent the anonymous gifts.

    They keep what they have: of two members, only one could pay for the gifts if a payment went back before them.
    """
    wealth = [Deed(what, member, 1_000) for member in (ALICE, BOB) for what in ("grant", "buy")]
    both: list[dict[str, str]] = []
    for sender in (ALICE, BOB):
        town = Town(books, clock, build(books, [], clock), lasting=len(wealth))
        await town.open()
        gifts = [Deed("gift", sender, pieces, is_anonymous=True) for pieces in anonymous_pieces]
        others = [deed._replace(is_anonymous=False) for deed in (*before, *after) if deed.what in {"gift", "reverse"}]
        for number, deed in enumerate([*wealth, *others[: len(before)], *gifts, *others[len(before) :]]):
            await town.do(number, deed)
        _, files = written(address, town.guild_id, tmp_path)
        both.append({name: text for name, text in files.items() if name not in SAME_FOR_ALL})

    assert both[0].keys() == both[1].keys()
    for name, text in both[0].items():
        assert text.splitlines() == both[1][name].splitlines(), name


async def test_each_column_is_explained_and_no_cell_is_a_formula(
    address: str, books: Database, clock: Clock, tmp_path: Path
):
    town = Town(books, clock, build(books, [], clock))
    await town.open()
    for number, deed in enumerate([Deed("buy", coins=50), Deed("gift"), Deed("gift", is_anonymous=True)]):
        await town.do(number, deed)

    outcome, files = written(address, town.guild_id, tmp_path)

    assert {*files} == {"README.txt", *(layout.filename for layout in LAYOUTS)}
    assert f"server {town.guild_id}, up to row 3 of its journal (hash {outcome.hash})" in files["README.txt"]
    for layout in LAYOUTS:
        header = files[layout.filename].splitlines()[0].split(",")
        assert header == [column.name for column in layout.columns]
        assert all(f"  {column} " in files["README.txt"] for column in header)
    open_gift, anonymous = table(files, "gifts")
    assert (open_gift["sender"], open_gift["creator"], open_gift["note"]) == (str(ALICE), str(MIA), "'=deed 1")
    assert (anonymous["sender"], anonymous["creator"], anonymous["coins"]) == ("anonymous", str(MIA), "10")
    assert open_gift["time"] == "2026-02-19T12:00:00.000Z"
    assert str(ALICE) not in "".join(line for line in files["postings.csv"].splitlines() if line.startswith("3,"))


async def test_what_staff_did_about_an_anonymous_gift_names_nobody(
    address: str, books: Database, clock: Clock, tmp_path: Path
):
    services = build(books, [], clock)
    town = Town(books, clock, services)
    await town.open()
    for number, deed in enumerate([Deed("buy", coins=50), Deed("gift", is_anonymous=True), Deed("reverse")]):
        await town.do(number, deed)
    goodwill = {"guild_id": town.guild_id, "reason": "Alice's anonymous gift", "receipt": 2}
    await books.writer.submit(grant("sorry", **goodwill))

    _, files = written(address, town.guild_id, tmp_path)

    reversed_row, grant_row = table(files, "journal")[2:]
    assert (reversed_row["by"], reversed_row["other"], reversed_row["note"]) == (str(ROB), "anonymous", "")
    assert (grant_row["other"], grant_row["note"]) == (str(ALICE), "")
    assert table(files, "grants")[0]["makes_up_for"] == ""
    assert [(act["member"], act["reason"], act["receipt"]) for act in table(files, "staff_acts")] == [
        ("", "", "3"),
        ("", "", "4"),
    ]


async def test_there_are_no_books_of_a_guild_that_nobody_knows(address: str, books: Database, tmp_path: Path):
    with pytest.raises(UnknownGuild):
        written(address, 404, tmp_path)
    assert not [file for file in left_in(tmp_path) if "export" in file.name or file.suffix == ".zip"]


async def test_a_new_guild_has_files_with_nothing_in_them(address: str, books: Database, clock: Clock, tmp_path: Path):
    guild_id = next(guild_ids)
    await books.writer.perform(guilds.ensure, guild_id, NOON, packages_archived=False)

    outcome, files = written(address, guild_id, tmp_path)

    assert outcome == Exported(0, "", agrees=True)
    assert len(table(files, "catalogue")) == 18


async def test_books_that_are_too_large_come_by_month_in_files_that_fit_and_lose_no_row(
    address: str, books: Database, clock: Clock, tmp_path: Path
):
    town = Town(books, clock, build(books, [], clock))
    await town.open()
    for number, what in enumerate(["buy", "grant", "gift", "gift", "grant", "gift"] * 4):
        await town.do(number, Deed(what, coins=10, is_anonymous=number % 5 == 0))
    _, whole = written(address, town.guild_id, tmp_path)
    with closing(open_reader(address)) as reader:
        reader.look(export, town.guild_id, target := tmp_path / "whole.zip")
    rest_bytes = split(target, 1 << 30)[0].file.stat().st_size

    parts = split(target, rest_bytes)
    contents = [(part.months, part.file.stat().st_size, files_in(part.file)) for part in parts]
    together = {name: text for _, _, files in contents for name, text in files.items()}

    assert [months for months, _, _ in contents][:1] == [""]
    assert len(contents) > 1
    assert max(size for _, size, _ in contents) <= rest_bytes
    for name in ("journal", "postings", "gifts", "grants"):
        of_months = sorted(each.removesuffix(".csv") for each in together if each.startswith(f"{name}-2026-"))
        assert len(of_months) > 1
        assert [row for each in of_months for row in table(together, each)] == table(whole, name)
        assert f"{name}.csv" not in together
    assert {"README.txt", "totals.csv", "accounts.csv"} <= contents[0][2].keys()
    assert split(target, 100) == []


async def test_a_month_that_is_too_large_comes_in_parts_that_fit_and_add_up_to_the_books(
    address: str, books: Database, clock: Clock, tmp_path: Path
):
    town = Town(books, clock, build(books, [], clock))
    await town.open()
    for number in range(150):
        clock.now_ms = NOON + number
        reason = hashlib.sha512(b"%d" % number).hexdigest()
        await books.writer.submit(grant(f"grant {number}", guild_id=town.guild_id, amount=number + 1, reason=reason))
    _, whole = written(address, town.guild_id, tmp_path)
    with closing(open_reader(address)) as reader:
        reader.look(export, town.guild_id, target := tmp_path / "whole.zip")

    with zipfile.ZipFile(target) as archive:
        most_bytes = archive.getinfo("README.txt").compress_size + 200
    parts = split(target, most_bytes)
    sizes = [part.file.stat().st_size for part in parts]
    files = [(name, text) for part in parts for name, text in files_in(part.file).items()]

    assert max(sizes) <= most_bytes
    assert len(parts) > 3
    assert parts[0].months == ""
    assert len({part.months for part in parts}) == len(parts)
    assert len({name for name, _ in files}) == len(files)
    together = dict(files)
    for name in ("journal", "postings", "grants"):
        pieces = [each.removesuffix(".csv") for each, _ in files if each.startswith(f"{name}-")]
        assert (len(pieces) > 1) is (name != "postings")
        assert [row for each in pieces for row in table(together, each)] == table(whole, name)
    coins = sum(
        int(row["coins"]) for each, _ in files if each.startswith("grants-") for row in table(together, each[:-4])
    )
    assert coins == (await town.balances())["promo"] == 150 * 151 // 2


def files_in(file: Path) -> dict[str, str]:
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}
