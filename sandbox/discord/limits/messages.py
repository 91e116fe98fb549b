"""Limits of messages, for channels and interactions alike."""

from typing import Final

from sandbox.discord.errors import ApiError
from sandbox.discord.jsontypes import JSON, Wire
from sandbox.discord.limits.components import Assets, ComponentCheck
from sandbox.discord.limits.embeds import check_embeds
from sandbox.discord.limits.problems import Problems
from sandbox.discord.model.message import COMPONENTS_V2

MAX_CONTENT: Final = 2000
MAX_FILES: Final = 10
MAX_FILE_BYTES: Final = 10 * 1024 * 1024
MAX_REQUEST_BYTES: Final = 25 * 1024 * 1024


def check_message(form: JSON, *, flags: int, files: int, assets: Assets, prefix: tuple[str, ...] = ()) -> None:
    """Raise 50035 (or 50006 for an empty message) unless Discord would accept this new message."""
    _check_fields(form, flags=flags, assets=assets, prefix=prefix)
    blank = not str(form.get("content") or "").strip()
    others = any(form.get(key) for key in ("embeds", "sticker_ids", "poll"))
    # Files are only shown where a component refers to them.
    if not form.get("components") and (flags & COMPONENTS_V2 or (blank and not files and not others)):
        raise ApiError(50006)


def check_edit(form: JSON, *, flags: int, stays: JSON, assets: Assets, prefix: tuple[str, ...] = ()) -> None:
    """Raise 50035 unless Discord would accept these changes to a message with these flags.

    `stays` are its content and embeds, which stay beside its components unless the form names them.
    """
    _check_fields(form, flags=flags, assets=assets, prefix=prefix, stays=stays)


def _check_fields(
    form: JSON, *, flags: int, assets: Assets, prefix: tuple[str, ...], stays: JSON | None = None
) -> None:
    problems = Problems(prefix)
    problems.length(form.get("content"), ("content",), 0, MAX_CONTENT)
    if form.get("embeds"):
        check_embeds(form["embeds"], problems)
    v2 = bool(flags & COMPONENTS_V2)
    if form.get("components"):
        ComponentCheck(problems, assets).check(form["components"], v2)
    if v2:
        for key in ("content", "embeds", "sticker_ids", "poll"):
            if ((stays or {}) | form).get(key):
                text = f"The '{key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
                problems.add((key,), "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", text)
    if form.get("allowed_mentions"):
        _check_mentions(form["allowed_mentions"], problems)
    _check_nonce(form.get("nonce"), problems)
    problems.raise_if_any()


def _check_mentions(allowed: Wire, problems: Problems) -> None:
    model = problems.model(allowed, ("allowed_mentions",))
    if model is None:
        return
    parse = problems.size(model.get("parse"), ("allowed_mentions", "parse"), 0, 3)
    for index, mention_type in enumerate(parse):
        problems.choice(mention_type, ("allowed_mentions", "parse", index), ("users", "roles", "everyone"))
    for key in ("users", "roles"):
        if problems.size(model.get(key), ("allowed_mentions", key), 0, 100) and key in parse:
            text = f'parse:["{key}"] and {key}: [ids...] are mutually exclusive.'
            problems.add(("allowed_mentions",), "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", text)


def _check_nonce(nonce: Wire, problems: Problems) -> None:
    if isinstance(nonce, str) and len(nonce) > 25:
        problems.add(("nonce",), "NONCE_TYPE_TOO_LONG", "Must be 25 or fewer in length.")
    elif nonce is not None and (isinstance(nonce, bool) or not isinstance(nonce, int | str)):
        problems.add(("nonce",), "NONCE_TYPE_INVALID", "Must be an integer or a string.")
