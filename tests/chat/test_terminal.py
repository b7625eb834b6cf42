"""The terminal chat: lines in, readable text out, the same on every machine."""

import asyncio
import io
import os
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from bot import text
from bot.chat.terminal import Terminal, render
from bot.model import (
    Bullets,
    Button,
    Channel,
    Heading,
    Inbound,
    Message,
    Note,
    Paragraph,
    Run,
    Table,
)
from tests.chat.messages import digest, note, words
from tests.fakes import FakeClock

HERE = Channel(platform="terminal", chat_id="local")


@pytest.fixture
def clock(now) -> FakeClock:  # type: ignore[no-untyped-def]
    return FakeClock(now)


def test_a_digest_as_the_terminal_shows_it() -> None:
    message = digest(
        1, "長い要点は端末の幅で折り返され、句読点は行の頭に来ず、続きの行は揃えられる。" * 2
    )
    shown = render(message, width=60)
    assert shown == snapshot("""\
📰 ニュース · News

1. Apple、AFM を TPU で訓練
Apple trained AFM on TPUs
  • サーバー版は TPUv4 8,192 基で訓練
  • 長い要点は端末の幅で折り返され、句読点は行の頭に来ず、続
    きの行は揃えられる。長い要点は端末の幅で折り返され、句読
    点は行の頭に来ず、続きの行は揃えられる。
  🇬🇧 English
  • Trained on 8,192 TPUv4 chips (1)
  📊 数字 · Figures
    項目 · Item  日本語     English
    TPUv4        8,192 基   8,192 chips
    論文         47 ページ  47 pages
  ⚠ 記事内で桁が矛盾: 6.3兆 ≠ 6,300億
  Source <https://a.example/1?a=1&b>\
""")
    assert all(text.width(line) <= 60 for line in shown.splitlines())


def test_colours_are_the_same_text_with_styles() -> None:
    shown = render(digest(1), width=60, color=True)
    assert "\x1b[1m" in shown
    bare = shown
    for style in ("\x1b[1m", "\x1b[2m", "\x1b[33m", "\x1b[36m", "\x1b[0m"):
        bare = bare.replace(style, "")
    assert bare == render(digest(1), width=60)


def test_text_cannot_drive_the_terminal() -> None:
    evil = "a\x1b[2Jb\x07c\x9b31m"
    shown = render(
        Message(
            summary="",
            blocks=(
                Paragraph(runs=(Run(text=evil, href=f"https://a.example/{evil}"),)),
                Table(caption=evil, header=(evil, "v"), rows=((evil, "1"),)),
            ),
            actions=((Button(label=evil, verb="v"),),),
        )
    )
    assert "\x1b" not in shown
    assert "\x07" not in shown
    assert "\x9b" not in shown


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ("電池工場建設、完了", ["電池工場建", "設、完了"]),
        ("あいうえお「かき」", ["あいうえお", "「かき」"]),
        ("one two three four", ["one two", "three four"]),
        ("https://a.example/long/address is whole", ["https://a.example/long/address", "is whole"]),
        ("line\n\nnext", ["line", "", "next"]),
        ("約8,192基のTPUv4", ["約8,192基の", "TPUv4"]),
    ],
)
def test_lines_break_where_they_may(body: str, lines: list[str]) -> None:
    shown = render(Message(summary="", blocks=(Paragraph(runs=words(body)),)), width=12)
    assert shown.splitlines() == lines


def test_a_wide_table_fits_the_width_and_aligns() -> None:
    table = Table(
        caption="Figures",
        header=("項目", "日本語", "English"),
        rows=(
            ("サーバー版の基盤モデルの訓練に使われたチップ", "8,192基", "8,192 TPUv4 chips"),
            ("論文", "47ページ", "47 pages"),
        ),
    )
    lines = render(Message(summary="", blocks=(table,)), width=50).splitlines()
    assert all(text.width(line) <= 50 for line in lines)
    columns = {text.width(line[: line.index("8,192 TPU")]) for line in lines if "8,192 TPU" in line}
    columns |= {text.width(line[: line.index("47 pages")]) for line in lines if "47 pages" in line}
    assert len(columns) == 1


def test_notes_and_buttons() -> None:
    message = Message(
        summary="",
        blocks=(
            Heading(runs=words("News")),
            Note(kind="quote", runs=words("first line\nsecond line")),
            Bullets(items=((Run(text="see "), Run(text="https://a.b", href="https://a.b")),)),
            Note(kind="footer", runs=(Run(text="Source", href="https://a.b"),)),
        ),
        actions=((Button(label="Ask", verb="ask"), Button(label="More", verb="more")),),
    )
    assert render(message) == snapshot("""\
News

  │ first line
  │ second line

  • see https://a.b

  Source <https://a.b>

[Ask]  [More]\
""")


