"""What every leaderboard looks like, wherever it is shown: its title, its lines, and its picture."""

from collections.abc import Iterable, Mapping, Sequence

from bot.domain.catalogue import Tier
from bot.domain.leaderboards import Board, Standing
from bot.imaging.values import CardStanding, GiftLook, LeaderboardCard, Person, look_of
from bot.services.leaderboards import BoardPage
from bot.ui import theme
from bot.ui.looks.periods import name_of
from bot.ui.text import mentions
from bot.ui.text.reader import N_, Reader
from bot.ui.text.sums import sum_of

TITLES = {
    Board.GIFTERS: N_("Top gifters"),
    Board.CREATORS: N_("Top creators"),
    Board.GIFTS: N_("Most sent gifts"),
}


def place_mark(place: int, reader: Reader) -> str:
    """Return a place, from 1 on, as its medal, or as its number."""
    return theme.MEDALS[place - 1] if place <= len(theme.MEDALS) else f"**{reader.number(place)}.**"


def line(standing: Standing, page: BoardPage, reader: Reader) -> str:
    """Return one place in words."""
    place = place_mark(standing.place, reader)
    if page.query.board is Board.GIFTS:
        item = page.items.get(standing.subject_id)
        name = mentions.item(item, reader) if item else reader._("a former gift")
        return f"{place} {name} · **× {reader.number(standing.pieces)}** · {reader.coin(standing.coins)}"
    return f"{place} {mentions.member(standing.subject_id, reader)} · **{sum_of(standing, reader)}**"


def people_on(page: BoardPage, standings: Iterable[Standing], own: Standing | None) -> list[int]:
    """Return the ids of the members who are on the picture."""
    # The board of gifts ranks items, which have no portrait.
    ranked = [] if page.query.board is Board.GIFTS else [*standings, *([own] if own else [])]
    creators = [page.query.fans_of, page.event.creator_id if page.event else None]
    return [*(standing.subject_id for standing in ranked), *(creator for creator in creators if creator is not None)]


def card(
    page: BoardPage,
    standings: Sequence[Standing],
    own: Standing | None,
    people: Mapping[int, Person],
    reader: Reader,
    *,
    period: str = "",
) -> LeaderboardCard:
    """Return what the picture shows. `people` are those that `people_on` names. `period` is what its period is called,
    where that is no choice of the command."""
    query = page.query
    event_title = page.event.title if page.event else ""
    subtitle = [period or event_title or name_of(query.period, reader)]
    if query.fans_of is not None:
        subtitle.append(reader._("Fans of {creator}", creator=people[query.fans_of].name))
    elif page.event is not None and page.event.ended_ms is None:
        subtitle.append(reader._("Live with {creator}", creator=people[page.event.creator_id].name))
    # The viewer's row below the others is only for those who are not among them.
    listed = own is not None and any(standing.subject_id == own.subject_id for standing in standings)
    return LeaderboardCard(
        title=f"🏆 {reader._(TITLES[query.board])}",
        subtitle=" · ".join(subtitle),
        standings=tuple(_standing(standing, page, people, reader) for standing in standings),
        own=_standing(own, page, people, reader) if own is not None and not listed else None,
        viewer=own.place if own is not None else None,
    )


def alt_text(values: LeaderboardCard, reader: Reader) -> str:
    """Return what the picture says."""
    ranked = [*values.standings, *([values.own] if values.own else [])]
    places = ", ".join(f"{standing.place}. {standing.name} {standing.amount}" for standing in ranked)
    text = f"{values.title} · {values.subtitle}: {places}"
    return reader._("Leaderboard: {text}", text=text)


def _standing(standing: Standing, page: BoardPage, people: Mapping[int, Person], reader: Reader) -> CardStanding:
    if page.query.board is Board.GIFTS:
        item = page.items.get(standing.subject_id)
        who = look_of(item) if item else GiftLook(reader._("a former gift"), "🎁", Tier.SMALL)
        return CardStanding(standing.place, who, f"× {reader.number(standing.pieces)}", standing.pieces)
    who = people[standing.subject_id]
    # The bar behind a place would tell what its words do not.
    length = 0 if standing.hides_amount else standing.coins
    return CardStanding(standing.place, who, sum_of(standing, reader, plain=True), length)
