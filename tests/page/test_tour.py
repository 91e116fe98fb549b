"""The tour ticks a step once it has happened, whatever looks like it."""

import pytest

from sandbox.checkout.sessions import Purchase, Session, Status
from sandbox.discord.world import World
from sandbox.page.tour import Tour
from sandbox.seed import plant
from sandbox.stripe.account import Account

ORDER = 1576929465114558464


class Stage:
    """A planted garden with its tour, and a bot that says what a test wants."""

    def __init__(self):
        self.world = World()
        self.garden = plant(self.world)
        self.tour = Tour(self.world, self.garden.scene)

    def answer(self, user, footer="", *, command=None, title="", kind=20, public=False):
        """Let the bot answer a person: with an embed, to a command by name or to a button."""
        used = {"name": command, "user": {"id": str(user.id)}} if command else None
        embed = {"title": title, "description": "words", "footer": {"text": footer}}
        self._post(user, {"interaction": used} if used else {}, embed, kind, public)

    def answer_in_layout(self, user, command, words):
        """Let the bot answer a person's command with a layout that says `words`."""
        used = {"name": command, "user": {"id": str(user.id)}}
        layout = {"type": 17, "components": [{"type": 10, "content": words}]}
        self._post(user, {"interaction": used, "embeds": [], "components": [layout]}, {}, 20, False)

    def show(self, user, description):
        """Let the bot answer a person's press of a button with a picture."""
        picture = {"type": 12, "items": [{"media": {"url": "attachment://board.png"}, "description": description}]}
        self._post(user, {"embeds": [], "components": [{"type": 17, "components": [picture]}]}, {}, 0, False)

    def announce(self, channel, words):
        """Let the bot post in a channel."""
        self._post(None, {}, {"description": words}, 0, True, channel)

    def _post(self, user, fields, embed, kind, public, channel=None):
        message = {
            "author": {"id": str(self.world.bot_user.id)}, "flags": 0, "type": kind, "embeds": [embed],
            "components": [], "attachments": [], **fields,
        }  # fmt: skip
        self.world.notify(
            "message_create",
            message,
            guild_id=self.garden.guild.id,
            channel_id=(channel or self.garden.channels["general"]).id,
            only_for=None if public else user.id,
        )

    def pay(self, status: Status = "paid"):
        self.tour.notice_payment(Session("cs_1", Purchase("7-500", 499, "USD", "350 coins"), 0, status))

    def pay_at_stripe(self, payment_status="paid"):
        account = Account({"id": "acct_1"}, True, lambda: 0, lambda *_: None)
        session = {"object": "checkout.session", "payment_status": payment_status, "client_reference_id": "7-500"}
        self.tour.notice_stripe(account, {"data": {"object": session}})


@pytest.fixture
def stage():
    return Stage()


@pytest.fixture
def mia(stage):
    return stage.garden.users["mia"]


@pytest.mark.parametrize(("status", "steps"), [("paid", ["buy"]), ("failed", []), ("expired", [])])
def test_coins_are_bought_when_they_are_paid(stage, status, steps):
    stage.pay(status)

    assert stage.tour.to_json() == {"steps": steps}


@pytest.mark.parametrize(("payment_status", "steps"), [("paid", ["buy"]), ("unpaid", [])])
def test_coins_are_bought_at_stripe_as_well(stage, payment_status, steps):
    stage.pay_at_stripe(payment_status)

    assert stage.tour.to_json() == {"steps": steps}


@pytest.mark.parametrize("command", ["gift", None])
def test_a_gift_is_sent_when_its_receipt_comes(stage, mia, command):
    stage.answer(mia, "Receipt #12", command=command)

    assert stage.tour.steps == {"gift"}


def test_a_gift_from_a_menu_is_one(stage, mia):
    stage.answer(mia, "Receipt #12", command="Gift this message", kind=23)

    assert stage.tour.steps == {"gift"}


@pytest.mark.parametrize(
    ("command", "footer"),
    [("gift", "You won't be charged until you press Send."), ("gifts", "Receipt #3"), ("coins grant", "Receipt #3")],
)
def test_what_is_no_receipt_of_a_gift_ticks_nothing(stage, mia, command, footer):
    stage.answer(mia, footer, command=command)

    assert not stage.tour.steps


