"""What everybody can see of members and their receipts beside gifts as they come: profiles, roles, challenges, and what
creators and others may look up."""

from bot.domain.challenges import Source, SourceRule
from bot.services.challenges import DraftChanges
from bot.ui.looks import profiles
from bot.ui.looks.challenges import Seen
from cogs.challenges.progress import Viewed, card
from cogs.creator import gifts
from cogs.verify import render as verify_render
from tests.services.watching import CREATORS, GIVERS, READER, Onlooker
from tests.storage.town import CHANNEL, MIA, ROB

CUP, LEAGUES = 70, 71
LEVEL_ROLE, CLUB_ROLE = 900, 901


class Neighbour(Onlooker):
    """Somebody who looks at what members have reached, and looks up what they are told of."""

    async def _settle_in(self) -> None:
        await super()._settle_in()
        services, guild_id = self.services, self.guild_id
        sources = {source: SourceRule(2) for source in Source}
        for number in (CUP, LEAGUES):
            await services.challenges.draft(guild_id, number, name="Autumn cup", days=2, by=ROB)
            changes = DraftChanges(sources=sources, is_by_creator=number == LEAGUES)
            await services.challenges.change(guild_id, number, **changes)
            await services.challenges.post(guild_id, number, channel_id=CHANNEL, by=ROB)
        for level in (1, 3, 9):
            await services.member_roles.choose(guild_id, level, LEVEL_ROLE + level, ROB)
        for creator in CREATORS:
            await services.clubs.choose_role(guild_id, creator, CLUB_ROLE + creator, ROB)

    async def _look_around(self) -> None:
        await super()._look_around()
        await self._look_at_challenges()
        await self._look_at_members()
        for creator in CREATORS:
            latest = await self.services.desk.declines.latest(self.guild_id, creator)
            self._see("received", latest, gifts.card(latest, creator, READER))
            kept = await self.services.personal_data.export(self.guild_id, creator)
            # Rows come in the order of pseudonyms, which is any.
            records = {table: sorted(map(str, rows)) for table, rows in kept.records.items()}
            self._see("kept", kept.history, records)
        for seq in range(1, self.cursor + 1):
            for viewer in (MIA, ROB):
                verified = await self.services.verifications.verify(self.guild_id, seq, viewer)
                self._see("receipt", verify_render.verification(verified, seq, READER))

    async def _look_at_challenges(self) -> None:
        places = self.services.challenge_places
        await places.count_up(self.guild_id)
        for number in (CUP, LEAGUES):
            for viewer in (MIA, ROB):
                board = await places.board(self.guild_id, number, viewer)
                # Leagues in which nobody is ahead come in any order.
                leagues = sorted(board.leagues, key=lambda league: league.creator_id)
                viewed = Viewed(board, leagues, viewer, Seen({*GIVERS, *CREATORS, viewer}), self.clock.now_ms)
                self._see("challenge", board.challenge, leagues, board.own, card(viewed, READER))

    async def _look_at_members(self) -> None:
        for member in (*GIVERS, *CREATORS):
            profile = await self.services.profiles.profile(self.guild_id, member)
            self._see("profile", profile, profiles.profile_card(profile, READER))
        tasks = await self.services.member_roles.due(self.guild_id)
        self._see("roles", sorted((task.member_id, sorted(task.target)) for task in tasks))
