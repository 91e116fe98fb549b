"""An interaction as Discord treats it: what was acknowledged, shown and taken back, and what Discord refuses."""

import asyncio
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, cast

import discord

from bot.domain.guilds import OUR_CURRENCY
from bot.domain.ids import DISCORD_EPOCH_MS
from bot.services.notices import Notices
from bot.services.receipts import OVERDUE_S, Receipts
from bot.shared_timer import SharedTimer
from bot.ui.kit.answers import SOON_S
from bot.ui.kit.instances import Instances
from bot.ui.kit.meter import InteractionMeter
from bot.ui.kit.workload import Workload
from bot.ui.text.commands import UNREGISTERED
from tests.ui import limits

GONE = 10062
TAKEN = 40060
FAILING = 130000


def refused(code: int) -> discord.HTTPException:
    kind = discord.NotFound if code == GONE else discord.HTTPException
    return kind(cast("Any", SimpleNamespace(status=404, reason="")), {"code": code, "message": ""})


class Response:
    """The first answer. `code` is what Discord refuses it with."""

    def __init__(self, side: "Interaction") -> None:
        self._side = side
        self.type: discord.InteractionResponseType | None = None

    def is_done(self) -> bool:
        return self.type is not None

    async def _first(self, name: str, kind: discord.InteractionResponseType) -> None:
        self._side.tried.set()
        if self._side.hold is not None:
            await self._side.hold.wait()
        if self._side.code:
            raise refused(self._side.code)
        self.type = kind
        self._side.log.append(name)
        self._side.answered.set()

    async def defer(self, *, thinking: bool = False, ephemeral: bool = False) -> None:
        kinds = discord.InteractionResponseType
        kind = kinds.deferred_channel_message if thinking else kinds.deferred_message_update
        await self._first("defer private" if ephemeral else "defer", kind)

    async def send_message(
        self,
        *,
        ephemeral: bool,
        embeds: Sequence[discord.Embed] = (),
        view: Any = None,
        files: Sequence[discord.File] = (),
    ) -> None:
        where = "private" if ephemeral else "public"
        words = f"{where}: {text(embeds, view)}{names(files)}"
        await self._first(words, discord.InteractionResponseType.channel_message)

    async def edit_message(
        self, *, content: None, embeds: list[discord.Embed], view: Any, attachments: list[discord.File]
    ) -> None:
        del content
        words = f"update: {text(embeds, view)}{names(attachments)}"
        await self._first(words, discord.InteractionResponseType.message_update)

    async def autocomplete(self, choices: list[Any]) -> None:
        await self._first(f"choices: {choices}", discord.InteractionResponseType.autocomplete_result)


async def _no_news(*_query: object) -> set[tuple[int, int]]:
    return set()


class Interaction:
    """One interaction that came at `came_at` (seconds since the epoch); its receipt is missed after `overdue_s`."""

    def __init__(
        self,
        *,
        code: int = 0,
        came_at: float = 1_000.0,
        kind: str = "application_command",
        overdue_s: float = OVERDUE_S,
    ) -> None:
        self.id = (round(came_at * 1000) - DISCORD_EPOCH_MS) << 22
        self.guild_id = 1
        self.user = SimpleNamespace(id=5)
        self.command = None
        self.message = None
        # Nothing here is missed for so long that it would be written down.
        self.receipts = Receipts(cast("Any", None), lambda: 0, overdue_s=overdue_s)
        self.instances = Instances(lambda: 0.0)
        self.workload = Workload(lambda: 0.0)
        self.slow_answers = SharedTimer(SOON_S)
        self.meter = InteractionMeter(lambda: round(came_at * 1000) + 20)
        self.client = SimpleNamespace(
            command_mentions=UNREGISTERED,
            get_guild=lambda _: None,
            services=SimpleNamespace(
                receipts=self.receipts,
                notices=Notices(cast("Any", SimpleNamespace(read=_no_news)), lambda: 0),
                guilds=SimpleNamespace(currency=lambda _: OUR_CURRENCY),
                product_purchases=SimpleNamespace(has_untold=lambda _: False),
            ),
            instances=self.instances,
            workload=self.workload,
            slow_answers=self.slow_answers,
            meter=self.meter,
        )
        self.is_loading = True
        self.edit_error: Exception | None = None
        self.hold: asyncio.Event | None = None
        self.code = code
        self.type = discord.InteractionType[kind]
        self.locale = discord.Locale.american_english
        self.extras: dict[Any, Any] = {}
        self.log: list[str] = []
        self.tried = asyncio.Event()
        self.answered = asyncio.Event()
        self.response = Response(self)
        self.followup = SimpleNamespace(send=self._follow_up)
        self._follow_ups = 0
        self._refusals: dict[int, Exception] = {}

    async def edit_original_response(
        self, *, content: None, embeds: list[discord.Embed], view: Any, attachments: list[discord.File]
    ) -> None:
        del content
        if self.edit_error is not None:
            raise self.edit_error
        self.log.append(f"edit: {text(embeds, view)}{names(attachments)}")

    async def original_response(self) -> Any:
        return SimpleNamespace(flags=SimpleNamespace(loading=self.is_loading))

    async def delete_original_response(self) -> None:
        self.log.append("delete")

    def refuse_follow_up(self, number: int, error: Exception) -> None:
        """Refuse a follow-up with an error. They are counted from 1."""
        self._refusals[number] = error

    async def _follow_up(self, *, ephemeral: bool, embeds: Sequence[discord.Embed] = (), view: Any = None) -> None:
        self._follow_ups += 1
        if error := self._refusals.get(self._follow_ups):
            raise error
        self.log.append(f"{'private' if ephemeral else 'public'} follow-up: {text(embeds, view)}")


def text(embeds: Sequence[discord.Embed], view: Any) -> str:
    words = [embed.description or "" for embed in embeds]
    if view is not None and view.has_components_v2():
        words += [part["content"] for part in limits.walk(view.to_components()) if part["type"] == 10]
    return " ".join(words).replace("\n", " ")


def names(attachments: Sequence[discord.File]) -> str:
    return "".join(f" + {file.filename} ({file.description})" for file in attachments)