@pytest.mark.parametrize("command", ["buy", None])
def test_the_receipt_of_a_purchase_is_no_gift_and_needs_no_checkout(stage, mia, command):
    stage.answer(mia, f"Receipt #12 · Order {ORDER} · Test mode", command=command)

    assert stage.tour.steps == {"buy"}


@pytest.mark.parametrize("command", ["buy", "gift", None])
def test_a_gift_that_is_bought_with_its_coins_is_both(stage, mia, command):
    stage.answer(mia, f"Receipt #12 · Order {ORDER} · Gift: receipt #13", command=command)

    assert stage.tour.steps == {"buy", "gift"}


def test_the_crowd_of_a_storm_ticks_nothing(stage):
    stage.answer(stage.garden.crowd[0], "Receipt #12", command="gift")

    assert not stage.tour.steps


@pytest.mark.parametrize("order", ["announced first", "looked first", "receipt last"])
def test_an_announcement_is_seen_where_it_stands_in_any_order(stage, mia, order):
    live, general = stage.garden.channels["live-stage"], stage.garden.channels["general"]
    deeds = {
        "receipt": lambda: stage.answer(mia, "Receipt #12", command="gift"),
        "announcement": lambda: stage.announce(live, f"<@{mia.id}> sent a clover"),
        "look": lambda: stage.tour.look("page", live.id),
    }
    orders = {
        "announced first": ["receipt", "announcement", "look"],
        "looked first": ["look", "receipt", "announcement"],
        "receipt last": ["look", "announcement", "receipt"],
    }
    stage.tour.look("page", general.id)
    for deed in orders[order]:
        assert "announcement" not in stage.tour.steps
        deeds[deed]()

    assert stage.tour.steps == {"gift", "announcement"}


def test_what_is_announced_of_others_or_elsewhere_is_not_ones_gift(stage, mia):
    live, leo = stage.garden.channels["live-stage"], stage.garden.users["leo"]
    stage.tour.look("page", live.id)
    stage.answer(mia, "Receipt #12", command="gift")

    stage.announce(live, f"<@{leo.id}> sent a clover")
    stage.announce(stage.garden.channels["gifts"], f"<@{mia.id}> sent a clover")

    assert stage.tour.steps == {"gift"}


def test_the_leaderboard_is_seen_when_it_is_one(stage, mia):
    stage.answer(mia, command="leaderboard", public=True)
    stage.answer_in_layout(mia, "leaderboard", "Nobody has been live here.")
    assert not stage.tour.steps

    stage.answer(mia, command="leaderboard", title="Top gifters", public=True)

    assert stage.tour.steps == {"leaderboard"}


@pytest.mark.parametrize(
    ("shows", "steps"), [("Leaderboard: 🏆 Top gifters: 1. Mia", {"leaderboard"}), ("Small gifts: Petal", set())]
)
def test_the_leaderboard_behind_a_button_is_known_by_its_picture(stage, mia, shows, steps):
    stage.show(mia, shows)

    assert stage.tour.steps == steps


def test_a_package_is_added_when_the_bot_says_so(stage):
    sam = stage.garden.users["sam"]
    stage.answer(sam, command="packages add", title="Something went wrong")
    assert not stage.tour.steps

    stage.answer(sam, command="packages add", title="✅ Package added")

    assert stage.tour.steps == {"moderation"}


def test_a_package_is_added_when_a_layout_says_so(stage):
    sam = stage.garden.users["sam"]
    stage.answer_in_layout(sam, "packages add", "That's not a price.")
    assert not stage.tour.steps

    stage.answer_in_layout(sam, "packages add", "## ✅ Package added\n🪙 500")

    assert stage.tour.steps == {"moderation"}


def test_every_page_is_told_and_can_begin_again(stage):
    news = []
    stop = stage.tour.listen(lambda: news.append(stage.tour.to_json()))
    stage.pay()
    stage.pay()
    stage.tour.restart()
    stop()
    stage.pay()

    assert news == [{"steps": ["buy"]}, {"steps": []}]
