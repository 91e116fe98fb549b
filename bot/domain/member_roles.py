"""Which roles a member gets and loses, given those that they should have, were given, and have at present.

The bot takes only roles that it has given itself. What staff give by hand stays, also where it is one of ours.
"""

from collections.abc import Collection
from enum import StrEnum
from typing import Final, NamedTuple

RECHECK_MS: Final = 24 * 3_600_000
"""How often the roles of a member are compared with those that they should have: nobody says who left and came back."""

FIRST_PAUSE_MS: Final = 5_000
LONGEST_PAUSE_MS: Final = 3_600_000
"""How long a member waits whose roles could not be changed: first, and at most."""


class Trouble(StrEnum):
    """Why a role cannot be given or taken. The values are stored."""

    PERMISSION = "permission"
    """The bot has no Manage Roles."""
    POSITION = "position"
    """The role is not below the bot's own, or Discord or an app manages it."""
    GONE = "gone"
    """The role was deleted."""
    POWER = "power"
    """The role lets members moderate or manage the server. Nobody is meant to earn that by gifting."""
    REFUSED = "refused"
    """Discord refuses for a reason that cannot be told beforehand."""


class RoleTask(NamedTuple):
    """A member whose roles are to be looked at since `due_ms`. `member_id` is 0 once they were erased.

    `target` are the roles that they should have, `own` those that the bot has given them. `failures` is how often it
    has failed in a row. `awaited` are roles of perks that they have unlocked but not received yet.
    """

    holder: int
    member_id: int
    target: frozenset[int]
    own: frozenset[int]
    due_ms: int
    failures: int
    awaited: frozenset[int] = frozenset()


class RolePlan(NamedTuple):
    """Roles to give to a member, to take from them, and to forget, as they no longer have them."""

    give: tuple[int, ...]
    take: tuple[int, ...]
    forget: tuple[int, ...]


def plan_of(target: Collection[int], own: Collection[int], present: Collection[int]) -> RolePlan:
    """Return what to do for a member who has the roles `present`, in ascending order."""
    surplus = set(own) - set(target)
    return RolePlan(
        give=tuple(sorted(set(target) - set(present))),
        take=tuple(sorted(surplus & set(present))),
        forget=tuple(sorted(surplus - set(present))),
    )


def pause_ms(failures: int) -> int:
    """Return how long to wait after a number of failures in a row, at least one."""
    return min(FIRST_PAUSE_MS << min(failures - 1, 20), LONGEST_PAUSE_MS)


def roles_from(level_roles: Collection[tuple[int, int]], level: int) -> set[int]:
    """Return the roles of a level and of those below it, of (level, role id) each."""
    return {role_id for from_level, role_id in level_roles if from_level <= level}
