"""A message as Telegram's HTML: built from the tree, so whatever a text holds stays text.

Source: https://core.telegram.org/bots/api#html-style
"""

import html
import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.chat import limits
from bot.chat.base import plain, row_text
from bot.chat.cutting import utf16
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
    Runs,
    Table,
)

log = logging.getLogger(__name__)

_TAG = re.compile("<[^>]*>")
_OPENING = re.compile("<[a-z]")
_WEB = re.compile(r"https?://[^\s/?#]+", re.IGNORECASE)
_ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Size:
    """What counts against a message: UTF-16 units as read, bytes as sent, entities."""

    units: int
    bytes: int
    entities: int

    @property
    def fits(self) -> bool:
        return (
            self.units <= limits.TEXT_SAFE
            and self.bytes <= limits.BYTES_SAFE
            and self.entities <= limits.ENTITIES
        )


def size(made: str) -> Size:
    """The size of a rendered message.

    >>> size("<b>A &amp; B</b> 📈")
    Size(units=8, bytes=21, entities=1)
    """
    shown = html.unescape(_TAG.sub("", made))
    return Size(utf16(shown), len(made.encode()), len(_OPENING.findall(made)))


def render(message: Message) -> str:
    """The HTML of a message; a message without a visible word is its summary."""
    made = blocks(message.blocks)
    if not html.unescape(_TAG.sub("", made)).strip():
        return escape(message.summary.strip() or _ELLIPSIS)
    return made


def bare(message: Message) -> str:
    """The message without markup, for a server that refuses the HTML."""
    return sound(plain(message)).strip() or sound(message.summary).strip() or _ELLIPSIS


def blocks(members: Iterable[Block]) -> str:
    """The HTML of some blocks: a blank line between those of the top, none inside a group."""
    return "\n\n".join(filter(None, (_block(block) for block in members)))


def escape(words: str) -> str:
    """Text in which nothing is markup.

    >>> escape('AFM <3B> & "x"')
    'AFM &lt;3B&gt; &amp; &quot;x&quot;'
    """
    return html.escape(sound(words)).replace("&#x27;", "'")


def sound(words: str) -> str:
    """Text that can be sent: half a surrogate pair becomes U+FFFD."""
    return words.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


# --- blocks ------------------------------------------------------------------------------------


def _block(block: Block) -> str:
    match block:
        case Group(blocks=members):
            return "\n".join(filter(None, (_block(member) for member in members)))
        case Collapsed(title=title, blocks=members):
            inside = filter(None, (_line(member) for member in members))
            return _quoted("\n".join([_bold(escape(title)), *inside]), "blockquote expandable")
        case Note(kind="quote", runs=runs):
            return _quoted(_runs(runs), "blockquote")
        case _:
            return _line(block)


def _line(block: Heading | Paragraph | Bullets | Table | Note) -> str:
    """A block that is no quotation: inside one, Telegram takes no other."""
    match block:
        case Heading(runs=runs):
            return _runs(runs, bold=True)
        case Bullets(items=items):
            return "\n".join(f"• {_runs(item)}" for item in items if any(r.text for r in item))
        case Table():
            return "\n".join(_table(block))
        case Note(kind="warning", runs=runs):
            return f"⚠️ {_runs(runs)}"
        case Note(runs=runs) | Paragraph(runs=runs):
            return _runs(runs)


def _table(table: Table) -> Iterator[str]:
    """A list: columns that align on a desk do not on a phone, full-width characters least."""
    if table.caption:
        yield _bold(escape(table.caption))
    yield from (f"• {escape(row_text(row))}" for row in table.rows)


def _quoted(inside: str, tag: str) -> str:
    return f"<{tag}>{inside}</blockquote>" if inside else ""


def _bold(made: str) -> str:
    return f"<b>{made}</b>" if made else ""


def _runs(runs: Runs, *, bold: bool = False) -> str:
    return "".join(_run(run, bold=bold or run.bold) for run in runs if run.text)


def _run(run: Run, *, bold: bool) -> str:
    made = escape(run.text)
    if run.code:  # takes no other style beside it
        return f"<code>{made}</code>"
    if run.italic:
        made = f"<i>{made}</i>"
    if bold:
        made = f"<b>{made}</b>"
    if run.href and is_web(run.href):
        made = f'<a href="{escape(run.href)}">{made}</a>'
    return made


def is_web(address: str) -> bool:
    """Whether an address may be a link: http or https with a host, and not over-long.

    >>> is_web("https://a.example/?q=1"), is_web("tg://resolve?domain=x"), is_web("http://")
    (True, False, False)
    """
    return len(address) <= limits.LINK and bool(_WEB.match(address))


# --- buttons -----------------------------------------------------------------------------------


def keyboard(message: Message) -> InlineKeyboardMarkup | None:
    """The buttons under a message, None without any. One whose data Telegram would refuse is left
    out, and the log says so: the message is worth more than the button."""
    rows: list[list[InlineKeyboardButton]] = []
    left = limits.BUTTONS
    for row in message.actions:
        made = [button for button in map(_button, row) if button][:left]
        left -= len(made)
        starts = range(0, len(made), limits.BUTTONS_IN_ROW)
        rows += [made[at : at + limits.BUTTONS_IN_ROW] for at in starts]
    return InlineKeyboardMarkup(rows) if rows else None


def _button(button: Button) -> InlineKeyboardButton | None:
    label = sound(button.label).strip() or _ELLIPSIS
    if len(label) > limits.LABEL:
        label = label[: limits.LABEL - 1] + _ELLIPSIS
    if button.url:
        return InlineKeyboardButton(label, url=button.url) if is_web(button.url) else None
    data = f"{button.verb}:{button.value}"
    if not button.verb or len(data.encode()) > limits.CALLBACK_DATA:
        log.error("telegram.button_left_out verb=%s bytes=%d", button.verb, len(data.encode()))
        return None
    return InlineKeyboardButton(label, callback_data=data)
