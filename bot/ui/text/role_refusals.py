"""Why a role cannot be what staff want it to be."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.domain.errors import Refusal
from bot.domain.member_roles import Trouble
from bot.ui.text.reader import Reader
from bot.ui.text.refusals import UnfitRole, UngivableRole


def _unfit_role(e: UnfitRole, r: Reader) -> str:
    match e.why:
        case "everyone":
            return r._("@everyone can't be a staff role. Pick a role that only your staff have.")
        case "managed":
            return r._(
                "<@&{role}> belongs to an app, so it can't be a staff role. Pick one you give out yourself.",
                role=e.role_id,
            )
        case "earned":
            return r._(
                "Members get <@&{role}> for their gifts, so it can't be a staff role. Pick a role that only your staff "
                "have.",
                role=e.role_id,
            )
        case _:
            return r._(
                "Everyone here has <@&{role}>, so it can't be a staff role. Pick a role that only your staff have.",
                role=e.role_id,
            )


def _ungivable_role(e: UngivableRole, r: Reader) -> str:
    match e.why:
        case Trouble.PERMISSION:
            return r._("I can't give out roles yet. Allow me to Manage Roles in the server settings, then pick again.")
        case Trouble.POWER:
            return r._(
                "<@&{role}> comes with rights of your staff, so members can't earn it. Pick a role without them.",
                role=e.role_id,
            )
        case _:
            return r._(
                "I can't give out <@&{role}>. In the server settings, drag my role above it. Roles of apps stay out of "
                "my reach.",
                role=e.role_id,
            )


ROLES: Mapping[type[Refusal], Callable[[Any, Reader], str]] = {UnfitRole: _unfit_role, UngivableRole: _ungivable_role}
"""The sentences of these refusals."""
