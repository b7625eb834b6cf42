"""Worker processes: what is slow or deadly to read harms nobody else."""

import asyncio
from datetime import datetime

import pytest

from bot.errors import ParseError
from bot.model import Fetched, Source
from bot.workers import Pool

SOURCE = Source(id="s", url="https://example.org/feed")
FEED = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>News</title><item><guid>1</guid>
<title>Acme sold 300 robots</title><description>It sold 300 robots.</description></item>
</channel></rss>"""


def fetched(body: bytes, now: datetime) -> Fetched:
    return Fetched(url=SOURCE.url, status=200, body=body, content_type="", fetched_at=now)


async def test_a_feed_is_read_in_another_process_with_its_figures(now: datetime) -> None:
    pool = Pool(workers=1)
    try:
        batch = await pool.read(fetched(FEED, now), SOURCE, now)
    finally:
        pool.close()
    (article,) = batch.articles
    assert batch.title == "News"
    assert batch.figures[article.id][0].value == 300


async def test_what_takes_too_long_is_ended_and_the_next_is_read(now: datetime) -> None:
    pool = Pool(workers=1, seconds=0.001)
    try:
        with pytest.raises(ParseError) as refused:
            await pool.read(fetched(FEED, now), SOURCE, now)
        assert refused.value.code == "parse.too_slow"
        pool._seconds = 20
        batch = await pool.read(fetched(FEED, now), SOURCE, now)
        assert len(batch.articles) == 1
    finally:
        pool.close()


async def test_a_bad_feed_raises_what_the_parser_says(now: datetime) -> None:
    pool = Pool(workers=1)
    try:
        with pytest.raises(ParseError) as refused:
            await pool.read(fetched(b"<html><body>no</body></html>", now), SOURCE, now)
        assert refused.value.code == "parse.not_a_feed"
    finally:
        pool.close()


async def test_the_loop_stays_free_while_a_worker_reads(now: datetime) -> None:
    pool = Pool(workers=1)
    items = b"".join(
        b"<item><guid>%d</guid><title>t%d</title><description>%s</description></item>"
        % (n, n, b"It sold 300 robots for $5 million. " * 40)
        for n in range(300)
    )
    body = FEED.replace(b"<item>", items + b"<item>", 1)
    try:
        reading = asyncio.create_task(pool.read(fetched(body, now), SOURCE, now))
        longest, loop = 0.0, asyncio.get_running_loop()
        while not reading.done():
            before = loop.time()
            await asyncio.sleep(0.005)
            longest = max(longest, loop.time() - before)
        await reading
    finally:
        pool.close()
    assert longest < 0.5
