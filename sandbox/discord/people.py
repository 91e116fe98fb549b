"""People: they do over the wire what Discord's client lets a person do, and see what it shows them."""

from sandbox.discord.customers import Customer
from sandbox.discord.exchange import Exchange, NoAnswer
from sandbox.discord.filling import (
    Refused,
    check_allowed,
    command_data,
    fill,
    find_command,
    leaf_options,
)
from sandbox.discord.hosting import Host
from sandbox.discord.jsontypes import JSON
from sandbox.discord.limits.commands import MESSAGE as MESSAGE_MENU
from sandbox.discord.limits.commands import USER as USER_MENU
from sandbox.discord.limits.messages import MAX_FILE_BYTES
from sandbox.discord.model import Attachment, Channel, InteractionType, Member, Message, Modal, Role, User
from sandbox.discord.pressing import find_button, find_select, modal_data, selected
from sandbox.discord.resolving import Resolved
from sandbox.discord.writing import Writer

__all__ = ["Exchange", "NoAnswer", "Person", "Refused"]


class Person(Host, Customer, Writer):
    """A member in one channel, and everything Discord's client lets them do there."""

    async def slash(self, command: str, /, *, raw: bool = False, **options: object) -> Exchange:
        """Use a slash command by its full name, such as "live start".

        Raises Refused for anything that the client would not send; `raw` sends it all the same.
        """
        first, *path = command.split()
        registered = find_command(self.world, self.channel, first, 1)
        if not raw:
            check_allowed(self.world, self.channel, self.user, registered)
        resolved = Resolved(self.world, self.channel)
        declared = leaf_options(registered, path)
        option_values = _raw(declared, options, resolved) if raw else fill(declared, options, resolved)
        return self._begin(InteractionType.COMMAND, command_data(registered, path, option_values, resolved))

    def upload(self, filename: str, data: bytes, content_type: str = "image/png") -> Attachment:
        """Upload a file for an option of a command, as the client does before it sends the command."""
        if len(data) > MAX_FILE_BYTES:
            raise Refused("a file has at most 10 MB")
        return self.world.files.upload(self.world.new_id(), self.channel.id, filename, content_type, data)

    async def autocomplete(self, command: str, focused: str, /, **options: object) -> list[JSON]:
        """Type into an option and return the choices. The text typed so far is its value in `options`."""
        first, *path = command.split()
        registered = find_command(self.world, self.channel, first, 1)
        resolved = Resolved(self.world, self.channel)
        option_values = fill(leaf_options(registered, path), {focused: "", **options}, resolved, focused=focused)
        data = command_data(registered, path, option_values, resolved)
        return await self._begin(InteractionType.AUTOCOMPLETE, data).choices()

    async def click(self, message: Message, label_or_custom_id: str) -> Exchange:
        """Press a button, found by its label, emoji or custom id."""
        self.sees(message)
        button = find_button(message, label_or_custom_id)
        return self.press(message, button)

    async def select(self, message: Message, custom_id_or_placeholder: str, *values: object) -> Exchange:
        """Choose in a select: labels or values in a string select; users, roles or channels in the others."""
        self.sees(message)
        select = find_select(message, custom_id_or_placeholder)
        resolved = Resolved(self.world, self.channel)
        return self.press(message, select, selected(select, values, resolved), resolved)

    def press(
        self, message: Message, component: JSON, values: list[str] | None = None, resolved: Resolved | None = None
    ) -> Exchange:
        """Send the interaction of a component without any checks."""
        data: JSON = {
            "component_type": component["type"],
            "custom_id": component["custom_id"],
            "id": component.get("id", 1),
        }
        if values is not None:
            data["values"] = values
            if resolved is not None and (resolved_json := resolved.to_json()):
                data["resolved"] = resolved_json
        return self._begin(InteractionType.COMPONENT, data, message)

    async def submit(self, modal: Modal, /, **fields: object) -> Exchange:
        """Fill in a modal and send it. Fields are named by custom id or label."""
        if modal.interaction.user is not self.user:
            raise Refused("the modal is open for somebody else")
        resolved = Resolved(self.world, self.channel)
        data = modal_data(modal, fields, resolved)
        trigger = modal.interaction
        return self._begin(InteractionType.MODAL_SUBMIT, data, trigger.message, trigger.metadata)

    async def message_menu(self, command_name: str, message: Message) -> Exchange:
        """Use an "Apps" command on a message."""
        self.sees(message)
        if message.is_notice:
            raise Refused("a notice of Discord's has no apps")
        command = find_command(self.world, self.channel, command_name, MESSAGE_MENU)
        check_allowed(self.world, self.channel, self.user, command)
        resolved = Resolved(self.world, self.channel)
        target = resolved.message(message)
        return self._menu(command, target, resolved)

    async def user_menu(self, command_name: str, user: User | Member, *, raw: bool = False) -> Exchange:
        """Use an "Apps" command on a user; `raw` even if the client would not show it."""
        command = find_command(self.world, self.channel, command_name, USER_MENU)
        if not raw:
            check_allowed(self.world, self.channel, self.user, command)
        resolved = Resolved(self.world, self.channel)
        target = resolved.user(user)
        return self._menu(command, target, resolved)

    def _menu(self, command: JSON, target: str, resolved: Resolved) -> Exchange:
        data: JSON = {
            "id": command["id"],
            "name": command["name"],
            "type": command["type"],
            "target_id": target,
            "resolved": resolved.to_json(),
        }
        if "guild_id" in command:
            data["guild_id"] = command["guild_id"]
        return self._begin(InteractionType.COMMAND, data)

    def leave(self) -> None:
        """Leave the guild; raises Refused for its owner."""
        if self.guild.owner_id == self.user.id:
            raise Refused("the owner cannot leave")
        self.world.leave(self.guild, self.user)

    def _begin(
        self, kind: InteractionType, data: JSON, message: Message | None = None, trigger: JSON | None = None
    ) -> Exchange:
        if self.channel.guild_id is not None and self.world.member_of(self.channel, self.user.id) is None:
            raise Refused(f"{self.user.name} is not a member here")
        if self.channel.archived:
            raise Refused(f"the thread {self.channel.name!r} is archived")
        interaction = self.world.begin(self.user, self.channel, kind, data, message=message, trigger=trigger)
        return Exchange(interaction)


def _raw(declared: list[JSON], values: dict[str, object], resolved: Resolved) -> list[JSON]:
    """Return options as a forged client might send them: unchecked, with their declared types."""
    kinds = {option["name"]: option["type"] for option in declared}
    entries: list[JSON] = []
    for name, value in values.items():
        wire_value = resolved.add(value) if isinstance(value, User | Member | Role | Channel | Attachment) else value
        entries.append({"name": name, "type": kinds.get(name, 3), "value": wire_value})
    return entries
