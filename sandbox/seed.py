"""The world that a visitor finds: the guild Rosette Garden and its people."""

from dataclasses import dataclass, field
from typing import Final

from sandbox.discord.faces import face_hash
from sandbox.discord.model import Channel, Guild, Role, User
from sandbox.discord.permissions import MODERATE_STAGE, Permissions
from sandbox.discord.world import World
from sandbox.page.scene import Role as CastRole
from sandbox.page.scene import Scene

# Ids are the same in every run, so that the books of an earlier run still match.
_FIRST_ID: Final = 1_455_000_000_000_000_000
_BANKER_ID: Final = _FIRST_ID + 18
_CROWD_ID: Final = _FIRST_ID + 100
_SKU_ID: Final = _FIRST_ID + 40
_FACELESS: Final = 6
APPLICATION_ID: Final = _FIRST_ID
GUILD_ID: Final = _FIRST_ID + 1

CHANNELS: Final = (
    ("welcome", "Start here: what Rosette Garden is about"),
    ("general", "Talk about anything"),
    ("live-stage", "Where Noor and Kai play live. Gifts light up the board"),
    ("gifts", "Gifts sent outside a live event are announced here"),
    ("mod-room", "Moderators only: packages, creators, settings"),
)

PLACES: Final = (
    ("Garden Stage", "stage", "Shows with an audience"),
    ("Lounge", "voice", ""),
    ("song-requests", "forum", "One post a song. The creators look in before every show"),
)
"""Channels other than text channels, with their kinds."""

SKUS: Final = (("721 coins", 999), ("1,470 coins", 1_999), ("3,780 coins", 4_999))
"""What the application sells on Discord itself: names as in the portal, and prices in US cents."""

CROWD: Final = (
    ("ada", "Ada 🌷"), ("bruno", "Bruno"), ("chiara", "Chiara ☕"), ("dimitri", "Дмитрий"), ("eun_ji", "은지"),
    ("farah", "فرح"), ("goran", "Goran"), ("hana", "花 🌸"), ("imani", "Imani ✨"), ("jun", "ジュン"),
    ("katarina", "Kateřina"), ("lior", "ליאור"), ("mateus", "Mateus ⚽"), ("nikos", "Νίκος"), ("oksana", "Оксана 🌻"),
    ("priya", "प्रिया"), ("quentin", "Quentin"), ("rania", "رانيا 🌙"), ("sofia", "Sofía"), ("tomasz", "Tomasz ŻÓŁW"),
    ("uma", "உமா"), ("viktor", "Viktor the Very Long Name Who Never Stops"), ("wei", "伟"), ("ximena", "Ximena 🦋"),
    ("yuki", "雪乃❄️"), ("zainab", "Zainab"), ("anders", "Ånders"), ("bao", "Bảo"), ("ciara", "Ciara 🍀"),
    ("daniyar", "Данияр"), ("elif", "Elif 🧿"), ("fumiko", "ふみこ"), ("giorgi", "გიორგი"), ("hovhannes", "Հովհաննես"),
    ("ines", "Inês"), ("jamal", "Jamal 🎧"), ("kwame", "Kwame"), ("lien", "Liên 🐉"), ("malik", "مالك"),
    ("nadia", "Nadia"), ("ola", "Ola 🇳🇴"), ("pim", "พิม"), ("rui", "Rui"), ("somchai", "สมชาย"),
    ("tariq", "طارق"), ("ulla", "Ulla 🧁"), ("vasudha", "వసుధ"), ("wambui", "Wambũi"), ("xiaolin", "小林 🎋"),
    ("yarden", "ירדן"), ("zuzana", "Zuzana 💜"), ("arjun", "অর্জুন"), ("bea", "**Bea**"), ("coco", "_coco_ `<b>`"),
    ("dex", "@dex"), ("emre", "Emre 👨‍👩‍👧‍👦"), ("fox", "🦊"), ("gigi", "ğiğı"), ("haru", "하루"), ("ivo", "Ivo"),
)  # fmt: skip
"""Account and display names: many scripts, emoji, and a few that look like markup."""


_MODERATOR: Final = (
    MODERATE_STAGE
    | Permissions.MANAGE_GUILD
    | Permissions.MANAGE_MESSAGES
    | Permissions.PIN_MESSAGES
    | Permissions.MANAGE_THREADS
    | Permissions.MANAGE_WEBHOOKS
    | Permissions.CREATE_EVENTS
    | Permissions.MANAGE_EVENTS
    | Permissions.BYPASS_SLOWMODE
)


