"""The first answer to an interaction: its callback."""

from collections.abc import Callable
from typing import Final, cast

from sandbox.discord.drafting import Draft
from sandbox.discord.errors import ApiError
from sandbox.discord.jsontypes import JSON, Wire
from sandbox.discord.limits.commands import check_choices
from sandbox.discord.limits.modals import check_modal
from sandbox.discord.limits.problems import REQUIRED, invalid
from sandbox.discord.model import Interaction, InteractionType, Message, Modal, Reply
from sandbox.discord.model.message import EPHEMERAL, LOADING
from sandbox.discord.rest.router import NO_CONTENT, Answer, Call, Router

_MESSAGES: Final = (Reply.MESSAGE, Reply.DEFERRED_MESSAGE)
_UPDATES: Final = (Reply.DEFERRED_UPDATE, Reply.UPDATE)
_ALLOWED: Final[dict[InteractionType, tuple[Reply, ...]]] = {
    InteractionType.COMMAND: (*_MESSAGES, Reply.MODAL, Reply.PREMIUM_REQUIRED),
    InteractionType.COMPONENT: (*_MESSAGES, *_UPDATES, Reply.MODAL, Reply.PREMIUM_REQUIRED),
    InteractionType.AUTOCOMPLETE: (Reply.CHOICES,),
    InteractionType.MODAL_SUBMIT: (*_MESSAGES, *_UPDATES, Reply.PREMIUM_REQUIRED),
}


def add_routes(router: Router) -> None:
    router.add("POST", "/interactions/{interaction_id}/{token}/callback", _callback, bucket="callback", anonymous=True)


def _callback(call: Call) -> Answer:
    world = call.world
    interaction = world.interaction_to_answer(call.ids["interaction_id"], call.texts["token"], call.form)
    if interaction.channel.id not in world.channels:
        raise ApiError(10003)
    reply = _reply_of(call.form, interaction)
    data: Wire = call.form.get("data")
    if data is not None and not isinstance(data, dict):
        raise invalid(("data",), "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
    message = _ANSWERS[reply](call, interaction, cast("JSON", data or {}))
    world.answered(interaction, reply)
    if not call.flag("with_response"):
        return NO_CONTENT
    return Answer(_response(interaction, reply, message, world.bot_user.id))


def _reply_of(form: JSON, interaction: Interaction) -> Reply:
    kind = form.get("type")
    if kind is None:
        raise invalid(("type",), *REQUIRED)
    allowed = _ALLOWED[interaction.type]
    if interaction.type is InteractionType.MODAL_SUBMIT and interaction.message is None:
        allowed = tuple(reply for reply in allowed if reply not in _UPDATES)
    if isinstance(kind, bool) or kind not in allowed:
        listed = ", ".join(str(int(reply)) for reply in allowed)
        raise invalid(("type",), "BASE_TYPE_CHOICES", f"Value must be one of {{{listed}}}.")
    return Reply(kind)


def _response(interaction: Interaction, reply: Reply, message: Message | None, bot_id: int) -> JSON:
    about: JSON = {
        "id": str(interaction.id),
        "type": int(interaction.type),
        "channel_id": str(interaction.channel.id),
    }
    if interaction.guild is not None:
        about["guild_id"] = str(interaction.guild.id)
    response: JSON = {"interaction": about}
    if message is not None:
        about["response_message_id"] = str(message.id)
        about["response_message_loading"] = message.loading
        about["response_message_ephemeral"] = message.ephemeral_for is not None
        if reply in (Reply.MESSAGE, Reply.UPDATE):
            response["resource"] = {"type": int(reply), "message": message.to_json(bot_id)}
    return response


def _draft(call: Call, interaction: Interaction, data: JSON) -> Draft:
    return Draft(call.world, interaction.channel, data, call.files, call.base_url, interaction, prefix=("data",))


def _message(call: Call, interaction: Interaction, data: JSON) -> Message:
    draft = _draft(call, interaction, data)
    message = draft.compose(ephemeral=bool(draft.flags(EPHEMERAL)))
    return _post(call, interaction, message)


def _deferred_message(call: Call, interaction: Interaction, data: JSON) -> Message:
    draft = _draft(call, interaction, data)
    return _post(call, interaction, draft.blank(draft.flags(EPHEMERAL) | LOADING))


def _post(call: Call, interaction: Interaction, message: Message) -> Message:
    interaction.original = message
    interaction.ephemeral = message.ephemeral_for is not None
    call.world.post(interaction.channel, message)
    return message


def _deferred_update(_: Call, interaction: Interaction, __: JSON) -> Message | None:
    interaction.original = interaction.message
    return interaction.message


def _update(call: Call, interaction: Interaction, data: JSON) -> Message | None:
    message = interaction.original = interaction.message
    if message is None or message.deleted:
        return None
    _draft(call, interaction, data).revise(message)
    call.world.changed(interaction.channel, message)
    return message


def _choices(_: Call, interaction: Interaction, data: JSON) -> None:
    interaction.choices = check_choices(data, interaction)


def _modal(_: Call, interaction: Interaction, data: JSON) -> None:
    check_modal(data)
    interaction.modal = Modal(data["custom_id"], data["title"], data["components"], interaction)


def _premium_required(_: Call, __: Interaction, ___: JSON) -> None:
    """Do nothing: Discord shows its own upgrade dialog and posts nothing in the channel."""


_ANSWERS: Final[dict[Reply, Callable[[Call, Interaction, JSON], Message | None]]] = {
    Reply.MESSAGE: _message,
    Reply.DEFERRED_MESSAGE: _deferred_message,
    Reply.DEFERRED_UPDATE: _deferred_update,
    Reply.UPDATE: _update,
    Reply.CHOICES: _choices,
    Reply.MODAL: _modal,
    Reply.PREMIUM_REQUIRED: _premium_required,
}
