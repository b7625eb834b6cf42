"""Chat completions of any OpenAI-compatible endpoint: OpenAI, Azure (its v1 address), DeepSeek,
Qwen, Ollama, vLLM and their like. Nothing here knows a provider by name: what an endpoint takes is
learned from its refusals and remembered for the life of the object.

Reference: https://platform.openai.com/docs/api-reference/chat/create
"""

import asyncio
import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from bot.llm.base import THINKING_TOKENS, CallFailed, Unusable, add, estimate, fits
from bot.model import Prompt, Reply, Usage

if TYPE_CHECKING:
    import httpx2
    from openai import AsyncOpenAI, OpenAIError

OFFICIAL: Final = "https://api.openai.com/v1"
LOCAL_KEY: Final = "local"  # servers without accounts want some key in the header all the same
HOSTED_SECONDS: Final = 60.0  # for one whole answer
LOCAL_SECONDS: Final = 300.0  # a model on one's own machine loads first and writes slowly
CONNECT_SECONDS: Final = 5.0
HOSTED_CONCURRENCY: Final = 8
LOCAL_CONCURRENCY: Final = 2
MOST_MODELS: Final = 500  # ids that `models` lists

_FORMATS: Final = ("json_schema", "json_object", "text")
_LIMITS: Final = ("max_tokens", "max_completion_tokens")
_TOO_LONG = re.compile(r"context.?(length|window|size)|too (long|many tokens)|exceeds? .*context")
_FILTERED = re.compile(r"content.?(filter|management|policy)|safety")
_NO_MONEY = re.compile(r"insufficient.?(quota|balance|funds)|billing|arrear|exceeded your.*quota")
_NO_MODEL = re.compile(r"model\b.*(not (found|exist)|does ?n.t exist)|no such model|unknown model")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Dialect:
    """What an endpoint and model take: the strictest reply format (by rank in json_schema,
    json_object, plain text), the name of the length limit, whether a temperature may be set, and
    the tokens that thinking takes from that limit."""

    format: int = 0
    limit: int = 0
    temperature: bool = True
    headroom: int = 0

    def after(self, complaint: str) -> "Dialect | None":
        """The next form of a request to try after a 400; None when there is none left."""
        if self.temperature and "temperature" in complaint:
            return replace(self, temperature=False)
        if self.limit == 0 and "max_completion_tokens" in complaint:
            return replace(self, limit=1)
        if self.format + 1 < len(_FORMATS):
            return replace(self, format=self.format + 1)
        return None


