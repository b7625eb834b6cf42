"""Articles of one event come together, across sources and languages, and no others."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import figures as numbers
from bot import text
from bot.digest import stories
from bot.model import LANGS, Article, Lang
from tests.conftest import NOW
from tests.digest.golden import bundled
from tests.digest.samples import EN, GLOSSARY, JA, article

FACTS = json.loads((Path(__file__).parents[1] / "cases" / "demo_facts.json").read_text("utf-8"))


def grouped(articles: Sequence[Article], **more: Any) -> list[list[str]]:
    """The ids of the articles of each story, sorted."""
    figures = {a.id: numbers.find(a.text, a.lang, article_id=a.id) for a in articles}
    found = stories(articles, figures=figures, aliases=GLOSSARY.aliases, **more)
    return sorted(sorted(a.id for a in story.articles) for story in found)


def news(**bodies: str) -> list[Article]:
    return [article(body, text.detect(body), name) for name, body in bodies.items()]


FILLER = {
    f"x{n}": f"The {thing} of {place}\nThe {thing} in {place} will open in {n + 13} weeks, it said."
    for n, (thing, place) in enumerate(
        [("museum", "Lyon"), ("harbour", "Oslo"), ("theatre", "Quito"), ("stadium", "Perth")]
    )
}


def together(found: list[list[str]], *names: str) -> bool:
    return any(set(names) <= set(group) for group in found)


def test_no_articles_are_no_stories() -> None:
    assert stories([], figures={}) == ()


def test_two_languages_meet_by_figures_and_known_names() -> None:
    found = grouped(news(ja=JA, en=EN, **FILLER))
    assert together(found, "ja", "en")
    assert len(found) == 1 + len(FILLER)


def test_a_repost_with_another_ending_is_the_same_text() -> None:
    body = EN.replace("8,192 chips", "many chips")
    found = grouped(news(one=body, two=body + " It is a repost.", **FILLER))
    assert together(found, "one", "two")


def test_two_quarters_of_one_company_are_two_stories() -> None:
    found = grouped(
        news(
            q2="Nvidia revenue doubles\nNvidia posted second-quarter revenue of $30.04 billion, up "
            "122%, and expects $32.5 billion.",
            q3="Nvidia revenue rises\nNvidia posted third-quarter revenue of $35.08 billion, up "
            "94%, against the $32.5 billion it had expected.",
            ja="エヌビディア増収\n米エヌビディアの第2四半期の売上高は300億4000万ドルと122％増えた。",
            span="エヌビディアの決算\nエヌビディアの5〜7月期の売上高は300億4000万ドルだった。",
            **FILLER,
        )
    )
    assert not together(found, "q2", "q3")
    assert together(found, "q2", "ja")


def test_small_everyday_numbers_bring_nothing_together() -> None:
    found = grouped(
        news(
            one="Cats in Lyon\nThe two cats slept for 3 hours, then ate 2 mice in a garden nearby.",
            two="Rain in Oslo\nIt rained for 3 hours on 2 days, and then the sun came out again.",
            **FILLER,
        )
    )
    assert not together(found, "one", "two")


def test_a_meaning_given_from_outside_counts_beside_the_rest() -> None:
    one, two = news(
        one="Aster mayor resigns\nThe mayor stepped down on Monday after long talks.",
        two="阿斯特市长辞职\n市长周一在长时间会谈后辞职。",
    )
    others = news(**FILLER)

    def close(a: Article, b: Article) -> float:
        return 0.9 if {a.id, b.id} == {"one", "two"} else 0.0

    assert not together(grouped([one, two, *others]), "one", "two")
    assert together(grouped([one, two, *others], similarity=close), "one", "two")


def test_the_original_comes_first_and_the_story_keeps_its_name() -> None:
    base = news(en=EN)[0]
    excerpt = replace(base, id="b", partial=True)
    repost = replace(base, id="c", is_based_on="https://elsewhere.example/")
    translation = replace(base, id="d", translated_from="ja")
    late = replace(base, id="e", published_at=NOW + timedelta(hours=1))
    members = [translation, repost, excerpt, late, replace(base, id="f", published_at=None)]
    figures = {a.id: numbers.find(a.text, a.lang, article_id=a.id) for a in members}
    (story,) = stories(members, figures=figures)
    assert [a.id for a in story.articles] == ["f", "e", "b", "c", "d"]
    (again,) = stories(members[::-1], figures=figures)
    assert again == story
    assert Counter(f.quote.article_id for f in story.figures).keys() == {"b", "c", "d", "e", "f"}


async def test_the_bundled_news_is_grouped_as_it_is_told() -> None:
    articles, _ = await bundled()
    named = [replace(a, id=a.guid.rpartition(":")[2]) for a in articles]
    found = grouped(named)
    for story in FACTS["stories"]:
        assert sorted(story["articles"]) in found, story["id"]


# --- measured ----------------------------------------------------------------------------------


def cluster_scores(found: list[list[str]], gold: Mapping[str, str]) -> tuple[float, float]:
    """B-cubed F of a grouping, and the precision of its pairs."""
    group = {name: set(members) for members in found for name in members}
    same = {a: {b for b in gold if gold[b] == gold[a]} for a in gold}
    precision = sum(len(group[a] & same[a]) / len(group[a]) for a in gold) / len(gold)
    recall = sum(len(group[a] & same[a]) / len(same[a]) for a in gold) / len(gold)
    right = sum(len(group[a] & same[a]) - 1 for a in gold)
    made = sum(len(group[a]) - 1 for a in gold)
    return 2 * precision * recall / (precision + recall), right / max(1, made)


@pytest.fixture(scope="session")
def labelled(shared_data: Path) -> list[dict[str, Any]]:
    lines = (shared_data / "digest" / "clusters.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def read(row: Mapping[str, Any]) -> Article:
    body = f"{row['title']}\n{row['text']}"
    prior: Lang = {"zh": "zh-Hans"}.get(row["lang"], row["lang"])
    lang = text.detect(body, prior)
    return article(body, lang if lang in LANGS else prior, row["id"])


def test_labelled_news_is_grouped_well_and_almost_never_merged_wrongly(
    labelled: list[dict[str, Any]],
) -> None:
    found = grouped([read(row) for row in labelled])
    f, pairs = cluster_scores(found, {row["id"]: row["story"] for row in labelled})
    assert f >= 0.95
    assert pairs >= 0.98


def test_labelled_near_duplicates_are_together(labelled: list[dict[str, Any]]) -> None:
    found = grouped([read(row) for row in labelled])
    copies = [(row["id"], row["near_dup_of"]) for row in labelled if row["near_dup_of"]]
    assert copies
    assert all(together(found, *pair) for pair in copies)
