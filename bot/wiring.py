"""The roof: names the vendors, owns the clock and chance, and joins everything once.

Nothing below this file knows which platforms, model or database are in use, or what time it is.
"""

import asyncio
import io
import locale
import random
import secrets
import sys
import tomllib
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from bot import phrases, web
from bot.app.commands import TABLE as COMMANDS
from bot.app.publish import Writer
from bot.chat.base import Chat
from bot.config import Settings
from bot.digest import glossary
from bot.errors import ConfigError
from bot.fetcher import Fetcher
from bot.llm.base import LLM
from bot.model import LANGS, Lang, Message, Usage
from bot.store import Store

if TYPE_CHECKING:
    from bot.llm.openai import OpenAICompatible

PROMPT_FILES = ("summarize.md", "answer.md", "glossary.toml", "prices.toml")
USER_AGENT = "digestbot/0.1 (+https://github.com/digestbot/digestbot)"


def now() -> datetime:
    """The clock of the program."""
    return datetime.now(UTC)


# --- prompts -----------------------------------------------------------------------------------


def prompts_dir(settings: Settings) -> Path:
    """Where the prompts are: PROMPTS_DIR, else beside the checkout, else inside the package."""
    here = Path(__file__).parent
    if settings.prompts_dir:
        chosen = Path(settings.prompts_dir)
        missing = [name for name in PROMPT_FILES if not (chosen / name).is_file()]
        if missing:
            raise ConfigError(f"PROMPTS_DIR: there is no {missing[0]} in {chosen}")
        return chosen
    beside = here.parent / "prompts"
    return beside if (beside / "summarize.md").is_file() else here / "_prompts"


def writer(settings: Settings, llm: LLM | None) -> Writer:
    """What writes summaries, with the texts and terms of the prompts directory."""
    folder = prompts_dir(settings)
    return Writer(
        llm=llm,
        template=(folder / "summarize.md").read_text("utf-8"),
        answer_template=(folder / "answer.md").read_text("utf-8"),
        glossary=glossary.parse((folder / "glossary.toml").read_text("utf-8")),
    )


# --- the language model ------------------------------------------------------------------------


def model(settings: Settings, opened: Store) -> LLM | None:
    """The model of the settings with its retries and its budget; None where none is set."""
    if not settings.openai_api_key.get_secret_value() and not settings.openai_base_url:
        return None
    from bot.llm.budget import Budget, Caps, prices
    from bot.llm.retry import Retry

    table = tomllib.loads((prompts_dir(settings) / "prices.toml").read_text("utf-8"))
    caps = Caps(tokens=settings.llm_tokens_per_day, cost=Decimal(str(settings.llm_usd_per_day)))
    purse = Budget(
        endpoint(settings),
        ledger=Ledger(opened),
        caps=caps,
        prices=prices(table),
        clock=now,
    )
    return Retry(purse, sleep=asyncio.sleep)


def endpoint(settings: Settings) -> "OpenAICompatible":
    """The model's endpoint as the settings name it."""
    from bot.llm.openai import OpenAICompatible

    return OpenAICompatible(
        model=settings.openai_model,
        api_key=settings.openai_api_key.get_secret_value() or None,
        base_url=settings.openai_base_url or None,
        proxy=settings.proxy or None,
    )


class Ledger:
    """The budget's book, kept in the store."""

    def __init__(self, opened: Store) -> None:
        self._store = opened

    async def spent(self, since: datetime, owner: str | None = None) -> tuple[int, Decimal]:
        async with self._store.read() as tx:
            return await tx.usage.spent(since, owner)

    async def add(
        self, *, at: datetime, model: str, purpose: str, owner: str | None, usage: Usage
    ) -> None:
        async with self._store.begin() as tx:
            await tx.usage.add(at, model, purpose, owner, usage, True)


# --- platforms ---------------------------------------------------------------------------------


def menu() -> dict[Lang, list[tuple[str, str]]]:
    """The commands with their descriptions in each language, for a platform's own menu."""
    shown = [command.name for command in COMMANDS if not command.hidden]
    return {lang: [(name, phrases.say(lang, f"help.{name}")) for name in shown] for lang in LANGS}


