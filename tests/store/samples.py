"""Small nouns for the store's tests; keyword arguments change what a test is about."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from bot.model import (
    Article,
    Bullet,
    Channel,
    Delivery,
    Digest,
    DigestItem,
    Figure,
    Message,
    Paragraph,
    Quote,
    Receipt,
    Run,
    Source,
    Story,
    Subscription,
    Workspace,
)
from bot.store import Store

NOW = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
CHAT = Channel(platform="telegram", chat_id="-1001")
TEAM = Channel(platform="slack", chat_id="T1:C1")


def source(number: int = 1, **fields: Any) -> Source:
    return Source(**{"id": f"s{number}", "url": f"https://example.org/{number}"} | fields)


def article(number: int = 1, **fields: Any) -> Article:
    base: dict[str, Any] = {
        "id": f"a{number}",
        "source_id": "s1",
        "url": f"https://example.org/news/{number}",
        "title": f"Title {number}",
        "text": f"Title {number}\nText of number {number}.",
        "lang": "en",
        "fetched_at": NOW + number * MINUTE,
        "content_hash": f"h{number}",
    }
    return Article(**base | fields)


def figure(of: Article, value: str = "6300") -> Figure:
    quote = Quote(article_id=of.id, start=0, end=5, exact=of.text[:5])
    return Figure(id="f1", quote=quote, value=Decimal(value), unit="JPY", qualifier="approx")


def digest(number: int = 1, articles: Sequence[Article] = (), **fields: Any) -> Digest:
    items = tuple(
        DigestItem(
            story=Story(id=f"y{a.id}", articles=(a,), figures=(figure(a),), score=0.5),
            headline={"ja": "見出し", "en": "Headline"},
            bullets=(Bullet(text={"ja": "本文", "en": "Text"}, quotes=(figure(a).quote,)),),
        )
        for a in articles
    )
    base: dict[str, Any] = {
        "id": f"d{number}",
        "subscription_id": "u1",
        "langs": ("ja", "en"),
        "start": NOW,
        "end": NOW + number * MINUTE,
        "items": items,
    }
    return Digest(**base | fields)


def workspace(number: int = 1, **fields: Any) -> Workspace:
    base: dict[str, Any] = {"id": f"w{number}", "platform": "telegram"}
    return Workspace(**base | fields)


def subscription(number: int = 1, **fields: Any) -> Subscription:
    base: dict[str, Any] = {
        "id": f"u{number}",
        "workspace_id": "w1",
        "channel": CHAT,
        "langs": ("ja", "en"),
    }
    return Subscription(**base | fields)


def delivery(number: int = 1, **fields: Any) -> Delivery:
    message = Message(
        summary=f"Message {number}", blocks=(Paragraph(runs=(Run(text="本文", bold=True),)),)
    )
    base: dict[str, Any] = {
        "id": f"m{number}",
        "key": f"k{number}",
        "channel": CHAT,
        "message": message,
        "next_attempt_at": NOW,
    }
    return Delivery(**base | fields)


def receipt(of: Delivery, message_id: str = "17") -> Receipt:
    return Receipt(delivery_id=of.id, message_id=message_id, sent_at=NOW + MINUTE)


def chat(number: int) -> Channel:
    return replace(CHAT, chat_id=str(number))


async def seed(store: Store, *, sources: int = 1, workspaces: int = 1) -> None:
    """Sources s1… and workspaces w1…."""
    async with store.begin() as tx:
        for number in range(1, sources + 1):
            await tx.sources.save(source(number))
        for number in range(1, workspaces + 1):
            await tx.workspaces.save(workspace(number))
