"""A message in parts that Telegram takes: between stories first, inside a bullet last."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from bot.chat import limits
from bot.chat.base import row_text
from bot.chat.cutting import cut, utf16
from bot.model import (
    Block,
    Bullets,
    Collapsed,
    Group,
    Heading,
    Message,
    Paragraph,
    Run,
    Runs,
    Table,
)

from .markup import blocks as made_of
from .markup import size

T = TypeVar("T")
Fits = Callable[[Sequence[Block]], bool]


def parts(message: Message) -> tuple[Message, ...]:
    """The message as one or more messages that fit, in reading order. The last has the buttons:
    there the reader's eye is when the whole has come."""
    packed = list(_packed(message.blocks, _fits))
    if len(packed) <= 1:
        return (message,)
    count = len(packed)
    return tuple(
        Message(
            summary=message.summary if n == 1 else f"{message.summary} ({n}/{count})",
            blocks=some,
            actions=message.actions if n == count else (),
        )
        for n, some in enumerate(packed, 1)
    )


def _fits(members: Sequence[Block]) -> bool:
    return size(made_of(members)).fits


def _packed(members: Iterable[Block], fits: Fits) -> Iterator[tuple[Block, ...]]:
    """Blocks in few tuples that fit, in order; a heading stays with what it heads."""
    some: list[Block] = []
    for block in members:
        if fits((*some, block)):
            some.append(block)
            continue
        held = _headings(some)
        if len(held) < len(some):
            yield tuple(some[: len(some) - len(held)])
        some = held
        if fits((*some, block)):
            some.append(block)
            continue
        for piece in _pieces(block, _after(some, fits)):
            if some and not fits((*some, piece)):
                yield tuple(some)
                some = []
            some.append(piece)
    if some:
        yield tuple(some)


def _headings(some: Sequence[Block]) -> list[Block]:
    """The headings at the end, none where they leave too little room for what they head."""
    at = len(some)
    while at and isinstance(some[at - 1], Heading):
        at -= 1
    roomy = size(made_of(some[at:])).units <= limits.TEXT_SAFE // 4
    return list(some[at:]) if roomy else []


def _after(before: Sequence[Block], fits: Fits) -> Fits:
    """Whether blocks fit that come after others."""
    ahead = tuple(before)
    return lambda members: fits((*ahead, *members))


def _pieces(block: Block, fits: Fits) -> Iterator[Block]:
    """A block that does not fit, as blocks of the same kind that do."""
    match block:
        case Group() | Collapsed():
            for inner in _packed(block.blocks, _inside(block, fits)):
                yield _with(block, inner)
        case Bullets():
            for items in _gathered(block.items, lambda some: fits((Bullets(items=some),))):
                if len(items) > 1 or fits((Bullets(items=items),)):
                    yield Bullets(items=items)
                else:
                    yield from _cut(items[0], lambda runs: Bullets(items=(runs,)), fits)
        case Table():
            yield from _rows(block, fits)
        case _:
            yield from _cut(block.runs, lambda runs: replace(block, runs=runs), fits)


def _inside(block: Group | Collapsed, fits: Fits) -> Fits:
    return lambda members: fits((_with(block, members),))


def _with(block: Group | Collapsed, members: Sequence[Block]) -> Block:
    if isinstance(block, Group):
        return Group(blocks=tuple(m for m in members if not isinstance(m, Group)))
    return Collapsed(
        title=block.title,
        blocks=tuple(m for m in members if not isinstance(m, Group | Collapsed)),
    )


def _rows(table: Table, fits: Fits) -> Iterator[Block]:
    """A table in parts, its caption over the first; a row alone too long becomes a paragraph."""
    caption = table.caption
    for rows in _gathered(table.rows, lambda some: fits((replace(table, rows=some),))):
        part = replace(table, caption=caption, rows=rows)
        caption = ""
        if fits((part,)):
            yield part
        else:
            lines = filter(None, [part.caption, *map(row_text, rows)])
            runs = (Run(text="\n".join(lines)),)
            yield from _cut(runs, lambda runs: Paragraph(runs=runs), fits)


def _gathered(
    members: Iterable[T], fits: Callable[[tuple[T, ...]], bool]
) -> Iterator[tuple[T, ...]]:
    """Members in tuples as long as fit; one that does not fit stands alone."""
    some: tuple[T, ...] = ()
    for member in members:
        if some and not fits((*some, member)):
            yield some
            some = ()
        some = (*some, member)
    if some:
        yield some


def _cut(runs: Runs, wrap: Callable[[Runs], Block], fits: Fits) -> Iterator[Block]:
    """Runs in pieces that fit, cut at sentences where that can be."""
    limit = limits.TEXT_SAFE
    while any(run.text for run in runs):
        first, rest = cut(runs, limit, utf16)
        if limit > 1 and not fits((wrap(first),)):
            limit = limit * 9 // 10
            continue
        yield wrap(first)
        runs = rest
