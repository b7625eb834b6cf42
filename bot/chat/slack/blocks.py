"""A message as Block Kit, from the best means down to the plainest ones.

Article text goes into rich_text runs and plain_text only, never into mrkdwn: there ``*`` beside a
CJK character shows as an asterisk, and a title could mention people or forge links.

Sources: https://docs.slack.dev/reference/block-kit/blocks and, for the limits that are written
down nowhere, the reports named at each constant.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Literal

from bot.chat.base import row_text
from bot.chat.base import words as _words
from bot.chat.cutting import cut
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

Json = dict[str, Any]

BLOCKS = 50  # per message: https://docs.slack.dev/reference/block-kit/blocks
TEXT = 3_000  # characters of one text: the section block's limit, kept for rich_text too
JSON = 13_200  # characters of a message's blocks: slackapi/bolt-js#2509 (msg_blocks_too_long)
HEADER = 150  # https://docs.slack.dev/reference/block-kit/blocks/header-block
TITLE = 150  # of a container: .../blocks/container-block
CHILDREN = 10  # blocks in a container: .../blocks/container-block
ROWS, COLUMNS = 100, 20  # https://docs.slack.dev/reference/block-kit/blocks/table-block
CELLS = 10_000  # characters in all cells of a message's tables: same page
TABLES = 1  # per message, else invalid_attachments with only_one_table_allowed
FIELDS = 10  # https://docs.slack.dev/reference/block-kit/blocks/section-block
FIELD = 2_000  # characters: same page
BUTTONS = 25  # https://docs.slack.dev/reference/block-kit/blocks/actions-block
LABEL = 75  # .../block-elements/button-element
URL = 3_000  # of a button, kept for links too: same page
SUMMARY = 4_000  # `text`: advised at .../methods/chat.postMessage (cut at 40,000)

Leaf = Heading | Paragraph | Bullets | Note


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What a rendering may use. `collapse`: a container of rich text, a container of plain
    sections, or none."""

    collapse: Literal["rich", "simple"] | None
    table: bool


# From the best down. The live validator has been reported to refuse rich_text in a container
# (slack-morphism, SlackContainerBlock), hence the second rung. After the last: text alone.
LADDER = (
    Means(collapse="rich", table=True),
    Means(collapse="simple", table=True),
    Means(collapse=None, table=True),
    Means(collapse=None, table=False),
)


def build(message: Message, means: Means) -> list[Json]:
    """The blocks of a message. They are valid but for the limits of a whole message
    (see `splitting`). Where Slack takes no table, or not that many, tables are shown as fields."""
    tables = [block for block in _flat(message.blocks) if isinstance(block, Table)]
    native = means.table and len(tables) <= TABLES and all(map(_takes, tables))
    made = [*_blocks(message.blocks, means, native), *actions(message)]
    return made or list(_rich([Paragraph(runs=(Run(text=message.summary or "…"),))]))


def actions(message: Message) -> list[Json]:
    """One actions block per row of buttons. An action_id is unique in the message: the verb with
    its row and column."""
    rows = [row[at : at + BUTTONS] for row in message.actions for at in range(0, len(row), BUTTONS)]
    return [
        {"type": "actions", "elements": [_button(b, f"{y}.{x}") for x, b in enumerate(row)]}
        for y, row in enumerate(rows)
    ]


def size(blocks: Sequence[Json]) -> int:
    """Characters of the blocks as JSON, as Slack seems to count them."""
    return len(json.dumps(blocks, ensure_ascii=False, separators=(",", ":")))


def plain(message: Message) -> str:
    """The whole message as text without any markup, the last rung."""
    return "\n".join(_lines(message.blocks)) or message.summary


