"""Who stands behind holder ids, in the words of the files."""

from collections.abc import Collection

from sqlalchemy import Connection

from bot.domain.accounts import NOBODY
from bot.domain.exported_books import HIDDEN
from bot.storage.ledger import holders

ANONYMOUS, ERASED = "anonymous", "erased"

MOST = 20_000
"""Members that are remembered at a time, so that memory stays flat however many a guild has."""


class People:
    """The members of a guild by holder id. Look up those of a piece before its rows are written."""

    def __init__(self, c: Connection, guild_id: int) -> None:
        self._c = c
        self._guild_id = guild_id
        self._names: dict[int, str] = {}

    def learn(self, holder_ids: Collection[int]) -> None:
        """Look up those of the holders that are not known yet."""
        missing = {*holder_ids} - self._names.keys() - {NOBODY, HIDDEN}
        if len(self._names) + len(missing) > MOST:
            self._names.clear()
            missing = {*holder_ids} - {NOBODY, HIDDEN}
        if missing:
            members = holders.member_ids(self._c, self._guild_id, missing)
            self._names |= {holder: str(members.get(holder) or ERASED) for holder in missing}

    def name(self, holder_id: int) -> str:
        """Return a member's Discord id, "anonymous", "erased", or "" for nobody."""
        if holder_id == NOBODY:
            return ""
        if holder_id == HIDDEN:
            return ANONYMOUS
        if holder_id not in self._names:
            self.learn([holder_id])
        return self._names[holder_id]
