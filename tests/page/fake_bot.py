"""A small bot for the page's tests, with one command for each thing that the page has to draw or send."""

import asyncio
import io
import os
import struct
import sys
import zlib

import discord
import yarl
from discord import app_commands
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

Route.BASE = os.environ["DISCORD_API_URL"]
DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["DISCORD_GATEWAY_URL"])

ROSE = discord.Colour(0xE0486F)


def drawn(width=320, height=160):
    """Return a PNG with a gradient, encoded by hand so that this bot needs no imaging library."""
    rows = b"".join(
        b"\x00" + b"".join(bytes((200, 40 + 160 * x // width, 90 + 120 * y // height)) for x in range(width))
        for y in range(height)
    )

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


PICTURE = drawn()
ITEMS = {
    "1": "🌹 Rose · 1 coin",
    "2": "☕ Coffee · 10 coins",
    "3": "🎆 Fireworks · 499 coins",
    "4": "🐉 Dragon · 9,999 coins",
}

SLOWLY = "drag"
"""What is looked for so long that a quick typist is two options further on."""

bot = commands.Bot("!", intents=discord.Intents(guilds=True), help_command=None)
tree = bot.tree


class Shop(discord.ui.View):
    @discord.ui.select(
        placeholder="Choose a package",
        custom_id="package",
        options=[
            discord.SelectOption(label="70 coins", value="70", description="$0.99 · 1.41 ¢ each", emoji="🪙"),
            discord.SelectOption(label="350 coins", value="350", description="$4.99 · 1.43 ¢ each", emoji="💰"),
        ],
    )
    async def pick(self, interaction, select):
        await interaction.response.edit_message(
            content=f"You picked **{select.values[0]} coins**.", embed=None, view=None
        )

    @discord.ui.button(label="Cancel", style=discord.ButtonStyle.secondary, custom_id="cancel")
    async def cancel(self, interaction, _button):
        await interaction.response.edit_message(content="Cancelled.", embed=None, view=None)

    @discord.ui.button(label="Slow", emoji="🐌", style=discord.ButtonStyle.success, custom_id="slow")
    async def slow(self, interaction, _button):
        await asyncio.sleep(0.5)
        await interaction.response.edit_message(content="At last.", view=self)


class Note(discord.ui.Modal, title="A note for Noor"):
    def __init__(self):
        super().__init__()
        self.words = discord.ui.TextInput(max_length=20)
        self.who = discord.ui.UserSelect(required=False)
        self.add_item(discord.ui.Label(text="Your words", description="Up to 20 characters", component=self.words))
        self.add_item(discord.ui.Label(text="To whom", component=self.who))

    async def on_submit(self, interaction):
        recipients = ", ".join(user.mention for user in self.who.values) or "nobody"
        await interaction.response.send_message(f"Noted: {self.words.value} for {recipients}", ephemeral=True)


class Layout(discord.ui.LayoutView):
    def __init__(self):
        super().__init__()
        button = discord.ui.Button(label="Change", custom_id="change")
        self.add_item(
            discord.ui.Container(
                discord.ui.TextDisplay("## Settings\nThe gift channel is <#1455000000000000023>."),
                discord.ui.Separator(),
                discord.ui.Section(
                    discord.ui.TextDisplay("**Share** 50 %\n-# of the paid part <t:1790000000:F>"), accessory=button
                ),
                discord.ui.MediaGallery(
                    discord.MediaGalleryItem("attachment://pixel.png", description="A red to gold gradient")
                ),
                discord.ui.ActionRow(discord.ui.ChannelSelect(placeholder="Gift channel", custom_id="channel")),
                accent_colour=ROSE,
            )
        )


@tree.command(description="Send a gift to a creator")
@app_commands.describe(
    gift="What to send",
    creator="Who gets it",
    count="How many, 1 to 99",
    message="Words that go with it",
    anonymous="Hide your name",
)
async def gift(
    interaction: discord.Interaction,
    gift: str,
    creator: discord.User,
    count: app_commands.Range[int, 1, 99] = 1,
    message: app_commands.Range[str, 1, 200] = "",
    anonymous: bool = False,
):
    name = ITEMS.get(gift, gift)
    sender = "Somebody" if anonymous else interaction.user.mention
    embed = discord.Embed(title=f"{name} ×{count}", description=f"Sent to {creator.mention}. {message}", colour=ROSE)
    await interaction.response.send_message(embed=embed.set_footer(text="Receipt #1"), ephemeral=True)
    picture = discord.File(io.BytesIO(PICTURE), "pixel.png", description="A gift, drawn")
    shout = discord.Embed(description=f"{sender} sent **{name}** ×{count} to {creator.mention}", colour=ROSE)
    shout.set_thumbnail(url="attachment://pixel.png")
    assert isinstance(interaction.channel, discord.TextChannel)
    await interaction.channel.send(embed=shout, file=picture)


@gift.autocomplete("gift")
async def suggest(_interaction, query: str):
    if query == SLOWLY:
        await asyncio.sleep(0.5)
    return [app_commands.Choice(name=name, value=key) for key, name in ITEMS.items() if query.lower() in name.lower()]


@tree.command(description="Buy coins for gifts")
async def buy(interaction: discord.Interaction):
    embed = discord.Embed(title="Buy coins", description="Coins are **not refundable**.", colour=ROSE)
    embed.add_field(name="70 coins", value="$0.99").add_field(name="350 coins", value="$4.99")
    view = Shop()
    view.add_item(discord.ui.Button(label="Terms", url="https://example.org/terms"))
    await interaction.response.send_message(embed=embed, view=view, ephemeral=True)


@tree.command(description="What is sold on Discord itself")
async def premium(interaction: discord.Interaction):
    view = discord.ui.View()
    for sku in await bot.fetch_skus():
        view.add_item(discord.ui.Button(sku_id=sku.id))
    await interaction.response.send_message("Coins", view=view, ephemeral=True)


@bot.event
async def on_entitlement_create(entitlement: discord.Entitlement):
    channel = discord.utils.get(bot.get_all_channels(), name="general")
    assert isinstance(channel, discord.TextChannel)
    await channel.send(f"<@{entitlement.user_id}> has bought {entitlement.sku_id}.")


@tree.command(description="Leave a note in a dialog")
async def note(interaction: discord.Interaction):
    await interaction.response.send_modal(Note())


@tree.command(description="Everything on one panel")
@app_commands.default_permissions(manage_guild=True)
async def settings(interaction: discord.Interaction):
    await interaction.response.send_message(view=Layout(), file=discord.File(io.BytesIO(PICTURE), "pixel.png"))


@tree.command(description="Several pictures, one of them in an embed")
async def shelf(interaction: discord.Interaction):
    names = ("first", "second", "recap")
    files = [discord.File(io.BytesIO(PICTURE), f"{name}.png", description=f"The {name} gift") for name in names]
    await interaction.response.send_message(
        embed=discord.Embed(title="A shelf of gifts").set_image(url="attachment://recap.png"), files=files
    )


@tree.command(description="Think before answering")
async def think(interaction: discord.Interaction, seconds: int = 1):
    await interaction.response.defer(thinking=True)
    await asyncio.sleep(seconds)
    await interaction.followup.send("Thought of it <t:1700000000:R>.")


@tree.command(description="Never answer")
async def silence(_interaction: discord.Interaction):
    return


@tree.command(description="Every kind of markdown")
async def markdown(interaction: discord.Interaction):
    await interaction.response.send_message(
        "# Heading\n## Smaller\n**bold** *italic* ***both*** __under__ ~~gone~~ `code` ||secret|| snake_case_name\n"
        "> quoted **words**\n> second line\n- one\n- two\n  - nested\n1. first\n2. second\n-# small print\n"
        "[masked link](https://example.org) https://example.org/x?y=1. discord.gg/party "
        "<b>no html</b> \\*plain\\* <:rose:123>\n"
        f"{interaction.user.mention} <#{interaction.channel_id}> @everyone\n```py\nprint('**raw**')\n```"
    )


@tree.command(description="Edit one message many times")
async def flood(interaction: discord.Interaction, edits: int = 8):
    await interaction.response.send_message("0")
    for number in range(edits):
        await interaction.edit_original_response(content=str(number + 1))


packages = app_commands.Group(
    name="packages", description="Coin packages", default_permissions=discord.Permissions(manage_guild=True)
)


@packages.command(name="add", description="Add a package")
async def packages_add(
    interaction: discord.Interaction, coins: app_commands.Range[int, 1], price: float, currency: str = "USD"
):
    await interaction.response.send_message(f"Added {coins} coins for {price} {currency}.", ephemeral=True)


tree.add_command(packages)


@tree.context_menu(name="Gift this message")
async def gift_message(interaction: discord.Interaction, message: discord.Message):
    await interaction.response.send_message(f"A gift for: {message.content}", ephemeral=True)


@tree.context_menu(name="Praise this message")
async def praise_message(interaction: discord.Interaction, message: discord.Message):
    await interaction.response.send_message(f"Praise for: {message.content}", ephemeral=True)
    await interaction.followup.send("And a star!", ephemeral=True)


@tree.context_menu(name="Send a gift")
async def gift_member(interaction: discord.Interaction, member: discord.User):
    await interaction.response.send_message(f"A gift for {member.mention}", ephemeral=True)


@bot.event
async def setup_hook():
    await tree.sync()


if __name__ == "__main__":
    if "--crash" in sys.argv:
        sys.exit("the fake bot was told to crash")
    bot.run(os.environ["DISCORD_TOKEN"])
