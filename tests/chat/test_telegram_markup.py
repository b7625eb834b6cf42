"""The HTML of every block, and that the loopback server reads HTML as Telegram does."""

import pytest
from inline_snapshot import snapshot

from bot.chat.telegram import markup
from bot.model import (
    Block,
    Bullets,
    Collapsed,
    Group,
    Heading,
    Message,
    Note,
    Paragraph,
    Run,
    Table,
)
from tests.chat.messages import digest, words
from tests.servers.telegram_html import Invalid, parse


def _made(*blocks: Block) -> str:
    return markup.render(Message(summary="s", blocks=blocks))


def test_the_digest_as_html() -> None:
    assert markup.render(digest(1)) == snapshot(
        """\
<b>📰 ニュース · News</b>

<b>1. Apple、AFM を TPU で訓練</b>
<i>Apple trained AFM on TPUs</i>
• サーバー版は TPUv4 <b>8,192 基</b>で訓練
<blockquote expandable><b>🇬🇧 English</b>
• Trained on 8,192 TPUv4 chips (1)</blockquote>
<b>📊 数字 · Figures</b>
• TPUv4: 8,192 基 · 8,192 chips
• 論文: 47 ページ · 47 pages
⚠️ 記事内で桁が矛盾: 6.3兆 ≠ 6,300億
<a href="https://a.example/1?a=1&amp;b">Source</a>\
"""
    )


@pytest.mark.parametrize(
    ("run", "made"),
    [
        (Run(text="a&b", bold=True, italic=True), "<b><i>a&amp;b</i></b>"),
        (Run(text="x<y", code=True, bold=True, href="https://a.b"), "<code>x&lt;y</code>"),
        (Run(text="t", href='https://a.b/?q="x"'), '<a href="https://a.b/?q=&quot;x&quot;">t</a>'),
        (Run(text="t", href="javascript:alert(1)"), "t"),
        (Run(text="t", href="tg://user?id=1"), "t"),
        (Run(text="t", href="https://a.b/" + "x" * 3_000), "t"),
        (Run(text=""), "s"),
    ],
)
def test_a_run(run: Run, made: str) -> None:
    assert _made(Paragraph(runs=(run,))) == made


def test_no_blockquote_stands_in_another() -> None:
    quote = Note(kind="quote", runs=words("quoted"))
    assert _made(quote) == "<blockquote>quoted</blockquote>"
    inside = _made(Collapsed(title="English", blocks=(quote, Heading(runs=words("h")))))
    assert inside == "<blockquote expandable><b>English</b>\nquoted\n<b>h</b></blockquote>"


def test_empty_blocks_leave_no_lines() -> None:
    empty = (
        Paragraph(runs=()),
        Note(kind="quote", runs=()),
        Heading(runs=words("")),
        Bullets(items=((), words("x"))),
        Table(caption="", header=("a",), rows=(("only",),)),
        Collapsed(title="", blocks=()),
        Group(blocks=(Paragraph(runs=()), Paragraph(runs=words("y")))),
    )
    assert _made(*empty) == "• x\n\n• only\n\ny"


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("あ<p>", 'Unsupported start tag "p" at byte offset 3'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("📈<b><i>x</b>", 'Unmatched end tag at byte offset 11, expected "</i>", found "</b>"'),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("a <b", "Unclosed start tag at byte offset 2"),
        ('<a href="x', 'Unclosed start tag "a" at byte offset 0'),
        ("5 < 6", 'Unsupported start tag "" at byte offset 2'),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_the_server_refuses_html_as_telegram_does(source: str, told: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse(source)
    assert str(caught.value) == told


def test_the_server_reads_html_as_telegram_does() -> None:
    source = "📈 <B>a</b>&lt;&#33;&#x3042;&nbsp;&amp <a href='https://a.b/?x&amp;y'>l</a></>"[:-3]
    text, entities = parse(source)
    assert text == "📈 a<!あ&nbsp;& l"
    assert entities == [
        {"type": "bold", "offset": 3, "length": 1},
        {"type": "text_link", "offset": 15, "length": 1, "url": "https://a.b/?x&y"},
    ]
    assert parse("<span class=tg-spoiler>x</><code class='language-py'>y</code>")[1] == [
        {"type": "spoiler", "offset": 0, "length": 1},
        {"type": "code", "offset": 1, "length": 1},
    ]
