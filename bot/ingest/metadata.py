"""What an article page says about itself: JSON-LD (schema.org), Open Graph, plain HTML."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from bot.ingest import dates, links, prose
from bot.ingest.article import spell
from bot.model import Lang
from bot.text import CJK

_LD = re.compile(r"<script\b[^>]{0,300}application/ld\+json[^>]{0,300}>", re.IGNORECASE)
_END_OF_LD = re.compile(r"</script", re.IGNORECASE)
_META = re.compile(r"<meta\b((?:\"[^\"<]{0,4000}\"|'[^'<]{0,4000}'|[^<>\"'])*+)>", re.IGNORECASE)
_LINK = re.compile(r"<link\b((?:\"[^\"<]{0,4000}\"|'[^'<]{0,4000}'|[^<>\"'])*+)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([\w:-]{1,40})\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_LANG = re.compile(r"<html\b[^>]{0,1000}?\blang\s*=\s*[\"']?([\w-]{2,16})", re.IGNORECASE)
_H1 = re.compile(r"<h1\b[^>]{0,1000}>(.{1,2000}?)</h1", re.IGNORECASE | re.DOTALL)
_TITLE = re.compile(r"<title\b[^>]{0,200}>(.{1,1000}?)</title", re.IGNORECASE | re.DOTALL)
_TIME = re.compile(r"<time\b[^>]{0,300}?\bdatetime\s*=\s*[\"']([^\"']{4,40})", re.IGNORECASE)
_TYPES = frozenset(
    "article newsarticle blogposting reportagenewsarticle analysisnewsarticle opinionnewsarticle "
    "backgroundnewsarticle techarticle scholarlyarticle liveblogposting report".split()
)
_DATES = (
    "article:published_time", "datepublished", "date", "pubdate", "publishdate", "dc.date",
    "dc.date.issued", "dcterms.created", "sailthru.date", "parsely-pub-date", "og:published_time",
)  # fmt: skip
# "Story | Site", and after CJK "标题_网站": elsewhere an underscore is part of a name.
_SITE = re.compile(
    r"\s+[|｜–—-]\s+[^|｜–—]{1,60}$|[｜|][^｜|]{1,40}$"
    rf"|(?<=[{CJK}])_[^_]{{1,40}}$"
)
_CUT = re.compile(r"\s*[|｜_:：]+\s*|\s+[@–—-]\s+|\s*[(（]")
_LEAST_TITLE = 6  # characters
_DATE = 20  # characters that may follow a headline on its line
_MOST_CUTS = 12
_MOST_DEPTH = 6
_MOST_AUTHORS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    title: str = ""
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    lang: Lang | None = None
    canonical: str = ""
    is_based_on: str | None = None
    translated_from: Lang | None = None
    is_free: bool = True
    is_article: bool = False  # says that it is one
    names: tuple[str, ...] = ()  # the site's, and other parts of the page's title
    body: str = ""  # the whole text, where JSON-LD has it


def read(html: str, url: str) -> Metadata:
    """The statements of a page. JSON-LD wins over meta elements, these over visible markup."""
    ld = next(_articles(html), {})
    meta = dict(_metas(html))
    canonical = _canonical(html, url)
    work = ld.get("translationOfWork")
    original = work if isinstance(work, dict) else {}
    return Metadata(
        title=_title(ld, meta, html),
        authors=_authors(ld, meta),
        published=_published(ld, meta, html),
        lang=spell(_word(ld.get("inLanguage"))) or spell(_first(_LANG, html)),
        canonical=canonical,
        is_based_on=_based_on(ld, canonical, url),
        translated_from=spell(_word(original.get("inLanguage"))),
        is_free=_is_free(ld),
        is_article=bool(ld) or "article:published_time" in meta or meta.get("og:type") == "article",
        names=(*_parts(prose.line_of(_first(_TITLE, html))), meta.get("og:site_name", "")),
        body=_word(ld.get("articleBody")),
    )


def _articles(html: str) -> Iterator[dict[str, Any]]:
    at = 0
    while (begin := _LD.search(html, at)) and (end := _END_OF_LD.search(html, begin.end())):
        at = end.end()
        try:
            data = json.loads(html[begin.end() : end.start()].strip(), strict=False)
        except (ValueError, RecursionError):
            continue
        yield from _walk(data, 0)


def _walk(data: object, depth: int) -> Iterator[dict[str, Any]]:
    if depth > _MOST_DEPTH:
        return
    if isinstance(data, list):
        for part in data:
            yield from _walk(part, depth + 1)
    elif isinstance(data, dict):
        kinds = data.get("@type")
        named = kinds if isinstance(kinds, list) else [kinds]
        if any(isinstance(kind, str) and kind.lower() in _TYPES for kind in named):
            yield data
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _walk(data.get(key), depth + 1)


def _metas(html: str) -> Iterator[tuple[str, str]]:
    """Names and contents of meta elements; the first of a name stands."""
    pairs = []
    for match in _META.finditer(html):
        attributes = _attributes(match.group(1))
        key = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
        if key and attributes.get("content"):
            pairs.append((key.lower(), attributes["content"]))
    return reversed(pairs)


def _attributes(text: str) -> dict[str, str]:
    return {
        m.group(1).lower(): prose.line_of(m.group(2) or m.group(3) or m.group(4) or "")
        for m in _ATTRIBUTE.finditer(text)
    }


def _first(pattern: re.Pattern[str], html: str) -> str:
    match = pattern.search(html)
    return match.group(1) if match else ""


def _word(value: object) -> str:
    """A text, or the name or URL of the thing that stands for it."""
    if isinstance(value, list):
        return _word(value[0]) if value else ""
    if isinstance(value, dict):
        return _word(value.get("alternateName") or value.get("name") or value.get("url"))
    return value.strip() if isinstance(value, str) else ""


def _title(ld: dict[str, Any], meta: dict[str, str], html: str) -> str:
    told = prose.line_of(_word(ld.get("headline"))) or meta.get("og:title", "")
    shown = prose.line_of(_first(_H1, html))
    if told and not told.endswith(("…", "...")):
        # A site's name after a bar belongs to the page, not to the article.
        return shown if shown and told.startswith(shown) else _SITE.sub("", told) or told
    page = prose.line_of(_first(_TITLE, html))
    if len(shown) >= _LEAST_TITLE and page.startswith(shown):
        return shown
    return _standing(page, html) or shown or told or _SITE.sub("", page) or page


def _standing(page: str, html: str) -> str:
    """The longest part of a page's title that stands on a line of its own on the page: the site's
    name before or after it is no part of the headline."""
    lines = set(prose.text_of(_TITLE.sub("", html, count=1)).split("\n"))
    found = [
        part
        for part in _parts(page)
        if len(part) >= _LEAST_TITLE
        and any(line.startswith(part) and len(line) - len(part) <= _DATE for line in lines)
    ]
    return max(found, key=len, default="")


def _parts(page: str) -> tuple[str, ...]:
    """A page's title whole, and before and after each bar, dash, colon or bracket in it."""
    cuts = [m.span() for m in _CUT.finditer(page)][:_MOST_CUTS]
    parts = [page, *(page[:a] for a, _ in cuts), *(page[b:] for _, b in cuts)]
    return tuple(dict.fromkeys(part for raw in parts if (part := raw.strip())))


