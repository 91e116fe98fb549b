"""Builds and edits messages from what a bot sent: the one place where limits, files and mentions come together."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sandbox.discord.errors import ApiError
from sandbox.discord.files import image_size, safe_name
from sandbox.discord.jsontypes import JSON, Wire
from sandbox.discord.limits.components import Assets
from sandbox.discord.limits.messages import MAX_FILES, check_edit, check_message
from sandbox.discord.limits.problems import invalid
from sandbox.discord.mentions import fill_mentions
from sandbox.discord.model import Attachment, Channel, Interaction, InteractionType, Message
from sandbox.discord.model.message import COMPONENTS_V2, EPHEMERAL, LOADING, MENU, REPLY, SLASH, SUPPRESS_EMBEDS
from sandbox.discord.permissions import Permissions
from sandbox.discord.rendering import Renderer
from sandbox.discord.rest.router import Upload
from sandbox.discord.world import World

SUPPRESS_NOTIFICATIONS: Final = 1 << 12
_SETTABLE: Final = SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS | COMPONENTS_V2
MAX_DESCRIPTION: Final = 1024
_EMBED_LINKS: Final = int(Permissions.EMBED_LINKS)


@dataclass(slots=True)
class Draft:
    """A bot's request: the form, its files, the URL below which they are served, and the interaction behind it."""

    world: World
    channel: Channel
    form: JSON
    files: list[Upload]
    base_url: str
    interaction: Interaction | None = None
    prefix: tuple[str, ...] = ()

    def _assets(self, kept: Iterable[Attachment] = ()) -> Assets:
        """Return what components may refer to in a message that keeps some of its files."""
        guilds = [guild for guild in self.world.guilds.values() if guild.has_bot]
        emoji_ids = (emoji.id for guild in guilds for emoji in guild.emojis.values() if emoji.available)
        filenames = {attachment.filename for attachment in kept}
        filenames |= {safe_name(self._about(upload).get("filename") or upload.filename) for upload in self.files}
        return Assets(frozenset(self.world.skus), frozenset(emoji_ids), frozenset(filenames))

    def _about(self, upload: Upload) -> JSON:
        """Return what the form says about a file."""
        entries: list[JSON] = [*(self.form.get("attachments") or ()), {"id": upload.index}]
        return next(entry for entry in entries if str(entry.get("id")) == str(upload.index))

    def flags(self, settable: int = _SETTABLE) -> int:
        """Return the flags that the form sets; raises 50035 if they are not an integer."""
        flags: Wire = self.form.get("flags") or 0
        if not isinstance(flags, int) or isinstance(flags, bool):
            raise invalid((*self.prefix, "flags"), "NUMBER_TYPE_COERCE", f'Value "{flags}" is not an integer.')
        return flags & settable

    def compose(self, *, ephemeral: bool = False, reply_to: Message | None = None) -> Message:
        """Return a new message that is checked and complete, but not posted yet."""
        world, form = self.world, self.form
        flags = self.flags()
        check_message(form, flags=flags, files=len(self.files), assets=self._assets(), prefix=self.prefix)
        message = self.blank(flags | (EPHEMERAL if ephemeral else 0))
        message.content = str(form.get("content") or "").strip()
        message.tts = bool(form.get("tts"))
        if reply_to is not None:
            message.refer_to(reply_to, REPLY)
        message.attachments = self._attachments(ephemeral, remaining=())
        message.components, message.embeds = self._render(message.attachments)
        message.allowed_mentions = form.get("allowed_mentions")
        fill_mentions(world, self.channel, message, from_interaction=self.interaction is not None)
        return message

    def blank(self, flags: int) -> Message:
        """Return an empty message of the bot in this channel, such as the one shown as "thinking …"."""
        world, channel, interaction = self.world, self.channel, self.interaction
        message = Message(
            world.new_id(),
            channel.id,
            channel.guild_id,
            world.bot_user,
            world.now(),
            member=world.member_of(channel, world.bot_user.id),
            flags=flags,
        )
        if interaction is not None:
            message.webhook_id = message.application_id = world.application.id
            message.ephemeral_for = interaction.user.id if flags & EPHEMERAL else None
            message.interaction_metadata = interaction.metadata
            if interaction.type is InteractionType.COMMAND:
                self._name_command(message, interaction)
        return message

    def _name_command(self, message: Message, interaction: Interaction) -> None:
        """Record which command a message answers. An answer to a message menu also quotes its target message."""
        data = interaction.data
        message.type = SLASH if data["type"] == 1 else MENU
        message.interaction = {
            "id": str(interaction.id),
            "type": 2,
            "name": command_path(data),
            "user": interaction.user.to_json(),
        }
        if data["type"] == 3:
            target = self.world.find_message(self.channel.id, int(data["target_id"]))
            if target is not None:
                message.refer_to(target, MENU)

    def revise(self, message: Message) -> None:
        """Apply the fields of the form to a message; raises 50035 or 50006 before anything changes."""
        form = self.form
        flags = (message.flags & ~SUPPRESS_EMBEDS) | self.flags() if "flags" in form else message.flags
        kept_ids = {str(entry.get("id")) for entry in form.get("attachments") or ()}
        keeps_all = form.get("attachments") is None
        kept = [attachment for attachment in message.attachments if keeps_all or str(attachment.id) in kept_ids]
        stays: JSON = {"content": message.content, "embeds": message.embeds}
        check_edit(form, flags=flags, stays=stays, assets=self._assets(kept), prefix=self.prefix)
        content = str(form["content"] or "").strip() if "content" in form else message.content
        attachments = message.attachments
        if "attachments" in form or self.files:
            listed: list[JSON] | None = form.get("attachments")
            remaining = attachments if listed is None else self._retained(attachments, listed)
            attachments = self._attachments(message.ephemeral_for is not None, remaining=remaining)
        components, embeds = self._render(attachments)
        components = components if "components" in form else message.components
        embeds = embeds if "embeds" in form else message.embeds
        shown_files = [] if flags & COMPONENTS_V2 else attachments
        if not (content or embeds or components or shown_files):
            raise ApiError(50006)
        message.edited = message.edited if message.loading else self.world.now()
        message.flags = flags & ~LOADING
        message.content, message.attachments = content, attachments
        message.components, message.embeds = components, embeds
        message.allowed_mentions = form.get("allowed_mentions", message.allowed_mentions)
        fill_mentions(self.world, self.channel, message, from_interaction=self.interaction is not None)

    def _render(self, attachments: list[Attachment]) -> tuple[list[JSON], list[JSON]]:
        """Return the form's components and embeds as Discord would return them."""
        renderer = Renderer(attachments, self.world.new_id)
        components = renderer.components(self.form.get("components") or [])
        embeds = renderer.embeds(self.form.get("embeds") or [])
        # Interactions may always embed. Plain messages lose their embeds without the Embed Links permission.
        if self.interaction is None and embeds and not self._may_embed():
            embeds = []
        return components, embeds

    def _may_embed(self) -> bool:
        return bool(self.world.rights(self.channel, self.world.bot_user.id) & _EMBED_LINKS)

    def _attachments(self, ephemeral: bool, *, remaining: Iterable[Attachment]) -> list[Attachment]:
        attachments = list(remaining)
        for upload in self.files:
            if len(upload.data) > self.world.attachment_size_limit:
                raise ApiError(40005)
            attachments.append(self._attach(upload, self._about(upload), ephemeral))
        if len(attachments) > MAX_FILES:
            raise invalid((*self.prefix, "attachments"), "BASE_TYPE_MAX_LENGTH", "Must be 10 or fewer in length.")
        return attachments

    def _retained(self, attachments: list[Attachment], listed: list[JSON]) -> list[Attachment]:
        """Return the attachments that an edit lists, with their new descriptions."""
        entry_by_id = {str(entry.get("id")): (place, entry) for place, entry in enumerate(listed)}
        remaining: list[Attachment] = []
        for attachment in attachments:
            if str(attachment.id) in entry_by_id:
                place, about = entry_by_id[str(attachment.id)]
                if "description" in about:
                    attachment.description = self._description(about, place)
                remaining.append(attachment)
        return remaining

    def _description(self, about: JSON, place: int) -> str | None:
        description: Wire = about.get("description")
        if isinstance(description, str) and len(description) > MAX_DESCRIPTION:
            where = (*self.prefix, "attachments", place, "description")
            raise invalid(where, "BASE_TYPE_MAX_LENGTH", f"Must be {MAX_DESCRIPTION} or fewer in length.")
        return description

    def _attach(self, upload: Upload, about: JSON, ephemeral: bool) -> Attachment:
        description = self._description(about, upload.index)
        number, name = self.world.new_id(), safe_name(about.get("filename") or upload.filename)
        size = image_size(upload.data)
        folder = "ephemeral-attachments" if ephemeral else "attachments"
        attachment = Attachment(
            number,
            name,
            upload.data,
            f"{self.base_url}/cdn/{folder}/{self.channel.id}/{number}/{name}",
            upload.content_type,
            description,
            ephemeral,
            *(size or (None, None)),
        )
        self.world.files.add(attachment)
        return attachment


def command_path(data: JSON) -> str:
    """Return a command's full name, including its group and subcommand."""
    name: str = data["name"]
    options: list[JSON] = data.get("options") or []
    while options and options[0]["type"] in (1, 2):
        name = f"{name} {options[0]['name']}"
        options = options[0].get("options") or []
    return name
