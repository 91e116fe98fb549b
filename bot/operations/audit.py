"""`python -m bot audit`: report whether the books are in order, and which rows are not."""

from bot.exit_codes import Exit
from bot.operations.progress import Bar
from bot.storage.audit.auditor import audit_database


def audit(url: str, guild_id: int | None) -> Exit:
    """Print every finding, then a verdict.

    `guild_id` limits the audit to one guild. Raises StorageError if the database cannot be read.
    """
    count = 0
    with Bar("Auditing") as bar:
        for finding in audit_database(url, guild_id, progress=bar):
            count += 1
            print(f"guild {finding.guild_id} row {finding.seq}: {finding.what}")
    print("The books are in order." if not count else f"{count} findings.")
    return Exit.FAILED if count else Exit.DONE
