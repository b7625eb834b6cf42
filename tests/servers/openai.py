"""A loopback server with the two OpenAI endpoints that the product uses, driven by a script.

    async with OpenAIServer() as server:
        server.script(says("{}"), fails(429, retry_after="3"))
        client = OpenAICompatible(model="m", base_url=server.url)

Each request takes the next step of the script (the last one again when the script is used up) and
is checked as the real API checks it: key, JSON body, known fields, roles, the schema's name and
strictness. A request that breaks the protocol fails the test at `__aexit__`.
"""

import asyncio
import json
import re
from collections import deque
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, Self

from aiohttp import web

Step = Callable[["OpenAIServer", web.Request, dict[str, Any]], Awaitable[web.StreamResponse]]

KNOWN = frozenset(
    {"model", "messages", "temperature", "max_tokens", "max_completion_tokens", "response_format"}
)


def says(
    content: object,
    *,
    finish: str = "stop",
    prompt_tokens: int | None = None,
    usage: bool = True,
    cached: int = 0,
    thought_tokens: int = 0,
    **message: object,
) -> Step:
    """An ordinary completion. Prompt tokens default to a plausible count of what was sent."""

    async def step(
        server: "OpenAIServer", request: web.Request, body: dict[str, Any]
    ) -> web.StreamResponse:
        counted = prompt_tokens if prompt_tokens is not None else count(body)
        reply: dict[str, Any] = {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1,
            "model": body["model"],
            "choices": [
                {
                    "index": 0,
                    "finish_reason": finish,
                    "message": {"role": "assistant", "content": content, **message},
                }
            ],
        }
        if usage:
            written = len(str(content)) // 3 + 1 + thought_tokens
            reply["usage"] = {
                "prompt_tokens": counted,
                "completion_tokens": written,
                "total_tokens": counted + written,
                "prompt_tokens_details": {"cached_tokens": cached},
                "completion_tokens_details": {"reasoning_tokens": thought_tokens},
            }
        return web.json_response(reply)

    return step


def fails(
    status: int,
    message: str = "no",
    *,
    code: str | None = None,
    retry_after: str | None = None,
    headers: dict[str, str] | None = None,
) -> Step:
    """An error in the API's own shape."""

    async def step(
        server: "OpenAIServer", request: web.Request, body: dict[str, Any]
    ) -> web.StreamResponse:
        sent = dict(headers or {})
        if retry_after is not None:
            sent["Retry-After"] = retry_after
        error = {"message": message, "type": "error", "code": code, "param": None}
        return web.json_response({"error": error}, status=status, headers=sent)

    return step


def raw(text: str, *, status: int = 200, content_type: str = "application/json") -> Step:
    """Any body at all: an HTML page, half a JSON, an error with status 200."""

    async def step(
        server: "OpenAIServer", request: web.Request, body: dict[str, Any]
    ) -> web.StreamResponse:
        return web.Response(text=text, status=status, content_type=content_type)

    return step


