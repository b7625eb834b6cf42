"""The client against a loopback endpoint that behaves as badly as real ones do."""

import asyncio
import logging
import traceback
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from bot.errors import BadReply, ModelError
from bot.llm.base import LLM, THINKING_TOKENS, CallFailed
from bot.llm.openai import HOSTED_CONCURRENCY, LOCAL_CONCURRENCY, OpenAICompatible
from bot.llm.retry import Retry
from bot.model import Prompt
from tests.fakes import FakeSleep
from tests.servers.openai import (
    OpenAIServer,
    Step,
    drops,
    fails,
    raw,
    refuses_unless,
    says,
    stalls,
)

SCHEMA = {
    "type": "object",
    "properties": {"a": {"type": "string"}},
    "required": ["a"],
    "additionalProperties": False,
}
PROMPT = Prompt(
    name="summarize v1", version="1", system="Rules.", user="Text.", schema=SCHEMA, max_tokens=50
)
PLAIN = Prompt(name="answer", version="1", system="Rules.", user="Text.", max_tokens=50)
KEY = "sk-very-secret-0123456789"


@pytest.fixture
async def server() -> AsyncIterator[OpenAIServer]:
    async with OpenAIServer() as running:
        yield running


@pytest.fixture
async def llm(server: OpenAIServer) -> AsyncIterator[OpenAICompatible]:
    client = OpenAICompatible(model="small", api_key=KEY, base_url=server.url, timeout=5)
    yield client
    await client.close()


async def failure(llm: LLM, prompt: Prompt = PROMPT) -> ModelError:
    with pytest.raises(ModelError) as caught:
        await llm.complete(prompt)
    return caught.value


async def test_a_reply_comes_with_its_usage(server: OpenAIServer, llm: OpenAICompatible) -> None:
    server.script(says('{"a":"b"}', prompt_tokens=1200, cached=1024, thought_tokens=7))
    reply = await llm.complete(PROMPT)
    assert (reply.text, reply.model) == ('{"a":"b"}', "small")
    assert (reply.usage.input, reply.usage.cached, reply.usage.output) == (1200, 1024, 11)
    (sent,) = server.requests
    assert sent["response_format"]["json_schema"] == {
        "name": "summarize_v1",
        "strict": True,
        "schema": SCHEMA,
    }
    assert [m["role"] for m in sent["messages"]] == ["system", "user"]
    assert server.keys == [KEY]


async def test_a_prompt_without_a_schema_asks_for_plain_text(
    server: OpenAIServer, llm: OpenAICompatible
) -> None:
    server.script(says("```\nok\n```"))
    assert (await llm.complete(PLAIN)).text == "ok"
    assert "response_format" not in server.requests[0]


def _without(*refused: str) -> Any:
    def complaint(body: dict[str, Any]) -> str | None:
        kind = body.get("response_format", {}).get("type")
        return f"response_format {kind} is not supported" if kind in refused else None

    return complaint


@pytest.mark.parametrize(
    ("refused", "kept"),
    [
        (("json_schema",), {"type": "json_object"}),
        (("json_schema", "json_object"), None),
    ],
)
async def test_the_reply_format_steps_down_once_and_is_remembered(
    server: OpenAIServer,
    llm: OpenAICompatible,
    refused: tuple[str, ...],
    kept: dict[str, str] | None,
) -> None:
    server.script(refuses_unless(_without(*refused), says("{}")))
    await llm.complete(PROMPT)
    learning = len(server.requests)
    assert learning == len(refused) + 1
    await llm.complete(PROMPT)
    assert len(server.requests) == learning + 1
    assert server.requests[-1].get("response_format") == kept
    assert '"additionalProperties":false' in server.requests[-1]["messages"][1]["content"]


