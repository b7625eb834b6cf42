"""What people paste, to the feed behind it.

A table of URL patterns for places that people follow but whose pages do not lead to their feeds by
the usual signs. The feeds' addresses are the platforms' own unless a line says otherwise; they are
written down from the platforms' documentation and cannot be checked without the network.
"""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, quote, quote_plus, urlsplit

from bot.model import Lang


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """The feed to fetch for what was pasted, and what to call it."""

    url: str
    title: str
    name: str  # of the recipe: "reddit", "youtube"


_PATTERNS: tuple[tuple[str, str, str, str], ...] = (
    # name, host and path, feed, title; the groups of the pattern fill the braces
    (
        "hackernews",
        r"news\.ycombinator\.com/item\?id=(\d+)",
        "https://hnrss.org/item?id={0}",
        "Hacker News {0}",
    ),
    (  # hnrss.org is a third party's long-standing service; Hacker News itself has the front page
        "hackernews",
        r"news\.ycombinator\.com/(newest|best|ask|show|active)",
        "https://hnrss.org/{0}",
        "Hacker News: {0}",
    ),
    (
        "hackernews",
        r"news\.ycombinator\.com/user\?id=([\w-]+)",
        "https://hnrss.org/submitted?id={0}",
        "{0} on Hacker News",
    ),
    (
        "hackernews",
        r"news\.ycombinator\.com(?:/news|/front)?",
        "https://news.ycombinator.com/rss",
        "Hacker News",
    ),
    (
        "reddit",
        r"(?:www\.|old\.|new\.|m\.)?reddit\.com/(r|user|u)/([\w-]+)/comments/(\w+)(?:/.*)?",
        "https://www.reddit.com/{0}/{1}/comments/{2}/.rss",
        "reddit {0}/{1}",
    ),
    (
        "reddit",
        r"(?:www\.|old\.|new\.|m\.)?reddit\.com/r/([\w+-]+)/(top|new|rising|hot|controversial)(?:\.rss)?",
        "https://www.reddit.com/r/{0}/{1}/.rss",
        "r/{0} ({1})",
    ),
    (
        "reddit",
        r"(?:www\.|old\.|new\.|m\.)?reddit\.com/r/([\w+-]+)(?:/\.rss)?",
        "https://www.reddit.com/r/{0}/.rss",
        "r/{0}",
    ),
    (
        "reddit",
        r"(?:www\.|old\.|new\.|m\.)?reddit\.com/(?:user|u)/([\w-]+)",
        "https://www.reddit.com/user/{0}/.rss",
        "u/{0}",
    ),
    (
        "arxiv",
        r"(?:www\.)?arxiv\.org/list/([\w.-]+)(?:/(?:recent|new|current|pastweek))?",
        "https://rss.arxiv.org/rss/{0}",
        "arXiv {0}",
    ),
    (
        "github",
        r"github\.com/([\w.-]+)/([\w.-]+)/tags(?:\.atom)?",
        "https://github.com/{0}/{1}/tags.atom",
        "{0}/{1} tags",
    ),
    (
        "github",
        r"github\.com/([\w.-]+)/([\w.-]+)/commits/([^?#]+?)(?:\.atom)?",
        "https://github.com/{0}/{1}/commits/{2}.atom",
        "{0}/{1} commits",
    ),
    (
        "github",
        r"github\.com/([\w.-]+)/([\w.-]+?)(?:\.git|/releases(?:\.atom|/latest)?)?",
        "https://github.com/{0}/{1}/releases.atom",
        "{0}/{1} releases",
    ),
    (
        "youtube",
        r"(?:www\.|m\.)?youtube\.com/channel/(UC[\w-]{22})(?:/.*)?",
        "https://www.youtube.com/feeds/videos.xml?channel_id={0}",
        "YouTube {0}",
    ),
    (
        "youtube",
        r"(?:www\.|m\.)?youtube\.com/playlist\?(?:.*&)?list=([\w-]+).*",
        "https://www.youtube.com/feeds/videos.xml?playlist_id={0}",
        "YouTube {0}",
    ),
    (
        "youtube",
        r"(?:www\.|m\.)?youtube\.com/user/([\w-]+)(?:/.*)?",
        "https://www.youtube.com/feeds/videos.xml?user={0}",
        "YouTube {0}",
    ),
    (
        "telegram",
        r"(?:t|telegram)\.me/(?:s/)?([A-Za-z]\w{3,31})(?:/\d+)?",
        "https://t.me/s/{0}",
        "Telegram @{0}",
    ),
    ("medium", r"medium\.com/(@?[\w.-]+)", "https://medium.com/feed/{0}", "Medium {0}"),
    (
        "substack",
        r"([\w-]+)\.substack\.com(?:/archive|/p/.*)?",
        "https://{0}.substack.com/feed",
        "{0}",
    ),
    (
        "bluesky",
        r"bsky\.app/profile/([\w.:-]+)",
        "https://bsky.app/profile/{0}/rss",
        "Bluesky @{0}",
    ),
    ("note", r"note\.com/([\w-]+)", "https://note.com/{0}/rss", "note {0}"),
    ("qiita", r"qiita\.com/tags/([^/?#]+)", "https://qiita.com/tags/{0}/feed", "Qiita {0}"),
    ("zenn", r"zenn\.dev/(topics/[\w-]+|[\w-]+)", "https://zenn.dev/{0}/feed", "Zenn {0}"),
    (
        "pypi",
        r"pypi\.org/project/([\w.-]+)",
        "https://pypi.org/rss/project/{0}/releases.xml",
        "{0} on PyPI",
    ),
)
_TABLE = tuple(
    (name, re.compile(p, re.IGNORECASE), feed, title) for name, p, feed, title in _PATTERNS
)
# Words of the platforms that look like names of people or projects.
_RESERVED = frozenset(
    "login signup search settings about explore topics features pricing marketplace sponsors orgs "
    "watch feed results hashtag shorts joinchat addstickers share proxy s iv notifications".split()
)
_SHORTHAND = re.compile(r"(r|arxiv|hn|github|news|telegram|t)[:/]\s*(\S.*)", re.IGNORECASE)
# Google News editions for the languages that digests are written in (hl, gl, ceid).
_EDITIONS: dict[Lang, tuple[str, str, str]] = {
    "en": ("en-US", "US", "US:en"),
    "ja": ("ja", "JP", "JP:ja"),
    "zh-Hans": ("zh-CN", "CN", "CN:zh-Hans"),
    "zh-Hant": ("zh-TW", "TW", "TW:zh-Hant"),
}


