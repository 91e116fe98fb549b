"""`python -m bot audit`: report whether the books are in order, and which rows are not."""

from itertools import chain
from pathlib import Path

from bot.exit_codes import Exit
from bot.operations.noting import note_audit
from bot.operations.progress import Bar
from bot.storage.audit.auditor import audit_database
from bot.storage.maintenance.checkpoints import SIGN, CheckpointFile, findings


def audit(url: str, guild_id: int | None, marks: Path, checkpoint: CheckpointFile) -> Exit:
    """Print every finding, then a verdict, and note the outcome in the file `marks`.

    What was signed in the `checkpoint` and is missing is a finding, too.

    `guild_id` limits the audit to one guild, and is not noted. Raises StorageError if the database cannot be read.
    """
    count = 0
    # First, because it is what the books were: they may grow while they are audited.
    missing = findings(url, checkpoint, guild_id)
    with Bar("Auditing") as bar:
        for finding in chain(missing, audit_database(url, guild_id, progress=bar)):
            count += 1
            print(f"guild {finding.guild_id} row {finding.seq}: {finding.what}")
    if guild_id is None:
        note_audit(marks, count)
    if missing:
        print(f"If these are the books that you want, sign them: {SIGN}")
    print("The books are in order." if not count else f"{count} findings.")
    return Exit.FAILED if count else Exit.DONE
