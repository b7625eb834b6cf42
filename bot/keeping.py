"""``digestbot sources``: what the command line does with sources and their catalogue."""

import argparse
import json
import locale
from functools import partial
from zoneinfo import available_timezones

from bot import house, phrases, tasks, wiring
from bot.app import catalogue, collect, look
from bot.app.catalogue import Wish
from bot.app.collect import Read
from bot.app.health import reason
from bot.app.look import Look
from bot.config import Settings
from bot.errors import ConfigError, ParseError, SourceError, UserError
from bot.ingest import opml
from bot.ingest.opml import Listed
from bot.workers import Pool

MOST = 500  # sources of one import
SHOWN = 20  # entries of a source that a terminal shows


async def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Do the action that was parsed; its exit code."""
    if arguments.action == "test":
        return await _test(arguments, settings)
    async with house.build(settings, chats={}) as built:
        if arguments.action == "add":
            await _add(arguments, built)
        elif arguments.action == "import":
            await _import(_list(arguments.file), built)
        elif arguments.action == "export":
            async with built.store.read() as tx:
                own = await catalogue.outlines(tx, None)
            print(opml.write(own, title="digestbot", now=wiring.now()), end="")
        elif arguments.action == "starter":
            await _starter(arguments.topic, built)
        elif arguments.action == "zone":
            await _zone(arguments.which, arguments.zone, built)
        elif arguments.action == "remove":
            source = await catalogue.remove(arguments.which, store=built.store)
            print(f"Removed: {source.title or source.url}.")
        else:
            lines = await catalogue.listing(store=built.store)
            print("\n".join(lines) or "No sources yet. Add one: digestbot sources add URL")
    return 0


async def _add(arguments: argparse.Namespace, built: house.House) -> None:
    wish = Wish(pasted=arguments.url, as_page=arguments.page)
    with tasks.progress(f"Fetching {arguments.url}"):
        try:
            added = await catalogue.add(wish, tools=built.tools)
        except SourceError as error:
            raise catalogue.refused(error, arguments.url) from error
    title = added.source.title or added.source.url
    if added.found is None:
        print(f"It is listed already: {title}.")
        return
    print(f"Added: {title} ({added.outcome.new} articles).")
    if added.found.how != "direct":
        print(f"Its address: {added.source.url}")


async def _zone(which: str, zone: str, built: house.House) -> None:
    if zone not in available_timezones():
        raise ConfigError(f"There is no time zone {zone}. One is, for example, Asia/Tokyo.")
    async with built.store.begin() as tx:
        chosen = catalogue.picked(which, [s for _, s in await tx.listings.of(None)])
        if chosen is None:
            raise UserError("sources.which")
        await catalogue.set_zone(tx, chosen, zone)
    print(f"{chosen.title or chosen.url}: dates without a zone are read in {zone}.")


def _list(file: str) -> Listed:
    try:
        return opml.read(tasks.as_fetched(file).body)
    except ParseError as error:
        why = reason(error.code, "en")
        raise ParseError(f"{file} cannot be imported: {why}.", code=error.code) from error


async def _starter(topic: str, built: house.House) -> None:
    if chosen := catalogue.of_topic(topic):
        await _import(Listed(outlines=tuple(chosen)), built, quiet=True)
        return
    for name, found in catalogue.starter().items():
        print(f"{name}: {', '.join(o.title for o in found)}")
    print("Add them: digestbot sources starter TOPIC, or all.")


async def _import(given: Listed, built: house.House, *, quiet: bool = False) -> None:
    """Add what a list names to the shared catalogue; a line for each address."""
    with tasks.progress(f"Checking {min(len(given.outlines), MOST)} addresses"):
        checked = await catalogue.add_all(
            given, tools=built.tools, workspace_id=None, by="operator", most=MOST, quiet=quiet
        )
    for result in checked.results:
        why = f": {reason(result.code, 'en')}" if result.code else ""
        print(f"{result.state:8} {result.title or '(no title)'}  {result.url}{why}")
    if checked.left:
        print(f"{checked.left} more were left out: at most {MOST} are taken at once.")


async def _test(arguments: argparse.Namespace, settings: Settings) -> int:
    """Look at an address or a file, without any database. Exit code 1 where it is no source."""
    lang = phrases.spoken(locale.getlocale()[0])
    pool = Pool(workers=1)
    try:
        read = partial(pool.run, collect.read)
        seen = await _look(arguments.target, settings, read)
    finally:
        pool.close()
    if arguments.json:
        print(json.dumps(look.data(seen, lang), ensure_ascii=False, indent=2))
    else:
        print(wiring.shown(look.told(seen, lang, shown=SHOWN)))
    return 0 if seen.batch else 1


async def _look(target: str, settings: Settings, read: Read) -> Look:
    if not target.startswith(("http://", "https://")):
        return await look.at_bytes(tasks.as_fetched(target), read=read, now=wiring.now())
    async with wiring.fetching(settings) as fetcher:
        with tasks.progress(f"Fetching {target}"):
            return await look.at_url(target, fetch=fetcher, read=read, now=wiring.now())
