"""Bytes to a feed: kinds, refusals, repairs, and that nothing but ParseError comes out."""

import gzip
import pickle
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import ingest
from bot.errors import ParseError
from bot.ingest import elements, jsonfeed, newest, prose, repair
from bot.model import Fetched, Source

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
SOURCE = Source(id="s", url="https://news.example/feed")


def fetched(body: bytes | str, **options: object) -> Fetched:
    raw = body.encode() if isinstance(body, str) else body
    answer = Fetched(
        url="https://news.example/feed", status=200, body=raw, content_type="", fetched_at=NOW
    )
    return replace(answer, **options)  # type: ignore[arg-type]


def parse(body: bytes | str, **options: object) -> ingest.Feed:
    return ingest.parse(fetched(body, **options), source=SOURCE)


def rss(item: str, channel: str = "") -> str:
    return f'<rss version="2.0"><channel>{channel}<item>{item}</item></channel></rss>'


def entry(item: str, channel: str = "") -> ingest.Entry:
    return parse(rss(item, channel)).entries[0]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "parse.empty"),
        (b"\xef\xbb\xbf \n", "parse.empty"),
        (b" " * (15 * 1024 * 1024 + 1), "parse.too_large"),
        (b"Salted__\x01\x02", "parse.encrypted"),
        (b"-----BEGIN PGP MESSAGE-----", "parse.encrypted"),
        (b"%PDF-1.7", "parse.not_a_feed"),
        (gzip.compress(b"x", mtime=0), "parse.not_xml"),
        (b"just words", "parse.not_xml"),
        (b"<?xml version='1.0'?>", "parse.not_xml"),
        (b"<opml/>", "parse.not_a_feed"),
        (b"<a><b/></a>", "parse.not_a_feed"),
        (b'{"items": 1}', "parse.not_a_feed"),
        (b"[1]", "parse.not_a_feed"),
        (b'{"items": [', "parse.bad_json"),
        (b"[" * 10_000, "parse.bad_json"),
        (b'{"items": [' + b"{}," * 1_000_001 + b"{}]}", "parse.too_large"),
        (b'{"items": [{"x": [' + b"[]," * 20_001 + b"[]]}]}", "parse.too_large"),
        (b"<rss>" + b"<item/>" * 1_000_001, "parse.too_large"),
        (b"<rss><channel>" + b"<a/>" * 100_000, "parse.too_large"),
        (b"\xff\xfe" + ("<rss>" + "字" * 6_000_000).encode("utf-16-le"), "parse.too_large"),
        (b"<rss>" + b"&" * 500_001, "parse.too_large"),
    ],
)
def test_what_is_no_feed_is_refused_by_name(body: bytes, code: str) -> None:
    with pytest.raises(ParseError) as raised:
        parse(body)
    assert raised.value.code == code
    assert not raised.value.transient


def test_a_page_is_refused_with_the_feeds_that_it_names() -> None:
    page = (
        '<!doctype html><link rel="alternate" type="application/rss+xml" href="/rss">'
        '<link rel="alternate" type="application/rss+xml" href="/comments" title="Comments">'
    )
    with pytest.raises(ingest.NotAFeed) as raised:
        parse(page, content_type="text/html")
    found = ("https://news.example/rss", "https://news.example/comments")
    assert raised.value.candidates == found
    # Parsing runs in another process: what it raises must come back whole.
    back = pickle.loads(pickle.dumps(raised.value))  # noqa: S301 - our own bytes
    assert (back.code, back.candidates, str(back)) == (
        "parse.not_a_feed",
        found,
        str(raised.value),
    )


def test_a_feed_falls_back_to_addresses_for_its_names() -> None:
    feed = parse("<rss><channel></channel></rss>")
    assert (feed.title, feed.url) == ("https://news.example/feed",) * 2
    assert feed.entries == ()


