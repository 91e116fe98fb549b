"""Trouble at the press of a button: Discord fails, the bot is kicked, people leave and come back."""

from collections.abc import Callable
from typing import Any, Final

from sandbox.discord.command_access import ROLE
from sandbox.discord.faults import Fault, Faults
from sandbox.discord.jsontypes import JSON
from sandbox.discord.model import User, Webhook
from sandbox.discord.people import Person, Refused
from sandbox.discord.permissions import Permissions
from sandbox.discord.world import World
from sandbox.page.scene import Scene

_MESSAGES: Final = r"^/channels/\d+/messages(/\d+)?$"
_VERBS: Final = ("POST", "PATCH")
Rule = Callable[[Faults, str], Fault]


def _refuse(code: int) -> Rule:
    status = {10003: 404, 20016: 400, 200000: 400}.get(code, 403)
    return lambda faults, verb: faults.answer(verb, _MESSAGES, status, code=code, times=None)


ANSWERS: Final[dict[str, Rule]] = {
    "slow": lambda faults, verb: faults.delay(verb, _MESSAGES, 2.0, times=None),
    "limited": lambda faults, verb: faults.rate_limit(verb, _MESSAGES, retry_after=2.0, times=None),
    "broken": lambda faults, verb: faults.answer(verb, _MESSAGES, 502, times=None),
    "lost": lambda faults, verb: faults.drop(verb, _MESSAGES, times=None),
    "10003": _refuse(10003),
    "50001": _refuse(50001),
    "50013": _refuse(50013),
    "160005": _refuse(160005),
    "20016": _refuse(20016),
    "200000": _refuse(200000),
}
"""Faults with which Discord may answer the bot's messages, by the names that the page uses."""


class Trouble:
    """The trouble that a visitor has started in one guild."""

    def __init__(self, world: World, scene: Scene) -> None:
        self._world = world
        self._guild = scene.guild
        self._answers = ""
        self._rules: list[Fault] = []
        self._roles: dict[int, list[int]] = {}
        self._webhooks: dict[int, Webhook] = {}

    def to_json(self) -> JSON:
        return {
            "has_bot": self._guild.has_bot,
            "outage": self._guild.unavailable,
            "answers": self._answers,
            "clock": self._world.clock.ahead,
            "staff_role": self._staff_role(),
        }

    def do(self, event: dict[str, Any]) -> None:
        """Start or end trouble as an event of the page says."""
        if "bot" in event:
            self._have_bot(bool(event["bot"]))
        if "outage" in event and bool(event["outage"]) != self._guild.unavailable:
            self._world.set_unavailable(self._guild, bool(event["outage"]))
        if "answers" in event:
            self._answer(str(event["answers"]))
        if "clock" in event:
            self._world.clock.ahead = float(event["clock"])
        if "staff_role" in event:
            self._show_commands(str(event["staff_role"]))

    def _staff_role(self) -> str:
        """Return the role that sees all commands, as set in Server Settings → Integrations; empty for none."""
        overwrites = self._guild.command_permissions.get(self._world.application.id, [])
        return str(overwrites[0]["id"]) if overwrites else ""

    def _show_commands(self, role_id: str) -> None:
        is_role = role_id.isdecimal() and int(role_id) in self._guild.roles
        overwrites: list[JSON] = [{"id": role_id, "type": ROLE, "permission": True}] if is_role else []
        self._world.set_command_permissions(self._guild, overwrites)

    def _have_bot(self, is_present: bool) -> None:
        if is_present and not self._guild.has_bot:
            self._world.add_bot(self._guild)
        elif self._guild.has_bot and not is_present:
            self._world.remove_bot(self._guild)

    def _answer(self, name: str) -> None:
        for rule in self._rules:
            self._world.faults.end(rule)
        self._answers = name if name in ANSWERS else ""
        self._rules = [ANSWERS[name](self._world.faults, verb) for verb in _VERBS] if self._answers else []

    def write_as_webhook(self, person: Person, content: str) -> None:
        """Write into a person's channel as a webhook; raises Refused without Manage Webhooks."""
        if not person.may(Permissions.MANAGE_WEBHOOKS):
            raise Refused(f"{person.user.shown_name} may not use webhooks here.")
        webhook = self._webhooks.get(person.channel.id)
        if webhook is None:
            webhook = self._webhooks[person.channel.id] = self._world.add_webhook(person.channel, "Garden News")
        self._world.say_as_webhook(webhook, content)

    def leave(self, person: Person) -> None:
        """Let a person leave the guild, and remember their roles for their return."""
        roles = list(person.guild.members[person.user.id].roles)
        person.leave()
        self._roles[person.user.id] = roles

    def join(self, user: User) -> None:
        """Let a user come back with the roles they had."""
        if user.id not in self._guild.members:
            roles = [
                self._guild.roles[role_id] for role_id in self._roles.get(user.id, ()) if role_id in self._guild.roles
            ]
            self._world.join(self._guild, user, roles=roles)
