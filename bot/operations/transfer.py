"""`python -m bot transfer`: move a community's books to another database permanently."""

from bot.exit_codes import Exit
from bot.operations.progress import Bar
from bot.storage.maintenance.transfer import transfer as move


def transfer(source: str, target: str) -> Exit:
    """Copy the books from the address `source` to the address `target`. Raises StorageError."""
    with Bar("Auditing") as audit_bar, Bar("Copying") as copy_bar:
        contents = move(source, target, report_copy=copy_bar, report_audit=audit_bar)
    print("Moved the books. The audits before and after agree.")
    print(f"{contents.rows} transactions in {len(contents.heads)} guilds")
    print("Set DATABASE_URL to the new address before you start the bot.")
    return Exit.DONE
