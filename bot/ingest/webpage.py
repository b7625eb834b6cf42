"""An article page to an Article."""

from collections.abc import Callable
from datetime import datetime

from bot.errors import ParseError
from bot.ingest import charset, identity, links, metadata, prose, walls
from bot.ingest.article import compose
from bot.ingest.metadata import Metadata
from bot.model import Article, Fetched
from bot.text import detect

MOST_BYTES = 5 * 1024 * 1024  # of HTML; article pages are a tenth of it
LONGEST_TEXT = 200_000  # characters of one article
_SHORTEST = 80  # characters of text below which a page holds no article
_CJK_SHORTEST = 40
_TYPES = ("html", "xml", "text/plain")


class PageRefused(ParseError):
    """The page is a wall: ``page.consent``, ``page.paywall``, ``page.challenge``. `teaser` is the
    part of a paywalled article that is shown to all, marked partial, if there is any."""

    code = "page.refused"

    def __init__(
        self, message: str = "", code: str | None = None, teaser: Article | None = None
    ) -> None:
        super().__init__(message, code=code)
        self.teaser = teaser


def page(fetched: Fetched, *, now: datetime) -> Article:
    """The article on a web page, its boilerplate dropped; `source_id` is empty.

    Raises ParseError: ``page.empty`` where no article text is found, ``page.not_html``,
    ``page.too_large`` (5 MB), or PageRefused for a wall.
    """
    html = _html(fetched)
    about = metadata.read(html, fetched.url)
    body = walls.without_notices(_main_text(html))
    kind = walls.kind_of(html, url=fetched.url, title=about.title, text=body, is_free=about.is_free)
    if kind in ("challenge", "consent"):
        raise PageRefused(f"a {kind} page instead of an article", f"page.{kind}")
    article = _article(fetched, about, body, now, partial=kind == "paywall")
    enough = len(prose.tidy(body)) >= (
        _CJK_SHORTEST if article.lang[:2] in ("ja", "zh", "ko") else _SHORTEST
    )
    if kind:
        raise PageRefused(
            "the article is behind a paywall", "page.paywall", article if enough else None
        )
    if not enough:
        raise ParseError("no article text on the page", code="page.empty")
    return article


def _html(fetched: Fetched) -> str:
    if len(fetched.body) > MOST_BYTES:
        raise ParseError(f"more than {MOST_BYTES} bytes", code="page.too_large")
    kind = fetched.content_type.lower()
    if kind and not any(known in kind for known in _TYPES):
        raise ParseError(f"{kind.partition(';')[0]} is no web page", code="page.not_html")
    html, _ = charset.decode(fetched.body, fetched.content_type)
    if not html.strip():
        raise ParseError("the page is blank", code="page.empty")
    return html


def _main_text(html: str, extract: Callable[[str], str | None] | None = None) -> str:
    """The article's paragraphs, one a line. Extraction must never end in another error than
    ParseError: the page is a stranger's."""
    try:
        found = (extract or _extract)(html)
    except (ValueError, TypeError, AttributeError, RecursionError, LookupError) as error:
        raise ParseError("the page could not be taken apart", code="page.broken") from error
    return prose.tidy(found or "")[:LONGEST_TEXT]


def _extract(html: str) -> str | None:
    # Loaded here: it takes a third of a second, and most runs never read a page.
    import trafilatura

    found: str | None = trafilatura.extract(
        html,
        favor_precision=True,
        include_comments=False,
        include_tables=True,
        include_formatting=False,
        output_format="txt",
    )
    return found


def _article(
    fetched: Fetched, about: Metadata, body: str, now: datetime, *, partial: bool
) -> Article:
    text = compose(about.title, body)
    url = (
        about.canonical if about.canonical and about.canonical != about.is_based_on else fetched.url
    )
    return Article(
        id=identity.of_url(url),
        source_id="",
        url=links.publishers(url),
        title=about.title,
        text=text,
        lang=detect(text, about.lang),
        fetched_at=now,
        published_at=min(about.published, now) if about.published else None,
        authors=about.authors,
        content_hash=identity.content_hash(text),
        partial=partial,
        is_based_on=about.is_based_on,
        translated_from=about.translated_from,
    )
