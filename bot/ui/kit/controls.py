"""Buttons, selects and forms that survive a restart, and whose errors reach the member."""

import re
import secrets
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

import discord
from discord import app_commands, ui
from discord.utils import MISSING

from bot.domain.ids import HIGHEST
from bot.ui.kit import access, custom_id, discord_limits, incoming
from bot.ui.kit.callbacks import CHARGES
from bot.ui.kit.caller import Caller, client_of
from bot.ui.kit.components import Button, Menu, Option
from bot.ui.kit.errors import cause_of, tell
from bot.ui.kit.meter import HANDLED, label_for
from bot.ui.kit.next_steps import REMEDY, Remedy
from bot.ui.kit.readers import reader_of
from bot.ui.kit.refused_forms import CORRECTABLE, edit_button
from bot.ui.text.parsing import parse_id
from bot.ui.text.refusals import NothingPicked, NotYours, Unreadable

IdsT = TypeVar("IdsT", bound=tuple[int, ...])

FORM_TIMEOUT_S = 15 * 60.0
"""A form that nobody sends is dropped after this time; discord.py would keep it for ever."""

_RANDOM_BYTES = 16
"""Random bytes in a form's custom_id: as many as discord.py uses by default."""

_SHORT = 20
"""Characters that nobody minds typing again: a form with a single line that is no longer is not kept if refused."""

_NOTHING = r"(?!)"
"""A pattern that matches nothing: discord.py demands one of the base class, too."""


_charging_actions: set[str] = set()


def charges(tree: app_commands.CommandTree[Any], data: Mapping[str, Any]) -> bool:
    """Whether an interaction, going by its JSON, may move the caller's own coins."""
    payload = data["data"]
    if "custom_id" in payload:
        return payload["custom_id"].partition(":")[0] in _charging_actions
    command = tree.get_command(payload["name"], type=discord.AppCommandType(payload["type"]))
    return getattr(getattr(command, "callback", None), CHARGES, False)


class NoIds(NamedTuple):
    """The ids of a control that anybody may use and that is about nothing in particular."""


class OwnerIds(NamedTuple):
    """The member whose panel it is."""

    owner: int


class Control(ui.DynamicItem[ui.Item[Any]], Generic[IdsT], template=_NOTHING):
    """A button or a select that survives restarts. Subclasses name an action and write `press`.

    `ids` is the NamedTuple of ints that the custom_id carries; a field with a default may be missing in messages of an
    earlier version. A field `owner` binds the control to that member. All other ids are mere claims: services look them
    up in the guild of the press. `command` names the row of the policy table that a staff control needs. `formerly`
    maps whole custom_ids that an earlier version wrote to their present ids.

    A control that charges shows the price, and carries it as `ceiling`, the whole sum, 0 if it is missing: the rule
    refuses a higher one (`bot.domain.money.check_ceiling`), and `press` answers PriceChanged with the new price on a
    new control.

    discord.py logs an error in a dynamic item's callback, and swallows one in its check: so all is done in the
    callback, inside one `try`.
    """

    ids_type: ClassVar[type[Any]]
    action: ClassVar[str]
    command: ClassVar[str | None] = None
    formerly: ClassVar[Mapping[str, Any]]
    label: ClassVar[str]

    def __init_subclass__(
        cls, *, action: str, ids: type[Any], formerly: Mapping[str, Any] = MappingProxyType({})
    ) -> None:
        template = custom_id.template(action, len(ids._fields), len(ids._field_defaults))
        super().__init_subclass__(template=re.compile("|".join([template.pattern, *map(re.escape, formerly)])))
        cls.action, cls.ids_type, cls.formerly = action, ids, formerly
        cls.label = label_for("press", cls)
        if getattr(cls.press, CHARGES, False):
            _charging_actions.add(action)

    def __init__(self, item: ui.Item[Any], ids: IdsT) -> None:
        super().__init__(item)
        self.ids = ids

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: ui.Item[Any], match: re.Match[str], /
    ) -> "Control[IdsT]":
        """Return the control for a press; called by discord.py."""
        return cls(item, cls.formerly.get(match[0]) or cls.ids_type(*custom_id.numbers_of(match)))

    @classmethod
    def id_for(cls, ids: IdsT) -> str:
        """Return the custom_id that carries `ids`."""
        return custom_id.build(cls.action, ids)

    @classmethod
    def button(
        cls,
        ids: IdsT,
        label: str,
        style: discord.ButtonStyle = discord.ButtonStyle.secondary,
        *,
        emoji: str | None = None,
        disabled: bool = False,
        row: int | None = None,
    ) -> Button:
        """Return a button that leads here."""
        return Button(label, cls.id_for(ids), style, emoji, disabled, row=row)

    @classmethod
    def select(cls, ids: IdsT, options: Sequence[Option], placeholder: str, *, row: int | None = None) -> Menu:
        """Return a menu of `options` (the first 25) that leads here."""
        return Menu(cls.id_for(ids), placeholder, options=options, row=row)

    async def callback(self, interaction: discord.Interaction) -> None:
        """Check who presses, then press; called by discord.py."""
        interaction.extras[HANDLED] = self.label
        try:
            _check_numbers(self.ids)
            incoming.check(interaction)
            # Messages are seen by whole channels, and anybody can press what stands on them.
            owner = getattr(self.ids, "owner", interaction.user.id)
            if owner != interaction.user.id:
                raise NotYours(owner)
            if self.command is not None:
                await access.require(Caller(interaction), self.command)
            await self.press(interaction)
        except Exception as error:  # noqa: BLE001 - nobody above would hear of it
            await tell(interaction, error)

    @abstractmethod
    async def press(self, interaction: discord.Interaction, /) -> None:
        """Do what the control is for; written with `bot.ui.kit.callbacks`."""