async def test_the_length_limit_and_the_temperature_are_learned_too(
    server: OpenAIServer, llm: OpenAICompatible
) -> None:
    def complaint(body: dict[str, Any]) -> str | None:
        if "max_tokens" in body:
            return "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."
        return "Unsupported value: 'temperature'" if "temperature" in body else None

    server.script(refuses_unless(complaint, says("{}")))
    await llm.complete(PROMPT)
    await llm.complete(PROMPT)
    assert len(server.requests) == 4
    last = server.requests[-1]
    assert last["max_completion_tokens"] == 50
    assert "max_tokens" not in last
    assert "temperature" not in last
    assert last["response_format"]["type"] == "json_schema"


async def test_a_request_refused_in_every_form_teaches_nothing(
    server: OpenAIServer, llm: OpenAICompatible
) -> None:
    server.script(fails(400, "bad"), fails(400, "bad"), fails(422, "bad"), says("{}"))
    error = await failure(llm)
    assert (error.code, error.transient) == ("model.rejected", False)
    await llm.complete(PROMPT)
    assert server.requests[-1]["response_format"]["type"] == "json_schema"


CASES: list[tuple[Step, str, bool]] = [
    (fails(401), "model.auth", False),
    (fails(403), "model.auth", False),
    (fails(402, "Insufficient Balance"), "model.quota", False),
    (
        fails(429, "You exceeded your current quota", code="insufficient_quota"),
        "model.quota",
        False,
    ),
    (fails(429, "slow down"), "model.rate_limited", True),
    (fails(404, "no route"), "model.not_found", False),
    (fails(400, "The model `x` does not exist"), "model.not_found", False),
    (fails(400, "This model's maximum context length is 4096"), "model.truncated", False),
    (fails(413), "model.truncated", False),
    (fails(400, "x", code="content_filter"), "model.refused", False),
    (fails(408), "model.timeout", True),
    (fails(409), "model.server", True),
    (fails(500), "model.server", True),
    (fails(529, "overloaded"), "model.server", True),
    (fails(418), "model.server", True),
    (raw("boom", status=402, content_type="text/plain"), "model.quota", False),
    (raw('{"error":"insufficient balance"}', status=403), "model.quota", False),
    (raw('["odd"]', status=401), "model.auth", False),
    (raw("<html>sign in</html>", content_type="text/html"), "model.server", True),
    (raw("{half"), "model.server", True),
    (raw('{"error":{"message":"no"}}'), "model.server", True),
    (raw('"text"'), "model.server", True),
    (raw('{"choices":[]}'), "model.blank", True),
    (raw('{"choices":[{"message":null}]}'), "model.blank", True),
    (drops, "model.unreachable", True),
    (says(""), "model.blank", True),
    (says(" \n "), "model.blank", True),
    (says(None), "model.blank", True),
    (says(7), "model.blank", True),
    (says([{"type": "text", "text": 7}, "odd"]), "model.blank", True),
    (says("<think>for ever and ever"), "model.blank", True),
    (says(None, refusal="I can not help with that."), "model.refused", False),
    (says("", finish="content_filter"), "model.refused", False),
    (says('{"a": "cut he', finish="length"), "model.truncated", False),
]


@pytest.mark.parametrize(("step", "code", "transient"), CASES)
async def test_each_failure_has_its_code(
    server: OpenAIServer, llm: OpenAICompatible, step: Step, code: str, transient: bool
) -> None:
    server.script(step)
    error = await failure(llm)
    assert (error.code, error.transient) == (code, transient)
    assert isinstance(error, CallFailed)
    unusable = code in ("model.blank", "model.refused", "model.truncated")
    assert isinstance(error, BadReply) == unusable


async def test_a_stalled_answer_is_a_timeout_that_may_have_cost_money(server: OpenAIServer) -> None:
    server.script(stalls)
    llm = OpenAICompatible(model="small", api_key=KEY, base_url=server.url, timeout=0.2)
    error = await failure(llm)
    await llm.close()
    assert error.code == "model.timeout"
    assert isinstance(error, CallFailed)
    assert error.usage.output == PROMPT.max_tokens