def test_the_hints_for_the_next_look_are_read() -> None:
    feed = parse(
        "<rss><channel><ttl>90</ttl><skipHours><hour>24</hour><hour>3</hour><hour>x</hour>"
        "<hour>99</hour></skipHours><skipDays><day>Sunday</day><day>Someday</day></skipDays>"
        "<itunes:new-feed-url>https://new.example/f</itunes:new-feed-url></channel></rss>"
    )
    assert feed.ttl == timedelta(minutes=90)
    assert feed.skip_hours == {0, 3}
    assert feed.skip_days == {6}
    assert feed.moved_to == "https://new.example/f"


@pytest.mark.parametrize(
    ("hints", "ttl"),
    [
        ("<sy:updatePeriod>daily</sy:updatePeriod>", timedelta(days=1)),
        (
            "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>",
            timedelta(minutes=15),
        ),
        ("<sy:updatePeriod>often</sy:updatePeriod>", None),
        ("<ttl>0</ttl>", None),
        ("<ttl>soon</ttl>", None),
    ],
)
def test_update_periods_become_a_ttl(hints: str, ttl: timedelta | None) -> None:
    assert parse(f"<rss><channel>{hints}</channel></rss>").ttl == ttl


def test_only_the_newest_entries_of_an_archive_are_kept() -> None:
    items = "".join(
        f"<item><guid>g{n}</guid><pubDate>{datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=n)}"
        "</pubDate></item>"
        for n in range(520)
    )
    undated = "".join(f"<item><guid>u{n}</guid></item>" for n in range(5))
    feed = parse(f"<rss><channel>{undated}{items}</channel></rss>")
    assert len(feed.entries) == newest.MOST_ENTRIES
    assert feed.dropped == 25
    assert [feed.entries[0].guid, feed.entries[-1].guid] == ["g20", "g519"]
    assert feed.repairs == ("oldest_dropped",)


def test_what_follows_too_much_markup_is_left_out() -> None:
    feed = parse(rss("<title>a</title></item>" + "<x/>" * 100_000 + "<item><title>b</title>"))
    assert [e.title for e in feed.entries] == ["a"]
    assert feed.repairs == ("incomplete",)
    with pytest.raises(ParseError) as error:
        elements.tree(b"<opml>" + b"<a/>" * 100_000, "")
    assert error.value.code == "parse.too_large"


def test_the_newest_of_a_json_feed_are_kept_too() -> None:
    items = ",".join(
        f'{{"id": {n}, "date_published": "2026-01-{1 + n // 24:02}T{n % 24:02}:00:00Z"}}'
        for n in range(510)
    )
    feed = parse(f'{{"items": [{items}]}}')
    assert (len(feed.entries), feed.dropped) == (500, 10)
    assert feed.entries[-1].guid == "509"


def test_a_short_answer_makes_an_incomplete_feed() -> None:
    assert parse(rss("<guid>1</guid>"), complete=False).repairs == ("incomplete",)


@pytest.mark.parametrize(
    ("item", "link"),
    [
        ("<guid>https://n.example/1</guid>", "https://n.example/1"),
        ('<guid isPermaLink="FALSE">https://n.example/1</guid>', ""),
        ("<link/><guid>1</guid><enclosure url=' '/><enclosure url='https://n.example/a.mp3'/>",
         "https://n.example/a.mp3"),
        (
            "<feedburner:origLink>https://n.example/o</feedburner:origLink><link>https://t/</link>",
            "https://n.example/o",
        ),
        (
            "<feedburner:origLink>mailto:x</feedburner:origLink><link>https://n.example/l</link>",
            "https://n.example/l",
        ),
        ('<a:link rel="self" href="https://n.example/s"/>', ""),
        ('<atom:link rel="alternate" type="text/plain" href="https://n.example/t"/>',
         "https://n.example/t"),
        ("<link>mailto:li@n.example</link>", ""),
        ("<link>https://n.example:port/</link>", ""),
    ],
)  # fmt: skip
def test_the_link_of_an_entry_leads_to_its_page(item: str, link: str) -> None:
    assert entry(item).link == link


