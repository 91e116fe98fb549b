"""Accounts of people and bots."""

from dataclasses import dataclass, field

from sandbox.discord.jsontypes import JSON


@dataclass(slots=True, eq=False)
class User:
    """An account. `locale` is the language of its Discord client."""

    id: int
    name: str
    display_name: str | None = None
    avatar: str | None = None
    bot: bool = False
    locale: str = "en-US"
    accepts_dms: bool = True
    _json: JSON | None = field(default=None, repr=False)

    @property
    def shown_name(self) -> str:
        """The name that is shown to others."""
        return self.display_name or self.name

    def to_json(self) -> JSON:
        """Return Discord's user object. It is cached and shared between responses, so callers must not change it."""
        if self._json is None:
            self._json = {
                "id": str(self.id),
                "username": self.name,
                "discriminator": "0000" if self.bot else "0",
                "global_name": None if self.bot else self.display_name,
                "avatar": self.avatar,
                "bot": self.bot,
                "system": False,
                "public_flags": 0,
                "flags": 0,
                "banner": None,
                "accent_color": None,
                "avatar_decoration_data": None,
                "collectibles": None,
                "primary_guild": None,
            }
        return self._json

    def rename(self, name: str | None = None, display_name: str | None = None) -> None:
        """Change the account's name or display name."""
        self.name = name or self.name
        self.display_name = display_name or self.display_name
        self._json = None
