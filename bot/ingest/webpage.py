"""An article page to an Article."""

from collections.abc import Callable
from datetime import datetime

from bot.errors import ParseError
from bot.ingest import boilerplate, charset, identity, links, metadata, prose, tree, walls
from bot.ingest.article import compose
from bot.ingest.metadata import Metadata
from bot.model import Article, Fetched
from bot.text import detect

MOST_BYTES = 5 * 1024 * 1024  # of HTML; article pages are a tenth of it
LONGEST_TEXT = 200_000  # characters of one article
_SHORTEST = 120  # Latin letters (see tree.size): less text is no article
_TEASER = 60  # and less no teaser
_REFUSED = {
    "challenge": "a check for robots",
    "consent": "a request for consent",
    "login": "a login",
    "gone": "word that the page is gone",
    "browser": "a request to change the browser's settings",
    "age": "a check of age",
    "region": "word that the region is shut out",
    "notice": "a notice to the reader",
    "list": "a list of stories",
}
_TYPES = ("html", "xml", "text/plain")


class PageRefused(ParseError):
    """The page is a wall: ``page.paywall`` or ``page.`` and one of `_REFUSED`. `teaser` is the part
    of a paywalled article that is shown to all, marked partial, if there is any."""

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
    page = tree.tidy(html)
    about = metadata.read(html, fetched.url)
    whole = _main_text(page, about)
    body = walls.without_notices(whole)
    told = walls.Told(
        url=fetched.url, title=about.title, is_free=about.is_free, is_article=about.is_article
    )
    kind = walls.kind_of(page, html, told=told, text=whole)
    if kind and kind != "paywall":
        raise PageRefused(f"{_REFUSED[kind]} instead of an article", f"page.{kind}")
    article = _article(fetched, about, body, now, partial=kind == "paywall")
    length = tree.size(body)
    if kind:
        raise PageRefused(
            "the article is behind a paywall",
            "page.paywall",
            article if length >= _TEASER else None,
        )
    if length < _SHORTEST:
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


def _main_text(
    page: tree.Tidy, about: Metadata, extract: Callable[[tree.Tidy], str | None] | None = None
) -> str:
    """The article's paragraphs, one a line. Extraction must never end in another error than
    ParseError: the page is a stranger's."""
    try:
        found = (extract or _extract)(page)
    except (ValueError, TypeError, AttributeError, RecursionError, LookupError) as error:
        raise ParseError("the page could not be taken apart", code="page.broken") from error
    lines = boilerplate.without(prose.tidy(found or "").split("\n"), about.title, about.names)
    told = prose.text_of(about.body)
    # Some show their text by script alone, but tell it to search engines whole.
    text = "\n".join(lines)
    return (told if len(told) > 2 * len(text) else text)[:LONGEST_TEXT]


def _extract(page: tree.Tidy) -> str | None:
    # Loaded here: it takes a third of a second, and most runs never read a page.
    import trafilatura

    found: str | None = trafilatura.extract(
        tree.markup(page),
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