class OpenAICompatible:
    """One model of one endpoint. A base URL without a key is a local endpoint: it gets a
    placeholder key, a longer time limit and fewer calls at a time.

    `timeout` is in seconds for one whole answer. `proxy` is a URL; the environment is not read.
    Retrying is not done here: see `bot.llm.retry`.
    """

    def __init__(
        self,
        *,
        model: str,
        api_key: str | None = None,
        base_url: str | None = None,
        timeout: float | None = None,
        concurrency: int | None = None,
        proxy: str | None = None,
        extra: Mapping[str, object] | None = None,
    ) -> None:
        self.local = base_url is not None and not api_key
        self.concurrency = concurrency or (LOCAL_CONCURRENCY if self.local else HOSTED_CONCURRENCY)
        self._model = model
        self._key = api_key or LOCAL_KEY
        self._base_url = base_url or OFFICIAL
        self._timeout = timeout or (LOCAL_SECONDS if self.local else HOSTED_SECONDS)
        self._proxy = proxy
        self._extra = dict(extra or {})  # further fields of the request body, set by the operator
        self._slots = asyncio.Semaphore(self.concurrency)
        self._door = asyncio.Lock()
        self._client: AsyncOpenAI | None = None
        self._dialect = Dialect()

    @property
    def name(self) -> str:
        return self._model

    @property
    def host(self) -> str:
        """Host and port of the endpoint: all of its address that messages and logs show."""
        parts = urlsplit(self._base_url)
        return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)

    async def complete(self, prompt: Prompt) -> Reply:
        """One reply, in as many requests as it takes to learn what the endpoint understands:
        refused forms cost nothing, and the form that worked is kept. Raises CallFailed."""
        async with self._slots:
            client = await self._connected()
            dialect, spent = self._dialect, Usage()
            while True:
                try:
                    reply = await self._ask(client, prompt, dialect)
                except _Refused as refused:
                    following = dialect.after(refused.complaint)
                    if following is None:
                        raise CallFailed(str(refused), code="model.rejected") from None
                    dialect = following
                except _ThoughtTooLong as thought:
                    if dialect.headroom:
                        raise self._unusable("model.truncated", thought.usage) from None
                    dialect = replace(dialect, headroom=THINKING_TOKENS)
                    spent = thought.usage
                else:
                    self._learn(dialect)
                    return replace(reply, usage=add(spent, reply.usage))

    async def models(self) -> list[str]:
        """Ids of the models that the endpoint offers, sorted. Raises CallFailed."""
        client = await self._connected()
        from openai import OpenAIError

        try:
            async with asyncio.timeout(self._timeout):
                page = await client.models.list()
        except (OpenAIError, TimeoutError, ValueError) as error:
            raise self._failure(error, Usage()) from None
        rows = getattr(page, "data", None) or []
        return sorted(str(row.id) for row in rows if hasattr(row, "id"))[:MOST_MODELS]

    async def close(self) -> None:
        if self._client is not None:
            await self._client.close()
            self._client = None

    # --- asking --------------------------------------------------------------------------------

    async def _connected(self) -> "AsyncOpenAI":
        async with self._door:
            if self._client is None:
                # Importing the client library takes a second: not on the event loop.
                self._client = await asyncio.to_thread(self._connect)
            return self._client

    def _connect(self) -> "AsyncOpenAI":
        import httpx2
        from openai import AsyncOpenAI

        timeout = httpx2.Timeout(self._timeout, connect=CONNECT_SECONDS)
        return AsyncOpenAI(
            api_key=self._key,
            base_url=self._base_url,
            timeout=timeout,
            max_retries=0,
            http_client=httpx2.AsyncClient(timeout=timeout, proxy=self._proxy, trust_env=False),
        )

    async def _ask(self, client: "AsyncOpenAI", prompt: Prompt, dialect: Dialect) -> Reply:
        from openai import OpenAIError

        request = self._request(prompt, dialect)
        asked = "\n".join(message["content"] for message in request["messages"])
        presumed = Usage(input=estimate(asked), output=prompt.max_tokens + dialect.headroom)
        try:
            async with asyncio.timeout(self._timeout):
                completion = await client.chat.completions.create(**request)
        except (OpenAIError, TimeoutError, ValueError) as error:
            raise self._failure(error, presumed) from None
        return self._read(completion, asked, json_wanted=prompt.schema is not None)

    def _request(self, prompt: Prompt, dialect: Dialect) -> dict[str, Any]:
        user, form = prompt.user, _FORMATS[dialect.format]
        request: dict[str, Any] = {
            "model": self._model,
            _LIMITS[dialect.limit]: prompt.max_tokens + dialect.headroom,
        }
        if dialect.temperature:
            request["temperature"] = 0
        if prompt.schema is not None and form == "json_schema":
            schema = {"name": _identifier(prompt.name), "strict": True, "schema": prompt.schema}
            request["response_format"] = {"type": "json_schema", "json_schema": schema}
        elif prompt.schema is not None:
            # The word json and the schema have to stand in the prompt where no field takes them.
            schema_text = json.dumps(prompt.schema, ensure_ascii=False, separators=(",", ":"))
            user += f"\n\nReply with one json object and nothing else. Its schema: {schema_text}"
            if form == "json_object":
                request["response_format"] = {"type": "json_object"}
        request["messages"] = [
            {"role": "system", "content": prompt.system},
            {"role": "user", "content": user},
        ]
        if self._extra:
            request["extra_body"] = self._extra
        return request

    def _learn(self, dialect: Dialect) -> None:
        if dialect != self._dialect:
            self._dialect = dialect
            log.info(
                "model.dialect host=%s model=%s format=%s limit=%s temperature=%s thinks=%s",
                self.host,
                self._model,
                _FORMATS[dialect.format],
                _LIMITS[dialect.limit],
                dialect.temperature,
                dialect.headroom > 0,
            )

    # --- reading -------------------------------------------------------------------------------

    def _read(self, completion: object, asked: str, *, json_wanted: bool) -> Reply:
        choices = getattr(completion, "choices", None)
        if not isinstance(choices, list):  # a proxy's page, or an error sent with status 200
            raise CallFailed(f"{self.host} did not answer as an API", code="model.server")
        choice = choices[0] if choices else None
        message = getattr(choice, "message", None)
        text = _said(message, json_wanted=json_wanted)
        usage = _usage(getattr(completion, "usage", None), asked, text)
        finish = getattr(choice, "finish_reason", None)
        if finish == "length":
            if not text:
                raise _ThoughtTooLong(usage)
            raise self._unusable("model.truncated", usage)
        if finish == "content_filter" or getattr(message, "refusal", None):
            raise self._unusable("model.refused", usage)
        if not text:
            raise self._unusable("model.blank", usage)
        if not fits(asked, usage.input):
            raise self._unusable("model.truncated", usage)
        return Reply(text=text, model=self._model, usage=usage)

    def _unusable(self, code: str, usage: Usage) -> Unusable:
        reason = code.removeprefix("model.")
        return Unusable(f"{reason} reply of {self._model} at {self.host}", code=code, usage=usage)

    def _failure(self, error: "OpenAIError | TimeoutError | ValueError", asked: Usage) -> Exception:
        """The error in our own words: those of the provider may quote the key or the prompt."""
        import httpx2
        from openai import APIConnectionError, APIStatusError, APITimeoutError

        if isinstance(error, APIStatusError):
            return self._status_failure(error)
        cause = error.__cause__
        if isinstance(error, APITimeoutError | TimeoutError):
            unsent = isinstance(cause, httpx2.ConnectTimeout | httpx2.PoolTimeout)
            spent = Usage() if unsent else asked
            code = "model.unreachable" if unsent else "model.timeout"
            return CallFailed(f"{self.host} took too long", code=code, usage=spent)
        if isinstance(error, APIConnectionError):
            spent = Usage() if isinstance(cause, httpx2.ConnectError) else asked
            return CallFailed(f"no answer from {self.host}", code="model.unreachable", usage=spent)
        return CallFailed(f"{self.host} did not answer as an API", code="model.server", usage=asked)

    def _status_failure(self, error: "Any") -> Exception:
        status, complaint = error.status_code, _complaint(error.body)
        code = _code_for(status, complaint)
        text = f"HTTP {status} from {self.host}"
        if code is None:
            return _Refused(text, complaint)
        kind = Unusable if code in ("model.truncated", "model.refused") else CallFailed
        return kind(text, code=code, retry_after=_retry_after(error.response.headers))


