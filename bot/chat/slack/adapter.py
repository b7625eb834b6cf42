"""The Slack adapter: one workspace by token, Socket Mode or signed HTTP."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.signature import Clock, SignatureVerifier

from bot.chat.base import Handler
from bot.errors import ChannelGone, ChatError, ConfigError
from bot.model import Author, Channel, Inbound, Message, Platform, Role

from . import faults, files, inbound, splitting
from .connection import HEARTBEAT, Connection, quiet
from .inbound import Bot
from .people import People, merge
from .recent import Recent
from .web import PATIENCE, Web, mark

log = logging.getLogger(__name__)

RESPONSE_TIME = timedelta(minutes=30)  # of a response_url: .../handling-user-interaction
EPHEMERAL = "ephemeral"  # the id of a message that only its reader sees: it cannot be edited
DIRECT = "D"  # the first letter of the id of a direct message


class Slack:
    """A Chat for one Slack workspace. Without `app_token` events come over HTTP to `receive`, which
    needs `signing_secret`. `base_url` is another Web API than Slack's own; `patience` is how long
    an answer is waited for, `heartbeat` how often the connection is looked after."""

    def __init__(
        self,
        bot_token: str,
        app_token: str | None = None,
        *,
        base_url: str | None = None,
        proxy: str | None = None,
        clock: Callable[[], datetime],
        signing_secret: str | None = None,
        heartbeat: timedelta = HEARTBEAT,
        patience: timedelta = PATIENCE,
    ) -> None:
        if not (app_token or signing_secret):
            raise ConfigError(
                "Slack needs SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP)",
                code="config.slack_token",
            )
        self._web = Web(bot_token, base_url=base_url, proxy=proxy, patience=patience)
        self._token = bot_token
        self._app_token = app_token
        self._secret = signing_secret or ""
        self._clock = clock
        self._heartbeat = heartbeat
        self._people = People(self._user, clock=clock)
        self._seen = Recent(clock=clock)
        self._posted = Recent(clock=clock)  # own messages: a reply under one is for the bot
        self._responses = Recent(clock=clock, keep=RESPONSE_TIME)  # response_urls by inbound id
        self._threads = Recent(clock=clock)  # roots by delivery key, for `find`
        self._bot: Bot | None = None
        self._app: AsyncApp | None = None
        self._connection: Connection | None = None
        self._handle: Handler | None = None
        self._running: set[asyncio.Task[None]] = set()

    @property
    def platform(self) -> Platform:
        return "slack"

    # --- life ----------------------------------------------------------------------------------

    async def start(self, handle: Handler) -> None:
        """Sign in, connect and give what comes in to `handle`, until `stop`. Raises ConfigError for
        a bad token, ChatError when Slack cannot be reached."""
        self._handle = handle
        self._bot = await self._web.sign_in()
        self._app = self._bolt()
        if self._app_token is None:
            return
        self._connection = Connection(
            self._app, self._app_token, proxy=self._web.proxy, heartbeat=self._heartbeat
        )
        try:
            await self._connection.open()
        except faults.FAILURES as failure:
            raise faults.refused(failure) from None

    async def stop(self) -> None:
        """Hang up, then let what is being handled come to its end."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def check(self) -> str:
        """One line on who the bot is. Raises ConfigError for a bad token, ChatError when Slack
        cannot be reached or the socket is down."""
        self._bot = await self._web.sign_in()
        if self._connection is not None and not await self._connection.alive():
            raise ChatError("the Socket Mode connection is down", code="chat.socket_down")
        return f"Slack: {self._bot.user_id} in workspace {self._bot.team_id}"

    async def receive(self, body: str, headers: Mapping[str, str]) -> tuple[int, str]:
        """Status and body of the answer to a request that Slack sent over HTTP. Anything without a
        valid, recent signature is refused with 401; 503 before `start`.

        Source: https://docs.slack.dev/authentication/verifying-requests-from-slack
        """
        if self._app is None or not self._secret:
            return 503, ""
        if not self._signed(body, headers):
            return 401, ""
        given: dict[str, str | Sequence[str]] = dict(headers)
        answer = await self._app.async_dispatch(AsyncBoltRequest(body=body, headers=given))
        return answer.status, answer.body or ""

    def _signed(self, body: str, headers: Mapping[str, str]) -> bool:
        verifier = SignatureVerifier(self._secret, _Clock(self._clock))
        try:
            return verifier.is_valid_request(body, dict(headers))
        except (ValueError, TypeError):  # a time that is no number, a signature that is not ASCII
            return False

    # --- out -----------------------------------------------------------------------------------

    def parts(self, message: Message) -> tuple[Message, ...]:
        return splitting.parts(message)

    async def send(
        self, channel: Channel, message: Message, *, key: str, reply_to: str | None = None
    ) -> str:
        """Post once and return the message's ts. `key` goes along as metadata, by which `find`
        knows the post. In a thread, `reply_to` is the thread's root whatever it names."""
        thread = channel.thread_id or reply_to
        self._threads.add(key, thread or "")
        try:
            answer = await self._web.write(
                "chat.postMessage",
                message,
                channel=channel.chat_id,
                thread_ts=thread,
                unfurl_links=False,
                unfurl_media=False,
                metadata=mark(key),
            )
        except ChannelGone:
            url = self._responses.within(key)
            if url is None:
                raise
            await self._web.respond(url, message)
            return EPHEMERAL
        self._posted.add(f"{channel.chat_id}:{answer['ts']}")
        return str(answer["ts"])

    async def edit(self, channel: Channel, message_id: str, message: Message) -> None:
        await self._web.write("chat.update", message, channel=channel.chat_id, ts=message_id)

    async def find(
        self, channel: Channel, key: str, since: datetime, *, reply_to: str | None = None
    ) -> str | None:
        """The ts of the message that `send` posted under this key after `since`, None if there is
        none. `reply_to` as it was for `send`; where it is left out, it is remembered for an hour,
        unless the program was started anew."""
        thread = channel.thread_id or reply_to or self._threads.get(key) or None
        return await self._web.find(channel.chat_id, thread, key, since)

    async def role(self, channel: Channel, author_id: str) -> Role:
        """What the workspace says of a person, in a direct message too: sources and languages are
        the whole workspace's."""
        return (await self._known(author_id)).role

    # --- in ------------------------------------------------------------------------------------

    def _bolt(self) -> AsyncApp:
        # Whose token serves a workspace: one for all here. An installation store fits in its place.
        # A function of its own, since Bolt takes the arguments of methods apart wrongly.
        async def authorize(team_id: str | None) -> AuthorizeResult:
            assert self._bot is not None
            return AuthorizeResult(
                enterprise_id=None,
                team_id=team_id,
                bot_token=self._token,
                bot_id=self._bot.bot_id,
                bot_user_id=self._bot.user_id,
            )

        # A middleware that answers by itself, so every payload is acknowledged at once, whatever
        # its kind and however long the handling takes.
        async def take(body: dict[str, Any]) -> BoltResponse:
            task = asyncio.create_task(self._take(body))
            self._running.add(task)
            task.add_done_callback(self._running.discard)
            return BoltResponse(status=200, body="")

        app = AsyncApp(
            client=self._web.client(None),
            logger=quiet(),
            name="digestbot",
            request_verification_enabled=False,  # `receive` does it, by this clock
            authorize=authorize,
            attaching_conversation_kwargs_enabled=False,
        )
        app.middleware(take)
        return app

    async def _take(self, body: dict[str, Any]) -> None:
        """Read, fill in, hand over. What fails here is logged and stops nothing else."""
        try:
            given = self._read(body)
            if given is None or not self._seen.add(given.id):
                return
            if url := body.get("response_url"):
                self._responses.add(given.id, str(url))
            assert self._handle is not None
            await self._handle(await self._filled(given, body))
        except Exception as error:  # noqa: BLE001 - one bad payload must not stop the others
            log.error("slack.inbound_failed error=%s", type(error).__name__)

    def _read(self, body: dict[str, Any]) -> Inbound | None:
        assert self._bot is not None
        now = self._clock()
        match body:
            case {"type": "event_callback", "event": dict() as event}:
                if event.get("type") in inbound.MESSAGES:
                    ours = f"{event.get('channel')}:{event.get('thread_ts')}" in self._posted
                    return inbound.message(event, self._bot, now, ours=ours)
                return inbound.membership(body, self._bot, now)
            case {"command": str()}:
                return inbound.command(body, self._bot, now)
            case {"type": "block_actions"}:
                return inbound.press(body, self._bot, now)
            case {"type": "view_submission"}:
                return inbound.form(body, self._bot, now)
        return None

    async def _filled(self, given: Inbound, body: dict[str, Any]) -> Inbound:
        """With who the author is and the files that came along."""
        author = given.author
        if given.kind != "text" or given.addressed or given.text.startswith("/"):
            # Not for all the talk of a channel: it costs a call.
            author = await self._author(author)
        found = await files.fetch(
            (body.get("event") or {}).get("files") or (),
            token=self._token,
            api=self._web.base_url,
            proxy=self._web.proxy,
        )
        return replace(given, author=author, files=found, kind="file" if found else given.kind)

    async def _author(self, author: Author) -> Author:
        if not author.id:
            return author
        try:
            return merge(author, await self._known(author.id))
        except ChatError as error:  # who cannot be looked up is a member: by default no
            log.warning("slack.user_unknown code=%s", error.code)
            return author

    # --- people --------------------------------------------------------------------------------

    async def _known(self, user_id: str) -> Author:
        if self._bot is None:
            self._bot = await self._web.sign_in()
        return await self._people.get(user_id, team_id=self._bot.team_id)

    async def _user(self, user_id: str) -> dict[str, Any]:
        found = await self._web.read("users.info", user=user_id, include_locale=True)
        user = found.get("user")
        return user if isinstance(user, dict) else {}


class _Clock(Clock):
    """The program's clock for the check of signatures, which are good for five minutes."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock

    def now(self) -> float:
        return self._clock().timestamp()
