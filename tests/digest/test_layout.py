"""How a digest looks: the message of each part, and the whole as the terminal shows it."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot import digest, phrases
from bot import figures as numbers
from bot.chat.base import plain
from bot.digest import layout, wording
from bot.digest.layout import key_figures
from bot.model import (
    Bullet,
    Bullets,
    Collapsed,
    Conflict,
    Digest,
    DigestItem,
    Figure,
    Group,
    Heading,
    Lang,
    Note,
    Quote,
    Run,
    Table,
)
from tests.conftest import NOW
from tests.digest import golden
from tests.digest.samples import EN, JA, article


def made(*items: DigestItem, langs: tuple[Lang, ...] = ("en", "ja")) -> Digest:
    return Digest(
        id="d",
        subscription_id="s",
        langs=langs,
        start=NOW - timedelta(days=1),
        end=NOW,
        items=items,
    )


def item(body: str, langs: tuple[Lang, ...] = ("en", "ja"), **article_fields: Any) -> DigestItem:
    one = replace(article(body, "en"), **article_fields)
    (story,) = digest.stories(
        [one], figures={one.id: numbers.find(one.text, one.lang, article_id=one.id)}
    )
    return digest.extract(story, langs)


def blocks(whole: Digest, **more: object) -> list[object]:
    (group,) = [b for b in digest.render(whole, **more).blocks if isinstance(b, Group)]  # type: ignore[arg-type]
    return list(group.blocks)


@pytest.mark.parametrize("langs", golden.PAIRS, ids="+".join)
async def test_the_bundled_news_looks_as_it_did(langs: tuple[Lang, ...]) -> None:
    articles, titles = await golden.bundled()
    shown = golden.shown(golden.made(articles, langs), titles)
    assert shown == golden.path(langs).read_text("utf-8"), (
        "where the change is meant: python -m tests.digest.golden"
    )


def test_an_empty_digest_is_one_line_in_each_language() -> None:
    message = digest.render(made())
    words = "Nothing new since the last digest. · " + phrases.say("ja", "digest.empty")
    assert (message.summary, plain(message)) == (words, words)


def test_the_summary_names_the_first_story() -> None:
    message = digest.render(made(item(EN), langs=("en",)))
    assert message.summary == "News digest: Apple trains its new model on its own servers"
    assert message.blocks[0] == Heading(runs=(Run(text="📰 News digest"),))


def test_a_digest_in_one_language_has_nothing_to_open() -> None:
    found = blocks(made(item(EN, ("en",)), langs=("en",)))
    assert not [b for b in found if isinstance(b, Collapsed)]
    (table,) = [b for b in found if isinstance(b, Table)]
    assert table.header == ("What", "English")
    assert ("8,192 chips" in str(table.rows)) is True


def test_the_second_language_is_one_tap_away() -> None:
    (hidden,) = [b for b in blocks(made(item(EN))) if isinstance(b, Collapsed)]
    assert hidden.title == "🇯🇵 日本語"
    (bullets,) = hidden.blocks
    assert isinstance(bullets, Bullets)
    text = "".join(run.text for run in bullets.items[0])
    assert "8,192" in text
    assert text.endswith("(数字のみ、本文はEnglish)")


def test_the_headline_of_the_second_language_stands_below_the_first_once() -> None:
    one = replace(item(EN), headline={"en": "Apple trains", "ja": "アップルが学習"})
    assert "1. Apple trains\nアップルが学習" in plain(digest.render(made(one)))
    same = replace(one, headline={"en": "Apple", "ja": "Apple"})
    assert plain(digest.render(made(same))).count("Apple\n") == 1
    only = replace(one, headline={"ja": "アップルが学習"})
    assert "1. アップルが学習" in plain(digest.render(made(only, langs=("en",))))


def test_figures_are_bold_wherever_they_stand_in_the_sentence() -> None:
    (bullets,) = [b for b in blocks(made(item(EN))) if isinstance(b, Bullets)]
    bold = [run.text for runs in bullets.items for run in runs if run.bold]
    assert "8,192 chips" in bold
    assert "15%" in bold
    assert all("".join(r.text for r in runs) in EN for runs in bullets.items)


def test_a_bullet_in_its_original_alone_says_so() -> None:
    one = item("Dull\nNothing of note happened in the whole town.", ("ja", "en"))
    text = plain(digest.render(made(one, langs=("ja", "en"))))
    assert "Nothing of note happened in the whole town. (" in text
    assert phrases.say("ja", "digest.original", lang="English") in text


def test_a_bullet_in_a_language_that_the_bot_does_not_write_names_it() -> None:
    quote = item(EN).bullets[0].quotes[0]
    odd = Bullet(text={"de": "Es ist so."}, quotes=(quote,), original="de")
    message = digest.render(made(replace(item(EN), bullets=(odd,))))
    assert "• Es ist so. (in de)" in plain(message)


def test_a_bullet_without_any_of_the_languages_is_shown_as_it_is() -> None:
    one = item(EN)
    quote = one.bullets[0].quotes[0]
    odd = Bullet(text={"de": "Es ist so."}, quotes=(quote,))
    assert "• Es ist so." in plain(digest.render(made(replace(one, bullets=(odd,)))))


@pytest.mark.parametrize(("stories", "rows"), [(1, layout.MANY), (2, layout.FEW)])
def test_the_table_of_a_story_is_short_among_others(stories: int, rows: int) -> None:
    body = "Dull\n" + "\n".join(f"Part {n} of it costs {n + 130} dollars today." for n in range(20))
    message = digest.render(made(*[item(body)] * stories))
    groups = [b for b in message.blocks if isinstance(b, Group)]
    tables = [b for g in groups for b in g.blocks if isinstance(b, Table)]
    assert [len(t.rows) for t in tables] == [rows] * stories
    assert f"and {20 - rows} more" in tables[0].caption


def test_a_story_without_figures_has_no_table() -> None:
    found = blocks(made(item("Dull\nNothing of note happened in the whole town.")))
    assert not [b for b in found if isinstance(b, Table)]


def test_each_quantity_has_one_row_however_often_and_in_whatever_unit_it_stands() -> None:
    one = item(
        "Dull\nIt weighs 2 tonnes, the maker said.\nThat is 2,000 kg, and about 350 people saw it."
        "\nOne person left. Dozens of people cheered."
    )
    assert [f.quote.exact for f in key_figures(one)] == ["2 tonnes", "350 people"]


CONTRADICTION = (
    "Norvane trains Marlin-2\n"
    "It was trained on 4.8 trillion tokens, the report says.\n"
    "The methods say that it was trained on 480 billion tokens."
)


def test_a_contradiction_is_shown_with_both_sentences_and_their_source() -> None:
    one = item(CONTRADICTION)
    (warning,) = [
        b for b in blocks(made(one), titles={"s1": "Wire"}) if isinstance(b, Note)
    ][:1]  # fmt: skip
    words = "".join(run.text for run in warning.runs)
    assert warning.kind == "warning"
    assert "contradicts itself: 4.8 trillion tokens in one place" in words
    assert "10 times apart" in words
    assert "“It was trained on 4.8 trillion tokens, the report says.” — Wire" in words
    assert {run.href for run in warning.runs if run.href} == {"https://news.example/a1"}
    assert [f.quote.exact for f in key_figures(one)][:2] == [
        "4.8 trillion tokens",
        "480 billion tokens",
    ]


@pytest.mark.parametrize("before", [0, 30])
def test_a_long_sentence_in_a_warning_is_cut_around_its_figure(before: int) -> None:
    words = "and so on " * before
    long = f"It {words}was trained on 480 billion tokens {'and more ' * 30}as they say."
    one = item(f"Norvane trains\nIt was trained on 4.8 trillion tokens.\n{long}")
    assert one.story.conflicts
    text = plain(digest.render(made(one)))
    line = next(x for x in text.splitlines() if x.startswith("“") and "480 billion" in x)
    assert len(line) < layout.QUOTE_LIMIT + 40
    assert ("“…" in line) is bool(before)
    assert "…”" in line


def test_sources_are_named_linked_and_marked() -> None:
    one = item(EN, partial=True, translated_from="ja")
    (footer,) = [b for b in blocks(made(one), titles={"s1": "Wire"}) if isinstance(b, Note)]
    words = "".join(run.text for run in footer.runs)
    assert words == "Sources · 出典: Wire (machine translation from 日本語) (excerpt)"
    assert footer.runs[1].href == "https://news.example/a1"
    nameless = item(EN, source_id="", url="")
    assert "Sources · 出典: " in plain(digest.render(made(nameless)))


@pytest.mark.parametrize(
    ("writers", "words"),
    [
        (("extractive",), "Written without a language model"),
        (("small",), "Written by small; every figure checked"),
        (("small", "extractive"), "Partly written by small"),
        (("b", "a"), "Written by a, b;"),
    ],
)
def test_the_footer_says_who_wrote(writers: tuple[str, ...], words: str) -> None:
    message = digest.render(made(*(replace(item(EN), written_by=w) for w in writers)))
    assert words in plain(message)
    assert phrases.say("en", "digest.reply") in plain(message)


# --- words -------------------------------------------------------------------------------------


def figure(exact: str, of: str = "a1", value: str = "1", **fields: object) -> Figure:
    quote = Quote(article_id=of, start=0, end=len(exact), exact=exact)
    return Figure(id=exact, quote=quote, value=Decimal(value), **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fields", "label"),
    [
        ({}, "42"),
        ({"measure": "revenue"}, "revenue"),
        (
            {"subject": "Apple", "measure": "revenue", "counts": "stores"},
            "Apple · revenue · stores",
        ),
        ({"subject": "Apple", "measure": "ＡＰＰＬＥ"}, "Apple"),
    ],
)
def test_a_figure_is_labelled_in_the_words_of_the_article(
    fields: dict[str, Any], label: str
) -> None:
    assert wording.label(figure("42", **fields)) == label


@pytest.mark.parametrize("lang", ["en", "ja", "zh-Hans", "zh-Hant"])
@pytest.mark.parametrize("kind", ["value", "scale", "unit", "arithmetic"])
@pytest.mark.parametrize("other", ["a1", "a2"])
def test_every_conflict_is_explained_in_every_language(lang: Lang, kind: str, other: str) -> None:
    pair = (
        figure("6.3兆トークン", "a1", "6.3e12", unit="token"),
        figure("6,300億トークン", other, "6.3e11", unit="token"),
    )
    conflict = Conflict(kind=kind, figures=pair, ratio=Decimal("10.04"))  # type: ignore[arg-type]
    words = wording.explain(conflict, lang)
    for told in pair:
        assert numbers.say(told, lang) in words
    own = "_own" if other == "a1" and kind in ("value", "scale") else ""
    assert words == phrases.say(
        lang,
        f"conflict.{kind}{own}",
        a=numbers.say(pair[0], lang),
        b=numbers.say(pair[1], lang),
        ratio="10",
    )


def test_the_sentence_of_a_figure_is_found_and_else_the_figure_itself() -> None:
    one = article(JA)
    found = numbers.find(JA, "ja", article_id=one.id)[0]
    assert wording.sentence_of(found, one).exact in JA
    away = replace(found, quote=replace(found.quote, start=len(JA) + 5, end=len(JA) + 6))
    assert wording.sentence_of(away, one).exact == ""
