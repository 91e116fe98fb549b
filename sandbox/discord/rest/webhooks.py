"""Follow-ups: messages that an interaction's token sends, reads, edits and deletes after the first answer."""

from sandbox.discord.drafting import Draft
from sandbox.discord.errors import ApiError
from sandbox.discord.model import Interaction, Message, Reply
from sandbox.discord.model.message import EPHEMERAL
from sandbox.discord.rest.messages import changeable
from sandbox.discord.rest.router import NO_CONTENT, Answer, Call, Router


def add_routes(router: Router) -> None:
    base = "/webhooks/{application_id}/{token}"
    router.add("POST", base, _create, bucket="followup", anonymous=True)
    for message in (base + "/messages/@original", base + "/messages/{message_id}"):
        router.add("GET", message, _get, bucket="webhook_message", anonymous=True)
        router.add("PATCH", message, _edit, bucket="webhook_message", anonymous=True)
        router.add("DELETE", message, _delete, bucket="webhook_message", anonymous=True)


def _interaction(call: Call) -> Interaction:
    if call.ids["application_id"] != call.world.application.id:
        raise ApiError(10015)
    interaction = call.world.interaction_of_token(call.texts["token"])
    if interaction.channel.id not in call.world.channels:
        raise ApiError(10003)
    return interaction


def _message(call: Call) -> tuple[Interaction, Message]:
    interaction = _interaction(call)
    message_id = call.ids.get("message_id")
    message = interaction.original if message_id is None else interaction.owns(message_id)
    if message is None or message.deleted:
        raise ApiError(10008)
    return interaction, message


def _create(call: Call) -> Answer:
    world, interaction = call.world, _interaction(call)
    draft = Draft(world, interaction.channel, call.form, call.files, call.base_url, interaction)
    original = interaction.original
    if original is not None and original.loading and interaction.replied is Reply.DEFERRED_MESSAGE:
        # The first follow-up after a deferral replaces "thinking …" and inherits its visibility.
        draft.revise(original)
        world.changed(interaction.channel, original)
        _note_change(interaction, original)
        return Answer(original.to_json(world.bot_user.id))
    ephemeral = bool(draft.flags(EPHEMERAL))
    message = draft.compose(ephemeral=ephemeral)
    message.type = 0
    if original is not None:
        message.interaction_metadata = {
            **interaction.metadata,
            "original_response_message_id": str(original.id),
        }
    interaction.followups.append(message)
    world.post(interaction.channel, message)
    _note_change(interaction, message)
    return Answer(message.to_json(world.bot_user.id))


def _get(call: Call) -> Answer:
    _, message = _message(call)
    return Answer(message.to_json(call.world.bot_user.id))


def _edit(call: Call) -> Answer:
    interaction, message = _message(call)
    changeable(call, interaction.channel)
    Draft(call.world, interaction.channel, call.form, call.files, call.base_url, interaction).revise(message)
    call.world.changed(interaction.channel, message)
    _note_change(interaction, message)
    return Answer(message.to_json(call.world.bot_user.id))


def _delete(call: Call) -> Answer:
    interaction, message = _message(call)
    call.world.delete_message(message)
    _note_change(interaction, message)
    return NO_CONTENT


def _note_change(interaction: Interaction, message: Message) -> None:
    """Record that the bot sent, edited or deleted a message after its first answer."""
    interaction.edits += 1
    interaction.revised = interaction.revised or message is interaction.original
    interaction.wake()