class _Refused(Exception):
    """A 400 that another form of the request may avoid; `complaint` decides which."""

    def __init__(self, message: str, complaint: str) -> None:
        super().__init__(message)
        self.complaint = complaint


class _ThoughtTooLong(Exception):
    """The limit was reached before the first word of the reply: the model was thinking."""

    def __init__(self, usage: Usage) -> None:
        super().__init__()
        self.usage = usage


def _code_for(status: int, complaint: str) -> str | None:
    """The code of an HTTP error, None for a request that was not understood.

    >>> _code_for(429, "insufficient_quota"), _code_for(429, ""), _code_for(400, "response_format")
    ('model.quota', 'model.rate_limited', None)
    """
    if status == 402 or (status in (403, 429) and _NO_MONEY.search(complaint)):
        return "model.quota"
    if status in (400, 413, 422) and _TOO_LONG.search(complaint):
        return "model.truncated"
    if status in (400, 403, 422) and _FILTERED.search(complaint):
        return "model.refused"
    if status in (400, 404, 422) and _NO_MODEL.search(complaint):
        return "model.not_found"
    if status in (400, 415, 422):
        return None
    known = {401: "auth", 403: "auth", 404: "not_found", 405: "not_found", 408: "timeout"}
    known |= {413: "truncated", 429: "rate_limited"}
    return f"model.{known.get(status, 'server' if status >= 409 else 'rejected')}"


