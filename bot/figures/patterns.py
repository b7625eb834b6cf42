"""Patterns that are compiled when they are first used: most serve one language, and starting the
program must not pay for all of them."""

import re
from collections.abc import Callable, Iterator


class Late:
    """A regular expression with the methods of a compiled one. The first of them to be asked for
    compiles it; from then on they are the compiled pattern's own, and cost nothing more."""

    search: "Callable[..., re.Match[str] | None]"
    match: "Callable[..., re.Match[str] | None]"
    fullmatch: "Callable[..., re.Match[str] | None]"
    finditer: "Callable[..., Iterator[re.Match[str]]]"
    sub: Callable[..., str]

    def __init__(self, source: str, flags: int = 0) -> None:
        self.source, self.flags = source, flags

    def __getattr__(self, name: str) -> object:
        compiled = re.compile(self.source, self.flags)
        for method in Late.__annotations__:
            setattr(self, method, getattr(compiled, method))
        return object.__getattribute__(self, name)
