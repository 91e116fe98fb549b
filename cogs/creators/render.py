"""What creators look like to those who approve them."""

from collections.abc import Sequence

from bot.domain.creators import Creator
from bot.domain.guilds import GuildRules
from bot.domain.shares import ShareChange
from bot.ui import theme
from bot.ui.kit import discord_limits, pages
from bot.ui.kit.cards import Card, Part
from bot.ui.text import mentions
from bot.ui.text.reader import Reader
from bot.ui.text.shares import history
from bot.ui.text.shares import shares as share_lines


def creators(
    listed: Sequence[Creator],
    page: int,
    of_pages: int,
    reader: Reader,
    *,
    waiting: int = 0,
    shares: tuple[GuildRules, Sequence[ShareChange]] | None = None,
) -> Card:
    """Return a page of the list, how many applications are `waiting`, and the `shares` with their history, if given."""
    lines = [_line(creator, reader) for creator in listed]
    if not lines:
        lines = [reader._("Nobody can receive gifts yet. Approve someone with `/creators approve`.")]
    text = discord_limits.lines(lines, discord_limits.CARD_TEXT)
    parts = [Part(text)]
    if waiting:
        parts.append(_waiting(waiting, reader))
    if shares is not None:
        rules, changes = shares
        text = "\n".join(filter(None, [*share_lines(rules, reader), history(changes, reader)]))
        parts.append(Part(text, heading="💎 " + reader._("What creators earn")))
    return Card(theme.ROSE, tuple(parts), title=reader._("Creators"), footer=pages.footer(reader, page, of_pages))


def _waiting(count: int, reader: Reader) -> Part:
    text = reader.n_("{n} member would like to become a creator.", "{n} members would like to become creators.", count)
    return Part(text, heading="📝 " + reader._("Applications"))


def approved(member_id: int, reader: Reader) -> Card:
    """Return that a member may receive gifts now."""
    member = mentions.member(member_id, reader)
    text = reader._("{member} can now receive gifts and start live events with `/live start`.", member=member)
    return Card.of(f"✅ {text}", theme.GREEN)


def removed(member_id: int, reader: Reader) -> Card:
    """Return that a member no longer receives gifts."""
    member = mentions.member(member_id, reader)
    text = reader._("{member} can't receive gifts any more. Their earnings stay.", member=member)
    return Card.of(f"✅ {text}", theme.GREY)


def _line(creator: Creator, reader: Reader) -> str:
    return reader._(
        "{member} · approved by {manager} {when}",
        member=mentions.member(creator.member_id, reader),
        manager=mentions.member(creator.approved_by, reader),
        when=reader.when(creator.approved_ms),
    )
