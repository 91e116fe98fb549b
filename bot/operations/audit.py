"""`python -m bot audit`: tell whether the books are in order, and which rows are not."""

from bot.exits import Exit
from bot.operations.progress import Bar
from bot.storage.audit import audit_database


def audit(url: str, guild_id: int | None) -> Exit:
    """Print every finding, then a verdict. Raises StorageError."""
    found = 0
    with Bar("Auditing") as bar:
        for finding in audit_database(url, guild_id, progress=bar):
            found += 1
            print(f"guild {finding.guild_id} row {finding.seq}: {finding.what}")
    print("The books are in order." if not found else f"{found} findings.")
    return Exit.FAILED if found else Exit.DONE
