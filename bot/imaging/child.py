"""The process that draws: `python -m bot.imaging.child FONTS [FOLDER]`. It reads values and answers with PNGs.

FONTS is where the system has fonts, FOLDER where pictures are kept.

A request is a pickle of the values and the uploaded pictures in them. An answer is a picture, the reason why an
uploaded file is refused, or the text of an error. Avatars and uploads are untrusted, so nothing of an answer is ever
unpickled.
"""

import os
import pickle
import sys
import traceback
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from bot.child_requests import answer_requests
from bot.domain.staff_errors import InvalidPicture
from bot.imaging import artwork
from bot.imaging.cards.goal_bar import goal_bar
from bot.imaging.cards.leaderboard import leaderboard
from bot.imaging.cards.moments import moment
from bot.imaging.cards.profile import profile
from bot.imaging.cards.proof import proof
from bot.imaging.cards.recap import recap
from bot.imaging.cards.shelf import shelf
from bot.imaging.cards.statement import statement
from bot.imaging.cards.stats import stats
from bot.imaging.drawables import Drawable
from bot.imaging.files import PictureFiles, code_version
from bot.imaging.plots import StatementCard, StatsCard
from bot.imaging.text import fonts
from bot.imaging.uploads import normalised, uploads
from bot.imaging.values import (
    GiftPicture,
    GoalBar,
    LeaderboardCard,
    MomentCard,
    ProfileCard,
    ProofCard,
    RecapCard,
    Shelf,
    UploadedFile,
)

FAILED, DRAWN, REFUSED = 0, 1, 2
"""The outcomes of an answer."""

LIMIT_S = 20
"""Seconds for one picture. Most take a twentieth of a second; on a busy machine, the first of a gift takes two."""

_DRAWINGS: Mapping[type[Drawable], Callable[[Any], bytes]] = {
    UploadedFile: lambda values: normalised(values.content),
    GiftPicture: lambda values: artwork.gift(values.look, values.size),
    GoalBar: goal_bar,
    LeaderboardCard: leaderboard,
    RecapCard: recap,
    Shelf: shelf,
    MomentCard: moment,
    ProfileCard: profile,
    StatsCard: stats,
    StatementCard: statement,
    ProofCard: proof,
}

_NICENESS = 5
"""Gifts go first: under load, a picture gets a third of what the bot gets."""


def draw(values: Drawable) -> bytes:
    """Return the PNG of any values that can be drawn. Raises InvalidPicture for an uploaded file."""
    return _DRAWINGS[type(values)](values)


def main() -> None:
    """Answer requests until the parent closes the pipe, or ends."""
    os.nice(_NICENESS)
    fonts.files.fallback = Path(sys.argv[1])
    if len(sys.argv) > 2:
        artwork.masters.files = PictureFiles(Path(sys.argv[2]), partial(code_version, fonts.files.fallback))
    answer_requests(_answer, limit_s=LIMIT_S)


def _answer(request: bytes) -> tuple[int, bytes]:
    try:
        values, uploads.pngs = pickle.loads(request)  # noqa: S301 - our own parent's
        picture = draw(values)
        if artwork.masters.files is not None and isinstance(values, GiftPicture):
            artwork.masters.files.save(picture, values)
    except InvalidPicture as refusal:
        return REFUSED, refusal.why.encode()
    except fonts.NoFontsError as error:
        return FAILED, str(error).encode()
    except Exception:  # noqa: BLE001 - the parent logs it
        return FAILED, traceback.format_exc().encode("utf-8", "backslashreplace")
    return DRAWN, picture


if __name__ == "__main__":
    main()
