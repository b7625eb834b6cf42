"""Nouns to JSON and back; the type hints of the dataclasses say how.

Decimals travel as strings, times in ISO 8601 with their offset, spans of time as whole
microseconds, bytes in base 64, tuples as arrays, mappings as objects in their own order. A
dataclass is an object of its fields; in a union of dataclasses ``"@"`` names which one it is.
Fields that stand at an empty default (None, "", (), 0, False) are left out; unknown ones are
ignored, so that a field may be added to a noun without touching what is stored.
"""

import dataclasses
import json
import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

TAG = "@"
MICROSECOND = timedelta(microseconds=1)
_SURROGATE = re.compile("[\ud800-\udfff]")


class Codec(NamedTuple):
    """How values of one type are written and read."""

    encode: Callable[[Any], Any]
    decode: Callable[[Any], Any]


def dumps(value: object, hint: Any) -> str:
    """Compact JSON of a value of the type that `hint` names. ValueError for a naive datetime or a
    float that JSON cannot carry, TypeError for a type that has no codec."""
    data = codec_of(hint).encode(value)
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    # A lone surrogate has no UTF-8 form; as an escape it survives.
    return json.dumps(data, separators=(",", ":")) if _SURROGATE.search(text) else text


def loads(text: str, hint: Any) -> Any:
    """The value that `dumps` wrote. ValueError, KeyError or TypeError when the text is no such."""
    return codec_of(hint).decode(json.loads(text))


@cache
def codec_of(hint: Any) -> Codec:
    """The codec of a type hint; TypeError when there is none."""
    if hint in SCALARS:
        return SCALARS[hint]
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Literal:
        return _PLAIN
    if origin in (Union, UnionType):
        return _union(arguments)
    if origin is tuple:
        return _tuple(arguments)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _mapping(arguments)
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return _dataclass(hint)
    raise TypeError(f"no codec for {hint!r}")


def _same(value: Any) -> Any:
    return value


def _aware(value: datetime) -> str:
    if value.tzinfo is None:
        raise ValueError("a datetime without an offset cannot be stored")
    return value.isoformat()


_PLAIN = Codec(_same, _same)
SCALARS: dict[Any, Codec] = {
    str: _PLAIN,
    int: _PLAIN,
    bool: _PLAIN,
    object: _PLAIN,
    Any: _PLAIN,
    NoneType: _PLAIN,
    float: Codec(_same, float),
    Decimal: Codec(str, Decimal),
    datetime: Codec(_aware, datetime.fromisoformat),
    date: Codec(date.isoformat, date.fromisoformat),
    time: Codec(time.isoformat, time.fromisoformat),
    timedelta: Codec(lambda v: v // MICROSECOND, lambda v: timedelta(microseconds=v)),
    bytes: Codec(lambda v: b64encode(v).decode("ascii"), b64decode),
}


def _tuple(arguments: tuple[Any, ...]) -> Codec:
    if len(arguments) == 2 and arguments[1] is ...:
        item = codec_of(arguments[0])
        return Codec(
            lambda values: [item.encode(v) for v in values],
            lambda values: tuple(item.decode(v) for v in values),
        )
    items = [codec_of(argument) for argument in arguments]
    return Codec(
        lambda values: [c.encode(v) for c, v in zip(items, values, strict=True)],
        lambda values: tuple(c.decode(v) for c, v in zip(items, values, strict=True)),
    )


def _mapping(arguments: tuple[Any, ...]) -> Codec:
    if arguments[0] is not str:
        raise TypeError("only mappings from strings have a codec")
    item = codec_of(arguments[1])
    return Codec(
        lambda values: {k: item.encode(v) for k, v in values.items()},
        lambda values: {k: item.decode(v) for k, v in values.items()},
    )


def _union(arguments: tuple[Any, ...]) -> Codec:
    members = [a for a in arguments if a is not NoneType]
    inner = codec_of(members[0]) if len(members) == 1 else _tagged(members)
    if len(members) == len(arguments):
        return inner
    return Codec(
        lambda value: None if value is None else inner.encode(value),
        lambda data: None if data is None else inner.decode(data),
    )


def _tagged(members: list[Any]) -> Codec:
    if not all(dataclasses.is_dataclass(m) for m in members):
        raise TypeError("only a union of dataclasses has a codec")
    by_name = {m.__name__: codec_of(m) for m in members}
    return Codec(
        lambda value: {TAG: (name := type(value).__name__), **by_name[name].encode(value)},
        lambda data: by_name[data[TAG]].decode(data),
    )


def _dataclass(cls: type[Any]) -> Codec:
    defaults = {f.name: f.default for f in dataclasses.fields(cls)}

    @cache
    def codecs() -> dict[str, Codec]:
        # Late, so that a dataclass may contain itself.
        hints = get_type_hints(cls)
        return {name: codec_of(hints[name]) for name in defaults}

    def encode(value: Any) -> dict[str, Any]:
        out = {}
        for name, item in codecs().items():
            field = getattr(value, name)
            if field or field != defaults[name] or type(field) is not type(defaults[name]):
                out[name] = item.encode(field)
        return out

    def decode(data: Mapping[str, Any]) -> Any:
        known = codecs()
        return cls(**{k: known[k].decode(v) for k, v in data.items() if k in known})

    return Codec(encode, decode)
