"""Calls of Slack's Web API: each once, with the best rendering that Slack takes."""

import logging
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import MessageRejected
from bot.model import Message

from . import blocks as kit
from . import faults
from .connection import quiet
from .inbound import Bot

log = logging.getLogger(__name__)

API = "https://slack.com/api/"
PATIENCE = timedelta(seconds=30)  # for one call
EVENT_TYPE = "digest"  # of the metadata that marks a post
SKEW = timedelta(minutes=2)  # between this clock and Slack's, when a post is looked for
PAGE, PAGES = 100, 10  # messages read back at a time, and how often
TEXT = 40_000  # characters of `text`: .../methods/chat.postMessage
ONCE = 1  # rendering tried at a response_url before text alone: it takes five answers in all


class Web:
    """The Web API with one token."""

    def __init__(
        self, token: str, *, base_url: str | None, proxy: str | None, patience: timedelta = PATIENCE
    ) -> None:
        self.base_url = base_url or API
        self.proxy = proxy
        self._patience = patience.total_seconds()
        self._client = self.client(token)
        self._rung = 0  # of the ladder: the best that this workspace's Slack takes

    def client(self, token: str | None) -> AsyncWebClient:
        # retry_handlers: the SDK's default posts again when the connection drops after a post
        made = AsyncWebClient(
            token,
            base_url=self.base_url,
            timeout=self._patience,  # type: ignore[arg-type] # aiohttp takes parts of seconds
            proxy=self.proxy,
            logger=quiet(),
            retry_handlers=[],
        )
        made.proxy = self.proxy  # the SDK would take one from the environment
        return made

    async def sign_in(self) -> Bot:
        """Who the bot is. Raises ConfigError for a bad token, ChatError when there is no answer."""
        try:
            found = (await self._client.auth_test()).data
        except faults.FAILURES as failure:
            raise faults.refused(failure) from None
        assert isinstance(found, dict)
        return Bot(found["team_id"], found["user_id"], found.get("bot_id") or "")

    async def write(self, method: str, message: Message, **fixed: object) -> dict[str, Any]:
        """Call a method that shows a message. A plainer rendering is tried only where the blocks
        were refused, so nothing can have been posted."""
        refusal = ""
        for rung, body in self._renderings(message):
            given = {key: value for key, value in {**fixed, **body}.items() if value is not None}
            try:
                answer = (await self._client.api_call(method, json=given)).data
            except faults.FAILURES as failure:
                if not (isinstance(failure, SlackApiError) and faults.blames_blocks(failure)):
                    raise faults.explain(failure) from None
                refusal = faults.error_of(failure)
                lines = faults.details(failure)
                log.warning("slack.blocks_refused rung=%d error=%s lines=%s", rung, refusal, lines)
                self._learn(lines, rung)
                continue
            assert isinstance(answer, dict)
            return answer
        raise MessageRejected(f"Slack: {refusal}")

    async def read(self, method: str, **asked: object) -> dict[str, Any]:
        """Call a method that changes nothing. Raises ChatError, never Uncertain."""
        try:
            answer = (await self._client.api_call(method, http_verb="GET", params=asked)).data
        except faults.FAILURES as failure:
            raise faults.asked(failure) from None
        assert isinstance(answer, dict)
        return answer

    async def find(self, chat: str, thread: str | None, key: str, since: datetime) -> str | None:
        """The ts of the post that bears a key, looked for in a channel or in one of its threads."""
        asked: dict[str, Any] = {
            "channel": chat,
            "oldest": f"{(since - SKEW).timestamp():.6f}",
            "include_all_metadata": True,
            "limit": PAGE,
        }
        if thread is not None:
            asked["ts"] = thread
        method = "conversations.replies" if thread else "conversations.history"
        for _ in range(PAGES):
            page = await self.read(method, **asked)
            for post in page.get("messages") or ():
                if _key_of(post) == key:
                    return str(post["ts"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                break
            asked["cursor"] = cursor
        return None

    async def respond(self, url: str, message: Message) -> None:
        """Answer a command at its response_url, seen by its author alone: the only way into a
        conversation that the bot is not in.

        Source: https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
        """
        bodies = [body for _, body in self._renderings(message)]
        timeout = aiohttp.ClientTimeout(total=self._patience)
        try:
            async with aiohttp.ClientSession(timeout=timeout) as session:
                for body in (*bodies[:ONCE], bodies[-1]):
                    given = {"response_type": "ephemeral", **body}
                    async with session.post(url, json=given, proxy=self.proxy) as answer:
                        if answer.status == 200:
                            return
        except (aiohttp.ClientError, OSError) as failure:
            raise faults.explain(failure) from None
        raise MessageRejected("Slack: the response_url takes no answer")

    def _renderings(self, message: Message) -> Iterator[tuple[int, dict[str, Any]]]:
        """Each different rendering with its rung, from the best down; the last is text alone."""
        summary = kit.escape(message.summary)[: kit.SUMMARY]
        last: list[kit.Json] | None = None
        for rung, means in enumerate(kit.LADDER[self._rung :], self._rung):
            made = kit.build(message, means)
            if made != last:
                yield rung, {"text": summary, "blocks": made}
            last = made
        yield len(kit.LADDER), {"text": kit.escape(kit.plain(message))[:TEXT], "mrkdwn": False}

    def _learn(self, lines: list[str], rung: int) -> None:
        """Begin lower from now on where it was not this message but a kind of block that Slack
        does not know (yet, or in a container)."""
        unknown = any(
            line.startswith("unsupported type") and ("container" in line or "/child_blocks" in line)
            for line in lines
        )
        if unknown:
            self._rung = max(self._rung, min(rung + 1, len(kit.LADDER) - 1))


def mark(key: str) -> dict[str, Any]:
    """The metadata by which a post is found again.

    Source: https://docs.slack.dev/messaging/message-metadata
    """
    return {"event_type": EVENT_TYPE, "event_payload": {"delivery_id": key}}


def _key_of(post: Mapping[str, Any]) -> str | None:
    found = post.get("metadata") or {}
    if found.get("event_type") != EVENT_TYPE:
        return None
    key = (found.get("event_payload") or {}).get("delivery_id")
    return key if isinstance(key, str) else None
