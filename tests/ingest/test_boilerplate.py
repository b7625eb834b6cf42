"""Lines around an article go, lines of the news with the same words stay."""

import pytest

from bot import ingest
from bot.ingest import boilerplate, metadata
from tests.ingest.test_pages import NOW, fetched

FIRST = "本紙の調べによると、この会社は8,192個の半導体を16日間使った。"


@pytest.mark.parametrize(
    "line",
    [
        "发布于 2026-03-12 20:18・IP 属地上海",
        "2026年3月12日 10:30",
        "责任编辑：陈悦",
        "汇流新闻报料：021-00000000",
        "本文来自微信公众号“鲸落商评”，作者：丁一，经授权发布。",
        "【記者吳明德／報導】",
        "掲載の記事・写真の無断転載を禁じます。",
        "记事の著作権は本社に帰属します。",
        "未经授权不得转载",
        "広告",
        "登録すると、毎日届くニュースレターを受け取れます。",
        "訂閱電子報，每天早上收到重點新聞",
        "更多精彩内容，下载青鸟新闻客户端",
    ],
)
def test_a_line_around_an_article_goes(line: str) -> None:
    assert boilerplate.without([FIRST, line], "見出し") == [FIRST]


@pytest.mark.parametrize(
    "line",
    [
        "漫画の無断転載サイトの運営者2人が逮捕された。",
        "著作権は誰のものかが争われている。",
        "去年有1,200万人下载了这款客户端。",
        "該頻道去年有3萬名新會員加入會員制度。",
        "3月12日の雨は30ミリだった。",
        "編集部は3月、次の記事を載せた。",
    ],
)
def test_a_line_of_the_news_stays(line: str) -> None:
    assert boilerplate.without([FIRST, line], "見出し") == [FIRST, line]


@pytest.mark.parametrize(
    ("head", "shown"),
    [
        ("折叠屏首次超过一成：二季度手机销量公布-三十六行", "h1"),
        ("折叠屏首次超过一成：二季度手机销量公布 @ 小島散步 :: 網誌 ::", "h2"),
        ("小島散步：折叠屏首次超过一成：二季度手机销量公布", "h2"),
    ],
)
def test_a_headline_with_a_colon_is_taken_whole(head: str, shown: str) -> None:
    title = "折叠屏首次超过一成：二季度手机销量公布"
    html = f"<title>{head}</title><body><{shown}>{title}</{shown}><p>{FIRST}</p></body>"
    assert metadata.read(html, "https://news.example/").title == title


def test_statements_that_no_end_follows_are_none() -> None:
    html = '<script type="application/ld+json">{"@type":"NewsArticle","headline":"x"}' * 3
    assert not metadata.read(html, "https://news.example/").is_article


def test_a_tag_of_very_many_attributes_is_read_without_them() -> None:
    """The parser compares each with all before it: a page of them took minutes."""
    many = " ".join(f"a{n}=1" for n in range(200_000))
    assert FIRST in ingest.page(fetched(f"<body><p {many}>{FIRST * 3}</p>"), now=NOW).text
    few = " ".join(f"data-a{n}='some longer value'" for n in range(150))
    assert FIRST in ingest.page(fetched(f"<body><p {few}>{FIRST * 3}</p>"), now=NOW).text
