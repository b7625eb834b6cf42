"""What platforms share: a message as plain text."""

from inline_snapshot import snapshot

from bot.chat.base import plain
from bot.model import Message, Note, Table
from tests.chat.messages import digest, words


def test_a_message_as_plain_text() -> None:
    assert plain(digest(1)) == snapshot("""\
📰 ニュース · News

1. Apple、AFM を TPU で訓練
Apple trained AFM on TPUs
• サーバー版は TPUv4 8,192 基で訓練
🇬🇧 English
• Trained on 8,192 TPUv4 chips (1)
📊 数字 · Figures
• TPUv4: 8,192 基 · 8,192 chips
• 論文: 47 ページ · 47 pages
⚠️ 記事内で桁が矛盾: 6.3兆 ≠ 6,300億
Source\
""")


def test_what_is_empty_leaves_nothing() -> None:
    table = Table(caption="", header=("a", "b"), rows=(("only the name", ""),))
    quote = Note(kind="quote", runs=words(""))
    assert plain(Message(summary="s", blocks=(quote, table))) == "• only the name"
