"""`digestbot doctor`: one finding per line, with the remedy."""

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from zoneinfo import available_timezones

from bot import store, wiring
from bot.config import Settings
from bot.errors import BotError

LOW_DISK = 500 * 1024 * 1024  # bytes below which a database is about to be in trouble


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    level: Literal["ok", "note", "fault"]
    what: str
    found: str
    remedy: str = ""


async def examine(settings: Settings) -> AsyncIterator[Finding]:
    """Look at everything that the settings name, in the order in which it is needed."""
    yield _prompts(settings)
    yield _zones(settings)
    yield _disk(settings)
    yield await _database(settings)
    async for finding in _platforms(settings):
        yield finding
    yield await _model(settings)


def _prompts(settings: Settings) -> Finding:
    try:
        folder = wiring.prompts_dir(settings)
        wiring.writer(settings, None)
    except (BotError, OSError, ValueError) as error:
        return Finding(
            level="fault", what="prompts", found=str(error), remedy="Unset PROMPTS_DIR or mend it."
        )
    return Finding(level="ok", what="prompts", found=str(folder))


def _zones(settings: Settings) -> Finding:
    count = len(available_timezones())
    if count < 100:
        return Finding(
            level="fault",
            what="time zones",
            found="the zone data is missing",
            remedy="Install the tzdata package.",
        )
    return Finding(
        level="ok", what="time zones", found=f"{count} zones; default {settings.default_timezone}"
    )


def _disk(settings: Settings) -> Finding:
    place = Path(settings.database_url.removeprefix("sqlite:///"))
    folder = place.parent if place.parent.exists() else Path()
    free = shutil.disk_usage(folder).free
    shown = f"{free // 1024**2:,} MB free"
    if free < LOW_DISK:
        return Finding(level="fault", what="disk", found=shown, remedy=f"Make room in {folder}.")
    return Finding(level="ok", what="disk", found=shown)


async def _database(settings: Settings) -> Finding:
    try:
        opened = await store.open(wiring.database(settings))
        health = await opened.check()
        await opened.close()
    except (BotError, OSError) as error:
        return Finding(
            level="fault",
            what="database",
            found=str(error),
            remedy="Check DATABASE_URL; stop another digestbot that uses it.",
        )
    if not health.writable:
        return Finding(
            level="fault",
            what="database",
            found=f"{health.place} takes no writes ({health.error})",
            remedy="Check the rights and the free space of its folder.",
        )
    return Finding(
        level="ok",
        what="database",
        found=f"{health.engine} {health.place}, schema {health.version}",
    )


async def _platforms(settings: Settings) -> AsyncIterator[Finding]:
    try:
        chats = wiring.platforms(settings)
    except BotError as error:
        yield Finding(level="fault", what="chats", found=str(error), remedy="See .env.example.")
        return
    if not chats:
        yield Finding(
            level="note",
            what="chats",
            found="no token is set: `digestbot run` opens the terminal chat",
            remedy="Set TELEGRAM_BOT_TOKEN, or SLACK_BOT_TOKEN and SLACK_APP_TOKEN.",
        )
    for platform, chat in chats.items():
        try:
            yield Finding(level="ok", what=platform, found=await chat.check())
        except BotError as error:
            yield Finding(
                level="fault",
                what=platform,
                found=f"{error} [{error.code}]",
                remedy="Check the token and that this machine reaches the platform (PROXY).",
            )
        await chat.stop()


async def _model(settings: Settings) -> Finding:
    if not settings.openai_api_key.get_secret_value() and not settings.openai_base_url:
        return Finding(
            level="note",
            what="model",
            found="none: digests quote sentences of the sources",
            remedy="Set OPENAI_API_KEY, or OPENAI_BASE_URL for a local endpoint.",
        )
    endpoint = wiring.endpoint(settings)
    try:
        known = await endpoint.models()
    except BotError as error:
        return Finding(
            level="fault",
            what="model",
            found=f"{error} [{error.code}]",
            remedy="Check OPENAI_API_KEY and OPENAI_BASE_URL; digests go out without it.",
        )
    finally:
        await endpoint.close()
    if settings.openai_model not in known:
        shown = ", ".join(known[:5]) or "none"
        return Finding(
            level="fault",
            what="model",
            found=f"{settings.openai_model} is not among the endpoint's models: {shown}",
            remedy="Set OPENAI_MODEL to one of them.",
        )
    return Finding(level="ok", what="model", found=f"{settings.openai_model} at {endpoint.host}")
