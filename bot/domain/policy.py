"""Permissions: one table, which is checked on every call."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.errors import NotAllowed


class Staff(StrEnum):
    """The staff roles of a guild. The guild's settings map each to a Discord role."""

    MANAGER = "manager"
    HOST = "host"
    TREASURER = "treasurer"
    AUDITOR = "auditor"


CREATOR = "creator"
"""Not a staff role, but required by some commands: being an approved creator."""

MANAGE_SERVER = "manage_server"
"""Not a staff role either, but Discord's permission. Only it may set staff roles: managers cannot make treasurers."""

OWNER = "owner"
"""Not a staff role either: the owner of the Discord server. No permission and no role stands in for it."""

ANYONE: frozenset[str] = frozenset()
_MANAGER = frozenset({Staff.MANAGER})
_MANAGER_OR_AUDITOR = frozenset({Staff.MANAGER, Staff.AUDITOR})
_TREASURER = frozenset({Staff.TREASURER})
_TREASURER_OR_AUDITOR = frozenset({Staff.TREASURER, Staff.AUDITOR})
_ON_AIR = frozenset({CREATOR, Staff.HOST})
_CREATOR = frozenset({CREATOR})
_HOST = frozenset({Staff.HOST})
_MANAGE_SERVER = frozenset({MANAGE_SERVER})
_OWNER = frozenset({OWNER})

POLICY: Mapping[str, frozenset[str]] = {
    "buy": ANYONE,
    "gift": ANYONE,
    "gift-team": ANYONE,
    "chip-in": ANYONE,
    "gifts": ANYONE,
    "Gift this message": ANYONE,
    "Send a gift": ANYONE,
    "balance": ANYONE,
    "history": ANYONE,
    "perks": ANYONE,
    "perk list": _MANAGER_OR_AUDITOR,
    "perk add": _MANAGER,
    "perk edit": _MANAGER,
    "perk archive": _MANAGER,
    "perk panel": _MANAGER,
    "perk return": _MANAGER,
    "budget show": ANYONE,
    "budget set": ANYONE,
    "budget pause": ANYONE,
    "budget clear": ANYONE,
    "leaderboard": ANYONE,
    "profile": ANYONE,
    "challenges": ANYONE,
    "verify": ANYONE,
    "privacy settings": ANYONE,
    "privacy export": ANYONE,
    "privacy delete": ANYONE,
    "help": ANYONE,
    "live start": _ON_AIR,
    "live status": ANYONE,
    "live goal": _ON_AIR,
    "live match": _ON_AIR,
    "live end": _ON_AIR,
    "overlay": _ON_AIR,
    "overlay link": _CREATOR,
    "overlay of others": _HOST,
    "creator apply": ANYONE,
    "creator pause": _CREATOR,
    "creator block": _CREATOR,
    "creator thanks": _CREATOR,
    "creator gifts": _CREATOR,
    "creator earnings": ANYONE,
    "creator payout": ANYONE,
    "creator earnings of others": _TREASURER_OR_AUDITOR,
    "creator stats": ANYONE,
    "packages list": _MANAGER_OR_AUDITOR,
    "packages add": _MANAGER,
    "packages edit": _MANAGER,
    "packages archive": _MANAGER,
    "catalogue list": _MANAGER_OR_AUDITOR,
    "catalogue add": _MANAGER,
    "catalogue edit": _MANAGER,
    "catalogue archive": _MANAGER,
    "creators list": _MANAGER_OR_AUDITOR,
    "creators approve": _MANAGER,
    "creators remove": _MANAGER,
    "coins grant": _MANAGER,
    "coins grant-many": _MANAGER,
    "coins undo": _MANAGER,
    "coins codes make": _MANAGER,
    "coins codes list": _MANAGER,
    "coins codes revoke": _MANAGER,
    "coins claim": _MANAGER,
    "redeem": ANYONE,
    "chest": ANYONE,
    "Grant coins": _MANAGER,
    "coins reverse": _MANAGER,
    "coins lookup": _MANAGER_OR_AUDITOR,
    "challenge add": _MANAGER,
    "challenge list": _MANAGER_OR_AUDITOR,
    "challenge end": _MANAGER,
    "cases": _TREASURER_OR_AUDITOR,
    "cases decide": _TREASURER,
    "payouts list": _TREASURER_OR_AUDITOR,
    "payouts approve": _TREASURER,
    "payouts paid": _TREASURER,
    "payouts reject": _TREASURER,
    "settings": _MANAGER,
    "settings log": _MANAGER_OR_AUDITOR,
    "settings export": _OWNER,
    "settings grants": _OWNER,
    "settings staff creators": _OWNER,
    "settings payments": _MANAGE_SERVER,
    "settings staff": _MANAGE_SERVER,
}
"""Maps each command, and a few pages and buttons, to the roles that may use it; any one of them is enough.

Commands are written as members type them, without the slash, and menus by their names. These are not commands:

    cases decide                  the buttons in `/cases`
    creator earnings of others    what staff see of a creator in `/creator earnings` and `/creator stats`
    overlay                       the card that live events lead to
    overlay of others             the card of another creator
    overlay link                  makes links. They are secrets, so nobody can do this for somebody else
    settings log                  the page of `/settings` that lists what staff did: all that auditors see of it
    settings export               the button there that exports the books
    settings grants               the page there with the limits on grants
    settings staff creators       the button there that lets staff be creators
    settings payments             the page there about payment methods
    settings staff                the page there about staff roles
"""


@dataclass(frozen=True, slots=True)
class Actor:
    """The caller and their roles in this guild.

    `manages_guild` is Discord's Manage Server permission, and `owns_guild` says that the server is theirs.
    """

    user_id: int
    staff: frozenset[Staff]
    manages_guild: bool
    is_creator: bool
    owns_guild: bool = False

    def may(self, needs: frozenset[str]) -> bool:
        """Whether this actor has one of `needs`. Manage Server counts as every staff role."""
        if not needs:
            return True
        if self.manages_guild and any(need in {*Staff, MANAGE_SERVER} for need in needs):
            return True
        if OWNER in needs and self.owns_guild:
            return True
        return bool(needs & self.staff) or (CREATOR in needs and self.is_creator)


def check(command: str, actor: Actor) -> None:
    """Raise NotAllowed unless `actor` may call `command`. Nobody may call a command without a row in POLICY."""
    needs = POLICY.get(command)
    if needs is None:
        raise NotAllowed(())
    if not actor.may(needs):
        raise NotAllowed(tuple(sorted(needs)))
