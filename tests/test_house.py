"""The whole house in one process: real store, real adapters, loopback platforms, bundled news."""

import asyncio
import io
import logging
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot import house, observe, wiring
from bot.chat.terminal import Terminal
from bot.config import Settings
from bot.demo import Site
from bot.model import Source
from tests.servers.slack import SlackServer
from tests.servers.telegram import TelegramServer

OPERATOR = 7


def settings(folder: Path, **more: object) -> Settings:
    fields = {name: field.default for name, field in Settings.model_fields.items()}
    given = {
        "database_url": str(folder / "house.db"),
        "allow_private_networks": ("127.0.0.0/8",),
        "operators": (f"telegram:{OPERATOR}", "slack:T01/U1"),
        **more,
    }
    return Settings.model_construct(**{**fields, **given})


async def until(holds: Callable[[], bool], seconds: float = 20) -> None:
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 - another program changes it
            await asyncio.sleep(0.02)


@asynccontextmanager
async def running(wanted: Settings, port: int | None = None) -> AsyncIterator[list[str]]:
    """The bot, running until the end of the block; what it said to the operator."""
    said: list[str] = []
    fetcher = wiring.own_fetcher(port) if port else None
    stop = asyncio.Event()
    task = asyncio.create_task(house.run(wanted, say=said.append, stop=stop, fetcher=fetcher))
    try:
        yield said
    finally:
        stop.set()
        await asyncio.wait_for(task, 20)


async def test_telegram_from_the_first_source_to_an_answer_with_quotes(tmp_path: Path) -> None:
    async with TelegramServer(clock=wiring.now) as telegram, Site(now=wiring.now()) as site:
        room = telegram.world.private(OPERATOR, lang="en")
        wanted = settings(
            tmp_path,
            telegram_bot_token=_secret(telegram.token),
            telegram_api_base=telegram.url,
            default_langs=("en", "ja"),
        )

        def told(words: str) -> bool:
            return any(words in str(p.get("text")) for p in room.posts)

        async with running(wanted, site.port):
            await telegram.say(OPERATOR, OPERATOR, f"/sources add {site.url}/en/feed.json")
            await until(lambda: told("Added: Silicon"))
            await telegram.say(OPERATOR, OPERATOR, "/subscribe")
            await until(lambda: told("Subscribed") and told("contradicts itself"))
            digest = next(p for p in room.posts if "contradicts itself" in str(p.get("text")))
            await telegram.say(
                OPERATOR,
                OPERATOR,
                "How many tokens was Marlin-2 trained on?",
                reply_to=digest["message_id"],
            )
            await until(lambda: told("The source contradicts itself: 4.8 trillion tokens"))
            await telegram.say(OPERATOR, OPERATOR, "/status")
            await until(lambda: told("Sources: 1, failing: 0"))


async def test_slack_from_the_first_source_to_an_answer_in_the_thread(tmp_path: Path) -> None:
    async with SlackServer(clock=wiring.now) as slack, Site(now=wiring.now()) as site:
        wanted = settings(
            tmp_path,
            slack_bot_token=_secret(slack.bot_token),
            slack_app_token=_secret(slack.app_token),
            slack_api_base=slack.url,
            access="open",
        )
        slack.world.channel("C1")
        room = slack.world.rooms["C1"]

        def told(words: str) -> bool:
            return any(words in f"{p.get('text')} {p.get('blocks')}" for p in room.posts)

        async with running(wanted, site.port):
            await until(lambda: slack.sockets.opened > 0)
            await slack.command("C1", "U1", f"sources add {site.url}/en/feed.json")
            await until(lambda: told("追加しました：Silicon"))
            await slack.command("C1", "U1", "subscribe")
            await until(lambda: told("登録しました") and told("contradicts itself"))
            root = next(p for p in room.posts if "contradicts itself" in f"{p.get('blocks')}")
            await slack.say(
                "C1", "U1", "How many tokens was Marlin-2 trained on?", thread=root["ts"]
            )
            await until(lambda: told("The source contradicts itself: 4.8 trillion tokens"))
            answer = next(
                p for p in room.posts if "The source contradicts itself: 4.8" in str(p.get("text"))
            )
            assert answer["thread_ts"] == root["ts"]


async def test_a_new_chat_is_admitted_by_the_operator_and_claims_work_once(tmp_path: Path) -> None:
    async with TelegramServer(clock=wiring.now) as telegram:
        mine, theirs = telegram.world.private(OPERATOR), telegram.world.private(8)
        wanted = settings(
            tmp_path,
            operators=(),
            telegram_bot_token=_secret(telegram.token),
            telegram_api_base=telegram.url,
        )
        async with running(wanted) as said:
            await until(lambda: any("/claim " in line for line in said))
            code = re.search(r"/claim (\w+)", "\n".join(said))
            assert code is not None
            await telegram.say(OPERATOR, OPERATOR, "/claim wrong")
            await until(lambda: any("not valid" in str(p.get("text")) for p in mine.posts))
            await telegram.say(OPERATOR, OPERATOR, f"/claim {code[1]}")
            await until(
                lambda: any("You are the operator" in str(p.get("text")) for p in mine.posts)
            )
            await telegram.say(8, 8, "/subscribe")
            await until(lambda: any("not admitted yet" in str(p.get("text")) for p in theirs.posts))
            await until(lambda: any("reply_markup" in p for p in mine.posts))
            request = next(p for p in mine.posts if p.get("reply_markup"))
            await telegram.press(OPERATOR, request["message_id"], "Admit", OPERATOR)
            await until(lambda: any("Admitted" in str(p.get("text")) for p in mine.posts))
            await telegram.say(8, 8, "/subscribe")
            await until(lambda: any("Subscribed" in str(p.get("text")) for p in theirs.posts))
            await telegram.say(8, 8, f"/claim {code[1]}")
            await until(lambda: any("not valid" in str(p.get("text")) for p in theirs.posts))


