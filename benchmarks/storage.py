"""How fast the store takes articles and finds them, on SQLite."""

import asyncio
import statistics
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from benchmarks.report import line
from bot import store
from bot.model import Article, Listing, Source

AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
COUNT = 5_000
QUERIES = ("芯片", "関税", "battery plant", "8192", "電池工場")
WORDS = {
    "ja": "電池 工場 芯片 関税 投資 半導体 市場 発表 会社 計画 生産 輸出 価格 上昇".split(),
    "zh-Hans": "芯片 工厂 投资 市场 公司 计划 生产 出口 价格 上涨 下跌 关税 电池 发布".split(),
    "en": "battery plant chips market company plan output exports price tariff deal".split(),
}


def articles() -> list[Article]:
    """Generated articles in three languages, about 600 characters each."""
    chance = Random(3)  # the same in every run
    made = []
    for number in range(COUNT):
        lang = ("ja", "zh-Hans", "en")[number % 3]
        space = " " if lang == "en" else ""
        body = space.join(chance.choices(WORDS[lang], k=100 if lang == "en" else 280))
        made.append(
            Article(
                id=f"a{number}",
                source_id="s",
                url=f"https://example.org/{number}",
                title=f"t{number}",
                text=body,
                lang=lang,
                fetched_at=AT,
            )
        )
    return made


async def measure(folder: Path) -> None:
    opened = await store.open(str(folder / "bench.db"))
    async with opened.begin() as tx:
        await tx.sources.save(Source(id="s", url="https://example.org"))
        await tx.listings.save(Listing(workspace_id=None, source_id="s"))
    made = articles()
    began = time.perf_counter()
    async with opened.begin() as tx:
        for article in made:
            await tx.articles.add(article)
    rate = COUNT / (time.perf_counter() - began)
    line(f"articles into the store, {COUNT:,} in one transaction", rate, "/s", target=300)
    needle = replace(made[0], id="needle", text="一本の針 とても珍しい言葉")
    async with opened.begin() as tx:
        await tx.articles.add(needle)
    took = []
    for query in QUERIES * 20:
        began = time.perf_counter()
        async with opened.read() as tx:
            await tx.articles.search(["s"], query, 10)
        took.append(1000 * (time.perf_counter() - began))
    p95 = statistics.quantiles(took, n=20)[-1]
    line(f"ranked search among {COUNT:,}, p95", p95, "ms", target=50, at_most=True)
    async with opened.read() as tx:
        found = await tx.articles.search(["s"], "針", 10)
    line("planted needle found", float("needle" in [a.id for a in found]), "", target=1)
    await opened.close()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(Path(folder)))
