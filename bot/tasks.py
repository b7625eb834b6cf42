"""What each command of the command line does."""

import argparse
import asyncio
import json
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from bot import config, house, observe, wiring
from bot.app.publish import Writer
from bot.errors import ConfigError, FetchError, ParseError
from bot.model import Answer, Article, Fetched, Figure, Lang, Message, Question
from bot.workers import Pool

NARROWEST, WIDEST = 40, 100  # columns of a table: a phone, and what an eye follows
NOTHING = "There is nothing to read in it."


def run(arguments: argparse.Namespace) -> int:
    """Do the command that was parsed; its exit code."""
    settings = config.load()
    level = "DEBUG" if arguments.debug else settings.log_level
    if arguments.command != "run" and not arguments.debug:
        level = "ERROR"  # a one-off command says what it has to say itself
    observe.set_up(level, secrets=settings.secrets)
    task = {
        "run": _run,
        "demo": _demo,
        "digest": _digest,
        "ask": _ask,
        "sources": _sources,
        "subscriptions": _subscriptions,
        "migrate": _migrate,
        "doctor": _doctor,
    }.get(arguments.command)
    if task is None:
        return _figures(arguments)
    return asyncio.run(task(arguments, settings))


def say(line: str) -> None:
    """A line for the person at the terminal, beside the command's own output."""
    sys.stderr.write(line + "\n")


# --- run and demo ------------------------------------------------------------------------------


async def _run(arguments: argparse.Namespace, settings: config.Settings) -> int:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await house.run(settings, say=say, stop=stop)
    return 0


async def _demo(arguments: argparse.Namespace, settings: config.Settings) -> int:
    from bot.demo import show

    await show.play(sys.stdout, langs=arguments.langs or ("ja", "en"), progress=progress)
    return 0


# --- one document ------------------------------------------------------------------------------


async def _digest(arguments: argparse.Namespace, settings: config.Settings) -> int:
    from bot.app import export, oneoff

    langs: tuple[Lang, ...] = arguments.langs or settings.default_langs
    with progress("Reading"):
        articles = await _articles(arguments.target, settings)
        async with _writer(settings) as writer:
            made = await oneoff.written(
                articles, langs, writer=writer, now=wiring.now(), stories=arguments.stories
            )
    if arguments.json:
        print(json.dumps(export.data(made), ensure_ascii=False, indent=2))
    else:
        print(wiring.shown(oneoff.message(made, arguments.target)))
    return 0


async def _ask(arguments: argparse.Namespace, settings: config.Settings) -> int:
    from bot import phrases, text
    from bot.app import answer, oneoff

    articles = await _articles(arguments.target, settings)
    lang = phrases.spoken(arguments.lang or text.detect(arguments.question, "en"))
    at = wiring.now()
    made = oneoff.compose(articles, (lang,), now=at, stories=len(articles))
    question = Question(
        id="q", thread_id="", author_id="", text=arguments.question, lang=lang, asked_at=at
    )
    async with _writer(settings) as writer:
        given: Answer = await answer.respond(question, made, writer=writer)
    reply: Message = answer.reply(given, answer.matter(made), {})
    print(wiring.shown(reply))
    return 0


@asynccontextmanager
async def _writer(settings: config.Settings) -> AsyncIterator[Writer]:
    """The writer of the settings, with a model where one is set."""
    llm = wiring.plain_model(settings)
    try:
        yield wiring.writer(settings, llm)
    finally:
        if llm is not None:
            await llm.close()


async def _articles(target: str, settings: config.Settings) -> tuple[Article, ...]:
    from bot.app import oneoff

    if target.startswith(("http://", "https://")):
        async with wiring.fetching(settings) as fetcher:
            pool = Pool(workers=1)
            try:
                return await oneoff.read_url(target, fetch=fetcher, work=pool.run, now=wiring.now())
            except FetchError as error:
                raise FetchError(f"{target} cannot be fetched: {error}", code=error.code) from error
            finally:
                pool.close()
    fetched = as_fetched(target)
    if not fetched.body.strip():
        raise ParseError(f"{_named(target)}: {NOTHING}", code="parse.empty")
    try:
        return oneoff.read_bytes(fetched, wiring.now())
    except ParseError as error:
        raise ParseError(f"{_named(target)} cannot be read: {error}", code=error.code) from error
    except UnicodeDecodeError as error:
        raise ParseError(f"{_named(target)} is not UTF-8 text.", code="parse.encoding") from error


def as_fetched(target: str) -> Fetched:
    """A file, or with - standard input, as if it had been fetched."""
    return Fetched(
        url="" if target == "-" else Path(target).name,
        status=200,
        body=_bytes(target),
        content_type="",
        fetched_at=wiring.now(),
    )


