"""Lists of sources: OPML in and out (opml.org/spec2.opml), and plain lists of URLs in."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from urllib.parse import urlsplit
from xml.sax.saxutils import quoteattr

from bot.errors import ParseError
from bot.ingest import charset, elements, links, prose
from bot.ingest.article import spell
from bot.ingest.elements import Element, attribute
from bot.ingest.repair import mend
from bot.model import Lang

MOST = 2000  # sources of one import
MOST_BYTES = 2 * 1024 * 1024
_DEEPEST = 10  # folders within folders
_LONGEST_NAME = 200
_PRIVATE_NAMES = ("localhost", "local", "internal", "localdomain")
_URL = re.compile(r"https?://[^\s<>\"'，、；)）\]]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """One source of a list, with the folders it lies in, outermost first."""

    url: str
    title: str = ""
    folders: tuple[str, ...] = ()
    lang: Lang | None = None
    site: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """An entry that cannot be a source, and why: "not_a_url", "private", "too_many"."""

    url: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    outlines: tuple[Outline, ...]
    refused: tuple[Refused, ...] = ()
    title: str = ""


def read(body: bytes) -> Listed:
    """The sources in an OPML file, or in a plain list of URLs, each once, in order.

    Wrong charsets and broken XML are mended as in feeds. Entries without a URL are folders or
    nothing; what cannot be fetched is listed as refused. The address behind a name is checked
    when it is fetched, not here. Raises ParseError: ``opml.empty``, ``opml.too_large``,
    ``opml.not_opml``.
    """
    if len(body) > MOST_BYTES:
        raise ParseError(f"more than {MOST_BYTES} bytes", code="opml.too_large")
    text, _ = charset.decode(body)
    if not text.strip():
        raise ParseError("the file is empty", code="opml.empty")
    if not text.lstrip("\ufeff \t\r\n").startswith("<"):
        return flat(text)
    root = _root(text)
    title = next((elements.plain(e) for e in root.iter() if elements.name(e) == "title"), "")
    return _checked(_outlines(root, (), 0), prose.line_of(title))


def _root(text: str) -> Element:
    try:
        root = elements.tree(mend(text.encode("utf-8", "replace"))[0], "")
    except ParseError as error:
        raise ParseError("not XML", code="opml.not_opml") from error
    if elements.name(root) != "opml":
        raise ParseError(f"<{elements.name(root)}> is not OPML", code="opml.not_opml")
    return root


def flat(text: str) -> Listed:
    """The URLs in a text, one or more a line; what follows a URL on its line is its title.

    >>> flat("https://a.example/rss  A's news\\n# a remark").outlines[0].title
    "A's news"
    """
    found = []
    for line in text.splitlines():
        urls = list(_URL.finditer(line)) if not line.lstrip().startswith("#") else []
        for match in urls:
            title = line[match.end() :].strip(" \t,;|-") if len(urls) == 1 else ""
            found.append(Outline(url=match.group(), title=title[:_LONGEST_NAME]))
    if not found:
        raise ParseError("no URL in the text", code="opml.not_opml")
    return _checked(iter(found), "")


def write(outlines: Iterable[Outline], *, title: str, now: datetime) -> str:
    """An OPML 2.0 file with the sources in their folders; `read` gives the same sources back."""
    groups: dict[tuple[str, ...], list[Outline]] = {}
    for outline in outlines:
        groups.setdefault(outline.folders, []).append(outline)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<opml version="2.0">',
        "  <head>",
        f"    <title>{_text(title)}</title>",
        f"    <dateCreated>{now.strftime('%a, %d %b %Y %H:%M:%S GMT')}</dateCreated>",
        "  </head>",
        "  <body>",
    ]
    for folders, members in sorted(groups.items()):
        lines += [f"    <outline text={_quoted(name)}>" for name in folders]
        lines += [_line(member) for member in members]
        lines += ["    </outline>"] * len(folders)
    return "\n".join([*lines, "  </body>", "</opml>", ""])


def _outlines(element: Element, folders: tuple[str, ...], depth: int) -> Iterator[Outline]:
    for child in element:
        if elements.name(child) != "outline":
            if elements.name(child) == "body":
                yield from _outlines(child, folders, depth)
            continue
        label = prose.line_of(attribute(child, "title") or attribute(child, "text"))[:_LONGEST_NAME]
        url = attribute(child, "xmlurl") or (
            attribute(child, "url") if attribute(child, "type").lower() in ("rss", "atom") else ""
        )
        if url:
            yield Outline(
                url=url,
                title=label,
                folders=folders or _categories(attribute(child, "category")),
                lang=spell(attribute(child, "language")),
                site=links.absolute(attribute(child, "htmlurl"), ""),
            )
        if len(child) and depth < _DEEPEST:
            yield from _outlines(
                child, (*folders, label) if label and not url else folders, depth + 1
            )


def _categories(text: str) -> tuple[str, ...]:
    """OPML 2.0 §category: the first of a comma-separated list of slash-delimited paths."""
    return tuple(filter(None, (part.strip() for part in text.partition(",")[0].split("/"))))


def _checked(found: Iterator[Outline], title: str) -> Listed:
    kept: dict[str, Outline] = {}
    refused: list[Refused] = []
    for outline in found:
        reason = _refusal(outline.url) or ("too_many" if len(kept) >= MOST else "")
        if reason:
            refused.append(Refused(url=outline.url[: links.LONGEST], reason=reason))
        else:
            kept.setdefault(links.canonical(outline.url), outline)
    return Listed(outlines=tuple(kept.values()), refused=tuple(refused[:MOST]), title=title)


def _refusal(url: str) -> str:
    if not links.absolute(url, "") or not url.lower().startswith(("http://", "https://")):
        return "not_a_url"
    host = (urlsplit(url).hostname or "").rstrip(".").lower()
    try:
        return "" if ip_address(host).is_global else "private"
    except ValueError:
        last = host.rpartition(".")[2]
        return "private" if last in _PRIVATE_NAMES or last.isdigit() else ""


def _line(outline: Outline) -> str:
    parts = [f'      <outline type="rss" text={_quoted(outline.title or outline.url)}']
    parts.append(f"xmlUrl={_quoted(outline.url)}")
    if outline.site:
        parts.append(f"htmlUrl={_quoted(outline.site)}")
    if outline.lang:
        parts.append(f"language={_quoted(outline.lang)}")
    return " ".join(parts) + "/>"


def _quoted(text: str) -> str:
    return quoteattr(prose.tidy(text))


def _text(text: str) -> str:
    return _quoted(text)[1:-1]
