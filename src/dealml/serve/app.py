"""Two answers: the page, and the taking of a judgement."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from urllib.parse import parse_qsl, quote

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from dealml.errors import DealmlError
from dealml.page import Review
from dealml.page.review.anchors import anchor
from dealml.page.review.render import OverrideForm, render
from dealml.page.shared.outcome_words import words_of
from dealml.serve.entry import FIELDS, entry_of
from dealml.serve.guard import refusal

Show = Callable[[], Review]
"""The review as it is now, judgements included."""
Record = Callable[[Mapping[str, str]], object]
"""Keep a judgement; whatever is wrong with it is raised as a `DealmlError`."""

LARGEST = 64 * 1024
"""Bytes of a form; more is refused unread."""
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@dataclass(frozen=True)
class _Desktop:
    show: Show
    record: Record
    port: int
    token: str
    turn: Lock = field(default_factory=Lock)
    """One after the other: a review is not drawn while a judgement is being kept."""

    async def page(self, request: Request) -> Response:
        """The page."""
        if refused := self._refused(request):
            return refused
        return await self._drawn(OverrideForm(self._action))

    async def take(self, request: Request) -> Response:
        """Record a judgement, then show it at its deal; or say at its form why not."""
        if refused := self._refused(request):
            return refused
        form = await _form(request)
        if form is None:
            return _plain("the form is too large, or no form", 413)
        try:
            await run_in_threadpool(self._record, form)
        except DealmlError as error:
            return await self._drawn(self._problem(form, error), 422)
        return RedirectResponse(f"/{self.token}/#{quote(self._anchor(form), safe='%!()*')}", 303, HEADERS)

    async def lost(self, request: Request) -> Response:
        """Every other address."""
        return self._refused(request) or _plain("there is nothing here", 404)

    @property
    def _action(self) -> str:
        return f"/{self.token}/override"

    def _refused(self, request: Request) -> Response | None:
        given = request.url.path.removeprefix("/").partition("/")[0]
        message = refusal(dict(request.headers), self.port, given, self.token, sent=request.method not in ("GET", "HEAD"))
        return _plain(message, 403) if message else None

    def _anchor(self, form: Mapping[str, str]) -> str:
        return anchor(words_of("deal", "win"), form.get("deal", ""))

    def _problem(self, form: Mapping[str, str], error: DealmlError) -> OverrideForm:
        """One line, without the dashes that an option has on the command line."""
        message = " ".join(str(error).removeprefix("--").split())
        values = {name: form[name] for name in FIELDS if form.get(name) and name != "deal"}
        return OverrideForm(self._action, message, form.get("deal", ""), values, self._anchor(form))

    def _record(self, form: Mapping[str, str]) -> None:
        with self.turn:
            self.record(entry_of(form))

    def _render(self, desk: OverrideForm) -> str:
        with self.turn:
            return render(self.show(), desk)

    async def _drawn(self, desk: OverrideForm, status: int = 200) -> Response:
        try:
            return HTMLResponse(await run_in_threadpool(self._render, desk), status, HEADERS)
        except DealmlError as error:
            return _plain(str(error), 500)


def app_of(show: Show, record: Record, port: int, token: str) -> Starlette:
    """The application for one port and secret."""
    desktop = _Desktop(show, record, port, token)
    return Starlette(
        routes=[
            Route("/{token}/", desktop.page, methods=["GET"]),
            Route("/{token}/override", desktop.take, methods=["POST"]),
            Route("/{rest:path}", desktop.lost, methods=["GET", "POST"]),
        ]
    )


async def _form(request: Request) -> dict[str, str] | None:
    """The fields of a form, read no further than it may be long."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/x-www-form-urlencoded":
        return None
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            return None
    try:
        return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=len(FIELDS)))
    except ValueError:
        return None


def _plain(message: str, status: int) -> Response:
    return PlainTextResponse(f"{message}\n", status, HEADERS)
