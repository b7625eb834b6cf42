"""The terminal as a chat: for trying the bot out, and for every one-off command.

Lines are wrapped by display width (East Asian characters take two columns), so that the output is
the same everywhere and fits a phone's terminal as well as a desk's.
"""

import asyncio
import codecs
import logging
import os
import re
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Literal, TextIO

from bot import text
from bot.chat.base import Handler
from bot.model import (
    Author,
    Block,
    Bullets,
    Channel,
    Collapsed,
    Group,
    Heading,
    Inbound,
    Lang,
    Message,
    Note,
    Paragraph,
    Role,
    Run,
    Runs,
    Table,
)

log = logging.getLogger(__name__)

WIDTH = 78
CHUNK = 65_536  # bytes read at a time
BOLD, DIM, YELLOW, CYAN, PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[33m", "\x1b[36m", "\x1b[0m"
_ESCAPES = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # text must not drive the terminal
_NOT_AT_START = "、。，．・：；？！）」』】〉》〕］｝”’,.:;?!)]}%％…ー々"
_NOT_AT_END = "（「『【〈《〔［｛“‘([{"
_PIECES = re.compile(
    rf"\s+|[{text.CJK}\u3000-\u303f\uff00-\uffef]|[^\s{text.CJK}\u3000-\u303f\uff00-\uffef]+"
)


class Terminal:
    """A chat with the person in front of the terminal. `on_end` is called at the end of input."""

    platform: Literal["terminal"] = "terminal"

    def __init__(
        self,
        stdin: TextIO,
        stdout: TextIO,
        *,
        lang: Lang,
        clock: Callable[[], datetime],
        width: int = WIDTH,
        color: bool = False,
        on_end: Callable[[], None] = lambda: None,
    ) -> None:
        self._stdin, self._stdout = stdin, stdout
        self._lang, self._width, self._color = lang, width, color
        self._clock, self._on_end = clock, on_end
        self._sent = 0
        self._typed = 0
        self._listening: asyncio.Task[None] | None = None
        self._handling = self._stopping = False

    async def start(self, handle: Handler) -> None:
        """Take each line as a message, one after the other, until the input ends."""
        self._listening = asyncio.create_task(self._listen(handle))

    async def stop(self) -> None:
        """Read no more; a line that is being handled comes to its end."""
        self._stopping = True
        listening, self._listening = self._listening, None
        if listening is not None:
            if not self._handling:
                listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)

    async def send(
        self, channel: Channel, message: Message, *, key: str, reply_to: str | None = None
    ) -> str:
        self._sent += 1
        self._show(message)
        return f"out{self._sent}"

    async def edit(self, channel: Channel, message_id: str, message: Message) -> None:
        self._show(message)

    def parts(self, message: Message) -> tuple[Message, ...]:
        return (message,)

    async def role(self, channel: Channel, author_id: str) -> Role:
        return "admin"

    async def check(self) -> str:
        return "the terminal"

    def _show(self, message: Message) -> None:
        shown = render(message, width=self._width, color=self._color)
        self._stdout.write(shown + "\n\n")
        self._stdout.flush()

    async def _listen(self, handle: Handler) -> None:
        async for line in _typed(self._stdin):
            if typed := text.clean(line).strip():
                self._typed += 1
                self._handling = True
                try:
                    await handle(self._inbound(typed))
                except Exception as error:  # noqa: BLE001 - the next line may fare better
                    log.error("terminal.failed error=%s", type(error).__name__)
                self._handling = False
            if self._stopping:
                return
        self._on_end()

    def _inbound(self, typed: str) -> Inbound:
        now = self._clock()
        return Inbound(
            id=f"terminal:{now.isoformat()}:{self._typed}",
            kind="text",
            channel=Channel(platform="terminal", chat_id="local"),
            workspace_id="terminal:local",
            author=Author(id="you", lang=self._lang, role="admin"),
            message_id=f"in{self._typed}",
            addressed=True,
            private=True,
            text=typed,
            received_at=now,
        )


async def _typed(stream: TextIO) -> AsyncIterator[str]:
    """The lines of a stream. A terminal or a pipe is watched by the loop: a thread that reads it
    would keep the program from ending until somebody presses Enter."""
    chunks: asyncio.Queue[bytes] = asyncio.Queue()
    loop = asyncio.get_running_loop()
    try:
        descriptor = stream.fileno()
        loop.add_reader(descriptor, lambda: chunks.put_nowait(os.read(descriptor, CHUNK)))
    except (OSError, ValueError, NotImplementedError):
        # A file, a stream in memory, or a loop that cannot watch a stream.
        while line := await asyncio.to_thread(stream.readline):
            yield line
        return
    decode = codecs.getincrementaldecoder(stream.encoding or "utf-8")("replace").decode
    held = ""
    try:
        while True:
            data = await chunks.get()
            *lines, held = (held + decode(data, final=not data)).split("\n")
            for line in lines:
                yield line
            if not data:
                yield held
                return
    finally:
        loop.remove_reader(descriptor)


# --- rendering ---------------------------------------------------------------------------------


def render(message: Message, *, width: int = WIDTH, color: bool = False) -> str:
    """The message as lines of at most `width` columns; with `color`, ANSI styles."""
    paint = _Paint(color)
    lines: list[str] = []
    for block in message.blocks:
        lines += [*_lines(block, width, paint), ""]
    for row in message.actions:
        lines.append("  ".join(f"[{_shown(b.label)}]" for b in row))
    while lines and not lines[-1]:
        lines.pop()
    return "\n".join(lines)


class _Paint:
    """Styles, or none."""

    def __init__(self, color: bool) -> None:
        self._color = color

    def __call__(self, style: str, line: str) -> str:
        return f"{style}{line}{PLAIN}" if self._color and line else line


def _lines(block: Block, width: int, paint: _Paint) -> Iterator[str]:
    match block:
        case Heading(runs=runs, level=level):
            style = BOLD if level == 2 else BOLD + CYAN
            yield from (paint(style, line) for line in _wrapped(_said(runs), width))
        case Paragraph(runs=runs):
            yield from _wrapped(_said(runs), width)
        case Bullets(items=items):
            for item in items:
                yield from _hanging(_said(item), width, "  • ", "    ")
        case Table():
            yield from _table(block, width, paint)
        case Note():
            yield from _note(block, width, paint)
        case Collapsed(title=title, blocks=blocks):
            yield paint(DIM, f"  {_shown(title)}")
            for inner in blocks:
                yield from _lines(inner, width, paint)
        case Group():
            for member in block.blocks:
                yield from _lines(member, width, paint)


def _note(note: Note, width: int, paint: _Paint) -> Iterator[str]:
    first, style = {"warning": ("  ⚠ ", YELLOW), "quote": ("  │ ", ""), "footer": ("  ", DIM)}[
        note.kind
    ]
    rest = "  │ " if note.kind == "quote" else " " * text.width(first)
    for line in _hanging(_said(note.runs), width, first, rest):
        yield paint(style, line) if style else line


def _said(runs: Runs) -> str:
    return "".join(_run(run) for run in runs)


def _run(run: Run) -> str:
    """A run's text; a link shows its address where the text does not."""
    shown, address = _shown(run.text), _shown(run.href or "")
    return f"{shown} <{address}>" if address not in shown else shown


def _shown(words: str) -> str:
    """Text that cannot drive the terminal."""
    return _ESCAPES.sub("", words)


# --- wrapping ----------------------------------------------------------------------------------


def _hanging(body: str, width: int, first: str, rest: str) -> Iterator[str]:
    """Wrapped lines behind a mark, the following ones aligned to the first."""
    room = width - text.width(first)
    for number, line in enumerate(_wrapped(body, room)):
        yield (first if number == 0 else rest) + line


def _wrapped(body: str, width: int) -> Iterator[str]:
    """Lines of at most `width` columns, broken at blanks and between CJK characters, never before
    a closing mark or after an opening one (a word longer than a line stands alone)."""
    for paragraph in body.split("\n"):
        line, used = "", 0
        for piece in _unbroken(paragraph):
            if used + text.width(piece.rstrip()) > width and line.strip():
                yield line.rstrip()
                line, used = piece.lstrip(), text.width(piece.lstrip())
            else:
                line, used = line + piece, used + text.width(piece)
        yield line.rstrip()


def _unbroken(paragraph: str) -> Iterator[str]:
    """Pieces between which a line may end."""
    held = ""
    for piece in _PIECES.findall(paragraph):
        if held and piece[0] not in _NOT_AT_START and held[-1] not in _NOT_AT_END:
            yield held
            held = ""
        held += piece
    if held:
        yield held


# --- tables ------------------------------------------------------------------------------------


def _table(table: Table, width: int, paint: _Paint) -> Iterator[str]:
    """Columns aligned by display width; the first one gives way where the line is too long."""
    if table.caption:
        yield paint(BOLD, f"  {_shown(table.caption)}")
    header, *rows = (
        tuple(" ".join(_shown(cell).split()) for cell in row) for row in (table.header, *table.rows)
    )
    sizes = [max(text.width(r[i]) for r in (header, *rows)) for i in range(len(header))]
    sizes = _squeezed(sizes, width - 4)
    yield from (paint(DIM, line) for line in _row(header, sizes))
    for row in rows:
        yield from _row(row, sizes)


def _squeezed(sizes: Sequence[int], room: int) -> list[int]:
    """Column sizes that fit the room: the widest gives way first, none below eight."""
    kept = list(sizes)
    while sum(kept) + 2 * (len(kept) - 1) > room and max(kept) > 8:
        kept[kept.index(max(kept))] -= 1
    return kept


def _row(row: Sequence[str], sizes: Sequence[int]) -> Iterator[str]:
    columns = [list(_wrapped(cell, size)) for cell, size in zip(row, sizes, strict=True)]
    for number in range(max(len(c) for c in columns)):
        yield _cells([c[number] if number < len(c) else "" for c in columns], sizes)


def _cells(cells: Iterable[str], sizes: Sequence[int]) -> str:
    padded = [c + " " * (s - text.width(c)) for c, s in zip(cells, sizes, strict=True)]
    return "    " + "  ".join(padded).rstrip()
