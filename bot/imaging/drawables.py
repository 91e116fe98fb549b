"""Everything that can be drawn, in one type."""

from bot.domain.catalogue import ItemPicture
from bot.imaging.plots import StatementCard, StatsCard
from bot.imaging.values import (
    GiftLook,
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

Drawable = (
    UploadedFile
    | GiftPicture
    | GoalBar
    | LeaderboardCard
    | RecapCard
    | Shelf
    | MomentCard
    | ProfileCard
    | StatsCard
    | StatementCard
    | ProofCard
)
"""Everything that can be drawn."""


def uploads_in(values: Drawable) -> list[ItemPicture]:
    """Return the uploaded pictures that appear in what is drawn."""
    match values:
        case GiftPicture():
            looks = [values.look]
        case Shelf():
            looks = [gift.look for gift in values.gifts]
        case LeaderboardCard():
            ranked = [*values.standings, *([values.own] if values.own else [])]
            looks = [standing.who for standing in ranked if isinstance(standing.who, GiftLook)]
        case ProfileCard():
            looks = [favourite.who for favourite in values.favourites if isinstance(favourite.who, GiftLook)]
        case StatsCard():
            looks = [gift.look for gift in values.gifts]
        case _:
            looks = []
    return list(dict.fromkeys(look.uploaded for look in looks if look.uploaded is not None))
