"""What payment methods are called."""

from typing import NamedTuple

from bot.domain.holds import PROMO, UNKNOWN
from bot.ui.text.reader import N_, Reader


class MethodStyle(NamedTuple):
    """The emoji and the name of a provider, as members read them."""

    emoji: str
    name: str


DISCORD_SKU = "discord_sku"
DISCORD_SUPPORT = "<https://support.discord.com>"
"""Where members ask for what they paid on Discord: nobody else can refund it."""

METHODS = {
    "stripe": MethodStyle("💳", N_("Card and more")),
    DISCORD_SKU: MethodStyle("🎮", N_("Discord")),
    "kofi": MethodStyle("☕", N_("Ko-fi")),
    "manual": MethodStyle("🤝", N_("Pay the staff directly")),
    "sandbox": MethodStyle("🧪", N_("Test checkout")),
}


_SOURCES = {
    "stripe": MethodStyle("💳", N_("card payments")),
    DISCORD_SKU: MethodStyle("🎮", N_("purchases on Discord")),
    "kofi": MethodStyle("☕", N_("Ko-fi")),
    "manual": MethodStyle("🤝", N_("direct payments")),
    PROMO: MethodStyle("🎟️", N_("promo coins")),
    UNKNOWN: MethodStyle("🗓️", N_("older payments")),
}
"""What earnings come from, as it stands within a sentence."""


def source_name(source: str, reader: Reader) -> str:
    """Return what a source of earnings is called, with its emoji."""
    style = _SOURCES[source]
    return f"{style.emoji} {reader._(style.name)}"


def method_name(provider: str, reader: Reader) -> str:
    """Return what a provider is called."""
    return reader._(METHODS[provider].name)
