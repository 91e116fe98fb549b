"""Who may do what: one table, checked in code on every call."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.errors import NotAllowed


class Staff(StrEnum):
    """The staff roles of a guild. Each maps to a Discord role in its settings."""

    MANAGER = "manager"
    HOST = "host"
    TREASURER = "treasurer"
    AUDITOR = "auditor"


CREATOR = "creator"
"""Not staff, but a capacity that some commands need: being an approved creator."""

MANAGE_SERVER = "manage_server"
"""Not a staff role either, but Discord's permission. It alone sets the staff roles: no manager makes a treasurer."""

ANYONE: frozenset[str] = frozenset()
_MANAGER = frozenset({Staff.MANAGER})
_MANAGER_OR_AUDITOR = frozenset({Staff.MANAGER, Staff.AUDITOR})
_ON_AIR = frozenset({CREATOR, Staff.HOST})
_CREATOR = frozenset({CREATOR})
_MANAGE_SERVER = frozenset({MANAGE_SERVER})

POLICY: Mapping[str, frozenset[str]] = {
    "buy": ANYONE,
    "gift": ANYONE,
    "gifts": ANYONE,
    "Gift this message": ANYONE,
    "Send a gift": ANYONE,
    "balance": ANYONE,
    "leaderboard": ANYONE,
    "privacy settings": ANYONE,
    "help": ANYONE,
    "live start": _ON_AIR,
    "live status": ANYONE,
    "live goal": _ON_AIR,
    "live match": _ON_AIR,
    "live end": _ON_AIR,
    "creator thanks": _CREATOR,
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
    "settings": _MANAGER,
    "settings staff": _MANAGE_SERVER,
}
"""Command (as typed, without the slash; menus by name) to what its caller must be: any one of the set suffices.

`settings staff` is no command, but the page of `/settings` that sets the staff roles."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who calls: capacities as far as this guild knows them. `manages_guild` is Discord's Manage Server permission."""

    user_id: int
    staff: frozenset[Staff]
    manages_guild: bool
    is_creator: bool

    def may(self, needs: frozenset[str]) -> bool:
        """Whether this actor has one of `needs`. Manage Server stands for every staff role."""
        if not needs:
            return True
        if self.manages_guild and any(need in {*Staff, MANAGE_SERVER} for need in needs):
            return True
        return bool(needs & self.staff) or (CREATOR in needs and self.is_creator)


def check(command: str, actor: Actor) -> None:
    """Raise NotAllowed unless `actor` may call `command`. A command without a row in POLICY is refused to everyone."""
    needs = POLICY.get(command)
    if needs is None:
        raise NotAllowed(())
    if not actor.may(needs):
        raise NotAllowed(tuple(sorted(needs)))
