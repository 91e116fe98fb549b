"""Every card is a PNG that Discord takes, whatever is written on it."""

from dataclasses import fields, is_dataclass, replace

import pytest

from bot.domain.catalogue import Tier, default_items
from bot.imaging.cards import surface
from bot.imaging.cards.goal_bar import goal_bar
from bot.imaging.cards.leaderboard import leaderboard
from bot.imaging.cards.moments import moment
from bot.imaging.cards.profile import profile
from bot.imaging.cards.recap import recap
from bot.imaging.cards.shelf import shelf
from bot.imaging.cards.statement import statement
from bot.imaging.cards.stats import stats
from bot.imaging.encoding import LARGEST_BYTES
from bot.imaging.plots import Bar, GiftShare, Plot, Split, StatementCard, StatementRow, StatsCard
from bot.imaging.values import (
    Badge,
    CardStanding,
    Fact,
    Goal,
    GoalBar,
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
from bot.ui import theme
from tests.imaging.pictures import colour_at, contrast, file_of, noise, opened, over
from tests.thoroughness import sample

PHOENIX = next(look_of(item) for item in default_items(1) if item.name == "Phoenix")
NAMES = ("Mia", "さくら", "محمد", "Анастасия", "김민준", "प्रिया", "🦊 Foxy", "Ωμέγα", "W" * 40, "สมชาย")
STANDINGS = tuple(
    CardStanding(
        place, Person(name, place, noise(place) if place % 2 else None), f"🪙\xa0{10**9 // place:,}", 10**9 // place
    )
    for place, name in enumerate(NAMES, start=1)
)
NOOR = Person("Noor", 42, noise(42))
MIA = Person("Mia", 43, file_of("blue"))

BOARD = LeaderboardCard(
    "🏆 Top gifters",
    "This week",
    STANDINGS,
    CardStanding(1_284_000, MIA, "🪙\xa03", 3),
    "Your place",
    viewer=7,
    empty="Nobody",
)
RECAP = RecapCard(
    "Live recap",
    "Friday night karaoke",
    (NOOR, MIA),
    "Noor and Mia",
    Fact("🪙\xa048,213", "coins"),
    (Fact("1,204", "gifts"), Fact("87", "gifters")),
    STANDINGS[:3],
    Goal(1.2, "Goal reached", "48,213 / 40,000"),
    ("⚡ Best combo: Cupcake ×77 by Mia", "⚔️ Noor won the match against Mia, 1,200 : 800"),
)
PROFILE = ProfileCard(
    MIA,
    "Member since May",
    "12",
    "Level",
    0.62,
    "1,240 of 2,000 coins",
    (Fact("🪙\xa018,760", "gifted"), Fact("🔥 9", "weeks")),
    "Badges",
    tuple(Badge("🏅", f"{number}k", number < 6) for number in range(10)),
    "Favourite creators",
    (Named(NOOR, "🪙\xa012"), Named(PHOENIX, "× 3")),
)
GOAL = MomentCard(
    "🎯", surface.GOLD, "🪙\xa040,000", "Friday night karaoke", (NOOR, MIA), "Noor and Mia", note="Pink hair on Sunday"
)
TRAIN = MomentCard("🚂", 0xF0A030, "Level 3 of 5", "Friday night karaoke", share=0.6)
SHELF = Shelf(
    "🌱 Small",
    "",
    0xF2A7C3,
    tuple(Priced(look_of(item), f"🪙\xa0{item.price}", "≈ $1") for item in default_items(1)[:6]),
)
STATS = StatsCard(
    "📊 Gifts for Noor",
    "Last 30 days",
    (Fact("48,213", "Coins"), Fact("1,204", "Gifts"), Fact("87", "Gifters")),
    Plot(
        "By hour",
        "8:00 PM · 🪙\xa0536",
        tuple(Bar(hour / 23, f"{hour}:00" if hour % 6 == 0 else "") for hour in range(24)),
    ),
    Plot("By weekday", "Saturday · 🪙\xa02,100", tuple(Bar(day / 6, "Mo") for day in range(7))),
    Split("Gifters", Fact("23", "New"), Fact("64", "Returning"), 0.26),
    "Most sent gifts",
    tuple(GiftShare(look_of(item), "× 12 · 🪙\xa012,000", 0.5) for item in default_items(1)[:5]),
)
STATEMENT = StatementCard(
    "🧾 Statement for October 2026",
    "Noor · Rosette Garden · No. 12",
    (Fact("💎\xa01,200", "Before"), Fact("💎\xa048,213", "After")),
    tuple(StatementRow("Your share of gifts", "1,204 entries" * (row % 2), "💎\xa047,013") for row in range(9)),
    "All dates are in UTC.",
)
NO_STATS = StatsCard("📊", "", (Fact("0", "Coins"),), Plot("By hour", "", (Bar(0),) * 24))
CARDS = {
    "statement": (statement, STATEMENT),
    "statistics": (stats, STATS),
    "statistics of nothing": (stats, NO_STATS),
    "leaderboard": (leaderboard, BOARD),
    "leaderboard of items": (
        leaderboard,
        replace(
            BOARD, standings=tuple(CardStanding(n, look_of(i), "1", 1) for n, i in enumerate(default_items(1)[:10], 1))
        ),
    ),
    "second page": (
        leaderboard,
        replace(
            BOARD, standings=tuple(replace(standing, place=standing.place + 10) for standing in STANDINGS), own=None
        ),
    ),
    "one line": (leaderboard, replace(BOARD, standings=STANDINGS[:1], own=None)),
    "nobody": (leaderboard, replace(BOARD, standings=(), own=None)),
    "recap": (recap, RECAP),
    "bare recap": (recap, replace(RECAP, standings=(), goal=None, highlights=())),
    "missed goal": (recap, replace(RECAP, goal=Goal(0.0, "Goal missed", "0 / 40,000"))),
    "profile": (profile, PROFILE),
    "new profile": (profile, replace(PROFILE, progress=0.0, facts=(), badges=(), favourites=())),
    "goal": (moment, GOAL),
    "goal without reward": (moment, replace(GOAL, note="")),
    "train": (moment, TRAIN),
    "bare moment": (moment, MomentCard("⚔️", surface.ROSE, "1,200 : 800")),
    "shelf": (shelf, SHELF),
    "empty shelf": (shelf, replace(SHELF, gifts=())),
}


FULL = {
    name: CARDS[name]
    for name in ("leaderboard", "recap", "profile", "goal", "train", "shelf", "statistics", "statement")
}
TEXTS = {
    "none": "",
    "wide": "W" * 300,
    "right to left": "محمد " * 60,
    "families": "👨‍👩‍👧‍👦" * 50,
    "broken": "\u202e\x00\ud800",
    "too intricate to draw": "\ufdfd",
    "32 of these": "\ufdfd" * 32,
    "towers": "Z\u0351\u0310\u0337\u030d" * 32,
    "no letters of any font": "\U00012000\U0001d173\U000f0000\u0378" * 8,
    "joined to nothing": "\u200d\ufe0f👩\u200d\u200d👩\U0001f3fd\u20e3",
}


def widened(value, text):
    """Return the values with every text in them replaced."""
    if isinstance(value, str) and not isinstance(value, Tier):
        return text
    if isinstance(value, tuple):
        return tuple(widened(part, text) for part in value)
    if is_dataclass(value) and not isinstance(value, type) and value is not PHOENIX:
        return type(value)(**{field.name: widened(getattr(value, field.name), text) for field in fields(value)})
    return value


@pytest.mark.parametrize(("draw", "values"), CARDS.values(), ids=CARDS)
def test_a_card_is_small_and_has_round_corners(draw, values):
    data = draw(values)
    image = opened(data)

    assert len(data) <= LARGEST_BYTES
    assert image.width == (surface.LANDSCAPE if draw is stats else surface.WIDTH)
    assert 200 < image.height < 1_250
    assert colour_at(image, 0, 0)[3] == 0
    assert colour_at(image, image.width // 2, image.height - 10)[3] == 255


@pytest.mark.parametrize(("draw", "values"), FULL.values(), ids=FULL)
def test_the_same_values_give_the_same_bytes(draw, values):
    assert draw(values) == draw(values)


@pytest.mark.parametrize("text", sample([*TEXTS.values()], 4), ids=sample([*TEXTS], 4))
@pytest.mark.parametrize(("draw", "values"), FULL.values(), ids=FULL)
def test_whatever_is_written_the_card_keeps_its_form(draw, values, text):
    image = opened(draw(widened(values, text)))

    assert image.width == (surface.LANDSCAPE if draw is stats else surface.WIDTH)
    assert image.height < 1_250


@pytest.mark.parametrize(
    "without", [(), ("gifters",), ("weekdays",), ("gifts",), ("gifters", "weekdays")], ids="+".join
)
def test_statistics_are_wider_than_high_so_that_no_client_shrinks_them(without):
    image = opened(stats(replace(STATS, **{part: () if part == "gifts" else None for part in without})))

    assert image.width > 1.3 * image.height


def test_the_viewers_row_is_marked():
    assert leaderboard(BOARD) != leaderboard(replace(BOARD, viewer=None))


def test_more_than_ten_rows_are_not_drawn():
    many = replace(BOARD, standings=(*STANDINGS, replace(STANDINGS[0], place=11)))

    assert leaderboard(many) == leaderboard(BOARD)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_podium_stands_in_the_middle(count):
    card = opened(leaderboard(replace(BOARD, standings=STANDINGS[:count], own=None)))
    # A row of pixels below the names, without the frame of the card.
    colours = [colour_at(card, x, 412) for x in range(20, surface.WIDTH - 20)]
    steps = [x for x, colour in enumerate(colours) if colour != colours[0]]

    assert abs(steps[0] - (len(colours) - 1 - steps[-1])) <= 1


def test_a_longer_note_makes_a_taller_card_up_to_a_point():
    heights = [opened(moment(replace(GOAL, note=note))).height for note in ("", "short", "long " * 40, "long " * 400)]

    assert heights[0] < heights[1] < heights[2] == heights[3]


def test_a_train_shows_how_far_it_came():
    trains = {share: moment(replace(TRAIN, share=share)) for share in (0.2, 0.6, 1.0)}

    assert len({*trains.values()}) == 3


def test_a_full_bar_is_full_and_an_empty_one_is_empty():
    cards = [
        opened(profile(replace(PROFILE, progress=share))).crop((0, 250, 800, 290)).tobytes() for share in (0, 1, 5)
    ]

    assert cards[0] != cards[1] == cards[2]


def test_pictures_wear_the_colours_of_the_house():
    assert (surface.ROSE, surface.GOLD) == (theme.ROSE, theme.GOLD)


def test_a_goal_bar_is_filled_as_far_as_its_goal_and_turns_green_at_the_end():
    bars = {percent: opened(goal_bar(GoalBar(percent))) for percent in (0, 1, 40, 99, 100)}

    fill_ends = [
        sum(colour_at(bar, x, bar.height // 2) != colour_at(bars[0], x, bar.height // 2) for x in range(bar.width))
        for bar in bars.values()
    ]
    red, green, _, _ = colour_at(bars[100], 400, 20)
    almost_red, almost_green, _, _ = colour_at(bars[99], 400, 20)

    assert fill_ends == sorted(set(fill_ends))
    assert 300 < fill_ends[2] <= 320
    assert green > red
    assert almost_red > almost_green


@pytest.mark.parametrize("percent", [0, 1, 100])
def test_a_goal_bar_stands_on_no_ground_of_its_own_and_reads_on_both_themes(percent):
    bar = opened(goal_bar(GoalBar(percent)))
    corners = [colour_at(bar, x, y)[3] for x in (0, bar.width - 1) for y in (0, bar.height - 1)]
    edge, track = (colour_at(opened(goal_bar(GoalBar(0))), 400, y) for y in (1, 20))

    assert (bar.width, corners) == (surface.WIDTH, [0, 0, 0, 0])
    for theme_ground in ((255, 255, 255), (0x2B, 0x2D, 0x31)):
        assert contrast(over(edge, theme_ground), theme_ground) >= 2
        # An empty bar is closer to its ground than to what fills it.
        assert contrast(over(track, theme_ground), theme_ground) < 1.6
