"""Files of members and amounts, in the shapes that spreadsheets and other bots write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.grant_errors import InvalidRatio, UnreadableFile
from bot.domain.grant_files import (
    MOST_ROWS,
    Entry,
    GrantFile,
    Problem,
    Reading,
    RowError,
    parse_ratio,
    read,
)
from bot.domain.grant_plans import Plan, names_in, plan

MIA, LEO, NOOR, BOT, SAM = 200000000000000001, 200000000000000002, 200000000000000003, 200000000000000004, 9
UNBELIEVABOAT = (
    "user_id,username,cash,bank,total\r\n"
    f'{MIA},mia,100,"1,150","1,250"\r\n'
    f'{LEO},"leo, the 1st",0,-5,-5\r\n'
    f"{NOOR},noor,0,0,0\r\n"
    f"{MIA},mia again,1,1,2\r\n"
).encode()
EXCEL = (
    f'\ufeffMitglied;Guthaben\r\n"{MIA}";"1.234"\r\n2,00000000000000E+17;12\r\n{LEO};zwölf\r\n;7\r\n{NOOR};3,5\r\n'
).encode()
SHEET = f"Name\tId\tPoints\nmia#0\t{MIA}\t10 000\n\n@Leo\t<@{LEO}>\t5.00\n".encode()


def test_an_export_with_commas_quotes_and_several_amounts_is_read_by_the_names_of_its_columns() -> None:
    file = read(UNBELIEVABOAT, Reading())
    members = {MIA: False, LEO: False, NOOR: False}

    assert file.entries == (Entry(2, MIA, 1_250), Entry(5, MIA, 2))
    assert file.errors == (RowError(3, Problem.NEGATIVE, "-5"), RowError(4, Problem.NOTHING, "0"))
    assert plan(file, members, {}, giver_id=SAM) == Plan(
        ((MIA, 1_250),), (*file.errors, RowError(5, Problem.DUPLICATE, str(MIA), 2))
    )
    assert read(UNBELIEVABOAT, Reading(amount_column="bank")).entries[0].coins == 1_150
    assert read(UNBELIEVABOAT, Reading(amount_column="3")).entries[0].coins == 100


def test_a_german_spreadsheet_with_semicolons_and_a_byte_order_mark_names_every_bad_row() -> None:
    file = read(EXCEL, Reading(member_column="mitglied"))

    assert file.entries == (Entry(2, MIA, 1_234),)
    assert [(error.line, error.problem) for error in file.errors] == [
        (3, Problem.ROUNDED_ID),
        (4, Problem.NOT_A_NUMBER),
        (5, Problem.NO_MEMBER),
        (6, Problem.FRACTION),
    ]


def test_tabs_mentions_and_names_are_read_and_a_ratio_rounds_down() -> None:
    by_id, by_name = read(SHEET, Reading(old=3, new=1)), read(SHEET, Reading(member_column="name"))

    assert by_id.entries == (Entry(2, MIA, 3_333), Entry(4, LEO, 1))
    assert by_name.entries == (Entry(2, "mia", 10_000), Entry(4, "leo", 5))
    assert plan(by_name, {MIA: False, LEO: False}, {"mia": [MIA], "leo": [LEO, NOOR]}, giver_id=SAM) == Plan(
        ((MIA, 10_000),), (RowError(4, Problem.AMBIGUOUS, "leo", 2),)
    )


def test_a_list_of_ids_needs_no_header_and_takes_the_amount_of_the_command() -> None:
    assert read(f"{MIA}\n{LEO}\n".encode(), Reading(amount=50)).entries == (Entry(1, MIA, 50), Entry(2, LEO, 50))
    assert read(f"{MIA}\n{LEO},70\n".encode(), Reading(amount=50)).entries == (Entry(1, MIA, 50), Entry(2, LEO, 70))
    assert read(f"{MIA},70\n{LEO},\n".encode(), Reading(amount=50)).entries == (Entry(1, MIA, 70), Entry(2, LEO, 50))


def test_bots_strangers_and_the_giver_are_left_out() -> None:
    file = read(f"{BOT},1\n{NOOR},2\n{MIA},3\n{LEO},4\n".encode(), Reading())

    outcome = plan(file, {BOT: True, MIA: False, LEO: False}, {}, giver_id=MIA)

    assert outcome.shares == ((LEO, 4),)
    assert [error.problem for error in outcome.errors] == [Problem.BOT, Problem.UNKNOWN, Problem.ONESELF]


def test_whoever_would_get_more_than_the_most_is_left_out() -> None:
    file = read(f"{MIA},100\n{LEO},101\n".encode(), Reading(most=100))

    assert file == GrantFile((Entry(1, MIA, 100),), (RowError(2, Problem.ABOVE, "101", 100),))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b"\n \n;;\n", "empty"),
        (b"\x89PNG\0\0\0", "text"),
        (b"user_id,colour\n200000000000000001,red\n", "columns"),
        (b"1,1\n" * (MOST_ROWS + 2), "rows"),
        (b"x" * (2 * 1024 * 1024 + 1), "bytes"),
    ],
)
def test_what_is_no_file_of_amounts_is_refused(content: bytes, why: str) -> None:
    with pytest.raises(UnreadableFile) as refusal:
        read(content, Reading())

    assert refusal.value.why == why


def test_ten_thousand_rows_are_read_and_only_a_hundred_names_are_looked_up() -> None:
    rows = "".join(f"name{number};{number + 1}\n" for number in range(MOST_ROWS))

    names, file = names_in(read(("who;amount\n" + rows).encode("utf-16"), Reading(member_column="who")))

    assert len(names) == 100
    assert (len(file.entries), len(file.errors)) == (100, MOST_ROWS - 100)


def test_of_ten_thousand_rows_each_bad_one_is_named_and_all_others_get_their_coins() -> None:
    members = [10**17 + number for number in range(MOST_ROWS)]
    amounts = ["-7" if number % 1_000 == 999 else str(number + 1) for number in range(MOST_ROWS)]
    rows = "\r\n".join(f'"{member}","{amount}"' for member, amount in zip(members, amounts, strict=True))

    outcome = plan(
        read(f"\ufeffid,coins\r\n{rows}\r\n".encode(), Reading()), dict.fromkeys(members, False), {}, giver_id=SAM
    )

    bad = range(999, MOST_ROWS, 1_000)
    assert outcome.errors == tuple(RowError(number + 2, Problem.NEGATIVE, "-7") for number in bad)
    assert outcome.shares == tuple((member, number + 1) for number, member in enumerate(members) if number not in bad)


@given(st.integers(0, 10**9), st.sampled_from([",", ".", "'", " ", "\u00a0", "\u202f", ""]))
def test_any_amount_is_read_with_any_thousands_separator(coins: int, separator: str) -> None:
    written = f"{coins:,}".replace(",", separator)

    file = read(f'id\tamount\n{MIA}\t"{written}"\n'.encode(), Reading())

    assert file.entries == ((Entry(2, MIA, coins),) if coins else ())


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        file = read(content, Reading(amount=1))
    except UnreadableFile:
        return
    assert all(1 <= entry.coins <= 10**9 for entry in file.entries)


@pytest.mark.parametrize(("text", "parts"), [("10:1", (10, 1)), (" 1 : 3 ", (1, 3)), ("100", (100, 1))])
def test_a_ratio_is_two_numbers(text: str, parts: tuple[int, int]) -> None:
    assert parse_ratio(text) == parts


@pytest.mark.parametrize("text", ["", "0:1", "1:0", "a:b", "1.5:1", "1:2:3", "10000000:1"])
def test_anything_else_is_no_ratio(text: str) -> None:
    with pytest.raises(InvalidRatio):
        parse_ratio(text)
