"""Which articles and stories a subscription gets, and in which order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot import text
from bot.model import Article, Story, Subscription

HALF_LIFE_HOURS = 12.0  # after which freshness counts half


def select(
    articles: Iterable[Article],
    subscription: Subscription,
    *,
    delivered: Mapping[str, str] | None = None,
) -> tuple[Article, ...]:
    """The articles that the subscription asks for and its channel has not got yet.

    Terms match the folded text (width and case ignored): words of Latin script whole, CJK as they
    stand. `delivered` maps article ids to the content hash that went out: an article comes again
    only when its content changed.
    """
    seen = delivered or {}
    return tuple(
        a for a in articles if seen.get(a.id) != a.content_hash and _wanted(a, subscription)
    )


def _wanted(article: Article, subscription: Subscription) -> bool:
    body = text.fold(article.text)
    if any(has_term(body, term) for term in subscription.exclude):
        return False
    return not subscription.include or any(has_term(body, t) for t in subscription.include)


def has_term(folded: str, term: str) -> bool:
    """Whether a folded text holds a word or phrase; a Latin one not inside a longer word."""
    wanted = text.fold(term)
    at = folded.find(wanted) if wanted else -1
    while at >= 0:
        before, after = folded[at - 1 : at] if at else "", folded[at + len(wanted) :][:1]
        if not (_joins(before, wanted[0]) or _joins(wanted[-1], after)):
            return True
        at = folded.find(wanted, at + 1)
    return False


def _joins(left: str, right: str) -> bool:
    return bool(left and right) and left.isascii() and right.isascii() and (left + right).isalnum()


def rank(
    stories: Iterable[Story], subscription: Subscription, *, now: datetime
) -> tuple[Story, ...]:
    """The best stories first, at most `max_stories`, each with its score (see `reasons`)."""
    scored = [replace(s, score=sum(reasons(s, subscription, now=now).values())) for s in stories]
    scored.sort(key=lambda s: (-s.score, s.id))
    return tuple(scored[: subscription.max_stories])


def reasons(story: Story, subscription: Subscription, *, now: datetime) -> dict[str, float]:
    """The parts of a story's score by name: sources, freshness, figures, conflict, match."""
    newest = max(a.published_at or a.fetched_at for a in story.articles)
    age = max(0.0, (now - newest).total_seconds() / 3600)
    title = text.fold(story.articles[0].title)
    return {
        "sources": 2.0 * (len({a.source_id for a in story.articles}) - 1),
        "freshness": 2.0 * 0.5 ** (age / HALF_LIFE_HOURS),
        "figures": min(2.0, len(_distinct(story)) / 4),
        "conflict": 1.0 if story.conflicts else 0.0,
        "match": 1.0 if any(has_term(title, t) for t in subscription.include) else 0.0,
    }


def _distinct(story: Story) -> Sequence[tuple[object, str]]:
    return sorted({(f.value, f.unit) for f in story.figures}, key=str)