class Form(ui.Modal):
    """A modal whose errors reach the member. Its custom_id is its name with a random ending: a fixed one would be
    shared by all users."""

    command: ClassVar[str | None] = None
    action: ClassVar[str]

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.action = f"{cls.__module__.removeprefix('cogs.')}.{cls.__qualname__}"

    def __init__(self, title: str) -> None:
        custom_id = f"{self.action}:{secrets.token_hex(_RANDOM_BYTES)}"
        title = discord_limits.cut(title, discord_limits.MODAL_TITLE)
        super().__init__(title=title, timeout=FORM_TIMEOUT_S, custom_id=custom_id)

    async def interaction_check(self, interaction: discord.Interaction, /) -> bool:
        """Ask the policy table again: the caller may have lost the role while the form was open."""
        interaction.extras[HANDLED] = label_for("form", type(self))
        incoming.check(interaction)
        if self.command is not None:
            await access.require(Caller(interaction), self.command)
        return True

    async def on_error(self, interaction: discord.Interaction, error: Exception, /) -> None:
        """Tell the member, with a way back to what they typed; called by discord.py, which keeps a form that failed."""
        if isinstance(cause_of(error), CORRECTABLE) and self._is_worth_keeping():
            member_id, call_id = interaction.user.id, interaction.id
            client_of(interaction).refused_forms.keep(member_id, call_id, self)
            button = edit_button(member_id, call_id, reader_of(interaction))
            interaction.extras.setdefault(REMEDY, Remedy((button,)))
        await tell(interaction, error)

    def refill(self) -> None:
        """Fill the form with what was last typed and picked in it. Boxes stay empty: to tick them is to consent."""
        for field in self._fields():
            if isinstance(field, ui.TextInput):
                field.default = _fitting(field.value, field.max_length or 0)
            else:
                for option in field.options:
                    option.default = option.value == field.value

    def _is_worth_keeping(self) -> bool:
        fields = self._fields()
        lines = [field for field in fields if isinstance(field, ui.TextInput)]
        return bool(lines) and (len(fields) > 1 or (lines[0].max_length or 0) > _SHORT)

    def _fields(self) -> list[ui.TextInput[Any] | ui.RadioGroup[Any]]:
        return [item for item in self.walk_children() if isinstance(item, ui.TextInput | ui.RadioGroup)]


def picked(caller: Caller, noun: str) -> list[int]:
    """Return the ids chosen in a select, perhaps none; raise NotFound(`noun`) for anything that is not an id."""
    data: Any = caller.interaction.data or {}
    return [parse_id(str(value), noun) for value in data.get("values", [])]


def picked_one(caller: Caller, noun: str) -> int:
    """Return the first id chosen in a select; raise NothingPicked, or NotFound(`noun`) for anything that is not an
    id."""
    ids = picked(caller, noun)
    if not ids:
        raise NothingPicked
    return ids[0]


def _check_numbers(numbers: Sequence[int]) -> None:
    """Raise Unreadable unless each fits into a column: thirteen digits in base 36 may be larger."""
    if max(numbers, default=0) > HIGHEST:
        raise Unreadable


def text_input(
    value: str, *, longest: int, required: bool = True, placeholder: str | None = None, is_long: bool = False
) -> ui.TextInput[Any]:
    """Return an input, filled with the present value. It has several lines if it `is_long`, otherwise one.

    A stored text may be longer than what was typed, because cleaning decomposes some characters. It is cut to
    `longest`, because Discord would otherwise refuse the whole form.
    """
    return ui.TextInput(
        style=discord.TextStyle.paragraph if is_long else discord.TextStyle.short,
        default=_fitting(value, longest),
        max_length=longest,
        required=required,
        placeholder=placeholder or MISSING,
    )


def _fitting(value: str, longest: int) -> str | None:
    return discord_limits.cut(value, longest) or None
