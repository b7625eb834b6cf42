"""Feeds that mean harm, each as large as the cap allows, and what reading one costs.

Every shape aims at another resource: nodes, attributes, names, errors, references, one long text,
wide characters, objects. Each is read in a process of its own, so that peaks do not mix.

    python -m benchmarks.bombs [SHAPE ... | all]
"""

import multiprocessing
import resource
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from time import process_time
from typing import NamedTuple

from bot import ingest
from bot.errors import ParseError
from bot.model import Fetched, Source

MOST = 15 * 1024 * 1024  # bytes of each
MOST_SECONDS, MOST_MEGABYTES = 2.0, 64.0  # the targets, of CPU time and of memory
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
SOURCE = Source(id="s", url="https://news.example/feed")
ITEM = "<item><title>t{0}</title><link>https://news.example/{0}</link></item>"


class Cost(NamedTuple):
    """What one reading cost beyond the bytes themselves, and how it ended."""

    seconds: float  # of CPU
    megabytes: float
    outcome: str


def filled(unit: Callable[[int], str], start: str = "<rss><channel>", end: str = "") -> bytes:
    """Numbered units between a start and an end, up to the cap."""
    parts, size, number = [start.encode()], len(start), 0
    most = MOST - len(end) - 64
    while size < most:
        piece = unit(number).encode()
        if size + len(piece) > most:
            break
        parts.append(piece)
        size += len(piece)
        number += 1
    return b"".join(parts) + end.encode()


def items(inner: str) -> bytes:
    return filled(lambda n: f"<item>{inner}<guid>{n}</guid></item>", end="</channel></rss>")


def deep() -> bytes:
    return b"<rss><channel><item>" + b"<a>" * 5_000_000