async def test_the_terminal_is_the_chat_where_no_token_is_set(tmp_path: Path) -> None:
    typed = io.StringIO("/help\n/sources\n/nonsense\nwhat now?\n")
    shown = io.StringIO()
    stop = asyncio.Event()
    chat = Terminal(typed, shown, lang="en", clock=wiring.now, on_end=stop.set)
    await house.run(
        settings(tmp_path, default_langs=("en", "ja")),
        say=lambda _line: None,
        stop=stop,
        chats={"terminal": chat},
    )
    assert "/subscribe" in shown.getvalue()
    assert "No sources yet" in shown.getvalue()
    assert "I do not know /nonsense" in shown.getvalue()
    assert "There is no digest here" in shown.getvalue()


async def test_due_sources_and_subscriptions_are_served_by_the_ticks(tmp_path: Path) -> None:
    shown = io.StringIO()
    async with Site(now=wiring.now()) as site:
        wanted = settings(tmp_path, default_langs=("en", "ja"))
        chats = {"terminal": wiring.screen(shown, "en")}
        async with house.build(wanted, chats=chats, fetcher=wiring.own_fetcher(site.port)) as built:
            source = Source(id="s", url=f"{site.url}/en/feed.json", title="Trade")
            from bot.app import catalogue

            wish = catalogue.Wish(pasted=source.url, like=source)
            await catalogue.add(wish, tools=built.tools)
            assert await built.collect_due() == 0  # it was fetched just now
            assert await built.publish_due() == 0  # nobody subscribed
            outcome = await built.tools.collect(source)
            assert (outcome.error, outcome.new) == (None, 0)


def test_secrets_are_masked_wherever_they_stand() -> None:
    stream = io.StringIO()
    observe.set_up("DEBUG", secrets=["canary-secret-value"], stream=stream)
    log = logging.getLogger("test")
    log.info("POST https://api.telegram.org/bot123456:AAFAKE-TOKEN-AAFAKE-TOKEN/sendMessage")
    log.info("%s and %s", "xoxb-1-2-abc", "sk-proj-abcdefghijkl")
    log.info("postgresql://bot:pass@db/news canary-secret-value")
    try:
        raise ValueError("canary-secret-value in xapp-1-abc")
    except ValueError:
        log.exception("failed", stack_info=True)
    written = stream.getvalue()
    logging.basicConfig(force=True)
    for secret in ("AAFAKE", "xoxb-1", "sk-proj", "pass@", "canary-secret-value", "xapp-1"):
        assert secret not in written
    assert "ValueError" in written


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"slack_bot_token": "xoxb-1"}, "SLACK_BOT_TOKEN needs"),
        ({"prompts_dir": "nowhere"}, "PROMPTS_DIR"),
        ({"telegram_bot_token": "no token"}, "TELEGRAM_BOT_TOKEN"),
    ],
)
async def test_settings_that_cannot_work_stop_the_start_with_one_sentence(
    more: dict[str, str], sentence: str, tmp_path: Path
) -> None:
    from bot.errors import ConfigError

    fields = {k: _secret(v) if k.endswith("token") else v for k, v in more.items()}
    with pytest.raises(ConfigError, match=sentence):
        await house.run(settings(tmp_path, **fields), say=print, stop=asyncio.Event())


def _secret(value: str) -> object:
    from pydantic import SecretStr

    return SecretStr(value)


async def test_health_is_told_over_http_and_slack_may_come_that_way(tmp_path: Path) -> None:
    import aiohttp

    async with SlackServer(clock=wiring.now) as slack:
        wanted = settings(
            tmp_path,
            slack_bot_token=_secret(slack.bot_token),
            slack_signing_secret=_secret(slack.signing_secret),
            slack_api_base=slack.url,
            http_port=_free_port(),
        )
        async with running(wanted), aiohttp.ClientSession() as web:
            url = f"http://127.0.0.1:{wanted.http_port}"
            await until(lambda: bool(slack.made("auth.test")))
            async with web.get(f"{url}/healthz") as answer:
                assert await answer.json() == {"status": "ok"}
            async with web.get(f"{url}/readyz") as answer:
                assert (answer.status, (await answer.json())["status"]) == (200, "ok")
            async with web.post(f"{url}/slack/events", data="{}") as answer:
                assert answer.status == 401


async def test_a_token_that_was_revoked_stops_the_start_with_one_sentence(tmp_path: Path) -> None:
    from bot.errors import ConfigError

    async with TelegramServer(clock=wiring.now) as telegram:
        telegram.revoked = True
        wanted = settings(
            tmp_path,
            telegram_bot_token=_secret(telegram.token),
            telegram_api_base=telegram.url,
        )
        with pytest.raises(ConfigError, match="TELEGRAM_BOT_TOKEN") as refused:
            await house.run(wanted, say=print, stop=asyncio.Event())
        assert telegram.token not in str(refused.value)


async def test_a_platform_that_cannot_be_reached_is_tried_again_until_the_stop(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    wanted = settings(
        tmp_path,
        telegram_bot_token=_secret("123456:canary-telegram-token-0123456789"),
        telegram_api_base=f"http://127.0.0.1:{_free_port()}",
    )
    async with running(wanted):
        await until(lambda: "chat.unreachable platform=telegram" in caplog.text)
    assert "canary-telegram-token" not in caplog.text


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
