"""One document or feed at once, without a store: what the command line digests and asks; and the
digest as data."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.app import export, oneoff
from bot.app.publish import Writer
from bot.chat.base import plain
from bot.digest import Glossary
from bot.errors import FetchError, ModelError, ParseError
from bot.model import Fetched
from tests.app.scene import ANSWERS, BRIDGE, CHIPS, GLOSSARY, NEWS, TEMPLATE, at_once, page, rss
from tests.app.test_publish import GOOD
from tests.conftest import NOW
from tests.fakes import FakeFetch, FakeLLM

URL = "https://news.example/story"
HTML = f"""<!DOCTYPE html><html lang="en"><head><title>Marlin trains a model</title></head><body>
<nav>Home | Sport</nav><article><h1>Marlin trains a model</h1><p>{CHIPS}</p><p>{BRIDGE}</p>
</article></body></html>"""
TEXT = f"Marlin trains a model\n\n{CHIPS}"
TWICE = "Orders came to 4.8 trillion yen.\nLater it says orders came to 480 billion yen."


def fetched(body: bytes, kind: str = "") -> Fetched:
    return page(URL, body, kind=kind)


@pytest.mark.parametrize(
    ("body", "titles"),
    [
        pytest.param(TEXT.encode(), ["Marlin trains a model"], id="text"),
        pytest.param(b"\xef\xbb\xbf" + TEXT.encode(), ["Marlin trains a model"], id="text, BOM"),
        pytest.param(HTML.encode(), ["Marlin trains a model"], id="page"),
        pytest.param(b"\n \n" + HTML.encode(), ["Marlin trains a model"], id="page, blanks"),
        pytest.param(rss(*NEWS), [title for title, _ in NEWS], id="feed"),
        pytest.param(
            json.dumps(
                {
                    "version": "https://jsonfeed.org/version/1.1",
                    "title": "J",
                    "items": [{"id": "1", "title": "A story", "content_text": CHIPS}],
                }
            ).encode(),
            ["A story"],
            id="JSON feed",
        ),
    ],
)
async def test_what_is_at_an_address_is_read_as_what_it_is(body: bytes, titles: list[str]) -> None:
    found = await oneoff.read_url(URL, fetch=FakeFetch({URL: fetched(body)}), work=at_once, now=NOW)
    assert [a.title for a in found] == titles
    assert all("chips" in a.text for a in found[:1])


def test_a_text_without_an_address_is_called_by_the_name_of_its_file() -> None:
    (article,) = oneoff.read_bytes(replace(fetched(TEXT.encode()), url=""), NOW)
    made = oneoff.compose([article], ("en",), now=NOW)
    assert "Sources: notes.txt" in plain(oneoff.message(made, "notes.txt"))


def test_a_text_in_another_encoding_is_read() -> None:
    text = "新しい橋が完成\n\n市は月曜日、新しい橋の工事に90億円を使ったと発表した。"
    for encoding in ("shift_jis", "euc_jp", "utf-16"):
        (article,) = oneoff.read_bytes(fetched(text.encode(encoding), "text/plain"), NOW)
        assert article.text == text


def test_a_text_keeps_its_offsets_to_the_letter() -> None:
    (article,) = oneoff.read_bytes(fetched(TEXT.encode()), NOW)
    assert article.text == TEXT


@pytest.mark.parametrize("body", [b"", b" \n\t", b"\xef\xbb\xbf \n", rss()])
def test_where_there_is_nothing_to_read_it_says_so(body: bytes) -> None:
    with pytest.raises(ParseError) as caught:
        oneoff.read_bytes(fetched(body), NOW)
    assert caught.value.code == "parse.empty"


@pytest.mark.parametrize(
    "body",
    [b"\xff\xfe\x00\x01\xd8", b"PK\x03\x04\x9f\x90", b"\x89PNG\r\n\x1a\n", b"%PDF-1.7 \x00\x01"],
)
def test_bytes_that_are_no_text_are_refused(body: bytes) -> None:
    with pytest.raises(ParseError):
        oneoff.read_bytes(fetched(body), NOW)


async def test_an_address_that_cannot_be_fetched_says_why() -> None:
    with pytest.raises(FetchError):
        await oneoff.read_url(URL, fetch=FakeFetch(), work=at_once, now=NOW)


def test_a_digest_without_a_store_reads_like_any_other() -> None:
    articles = oneoff.read_bytes(fetched(rss(*NEWS)), NOW)
    made = oneoff.compose(articles, ("en", "ja"), now=NOW)
    assert made.id == oneoff.compose(articles[::-1], ("en", "ja"), now=NOW).id
    assert made.id != oneoff.compose(articles, ("en",), now=NOW).id
    words = plain(oneoff.message(made, URL))
    assert "8,192 chips" in words
    assert words.count(f"Sources · 出典: {URL}") == 2, "both came from what the person named"
    assert len(oneoff.compose(articles, ("en",), now=NOW, stories=1).items) == 1
    assert oneoff.compose((), ("en",), now=NOW).start == NOW


async def test_a_model_writes_where_there_is_one_and_else_the_source() -> None:
    articles = oneoff.read_bytes(fetched(TEXT.encode()), NOW)

    async def by(llm: FakeLLM | None) -> str:
        writer = Writer(llm=llm, template=TEMPLATE, answer_template=ANSWERS, glossary=GLOSSARY)
        made = await oneoff.written(articles, ("en", "ja"), writer=writer, now=NOW, stories=5)
        return made.items[0].written_by

    assert await by(FakeLLM([json.dumps(GOOD)])) == "fake"
    assert await by(FakeLLM([ModelError("down")])) == "extractive"
    assert await by(FakeLLM(["no JSON", "none"])) == "extractive"
    assert await by(None) == "extractive"
    assert Writer().glossary == Glossary()


# --- as data -----------------------------------------------------------------------------------


def exported(text: str, langs: tuple[str, ...] = ("en", "ja")) -> tuple[str, dict[str, Any]]:
    (article,) = oneoff.read_bytes(fetched(text.encode()), NOW)
    made = oneoff.compose([article], langs, now=NOW + timedelta(hours=1))
    data: dict[str, Any] = json.loads(json.dumps(export.data(made)))
    return article.text, data


def test_the_data_has_the_shape_that_is_documented() -> None:
    _, data = exported(f"{TEXT}\n{TWICE}")
    assert set(data) == {"id", "langs", "start", "end", "stories"}
    assert (data["langs"], data["end"]) == (["en", "ja"], "2026-03-02T08:30:00+00:00")
    (story,) = data["stories"]
    documented = export.__doc__ or ""
    for part in (
        data,
        story,
        story["articles"][0],
        story["bullets"][0],
        story["bullets"][0]["quotes"][0],
        {k: 0 for k in story["figures"][0] if k in ("id", "article_id", "say")},
        story["conflicts"][0],
    ):
        for key in part:
            assert f'"{key}"' in documented, key
    assert story["written_by"] == "extractive"
    assert story["articles"][0]["published_at"] is None
    assert set(story["figures"][0]["say"]) == {"en", "ja"}


def test_every_quote_in_the_data_stands_in_its_article_and_every_figure_is_listed() -> None:
    text, data = exported(f"{TEXT}\n{TWICE}")
    (story,) = data["stories"]
    known = {figure["id"]: figure for figure in story["figures"]}
    (conflict,) = story["conflicts"]
    assert (conflict["kind"], conflict["ratio"]) == ("scale", 10.0)
    assert set(conflict["explanation"]) == {"en", "ja"}
    for part in (*story["bullets"], conflict):
        assert part["figures"]
        assert set(part["figures"]) <= set(known)
        for quote in part["quotes"]:
            assert text[quote["start"] : quote["end"]] == quote["exact"]
    for figure in known.values():
        assert text[figure["start"] : figure["end"]] == figure["text"]


def test_a_date_in_the_data_has_its_zone() -> None:
    articles = oneoff.read_bytes(
        fetched(
            rss(*NEWS).replace(
                b"<guid>", b"<pubDate>Mon, 02 Mar 2026 09:00:00 +0900</pubDate><guid>"
            )
        ),
        NOW,
    )
    data = export.data(oneoff.compose(articles, ("en",), now=NOW))
    assert data["start"] == "2026-03-02T00:00:00+00:00"
    dates = {a["published_at"] for s in data["stories"] for a in s["articles"]}
    assert dates == {"2026-03-02T00:00:00+00:00"}
