"""Stories for the tests of summaries, and replies about them."""

import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from bot.digest import glossary
from bot.model import Article, Figure, Lang, Quote, Story
from tests.conftest import NOW

PROMPTS = Path(__file__).parents[2] / "prompts"
TEMPLATE = (PROMPTS / "summarize.md").read_text(encoding="utf-8")
GLOSSARY = glossary.parse((PROMPTS / "glossary.toml").read_text(encoding="utf-8"))

JA = (
    "アップル、新モデルを自社サーバーで学習\n"
    "アップルは月曜日、新しい基盤モデルを8,192枚のチップで学習したと発表した。\n"
    "学習には6.3兆トークンを使い、費用は120億円だった。\n"
    "担当者は350人で、売上高は前年より15%増えた。\n"
    "ティム・クックCEOは「次の段階に進む」と述べた。"
)
EN = (
    "Apple trains its new model on its own servers\n"
    "Apple said on Monday that it had trained a new model on 8,192 chips.\n"
    "The training took 6.3 trillion tokens and cost 12 billion yen.\n"
    "Some 350 people worked on it, and revenue grew 15% from a year ago."
)
JA_FIGURES = (
    ("8,192枚", 8192, "chip"),
    ("6.3兆トークン", 6_300_000_000_000, "token"),
    ("120億円", 12_000_000_000, "JPY"),
    ("350人", 350, "person"),
    ("15%", 15, "%"),
)
EN_FIGURES = (
    ("8,192 chips", 8192, "chip"),
    ("6.3 trillion tokens", 6_300_000_000_000, "token"),
    ("12 billion yen", 12_000_000_000, "JPY"),
    ("350 people", 350, "person"),
    ("15%", 15, "%"),
)


def article(text: str, lang: Lang = "ja", id: str = "a1") -> Article:  # noqa: A002
    return Article(
        id=id,
        source_id="s1",
        url=f"https://news.example/{id}",
        title=text.partition("\n")[0],
        text=text,
        lang=lang,
        fetched_at=NOW,
        published_at=NOW,
        content_hash=id,
    )


def figures(of: Article, rows: Sequence[tuple[str, int, str]]) -> tuple[Figure, ...]:
    found = []
    for number, (exact, value, unit) in enumerate(rows):
        start = of.text.index(exact)
        quote = Quote(article_id=of.id, start=start, end=start + len(exact), exact=exact)
        found.append(Figure(id=f"{of.id}-{number}", quote=quote, value=Decimal(value), unit=unit))
    return tuple(found)


def story(*, english: bool = False) -> Story:
    """S1-S5 in Japanese with F1-F5; with `english`, S6-S9 and F6-F10 of a second source."""
    first = article(JA)
    found = figures(first, JA_FIGURES)
    if not english:
        return Story(id="t1", articles=(first,), figures=found)
    second = article(EN, "en", "a2")
    return Story(id="t2", articles=(first, second), figures=found + figures(second, EN_FIGURES))


GOOD: dict[str, Any] = {
    "headline": {
        "ja": "アップル、新しい基盤モデルを自社サーバーで学習",
        "en": "Apple trains a new model on its own servers",
    },
    "bullets": [
        {
            "sentences": ["S2"],
            "text": {
                "ja": "アップルは月曜日、新しい基盤モデルを{F1}のチップで学習したと発表した。",
                "en": "Apple said on Monday that it trained its new model on {F1}.",
            },
        },
        {
            "sentences": ["S3"],
            "text": {
                "ja": "学習には{F2}を使い、費用は{F3}だった。",
                "en": "The training used {F2} and cost {F3}.",
            },
        },
    ],
    "last": "S5",
}


def reply(**changes: Any) -> str:
    return json.dumps({**GOOD, **changes}, ensure_ascii=False)


def bullet(ja: str, en: str, *sentences: str) -> dict[str, Any]:
    return {"sentences": list(sentences) or ["S2"], "text": {"ja": ja, "en": en}}
