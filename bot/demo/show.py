"""`digestbot demo`: the real pipeline on bundled news, in front of one's eyes.

A loopback web server serves the feeds; everything else is what `digestbot run` does: fetch, parse,
store, figures, stories, digest, delivery to the terminal chat, questions.
"""

import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TextIO

from bot import wiring
from bot.app import catalogue
from bot.config import Settings
from bot.demo import QUESTIONS, Site, sources
from bot.house import House, build
from bot.model import Author, Channel, Inbound, Lang

Progress = Callable[[str], AbstractContextManager[None]]
CHANNEL = Channel(platform="terminal", chat_id="demo")
NEXT = """\
What next
  1. Ask @BotFather on Telegram for a token, or install the Slack app of slack-manifest.yml.
  2. cp .env.example .env && chmod 600 .env    then put the token into it.
  3. make run    and send the bot the /claim code that it prints.
  Without a token, `make run` opens this chat in the terminal.
  A text of your own: .venv/bin/digestbot digest FILE-OR-URL --langs ja,en
"""


async def play(stdout: TextIO, *, langs: tuple[Lang, ...], progress: Progress) -> None:
    """The whole demo, written to `stdout`."""
    with tempfile.TemporaryDirectory(prefix="digestbot-demo-") as folder:
        async with Site(now=wiring.now()) as site:
            settings = _settings(folder, langs)
            screen = wiring.screen(stdout, langs[0])
            fetcher = wiring.own_fetcher(site.port)
            chats = {"terminal": screen}
            async with build(settings, chats=chats, fetcher=fetcher) as built:
                with progress("Reading the bundled feeds"):
                    for source in sources(site.url):
                        wish = catalogue.Wish(pasted=source.url, like=source)
                        await catalogue.add(wish, tools=built.tools)
                await _converse(built, stdout)
    stdout.write("\n" + NEXT)


def _settings(folder: str, langs: tuple[Lang, ...]) -> Settings:
    """Settings of its own: the demo neither reads `.env` nor calls a model."""
    return Settings.model_construct(
        **{name: field.default for name, field in Settings.model_fields.items()}
        | {
            "database_url": str(Path(folder) / "demo.db"),
            "default_langs": langs,
            "access": "open",
        }
    )


async def _converse(built: House, stdout: TextIO) -> None:
    for number, line in enumerate(("/digest", *QUESTIONS)):
        stdout.write(f"\n▶ {line}\n\n")
        await built.handle(
            Inbound(
                id=f"demo:{number}",
                kind="text",
                channel=CHANNEL,
                workspace_id="terminal:demo",
                author=Author(id="you", role="admin"),
                message_id=str(number),
                addressed=True,
                private=True,
                text=line,
                received_at=wiring.now(),
            )
        )
