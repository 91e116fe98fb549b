"""Measure the pictures: milliseconds and KiB of every card, filled up and with avatars that are in no cache.

The milliseconds are CPU time of the drawing thread, so other processes on the machine do not count.
`python -m benchmarks.cards` prints only these. With a folder as argument it also saves the pictures there.
"""

import asyncio
import io
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFilter

from benchmarks.figures import Figure, below, percentile, table
from bot.clock import wall_ms
from bot.domain.catalogue import Tier, default_items
from bot.imaging import artwork
from bot.imaging.cards.leaderboard import leaderboard
from bot.imaging.cards.moments import moment
from bot.imaging.cards.profile import profile
from bot.imaging.cards.recap import recap
from bot.imaging.cards.shelf import shelf
from bot.imaging.cards.stats import stats
from bot.imaging.drawables import Drawable
from bot.imaging.encoding import LARGEST_BYTES
from bot.imaging.plots import Bar, GiftShare, Plot, Split, StatsCard
from bot.imaging.values import (
    Badge,
    CardStanding,
    Fact,
    Goal,
    LeaderboardCard,
    MomentCard,
    Named,
    Person,
    Priced,
    ProfileCard,
    RecapCard,
    Shelf,
    look_of,
)
from bot.services.drawing import DrawingProcess
from bot.services.pictures import Pictures, PictureSources
from bot.services.studio import Studio
from bot.ui.looks.tiers import TIER_STYLES
from bot.ui.theme import GOLD, ROSE

ROUNDS = 15
NAMES = (
    "Mia Fernández",
    "さくら 桜井",
    "محمد عبد الله",
    "Анастасия",
    "김민준",
    "नमिता",
    "🦊 Foxy",
    "Ωμέγα",
    "Noor",
    "นภัสสร",
)
LOOKS = {item.name: look_of(item) for item in default_items(1)}


