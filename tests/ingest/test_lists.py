"""Lists of sources in and out, and what people paste."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import ingest
from bot.errors import ParseError
from bot.ingest import links, opml, recipes
from bot.ingest.opml import Outline
from bot.model import Fetched, Source

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_a_list_comes_back_as_it_was_written() -> None:
    sources = (
        Outline(url="https://a.example/feed?x=1&y=2", title='A "quoted" <name>', lang="ja"),
        Outline(url="https://b.example/", title="二", folders=("AI", "チップ"), site="https://b.example/"),
        Outline(url="https://c.example/rss", folders=("AI",)),
    )  # fmt: skip
    text = opml.write(sources, title="Mine & yours", now=NOW)
    back = opml.read(text.encode())
    assert back.title == "Mine & yours"
    assert set(back.outlines) == {
        sources[0],
        sources[1],
        Outline(url="https://c.example/rss", title="https://c.example/rss", folders=("AI",)),
    }
    assert "Mon, 02 Mar 2026 12:00:00 GMT" in text


_NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 99), _NAMES, st.lists(_NAMES, max_size=2)), max_size=8))
def test_any_names_make_a_readable_list(rows: list[tuple[int, str, list[str]]]) -> None:
    outlines = [
        Outline(url=f"https://n.example/{number}", title=title, folders=tuple(folders))
        for number, title, folders in rows
    ]
    back = opml.read(opml.write(outlines, title="t", now=NOW).encode())
    assert {o.url for o in back.outlines} == {o.url for o in outlines}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "opml.empty"),
        (b" " * (2 * 1024 * 1024 + 1), "opml.too_large"),
        (b"<html><body/></html>", "opml.not_opml"),
        (b"<", "opml.not_opml"),
        (b"no address in here", "opml.not_opml"),
    ],
)
def test_what_is_no_list_is_refused_by_name(body: bytes, code: str) -> None:
    with pytest.raises(ParseError) as raised:
        opml.read(body)
    assert raised.value.code == code


def test_categories_stand_in_for_folders() -> None:
    body = (
        '<opml><body><outline text="x" type="RSS" url="https://a.example/1"'
        ' category="/AI/Chips,/B"/>'
        '<outline text="page" type="link" url="https://a.example/2"/></body></opml>'
    )
    (only,) = opml.read(body.encode()).outlines
    assert (only.url, only.folders) == ("https://a.example/1", ("AI", "Chips"))


def test_folders_end_at_a_depth() -> None:
    body = "<outline text='f'>" * 30 + "<outline xmlUrl='https://a.example/'/>" + "</outline>" * 30
    assert opml.read(f"<opml><body>{body}</body></opml>".encode()).outlines == ()


def test_a_flat_list_is_read() -> None:
    got = opml.read(
        "\ufeff# mine\nhttps://a.example/rss | A\nhttps://b.example/ https://c.example/\n\n"
        "http://10.0.0.1/ x\nhttps://a.example/rss again\nhttp://2130706433/\nhttp://x.local/f\n".encode()
    )
    assert [(o.url, o.title) for o in got.outlines] == [
        ("https://a.example/rss", "A"),
        ("https://b.example/", ""),
        ("https://c.example/", ""),
    ]
    assert [r.reason for r in got.refused] == ["private"] * 3


def test_an_import_is_capped() -> None:
    got = opml.flat("\n".join(f"https://a.example/{n}" for n in range(opml.MOST + 5)))
    assert len(got.outlines) == opml.MOST
    assert {r.reason for r in got.refused} == {"too_many"}


@pytest.mark.parametrize(
    ("pasted", "feed"),
    [
        ("https://news.ycombinator.com/", "https://news.ycombinator.com/rss"),
        ("hn:newest", "https://hnrss.org/newest"),
        ("https://news.ycombinator.com/item?id=1", "https://hnrss.org/item?id=1"),
        ("https://news.ycombinator.com/user?id=pg", "https://hnrss.org/submitted?id=pg"),
        ("r/LocalLLaMA", "https://www.reddit.com/r/LocalLLaMA/.rss"),
        ("https://old.reddit.com/r/a/top/?t=day", "https://www.reddit.com/r/a/top/.rss"),
        ("reddit.com/user/li", "https://www.reddit.com/user/li/.rss"),
        (
            "https://www.reddit.com/r/a/comments/1x/the_title/",
            "https://www.reddit.com/r/a/comments/1x/.rss",
        ),
        ("arxiv:cs.CL", "https://rss.arxiv.org/rss/cs.CL"),
        ("https://arxiv.org/list/cs.AI/recent", "https://rss.arxiv.org/rss/cs.AI"),
        ("https://github.com/a/b", "https://github.com/a/b/releases.atom"),
        ("github:a/b.js", "https://github.com/a/b.js/releases.atom"),
        ("https://github.com/a/b/tags", "https://github.com/a/b/tags.atom"),
        ("https://github.com/a/b/commits/main", "https://github.com/a/b/commits/main.atom"),
        (
            "https://www.youtube.com/channel/UC1234567890123456789012/videos?si=x",
            "https://www.youtube.com/feeds/videos.xml?channel_id=UC1234567890123456789012",
        ),
        (
            "https://www.youtube.com/playlist?list=PL1",
            "https://www.youtube.com/feeds/videos.xml?playlist_id=PL1",
        ),
        ("https://t.me/s/chips", "https://t.me/s/chips"),
        ("https://t.me/chips/42", "https://t.me/s/chips"),
        ("@chips_news", "https://t.me/s/chips_news"),
        ("telegram: @chips", "https://t.me/s/chips"),
        ("t:chips", "https://t.me/s/chips"),
        ("https://a.substack.com/p/x", "https://a.substack.com/feed"),
        ("https://qiita.com/tags/機械学習", "https://qiita.com/tags/%E6%A9%9F%E6%A2%B0%E5%AD%A6%E7%BF%92/feed"),
        ("https://news.google.com/", "https://news.google.com/rss"),
        (
            "https://news.google.com/search?q=TPU&hl=ja&gl=JP&ceid=JP:ja",
            "https://news.google.com/rss/search?q=TPU&hl=ja&gl=JP&ceid=JP:ja",
        ),
        ("https://news.google.com/rss/topics/CAA", "https://news.google.com/rss/topics/CAA"),
    ],
)  # fmt: skip
def test_what_people_paste_becomes_the_feed_behind_it(pasted: str, feed: str) -> None:
    found = recipes.resolve(pasted)
    assert found is not None
    assert found.url == feed
    assert found.title


@pytest.mark.parametrize(
    "pasted",
    [
        "https://news.example/",
        "https://github.com/login",
        "https://www.youtube.com/watch?v=1",
        "https://news.google.com/my/library",
        "r/",
        "words",
        "",
    ],
)
def test_what_no_recipe_fits_is_left_to_discovery(pasted: str) -> None:
    assert recipes.resolve(pasted) is None


def test_a_news_search_has_the_edition_of_its_language() -> None:
    found = recipes.resolve("news: 台積電 AI", "zh-Hant")
    assert found is not None
    assert found.url.endswith("&hl=zh-TW&gl=TW&ceid=TW:zh-Hant")
    assert recipes.news_search("x", "fr").url.endswith("ceid=US:en")


def test_the_starter_catalogue_is_a_list_in_three_languages() -> None:
    path = Path(opml.__file__).with_name("catalogue.opml")
    found = opml.read(path.read_bytes())
    assert found.refused == ()
    assert len(found.outlines) >= 40
    assert {o.lang for o in found.outlines} == {"en", "ja", "zh-Hans", "zh-Hant"}
    assert {o.folders[0] for o in found.outlines} >= {"AI", "Chips", "Finance", "Science", "World"}


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://news.example/feed?page=2", "https://news.example/feed?page=2"),
        ("https://news.example/rss?9f8e7d6c5b4a39281706f5e4", "https://news.example/rss?***"),
        ("https://h.example/AbCd1234efGh5678ijKl9012/rss", "https://h.example/***/rss"),
        ("http://[bad", "***"),
    ],
)
def test_secrets_of_an_address_are_masked(url: str, shown: str) -> None:
    assert links.masked(url) == shown


def test_a_feed_without_a_title_does_not_show_its_secret() -> None:
    url = "https://news.example/feed?key=hush"
    body = b"<rss version='2.0'><channel><item><title>A</title></item></channel></rss>"
    fetched = Fetched(url=url, status=200, body=body, content_type="", fetched_at=NOW)
    source = Source(id="s", url=url)
    feed = ingest.parse(fetched, source=source)
    (article,) = ingest.articles(feed, source=source, now=NOW)
    assert "hush" not in feed.title + article.url