def _authors(ld: dict[str, Any], meta: dict[str, str]) -> tuple[str, ...]:
    value = ld.get("author")
    people = value if isinstance(value, list) else [value]
    names = [prose.line_of(_word(person)) for person in people[:_MOST_AUTHORS]]
    named = tuple(dict.fromkeys(n for n in names if n and not n.startswith("http")))
    by = meta.get("author") or meta.get("article:author", "")
    return named or ((by,) if by and not by.startswith("http") else ())


def _published(ld: dict[str, Any], meta: dict[str, str], html: str) -> datetime | None:
    texts = [
        _word(ld.get("datePublished")),
        *(meta.get(key, "") for key in _DATES),
        _first(_TIME, html),
    ]
    return next((moment for text in texts if text and (moment := dates.read(text))), None)


def _canonical(html: str, url: str) -> str:
    for match in _LINK.finditer(html):
        attributes = _attributes(match.group(1))
        if attributes.get("rel", "").lower() == "canonical":
            return links.absolute(attributes.get("href", ""), url)
    return ""


def _based_on(ld: dict[str, Any], canonical: str, url: str) -> str | None:
    """The work behind this one: said in JSON-LD, or a canonical link to another site, as
    syndicated copies carry."""
    for key in ("translationOfWork", "isBasedOn", "isBasedOnUrl"):
        value = ld.get(key)
        link = value.get("url") or value.get("@id") if isinstance(value, dict) else value
        based = links.absolute(_word(link), url)
        if based:
            return based
    there, here = urlsplit(canonical).hostname or "", urlsplit(url).hostname or ""
    return canonical if there and here and _site(there) != _site(here) else None


def _site(host: str) -> str:
    """A host's last two labels, three under a country's co, com, net, org, ne, or, ac, go, gov."""
    labels = host.lower().rstrip(".").split(".")
    second = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL
    return ".".join(labels[-3 if second else -2 :])


_SECOND_LEVEL = frozenset("co com net org ne or ac go gov edu".split())


def _is_free(ld: dict[str, Any]) -> bool:
    value = ld.get("isAccessibleForFree", True)
    return str(value).strip().lower() not in ("false", "no", "0")
