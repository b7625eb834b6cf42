"""Worker processes: what is slow or deadly to read harms nobody else."""

import asyncio
import resource
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from pathlib import Path
from time import monotonic, thread_time

import pytest

from bot import ingest
from bot.app import collect
from bot.errors import ParseError
from bot.model import Fetched, Source
from bot.workers import MOST_JOBS, Pool
from tests import hostile

SOURCE = Source(id="s", url="https://example.org/feed")
FEED = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>News</title><item><guid>1</guid>
<title>Acme sold 300 robots</title><description>It sold 300 robots.</description></item>
</channel></rss>"""


@pytest.fixture
async def pool() -> AsyncIterator[Pool]:
    """One worker, a minute."""
    made = Pool(workers=1, seconds=60)
    yield made
    made.close()


def fetched(body: bytes, now: datetime, kind: str = "") -> Fetched:
    return Fetched(url=SOURCE.url, status=200, body=body, content_type=kind, fetched_at=now)


def heavy(sentences: int) -> bytes:
    """A feed whose figures take about a second for each ten thousand sentences."""
    item = b"<item><guid>%d</guid><title>t%d</title><description>%s</description></item>"
    story = b"It sold 300 robots for $5 million. " * 400
    items = b"".join(item % (n, n, story) for n in range(max(1, sentences // 400)))
    return FEED.replace(b"<item>", items + b"<item>", 1)


async def until(holds: Callable[[], bool], seconds: float = 5) -> None:
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 - another process changes it
            await asyncio.sleep(0.01)


async def test_a_feed_is_read_in_another_process_with_its_figures(
    pool: Pool, now: datetime
) -> None:
    batch = await pool.run(collect.read, fetched(FEED, now), SOURCE, now)
    assert batch.feed.title == "News"
    assert batch.figures[0][0].value == 300
    assert batch.figures[0][0].quote.article_id == batch.articles[0].id


async def test_a_page_is_read_there_too_and_its_refusal_comes_back_whole(
    pool: Pool, now: datetime
) -> None:
    excerpt = (await pool.run(collect.read, fetched(FEED, now), SOURCE, now)).articles[0]
    story = "<p>" + "It sold 300 robots to farms in four countries this year. " * 4
    html = f"<html><body><article><h1>Robots</h1>{story}</article></body></html>".encode()
    page = fetched(html, now, "text/html")
    whole = await pool.run(collect.read_page, page, excerpt, now)
    assert whole is not None
    article, figures = whole
    assert (article.id, "four countries" in article.text) == (excerpt.id, True)
    assert {f.quote.article_id for f in figures} == {excerpt.id}
    walled = html.replace(b"</article>", b"<p>Subscribe to continue reading.</p></article>")
    with pytest.raises(ingest.PageRefused) as refused:
        await pool.run(collect.read_page, fetched(walled, now, "text/html"), excerpt, now)
    assert refused.value.code == "page.paywall"
    assert refused.value.teaser is not None


async def test_a_bad_feed_raises_what_the_parser_says_and_keeps_its_worker(
    pool: Pool, now: datetime
) -> None:
    before = await pool.run(hostile.rest, 0)
    with pytest.raises(ParseError) as refused:
        await pool.run(collect.read, fetched(b"<html><body>no</body></html>", now), SOURCE, now)
    assert refused.value.code == "parse.not_a_feed"
    assert await pool.run(hostile.rest, 0) == before


async def test_a_worker_that_hangs_is_ended_and_replaced(tmp_path: Path) -> None:
    pool = Pool(workers=1, seconds=2)
    try:
        with pytest.raises(ParseError) as refused:
            await pool.run(hostile.hang, tmp_path / "pid")
        assert refused.value.code == "parse.too_slow"
        stuck = int((tmp_path / "pid").read_text())
        await until(lambda: not hostile.is_alive(stuck))
        assert await pool.run(hostile.rest, 0) != stuck
    finally:
        pool.close()


async def test_a_feed_that_is_truly_slow_is_refused_in_time(now: datetime) -> None:
    pool = Pool(workers=1, seconds=2)
    try:
        begun = monotonic()
        with pytest.raises(ParseError) as refused:
            await pool.run(collect.read, fetched(heavy(60_000), now), SOURCE, now)
        assert refused.value.code == "parse.too_slow"
        assert monotonic() - begun < 4
    finally:
        pool.close()


async def test_one_that_hangs_takes_no_other_work_with_it(tmp_path: Path) -> None:
    pool = Pool(workers=2, seconds=4)
    try:
        await asyncio.gather(pool.run(hostile.rest, 0.2), pool.run(hostile.rest, 0.2))
        stuck = asyncio.create_task(pool.run(hostile.hang, tmp_path / "pid"))
        await until((tmp_path / "pid").exists)
        await asyncio.sleep(2)
        other = asyncio.create_task(pool.run(hostile.rest, 2.5))  # in work when that one is ended
        with pytest.raises(ParseError):
            await stuck
        assert await other > 0
    finally:
        pool.close()


async def test_a_worker_has_so_much_memory_and_no_more(now: datetime) -> None:
    pool = Pool(workers=1, seconds=20, memory=256 * 1024 * 1024)
    try:
        assert await pool.run(hostile.hog, 32 * 1024 * 1024)
        before = await pool.run(hostile.rest, 0)
        with pytest.raises(ParseError) as refused:
            await pool.run(hostile.hog, 512 * 1024 * 1024)
        assert refused.value.code == "parse.too_large"
        await until(lambda: not hostile.is_alive(before))
        assert len((await pool.run(collect.read, fetched(FEED, now), SOURCE, now)).articles) == 1
    finally:
        pool.close()
    assert resource.getrlimit(resource.RLIMIT_AS)[0] == resource.RLIM_INFINITY  # ours has no bound


async def test_a_worker_that_dies_is_replaced(pool: Pool, now: datetime) -> None:
    with pytest.raises(ParseError) as refused:
        await pool.run(hostile.die)
    assert refused.value.code == "parse.too_large"
    assert len((await pool.run(collect.read, fetched(FEED, now), SOURCE, now)).articles) == 1


async def test_a_worker_is_replaced_after_many_jobs(pool: Pool) -> None:
    first = await pool.run(hostile.rest, 0)
    for _ in range(MOST_JOBS - 1):
        assert await pool.run(hostile.rest, 0) == first
    assert await pool.run(hostile.rest, 0) != first
    await until(lambda: not hostile.is_alive(first))


async def test_closing_ends_what_is_under_way(tmp_path: Path) -> None:
    pool = Pool(workers=1, seconds=20)
    job = asyncio.create_task(pool.run(hostile.hang, tmp_path / "pid"))
    await until(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text() != "")
    stuck = int((tmp_path / "pid").read_text())
    pool.close()
    with pytest.raises(ParseError):
        await job
    await until(lambda: not hostile.is_alive(stuck))


async def test_the_loop_stays_free_while_a_worker_reads(pool: Pool, now: datetime) -> None:
    before, ticks = thread_time(), 0
    reading = asyncio.create_task(pool.run(collect.read, fetched(heavy(2_000), now), SOURCE, now))
    while not reading.done():
        await asyncio.sleep(0.01)
        ticks += 1
    await reading
    assert ticks > 10
    assert thread_time() - before < 0.5  # of this thread; the worker takes a second and more
