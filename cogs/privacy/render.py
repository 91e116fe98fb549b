"""What the choices of a member look like, and the deletion of their data."""

from collections.abc import Mapping
from typing import Final

from bot.domain.erasures import Erasure, Holdings
from bot.domain.member_choices import Choice, MemberChoices
from bot.ui import theme
from bot.ui.kit.cards import Card, Document, Part
from bot.ui.kit.components import Button
from bot.ui.text.reader import N_, Reader

ABOUT: Final[Mapping[Choice, tuple[tuple[str, str], tuple[str, str]]]] = {
    Choice.NO_PINGS: (
        (
            N_("🔔 Pings are on"),
            N_("I only ping you if you're a creator and get a large gift while you're not live."),
        ),
        (N_("🔕 Pings are off"), N_("I never ping you.")),
    ),
    Choice.HIDDEN: (
        (N_("👀 You're shown"), N_("Leaderboards, results and your profile show you. Anonymous gifts never do.")),
        (
            N_("🙈 You're hidden"),
            N_("Leaderboards, results and profiles leave you out. Your gifts are announced as before."),
        ),
    ),
    Choice.AMOUNTS_HIDDEN: (
        (N_("🧮 Amounts are shown"), N_("Others see how many coins and gifts you've sent.")),
        (
            N_("🤫 Amounts are hidden"),
            N_("Others see your name, your place and which gifts you send, but no sums. Creators see what they get."),
        ),
    ),
    Choice.ANONYMOUS: (
        (N_("🙋 You gift under your name"), N_("Each gift can still be anonymous.")),
        (
            N_("🎭 You gift anonymously"),
            N_("For one gift under your name, choose `anonymous: False` or press **Show my name**."),
        ),
    ),
    Choice.QUIET: (
        (N_("🎉 You're part of the show"), N_("Combos name you, and creators can invite you to matches.")),
        (
            N_("🧘 It's quiet for you"),
            N_("No combo names you, nobody can invite you to a match, and your replies don't show trains or matches."),
        ),
    ),
}
"""What each choice is called and means: while it is off, and while it is on."""


def settings(choices: MemberChoices, switches: Mapping[Choice, Button], reader: Reader) -> Card:
    """Return a member's choices as they are now, each with its switch beside it."""
    parts = [Part(reader._("Your choices for this server. Changes apply at once."))]
    for choice, switch in switches.items():
        heading, about = ABOUT[choice][choices.has(choice)]
        parts.append(Part(reader._(about), reader._(heading), switch))
    return Card(theme.ROSE, tuple(parts), title=reader._("Your settings"))


def exported(document: Document, entries: int, reader: Reader) -> Card:
    """Return a member's data as a file."""
    about = reader._("Everything I keep about you in this server. Other people's data is left out.")
    count = reader.n_("{n} entry of your history", "{n} entries of your history", entries)
    title = "📦 " + reader._("Your data")
    return Card(theme.ROSE, (Part(about),), title=title, footer=count, documents=(document,))


def question(holdings: Holdings, reader: Reader) -> Card:
    """Return what deleting a member's data means, before it is done."""
    intro = reader._("This deletes what I know about you in this server. It cannot be undone.")
    goes = reader._("Your name on receipts and leaderboards, your messages, your choices, and your level and streak.")
    stays = [reader._("Amounts without a name, because our records have to add up. What I have already posted stays.")]
    if holdings.records_until_ms is not None:
        until = reader.date(holdings.records_until_ms)
        text = reader._(
            "Until {date}, records of your purchases and payouts name you, as the law may require. Nothing else does.",
            date=until,
        )
        stays.append(text)
    parts = [Part(intro), Part(goes, reader._("What goes")), Part("\n".join(stays), reader._("What stays"))]
    if losses := _losses(holdings, reader):
        parts.append(Part("\n".join(losses), "⚠️ " + reader._("What you lose")))
    parts.append(Part("-# " + reader._("Other servers keep their own data. Use this command there, too.")))
    return Card(theme.AMBER, tuple(parts), title=reader._("Delete your data?"))


def _losses(holdings: Holdings, reader: Reader) -> list[str]:
    losses: list[str] = []
    if coins := holdings.coins + holdings.promo:
        losses.append(f"**{reader.coins(coins)}**")
    if holdings.coins:
        losses.append("-# " + reader._("Would you like your money back instead? `/balance` says what is possible."))
    if holdings.diamonds:
        losses.append(f"**{reader.diamonds(holdings.diamonds)}**")
        losses.append("-# " + reader._("Ask for a payout with `/creator payout` before you delete anything."))
    return losses


def deleted(erasure: Erasure, reader: Reader) -> Card:
    """Return that a member's data is deleted."""
    text = reader._("I don't know you any more in this server. If you use me again, you start from scratch.")
    parts = [Part(text)]
    if erasure.records_until_ms is not None:
        until = reader.date(erasure.records_until_ms)
        parts.append(Part("-# " + reader._("Records of your purchases and payouts are kept until {date}.", date=until)))
    return Card(theme.GREY, tuple(parts), title=reader._("Your data is deleted"))