async def test_a_closed_port_is_unreachable_and_costs_nothing(unused_port: int) -> None:
    llm = OpenAICompatible(model="small", base_url=f"http://127.0.0.1:{unused_port}/v1")
    error = await failure(llm)
    await llm.close()
    assert error.code == "model.unreachable"
    assert isinstance(error, CallFailed)
    assert error.usage.input == 0


@pytest.fixture
async def unused_port() -> int:
    async with OpenAIServer() as server:
        return int(server.url.rsplit(":", 1)[1].removesuffix("/v1"))


async def test_a_connection_that_breaks_after_the_request_may_have_cost_money(
    server: OpenAIServer, llm: OpenAICompatible
) -> None:
    server.script(drops)
    error = await failure(llm)
    assert isinstance(error, CallFailed)
    assert error.usage.input > 0
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "3"}, 3.0),
        ({"retry-after-ms": "250"}, 0.25),
        (
            {
                "Retry-After": "Mon, 02 Mar 2026 07:30:20 GMT",
                "Date": "Mon, 02 Mar 2026 07:30:00 GMT",
            },
            20.0,
        ),
        (
            {
                "Retry-After": "Mon, 02 Mar 2026 07:30:00 GMT",
                "Date": "Mon, 02 Mar 2026 07:30:20 GMT",
            },
            0.0,
        ),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "1e999"}, None),
        ({"retry-after-ms": "many"}, None),
        ({}, None),
    ],
)
async def test_the_wait_that_a_provider_asks_for_is_read(
    server: OpenAIServer, llm: OpenAICompatible, headers: dict[str, str], seconds: float | None
) -> None:
    server.script(fails(429, headers=headers))
    error = await failure(llm)
    assert error.retry_after == (None if seconds is None else timedelta(seconds=seconds))


async def test_thinking_that_eats_the_limit_gets_room_and_both_calls_are_counted(
    server: OpenAIServer, llm: OpenAICompatible
) -> None:
    server.script(
        says("", finish="length", prompt_tokens=30, thought_tokens=50),
        says("{}", prompt_tokens=30),
        says("{}", prompt_tokens=30),
    )
    reply = await llm.complete(PROMPT)
    assert reply.usage.input == 60
    await llm.complete(PROMPT)
    assert [r["max_tokens"] for r in server.requests] == [
        50,
        50 + THINKING_TOKENS,
        50 + THINKING_TOKENS,
    ]


async def test_thinking_without_end_is_truncated(
    server: OpenAIServer, llm: OpenAICompatible
) -> None:
    server.script(says("<think>and then", finish="length"))
    error = await failure(llm)
    assert error.code == "model.truncated"
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    "content",
    [
        '<think>{"no": 1}</think>\n{"a":"b"}',
        '<thinking>x</thinking>```json\n{"a":"b"}\n```',
        'well...\n</think>\n\n{"a":"b"}',
        '```\n{"a":"b"}```',
        [{"type": "text", "text": '{"a":'}, {"type": "text", "text": '"b"}'}],
    ],
)
async def test_thinking_and_fences_come_off(
    server: OpenAIServer, llm: OpenAICompatible, content: object
) -> None:
    server.script(says(content))
    assert (await llm.complete(PROMPT)).text == '{"a":"b"}'


async def test_json_in_the_thinking_field_is_found(
    server: OpenAIServer, llm: OpenAICompatible
) -> None:
    server.script(says(None, reasoning_content='{"a":"b"}'), says("", reasoning="I think so"))
    assert (await llm.complete(PROMPT)).text == '{"a":"b"}'
    assert (await failure(llm)).code == "model.blank"