def _complaint(body: object) -> str:
    """What an error body says, in lower case: message, code, type and parameter."""
    if not isinstance(body, Mapping):
        return str(body or "").lower()
    inner = body.get("error", body)
    fields = inner if isinstance(inner, Mapping) else {"message": inner}
    return " ".join(str(value) for value in fields.values() if value).lower()


def _retry_after(headers: "httpx2.Headers") -> timedelta | None:
    """The wait that a provider asks for (RFC 9110, section 10.2.3: seconds or a date, which is
    read against the answer's own Date so that no clock of ours is needed)."""
    try:
        if "retry-after-ms" in headers:
            return timedelta(milliseconds=max(0.0, float(headers["retry-after-ms"])))
        value = headers.get("retry-after", "")
        if re.fullmatch(r"\d{1,7}(\.\d+)?", value):
            return timedelta(seconds=float(value))
        wait = parsedate_to_datetime(value) - parsedate_to_datetime(headers.get("date", ""))
        return max(wait, timedelta(0))
    except (ValueError, TypeError, OverflowError):
        return None


def _usage(usage: object, asked: str, text: str) -> Usage:
    """Usage as billed, with estimates for what an endpoint does not report. Reasoning tokens are
    part of the output that it counts."""
    asked_for = _whole(getattr(usage, "prompt_tokens", None))
    written = _whole(getattr(usage, "completion_tokens", None))
    details = getattr(usage, "prompt_tokens_details", None)
    cached = _whole(getattr(details, "cached_tokens", None))
    if cached is None:  # DeepSeek's name for it
        cached = _whole(getattr(usage, "prompt_cache_hit_tokens", None))
    total = estimate(asked) if asked_for is None else asked_for
    return Usage(
        input=total,
        output=estimate(text) if written is None else written,
        cached=min(cached or 0, total),
    )


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and value > 0 else None


def _said(message: object, *, json_wanted: bool) -> str:
    """The text of a reply: parts joined, thinking and fences off. Where the content is blank and
    the thinking field holds the JSON (servers that split them wrongly), that."""
    content = getattr(message, "content", None)
    if isinstance(content, list):
        parts = [part.get("text") for part in content if isinstance(part, Mapping)]
        content = "".join(part for part in parts if isinstance(part, str))
    text = plain(content) if isinstance(content, str) else ""
    for field in ("reasoning_content", "reasoning"):
        thought = getattr(message, field, None)
        if not text and json_wanted and isinstance(thought, str):
            text = plain(thought) if plain(thought).startswith("{") else ""
    return text


def plain(text: str) -> str:
    """A reply without the thinking in front of it and the code fence around it.

    >>> plain("<think>hm {1}</think>\\n```json\\n{}\\n```"), plain("so...</think>{}"), plain(" ")
    ('{}', '{}', '')
    """
    text = text.strip()
    if text.startswith(("<think>", "<thinking>")):
        _, found, rest = re.sub(r"</thinking>", "</think>", text).partition("</think>")
        text = rest.strip() if found else ""
    elif not text.startswith(("{", "`", "[")) and "</think>" in text:
        text = text.rpartition("</think>")[2].strip()
    fenced = re.fullmatch(r"```[a-zA-Z]*\s*\n(.*?)\n?\s*```", text, re.DOTALL)
    return fenced[1].strip() if fenced else text


def _identifier(name: str) -> str:
    """A name that the schema field takes: letters, digits, _ and -, at most 64."""
    return re.sub(r"[^A-Za-z0-9_-]", "_", name)[:64] or "reply"