def _named(target: str) -> str:
    return "Standard input" if target == "-" else target


def _bytes(target: str) -> bytes:
    if target == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(target).read_bytes()
    except FileNotFoundError as error:
        raise ConfigError(f"There is no file {target}. Give a file, a URL, or - .") from error
    except OSError as error:
        raise ConfigError(f"{target} cannot be read: {error.strerror}.") from error


# --- figures -----------------------------------------------------------------------------------


def _figures(arguments: argparse.Namespace) -> int:
    if arguments.jsonl:
        for line in _lines(arguments.file):
            print(json.dumps(_record(line), ensure_ascii=False))
        return 0
    body = _bytes(arguments.file).decode("utf-8", errors="replace")
    from bot import figures as numbers
    from bot import text

    lang = arguments.lang or text.detect(body)
    found = numbers.find(body, lang)
    if not found:
        say("No figures in this text.")
        return 0
    print(_table(found, body, arguments.to))
    return 0


def _lines(name: str) -> Iterator[dict[str, str]]:
    for number, raw in enumerate(_bytes(name).split(b"\n"), 1):
        if not raw.strip():
            continue
        try:
            record = json.loads(raw.decode("utf-8-sig"))
            if not isinstance(record["text"], str):
                raise TypeError("its text is no string")
            yield {"id": record["id"], "text": record["text"], "lang": record.get("lang")}
        except (ValueError, KeyError, TypeError) as error:
            raise ConfigError(
                f'Line {number} is not a record {{"id", "lang"?, "text"}}: {error}'
            ) from error


def _record(line: dict[str, str]) -> dict[str, object]:
    from bot import figures as numbers

    found = numbers.find(line["text"], line["lang"])
    return {"id": line["id"], "figures": [numbers.record(f) for f in found]}


def _table(found: Sequence[Figure], body: str, lang: Lang) -> str:
    """Figures for a person: value and unit, what each is about, where it stands; then what
    contradicts itself. As wide as the terminal, within reason."""
    from bot import figures as numbers
    from bot import phrases
    from bot.digest import wording
    from bot.model import Note, Run, Table

    rows = tuple((numbers.say(f, lang), wording.label(f), _around(body, f)) for f in found)
    header = tuple(phrases.say(lang, "figures.table").split("|"))
    disputed = numbers.conflicts(found, texts={"": body})
    notes = (Note(kind="warning", runs=(Run(text=wording.explain(c, lang)),)) for c in disputed)
    message = Message(summary="", blocks=(Table(caption="", header=header, rows=rows), *notes))
    width = shutil.get_terminal_size().columns
    return wiring.shown(message, width=min(max(width, NARROWEST), WIDEST))


def _around(body: str, figure: Figure) -> str:
    start, end = max(0, figure.quote.start - 12), figure.quote.end + 12
    return " ".join(body[start:end].split())


# --- keeping -----------------------------------------------------------------------------------


async def _sources(arguments: argparse.Namespace, settings: config.Settings) -> int:
    from bot import keeping

    return await keeping.run(arguments, settings)


async def _subscriptions(arguments: argparse.Namespace, settings: config.Settings) -> int:
    async with house.build(settings, chats={}) as built, built.store.read() as tx:
        found = await tx.subscriptions.all()
        for subscription in found:
            coming = await tx.subscriptions.next_run(subscription.id)
            when = (
                "paused" if subscription.paused or coming is None else f"{coming:%Y-%m-%d %H:%MZ}"
            )
            times = ",".join(f"{slot:%H:%M}" for slot in subscription.times)
            langs = "+".join(subscription.langs)
            print(f"{subscription.channel}  {langs}  {times} {subscription.timezone}  next: {when}")
    if not found:
        print("No subscriptions yet. A chat makes one with /subscribe.")
    return 0


async def _migrate(arguments: argparse.Namespace, settings: config.Settings) -> int:
    from bot import store

    before, after = await store.migrate(wiring.database(settings))
    print(
        f"The database is at {after}" + ("." if before == after else f" (was: {before or 'new'}).")
    )
    return 0


async def _doctor(arguments: argparse.Namespace, settings: config.Settings) -> int:
    from bot import doctor

    healthy = True
    async for finding in doctor.examine(settings):
        mark = {"ok": "✓", "note": "·", "fault": "✗"}[finding.level]
        print(f"{mark} {finding.what}: {finding.found}")
        if finding.remedy:
            print(f"    → {finding.remedy}")
        healthy = healthy and finding.level != "fault"
    return 0 if healthy else 1


@contextmanager
def progress(what: str) -> Iterator[None]:
    """A spinner on standard error while something takes its time, if that is a terminal."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(what + " …"):
        yield
