"""The Slack adapter: one workspace by token, Socket Mode or signed HTTP."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import ChatError, ConfigError, MessageRejected
from bot.model import Channel, Inbound, Message, Role

from . import blocks as kit
from . import faults, files, inbound, splitting
from .connection import HEARTBEAT, Connection, quiet
from .inbound import Bot
from .people import People, merge
from .recent import Recent

log = logging.getLogger(__name__)

API = "https://slack.com/api/"
TIMEOUT = 30  # seconds for one call
EVENT_TYPE = "digest"  # of the metadata that marks a post
SKEW = timedelta(minutes=2)  # between this clock and Slack's, when a post is looked for
PAGE, PAGES = 100, 10  # messages read back at a time, and how often
TEXT_LIMIT = 40_000  # characters of `text`: .../methods/chat.postMessage

Handle = Callable[[Inbound], Awaitable[None]]


class Slack:
    """A Chat for one Slack workspace. Without `app_token` events come over HTTP to `receive`, which
    needs `signing_secret`. `base_url` is another Web API than Slack's own."""

    platform = "slack"

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
    ) -> None:
        if not (app_token or signing_secret):
            raise ConfigError("Slack needs SLACK_APP_TOKEN or SLACK_SIGNING_SECRET")
        self._base_url = base_url or API
        self._token = bot_token
        self._app_token = app_token
        self._secret = signing_secret or ""
        self._proxy = proxy
        self._clock = clock
        self._heartbeat = heartbeat
        self._web = self._client(bot_token)
        self._people = People(self._user, clock=clock)
        self._seen = Recent(clock=clock)
        self._posted = Recent(clock=clock)  # own messages: a reply under one is for the bot
        self._bot: Bot | None = None
        self._app: AsyncApp | None = None
        self._connection: Connection | None = None
        self._handle: Handle | None = None
        self._running: set[asyncio.Task[None]] = set()
        self._rung = 0  # of the ladder: the best that this workspace's Slack takes

    # --- life ----------------------------------------------------------------------------------

    async def start(self, handle: Handle) -> None:
        """Sign in, connect and give what comes in to `handle`, until `stop`. Raises ConfigError for
        a bad token, ChatError when Slack cannot be reached."""
        self._handle = handle
        await self._sign_in()
        self._app = self._bolt()
        if self._app_token is None:
            return
        self._connection = Connection(
            self._app, self._app_token, proxy=self._proxy, heartbeat=self._heartbeat
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
        """One line on the connection. Raises ConfigError for a bad token, ChatError when Slack
        cannot be reached or the socket is down."""
        await self._sign_in()
        if self._connection is not None and not await self._connection.alive():
            raise ChatError("the Socket Mode connection is down", code="chat.socket_down")
        assert self._bot is not None
        return f"Slack: {self._bot.user_id} in {self._bot.team_id}"

    async def receive(self, body: str, headers: Mapping[str, str]) -> tuple[int, str]:
        """Status and body of the answer to a request that Slack sent over HTTP. Anything without a
        valid, recent signature is refused with 401.

        Source: https://docs.slack.dev/authentication/verifying-requests-from-slack
        """
        if self._app is None or not self._secret:
            return 503, ""
        given: dict[str, str | Sequence[str]] = dict(headers)
        answer = await self._app.async_dispatch(AsyncBoltRequest(body=body, headers=given))
        return answer.status, answer.body or ""

    # --- out -----------------------------------------------------------------------------------

    def parts(self, message: Message) -> tuple[Message, ...]:
        return splitting.parts(message)

    async def send(
        self, channel: Channel, message: Message, *, key: str, reply_to: str | None = None
    ) -> str:
        """Post once and return the message's ts. `key` goes along as metadata, by which `find`
        knows the post. In a thread, `reply_to` is the thread's root whatever it names."""
        mark = {"event_type": EVENT_TYPE, "event_payload": {"delivery_id": key}}
        answer = await self._climb(
            "chat.postMessage",
            message,
            channel=channel.chat_id,
            thread_ts=channel.thread_id or reply_to,
            unfurl_links=False,
            unfurl_media=False,
            metadata=mark,
        )
        self._posted.add(f"{channel.chat_id}:{answer['ts']}")
        return str(answer["ts"])

    async def edit(self, channel: Channel, message_id: str, message: Message) -> None:
        await self._climb("chat.update", message, channel=channel.chat_id, ts=message_id)

    async def find(
        self, channel: Channel, key: str, since: datetime, *, reply_to: str | None = None
    ) -> str | None:
        """The ts of the message that `send` posted under this key after `since`, None if there is
        none. `reply_to` as it was for `send`."""
        thread = channel.thread_id or reply_to
        oldest = f"{(since - SKEW).timestamp():.6f}"
        asked: dict[str, Any] = {
            "channel": channel.chat_id,
            "oldest": oldest,
            "include_all_metadata": True,
            "limit": PAGE,
        }
        method = "conversations.replies" if thread else "conversations.history"
        if thread:
            asked["ts"] = thread
        for _ in range(PAGES):
            page = await self._read(method, **asked)
            for post in page.get("messages") or ():
                if _key_of(post) == key:
                    return str(post["ts"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return None
            asked["cursor"] = cursor
        return None

    async def role(self, channel: Channel, user_id: str) -> Role:
        """What the workspace says of a person; in a private chat everyone is admin."""
        if channel.chat_id.startswith("D"):
            return "admin"
        await self._known_bot()
        assert self._bot is not None
        return (await self._people.get(user_id, team_id=self._bot.team_id)).role

    async def _climb(self, method: str, message: Message, **fixed: object) -> dict[str, Any]:
        """Call with the best rendering that Slack takes. A plainer one is tried only where the
        blocks were refused, so nothing can have been posted."""
        refusal: SlackApiError | None = None
        for rung, body in self._renderings(message):
            try:
                answer = await self._web.api_call(
                    method, json={k: v for k, v in {**fixed, **body}.items() if v is not None}
                )
            except faults.FAILURES as failure:
                if isinstance(failure, SlackApiError) and faults.blames_blocks(failure):
                    log.warning("slack.blocks_refused rung=%d %s", rung, faults.details(failure))
                    refusal = failure
                    continue
                raise faults.explain(failure) from None
            if refusal is not None:
                self._learn(refusal, rung)
            assert isinstance(answer.data, dict)
            return answer.data
        raise MessageRejected(f"Slack: {faults.error_of(refusal) if refusal else 'nothing fits'}")

    def _renderings(self, message: Message) -> Iterator[tuple[int, dict[str, Any]]]:
        """Each different rendering with its rung, from the best down; the last is text alone."""
        summary = kit.escape(message.summary)[: kit.SUMMARY]
        last: list[kit.Json] | None = None
        for rung, means in enumerate(kit.LADDER[self._rung :], self._rung):
            made = kit.build(message, means)
            if made != last:
                yield rung, {"text": summary, "blocks": made}
            last = made
        text = kit.escape(kit.plain(message))[:TEXT_LIMIT]
        yield len(kit.LADDER), {"text": text, "mrkdwn": False}

    def _learn(self, refusal: SlackApiError, rung: int) -> None:
        """Begin lower from now on where it was not this message but a kind of block that Slack
        does not know."""
        unknown = any(
            "unsupported type" in line and ("container" in line or "/child_blocks" in line)
            for line in faults.details(refusal)
        )
        if unknown:
            self._rung = min(rung, len(kit.LADDER) - 1)

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

        app = AsyncApp(
            client=self._client(None),
            logger=quiet(),
            name="digestbot",
            signing_secret=self._secret,
            authorize=authorize,
            attaching_conversation_kwargs_enabled=False,
        )

        # A middleware that answers by itself, so every payload is acknowledged at once, whatever
        # its kind and however long the handling takes.
        async def take(body: dict[str, Any]) -> BoltResponse:
            task = asyncio.create_task(self._take(body))
            self._running.add(task)
            task.add_done_callback(self._running.discard)
            return BoltResponse(status=200, body="")

        app.middleware(take)
        return app

    async def _take(self, body: dict[str, Any]) -> None:
        """Read, fill in, hand over. What fails here is logged with its code and goes no further."""
        try:
            given = self._read_in(body)
            if given is None or not self._seen.add(given.id):
                return
            assert self._handle is not None
            await self._handle(await self._filled(given, body))
        except Exception as error:  # noqa: BLE001 - one bad payload must not stop the others
            log.error("slack.inbound_failed error=%s", type(error).__name__)

    def _read_in(self, body: dict[str, Any]) -> Inbound | None:
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
        assert self._bot is not None
        author = given.author
        if author.id:
            try:
                known = await self._people.get(author.id, team_id=self._bot.team_id)
                author = merge(author, known)
            except ChatError as error:  # unknown, so a member: by default no
                log.warning("slack.user_unknown code=%s", error.code)
        if given.private:
            author = replace(author, role="admin")
        sent = (body.get("event") or {}).get("files") or ()
        found = await files.fetch(sent, token=self._token, api=self._base_url, proxy=self._proxy)
        return replace(given, author=author, files=found, kind="file" if found else given.kind)

    # --- calls ---------------------------------------------------------------------------------

    def _client(self, token: str | None) -> AsyncWebClient:
        # retry_handlers: the SDK's default posts again when the connection drops after a post
        client = AsyncWebClient(
            token,
            base_url=self._base_url,
            timeout=TIMEOUT,
            proxy=self._proxy,
            logger=quiet(),
            retry_handlers=[],
        )
        client.proxy = self._proxy  # the SDK would take one from the environment
        return client

    async def _sign_in(self) -> None:
        try:
            found = (await self._web.auth_test()).data
        except faults.FAILURES as failure:
            raise faults.refused(failure) from None
        assert isinstance(found, dict)
        self._bot = Bot(found["team_id"], found["user_id"], found.get("bot_id") or "")

    async def _known_bot(self) -> None:
        if self._bot is None:
            await self._sign_in()

    async def _user(self, user_id: str) -> dict[str, Any]:
        found = await self._read("users.info", user=user_id, include_locale=True)
        user = found.get("user")
        return user if isinstance(user, dict) else {}

    async def _read(self, method: str, **asked: object) -> dict[str, Any]:
        try:
            answer = await self._web.api_call(method, http_verb="GET", params=asked)
        except faults.FAILURES as failure:
            raise faults.asked(failure) from None
        assert isinstance(answer.data, dict)
        return answer.data


def _key_of(post: Mapping[str, Any]) -> str | None:
    mark = post.get("metadata") or {}
    if mark.get("event_type") != EVENT_TYPE:
        return None
    return (mark.get("event_payload") or {}).get("delivery_id")
