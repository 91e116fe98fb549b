"""What the card of a statement says beside its picture, and how amounts below zero are written."""

import pytest

from bot.domain.statements import Line, Month, Statement, YearFile
from bot.domain.transfers import TransferTerms
from bot.ui.kit.cards import Document, Picture
from bot.ui.text.reader import reader_for
from cogs.creator import statement_files, statement_render

READER = reader_for("en-US")
PAID = Line(20_000, "payout", anonymous=False, entries=1, pieces=0, coins=0, diamonds=-10_345)
STATEMENT = Statement(Month(2026, 10), 20_000, (PAID,), number=7)
YEAR = YearFile(2026, [STATEMENT])
FILE = Document("statement.csv", "")
DATES = "All dates are in UTC."


def test_the_picture_says_once_that_dates_are_in_utc_and_its_description_too() -> None:
    values = statement_render.picture(STATEMENT, ["Noor"], READER)
    picture = Picture("statement.png", b"", statement_render.alt_text(values, READER))

    with_picture = statement_render.card(STATEMENT, None, picture, FILE, READER)
    in_words = statement_render.card(STATEMENT, None, None, FILE, READER)

    assert (values.note, in_words.footer) == (f"{DATES} SHA-256: {STATEMENT.digest[:16]}…",) * 2
    assert picture.alt.endswith(values.note)
    assert with_picture.footer == ""


def test_what_went_out_has_a_minus_sign_for_people_and_a_hyphen_for_spreadsheets() -> None:
    in_words = statement_render.card(STATEMENT, None, None, FILE, READER)

    text = "\n".join(part.text for part in in_words.parts)
    file = statement_files.table(STATEMENT)
    assert "Payouts: **💎\xa0−10,345** · 1 entry" in text
    assert ",payout,no,1,0,0,-10345" in file
    assert file.lstrip("\ufeff").isascii()


def test_a_year_file_has_each_type_by_month_by_quarter_and_in_all_and_says_that_there_are_no_fees() -> None:
    header, *rows = statement_files.table(YEAR).lstrip("\ufeff").splitlines()

    assert header == "year,quarter,month,statement,type,entries,diamonds"
    assert rows == [
        "2026,Q4,2026-10,7,payout,1,-10345",
        "2026,Q4,all,,payout,1,-10345",
        "2026,all,all,,payout,1,-10345",
        "2026,all,all,,fee,0,0",
    ]


@pytest.mark.parametrize(
    ("terms", "says"),
    [
        (None, "I don't know how much money a payout was, so compare it with these limits yourself."),
        (TransferTerms("USD", 15_465), "US: payers report what they pay you from $2,000.00 a year.\n"),
        (TransferTerms("USD", 15_467), "from $2,000.00 a year. These payouts are close to that.\n"),
        (TransferTerms("USD", 19_334), "from $2,000.00 a year. These payouts reach that.\n"),
        # Nobody knows how much that is in dollars.
        (TransferTerms("EUR", 19_334), "US: payers report what they pay you from $2,000.00 a year.\n"),
    ],
)
def test_a_year_file_says_how_near_its_payouts_are_to_what_payers_report(
    terms: TransferTerms | None, says: str
) -> None:
    text = "\n".join(part.text for part in statement_render.card(YEAR, None, None, FILE, READER, terms).parts)

    assert says in text.replace("-# ", "")
    assert "No fees are taken from earnings here." in text
    assert "whatever the amount, by January 31, 2027." in text