@pytest.mark.parametrize(
    ("item", "authors"),
    [
        ("<author>li@n.example (Li Dan)</author>", ("Li Dan",)),
        ("<author>Li Dan &lt;li@n.example&gt;</author>", ("Li Dan",)),
        ("<author>li@n.example</author><dc:creator>Li</dc:creator>", ("Li",)),
        ("<author>li@n.example</author>", ()),
        ("<dc:creator>A</dc:creator><dc:creator>B</dc:creator><author>C</author>", ("A", "B")),
        ("<author><name>Li</name></author>", ("Li",)),
        (f"<author>{'a@' + 'a.' * 16_000}!</author>", ()),
    ],
)
def test_authors_are_names(item: str, authors: tuple[str, ...]) -> None:
    assert entry(item).authors == authors


def test_a_channel_definition_file_is_read() -> None:
    feed = parse(
        '<CHANNEL HREF="https://n.example/"><ITEM HREF="/1" LASTMOD="2026-03-01T00:00:00Z">'
        "<TITLE>One</TITLE><ABSTRACT>told</ABSTRACT></ITEM></CHANNEL>"
    )
    (item,) = feed.entries
    assert (feed.url, item.link) == ("https://n.example/", "https://n.example/1")
    assert (item.title, item.summary) == ("One", "told")
    assert item.updated == datetime(2026, 3, 1, tzinfo=UTC)


def test_media_groups_fill_what_the_item_lacks() -> None:
    got = entry(
        "<title>own</title><media:group><media:title>other</media:title>"
        "<media:description>told</media:description></media:group>"
    )
    assert (got.title, got.summary) == ("own", "told")


def test_tags_and_language_are_kept() -> None:
    got = entry("<category>AI</category><category>AI</category><dc:language>zh_CN</dc:language>")
    assert (got.tags, got.lang) == (("AI",), "zh-CN")


def test_atom_texts_come_in_every_wrapping() -> None:
    feed = parse(
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title type="text">a &lt;b> c</title>'
        '<content type="application/octet-stream">PGI+eDwvYj4=</content><id>x/y</id></entry>'
        '<entry><title mode="base64">5p2x5Lqs</title>'
        '<content type="text/plain" mode="base64">YSA8IGI=</content></entry>'
        '<entry><title type="image/png">not base64!</title></entry>'
        "<entry><title/></entry></feed>"
    )
    first, second, third, fourth = feed.entries
    assert (first.title, first.content, first.guid) == (
        "a <b> c",
        "<b>x</b>",
        "https://news.example/x/y",
    )
    assert (second.title, second.content) == ("東京", "a &lt; b")
    assert third.title == "not base64!"
    assert fourth == ingest.Entry()


def test_items_are_found_under_a_root_of_another_name() -> None:
    feed = parse("<news><channel><story/><item><title>x</title></item></channel></news>")
    assert [e.title for e in feed.entries] == ["x"]
    feed = parse("<rss><channel><group><item><title>deep</title></item></group></channel></rss>")
    assert [e.title for e in feed.entries] == ["deep"]


def test_invented_namespaces_do_not_grow_the_cache_without_end() -> None:
    many = "".join(f'<x xmlns="urn:{n}"/>' for n in range(5000))
    parse(rss(many))
    assert len(elements._NAMES) <= elements._MOST_NAMES
    assert parse(rss('<y xmlns="urn:new"/><title>t</title>')).entries[0].title == "t"


@pytest.mark.parametrize(
    ("text", "mended", "made"),
    [
        ("junk <rss/>", "<rss/>", ("junk_before",)),
        ("<a>&foo; &nbsp;</a>", "<a>&amp;foo; \xa0</a>", ("entities",)),
        ("<a>&#8217;&#150;&#0;&#xFFFE;</a>", "<a>’–\ufffd</a>", ("control_characters",)),
        ("<a>x\x0by</a>", "<a>xy</a>", ("control_characters",)),
        ("<a>it\x92s</a>", "<a>it’s</a>", ()),
        ("<a b=c>", '<a b="c">', ()),
        (
            "<!DOCTYPE a [<!ENTITY x \"y\"><!ENTITY z ''>]><!DOCTYPE a><a>&x;&z;</a>",
            "<a>y</a>",
            ("entities",),
        ),
        ("<!DOCTYPE a [ <a/>", "", ()),
        ("<!DOCTYPE a", "", ()),
        ("<![CDATA[&]]><a>&amp;<!--&--></a>", "<![CDATA[&]]><a>&amp;<!--&--></a>", ()),
        ("no element", "no element", ()),
    ],
)
def test_repairs_are_made_and_named(text: str, mended: str, made: tuple[str, ...]) -> None:
    assert repair.mend(text.encode()) == (mended.encode(), made)


