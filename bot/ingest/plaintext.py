"""A plain text, as from a file or standard input, to an Article."""

import re
from datetime import datetime

from bot.ingest import identity
from bot.model import Article, Lang
from bot.text import CJK, clean, detect

_HEAD_LINES = 12  # non-blank lines among which the headline stands
_LATIN_WORDS = 3  # a headline in words has so many; a site label has fewer
_CJK_LETTERS = 8
_LONGEST_HEADLINE = 300
_HAS_CJK = re.compile(f"[{CJK}]")
_WORDS = re.compile(r"[^\W\d_]{2,}")


def document(text: str, *, url: str, now: datetime) -> Article:
    """The article that a plain text is. `text` is kept exactly as given, so that offsets into the
    file hold.

    The title is the first line that can be a headline in the language that most of the text is
    in. Where the headline also stands above it in another language, as in a machine translation
    that kept the original's, that one is `translated_from`.
    """
    lang = detect(text)
    lines = [line for raw in text.split("\n") if (line := clean(raw).strip())][:_HEAD_LINES]
    at = next((i for i, line in enumerate(lines) if _is_headline(line, lang)), 0)
    return Article(
        id=identity.of_url(url),
        source_id="",
        url=url,
        title=lines[at][:_LONGEST_HEADLINE] if lines else "",
        text=text,
        lang=lang,
        fetched_at=now,
        content_hash=identity.content_hash(text),
        translated_from=_original(lines[:at], lang),
    )


def _can_be_headline(line: str) -> bool:
    if len(line) > _LONGEST_HEADLINE:
        return False
    if _HAS_CJK.search(line):
        return len(re.findall(f"[{CJK}]", line)) >= _CJK_LETTERS
    return len(_WORDS.findall(line)) >= _LATIN_WORDS


def _is_headline(line: str, lang: Lang) -> bool:
    return _can_be_headline(line) and detect(line, lang) == lang


def _original(above: list[str], lang: Lang) -> Lang | None:
    """The language of the headline that stands above the translated one."""
    found = [detect(line, lang) for line in above if _can_be_headline(line)]
    return next((other for other in reversed(found) if other not in (lang, "und")), None)
