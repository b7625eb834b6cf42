"""Article pages, plain texts, pages that list stories, and pages that name feeds."""

import pickle
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import ingest
from bot.errors import ParseError
from bot.ingest import discovery, listings, metadata, tree, walls, webpage
from bot.model import Article, Fetched, Source

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
SOURCE = Source(id="s", url="https://news.example/feed")
PARAGRAPHS = "".join(
    f"<p>Paragraph {n} of the report says that the company used 8,192 chips for its server model "
    f"and 2,048 chips for the one on the device, which is {n} more than planned.</p>"
    for n in range(2, 8)
)


def fetched(html: str | bytes, **options: object) -> Fetched:
    body = html.encode() if isinstance(html, str) else html
    answer = Fetched(
        url="https://news.example/2026/story",
        status=200,
        body=body,
        content_type="text/html; charset=utf-8",
        fetched_at=NOW,
    )
    return replace(answer, **options)  # type: ignore[arg-type]


def article_page(head: str = "", body: str = PARAGRAPHS, lang: str = "en") -> Fetched:
    return fetched(
        f'<!doctype html><html lang="{lang}"><head>{head}</head><body>'
        f'<nav><a href="/">Home</a></nav><article><h1>Apple trains on TPUs</h1>{body}</article>'
        "<footer>About us</footer></body></html>"
    )


def refusal(answer: Fetched) -> ParseError:
    with pytest.raises(ParseError) as raised:
        ingest.page(answer, now=NOW)
    return raised.value


# --- article pages -----------------------------------------------------------------------------


def test_a_page_gives_its_article_and_what_it_says_about_itself() -> None:
    got = ingest.page(
        article_page(
            '<script type="application/ld+json">{"@graph": [{"@type": ["Thing", "NewsArticle"],'
            '"headline": "Apple trains on TPUs", "datePublished": "2026-03-01T09:00:00+09:00",'
            '"author": [{"name": "Li Dan"}, "https://x.example", {"name": "Li Dan"}],'
            '"inLanguage": "en-US", "isBasedOn": {"url": "https://paper.example/afm.pdf"},'
            '"translationOfWork": {"inLanguage": "zh-CN"}}]}</script>'
        ),
        now=NOW,
    )
    assert got.title == "Apple trains on TPUs"
    assert got.text.startswith("Apple trains on TPUs\n\nParagraph 2 of the report")
    assert "About us" not in got.text
    assert (got.lang, got.authors) == ("en", ("Li Dan",))
    assert got.published_at == datetime(2026, 3, 1, tzinfo=UTC)
    assert (got.is_based_on, got.translated_from) == ("https://paper.example/afm.pdf", "zh-Hans")
    assert (got.source_id, got.partial) == ("", False)


def test_a_date_in_the_future_is_clamped() -> None:
    head = '<meta property="article:published_time" content="2099-01-01T00:00:00Z">'
    assert ingest.page(article_page(head), now=NOW).published_at == NOW


def test_the_canonical_link_names_the_article_or_its_original() -> None:
    own = ingest.page(
        article_page('<link rel="canonical" href="/2026/story?utm_source=x">'), now=NOW
    )
    assert (own.url, own.is_based_on) == ("https://news.example/2026/story", None)
    other = ingest.page(
        article_page('<link rel="stylesheet"><link rel=canonical href="https://first.example/1">'),
        now=NOW,
    )
    assert (other.url, other.is_based_on) == (
        "https://news.example/2026/story",
        "https://first.example/1",
    )


@pytest.mark.parametrize(
    ("html", "title"),
    [
        ("<title>Story | Site</title>", "Story"),
        ("<title>Story_Site</title>", "Story_Site"),
        ("<title>要闻｜站点</title>", "要闻"),
        ('<meta property="og:title" content="Story - Site"><h1>Story</h1>', "Story"),
        ('<meta property="og:title" content="Story tol…"><h1>Story told whole</h1>',
         "Story told whole"),
        ('<meta property="og:title" content="Told"><h1>The section</h1>', "Told"),
        ('<meta name="og:title" content="First"><meta name="og:title" content="x">', "First"),
        ("", ""),
    ],
)  # fmt: skip
def test_the_title_is_the_articles_not_the_sites(html: str, title: str) -> None:
    assert metadata.read(html, "https://news.example/").title == title


