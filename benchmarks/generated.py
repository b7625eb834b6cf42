"""Generated feeds like those of news sites: HTML in four languages, of every kind that is read.

Each maker takes how many entries and the number of the first, so that feeds differ in every
headline, link and date, as the feeds of different publishers do.
"""

import json
from collections.abc import Callable

STORIES = (
    (
        "アップル、基盤モデルの学習に8,192個のTPUを使用",
        "論文によると、サーバー向けモデルは6.3兆トークンで学習された。",
    ),
    ("苹果用谷歌芯片训练模型，共用8192块", "论文长47页，称端侧模型使用2048块TPUv5p芯片。"),
    ("蘋果以 Google TPU 訓練模型", "伺服器模型用了8192顆晶片，裝置端模型用了2048顆。"),
    (
        "Apple trained its models on 8,192 TPUs",
        "The 47-page paper counts 2,048 chips &amp; 6.3 trillion tokens.",
    ),
)
MORE = (
    '<p>{0} <a href="https://news.example/more?utm_source=rss&amp;id={1}">more</a></p>'
    '<figure><img src="https://cdn.example/{1}.jpg" alt="chip" width="640"/><figcaption>Photo: Li'
    "</figcaption></figure><ul><li>8,192 chips</li><li><b>47</b> pages</li></ul>"
    '<blockquote style="color: #333">{0}</blockquote>'
)
_DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
_CONTENT = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'


def story(number: int) -> tuple[str, str, str]:
    """A headline, a summary and HTML of about 1.5 kB."""
    title, summary = STORIES[number % len(STORIES)]
    html = "".join(MORE.format(summary * 2, number + part) for part in range(3))
    return f"{title} ({number})", summary, html


def _clock(number: int) -> str:
    """A time of the day, the first entry's the latest, as in nearly all feeds."""
    number = 86_399 - number % 86_400
    return f"{number // 3600:02}:{number // 60 % 60:02}:{number % 60:02}"


def rss(count: int, first: int = 0) -> bytes:
    """RSS 2.0 with the whole story in content:encoded."""
    items = []
    for n in range(first, first + count):
        title, summary, html = story(n)
        items.append(
            f"<item><title>{title}</title><link>https://news.example/{n}</link>"
            f'<guid isPermaLink="false">g{n}</guid><dc:creator>Li</dc:creator>'
            f"<category>AI</category><pubDate>Mon, 02 Mar 2026 {_clock(n)} GMT</pubDate>"
            f"<description>{summary}</description>"
            f"<content:encoded><![CDATA[{html}]]></content:encoded></item>"
        )
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0" {_DC} {_CONTENT}><channel>'
        "<title>News</title><link>https://news.example/</link><description>d</description>"
        f"{''.join(items)}</channel></rss>"
    ).encode()


def old_rss(count: int, first: int = 0) -> bytes:
    """RSS 0.91: a headline, a link and a teaser, without a date."""
    items = "".join(
        f"<item><title>{title}</title><link>https://news.example/{n}</link>"
        f"<description>{summary}</description></item>"
        for n in range(first, first + count)
        for title, summary, _ in [story(n)]
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE rss PUBLIC "-//Netscape Communications'
        '//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd">'
        '<rss version="0.91"><channel><title>News</title><link>https://news.example/</link>'
        f"<description>d</description><language>ja</language>{items}</channel></rss>"
    ).encode()


def broken(count: int, first: int = 0) -> bytes:
    """RSS 2.0 with what goes wrong most: HTML's entities, a bare ampersand, an element left open
    in a title, and a cut end."""
    body = rss(count, first).decode()
    body = body.replace("</title><link>", "&nbsp;R&D <b>new</title><link>")
    return body[: -len("</item></channel></rss>")].encode()


def atom(count: int, first: int = 0) -> bytes:
    """Atom 1.0 with the whole story as escaped HTML."""
    return _atom(count, first, "http://www.w3.org/2005/Atom", "updated", 'type="html"')


def old_atom(count: int, first: int = 0) -> bytes:
    """Atom 0.3, with its `modified` and `mode`."""
    said = 'type="text/html" mode="escaped"'
    return _atom(count, first, "http://purl.org/atom/ns#", "modified", said)


def _atom(count: int, first: int, namespace: str, updated: str, said: str) -> bytes:
    entries = []
    for n in range(first, first + count):
        title, summary, html = story(n)
        escaped = html.replace("&", "&amp;").replace("<", "&lt;")
        entries.append(
            f"<entry><title>{title}</title><id>urn:g{n}</id>"
            f'<link rel="alternate" href="https://news.example/{n}"/>'
            f"<{updated}>2026-03-02T{_clock(n)}Z</{updated}><author><name>Li</name></author>"
            f"<summary>{summary}</summary><content {said}>{escaped}</content></entry>"
        )
    return (
        f'<?xml version="1.0" encoding="utf-8"?><feed xmlns="{namespace}"><title>News</title>'
        f"<id>urn:n</id><{updated}>2026-03-02T00:00:00Z</{updated}>{''.join(entries)}</feed>"
    ).encode()


def rdf(count: int, first: int = 0) -> bytes:
    """RSS 1.0 as Japanese news sites write it: its list of items, Dublin Core, a teaser."""
    listed, items = [], []
    for n in range(first, first + count):
        title, summary, _ = story(n)
        listed.append(f'<rdf:li rdf:resource="https://news.example/{n}"/>')
        items.append(
            f'<item rdf:about="https://news.example/{n}"><title>{title}</title>'
            f"<link>https://news.example/{n}</link><description>{summary}</description>"
            f"<dc:creator>Li</dc:creator><dc:subject>AI</dc:subject>"
            f"<dc:date>2026-03-02T{_clock(n)}+09:00</dc:date></item>"
        )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rdf:RDF xmlns="http://purl.org/rss/1.0/"'
        f' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" {_DC}>'
        '<channel rdf:about="https://news.example/"><title>News</title>'
        "<link>https://news.example/</link>"
        f"<items><rdf:Seq>{''.join(listed)}</rdf:Seq></items></channel>{''.join(items)}</rdf:RDF>"
    ).encode()


def json_feed(count: int, first: int = 0) -> bytes:
    """JSON Feed 1.1."""
    items = []
    for n in range(first, first + count):
        title, summary, html = story(n)
        items.append(
            {
                "id": f"g{n}",
                "url": f"https://news.example/{n}",
                "title": title,
                "summary": summary,
                "content_html": html,
                "date_published": f"2026-03-02T{_clock(n)}Z",
            }
        )
    data = {"version": "https://jsonfeed.org/version/1.1", "title": "News", "items": items}
    return json.dumps(data, ensure_ascii=False).encode()


KINDS: dict[str, Callable[..., bytes]] = {
    "RSS 2.0": rss,
    "RSS 0.91": old_rss,
    "Atom 1.0": atom,
    "Atom 0.3": old_atom,
    "RDF": rdf,
    "broken RSS": broken,
    "JSON Feed": json_feed,
}