@pytest.mark.parametrize(("text", "seen"), [("word " * 4000, 2048), ("六兆三千億" * 1500, 2048)])
async def test_a_context_cut_in_silence_is_noticed(
    server: OpenAIServer, llm: OpenAICompatible, text: str, seen: int
) -> None:
    long = Prompt(name="s", version="1", system="Rules.", user=text, schema=SCHEMA)
    server.script(says("{}", prompt_tokens=seen), says("{}"))
    assert (await failure(llm, long)).code == "model.truncated"
    assert (await llm.complete(long)).text == "{}"


async def test_missing_usage_is_estimated(server: OpenAIServer, llm: OpenAICompatible) -> None:
    server.script(says("{}", usage=False))
    usage = (await llm.complete(PROMPT)).usage
    assert usage.input > 0
    assert usage.output > 0


async def test_a_base_url_alone_is_a_local_endpoint(server: OpenAIServer) -> None:
    server.script(says("{}"))
    local = OpenAICompatible(model="small", base_url=server.url)
    await asyncio.gather(*(local.complete(PROMPT) for _ in range(8)))
    await local.close()
    assert server.keys[0] == "local"
    assert (local.local, local.concurrency) == (True, LOCAL_CONCURRENCY)
    assert server.peak <= LOCAL_CONCURRENCY
    hosted = OpenAICompatible(model="small", api_key=KEY)
    assert (hosted.local, hosted.concurrency, hosted.host) == (
        False,
        HOSTED_CONCURRENCY,
        "api.openai.com",
    )
    await hosted.close()


async def test_the_operators_own_fields_are_sent(server: OpenAIServer) -> None:
    server.script(says("{}"))
    llm = OpenAICompatible(model="small", base_url=server.url, extra={"x_effort": "low"})
    await llm.complete(PROMPT)
    await llm.close()
    assert server.requests[0]["x_effort"] == "low"


async def test_models_are_listed_for_the_doctor() -> None:
    async with OpenAIServer(models=("zeta", "alpha"), key=KEY) as server:
        llm = OpenAICompatible(model="alpha", api_key=KEY, base_url=server.url)
        wrong = OpenAICompatible(model="alpha", api_key="sk-other", base_url=server.url)
        assert await llm.models() == ["alpha", "zeta"]
        with pytest.raises(ModelError) as caught:
            await wrong.models()
        assert caught.value.code == "model.auth"
        await llm.close()
        await wrong.close()


async def test_the_key_is_in_no_error_and_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with OpenAIServer(key="another") as server:
        llm = OpenAICompatible(model="small", api_key=KEY, base_url=server.url)
        error = await failure(Retry(llm, sleep=FakeSleep()))
        await llm.close()
    shown = "".join(traceback.format_exception(error))
    assert error.code == "model.auth"
    assert KEY not in shown
    assert KEY not in caplog.text
    assert "127.0.0.1" in str(error)


async def test_passing_failures_are_tried_again_after_the_wait_asked_for(
    server: OpenAIServer, llm: OpenAICompatible
) -> None:
    sleep = FakeSleep()
    server.script(fails(429, retry_after="7"), says(" "), says("{}"))
    assert (await Retry(llm, sleep=sleep).complete(PROMPT)).text == "{}"
    assert sleep.waits == [7.0, 2.0]


async def test_a_failure_that_stays_is_raised_after_three_attempts(
    server: OpenAIServer, llm: OpenAICompatible
) -> None:
    server.script(fails(500))
    retrying = Retry(llm, sleep=FakeSleep())
    assert (await failure(retrying)).code == "model.server"
    assert len(server.requests) == 3


@pytest.mark.parametrize("step", [fails(401), fails(429, retry_after="600")])
async def test_a_lasting_failure_and_a_long_wait_are_raised_at_once(
    server: OpenAIServer, llm: OpenAICompatible, step: Step
) -> None:
    server.script(step)
    sleep = FakeSleep()
    retrying = Retry(llm, sleep=sleep)
    error = await failure(retrying)
    await retrying.close()
    assert sleep.waits == []
    assert len(server.requests) == 1
    assert error.retry_after in (None, timedelta(minutes=10))
