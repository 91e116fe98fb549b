"""`python -m bot export`: a guild's books as a zip of CSV files."""

from contextlib import closing
from pathlib import Path

from bot.domain.errors import UnknownGuild
from bot.exit_codes import Exit
from bot.operations.progress import Bar
from bot.storage.audit.reader import open_reader
from bot.storage.connect.address import StorageError
from bot.storage.export.archive import export


def export_guild(url: str, guild_id: int, target: Path, *, force: bool) -> Exit:
    """Write the books of a guild to `target`. The bot may keep running. Raises StorageError."""
    if target.exists() and not force:
        raise StorageError(f"{target} exists. Use --force to replace it")
    if not target.parent.is_dir():
        raise StorageError(f"There is no folder {target.parent}")
    with closing(open_reader(url)) as reader, Bar("Exporting") as bar:
        try:
            exported = reader.look(export, guild_id, target, bar)
        except UnknownGuild:
            print(f"There are no books of guild {guild_id} in this database")
            return Exit.FAILED
    print(f"Saved the books of guild {guild_id} up to row {exported.seq}: {target}")
    if exported.agrees:
        return Exit.DONE
    print("The files do not add up to the books: see totals.csv. For the full list, run: python -m bot audit")
    return Exit.FAILED
