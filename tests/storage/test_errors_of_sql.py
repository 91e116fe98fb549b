"""Errors of the database are logged, so they must not repeat what members wrote."""

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from bot.storage.database import Database

CANARY = "a note for the creator alone"


def misread(c: Connection, note: str) -> None:
    c.execute(text("SELECT no_such_column FROM journal WHERE key = :note"), {"note": note})


async def test_an_error_of_the_writer_holds_no_parameters(books: Database) -> None:
    with pytest.raises(Exception, match="no_such_column") as failure:
        await books.writer.perform(misread, CANARY)

    assert CANARY not in str(failure.value)


async def test_an_error_of_a_reader_holds_no_parameters(books: Database) -> None:
    with pytest.raises(DBAPIError, match="no_such_column") as failure:
        await books.read(misread, CANARY)

    assert CANARY not in str(failure.value)