def test_metadata_survives_nonsense() -> None:
    deep = "[" * 20 + '{"@type":"NewsArticle","headline":"deep"}' + "]" * 20
    html = (
        '<script type="application/ld+json">{broken</script>'
        f'<script type="application/ld+json">{deep}</script>'
        '<script type="application/ld+json">{"@type":"Person","name":"x"}</script>'
        '<script type="application/ld+json">{"@type":"Article","author":[],"isBasedOn":3,'
        '"datePublished":["2026-03-01"],"inLanguage":{"alternateName":"ja"},'
        '"translationOfWork":"https://o.example/"}</script>'
        '<meta name="author" content="Li"><meta name="empty" content="">'
    )
    about = metadata.read(html, "https://news.example/")
    assert (about.authors, about.lang, about.is_based_on) == (("Li",), "ja", "https://o.example/")
    assert about.published == datetime(2026, 3, 1, tzinfo=UTC)
    assert metadata.read('<meta name="author" content="https://x.example">', "").authors == ()
    nothing = metadata.read(
        '<script type="application/ld+json">{"@type":"Article","author":[[]]}</script>', ""
    )
    assert nothing.authors == ()


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (fetched(b"x" * (5 * 1024 * 1024 + 1)), "page.too_large"),
        (fetched("%PDF", content_type="application/pdf"), "page.not_html"),
        (fetched("  \n"), "page.empty"),
        (fetched("<html><body><p>Too short.</p></body></html>"), "page.empty"),
        (fetched("<html><head><title>Nothing here</title></head></html>"), "page.empty"),
    ],
)
def test_what_is_no_article_is_refused_by_name(answer: Fetched, code: str) -> None:
    assert refusal(answer).code == code


def test_an_extractor_that_fails_gives_a_parse_error() -> None:
    def broken(page: tree.Tidy) -> str | None:
        raise ValueError(page)

    with pytest.raises(ParseError) as raised:
        webpage._main_text(tree.tidy("<p>"), metadata.Metadata(), broken)
    assert raised.value.code == "page.broken"


# --- walls -------------------------------------------------------------------------------------

CHALLENGES = (
    "<title>Just a moment...</title><p>Enable JavaScript and cookies to continue</p>",
    "<title>n.example</title><script>window._cf_chl_opt={}</script><p>Verifying you are human.</p>",
    "<title>Access Denied</title><p>You don't have permission. Reference #18.2f</p>",
    "<title>百度安全验证</title><p>请完成下方验证</p>",
    "<title>ページ</title><p>ロボットではありませんか。確認のためチェックを入れてください。</p>",
    "<title>x</title><p>Our systems have detected unusual traffic from your computer network.</p>",
)
CONSENTS = (
    "<title>Before you continue</title><p>We use cookies and data to deliver services.</p>",
    "<title>News</title><p>We and our 842 partners store and access information with cookies.</p>",
    "<title>ニュース</title><p>当サイトはクッキーを使用します。プライバシーポリシーに同意してください。</p>",
    "<title>News</title><div id=onetrust-pc>x</div><p>Please choose whether you consent.</p>",
    "<title>新闻</title><p>我们与第三方处理您的个人信息。请选择全部接受或查看隐私政策。</p>",
)
PAYWALLS = (
    "<p>The rest of this story is for members. Subscribe to continue reading.</p>",
    "<p>この記事は有料会員限定です。残り 1,824 文字</p>",
    "<p>登录后阅读全文</p>",
    "<p>You’ve reached your limit of free articles.</p>",
)


@pytest.mark.parametrize("html", CHALLENGES)
def test_a_challenge_is_no_article(html: str) -> None:
    assert refusal(fetched(f"<html><body>{html}</body></html>")).code == "page.challenge"


@pytest.mark.parametrize("html", CONSENTS)
def test_a_consent_wall_is_no_article(html: str) -> None:
    assert refusal(fetched(f"<html><body>{html}</body></html>")).code == "page.consent"


def test_a_consent_host_needs_no_words() -> None:
    answer = replace(article_page(), url="https://consent.news.example/x")
    assert refusal(answer).code == "page.consent"


@pytest.mark.parametrize("html", PAYWALLS)
def test_a_paywalled_page_gives_its_teaser_at_most(html: str) -> None:
    teaser = "<p>Apple used 8,192 chips for the server model, the 47-page paper says, and more.</p>"
    error = refusal(article_page(body=teaser + html))
    assert isinstance(error, ingest.PageRefused)
    assert error.code == "page.paywall"
    assert error.teaser is not None
    assert error.teaser.partial
    assert "8,192" in error.teaser.text
    assert walls.without_notices(error.teaser.text) == error.teaser.text
    back = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert (back.code, back.teaser) == (error.code, error.teaser)