def resolve(text: str, lang: Lang = "en") -> Recipe | None:
    """The feed behind a pasted URL or shorthand; None where no recipe fits, and the page itself
    must be asked. `lang` chooses the edition of a news search.

    >>> resolve("https://old.reddit.com/r/LocalLLaMA/").url
    'https://www.reddit.com/r/LocalLLaMA/.rss'
    >>> resolve("news: 半導体", "ja").url
    'https://news.google.com/rss/search?q=%E5%8D%8A%E5%B0%8E%E4%BD%93&hl=ja&gl=JP&ceid=JP:ja'
    >>> resolve("https://news.example/") is None
    True
    """
    text = text.strip()
    shorthand = None if "://" in text else _SHORTHAND.fullmatch(text)
    if shorthand:
        return _short(shorthand.group(1).lower(), shorthand.group(2).strip(), lang)
    handle = re.fullmatch(r"@([A-Za-z]\w{4,31})", text)
    if handle:
        return resolve(f"https://t.me/{handle.group(1)}")
    bare = re.sub(r"^https?://", "", text, flags=re.IGNORECASE)
    if bare.lower().startswith("news.google.com/"):
        return _google_news(f"https://{bare}")
    return _from_table(bare.partition("#")[0].rstrip("/"))


def _from_table(bare: str) -> Recipe | None:
    for name, pattern, feed, title in _TABLE:
        # Trackers after a name are noise, but a query that a pattern asks for is not.
        match = pattern.fullmatch(bare) or pattern.fullmatch(bare.partition("?")[0].rstrip("/"))
        if match and not _RESERVED.intersection(g.lower() for g in match.groups() if g):
            parts = [quote(group, safe="@+/:") for group in match.groups("")]
            return Recipe(url=feed.format(*parts), title=title.format(*match.groups("")), name=name)
    return None


def _short(kind: str, rest: str, lang: Lang) -> Recipe | None:
    if kind == "news":
        return news_search(rest, lang)
    places = {
        "r": f"reddit.com/r/{rest}",
        "arxiv": f"arxiv.org/list/{rest}",
        "hn": f"news.ycombinator.com/{rest}",
        "github": f"github.com/{rest}",
        "telegram": f"t.me/{rest.lstrip('@')}",
        "t": f"t.me/{rest.lstrip('@')}",
    }
    return _from_table(places[kind].rstrip("/"))


def news_search(query: str, lang: Lang) -> Recipe:
    """A Google News search as a feed, in the edition of a language (English for others)."""
    hl, gl, ceid = _EDITIONS.get(lang, _EDITIONS["en"])
    url = f"https://news.google.com/rss/search?q={quote_plus(query)}&hl={hl}&gl={gl}&ceid={ceid}"
    return Recipe(url=url, title=f"Google News: {query}", name="google_news")


def _google_news(url: str) -> Recipe | None:
    parts = urlsplit(url)
    path = parts.path.removeprefix("/rss")
    if path not in ("", "/", "/home") and not re.match(
        r"/(search|topics|headlines|topstories)", path
    ):
        return None
    query = parse_qs(parts.query).get("q", [""])[0]
    feed = f"https://news.google.com/rss{'' if path in ('/', '/home') else path}"
    return Recipe(
        url=f"{feed}?{parts.query}" if parts.query else feed,
        title=f"Google News: {query}" if query else "Google News",
        name="google_news",
    )
