"""Telegram's HTML, read by the rules of TDLib's `parse_html`: the same errors, byte offsets.

Source: https://github.com/tdlib/td, td/telegram/MessageEntity.cpp
"""

import re
from typing import Any, NamedTuple

KINDS = {
    "a": "text_link",
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "pre": "pre",
    "code": "code",
    "blockquote": "blockquote",
}
_CHARACTER = re.compile(r"&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|(lt|gt|amp|quot)(?![a-zA-Z]));?")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_ATTRIBUTE = re.compile(
    r"\s*(?P<name>[^\s=>]+)"
    r"(?:\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<token>[\w.-]*)))?\s*"
)


class Invalid(Exception):
    """What Telegram says after "can't parse entities: "."""


class _Open(NamedTuple):
    tag: str
    attributes: dict[str, str]
    offset: int


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def parse(source: str) -> tuple[str, list[dict[str, Any]]]:
    """The text that a reader sees and its entities, offsets in UTF-16 units. Raises Invalid."""
    reader = _Reader(source)
    while reader.at < len(source):
        reader.step()
    if reader.open:
        tag = reader.open[-1].tag
        raise Invalid(f'Can\'t find end tag corresponding to start tag "{tag}"')
    entities = sorted(reader.entities, key=lambda e: (e["offset"], -e["length"]))
    return "".join(reader.text), entities


class _Reader:
    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.text: list[str] = []
        self.length = 0
        self.open: list[_Open] = []
        self.entities: list[dict[str, Any]] = []

    def step(self) -> None:
        char = self.source[self.at]
        if char == "<":
            if self.source.startswith("</", self.at):
                self._end()
            else:
                self._start()
            return
        if char == "&" and (found := _CHARACTER.match(self.source, self.at)):
            self.at = found.end()
            self._put(_decoded(found))
            return
        self.at += 1
        self._put(char)

    def _put(self, char: str) -> None:
        self.text.append(char)
        self.length += utf16(char)

    def _byte(self) -> int:
        return len(self.source[: self.at].encode())

    def _start(self) -> None:
        found = re.compile(r"<([^\s>]*)").match(self.source, self.at)
        assert found is not None
        if found.end() == len(self.source):
            raise Invalid(f"Unclosed start tag at byte offset {self._byte()}")
        tag = found[1].lower()
        if tag not in KINDS:
            raise Invalid(f'Unsupported start tag "{tag}" at byte offset {self._byte()}')
        attributes, at = {}, found.end()
        while self.source[at : at + 1] != ">":
            given = _ATTRIBUTE.match(self.source, at)
            if given is None or at >= len(self.source):
                raise Invalid(f'Unclosed start tag "{tag}" at byte offset {self._byte()}')
            value = given["double"] or given["single"] or (given["token"] or "").lower()
            attributes[given["name"]] = _CHARACTER.sub(_decoded, value)
            at = given.end()
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise Invalid(f'Tag "span" must have class "tg-spoiler" at byte offset {self._byte()}')
        self.open.append(_Open(tag, attributes, self.length))
        self.at = at + 1

    def _end(self) -> None:
        if not self.open:
            raise Invalid(f"Unexpected end tag at byte offset {self._byte()}")
        found = re.compile(r"</([^\s>]*)\s*(>?)").match(self.source, self.at)
        assert found is not None
        if not found[2]:
            raise Invalid(f"Unclosed end tag at byte offset {self._byte()}")
        begun, tag = self.open[-1], found[1].lower()
        if tag and tag != begun.tag:
            raise Invalid(
                f"Unmatched end tag at byte offset {self._byte()}, "
                f'expected "</{begun.tag}>", found "</{tag}>"'
            )
        self.open.pop()
        self.at = found.end()
        if self.length > begun.offset:
            self.entities.append(self._entity(begun))

    def _entity(self, begun: _Open) -> dict[str, Any]:
        kind = KINDS[begun.tag]
        if kind == "blockquote" and "expandable" in begun.attributes:
            kind = "expandable_blockquote"
        made = {"type": kind, "offset": begun.offset, "length": self.length - begun.offset}
        return {**made, "url": begun.attributes.get("href", "")} if kind == "text_link" else made


def _decoded(found: re.Match[str]) -> str:
    hexadecimal, decimal, name = found.groups()
    if name:
        return _NAMED[name]
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    return chr(code) if 0 < code < 0x10FFFF else found[0]