def test_a_paywall_without_a_teaser_gives_none() -> None:
    error = refusal(article_page(body=PAYWALLS[0]))
    assert isinstance(error, ingest.PageRefused)
    assert error.teaser is None


def test_articles_about_cookies_and_robots_are_articles() -> None:
    about = PARAGRAPHS + "<p>The cookie consent of its partners and the privacy debate go on.</p>"
    assert "privacy debate" in ingest.page(article_page(body=about * 2), now=NOW).text
    robots = "<script>window._cf_chl_opt={}</script>" + PARAGRAPHS
    assert ingest.page(article_page(robots), now=NOW).text


# --- plain texts -------------------------------------------------------------------------------


def test_a_text_is_kept_as_it_is(shared_data: Path) -> None:
    text = (shared_data / "seed" / "seed-article.ja.txt").read_text()
    got = ingest.document(text, url="file:seed", now=NOW)
    assert got.text == text
    assert got.title.startswith("アップルは発表しました")
    assert (got.lang, got.translated_from) == ("ja", "zh-Hans")


@pytest.mark.parametrize(
    ("text", "title", "lang", "original"),
    [
        ("\n news_site \n\nApple trains its models on TPUs\n\nThe paper says that it used 8,192.",
         "Apple trains its models on TPUs", "en", None),
        ("苹果官宣模型训练方法\n\nApple trains its models on TPUs\n\nThe paper says that it is so.",
         "Apple trains its models on TPUs", "en", "zh-Hans"),
        ("短い\nアップルの論文によると、八千個のチップを使った。\nそうだ。",
         "アップルの論文によると、八千個のチップを使った。", "ja", None),
        ("ok", "ok", "en", None),
        ("x" * 400 + "\nA real headline of words", "A real headline of words", "en", None),
        ("", "", "und", None),
    ],
)  # fmt: skip
def test_a_texts_title_is_its_first_real_headline(
    text: str, title: str, lang: str, original: str | None
) -> None:
    got = ingest.document(text, url="-", now=NOW)
    assert (got.title, got.lang, got.translated_from) == (title, lang, original)
    assert got.text == text


# --- pages that list stories -------------------------------------------------------------------

TELEGRAM = """<!doctype html><html><head><meta property="og:title" content="AI &amp; chips">
</head><body><div class="tgme_widget_message_wrap"><div class="tgme_widget_message"
data-post="chips/41"><div class="tgme_widget_message_text js-message_text">Apple uses
<b>8,192</b> chips<br/>The paper has 47 pages.</div><span class="tgme_widget_message_from_author">Li
</span><a class="tgme_widget_message_date"><time datetime="2026-03-01T09:00:00+00:00"></time></a>
</div></div><div class="tgme_widget_message_wrap"><div class="tgme_widget_message"
data-post="chips/42"><div class="tgme_widget_message_photo"></div></div></div></body></html>"""


def parse(html: str, kind: str = "feed", **options: object) -> ingest.Feed:
    return ingest.parse(fetched(html, **options), source=replace(SOURCE, kind=kind))  # type: ignore[arg-type]


def test_a_telegram_channels_preview_is_a_feed() -> None:
    feed = parse(TELEGRAM, url="https://t.me/s/chips")
    assert feed.title == "AI & chips"
    (post,) = feed.entries
    assert (post.guid, post.link) == ("chips/41", "https://t.me/chips/41")
    assert post.title == "Apple uses 8,192 chips"
    assert post.published == datetime(2026, 3, 1, 9, tzinfo=UTC)
    assert post.authors == ("Li",)


def test_a_telegram_page_without_posts_is_refused() -> None:
    with pytest.raises(ingest.NotAFeed):
        parse("<html><body class=tgme_widget_message></body></html>")


def index_page(anchors: str) -> str:
    return (
        '<html lang="ja"><head><title>News</title></head><body><nav><a href="/n/99">'
        f"A long enough link in the navigation</a></nav>{anchors}</body></html>"
    )


def test_an_index_page_gives_its_headlines() -> None:
    story = (
        '<article><h2><a href="/news/{0}">Headline number {0} of the day</a></h2>'
        '<time datetime="2026-03-0{0}T00:00:00Z"></time>'
        '<a href="/news/{0}#c">Comments on story {0}, all of them</a></article>'
    )
    feed = parse(index_page("".join(story.format(n) for n in (1, 2, 3))), kind="page")
    assert [e.link for e in feed.entries] == [f"https://news.example/news/{n}" for n in (1, 2, 3)]
    assert feed.entries[0].title == "Headline number 1 of the day"
    assert feed.entries[0].published == datetime(2026, 3, 1, tzinfo=UTC)
    assert (feed.title, feed.lang) == ("News", "ja")


