"""Whether two sightings are one article: what publishers do, and what must come of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot import ingest
from bot.ingest import Entry, identity, links
from bot.ingest.article import compose, headline, is_partial
from bot.model import Source

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
THEN = datetime(2026, 3, 1, 9, tzinfo=UTC)
SOURCE = Source(id="s", url="https://news.example/feed")
BODY = "<p>The server model used 8,192 chips, the paper says, and the device model 2,048.</p>"


def is_known(before: Entry, after: Entry) -> bool:
    seen = set(ingest.keys(before, SOURCE))
    return any(key in seen for key in ingest.keys(after, SOURCE))


def entry(**fields: object) -> Entry:
    given: dict[str, object] = {
        "guid": "g1",
        "link": "https://news.example/2026/apple-trains-model",
        "title": "Apple trains its model",
        "content": BODY,
        "published": THEN,
        **fields,
    }
    return Entry(**given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change",
    [
        {"guid": "g2"},
        {"guid": "g2", "link": "https://news.example/2026/apple-trains-model?r=9"},
        {"title": "Apple trains its new model"},
        {"title": "Apple trains it", "content": "<p>Corrected.</p>"},
        {"link": "https://www.news.example/2026/other-slug"},
        {"link": "https://cdn.example/x", "title": "Edited", "content": ""},
        {"published": THEN + timedelta(hours=3)},
        {"published": None, "content": ""},
        {"guid": "", "published": NOW},
        {"guid": "g2", "published": NOW},
    ],
)
def test_one_article_is_known_again(change: dict[str, object]) -> None:
    assert is_known(entry(), entry(**change))


@pytest.mark.parametrize(
    "change",
    [
        # a guid that is recycled, like a position in the list
        {
            "link": "https://news.example/2026/b-story",
            "title": "B",
            "content": "",
            "published": NOW,
        },
        # a series under one headline and one page
        {"guid": "g2", "published": NOW, "content": "<p>Today's programme is another one.</p>"},
        {"guid": "g2", "link": "https://news.example/2026/c-story", "title": "C", "content": ""},
    ],
)
def test_another_article_is_news(change: dict[str, object]) -> None:
    assert not is_known(entry(), entry(**change))


def test_a_number_in_the_address_survives_a_new_slug_and_guid() -> None:
    before = entry(
        guid="https://dw.example/old/a-69812345", link="https://dw.example/old/a-69812345"
    )
    after = entry(
        guid="https://dw.example/new/a-69812345",
        link="https://dw.example/new/a-69812345",
        title="A new headline",
        content="",
        published=NOW,
    )
    assert is_known(before, after)
    dated = entry(link="https://n.example/20260301", guid="a", title="A", content="")
    other = entry(
        link="https://n.example/x/20260301", guid="b", title="B", content="", published=NOW
    )
    assert not is_known(dated, other)


def test_fields_that_a_feed_shares_are_no_keys() -> None:
    shared = frozenset(("guid", "link", "title", "date"))
    one = entry(shared=shared, link="https://status.example/", content="")
    two = entry(shared=shared, link="https://status.example/", content="", title="Other")
    assert not is_known(one, two)


def test_keys_belong_to_one_source() -> None:
    other = Source(id="t", url=SOURCE.url)
    assert not set(ingest.keys(entry(), SOURCE)) & set(ingest.keys(entry(), other))


def test_the_first_key_is_the_entry_to_the_letter() -> None:
    assert ingest.keys(entry(), SOURCE)[0] == ingest.keys(entry(), SOURCE)[0]
    edited = entry(content=BODY + " ")
    assert ingest.keys(entry(), SOURCE)[0] != ingest.keys(edited, SOURCE)[0]


def test_an_empty_entry_has_no_key_and_no_article() -> None:
    feed = ingest.Feed(entries=(Entry(), entry()))
    articles = ingest.articles(feed, source=SOURCE, now=NOW)
    keys = [ingest.keys(e, SOURCE) for e in feed.entries]
    assert (keys[0], articles[0].text) == ((), "")
    assert [a.id for a, _ in ingest.recognise(articles, keys, {})] == [articles[1].id]
    assert identity.article_id(Entry(), SOURCE)


def test_an_entry_with_a_bare_text_or_guid_has_keys() -> None:
    assert len(ingest.keys(Entry(summary="Short"), SOURCE)) == 2
    assert len(ingest.keys(Entry(guid="g"), SOURCE)) == 2


def test_two_entries_of_one_article_become_one() -> None:
    twins = (entry(), entry(title="Apple trains its model!"))
    articles = ingest.articles(ingest.Feed(entries=twins), source=SOURCE, now=NOW)
    keys = [ingest.keys(e, SOURCE) for e in twins]
    settled = ingest.recognise(articles, keys, {})
    assert [(a.title, new) for a, new in settled] == [("Apple trains its model", True)]


def test_a_known_article_takes_its_known_id_and_an_old_one_that_slides_back_is_no_news() -> None:
    articles = ingest.articles(ingest.Feed(entries=(entry(),)), source=SOURCE, now=NOW)
    keys = [ingest.keys(entry(), SOURCE)]
    seen = dict.fromkeys(keys[0], "first")
    assert [(a.id, new) for a, new in ingest.recognise(articles, keys, seen)] == [("first", False)]


def test_a_new_avatar_is_no_edit() -> None:
    one = identity.content_hash("8,192 chips\na.php?ts=1 https://x.example/1")
    assert one == identity.content_hash("8192 chips a.php?ts=2\nhttps://x.example/2")
    assert one != identity.content_hash("8193 chips")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("It rose 1.5 percent.", "It rose 15 percent."),
        ("利益は-3億円", "利益は3億円"),
        ("利益は▲3億円", "利益は3億円"),
        ("It cost $5 million", "It cost €5 million"),
        ("It rose 3% today", "It rose 3 today"),
        ("全体の1/2", "全体の12"),
        ("8:30に始まる", "830に始まる"),
        ("Es stieg um 1,5 Prozent", "Es stieg um 15 Prozent"),
        ("8,192 chips", "8,193 chips"),
    ],
)
def test_a_changed_number_is_an_edit(before: str, after: str) -> None:
    assert identity.content_hash(before) != identity.content_hash(after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("１２３個", "123個"),
        ("8,192 chips, in all.", "8192 chips in all"),
        ("「上がった」と、述べた。", "上がったと述べた"),
        ("a−1 and b", "a-1 and  b"),
        ("end of line.\nNext", "end of line. next"),
    ],
)
def test_other_spelling_is_no_edit(before: str, after: str) -> None:
    assert identity.content_hash(before) == identity.content_hash(after)


# --- articles ----------------------------------------------------------------------------------


def article(language: str | None = None, **fields: object) -> object:
    feed = ingest.Feed(entries=(entry(**fields),), lang=language)
    return ingest.articles(feed, source=SOURCE, now=NOW)[0]


def test_an_article_begins_with_its_headline_once() -> None:
    got = ingest.articles(
        ingest.Feed(entries=(entry(content=f"<h1>Apple trains its model</h1>{BODY}"),)),
        source=SOURCE,
        now=NOW,
    )[0]
    assert got.text.startswith("Apple trains its model\n\nThe server model")
    assert got.text.count("Apple trains") == 1
    assert (got.lang, got.guid, got.published_at) == ("en", "g1", THEN)


@pytest.mark.parametrize(
    ("title", "prior", "lang"),
    [
        ("電池新工場建設", "ja", "ja"),
        ("北海道大学研究開発", "ja", "ja"),
        ("北海道大学研究開発", "zh-CN", "zh-Hans"),
        ("市長会見全文", "zh-TW", "zh-Hant"),
        ("電池の新工場", "zh-CN", "ja"),
        ("电池新工厂建设", "ja", "zh-Hans"),
        ("電池新廠動工興建", None, "zh-Hant"),
        ("Chips are short", "ja", "en"),
    ],
)
def test_the_script_tells_the_language_and_the_feed_where_it_cannot(
    title: str, prior: str | None, lang: str
) -> None:
    got = ingest.articles(
        ingest.Feed(entries=(entry(title=title, content=""),), lang=prior), source=SOURCE, now=NOW
    )[0]
    assert got.lang == lang


def test_the_longer_of_content_and_summary_is_the_text() -> None:
    got = ingest.articles(
        ingest.Feed(entries=(entry(content="Read on.", summary=BODY),)), source=SOURCE, now=NOW
    )[0]
    assert "8,192 chips" in got.text


def test_the_link_loses_its_trackers_and_falls_back_to_the_site() -> None:
    tracked = entry(link="https://news.example/a?utm_source=rss&id=7#c")
    bare = entry(link="")
    feed = ingest.Feed(url="https://news.example/", entries=(tracked, bare))
    urls = [a.url for a in ingest.articles(feed, source=SOURCE, now=NOW)]
    assert urls == ["https://news.example/a?id=7#c", "https://news.example/"]


def test_a_headline_is_found_where_none_is_given() -> None:
    assert headline(entry(title="", content="", summary="<p>Short.</p>")) == "Short."
    long = headline(entry(title="", content="<p>" + "word " * 100 + "</p>", summary=""))
    assert len(long) == 120
    assert long.endswith("…")
    assert headline(entry(title="", content="", summary="")) == entry().link
    assert compose("", "text") == "text"


@pytest.mark.parametrize(
    ("body", "has_content", "partial"),
    [
        ("A short one.", True, False),
        ("A short one.", False, True),
        ("x" * 2000, False, False),
        ("It goes on […]", True, True),
        ("本文は続く 続きを読む", True, True),
        ("", True, True),
    ],
)
def test_excerpts_are_marked(body: str, has_content: bool, partial: bool) -> None:
    assert is_partial(body, has_content=has_content) == partial


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("https://n.example:8443/a", "https://n.example:8443/a"),
        ("https://n.example", "https://n.example/"),
        ("https://n.example:x/", "https://n.example:x/"),
        ("https://www.bilibili.com/v/1?from=a&p=2", "https://www.bilibili.com/v/1?p=2"),
        ("https://n.example/a?from=a", "https://n.example/a?from=a"),
        ("https://n.example:81/a?spm=1", "https://n.example:81/a"),
        (
            "https://mp.weixin.qq.com/s?__biz=M&mid=2&idx=1&sn=a&chksm=b&scene=21",
            "https://mp.weixin.qq.com/s?__biz=M&idx=1&mid=2&sn=a",
        ),
        (
            "https://baijiahao.baidu.com/s?id=17&wfr=spider&for=pc",
            "https://baijiahao.baidu.com/s?id=17",
        ),
        (
            "https://www.toutiao.com/article/7/?app=news&timestamp=1&share_token=x&tt_from=weixin",
            "https://www.toutiao.com/article/7/",
        ),
        ("https://weibo.com/1/a?from=page_100&wfr=2", "https://weibo.com/1/a"),
        (
            "https://finance.sina.com.cn/a.shtml?from=wap&wm=3049",
            "https://finance.sina.com.cn/a.shtml",
        ),
        ("https://item.example/a?spm=a2.1&scm=10&id=5", "https://item.example/a?id=5"),
        ("https://36kr.com/p/1?f=rss", "https://36kr.com/p/1"),
        ("https://udn.com/news/story/1/2?from=udn-ch1_breaknews", "https://udn.com/news/story/1/2"),
        (
            "https://www.asahi.com/articles/A.html?iref=comtop_7_01",
            "https://www.asahi.com/articles/A.html",
        ),
        ("https://n.example/a?for=kids&wfr=1&f=2", "https://n.example/a?f=2&for=kids&wfr=1"),
    ],
)
def test_canonical_links_keep_what_chooses_the_page(url: str, canonical: str) -> None:
    assert links.canonical(url) == canonical


@pytest.mark.parametrize(
    "tracked",
    """baijiahao.baidu.com/s?id=17&wfr=spider&for=pc
    blog.csdn.net/a/article/details/1?id=17&ops_request_misc=x&request_id=2&biz_id=0&spm=1018.2
    www.bilibili.com/video/BV1?id=17&vd_source=1&spm_id_from=333.1007&share_plat=ios
    www.zhihu.com/question/1?id=17&utm_psn=1&share_code=x
    www.163.com/dy/article/X.html?id=17&spss=dy_author&f=post2020
    news.qq.com/rain/a/20260302A?id=17&suid=&media_id=&refer=wx_hot
    www.thepaper.cn/newsDetail_forward_1?id=17&commTag=true
    www.toutiao.com/article/7/?id=17&wid=1&log_from=ab&app=news_article
    m.weibo.cn/status/1?id=17&sourceType=weixin&from=10C&wm=20005&featurecode=newtitle
    www.douban.com/note/1/?id=17&_i=123&dt_dapp=1
    www.sohu.com/a/1_2?id=17&spm=smpc.home.1&scm=10001.1
    36kr.com/p/1?id=17&f=rss
    news.ifeng.com/c/8?id=17&from=ifeng
    mp.weixin.qq.com/s?chksm=x&scene=27&id=17
    news.example/a?from=timeline&isappinstalled=0&id=17
    news.example/a?from=groupmessage&share_token=a&id=17""".split(),
)
def test_what_chinese_platforms_add_to_a_link_is_no_part_of_it(tracked: str) -> None:
    link = f"https://{tracked}"
    assert links.canonical(link) == f"{link.partition('?')[0]}?id=17"
    elsewhere = "https://other.example/a?app=2&commTag=true&f=rss&for=pc&from=tokyo&wm=20"
    assert links.canonical(elsewhere) == elsewhere


@pytest.mark.parametrize(
    ("title", "declared", "lang"),
    [
        ("電池新工場建設", "ja", "ja"),  # of kanji alone: only the source tells
        ("電池新工場建設", "zh-TW", "zh-Hant"),
        ("苹果发布三款芯片", "ja", "zh-Hans"),  # letters that Japanese does not have
        ("蘋果發表三款晶片", "zh-CN", "zh-Hant"),
        ("蘋果發表三款晶片", "en", "zh-Hant"),
        ("アップルが電池工場を建てる", "zh-CN", "ja"),
        ("Apple opens 3 battery plants", "ja", "en"),
        ("애플이 배터리 공장을 짓는다", "en", "ko"),
    ],
)
def test_the_script_tells_the_language_and_the_source_where_it_does_not(
    title: str, declared: str, lang: str
) -> None:
    one = Entry(guid="1", title=title)
    for source, feed in (
        (replace(SOURCE, lang=declared), ingest.Feed(entries=(one,))),
        (SOURCE, ingest.Feed(entries=(one,), lang=declared)),
        (SOURCE, ingest.Feed(entries=(replace(one, lang=declared),), lang="de")),
    ):
        (found,) = ingest.articles(feed, source=source, now=NOW)
        assert found.lang == lang


def test_links_that_are_none_are_empty() -> None:
    for link in ("", "  ", "https://", "https://n.example/" + "a" * 3000, "//[bad", "tel:1"):
        assert links.absolute(link, "https://news.example/") == ""
    assert links.place("") == ""
