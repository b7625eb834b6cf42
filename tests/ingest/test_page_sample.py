"""The sample of pages of our own writing, and pages that would harm their reader."""

import resource
from dataclasses import replace
from time import process_time

import pytest

from benchmarks import pages
from benchmarks.pages import Case
from bot import ingest
from bot.app import collect
from bot.errors import ParseError

ARTICLES = list(pages.articles())
OTHERS = list(pages.others())


def test_the_sample_is_as_large_and_as_varied_as_it_says() -> None:
    assert len(ARTICLES) == 50
    assert len(OTHERS) == 60
    assert {case.lang for case in ARTICLES} == {"ja", "zh-Hans", "zh-Hant"}
    assert {case.lang for case in OTHERS} == {"ja", "zh-Hans", "zh-Hant", "en"}
    assert len(list((pages.CASES / "structures").iterdir())) >= 20


@pytest.mark.parametrize("case", ARTICLES, ids=lambda case: case.name)
def test_the_article_comes_out_of_its_page_whole_and_alone(case: Case) -> None:
    article = ingest.page(case.fetched, now=pages.NOW)
    assert pages.f1(case, article) >= 0.95
    assert (article.title, article.lang) == (case.title, case.lang)
    assert not article.partial


def test_a_page_that_gives_too_much_or_nothing_scores_less() -> None:
    case = ARTICLES[0]
    article = ingest.page(case.fetched, now=pages.NOW)
    assert pages.f1(case, None) == 0
    around = replace(article, text=article.text + "\n" + "ランキング記事一覧" * 20)
    assert pages.f1(case, around) < 0.8


@pytest.mark.parametrize("case", OTHERS, ids=lambda case: case.name)
def test_what_stands_in_place_of_an_article_is_none(case: Case) -> None:
    with pytest.raises(ParseError) as raised:
        ingest.page(case.fetched, now=pages.NOW)
    code = raised.value.code
    assert code.startswith("page.")
    assert ("paywall" in case.name) == (code == "page.paywall")


@pytest.mark.parametrize(
    "case", [c for c in OTHERS if "paywall" not in c.name], ids=lambda c: c.name
)
def test_what_stands_in_place_of_an_article_tells_another_story(case: Case) -> None:
    """The second guard: the words of the entry that led there are not on the page."""
    for told in ARTICLES[::7]:
        entry = ingest.document(f"{told.title}\n\n{told.text[:150]}", url="x", now=pages.NOW)
        text = case.fetched.body.decode()
        assert not collect._is_about(ingest.document(text, url="x", now=pages.NOW), entry)


# --- pages that would harm their reader --------------------------------------------------------

# A page takes at most 2 seconds of a processor; tracing and busy neighbours may double that here.
SECONDS = 4
RAIN = "It rained 30 mm in the city today. "
HOSTILE = {
    "deep": "<div>" * 19_500 + RAIN * 9,
    "deep inline": "<p><b>" * 9_500 + RAIN,
    "a million tags": "<b>" * 1_500_000,
    "one line": "<p>" + "a" * 4_900_000,
    "one CJK line": "<p>" + "雨" * 1_600_000,
    "sentences": "<p>" + RAIN * 140_000,
    "paragraphs": f"<p>{RAIN}</p>" * 9_500,
    "items": f"<ul><li>{RAIN}" * 9_500,
    "broken lines": "<div>" + f"{RAIN}<br>" * 18_500,
    "nested broken lines": "<div>a<br>b" * 9_500,
    "tables in tables": "<table><tr><td>" * 6_500 + RAIN,
    "rows": "<table>" + "<tr><td>1</td><td>2</td></tr>" * 6_000 + "</table>",
    "references": "<p>" + "&amp;lt;&#x41;" * 350_000,
    "entities": "<!DOCTYPE html [<!ENTITY a 'aaaaaaaaaa'>"
    + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
    + "]><p>&a9;</p>",
    "attributes": "<p " + "a='b' " * 600_000 + ">x",
    "one attribute": "<p class='" + "a-" * 2_400_000 + "'>x",
    "open attributes": ("<a href=\"x" + " y" * 50) * 19_500,
    "open comments": "<!--" * 19_500,
    "open scripts": "<script>" * 19_500,
    "nested JSON": "<script type='application/ld+json'>" + "[" * 400_000 + "</script><p>x",
    "many JSONs": "<script type='application/ld+json'>{\"@type\":\"Article\"}</script>" * 9_500,
    "long title": "<title>" + "a | " * 1_000_000 + "</title><p>x",
    "title of parts": "<title>" + "a | " * 200 + "</title>" + "<p>a | a | line</p>" * 9_000,
    "NULs": "\0" * 2_000_000 + "<html><p>" + "x\0" * 1_000_000,
    "blanks": "<p>" + " " * 4_900_000 + "x",
    "dates": "<p>2026-01-01 10:00 2026-01-01</p>" * 9_500,
    "words of walls": "<p>" + "会員限定" * 400_000,
    "words to the reader": "<p>" + "ログインしてください" * 160_000,
}  # fmt: skip
NOISE = {
    "cut UTF-8": b"<p>" + b"\xe3\x81" * 2_000_000,
    "cut Shift_JIS": b"<p>" + b"\x82\xa0\x82" * 1_500_000,
    "noise": bytes((n * 7919 + 13) % 256 for n in range(3_000_000)),
}
ALL = {name: text.encode() for name, text in HOSTILE.items()} | NOISE


@pytest.mark.parametrize("name", ALL)
def test_a_hostile_page_costs_little(name: str) -> None:
    case = ARTICLES[0]
    answer = replace(
        case.fetched,
        url="https://n.example/1",
        body=ALL[name],
        content_type="text/html",
    )
    before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, process_time()
    try:
        article = ingest.page(answer, now=pages.NOW)
        collect.figures_of(article)
        assert len(article.text) <= 200_300
    except ParseError as error:
        assert error.code.startswith("page.")  # noqa: PT017 - either a clear refusal or an article
    assert process_time() - started < SECONDS
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 256 * 1024


@pytest.mark.parametrize(
    "hidden",
    ["&#1;", "&#0;", "&#xFFFE;", "&#xD800;", "&#x202E;", "\ufffe", "\uffff", "\x85", "\u202e",
     "\x00", "&#27;", "&#x200b;", "&#99999999;", "<script>alert(1)</script>", "<!-- x -->",
     "<style>p{}</style>", "<template>x</template>", "<span style='display:none'>x</span>"],
)  # fmt: skip
def test_nothing_hidden_reaches_an_article(hidden: str) -> None:
    body = (
        f"It rained in the ci{hidden}ty for days. The pumps had failed, the mayor said on Monday."
    )
    more = "A new pump costs 20 million yen and will come by ship from Kobe in six weeks."
    html = f"<title>Ra{hidden}in</title><article><h1>Ra{hidden}in</h1><p>{body}</p><p>{more}</p>"
    answer = replace(
        ARTICLES[0].fetched,
        url="https://n.example/1",
        body=html.encode("utf-8", "surrogatepass"),
        content_type="text/html",
    )
    article = ingest.page(answer, now=pages.NOW)
    assert "rained in the city for days" in article.text
    assert set("<>\x00\u202e\u200b\x1b\x01").isdisjoint(article.title + article.text)