def test_links_count_as_headlines_where_there_are_no_headings() -> None:
    feed = parse(
        index_page(
            '<a href="/a-story-told">アップルが論文を公開した件</a><a href="/short-one">短い</a>'
            '<a href="javascript:x()">A link that runs a script of some kind</a>'
            '<a href="/about">Everything there is to know about us</a>'
            '<a href="/2026/story">This very page under its own address</a>'
        ),
        kind="page",
    )
    assert [(e.title, e.published) for e in feed.entries] == [("アップルが論文を公開した件", None)]


def test_a_page_without_headlines_is_refused() -> None:
    for html in (index_page(""), "<!doctype html><html><body></body></html>"):
        with pytest.raises(ingest.NotAFeed):
            parse(html, kind="page")
    with pytest.raises(ingest.NotAFeed):
        listings.index(b"", url="https://n.example/", zone=None)
    with pytest.raises(ParseError) as error:
        parse(index_page("<a b=c>" * 50_000), kind="page")
    assert error.value.code == "parse.too_large"


SITEMAP = (
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    ' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">'
    "<url><loc>https://n.example/1</loc><news:news><news:publication><news:language>ja"
    "</news:language></news:publication><news:publication_date>2026-03-01</news:publication_date>"
    "<news:title>一つ目</news:title></news:news></url>"
    "<url><loc>https://n.example/2</loc><lastmod>2026-03-02</lastmod></url></urlset>"
)


def test_a_sitemap_is_a_feed() -> None:
    feed = parse(SITEMAP)
    one, two = feed.entries
    assert (one.title, one.link, one.lang) == ("一つ目", "https://n.example/1", "ja")
    assert one.published == datetime(2026, 3, 1, tzinfo=UTC)
    assert (two.link, two.updated) == ("https://n.example/2", datetime(2026, 3, 2, tzinfo=UTC))


def test_an_index_of_sitemaps_names_them_news_first() -> None:
    with pytest.raises(ingest.NotAFeed) as raised:
        parse(
            "<sitemapindex><sitemap><loc>https://n.example/old.xml</loc></sitemap>"
            "<sitemap><loc>https://n.example/a.xml</loc><lastmod>2026-03-01</lastmod></sitemap>"
            "<sitemap><loc>https://n.example/news.xml</loc></sitemap><sitemap/></sitemapindex>"
        )
    names = [url.rpartition("/")[2] for url in raised.value.candidates]
    assert names == ["news.xml", "a.xml", "old.xml"]


# --- pages that name feeds ---------------------------------------------------------------------


def test_anchors_count_where_nothing_is_declared() -> None:
    found = ingest.discover(
        fetched('<a href="/rss/">RSS</a><a href="/x?feed=rss2">f</a><a href="/about">a</a><a>b</a>')
    )
    assert found == ("https://news.example/rss/", "https://news.example/x?feed=rss2")


def test_json_feeds_are_told_from_other_json() -> None:
    link = '<link rel="alternate" type="application/json" href="{}">'
    assert ingest.discover(fetched(link.format("/feed.json"))) == (
        "https://news.example/feed.json",
    )
    assert ingest.discover(fetched(link.format("/wp-json/feed/1"))) == ()
    assert ingest.discover(fetched('<link rel="feed" href="/f">')) == ("https://news.example/f",)
    assert ingest.discover(fetched('<link rel="alternate" href="/ja/">')) == ()


def test_the_link_header_counts_and_other_links_in_it_do_not() -> None:
    header = '</feed>; rel="alternate"; type="application/atom+xml", </style>; rel="stylesheet"'
    assert ingest.discover(fetched("", links=header)) == ("https://news.example/feed",)


def test_guesses_look_where_sites_keep_their_feeds() -> None:
    found = discovery.guesses("https://news.example/blog/")
    assert found[0] == "https://news.example/blog/feed"
    assert "https://news.example/atom.xml" in found
    assert len(discovery.guesses("https://news.example/")) == len(discovery.WELL_KNOWN)


def test_articles_are_plain_data() -> None:
    assert isinstance(ingest.page(article_page(), now=NOW), Article)
