"""Serves the hosted pages: checkout for buyers, onboarding for owners of accounts, and the merchant's dashboard."""

from typing import Final, cast, get_args

from aiohttp import web

from sandbox import hosted_page
from sandbox.discord.jsontypes import JSON
from sandbox.stripe import accounts, dashboard, dashboard_page, onboarding_page, pay_page, payments
from sandbox.stripe.account import Account
from sandbox.stripe.accounts import Link
from sandbox.stripe.payments import Action, NotPossibleError
from sandbox.stripe.platform import Platform

DASHBOARD: Final = "/stripe/dashboard"


class HostedPages:
    """The pages of one Stripe."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def routes(self, app: web.Application) -> None:
        """Mount the pages on an app."""
        app.router.add_get("/stripe/pay/{id}", self._show_session)
        app.router.add_post("/stripe/pay/{id}", self._pay)
        app.router.add_get("/stripe/connect/{account}/{token}", self._show_onboarding)
        app.router.add_post("/stripe/connect/{account}/{token}", self._onboard)
        app.router.add_get(DASHBOARD, self._show_dashboard)
        app.router.add_post(DASHBOARD, self._manage)

    async def _show_session(self, request: web.Request) -> web.Response:
        return hosted_page.respond(pay_page.render_session(*self._session(request)))

    async def _pay(self, request: web.Request) -> web.Response:
        hosted_page.refuse_strangers(request)
        account, session = self._session(request)
        action = (await request.post()).get("action")
        if action not in get_args(Action):
            raise web.HTTPBadRequest(text="There is no such action.")
        try:
            payments.act(account, session, cast("Action", action))
        except NotPossibleError as error:
            # A second click or a second tab: the page shows the outcome of the first one.
            request.app.logger.debug("%s is not possible: %s", action, error)
        self._platform.save()
        raise web.HTTPSeeOther(request.path)

    def _session(self, request: web.Request) -> tuple[Account, JSON]:
        self._platform.tidy()
        place = self._platform.find_session(request.match_info["id"])
        if place is None:
            raise web.HTTPNotFound(text="There is no such checkout (any more).")
        return place

    async def _show_onboarding(self, request: web.Request) -> web.Response:
        account, link = self._link(request)
        if not link.is_used and link.expires_at < self._platform.now_s():
            raise web.HTTPSeeOther(link.refresh_url)
        return hosted_page.respond(onboarding_page.render_onboarding(account, link))

    async def _onboard(self, request: web.Request) -> web.Response:
        hosted_page.refuse_strangers(request)
        account, link = self._link(request)
        action = (await request.post()).get("action")
        if not link.is_used:
            link.is_used = True
            if action in {"complete", "incomplete"}:
                accounts.complete(account, is_enough=action == "complete")
        self._platform.save()
        raise web.HTTPSeeOther(request.path)

    def _link(self, request: web.Request) -> tuple[Account, Link]:
        link = self._platform.links.get(request.match_info["token"])
        if link is None or link.account_id not in self._platform.connected:
            raise web.HTTPNotFound(text="There is no such link (any more).")
        return self._platform.connected[link.account_id], link

    async def _show_dashboard(self, _: web.Request) -> web.Response:
        self._platform.tidy()
        return hosted_page.respond(dashboard_page.render_dashboard(self._platform))

    async def _manage(self, request: web.Request) -> web.Response:
        hosted_page.refuse_strangers(request)
        fields = await request.post()
        try:
            dashboard.act(self._platform, str(fields.get("action", "")), str(fields.get("id", "")))
        except LookupError:
            raise web.HTTPNotFound(text="There is no such thing here (any more).") from None
        self._platform.save()
        raise web.HTTPSeeOther(DASHBOARD)
