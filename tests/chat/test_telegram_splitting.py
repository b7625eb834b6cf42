"""Long messages come in parts that fit, in order, with nothing lost and no bullet cut in two."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat import limits
from bot.chat.base import plain, row_text
from bot.chat.telegram import markup
from bot.chat.telegram.splitting import parts
from bot.model import (
    Block,
    Bullets,
    Button,
    Collapsed,
    Group,
    Heading,
    Message,
    Note,
    Paragraph,
    Run,
    Table,
)
from tests.chat.messages import digest, note, story, words
from tests.servers.telegram_html import parse, utf16


def _said(blocks: tuple[Block, ...]) -> Iterator[str]:
    """Every text of a tree in order, without the titles that a continuation repeats."""
    for block in blocks:
        match block:
            case Group() | Collapsed():
                yield from _said(block.blocks)
            case Bullets():
                yield from ("".join(r.text for r in item) for item in block.items)
            case Table():
                yield block.caption
                yield from map(row_text, block.rows)
            case _:
                yield "".join(r.text for r in block.runs)


def _all(messages: tuple[Message, ...]) -> str:
    return "".join(text for m in messages for text in _said(m.blocks))


def _assert_sound(message: Message) -> tuple[Message, ...]:
    """The parts, each as Telegram takes it, together as long as the whole."""
    split = parts(message)
    for part in split:
        made = markup.render(part)
        text, entities = parse(made)
        assert utf16(text) <= limits.TEXT_SAFE
        assert len(made.encode()) <= limits.BYTES
        assert len(entities) <= limits.ENTITIES
        assert text.strip()
    assert _all(split) == _all((message,))
    return split


def test_a_message_that_fits_stays_one() -> None:
    message = digest(5)
    assert parts(message) == (message,)


def test_an_empty_message_is_one_part() -> None:
    assert parts(Message(summary="x", blocks=())) == (Message(summary="x", blocks=()),)


def test_a_digest_is_split_between_stories() -> None:
    row = (Button(label="Ask", verb="ask"),)
    message = digest(30, "要点は長い。" * 20, actions=(row,))
    split = _assert_sound(message)
    assert len(split) > 1
    assert [b for part in split for b in part.blocks] == list(message.blocks)
    assert [part.actions for part in split] == [()] * (len(split) - 1) + [(row,)]
    assert split[0].summary == message.summary
    assert split[-1].summary == f"{message.summary} ({len(split)}/{len(split)})"


def test_no_bullet_is_cut_when_a_story_is_too_long() -> None:
    bullets = [f"<{n}> " + "半導体の売上が伸びた。" * 30 for n in range(20)]
    message = Message(summary="x", blocks=(story(1, *bullets),))
    split = _assert_sound(message)
    shown = [text for part in split for text in _said(part.blocks)]
    assert all(shown.count(bullet) == 1 for bullet in bullets)
    assert all(isinstance(part.blocks[0], Group) for part in split)


def test_a_heading_stays_with_what_it_heads() -> None:
    body = "電池の新工場を建設する。" * 320
    message = Message(
        summary="x",
        blocks=(
            Paragraph(runs=words("あ" * 3_900)),
            Heading(runs=words("見出し")),
            Paragraph(runs=words(body)),
        ),
    )
    split = _assert_sound(message)
    at = next(n for n, p in enumerate(split) if Heading(runs=words("見出し")) in p.blocks)
    assert len(split[at].blocks) == 2


def test_a_very_long_heading_leaves_no_scraps() -> None:
    message = Message(
        summary="x",
        blocks=(
            Heading(runs=words("見" * 3_990)),
            Paragraph(runs=words("本文。" * 100)),
            Heading(runs=words("出" * 9_000)),
        ),
    )
    assert len(_assert_sound(message)) <= 5


def test_2100_emoji_are_split_between_pairs() -> None:
    message = note("📈" * 2_100)
    split = _assert_sound(message)
    assert [len(plain(part)) for part in split] == [2_000, 100]


def test_joined_emoji_and_flags_are_not_parted() -> None:
    family = "👨\u200d👩\u200d👧\u200d👦"
    for text in (family * 800, "🇯🇵" * 1_500, "👍🏽" * 1_500):
        for part in _assert_sound(note(text)):
            assert not plain(part).startswith(("\u200d", "\ufe0f", "🏽"))
            assert len(plain(part)) % 2 == 0 or family in text


def test_long_japanese_text_is_cut_after_sentences() -> None:
    text = "サーバー版の基盤モデルは八千百九十二基のチップで訓練された。" * 500
    split = _assert_sound(note(text))
    assert all(plain(part).endswith("。") for part in split)
    assert len(split) <= len(text) // 3_900 + 1


def test_a_bullet_alone_too_long_is_cut_after_sentences() -> None:
    long = "第一に、売上は増えた。" * 600
    message = Message(summary="x", blocks=(Bullets(items=(words("短い"), words(long))),))
    split = _assert_sound(message)
    assert all(text.endswith("。") for p in split for text in _said(p.blocks) if text != "短い")


def test_a_long_table_keeps_its_rows_and_its_caption_once() -> None:
    rows = tuple((f"項目{n}", f"{n:,} 基", f"{n:,} chips") for n in range(400))
    huge = ("巨大", "x" * 5_000, "")
    table = Table(caption="📊 Figures", header=("項目", "ja", "en"), rows=(*rows, huge))
    split = _assert_sound(Message(summary="x", blocks=(table,)))
    assert sum("📊 Figures" in text for p in split for text in _said(p.blocks)) == 1
    lone = Table(caption="📊", header=("a", "b"), rows=(("n", "y" * 9_000),))
    assert [type(p.blocks[0]) for p in parts(Message(summary="x", blocks=(lone,)))] == [
        Paragraph
    ] * 3


def test_a_collapsed_language_goes_on_under_the_same_title() -> None:
    english = Collapsed(
        title="🇬🇧 English", blocks=(Paragraph(runs=words("A sentence of text. " * 400)),)
    )
    split = _assert_sound(Message(summary="x", blocks=(Group(blocks=(english,)),)))
    assert all(markup.render(part).startswith("<blockquote expandable>") for part in split)
    assert all("🇬🇧 English" in markup.render(part) for part in split)


def test_a_message_of_very_many_entities_is_split_by_them() -> None:
    runs = tuple(Run(text=f"{n} ", bold=n % 2 == 0) for n in range(600))
    assert len(_assert_sound(Message(summary="x", blocks=(Paragraph(runs=runs),)))) >= 3


def test_a_message_of_very_many_bytes_is_split_by_them() -> None:
    address = "https://a.example/" + "x" * 2_000
    runs = tuple(Run(text=f"{n} ", href=address) for n in range(40))
    assert len(_assert_sound(Message(summary="x", blocks=(Paragraph(runs=runs),)))) >= 3


_TEXTS = st.text(
    st.one_of(
        st.sampled_from("電池。、<>&\"'📈🇯🇵 \n👩\u200d"), st.characters(exclude_categories=["Cs"])
    ),
    min_size=1,
    max_size=60,
).map(lambda s: "語" + s * 12 + "。")
_RUNS = st.lists(
    st.builds(
        Run, text=_TEXTS, bold=st.booleans(), href=st.sampled_from([None, "https://a.b/?x&y"])
    ),
    min_size=1,
    max_size=4,
).map(tuple)
_LEAVES = st.one_of(
    st.builds(Paragraph, runs=_RUNS),
    st.builds(Heading, runs=_RUNS),
    st.builds(Bullets, items=st.lists(_RUNS, min_size=1, max_size=5).map(tuple)),
    st.builds(Note, kind=st.sampled_from(["warning", "quote", "footer"]), runs=_RUNS),
)
_COLLAPSED = st.builds(
    Collapsed, title=st.just("English"), blocks=st.lists(_LEAVES, max_size=3).map(tuple)
)
_GROUPS = st.builds(
    Group,
    blocks=st.lists(st.one_of(_LEAVES, _COLLAPSED), min_size=1, max_size=4).map(tuple),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.one_of(_LEAVES, _COLLAPSED, _GROUPS), min_size=1, max_size=4))
def test_whatever_the_tree_its_parts_fit_and_join(blocks: list[Block]) -> None:
    message = Message(summary="s", blocks=tuple(blocks))
    _assert_sound(message)


@pytest.mark.parametrize("count", [2, 7])
def test_parts_are_numbered_from_the_second(count: int) -> None:
    message = note("字" * limits.TEXT_SAFE * (count - 1) + "字")
    assert [p.summary[-5:] for p in parts(message)][1:] == [
        f"({n}/{count})" for n in range(2, count + 1)
    ]