@dataclass(slots=True)
class Garden:
    """The seeded guild with its channels, roles and people."""

    guild: Guild
    users: dict[str, User] = field(default_factory=dict[str, User])
    channels: dict[str, Channel] = field(default_factory=dict[str, Channel])
    roles: dict[str, Role] = field(default_factory=dict[str, Role])
    crowd: list[User] = field(default_factory=list[User])
    scene: Scene = field(init=False)

    @property
    def creators(self) -> list[User]:
        """The users who can receive gifts."""
        return [self.users["noor"], self.users["kai"]]


_CAST: Final = (
    ("mia", "Mia", "member", "Buys coins and sends gifts."),
    ("leo", "Leo", "member", "Another member: see what others see."),
    ("noor", "Noor", "creator", "A singer. Receives gifts, runs live events."),
    ("kai", "Kai", "creator", "A gamer. Receives gifts."),
    ("sam", "Sam", "moderator", "Manage Server: packages, creators, coins, settings."),
    ("olive", "Olive", "owner", "Owns the server. May do everything."),
)


def plant(world: World) -> Garden:
    """Create the guild with its channels, roles and people, before anything is connected."""
    owner = _account(world, "olive", "Olive", _FIRST_ID + 2)
    guild = world.add_guild("Rosette Garden", owner=owner, guild_id=GUILD_ID)
    garden = Garden(guild)
    for offset, (name, topic) in enumerate(CHANNELS):
        garden.channels[name] = world.add_channel(guild, name, topic=topic, channel_id=_FIRST_ID + 20 + offset)
    for offset, (name, kind, topic) in enumerate(PLACES, start=len(CHANNELS)):
        garden.channels[name] = world.add_channel(
            guild, name, kind=kind, topic=topic, channel_id=_FIRST_ID + 20 + offset
        )
    garden.roles = {
        "creator": world.add_role(
            guild,
            "Creator",
            permissions=Permissions.CREATE_EVENTS,
            color=0xE8A33D,
            hoist=True,
            role_id=_FIRST_ID + 30,
        ),
        "moderator": world.add_role(
            guild,
            "Moderator",
            permissions=_MODERATOR,
            color=0x3FA796,
            hoist=True,
            position=2,
            role_id=_FIRST_ID + 31,
        ),
        # For visitors who try out what members can earn.
        "regular": world.add_role(guild, "Green Thumb", color=0x9B7BD6, role_id=_FIRST_ID + 32),
    }
    for offset, (name, display_name, part, _) in enumerate(_CAST):
        roles = [garden.roles[part]] if part in garden.roles else []
        user = owner if part == "owner" else _account(world, name, display_name, _FIRST_ID + 10 + offset)
        if user is not owner:
            world.join(guild, user, roles=roles)
        garden.users[name] = user
    # Penny hands out the coins of a gift storm. She is not in the cast, so no visitor sees her sixty receipts.
    garden.users["penny"] = _account(world, "penny", "Penny", _BANKER_ID)
    world.join(guild, garden.users["penny"], roles=[garden.roles["moderator"]])
    for offset, (name, display_name) in enumerate(CROWD):
        user = _account(world, name, display_name, _CROWD_ID + offset)
        world.join(guild, user)
        garden.crowd.append(user)
    for offset, (name, cents) in enumerate(SKUS):
        world.add_sku(name, price_minor=cents, sku_id=_SKU_ID + offset)
    _close_mod_room(world, garden)
    stage_rights = int(MODERATE_STAGE | Permissions.CREATE_EVENTS)
    world.set_permissions(garden.channels["Garden Stage"], garden.roles["creator"], allow=stage_rights)
    cast = tuple(CastRole(garden.users[name], part, blurb) for name, _, part, blurb in _CAST)
    garden.scene = Scene(guild, cast)
    return garden


def _account(world: World, name: str, display_name: str, user_id: int) -> User:
    """Create an account. As in any guild, some of the crowd have no avatar."""
    avatar = None if user_id >= _CROWD_ID and user_id % _FACELESS == 0 else face_hash(user_id)
    return world.add_user(name, display_name=display_name, avatar=avatar, user_id=user_id)


def gather(world: World, garden: Garden, people: int) -> list[User]:
    """Return this many members of the crowd. If there are not enough, guests join."""
    while len(garden.crowd) < people:
        number = len(garden.crowd) + 1
        guest = _account(world, f"guest_{number}", f"Guest {number}", _CROWD_ID - 1 + number)
        world.join(garden.guild, guest)
        garden.crowd.append(guest)
    return garden.crowd[:people]


def _close_mod_room(world: World, garden: Garden) -> None:
    room = garden.channels["mod-room"]
    view = int(Permissions.VIEW_CHANNEL)
    world.set_permissions(room, garden.guild.everyone, deny=view)
    world.set_permissions(room, garden.roles["moderator"], allow=view)
    bot_role = next(role for role in garden.guild.roles.values() if role.managed_by == world.bot_user.id)
    world.set_permissions(room, bot_role, allow=view)
