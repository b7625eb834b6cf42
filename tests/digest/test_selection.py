"""Which articles and stories a reader gets, and in which order."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.digest.selection import has_term, rank, reasons, select
from bot.model import Conflict, Story
from bot.text import fold
from tests.conftest import NOW
from tests.digest.golden import subscription
from tests.digest.samples import EN, EN_FIGURES, JA, article, figures

ANY = subscription("en", "ja")


@pytest.mark.parametrize(
    ("body", "term", "found"),
    [
        ("New AI chips", "ai", True),
        ("He said so", "ai", False),
        ("AI", "AI", True),
        ("(AI)", "ai", True),
        ("AIs", "ai", False),
        ("said AI again", "ai", True),
        ("GPT-4 is here", "gpt-4", True),
        ("GPT-45 is here", "gpt-4", False),
        ("ＡＩチップ", "AI", True),
        ("生成AIの半導体", "AI", True),
        ("半導体メーカー", "半導体", True),
        ("ｱｯﾌﾟﾙが発表", "アップル", True),
        ("苹果公司", "苹果", True),
        ("the central bank of Japan", "central bank", True),
        ("anything", "", False),
        ("", "ai", False),
    ],
)
def test_a_term_is_found_whole_in_latin_and_anywhere_in_cjk(
    body: str, term: str, found: bool
) -> None:
    assert has_term(fold(body), term) is found


@pytest.mark.parametrize(
    ("include", "exclude", "chosen"),
    [
        ((), (), ["ja", "en"]),
        (("アップル",), (), ["ja"]),
        (("APPLE", "nothing"), (), ["en"]),
        ((), ("ティム・クック",), ["en"]),
        (("8,192",), ("revenue",), ["ja"]),
        (("nothing",), (), []),
    ],
)
def test_a_reader_gets_what_they_asked_for_and_not_what_they_ruled_out(
    include: tuple[str, ...], exclude: tuple[str, ...], chosen: list[str]
) -> None:
    both = (article(JA, "ja", "a1"), article(EN, "en", "a2"))
    wanted = replace(ANY, include=include, exclude=exclude)
    assert [a.lang for a in select(both, wanted)] == chosen


def test_an_article_comes_again_only_when_its_content_changed() -> None:
    one = article(EN, "en", "a1")
    assert select([one], ANY, delivered={"a1": one.content_hash}) == ()
    assert select([one], ANY, delivered={"a1": "another"}) == (one,)
    assert select([one], ANY, delivered={"a2": one.content_hash}) == (one,)


def story(name: str, *, hours: float = 0, sources: int = 1, **more: object) -> Story:
    when = NOW - timedelta(hours=hours)
    articles = tuple(
        replace(article(EN, "en", f"{name}{n}"), source_id=f"s{n}", published_at=when)
        for n in range(sources)
    )
    return Story(id=name, articles=articles, **more)  # type: ignore[arg-type]


def test_each_reason_for_a_story_adds_to_its_score() -> None:
    found = figures(article(EN, "en", "x0"), EN_FIGURES)
    plain = reasons(story("x", hours=12), ANY, now=NOW)
    assert plain == {"sources": 0, "freshness": 1.0, "figures": 0, "conflict": 0, "match": 0}
    conflict = Conflict(kind="scale", figures=found[:2], ratio=found[0].value)
    rich = story("x", sources=3, figures=found + found, conflicts=(conflict,))
    wanted = replace(ANY, include=("apple",))
    assert reasons(rich, wanted, now=NOW) == {
        "sources": 4.0,
        "freshness": 2.0,
        "figures": 1.25,
        "conflict": 1.0,
        "match": 1.0,
    }
    future = story("x", hours=-5)
    assert reasons(future, ANY, now=NOW)["freshness"] == 2.0, "no bonus for a date to come"


def test_the_best_stories_come_first_and_no_more_than_asked_for() -> None:
    told = [story("old", hours=30), story("wide", sources=3), story("new")]
    best = rank(told, replace(ANY, max_stories=2), now=NOW)
    assert [s.id for s in best] == ["wide", "new"]
    assert best[0].score > best[1].score > 0
    equal = [story("b"), story("a")]
    assert [s.id for s in rank(equal, ANY, now=NOW)] == ["a", "b"]
    assert rank([], ANY, now=NOW) == ()
