"""What several commands that send gifts show alike."""

from discord import app_commands

from bot.services.catalogue import Suggestion
from bot.ui import theme
from bot.ui.kit import discord_limits
from bot.ui.text import mentions
from bot.ui.text.estimates import worth
from bot.ui.text.parsing import priced
from bot.ui.text.reader import Reader


def choice(suggestion: Suggestion, reader: Reader) -> app_commands.Choice[str]:
    """Return a line of the list that opens while a member types."""
    item = suggestion.item
    # A server's own emoji would show as its code here.
    emoji = "" if item.emoji.startswith("<") else f"{item.emoji} "
    lock = "" if suggestion.affordable else " 🔒"
    price = reader.coins(item.price, plain=True)
    estimate = worth(item.price, suggestion.package, reader)
    fans = mentions.fans_only(reader) if item.fans_only else ""
    name = " · ".join(part for part in (f"{emoji}{item.name}", price, estimate, fans) if part) + lock
    return app_commands.Choice(
        name=discord_limits.cut(name, discord_limits.CHOICE_NAME), value=priced(item.item_id, item.price)
    )


def note_of_test(reader: Reader, *, counts: bool) -> str:
    """Return what it means that test coins pay for a gift, and whether it `counts` on leaderboards all the same."""
    if counts:
        text = reader._("Test coins pay for this gift, so it is never paid out.")
    else:
        text = reader._("Test coins pay for this gift, so it is never paid out, and no leaderboard counts it.")
    return f"{theme.TEST} {text}"
