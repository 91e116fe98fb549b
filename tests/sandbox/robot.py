"""A small real bot on discord.py, with one command for each kind of answer."""

import asyncio
import io
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import discord
from discord import app_commands, ui
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

from sandbox.discord.server import DiscordServer

PNG = b"\x89PNG\r\n\x1a\n" + bytes(8) + (64).to_bytes(4, "big") + (32).to_bytes(4, "big")


class Panel(ui.View):
    """A button that opens a modal, and one select of each kind."""

    @ui.button(label="Note", custom_id="note")
    async def note(self, interaction: discord.Interaction, _: ui.Button["Panel"]) -> None:
        await interaction.response.send_modal(Note())

    @ui.select(placeholder="Gift", options=[discord.SelectOption(label="Rose", emoji="🌹")])
    async def gift(self, interaction: discord.Interaction, select: ui.Select["Panel"]) -> None:
        await interaction.response.defer()
        await interaction.followup.send(f"gift {select.values[0]}", ephemeral=True)

    @ui.select(cls=ui.UserSelect, placeholder="User")
    async def user(self, interaction: discord.Interaction, select: ui.UserSelect["Panel"]) -> None:
        await interaction.response.edit_message(content=f"user {select.values[0].name}")

    @ui.select(cls=ui.RoleSelect, placeholder="Role")
    async def role(self, interaction: discord.Interaction, select: ui.RoleSelect["Panel"]) -> None:
        await interaction.response.edit_message(content=f"role {select.values[0].name}")

    @ui.select(cls=ui.ChannelSelect, placeholder="Channel")
    async def channel(self, interaction: discord.Interaction, select: ui.ChannelSelect["Panel"]) -> None:
        await interaction.response.edit_message(content=f"channel {select.values[0].name}")


class Note(ui.Modal, title="A note"):
    """A modal with a text input and a select."""

    words: ui.TextInput["Note"] = ui.TextInput(label="Words", max_length=20)
    item: ui.Label["Note"] = ui.Label(text="Item", component=ui.Select(options=[discord.SelectOption(label="Rose")]))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        assert isinstance(self.item.component, ui.Select)
        await interaction.response.edit_message(content=f"noted {self.words.value} {self.item.component.values}")


def layout() -> ui.LayoutView:
    """A layout with every kind of components v2."""
    view = ui.LayoutView()
    view.add_item(
        ui.Container(
            ui.TextDisplay("# Show"),
            ui.Separator(),
            ui.Section("37 gifts", accessory=ui.Thumbnail("attachment://a.png")),
            ui.MediaGallery(discord.MediaGalleryItem("attachment://a.png", description="The top three")),
            ui.ActionRow(ui.Button(label="Pay", url="https://pay.example")),
            accent_color=0xFF0066,
        )
    )
    view.add_item(ui.File("attachment://a.png"))
    return view


def picture() -> discord.File:
    return discord.File(io.BytesIO(PNG), "a.png", description="A picture")


class Robot(discord.Client):
    """The bot. It registers its commands when it connects."""

    def __init__(self, intents: discord.Intents) -> None:
        super().__init__(intents=intents, guild_ready_timeout=0.05, max_messages=None)
        self.tree = app_commands.CommandTree(self)
        self.event_names: list[str] = []
        for command in (hello, later, show, panel, edit_later):
            self.tree.add_command(command)
        live = app_commands.Group(
            name="live", description="Live events", default_permissions=discord.Permissions(manage_guild=True)
        )
        live.add_command(start)
        self.tree.add_command(live)
        self.tree.add_command(app_commands.ContextMenu(name="Gift this message", callback=gift_message))
        self.tree.add_command(app_commands.ContextMenu(name="Send a gift", callback=gift_user))

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def on_socket_event_type(self, name: str) -> None:
        self.event_names.append(name)


@app_commands.command(description="Say hello")
async def hello(interaction: discord.Interaction, to: discord.Member, times: app_commands.Range[int, 1, 9] = 1) -> None:
    await interaction.response.send_message(f"hello {to.display_name} ×{times}", ephemeral=True)


@app_commands.command(description="Think first")
async def later(interaction: discord.Interaction, item: str) -> None:
    await interaction.response.defer(ephemeral=True)
    await interaction.edit_original_response(content=f"sent {item}")
    await interaction.followup.send("and announced")


@later.autocomplete("item")
async def items(_: discord.Interaction, query: str) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=item.title(), value=item) for item in ("rose", "rocket") if item.startswith(query)]


@app_commands.command(description="Show pictures")
@app_commands.choices(
    kind=[app_commands.Choice(name="Layout", value="layout"), app_commands.Choice(name="Embed", value="embed")]
)
async def show(interaction: discord.Interaction, kind: str) -> None:
    if kind == "layout":
        await interaction.response.send_message(view=layout(), file=picture())
    else:
        embed = discord.Embed(title="Top three").set_image(url="attachment://a.png")
        await interaction.response.send_message(embed=embed, file=picture())


@app_commands.command(description="A panel")
async def panel(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("panel", view=Panel())


@app_commands.command(name="count", description="A panel that changes by itself")
async def edit_later(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("0", ephemeral=True)
    for number in range(1, 4):
        await interaction.edit_original_response(content=str(number))


@app_commands.command(description="Start")
async def start(interaction: discord.Interaction, title: str) -> None:
    await interaction.response.send_message(f"live: {title}")


async def gift_message(interaction: discord.Interaction, message: discord.Message) -> None:
    await interaction.response.send_message(f"gift for {message.content!r}")


async def gift_user(interaction: discord.Interaction, member: discord.Member) -> None:
    await interaction.response.send_message(f"gift for {member.name}")


@asynccontextmanager
async def running(server: DiscordServer) -> AsyncGenerator[Robot]:
    """Run a robot that is connected to a server and ready."""
    route, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = server.api_url, URL(server.gateway_url)
    robot = Robot(discord.Intents(guilds=True, guild_scheduled_events=True))
    try:
        await robot.login(server.world.application.token)
        connection = asyncio.create_task(robot.connect())
        await asyncio.wait_for(robot.wait_until_ready(), timeout=60)
        yield robot
        await robot.close()
        await connection
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = route, gateway
