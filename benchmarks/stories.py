"""Stories and digests without a model: 200 articles, 20 stories."""

import time
from datetime import UTC, datetime, timedelta
from random import Random

from benchmarks.report import line
from bot import digest
from bot.app.collect import figures_of
from bot.model import Article

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
FIRMS = "Norvik Aldane Quillon Tessera Orbean Maruko Veltrix Hanami Corvid Lumina".split()
THINGS = "chips batteries turbines satellites robots servers sensors engines drones cables".split()


def articles(count: int) -> list[Article]:
    """Generated articles: four of each event, whose figures and names they share."""
    chance = Random(1)  # the same articles in every run
    made = []
    for number in range(count):
        event = number // 4
        firm, thing = FIRMS[event % 10], THINGS[event // 10 % 10]
        amount = 1000 + event * 37
        fill = " ".join(
            chance.choices("market plant supply deal order quarter output".split(), k=60)
        )
        body = (
            f"{firm} will ship {amount:,} {thing} for ${event + 3}.{number % 10} million. "
            f"The company said {event + 20}% of them go to Asia. {fill.capitalize()}."
        )
        title = f"{firm} to ship {amount:,} {thing}"
        made.append(
            Article(
                id=f"a{number}",
                source_id=f"s{number % 4}",
                url=f"https://example.org/{number}",
                title=title,
                text=f"{title}\n\n{body}",
                lang="en",
                fetched_at=NOW,
                published_at=NOW - timedelta(minutes=number),
                content_hash=str(number),
            )
        )
    return made


def main() -> None:
    found = articles(200)
    figures = {a.id: figures_of(a) for a in found}
    began = time.perf_counter()
    stories = digest.stories(found, figures=figures)
    items = [digest.extract(s, ("en", "ja")) for s in stories[:20]]
    taken = time.perf_counter() - began
    line(f"20 of {len(stories)} stories from 200 articles", taken, "s", target=2, at_most=True)
    assert items
    many = articles(2000)
    known = {a.id: figures_of(a) for a in many}
    began = time.perf_counter()
    digest.stories(many, figures=known)
    line("2,000 articles into stories", time.perf_counter() - began, "s", target=60, at_most=True)
