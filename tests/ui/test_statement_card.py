"""What the card of a statement says beside its picture, and how amounts below zero are written."""

from bot.domain.statements import Line, Month, Statement
from bot.ui.kit.cards import Document, Picture
from bot.ui.text.reader import reader_for
from cogs.creator import statement_files, statement_render

READER = reader_for("en-US")
PAID = Line(20_000, "payout", anonymous=False, entries=1, pieces=0, coins=0, diamonds=-10_345)
STATEMENT = Statement(Month(2026, 10), 20_000, (PAID,), number=7)
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
