"""Limits of embeds: Discord's documentation, "Message Resource", Embed Limits."""

from typing import Final, cast

from sandbox.discord.ids import parse_iso
from sandbox.discord.jsontypes import JSON, Wire
from sandbox.discord.limits.problems import Problems

MAX_EMBEDS: Final = 10
MAX_TOTAL: Final = 6000
MAX_FIELDS: Final = 25
_SCHEMES: Final = ("http://", "https://")
_MEDIA_SCHEMES: Final = (*_SCHEMES, "attachment://")


def check_embeds(embeds: Wire, problems: Problems) -> None:
    """Check the embeds of one message, whose texts may have 6,000 characters in total."""
    total = 0
    for index, embed in enumerate(problems.size(embeds, ("embeds",), 0, MAX_EMBEDS)):
        where = ("embeds", index)
        model = problems.model(embed, where)
        if model is not None:
            total += _check_embed(model, where, problems)
    if total > MAX_TOTAL:
        problems.add(("embeds",), "MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum size of {MAX_TOTAL}")


def _check_embed(embed: JSON, where: tuple[str | int, ...], problems: Problems) -> int:
    """Check one embed and return how many characters it adds to the total."""
    problems.length(embed.get("title"), (*where, "title"), 0, 256)
    problems.length(embed.get("description"), (*where, "description"), 0, 4096)
    if embed.get("color") is not None:
        problems.number(embed["color"], (*where, "color"), 0, 0xFFFFFF)
    if embed.get("timestamp") is not None:
        try:
            parse_iso(embed["timestamp"])
        except (ValueError, TypeError):
            problems.add((*where, "timestamp"), "DATE_TIME_TYPE_PARSE", "Could not parse the date.")
    footer, author = cast("JSON", embed.get("footer") or {}), cast("JSON", embed.get("author") or {})
    if footer:
        problems.length(footer.get("text"), (*where, "footer", "text"), 1, 2048)
    if author:
        problems.length(author.get("name"), (*where, "author", "name"), 1, 256)
    _check_urls(embed, where, problems)
    total = sum(
        len(text or "")
        for text in (embed.get("title"), embed.get("description"), footer.get("text"), author.get("name"))
    )
    total += _check_fields(embed, where, problems)
    media = any(embed.get(key) for key in ("image", "thumbnail", "video"))
    if total == 0 and not media:
        problems.add((*where, "description"), "BASE_TYPE_REQUIRED", "This field is required")
    return total


def _check_fields(embed: JSON, where: tuple[str | int, ...], problems: Problems) -> int:
    total = 0
    for index, entry in enumerate(problems.size(embed.get("fields"), (*where, "fields"), 0, MAX_FIELDS)):
        model = problems.model(entry, (*where, "fields", index))
        if model is None:
            continue
        problems.length(model.get("name"), (*where, "fields", index, "name"), 1, 256)
        problems.length(model.get("value"), (*where, "fields", index, "value"), 1, 1024)
        total += len(str(model.get("name") or "")) + len(str(model.get("value") or ""))
    return total


def _check_urls(embed: JSON, where: tuple[str | int, ...], problems: Problems) -> None:
    places: list[tuple[tuple[str | int, ...], Wire, tuple[str, ...]]] = [((*where, "url"), embed.get("url"), _SCHEMES)]
    for key, name in (("image", "url"), ("thumbnail", "url"), ("footer", "icon_url"), ("author", "icon_url")):
        part = embed.get(key)
        if part:
            places.append(((*where, key, name), part.get(name), _MEDIA_SCHEMES))
    for place, url, schemes in places:
        if url and not str(url).startswith(schemes):
            listed = ", ".join(scheme.removesuffix("://") for scheme in schemes)
            problems.add(
                place,
                "URL_TYPE_INVALID_SCHEME",
                f'Scheme "{str(url)[:20]}" is not supported. Scheme must be one of ({listed}).',
            )