def test_declared_entities_are_counted() -> None:
    declared = "".join(f'<!ENTITY e{n} "{n}">' for n in range(300))
    text, _ = repair.mend(f"<!DOCTYPE a [{declared}]><a>&e0;&e299;</a>".encode())
    assert text == b"<a>0&amp;e299;</a>"


def test_leaves_are_isolated_only_where_they_hold_markup() -> None:
    text = b"<item><title>a<b>c</title><link>x</link><summary><![CDATA[<p>]]></summary></item>"
    assert repair.isolate(text) == text.replace(b"a<b>c", b"a&lt;b>c")


def test_bad_bytes_are_told() -> None:
    body = rss("<title>苹果公司</title>").encode().replace(b"</title>", b"\xe8</title>")
    assert parse(body).repairs == ("bad_bytes",)


def test_json_feeds_are_read_whatever_their_types() -> None:
    feed = parse(
        '{"title": "A <b> C", "home_page_url": "https://n.example/", "hubs": [3], "items": ['
        '{"id": true, "url": "/1", "authors": [{"name": "A"}, 3, {"name": "A"}], "tags": ["x", 1]},'
        '{"id": "https://n.example/2", "author": {"name": "B"}, "tags": "no", "content_text": "1<2"'
        ', "date_published": 3, "summary": "s"}, 7]}'
    )
    one, two = feed.entries
    assert feed.title == "A <b> C"
    assert (one.guid, one.link, one.authors, one.tags) == (
        "",
        "https://n.example/1",
        ("A",),
        ("x",),
    )
    assert (two.link, two.authors, two.content, two.published) == (
        "https://n.example/2",
        ("B",),
        "1&lt;2",
        None,
    )
    assert feed.hub == ""
    with pytest.raises(ParseError):
        jsonfeed.read(b"nonsense", url="", zone=None)


def test_hubs_of_json_feeds_are_read() -> None:
    feed = parse('{"items": [], "hubs": [{"type": "WebSub", "url": "https://hub.example/"}]}')
    assert feed.hub == "https://hub.example/"


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<table><tr><td>a<td>b</table>", "a b"),
        ("<![CDATA[<b>]]>x", "<b>x"),
        ("cut <a href='https://n.exam", "cut"),
        ('<a title="a>b">c</a>', "c"),
        ("a <= b < c", "a <= b < c"),
        ("<?php echo ?><!doctype html>x", "x"),
        ("<p>a\nb</p><p>漢\n 字。\n次</p>", "a b\n漢字。次"),
        ("a\nb <b>c</b>", "a\nb c"),
        ("a\u202eb\u200bc", "abc"),
    ],
)
def test_markup_becomes_what_is_seen(markup: str, text: str) -> None:
    assert prose.text_of(markup) == text


_FEED = rss("<title>苹果 &amp; R</title><link>/1</link><pubDate>2026-03-02</pubDate>").encode()


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200), st.integers(0, len(_FEED)), st.integers(0, 40))
def test_whatever_the_bytes_only_a_parse_error_comes_out(noise: bytes, at: int, cut: int) -> None:
    for body in (noise, _FEED[:at] + noise + _FEED[at + cut :], b"<rss>" + noise, b"{" + noise):
        try:
            feed = parse(body)
        except ParseError:
            continue
        articles = ingest.articles(feed, source=SOURCE, now=NOW)
        assert len(articles) == len(feed.entries)
        assert all(len(ingest.keys(e, SOURCE)) != 1 for e in feed.entries)
