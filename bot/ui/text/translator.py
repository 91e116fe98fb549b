"""Descriptions and choices of commands in every language that has a catalogue; names stay, they are the contract."""

import discord
from discord import app_commands
from discord.app_commands import TranslationContextLocation as Location

from bot.ui.text.reader import catalogue

_TRANSLATED = {
    Location.command_description,
    Location.group_description,
    Location.parameter_description,
    Location.choice_name,
}


class Translator(app_commands.Translator):
    """Looks texts of the command tree up in the same catalogues that replies use."""

    async def translate(
        self, string: app_commands.locale_str, locale: discord.Locale, context: app_commands.TranslationContextTypes
    ) -> str | None:
        """Return the text in `locale`, None if it has no translation of its own."""
        if context.location not in _TRANSLATED:
            return None
        text = catalogue(str(locale.value).partition("-")[0]).gettext(string.message)
        return text if text != string.message else None
