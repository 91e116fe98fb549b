"""What payment methods are called."""

from typing import NamedTuple

from bot.ui.text.reader import N_, Reader


class MethodStyle(NamedTuple):
    """The emoji and the name of a provider, as members read them."""

    emoji: str
    name: str


METHODS = {
    "stripe": MethodStyle("💳", N_("Card and more")),
    "discord_sku": MethodStyle("🎮", N_("Discord")),
    "kofi": MethodStyle("☕", N_("Ko-fi")),
    "manual": MethodStyle("🤝", N_("Pay the staff directly")),
    "sandbox": MethodStyle("🧪", N_("Test checkout")),
}


def method_name(provider: str, reader: Reader) -> str:
    """Return what a provider is called."""
    return reader._(METHODS[provider].name)