async def _dialogue(typed: str, clock: FakeClock) -> tuple[list[Inbound], str]:
    """What came in of what was typed, and what was shown; each line is echoed."""
    ended, shown, got = asyncio.Event(), io.StringIO(), []
    chat = Terminal(io.StringIO(typed), shown, lang="ja", clock=clock, on_end=ended.set)

    async def echo(inbound: Inbound) -> None:
        got.append(inbound)
        if inbound.text == "boom":
            raise RuntimeError("secret")
        await chat.send(inbound.channel, note(f"<{inbound.text}>"), key=inbound.id)

    await chat.start(echo)
    await asyncio.wait_for(ended.wait(), 10)
    await chat.stop()
    return got, shown.getvalue()


async def test_each_line_is_a_message_until_the_input_ends(clock: FakeClock) -> None:
    got, shown = await _dialogue("/help\n\n  何基？ \nlast", clock)
    assert [i.text for i in got] == ["/help", "何基？", "last"]
    assert len({i.id for i in got}) == 3
    assert shown == "</help>\n\n<何基？>\n\n<last>\n\n"
    assert all(i.private and i.addressed and i.author.role == "admin" for i in got)
    assert {(i.channel, i.author.lang, i.received_at) for i in got} == {(HERE, "ja", clock())}


async def test_a_line_that_fails_does_not_end_the_chat(
    clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    got, shown = await _dialogue("boom\nafter\n", clock)
    assert [i.text for i in got] == ["boom", "after"]
    assert "<after>" in shown
    assert "terminal.failed" in caplog.text
    assert "secret" not in caplog.text


async def test_a_pipe_is_read_as_it_comes_and_cut_characters_are_joined(clock: FakeClock) -> None:
    reading, writing = os.pipe()
    got: asyncio.Queue[str] = asyncio.Queue()
    ended = asyncio.Event()

    async def take(inbound: Inbound) -> None:
        got.put_nowait(inbound.text)

    with os.fdopen(reading) as stdin:
        chat = Terminal(stdin, io.StringIO(), lang="ja", clock=clock, on_end=ended.set)
        await chat.start(take)
        os.write(writing, "何".encode()[:2])
        await asyncio.sleep(0.02)
        os.write(writing, "何".encode()[2:] + "基？\nsecond\nthird".encode())
        assert [await asyncio.wait_for(got.get(), 10) for _ in range(2)] == ["何基？", "second"]
        os.close(writing)
        assert await asyncio.wait_for(got.get(), 10) == "third"
        await asyncio.wait_for(ended.wait(), 10)
        await chat.stop()


async def test_a_stop_waits_for_nobody_to_press_enter(clock: FakeClock) -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading) as stdin:
        chat = Terminal(stdin, io.StringIO(), lang="ja", clock=clock)

        async def ignore(inbound: Inbound) -> None: ...

        await chat.start(ignore)
        await asyncio.sleep(0.02)
        await asyncio.wait_for(chat.stop(), 5)
    os.close(writing)


async def test_a_stop_lets_the_line_in_hand_come_to_its_end(clock: FakeClock) -> None:
    begun, may_end, done = asyncio.Event(), asyncio.Event(), []
    chat = Terminal(io.StringIO("one\ntwo\n"), io.StringIO(), lang="ja", clock=clock)

    async def slow(inbound: Inbound) -> None:
        begun.set()
        await may_end.wait()
        done.append(inbound.text)

    await chat.start(slow)
    await asyncio.wait_for(begun.wait(), 10)
    stopping = asyncio.create_task(chat.stop())
    await asyncio.sleep(0.02)
    assert not stopping.done()
    may_end.set()
    await asyncio.wait_for(stopping, 5)
    assert done == ["one"]


async def test_a_file_can_be_the_input(clock: FakeClock, tmp_path: Path) -> None:
    path = tmp_path / "lines"
    path.write_text("one\ntwo\n", "utf-8")
    ended, got = asyncio.Event(), []

    async def take(inbound: Inbound) -> None:
        got.append(inbound.text)

    with path.open(encoding="utf-8") as stdin:
        chat = Terminal(stdin, io.StringIO(), lang="ja", clock=clock, on_end=ended.set)
        await chat.start(take)
        await asyncio.wait_for(ended.wait(), 10)
        await chat.stop()
    assert got == ["one", "two"]
