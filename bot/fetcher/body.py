"""The bytes of a response body, decompressed within a limit.

Decompression is done here and not by the client library, so that the limit counts what comes out:
65 kB of gzip can hold 64 MB.
"""

import zlib
from typing import Protocol

from bot.errors import FetchError

_GZIP_MAGIC = b"\x1f\x8b"
_STEP = 256 * 1024  # bytes that come out at a time, so that the limit is noticed early
_MOST_LAYERS = 2  # a gzip file sent with gzip coding is common, more is an attack
ACCEPTED = "gzip, deflate"


class _Stream(Protocol):
    """Of zlib's decompression objects, what is used here."""

    @property
    def unconsumed_tail(self) -> bytes: ...

    @property
    def eof(self) -> bool: ...

    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


def unpack(raw: bytes, coding: str, *, most: int) -> bytes:
    """A body without its content coding, at most `most` bytes.

    A gzip file without a coding header is unpacked too, and plain bytes under a gzip header are
    left alone. Raises FetchError: ``fetch.too_large``, or ``fetch.encoding`` for broken or
    unknown codings.
    """
    codings = [
        c for c in (part.strip().lower() for part in coding.split(",")) if c not in ("", "identity")
    ]
    if len(codings) > 1:
        raise FetchError("stacked content codings", code="fetch.encoding", transient=False)
    name = codings[0] if codings else ""
    if name == "deflate":
        return _sniffed(_deflate(raw, most), most, 1)
    if name not in ("", "gzip", "x-gzip"):
        raise FetchError(f"content coding {name}", code="fetch.encoding", transient=False)
    return _sniffed(raw, most, 0)


def _sniffed(body: bytes, most: int, layers: int) -> bytes:
    while body.startswith(_GZIP_MAGIC):
        layers += 1
        if layers > _MOST_LAYERS:
            raise FetchError("gzip in gzip in gzip", code="fetch.encoding", transient=False)
        body = _inflate(body, zlib.decompressobj(16 + zlib.MAX_WBITS), most)
    return body


def _deflate(raw: bytes, most: int) -> bytes:
    """RFC 9110 says zlib format; some servers send the bare stream."""
    try:
        return _inflate(raw, zlib.decompressobj(), most)
    except FetchError as error:
        if error.code != "fetch.encoding":
            raise
        return _inflate(raw, zlib.decompressobj(-zlib.MAX_WBITS), most)


def _inflate(raw: bytes, stream: _Stream, most: int) -> bytes:
    out = bytearray()
    rest = raw
    try:
        while rest and not stream.eof:
            out += stream.decompress(rest, _STEP)
            if len(out) > most:
                raise too_large(most)
            rest = stream.unconsumed_tail
    except zlib.error as error:
        if out:  # cut or damaged: what came out may still hold whole entries
            return bytes(out)
        raise FetchError("broken compression", code="fetch.encoding", transient=True) from error
    return bytes(out)


def too_large(most: int) -> FetchError:
    return FetchError(f"more than {most} bytes", code="fetch.too_large", transient=False)
