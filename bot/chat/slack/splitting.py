"""A message in parts that Slack takes: between stories first, inside a block last."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.chat.cutting import cut
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

from . import blocks as kit

_MARGIN = 200  # characters of JSON kept free: commas and brackets between the blocks


@dataclass(frozen=True, slots=True)
class _Size:
    """Blocks and characters of JSON, the most that any rung of the ladder needs."""

    blocks: int = 0
    json: int = 0

    def __add__(self, other: "_Size") -> "_Size":
        return _Size(self.blocks + other.blocks, self.json + other.json)

    @property
    def fits(self) -> bool:
        return self.blocks <= kit.BLOCKS and self.json <= kit.JSON - _MARGIN


def parts(message: Message) -> tuple[Message, ...]:
    """The message as one or more messages, each within the limits on every rung, in reading order.
    The first has the buttons: it is the root under which the others are posted."""
    buttons = _Size(len(kit.actions(message)), kit.size(kit.actions(message)))
    packed = list(_packed(message.blocks, buttons))
    if len(packed) == 1:
        return (message,)
    return tuple(
        Message(
            summary=message.summary if n == 1 else f"{message.summary} ({n}/{len(packed)})",
            blocks=tuple(some),
            actions=message.actions if n == 1 else (),
        )
        for n, some in enumerate(packed, 1)
    )


def _packed(blocks: Sequence[Block], used: _Size) -> Iterator[list[Block]]:
    """Blocks in as few lists as fit; `used` is taken up in the first one."""
    waiting = list(reversed(blocks))
    some: list[Block] = []
    while waiting:
        block = waiting.pop()
        grown = used + _size(block)
        if grown.fits:
            some.append(block)
            used = grown
        elif any(not isinstance(member, Heading) for member in some):
            waiting.append(block)
            # a heading stays with what it heads
            while len(some) > 1 and isinstance(some[-1], Heading):
                waiting.append(some.pop())
            yield some
            some, used = [], _Size()
        else:
            halves = _halves(block)
            if block in halves:  # nothing left to divide: the ladder has to find a way
                some.append(block)
                used = grown
            else:
                waiting += reversed(halves)
    yield some


def _size(block: Block) -> _Size:
    made = [kit.build(Message(summary="", blocks=(block,)), means) for means in kit.LADDER]
    return _Size(max(map(len, made)) + 1, max(map(kit.size, made)) + len('{"type":"divider"},'))


def _halves(block: Block) -> tuple[Any, Any]:
    """A block too large for a message of its own, as two of the same kind."""
    match block:
        case Group() | Collapsed():
            one, two = _divided(block.blocks)
            return replace(block, blocks=one), replace(block, blocks=two)
        case Bullets(items=(only,)):
            first, rest = _half(only)
            return Bullets(items=(first,)), Bullets(items=(rest,))
        case Bullets():
            one, two = _divided(block.items)
            return Bullets(items=one), Bullets(items=two)
        case Table(rows=()) | Table(rows=(_,)):
            lines = [block.caption, " · ".join(block.header), *map(" · ".join, block.rows)]
            return _halves(Paragraph(runs=(Run(text="\n".join(filter(None, lines))),)))
        case Table():
            one, two = _divided(block.rows)
            return replace(block, rows=one), replace(block, rows=two)
        case _:
            first, rest = _half(block.runs)
            return replace(block, runs=first), replace(block, runs=rest)


def _divided(members: tuple[Any, ...]) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    if len(members) == 1:
        one, two = _halves(members[0])
        return (one,), (two,)
    middle = len(members) // 2
    return members[:middle], members[middle:]


def _half(runs: Runs) -> tuple[Runs, Runs]:
    return cut(runs, max(1, sum(len(run.text) for run in runs) // 2))