def platforms(settings: Settings) -> dict[str, Chat]:
    """The chats that the settings have tokens for."""
    chats: dict[str, Chat] = {}
    if token := settings.telegram_bot_token.get_secret_value():
        from bot.chat.telegram import Telegram

        chats["telegram"] = Telegram(
            token,
            base_url=settings.telegram_api_base or None,
            proxy=settings.proxy or None,
            clock=now,
            commands=menu(),
        )
    bot_token = settings.slack_bot_token.get_secret_value()
    app_token = settings.slack_app_token.get_secret_value()
    secret = settings.slack_signing_secret.get_secret_value()
    if bot_token and not app_token and not (secret and settings.http_port):
        raise ConfigError(
            "SLACK_BOT_TOKEN needs SLACK_APP_TOKEN beside it (Socket Mode), or "
            "SLACK_SIGNING_SECRET and HTTP_PORT (signed HTTP)."
        )
    if bot_token:
        from bot.chat.slack import Slack

        chats["slack"] = Slack(
            bot_token,
            app_token or None,
            signing_secret=secret or None,
            base_url=settings.slack_api_base or None,
            proxy=settings.proxy or None,
            clock=now,
        )
    return chats


def database(settings: Settings) -> str:
    """The database's address; the folder of a SQLite file is made when it is not there."""
    url = settings.database_url
    path = url.removeprefix("sqlite:///")
    if "://" not in path:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    return url


def claim_code() -> str:
    """A code that cannot be guessed in its fifteen minutes."""
    return secrets.token_hex(4)


def signed(settings: Settings, chats: Mapping[str, Chat]) -> web.Receive | None:
    """What takes Slack's signed requests, where that is how Slack is connected."""
    chat = chats.get("slack")
    if chat is None:
        return None
    from bot.chat.slack import Slack

    by_http = bool(settings.slack_signing_secret.get_secret_value())
    by_http = by_http and not settings.slack_app_token.get_secret_value()
    return chat.receive if by_http and isinstance(chat, Slack) else None


# --- database, chance, terminal ----------------------------------------------------------------


def chance() -> float:
    """A number in 0..1, for jitter."""
    return random.random()


def screen(stdout: TextIO, lang: Lang) -> Chat:
    """A terminal chat that only shows: nobody types."""
    from bot.chat.terminal import Terminal

    return Terminal(io.StringIO(), stdout, lang=lang, color=stdout.isatty(), clock=now)


def terminal(settings: Settings, on_end: Callable[[], None]) -> Chat:
    """The chat of the terminal that the bot was started in; the end of its input stops the bot."""
    from bot.chat.terminal import Terminal

    return Terminal(
        sys.stdin,
        sys.stdout,
        lang=phrases.spoken(locale.getlocale()[0]),
        color=sys.stdout.isatty(),
        clock=now,
        on_end=on_end,
    )


# --- one-off commands --------------------------------------------------------------------------


def plain_model(settings: Settings) -> LLM | None:
    """The model without the store's budget, for one command that a person waits for."""
    if not settings.openai_api_key.get_secret_value() and not settings.openai_base_url:
        return None
    from bot.llm.retry import Retry

    return Retry(endpoint(settings), sleep=asyncio.sleep)


def fetcher(settings: Settings) -> Fetcher:
    """The fetcher of feeds and pages: polite, and to public addresses unless told otherwise."""
    return Fetcher(clock=now, user_agent=USER_AGENT, allow_private=settings.private_networks)


def own_fetcher(port: int) -> Fetcher:
    """A fetcher for a server of our own on the loopback address, which needs no politeness."""
    return Fetcher(
        clock=now,
        user_agent=USER_AGENT,
        allow_private=("127.0.0.0/8",),
        allow_ports=(port,),
        spacing=timedelta(0),
    )


@asynccontextmanager
async def fetching(settings: Settings) -> AsyncIterator[Fetcher]:
    """A fetcher for one command."""
    opened = fetcher(settings)
    try:
        yield opened
    finally:
        await opened.close()


def shown(message: Message, *, width: int = 80) -> str:
    """A message as the terminal shows it."""
    from bot.chat.terminal import render

    return render(message, width=width, color=sys.stdout.isatty())