def gappy(unit: str, count: int, wide: str = "") -> bytes:
    """So many units, spread over the whole length by filling text."""
    gap = "x" * ((MOST - 200) // count - len(unit))
    return f"<rss><channel><item><title>{wide}</title>{(unit + gap) * count}".encode()


def json_feed(items: Callable[[int], str], start: str = "") -> bytes:
    head = f'{{"version": "https://jsonfeed.org/version/1.1", {start}"items": ['
    return filled(lambda n: items(n) + ",", head, "{}]}")


SHAPES: dict[str, Callable[[], bytes]] = {
    "empty elements": lambda: filled(lambda _: "<a/>"),
    "small elements": lambda: filled(lambda _: "<a>x</a>"),
    "elements up to the count": lambda: gappy("<a/>", 490_000),
    "elements with text up to the count": lambda: gappy("<a>x</a>y", 245_000),
    "the same, one wide character": lambda: gappy("<a>x</a>y", 245_000, "😀"),
    "elements with other names": lambda: filled(lambda n: f"<a{n}/>"),
    "long names": lambda: filled(lambda n: f"<{'n' * 100}{n}/>"),
    "undeclared prefixes": lambda: filled(lambda n: "<p:a/>"),
    "undeclared prefixes, spread": lambda: gappy("<p:a/>", 490_000),
    "unclosed elements in items": lambda: items("<b><i>"),
    "open elements in titles": lambda: items("<title>a<b>c</title>"),
    "open elements in long titles": lambda: items(f"<title>{'a<b>c' * 90}</title>{'x' * 3000}"),
    "many small items": lambda: items(""),
    "many items, spread": lambda: gappy("<item><guid>a</guid>x</item>", 120_000),
    "attributes of many elements": lambda: filled(
        lambda n: "<a " + " ".join(f'a{i}=""' for i in range(100)) + "/>"
    ),
    "attributes of one element": lambda: filled(lambda n: f' a{n}=""', "<rss><channel><item"),
    "attributes of one name": lambda: filled(lambda _: ' a=""', "<rss><channel><item"),
    "attributes with values": lambda: filled(
        lambda n: "<a " + " ".join(f'a{n}{i}="x"' for i in range(50)) + "/>"
    ),
    "namespaces of one element": lambda: filled(
        lambda n: f' xmlns:a{n}="{n}"', "<rss><channel><item"
    ),
    "namespaces of many elements": lambda: filled(
        lambda n: f'<a xmlns="{n}" xmlns:b="c"/>',
    ),
    "namespaces nested": lambda: filled(lambda n: f'<a xmlns:a{n}="{n}">'),
    "deep": deep,
    "one long text": lambda: filled(lambda _: "x" * 100, "<rss><channel><item><title>"),
    "one long text, one wide character": lambda: filled(
        lambda _: "x" * 100, "<rss><channel><item><title>😀"
    ),
    "long texts": lambda: filled(
        lambda n: f"<item><guid>{n}</guid><description>{'x ' * 250_000}</description></item>"
    ),
    "long texts, wide": lambda: filled(
        lambda n: f"<item><guid>{n}</guid><description>😀{'x ' * 249_000}</description></item>"
    ),
    "markup in long texts": lambda: filled(
        lambda n: (
            f"<item><guid>{n}</guid><description><![CDATA["
            f"{'<a b=c>' * 30_000}]]></description></item>"
        )
    ),
    "inline markup": lambda: items("<description><p>a</p><p>b</p></description>"),
    "cdata": lambda: filled(lambda _: "<![CDATA[]]>", "<rss><channel><item><title>"),
    "cdata with text": lambda: filled(lambda _: "<![CDATA[a]]>b", "<rss><channel><item><title>"),
    "one cdata": lambda: filled(lambda _: "<" * 100, "<rss><channel><item><title><![CDATA["),
    "comments": lambda: filled(lambda _: "<!---->"),
    "one comment": lambda: filled(lambda _: "<!-- " * 20, "<rss><!--"),
    "instructions": lambda: filled(lambda _: "<?a?>"),
    "lt": lambda: filled(lambda _: "&lt;", "<rss><channel><item><title>"),
    "named references": lambda: filled(lambda _: "&eacute;", "<rss><channel><item><title>"),
    "named references up to the count": lambda: gappy("&eacute;", 490_000),
    "numbered references": lambda: filled(lambda n: "&#233;", "<rss><channel><item><title>"),
    "numbered references, wide": lambda: filled(
        lambda n: "&#128512;", "<rss><channel><item><title>"
    ),
    "unknown references": lambda: filled(lambda n: f"&a{n};", "<rss><channel><item><title>"),
    "bare ampersands": lambda: filled(lambda _: "&" * 50, "<rss><channel><item><title>"),
    "ampersands up to the count": lambda: gappy("&", 490_000),
    "control characters": lambda: filled(lambda _: "\x01a", "<rss><channel><item><title>"),
    "c1 characters": lambda: filled(lambda _: "\x80", "<rss><channel><item><title>"),
    "declared entities": lambda: filled(
        lambda n: f'<!ENTITY a{n} "{n}">', "<!DOCTYPE rss [", "]><rss><channel/></rss>"
    ),
    "a doctype without end": lambda: filled(lambda _: "<!DOCTYPE rss [ ]", ""),
    "latin": lambda: filled(lambda _: "e" * 99, "<rss><channel><item><title>").replace(
        b"ee", b"e\xe9", 1
    ),
    "bad bytes": lambda: b"<rss><channel><item><title>" + b"\xff\xfe" * 7_000_000,
    "noise": lambda: b"<rss>" + bytes(range(128, 256)) * 100_000,
    "utf-16": lambda: b"\xff\xfe" + ("<rss><channel>" + "字" * 7_000_000).encode("utf-16-le"),
    "utf-16, one wide": lambda: b"\xff\xfe" + ("<rss>😀" + "x" * 7_000_000).encode("utf-16-le"),
    "utf-7 escapes": lambda: b"\x1b$B" + b"<rss>" * 3_000_000,
    "a sitemap": lambda: filled(
        lambda n: f"<url><loc>https://a.example/{n}</loc></url>", "<urlset>", "</urlset>"
    ),
    "dates": lambda: items("<pubDate>Mon, 02 Mar 2026 00:00:0</pubDate>" * 3),
    "json objects": lambda: json_feed(lambda _: "{}"),
    "json arrays": lambda: json_feed(lambda _: "[]"),
    "json numbers": lambda: json_feed(lambda n: str(n)),
    "json strings": lambda: json_feed(lambda n: f'"{n}"'),
    "json keys": lambda: json_feed(
        lambda n: "{" + ",".join(f'"{n}{i}":0' for i in range(200)) + "}"
    ),
    "json items": lambda: json_feed(
        lambda n: f'{{"id":"{n}","url":"https://a.example/{n}","content_text":"{"x" * 120}"}}'
    ),
    "json depth": lambda: b'{"items":' + b"[" * 14_000_000,
    "json floats": lambda: json_feed(lambda n: f"{n}.5"),
    "json wide": lambda: json_feed(
        lambda n: f'{{"id":"{n}","content_html":"{"x" * 10_000}"}}',
        '"title": "😀", ',
    ),
    "json one string": lambda: filled(lambda _: "x" * 100, '{"items": ["', '"]}'),
    "json one wide string": lambda: filled(lambda _: "x" * 100, '{"items": ["😀', '"]}'),
    "json escapes": lambda: filled(lambda _: "\\ud83d\\ude00", '{"items": ["', '"]}'),
    "json digits": lambda: filled(lambda _: "1" * 100, '{"items": [', "]}"),
    "html": lambda: filled(lambda _: "<p>a", "<html>"),
    "html links": lambda: filled(
        lambda n: f'<link rel=alternate type="application/rss+xml" href="/{n}">', "<html>"
    ),
    "html attributes": lambda: filled(lambda n: f" a{n}=b", "<html><link"),
}

# Of each kind; `python -m benchmarks.bombs all` reads the others too.
COSTLIEST = (
    "elements up to the count",
    "undeclared prefixes, spread",
    "attributes of one element",
    "long names",
    "open elements in long titles",
    "long texts, wide",
    "many items, spread",
    "numbered references, wide",
    "c1 characters",
    "utf-16, one wide",
    "json items",
    "json keys",
    "json one wide string",
)


def read(body: bytes) -> str:
    """How reading ends: the number of entries, or the code of the refusal."""
    answer = Fetched(
        url="https://news.example/feed", status=200, body=body, content_type="", fetched_at=NOW
    )
    try:
        feed = ingest.parse(answer, source=SOURCE)
    except ParseError as error:
        return error.code
    return f"{len(feed.entries)} of {len(feed.entries) + feed.dropped}"


def measure(shapes: Sequence[str]) -> Iterator[tuple[str, Cost]]:
    """The cost of each shape."""
    return ((shape, cost(SHAPES[shape])) for shape in shapes)


def cost(make: Callable[[], bytes]) -> Cost:
    """What reading a feed costs. It is made and read in forks of a process that never held one."""
    for small in (
        b"<rss><channel><item><title>\xe9&eacute;</title>",
        b'{"items": [{}]}',
        b"<html>",
    ):
        read(small)  # what is loaded once does not count
    context = multiprocessing.get_context("fork")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "feed"
        receiver, sender = context.Pipe(duplex=False)
        for task in (partial(_make, make, file), partial(_read_one, file, sender)):
            child = context.Process(target=task)
            child.start()
            child.join()
            if child.exitcode:
                raise RuntimeError(f"exit code {child.exitcode}")
        found: Cost = receiver.recv()
        return found


def _make(make: Callable[[], bytes], file: Path) -> None:
    body = make()
    assert len(body) <= MOST, len(body)
    file.write_bytes(body)


def _read_one(file: Path, sender: Connection) -> None:
    sys.settrace(None)  # a fork of a run under coverage would time the tracer too
    body = file.read_bytes()
    before, started = _peak(), process_time()
    outcome = read(body)
    sender.send(Cost(process_time() - started, _peak() - before, outcome))


def _peak() -> float:
    """The most memory that this process has held, in MB."""
    status = Path("/proc/self/status")
    if status.exists():  # Linux hands ru_maxrss on from whoever started the process
        return int(status.read_text().partition("VmHWM:")[2].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(names: Sequence[str] = ()) -> None:
    shapes = list(SHAPES) if "all" in names else names or COSTLIEST
    print(
        f"hostile feeds of 15 MB (target: <= {MOST_SECONDS} s of CPU, <= {MOST_MEGABYTES} MB extra)"
    )
    for shape, cost in measure(shapes):
        bad = "!" if cost.seconds > MOST_SECONDS or cost.megabytes > MOST_MEGABYTES else " "
        row = f"{bad} {shape:38}{cost.seconds:7.2f} s{cost.megabytes:7.0f} MB  {cost.outcome}"
        print(row, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