def escape(text: str) -> str:
    """Text for Slack's `text`: nothing in it becomes a mention or a link.

    Source: https://docs.slack.dev/messaging/formatting-message-text#escaping
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


# --- blocks ------------------------------------------------------------------------------------


def _blocks(blocks: Iterable[Block], means: Means, native: bool) -> Iterator[Json]:
    for kind, run in groupby(blocks, key=_shape):
        if kind == "leaf":
            yield from _rich([block for block in run if isinstance(block, Leaf)])
            continue
        for place, block in enumerate(run):
            match block:
                case Heading():
                    yield {"type": "header", "text": _text(_words(block.runs))}
                case Table():
                    yield from _table(block) if native else _fields(block)
                case Collapsed():
                    yield from _collapsed(block, means)
                case Group():
                    if place:
                        yield {"type": "divider"}
                    yield from _blocks(block.blocks, means, native)


def _shape(block: Block) -> str:
    """Neighbours of shape "leaf" share a rich_text block."""
    if isinstance(block, Heading):
        fits = block.level == 1 and 0 < len(_words(block.runs)) <= HEADER
        return "header" if fits and not any(r.href for r in block.runs) else "leaf"
    return "leaf" if isinstance(block, Leaf) else type(block).__name__


def _rich(leaves: Sequence[Leaf]) -> Iterator[Json]:
    """Leaves as rich_text blocks of at most TEXT characters each."""
    elements: list[Json] = []
    length = 0
    for element, characters in _elements(leaves):
        if elements and length + characters > TEXT:
            yield {"type": "rich_text", "elements": elements}
            elements, length = [], 0
        elements.append(element)
        length += characters
    if elements:
        yield {"type": "rich_text", "elements": elements}


def _elements(leaves: Sequence[Leaf]) -> Iterator[tuple[Json, int]]:
    """Elements with their characters. Neighbouring headings and paragraphs become one section:
    nothing else puts a line break between them."""
    for kind, run in groupby(leaves, key=lambda leaf: _kind(leaf)):
        members = list(run)
        if kind == "rich_text_section":
            yield from _texts(kind, _joined(members))
            continue
        for leaf in members:
            if isinstance(leaf, Bullets):
                yield from _list(leaf)
            elif isinstance(leaf, Note):
                yield from _texts(kind, _marked(leaf))


def _kind(leaf: Leaf) -> str:
    if isinstance(leaf, Bullets):
        return "rich_text_list"
    quoted = isinstance(leaf, Note) and leaf.kind != "footer"
    return "rich_text_quote" if quoted else "rich_text_section"


def _joined(leaves: Iterable[Leaf]) -> Runs:
    runs: list[Run] = []
    for leaf in leaves:
        assert not isinstance(leaf, Bullets)
        own = _bold(leaf.runs) if isinstance(leaf, Heading) else leaf.runs
        if any(run.text for run in own):
            runs += [Run(text="\n"), *own] if runs else own
    return tuple(runs)


def _bold(runs: Runs) -> Runs:
    return tuple(
        Run(text=r.text, bold=True, italic=r.italic, code=r.code, href=r.href) for r in runs
    )


def _marked(note: Note) -> Runs:
    return (Run(text="⚠️ "), *note.runs) if note.kind == "warning" else note.runs


def _texts(kind: str, runs: Runs) -> Iterator[tuple[Json, int]]:
    while any(run.text for run in runs):
        first, runs = cut(runs, TEXT)
        yield {"type": kind, "elements": list(_inline(first))}, len(_words(first))


def _list(bullets: Bullets) -> Iterator[tuple[Json, int]]:
    """Lists that end where TEXT does. What is over in one item goes on as a section."""
    items: list[Json] = []
    length = 0
    for item in bullets.items:
        if not any(run.text for run in item):
            continue
        first, rest = cut(item, TEXT)
        characters = len(_words(first))
        if items and (rest or length + characters > TEXT):
            yield _bulleted(items), length
            items, length = [], 0
        items.append({"type": "rich_text_section", "elements": list(_inline(first))})
        length += characters
        if rest:
            yield _bulleted(items), length
            yield from _texts("rich_text_section", rest)
            items, length = [], 0
    if items:
        yield _bulleted(items), length


def _bulleted(items: list[Json]) -> Json:
    return {"type": "rich_text_list", "style": "bullet", "indent": 0, "elements": items}


def _inline(runs: Runs) -> Iterator[Json]:
    """Runs as text and link elements. Only web addresses become links."""
    for run in runs:
        if not run.text:
            continue
        style = {name: True for name in ("bold", "italic", "code") if getattr(run, name)}
        made: Json = {"type": "text", "text": run.text}
        if run.href and run.href.startswith(("https://", "http://")) and len(run.href) <= URL:
            made = {"type": "link", "url": run.href, "text": run.text}
        yield {**made, "style": style} if style else made


# --- tables, collapsed blocks, buttons ---------------------------------------------------------


def _takes(table: Table) -> bool:
    """Whether a table is within the limits of a table block."""
    rows = [table.header, *table.rows]
    wide = max(len(row) for row in rows)
    long = sum(len(cell) for row in rows for cell in row)
    return 0 < wide <= COLUMNS and len(rows) <= ROWS and long <= CELLS


def _table(table: Table) -> Iterator[Json]:
    if table.caption:
        yield from _rich([Heading(runs=(Run(text=table.caption),), level=2)])
    yield {
        "type": "table",
        "column_settings": [{"is_wrapped": True}, *({"align": "right"} for _ in table.header[1:])],
        # an empty cell is refused: "must be more than 0 characters"
        "rows": [
            [{"type": "raw_text", "text": cell or " "} for cell in row]
            for row in (table.header, *table.rows)
        ],
    }


def _fields(table: Table) -> Iterator[Json]:
    """A table as sections of two columns: the row's name, and its other cells; as a list where a
    cell is too long for a field."""
    if table.caption:
        yield from _rich([Heading(runs=(Run(text=table.caption),), level=2)])
    pairs = [field for row in table.rows for field in (row[0], _values(row[1:]))]
    if any(len(field) > FIELD for field in pairs):
        yield from _rich([Bullets(items=tuple((Run(text=row_text(r)),) for r in table.rows))])
        return
    for at in range(0, len(pairs), FIELDS):
        fields = [_text(field or " ") for field in pairs[at : at + FIELDS]]
        yield {"type": "section", "fields": fields}


def _values(cells: Sequence[str]) -> str:
    """The cells of a row, equal ones once: a number is often the same in both languages."""
    return " · ".join(dict.fromkeys(filter(None, cells)))


def _collapsed(block: Collapsed, means: Means) -> Iterator[Json]:
    if means.collapse == "simple":
        inside = list(_sections(block.blocks))
    else:
        inside = list(_blocks(block.blocks, means, native=False))
    if means.collapse is None or not 0 < len(inside) <= CHILDREN:
        title = Heading(runs=(Run(text=block.title),), level=2)
        yield from _blocks((title, *block.blocks), means, native=False)
        return
    yield {
        "type": "container",
        "title": _text(_short(block.title or "…", TITLE)),
        "is_collapsible": True,
        "default_collapsed": True,
        "child_blocks": inside,
    }


def _sections(blocks: Iterable[Block]) -> Iterator[Json]:
    """Blocks as plain sections, for a container that takes no rich text."""
    runs: Runs = (Run(text="\n".join(_lines(blocks))),)
    while any(run.text for run in runs):
        first, runs = cut(runs, TEXT)
        yield {"type": "section", "text": _text(_words(first))}


def _button(button: Button, place: str) -> Json:
    made: Json = {
        "type": "button",
        "action_id": f"{button.verb}:{place}",
        "text": _text(_short(button.label or "…", LABEL)),
    }
    if button.value:
        made["value"] = button.value
    if button.url:
        made["url"] = button.url
    return made


def _text(text: str) -> Json:
    # emoji false: ":name:" in an article stays as it was written
    return {"type": "plain_text", "text": text, "emoji": False}


def _short(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


# --- text --------------------------------------------------------------------------------------


def _flat(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks of a message and of its groups; what is collapsed stays together."""
    for block in blocks:
        if isinstance(block, Group):
            yield from _flat(block.blocks)
        else:
            yield block


def _lines(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Bullets():
                yield from (f"• {_words(item)}" for item in block.items)
            case Table():
                yield from filter(None, [block.caption])
                yield from (f"• {row_text(row)}" for row in block.rows)
            case Collapsed():
                yield block.title
                yield from _lines(block.blocks)
            case Group():
                yield from _lines(block.blocks)
            case Note(kind="warning"):
                yield f"⚠️ {_spelled(block.runs)}"
            case _:
                yield _spelled(block.runs)


def _spelled(runs: Runs) -> str:
    return "".join(f"{r.text} ({r.href})" if r.href else r.text for r in runs)
