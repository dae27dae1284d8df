"""The routes of the page: what a browser asks, and what it gets."""

from __future__ import annotations

import contextlib
import json
import secrets
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from openai import AsyncOpenAI
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from .account import Attempt
from .answer import Answer, cost_of
from .conversation import Conversation, Refused, Turn, check_question
from .guard import Guard
from .models import Model, allowed_models
from .problems import in_words
from .sessions import Session, Sessions
from .settings import Settings

STATIC = Path(__file__).parent / "static"
NO_KEY = "no-key"
"""What the client holds until a user's key is there. It is never sent with a question."""


class Page:
    """Everything that one running page knows. `origins`: the addresses under which browsers may see it."""

    def __init__(self, settings: Settings, origins: tuple[str, ...]) -> None:
        self.settings, self.origins = settings, origins
        self.sessions = Sessions()
        self.cookie = f"chat_{origins[0].rpartition(':')[2].strip('/')}"  # cookies do not tell ports apart
        # No retries: a user is told at once, and may choose; OpenRouter tries other providers by itself.
        self.client = AsyncOpenAI(base_url=settings.base_url, api_key=settings.api_key or NO_KEY, max_retries=0)
        self._models: dict[str, Model] = {}

    async def models(self) -> dict[str, Model]:
        """The allowed models, asked for once. Raises `Refused`."""
        if not self._models:
            try:
                self._models = await allowed_models(self.client, self.settings.models)
            except Exception as problem:
                raise Refused(f"The list of models did not come. {in_words(problem, users_pay=False)}") from problem
            if not self._models:
                raise Refused("OpenRouter has none of the models of this page. Its owner has to choose others.")
        return self._models

    def session_of(self, request: Request) -> Session:
        """Raises `Refused` for a browser that is not known (any more)."""
        session = self.sessions.find(request.cookies.get(self.cookie))
        if session is None:
            raise Refused("This page is older than the program behind it. Reload it; your text stays here.")
        return session

    def client_of(self, session: Session) -> AsyncOpenAI:
        """The client with the key of whoever pays."""
        return self.client.with_options(api_key=session.key or NO_KEY) if self.settings.users_pay else self.client


def _page(request: Request) -> Page:
    return request.app.state.page


async def show(request: Request) -> Response:
    """GET /: the page, with nothing of anybody's in it, and a session for a browser that has none."""
    page, response = _page(request), FileResponse(STATIC / "page.html")
    if page.sessions.find(request.cookies.get(page.cookie)) is None:
        secure = page.origins[0].startswith("https:")
        # Lax, not strict: the way back from OpenRouter's consent page is a link from another site
        response.set_cookie(page.cookie, page.sessions.begin(), httponly=True, samesite="lax", secure=secure)
    return response


async def conversation(request: Request) -> Response:
    """GET /conversation: what the page shows."""
    page, session = _page(request), _page(request).session_of(request)
    notice, session.notice = session.notice, ""
    try:
        models = [model.shown() for model in (await page.models()).values()]
    except Refused as refused:
        models, notice = [], str(refused)
    return JSONResponse(
        {
            "models": models,
            "turns": [turn.shown() for turn in session.conversation.turns],
            "spent": session.conversation.spent,
            "dollars": page.settings.dollars,
            "chars": page.settings.question_chars,
            "users_pay": page.settings.users_pay,
            "connected": bool(session.key),
            "writing": bool(session.writing and session.writing.writing),
            "notice": notice,
        }
    )


async def ask(request: Request) -> Response:
    """POST /ask {question, model}: the answer as server-sent events."""
    page, session, asked = _page(request), _page(request).session_of(request), await _json(request)
    question = check_question(asked.get("question"), page.settings)
    if page.settings.users_pay and not session.key:
        raise Refused("Connect your OpenRouter account first.")
    model = (await page.models()).get(asked.get("model"))
    if model is None:
        raise Refused("This model is not on the list of this page. Choose another one.")
    if session.writing and session.writing.writing:
        raise Refused("An answer is still being written, perhaps in another window. Stop it, or wait for its end.")
    talk = session.conversation
    messages, left_out = talk.messages_for(question, model, page.settings)
    turn = Turn(question, model.id, talk.reserve(messages, model, page.settings))
    body = {"model": model.id, "messages": messages, "max_tokens": page.settings.answer_tokens}
    answer = Answer(page.client_of(session), body, page.settings.users_pay, lambda over: _keep(talk, turn, over))
    session.writing = answer
    return StreamingResponse(_events(session, talk, turn, answer, left_out), media_type="text/event-stream")


async def _events(
    session: Session, talk: Conversation, turn: Turn, answer: Answer, left_out: int
) -> AsyncIterator[str]:
    """The events of one answer: how much of the conversation it does not see, its pieces, and its end."""
    yield _event("left_out", left_out)
    async with contextlib.aclosing(answer.events()) as events:
        async for name, data in events:
            yield _event(name, data)
    if answer.status == 401:
        session.key = ""  # it is of no more use; the owner's key is not here
    end = {"turn": turn.shown(), "kept": turn in talk.turns, "spent": talk.spent, "connected": bool(session.key)}
    yield _event("end", end)