async def drops(
    server: "OpenAIServer", request: web.Request, body: dict[str, Any]
) -> web.StreamResponse:
    """The connection breaks before a byte of the answer."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def stalls(
    server: "OpenAIServer", request: web.Request, body: dict[str, Any]
) -> web.StreamResponse:
    """No answer until the server is closed."""
    await server.closing.wait()
    return web.Response(status=503)


def refuses_unless(accepts: Callable[[dict[str, Any]], str | None], otherwise: Step) -> Step:
    """400 with the complaint that `accepts` returns for the body; the other step when it is
    content (None)."""

    async def step(
        server: "OpenAIServer", request: web.Request, body: dict[str, Any]
    ) -> web.StreamResponse:
        complaint = accepts(body)
        if complaint is not None:
            return await fails(400, complaint)(server, request, body)
        return await otherwise(server, request, body)

    return step


def count(body: dict[str, Any]) -> int:
    """Prompt tokens, roughly as real tokenizers count: 5 Latin characters or 1.4 CJK to one."""
    text = "".join(message["content"] for message in body["messages"])
    cjk = len(re.findall(r"[\u3000-\u9fff\uff00-\uffef]", text))
    return round((len(text) - cjk) / 5 + cjk / 1.4) + 8


class OpenAIServer:
    """See the module. `requests` are the bodies received, `keys` their bearer tokens."""

    def __init__(self, *, key: str | None = None, models: tuple[str, ...] = ("small",)) -> None:
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.faults: list[str] = []
        self.in_flight = 0
        self.peak = 0
        self.closing = asyncio.Event()
        self._key = key
        self._models = models
        self._steps: deque[Step] = deque([says("{}")])
        self._runner: web.AppRunner | None = None
        self.url = ""

    def script(self, *steps: Step) -> None:
        self._steps = deque(steps)

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/v1/chat/completions", self._completions)
        app.router.add_get("/v1/models", self._list)
        self._runner = web.AppRunner(app, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/v1"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.closing.set()
        assert self._runner is not None
        await self._runner.cleanup()
        assert error is not None or not self.faults, self.faults

    async def _completions(self, request: web.Request) -> web.StreamResponse:
        if (refused := self._unknown(request)) is not None:
            return refused
        body = json.loads(await request.read())
        self.faults += faults(body)
        self.requests.append(body)
        step = self._steps.popleft() if len(self._steps) > 1 else self._steps[0]
        self.in_flight += 1
        self.peak = max(self.peak, self.in_flight)
        try:
            await asyncio.sleep(0)
            return await step(self, request, body)
        finally:
            self.in_flight -= 1

    async def _list(self, request: web.Request) -> web.StreamResponse:
        if (refused := self._unknown(request)) is not None:
            return refused
        rows = [
            {"id": name, "object": "model", "created": 1, "owned_by": "test"}
            for name in self._models
        ]
        return web.json_response({"object": "list", "data": rows})

    def _unknown(self, request: web.Request) -> web.Response | None:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        self.keys.append(token)
        if self._key is None or token == self._key:
            return None
        error = {
            "message": f"Incorrect API key provided: {token}.",
            "type": "invalid_request_error",
            "code": "invalid_api_key",
        }
        return web.json_response({"error": error}, status=401)


def faults(body: dict[str, Any]) -> list[str]:
    """What the real API would refuse in a request."""
    found = [f"unknown field {name}" for name in body.keys() - KNOWN if not name.startswith("x_")]
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages:
        return [*found, "messages must be a list that is not empty"]
    found += [
        "a message needs a role and content"
        for message in messages
        if message.get("role") not in ("system", "user") or not message.get("content", "").strip()
    ]
    if {"max_tokens", "max_completion_tokens"} <= body.keys():
        found.append("two length limits")
    form = body.get("response_format")
    if form is None:
        return found
    text = "".join(message["content"] for message in messages)
    if form["type"] == "json_object" and "json" not in text:
        found.append("the word json is not in the prompt")
    if form["type"] == "json_schema":
        spec = form["json_schema"]
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", spec["name"]):
            found.append("bad schema name")
        if spec.get("strict"):
            found += strictness(spec["schema"])
    return found


def strictness(schema: Any) -> list[str]:
    """What OpenAI's strict mode refuses in a schema: an object without additionalProperties false
    or with properties that are not required.

    Source: https://platform.openai.com/docs/guides/structured-outputs#supported-schemas
    """
    found: list[str] = []
    if isinstance(schema, dict):
        if schema.get("type") == "object":
            if schema.get("additionalProperties") is not False:
                found.append("additionalProperties must be false")
            if set(schema.get("required", ())) != set(schema.get("properties", {})):
                found.append("every property must be required")
        for value in schema.values():
            found += strictness(value)
    elif isinstance(schema, list):
        for value in schema:
            found += strictness(value)
    return found
