"""Carries out a visitor's actions as the person whom they play, on the same code path as the people in tests."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, Final, cast

from sandbox.discord.exchange import Exchange, NoAnswer
from sandbox.discord.jsontypes import JSON
from sandbox.discord.model import Channel, Role, User
from sandbox.discord.model.message import walk
from sandbox.discord.people import Person, Refused
from sandbox.discord.world import World
from sandbox.page.scene import Scene
from sandbox.page.snapshot import may_view
from sandbox.page.trouble import Trouble
from sandbox.page.visitor_actions import ACTS, Act, message_of, words

__all__ = ["Refused", "Visitor"]

# Option types of slash commands and component types of selects whose values are ids of users, channels or roles.
_OPTION_KINDS: Final = {6: "user", 7: "channel", 8: "role", 9: "mentionable", 11: "attachment"}
_SELECT_KINDS: Final = {5: "user", 6: "role", 7: "mentionable", 8: "channel"}
_USER_MENU: Final = 2

Tell = Callable[[JSON], None]


class Visitor:
    """Acts in a world on behalf of one page. `tell` sends the page an event."""

    def __init__(self, world: World, scene: Scene, tell: Tell, trouble: Trouble) -> None:
        self._world = world
        self._trouble = trouble
        self._scene = scene
        self._tell = tell
        self._acts: dict[str, Act] = {**ACTS, "leave": self._leave, "webhook": self._webhook}
        self._autocompletions: set[asyncio.Task[None]] = set()
        self._kinds: dict[str, Callable[[Person, dict[str, Any]], Awaitable[Exchange | None]]] = {
            "slash": self._slash,
            "autocomplete": self._autocomplete,
            "component": self._component,
            "menu": self._menu,
        }

    async def do(self, viewer: User, kind: str, event: dict[str, Any]) -> None:
        """Carry out one event of the page; raises Refused, KeyError or ValueError."""
        act = self._acts.get(kind)
        if act is not None:
            reply = await act(self._person(viewer, event), event)
            if event.get("nonce") is not None:
                self._tell({"t": "done", "nonce": event["nonce"], **(reply or {})})
            return
        exchange = await (
            self._submit(viewer, event)
            if kind == "modal_submit"
            else self._kinds[kind](self._person(viewer, event), event)
        )
        if exchange is not None:
            # The bot cannot have answered yet, because nothing was awaited since the interaction began.
            exchange.interaction.nonce = event["nonce"]
            self._tell({"t": "thinking", "nonce": event["nonce"], "channel_id": str(exchange.interaction.channel.id)})

    def _person(self, viewer: User, event: dict[str, Any]) -> Person:
        channel = self._scene.guild.channels.get(int(event["channel_id"]))
        if channel is None or not may_view(self._world, channel, viewer):
            raise Refused("You cannot see that channel.")
        return Person(self._world, viewer, channel)

    async def _leave(self, person: Person, _: dict[str, Any]) -> None:
        self._trouble.leave(person)

    async def _webhook(self, person: Person, event: dict[str, Any]) -> None:
        self._trouble.write_as_webhook(person, words(event))

    def _command(self, event: dict[str, Any]) -> tuple[JSON, str]:
        """Return the command that an event is about, and its full name with any subcommand."""
        for command in self._world.commands_in(self._scene.guild.id):
            if command["id"] == str(event["command_id"]):
                return command, " ".join([command["name"], *map(str, event.get("path", ()))])
        raise Refused("The bot no longer has this command.")

    def _options(self, options: Iterable[dict[str, Any]]) -> dict[str, Any]:
        return {
            str(option["name"]): self._thing(_OPTION_KINDS.get(option["type"]), option["value"]) for option in options
        }

    async def _slash(self, person: Person, event: dict[str, Any]) -> Exchange:
        _, name = self._command(event)
        return await person.slash(name, **self._options(event["options"]))

    async def _autocomplete(self, person: Person, event: dict[str, Any]) -> None:
        _, name = self._command(event)
        focused = next(str(option["name"]) for option in event["options"] if option.get("focused"))
        values = self._options(option for option in event["options"] if not option.get("focused"))
        values[focused] = next(option["value"] for option in event["options"] if option.get("focused"))
        task = asyncio.create_task(self._ask(person, name, focused, values, event["nonce"]), name="autocomplete")
        self._autocompletions.add(task)
        task.add_done_callback(self._autocompletions.discard)

    async def _ask(self, person: Person, name: str, focused: str, values: dict[str, Any], nonce: object) -> None:
        try:
            choices = await person.autocomplete(name, focused, **values)
        except (NoAnswer, Refused) as error:
            self._tell({"t": "failed", "nonce": nonce, "text": str(error)})
        else:
            self._tell({"t": "choices", "nonce": nonce, "choices": choices})

    async def _component(self, person: Person, event: dict[str, Any]) -> Exchange:
        message = message_of(person, event["message_id"])
        custom_id = str(event["custom_id"])
        component = next(
            (component for component in walk(message.components) if component.get("custom_id") == custom_id), None
        )
        if component is None:
            raise Refused("This control is gone.")
        if component["type"] == 2:
            return await person.click(message, custom_id)
        kind = _SELECT_KINDS.get(component["type"])
        return await person.select(message, custom_id, *[self._thing(kind, value) for value in event["values"]])

    async def _menu(self, person: Person, event: dict[str, Any]) -> Exchange:
        command, name = self._command(event)
        if command["type"] == _USER_MENU:
            return await person.user_menu(name, self._thing("user", event["target_id"]))
        return await person.message_menu(name, message_of(person, event["target_id"]))

    async def _submit(self, viewer: User, event: dict[str, Any]) -> Exchange:
        interaction = self._world.interaction(int(event["modal_id"]))
        if interaction is None or interaction.modal is None:
            raise Refused("This dialog is gone.")
        modal = interaction.modal
        kinds = {field["custom_id"]: _SELECT_KINDS.get(field["type"]) for field in modal.fields}
        fields = {str(key): self._field(kinds.get(key), value) for key, value in event["fields"].items()}
        return await Person(self._world, viewer, interaction.channel).submit(modal, **fields)

    def _field(self, kind: str | None, value: Any) -> Any:  # noqa: ANN401 - it comes from the page
        return [self._thing(kind, item) for item in cast("list[Any]", value)] if isinstance(value, list) else value

    def _thing(self, kind: str | None, value: Any) -> Any:  # noqa: ANN401 - it comes from the page
        """Return the object that an id refers to; return other values unchanged."""
        if kind is None:
            return value
        thing_id = int(value)
        guild = self._scene.guild
        if kind == "attachment":
            attachment = self._world.files.get(thing_id)
            if attachment is None:
                raise Refused("The file is gone.")
            return attachment
        places: dict[str, Mapping[int, User | Channel | Role]] = {
            "user": self._world.users,
            "channel": guild.channels,
            "role": guild.roles,
            "mentionable": {**self._world.users, **guild.roles},
        }
        thing = places[kind].get(thing_id)
        if thing is None:
            raise Refused("The chosen option is gone.")
        return thing