def photo(seed: int) -> bytes:
    """Return an avatar like a photo, with soft shapes and camera grain, different for each seed."""
    image = Image.new("RGB", (128, 128), (seed * 37 % 256, seed * 91 % 256, seed * 53 % 256))
    draw = ImageDraw.Draw(image)
    for n in range(40):
        x, y, reach = ((seed * 31 + n * step) % 128 for step in (17, 29, 11))
        colour = tuple((seed * 7 + n * step) % 256 for step in (43, 71, 97))
        draw.ellipse((x - reach // 3, y - reach // 3, x + reach // 3, y + reach // 3), fill=colour)
    grain = Image.effect_noise((128, 128), 40).convert("RGB")
    out = io.BytesIO()
    Image.blend(image.filter(ImageFilter.GaussianBlur(2)), grain, 0.12).save(out, "PNG")
    return out.getvalue()


def person(name: str, seed: int) -> Person:
    """Return a person with an avatar of their own."""
    return Person(name, seed, photo(seed))


def _leaderboard(seed: int) -> LeaderboardCard:
    places = enumerate(NAMES, start=1)
    standings = tuple(
        CardStanding(n, person(name, seed + n), f"🪙\xa0{99_999 // n:,}", 99_999 // n) for n, name in places
    )
    own = CardStanding(1_284, person("Sam", seed), "🪙\xa0120", 120)
    return LeaderboardCard("🏆 Top gifters", "This week", standings, own, "Your place", viewer=7)


def _items(seed: int) -> LeaderboardCard:
    looks = enumerate([*LOOKS.values()][8:], start=1)
    standings = tuple(CardStanding(n, look, f"× {seed - n}", 99 - n) for n, look in looks)
    return LeaderboardCard("🎁 Top gifts", "This week", standings)


def _recap(seed: int) -> RecapCard:
    best = tuple(CardStanding(n, person(NAMES[n], seed + n), "🪙\xa09,999", 9_999) for n in (1, 2, 3))
    facts = (Fact("1,204", "gifts"), Fact("87", "gifters"), Fact("12", "new fans"))
    goal, total = Goal(1.2, "Goal reached!", "48,213 / 40,000"), Fact("🪙\xa048,213", "coins")
    creators, highlights = (person("Noor", seed), person("Kai", seed + 9)), ("⚡ Best combo: Cupcake ×77 by Mia",)
    return RecapCard("🔴 Live recap", "Karaoke night", creators, "Noor and Kai", total, facts, best, goal, highlights)


def _profile(seed: int) -> ProfileCard:
    badges = tuple(Badge(emoji, f"{n}k", n < 6) for n, emoji in enumerate("🌱🌷🌿🌳💐🏅🥉🥈🥇👑"))
    favourites = tuple(Named(person(name, seed + n), "🪙\xa012,400") for n, name in enumerate(NAMES[:3], start=1))
    facts = (Fact("🪙\xa018,760", "gifted"), Fact("🔥 9", "weeks in a row"), Fact("214", "gifts"))
    member = person("Mia", seed)
    return ProfileCard(
        member, "Member", "12", "Level", 0.6, "1,240 of 2,000", facts, "Badges", badges, "Favourites", favourites
    )


def _goal(seed: int) -> MomentCard:
    creators = (person("Noor", seed), person("Kai", seed + 1))
    return MomentCard("🎯", GOLD, "🪙\xa040,000", "Karaoke night", creators, "Noor and Kai", note="🎁 Now: Pink hair!")


def _train(seed: int) -> MomentCard:
    return MomentCard("🚂", GOLD, f"Level {seed % 5 + 1} of 5", "Karaoke night", share=(seed % 5 + 1) / 5)


def _match(seed: int) -> MomentCard:
    players = (person("Noor", seed), person("Kai", seed + 1))
    return MomentCard("⚔️", ROSE, "1,200 : 800", "Noor won the match", players, "Noor and Kai")


def _shelf(seed: int) -> Shelf:
    gifts = tuple(Priced(look, f"🪙\xa0{seed + n}", "≈ $1.42") for n, look in enumerate([*LOOKS.values()][:9]))
    return Shelf("🌱 Gifts", "Under 100 coins", TIER_STYLES[Tier.SMALL].colour, gifts)


def _stats(seed: int) -> StatsCard:
    hours = tuple(Bar((n * seed % 24 + 1) / 24, f"{n}:00" if n % 6 == 0 else "") for n in range(24))
    days = tuple(Bar((n * seed % 7 + 1) / 7, name) for n, name in enumerate(("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")))
    gifts = tuple(
        GiftShare(look, f"× {seed} · 🪙\xa09,999", n / 5) for n, look in enumerate([*LOOKS.values()][8:13], 1)
    )
    facts = (Fact("48,213", "Coins"), Fact("1,204", "Gifts"), Fact("87", "Gifters"))
    plots = Plot("By hour", "8:00 PM · 🪙\xa0536", hours), Plot("By weekday", "Saturday · 🪙\xa02,100", days)
    gifters = Split("Gifters", Fact("23", "New"), Fact("64", "Returning"), 0.26)
    return StatsCard("📊 Gifts for Noor", "Last 30 days", facts, *plots, gifters, "Most sent gifts", gifts)


Draw = Callable[[Any], bytes]

CARDS: dict[str, tuple[Draw, Callable[[int], Drawable]]] = {
    "leaderboard": (leaderboard, _leaderboard),
    "leaderboard of gifts": (leaderboard, _items),
    "recap": (recap, _recap),
    "profile": (profile, _profile),
    "goal": (moment, _goal),
    "train": (moment, _train),
    "match": (moment, _match),
    "shelf of nine": (shelf, _shelf),
    "statistics": (stats, _stats),
}


def measure() -> Iterator[Figure]:
    """Measure every card, then the first drawing of each gift."""
    for name, (draw, values) in CARDS.items():
        draw(values(0))
        times: list[float] = []
        sizes: list[int] = []
        for card in [values(100 * n) for n in range(1, ROUNDS + 1)]:
            start = time.thread_time()
            sizes.append(len(draw(card)))
            times.append((time.thread_time() - start) * 1_000)
        yield below(f"{name}, p50", percentile(times, 50), "ms", 200)
        yield below(f"{name}, largest", max(sizes) / 1024, "KiB", LARGEST_BYTES / 1024)
    yield from _gifts()


def _gifts() -> Iterator[Figure]:
    times: list[float] = []
    for look in LOOKS.values():
        start = time.thread_time()
        artwork.gift(look, artwork.LARGEST)
        times.append((time.thread_time() - start) * 1_000)
    sizes = [len(artwork.gift(look, artwork.LARGEST)) for look in LOOKS.values()]
    yield Figure("a gift drawn for the first time, 512 px, p50", percentile(times, 50), "ms")
    yield Figure("the same, slowest", max(times), "ms")
    yield below("the same, largest", max(sizes) / 1024, "KiB", LARGEST_BYTES / 1024)


async def loop_lag() -> Figure:
    """Measure the delay of the event loop while one card after another is drawn."""
    process = DrawingProcess(None)
    studio = Studio(process.draw)
    cards = [values(1_000 * n) for _, values in CARDS.values() for n in range(1, 5)]
    drawing = asyncio.gather(*map(studio.draw, cards))
    late: list[float] = []
    while not drawing.done():
        start = time.perf_counter()
        await asyncio.sleep(0.005)
        late.append((time.perf_counter() - start) * 1_000 - 5)
    await process.close()
    return below("event loop late while drawing, p99", percentile(late, 99), "ms", 100)


async def first_pictures(folder: Path) -> Iterator[Figure]:
    """Measure the first pictures that a bot shows after its start, with the gifts of an earlier start on disk."""
    earlier = Pictures(wall_ms, PictureSources(folder=folder / "pictures"))
    await earlier.fill()
    await earlier.close()
    pictures = Pictures(wall_ms, PictureSources(folder=folder / "pictures"))
    gifts = [await _timed(pictures.gift(look)) for look in LOOKS.values()]
    cold = await _timed(pictures.leaderboard(_leaderboard(20_000)))
    boards = [await _timed(pictures.leaderboard(_leaderboard(30_000 + 100 * n))) for n in range(ROUNDS)]
    items = await _timed(pictures.leaderboard(_items(200)))
    await pictures.close()
    return iter(
        [
            below("first picture of a gift, slowest", max(gifts), "ms", 50),
            Figure("first board, which starts the process that draws", cold, "ms"),
            below("a board's picture, p50", percentile(boards, 50), "ms", 150),
            below("first board of gifts, masters from disk", items, "ms", 150),
        ]
    )


async def _timed(drawing: Awaitable[bytes | None]) -> float:
    start = time.perf_counter()
    assert await drawing is not None
    return (time.perf_counter() - start) * 1_000


async def figures(folder: Path) -> Iterator[Figure]:
    """Return all figures, as a part of `python -m benchmarks`."""
    return iter([*measure(), await loop_lag(), *await first_pictures(folder)])


def main() -> None:
    """Print the figures, and save the pictures if a folder is given."""
    if len(sys.argv) > 1:
        folder = Path(sys.argv[1])
        folder.mkdir(parents=True, exist_ok=True)
        for name, (draw, values) in CARDS.items():
            (folder / f"{name}.png").write_bytes(draw(values(100)))
        for name, look in LOOKS.items():
            (folder / f"gift {name}.png").write_bytes(artwork.gift(look, artwork.LARGEST))
    with tempfile.TemporaryDirectory() as scratch:
        print(table([*asyncio.run(figures(Path(scratch)))]))


if __name__ == "__main__":
    main()
