"""Patterns that are compiled when they are first used: most serve one language, and starting the
program must not pay for all of them."""

import re
from collections.abc import Iterator
from functools import cached_property


class Late:
    """A regular expression with the methods that are needed here, compiled at its first use."""

    def __init__(self, source: str, flags: int = 0) -> None:
        self.source, self.flags = source, flags

    @cached_property
    def compiled(self) -> "re.Pattern[str]":
        return re.compile(self.source, self.flags)

    def search(self, text: str) -> "re.Match[str] | None":
        return self.compiled.search(text)

    def match(self, text: str, at: int = 0) -> "re.Match[str] | None":
        return self.compiled.match(text, at)

    def finditer(self, text: str) -> Iterator["re.Match[str]"]:
        return self.compiled.finditer(text)
