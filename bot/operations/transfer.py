"""`python -m bot transfer`: move a community's books to another database, for good."""

from bot.exits import Exit
from bot.operations.progress import Bar
from bot.storage.transfer import transfer as move


def transfer(source: str, target: str) -> Exit:
    """Copy the books from one address to another. Raises StorageError."""
    with Bar("Auditing") as audited, Bar("Copying") as moved:
        contents = move(source, target, moved=moved, audited=audited)
    print("The books have arrived, and both audits agree.")
    print(f"{contents.rows} transactions in {len(contents.heads)} guilds")
    print("Set DATABASE_URL to the new address before the bot starts again.")
    return Exit.DONE