def _keep(talk: Conversation, turn: Turn, answer: Answer) -> None:
    """Put what was said into the conversation. What ended before its first word is not kept: the page still has the question."""
    turn.answer, turn.note, turn.cost, turn.generation = answer.text, answer.problem, answer.cost, answer.generation
    if turn.answer or (turn.generation and not answer.lost):
        talk.turns.append(turn)


async def stop(request: Request) -> Response:
    """POST /stop: end the answer that is being written. The stream of its events says the rest."""
    session = _page(request).session_of(request)
    if session.writing:
        session.writing.stop()
    return JSONResponse({})


async def settle(request: Request) -> Response:
    """POST /settle: look up what the stopped answers cost. Their usage never came, and OpenRouter knows it a little later."""
    page, session = _page(request), _page(request).session_of(request)
    for turn in session.conversation.turns:
        if turn.cost is None and turn.generation:
            turn.cost = await cost_of(page.client_of(session), turn.generation)
    return await conversation(request)


async def new(request: Request) -> Response:
    """POST /new: forget the conversation."""
    session = _page(request).session_of(request)
    if session.writing:
        session.writing.stop()
    session.conversation = Conversation()
    return await conversation(request)


async def connect(request: Request) -> Response:
    """POST /connect: where the user may allow this page to use an OpenRouter account."""
    page, session = _page(request), _page(request).session_of(request)
    if not page.settings.users_pay:
        raise Refused("The owner of this page pays: there is no account to connect.")
    session.attempt = Attempt()
    back = f"{request.headers['origin']}/callback"  # the guard has checked it; the cookie belongs to this name
    return JSONResponse({"address": session.attempt.address(page.settings.auth_url, back)})


async def callback(request: Request) -> Response:
    """GET /callback?state=…&code=…: the user comes back from OpenRouter. The code leaves the address bar at once."""
    page = _page(request)
    session = page.sessions.find(request.cookies.get(page.cookie))
    if session is None:  # the browser was closed meanwhile, or the program started anew
        return RedirectResponse("/", 303)
    attempt, session.attempt = session.attempt, None  # good for one try
    state, code = request.query_params.get("state", ""), request.query_params.get("code", "")
    if attempt is None or not secrets.compare_digest(state.encode(), attempt.state.encode()):
        session.notice = "This connection was not asked for here, or it was asked for twice. Try to connect again."
    elif not code:
        session.notice = "Your account was not connected: OpenRouter sent no permission. You can try again."
    else:
        session.notice = await _connected(page, session, attempt, code)
    return RedirectResponse("/", 303)


async def _connected(page: Page, session: Session, attempt: Attempt, code: str) -> str:
    """Exchange the code, keep the key; what to tell the user."""
    try:
        session.key = await attempt.exchange(page.client, code)
    except Exception as problem:
        if getattr(problem, "status_code", 0) in (400, 403):
            return "OpenRouter did not take the permission: it is too old or was used before. Try to connect again."
        return f"Your account was not connected. {in_words(problem, True)}"
    return "Your OpenRouter account is connected. It pays for the answers from now on."


async def disconnect(request: Request) -> Response:
    """POST /disconnect: forget the user's key. It stays valid until the user deletes it at OpenRouter."""
    session = _page(request).session_of(request)
    if session.writing:
        session.writing.stop()
    session.key, session.attempt = "", None
    session.notice = (
        "Disconnected: this page has forgotten the key. Delete it at https://openrouter.ai/settings/keys if you like."
    )
    return await conversation(request)


def _event(name: str, data: Any) -> str:
    """One server-sent event."""
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"


async def _json(request: Request) -> dict[str, Any]:
    try:
        value = await request.json()
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise Refused("This is not a question. Reload the page.")
    return value


async def _refused(request: Request, refused: Exception) -> Response:
    return JSONResponse({"words": str(refused)}, 400)


def make_app(settings: Settings, origins: tuple[str, ...]) -> Starlette:
    """The page as an ASGI application."""
    page = Page(settings, origins)

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        page.sessions.stop_all()
        await page.client.close()

    posts = {"/ask": ask, "/stop": stop, "/settle": settle, "/new": new, "/connect": connect, "/disconnect": disconnect}
    app = Starlette(
        routes=[
            Route("/", show),
            Route("/conversation", conversation),
            Route("/callback", callback),
            *(Route(path, handler, methods=["POST"]) for path, handler in posts.items()),
            Mount("/static", StaticFiles(directory=STATIC)),
        ],
        middleware=[Middleware(Guard, origins=lambda: page.origins)],
        exception_handlers={Refused: _refused},
        lifespan=lifespan,
    )
    app.state.page = page
    return app
