"""Who somebody is in a workspace: name, language, whether an administrator."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.model import Author, Lang, Role

FRESH = timedelta(seconds=60)  # an admin who is one no longer keeps the role no longer than this
KNOWN = 2_000  # people remembered

Ask = Callable[[str], Awaitable[dict[str, Any]]]


class People:
    """`users.info`, asked at most once a minute for each person. `ask` gives the user object.

    Source: https://docs.slack.dev/reference/objects/user-object
    """

    def __init__(self, ask: Ask, *, clock: Callable[[], datetime]) -> None:
        self._ask = ask
        self._clock = clock
        self._known: dict[str, tuple[datetime, Author]] = {}

    async def get(self, user_id: str, *, team_id: str) -> Author:
        """The person with name, language and role. People of other organisations, in shared
        channels, are members here whatever they are at home."""
        found = self._known.get(user_id)
        if found and self._clock() - found[0] < FRESH:
            return found[1]
        author = describe(await self._ask(user_id), team_id)
        self._known.pop(user_id, None)
        self._known[user_id] = (self._clock(), author)
        if len(self._known) > KNOWN:
            self._known.pop(next(iter(self._known)))
        return author


def describe(user: dict[str, Any], team_id: str) -> Author:
    profile = user.get("profile") or {}
    names = (profile.get("display_name"), profile.get("real_name"), user.get("name"))
    own = user.get("team_id") == team_id and not user.get("is_stranger")
    rules = own and (user.get("is_admin") or user.get("is_owner") or user.get("is_primary_owner"))
    role: Role = "admin" if rules and not user.get("deleted") else "member"
    return Author(
        id=str(user.get("id", "")),
        name=next(filter(None, names), ""),
        lang=language(user.get("locale")),
        role=role,
    )


def language(locale: object) -> Lang | None:
    """Slack's locale as a language: ja-JP is ja, zh-CN is zh-Hans, zh-TW is zh-Hant.

    Source: https://slack.com/help/articles/215058658 (languages of Slack)
    """
    if not isinstance(locale, str) or not locale:
        return None
    base, _, region = locale.partition("-")
    if base == "zh":
        return "zh-Hant" if region in ("TW", "HK", "MO") else "zh-Hans"
    return base


def merge(inbound: Author, known: Author) -> Author:
    """What is known of a person, with the id as the event gave it."""
    return replace(known, id=inbound.id, name=known.name or inbound.name)
