"""The data in a model's reply, whatever it is wrapped in."""

import json
import re
from collections.abc import Iterator

LONGEST = 60_000  # characters that are looked at
MOST_STARTS = 300  # brackets that are tried as the start of a value

_THOUGHT = re.compile(r"\A\s*<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL)
_DECODER = json.JSONDecoder(strict=False)  # a line break inside a string is let pass


def values(reply: str) -> list[object]:
    """The JSON objects and arrays of a reply in order, outermost ones; thinking in front of them,
    fences and words around them are passed over. Where one is broken, what is whole inside it.

    >>> values('Sure: ```json\\n{"a": [1]}\\n``` and [2]')
    [{'a': [1]}, [2]]
    >>> values('{"a": {"b": 1}, "c": "cut he'), values("null")
    ([{'b': 1}], [])
    """
    return list(_scan(_THOUGHT.sub("", reply)[:LONGEST]))


def _scan(reply: str) -> Iterator[object]:
    at = 0
    for _ in range(MOST_STARTS):
        start = re.compile(r"[{\[]").search(reply, at)
        if start is None:
            return
        try:
            value, at = _DECODER.raw_decode(reply, start.start())
        except (ValueError, RecursionError):
            at = start.end()
        else:
            yield value
