"""A digest as a message: numbered stories, first language open, second one tap away.

The tree is free of any platform's markup; a story is one group, so that a message is split
between stories. Figures are said in each language by the same function that the checks use.
"""

from collections.abc import Iterable, Mapping, Sequence

from bot import figures as numbers
from bot import phrases, text
from bot.digest.wording import explain, label, sentence_of
from bot.figures import units
from bot.model import (
    Article,
    Bullet,
    Bullets,
    Collapsed,
    Conflict,
    Digest,
    DigestItem,
    Figure,
    Group,
    Heading,
    Lang,
    Message,
    Note,
    Paragraph,
    Run,
    Runs,
    Table,
)

FEW, MANY = 4, 12  # rows of figures per story: among several stories, and alone
QUOTE_LIMIT = 160  # characters of a quoted sentence in a warning
Inner = Heading | Paragraph | Bullets | Table | Note | Collapsed
_FLAG = {"en": "🇬🇧", "ja": "🇯🇵", "zh-Hans": "🇨🇳", "zh-Hant": "🇹🇼"}


def render(digest: Digest, *, titles: Mapping[str, str] | None = None) -> Message:
    """The message of a digest; `titles` are the names of its sources by id."""
    if not digest.items:
        empty = phrases.both(digest.langs, "digest.empty")
        return Message(summary=empty, blocks=(Paragraph(runs=(Run(text=empty),)),))
    rows = MANY if len(digest.items) == 1 else FEW
    groups = tuple(
        Group(blocks=tuple(_story(item, number, digest.langs, titles or {}, rows)))
        for number, item in enumerate(digest.items, 1)
    )
    title = phrases.both(digest.langs, "digest.title")
    first = _title(digest.items[0], digest.langs[0])
    return Message(
        summary=f"{title}: {first}",
        blocks=(Heading(runs=(Run(text=f"📰 {title}"),)), *groups, _footer(digest)),
    )


def _story(
    item: DigestItem, number: int, langs: Sequence[Lang], titles: Mapping[str, str], rows: int
) -> Iterable[Inner]:
    main, *others = langs
    yield Heading(
        runs=(Run(text=f"{number}. {text.defused(_title(item, main))}", bold=True),), level=2
    )
    for lang in others:
        if lang in item.headline and item.headline[lang] != _title(item, main):
            yield Paragraph(runs=(Run(text=text.defused(item.headline[lang]), italic=True),))
    yield Bullets(items=tuple(_bullet(b, main) for b in item.bullets))
    for lang in others:
        told = tuple(_bullet(b, lang) for b in item.bullets if lang in b.text)
        if told:
            title = f"{_FLAG[lang]} {phrases.named(lang)}"
            yield Collapsed(title=title, blocks=(Bullets(items=told),))
    yield from _figures(item, langs, rows)
    for conflict in item.story.conflicts:
        yield Note(kind="warning", runs=tuple(_warning(conflict, item, langs, titles)))
    yield Note(kind="footer", runs=tuple(_sources(item, langs, titles)))


def _title(item: DigestItem, lang: Lang) -> str:
    return item.headline.get(lang) or next(iter(item.headline.values()))


def _bullet(bullet: Bullet, lang: Lang) -> Runs:
    """A bullet in one language: where only its figures could be said, the figures and a mark."""
    words = bullet.text.get(lang)
    if words is None:
        words = bullet.text[bullet.original or next(iter(bullet.text))]
    runs = _emphasised(words, bullet.figures, lang)
    if bullet.original and bullet.original != lang:
        key = "digest.figures_only" if lang in bullet.text else "digest.original"
        mark = phrases.say(lang, key, lang=phrases.named(bullet.original))
        runs = (*runs, Run(text=f" ({mark})", italic=True))
    return runs


def _emphasised(words: str, figures: Sequence[Figure], lang: Lang) -> Runs:
    """The words with their figures in bold, wherever they are found in them."""
    spans = sorted(
        (f.quote.start, f.quote.end)
        for f in numbers.find(words, lang)
        if any(numbers.compare(f, own) in ("same", "rounded") for own in figures)
    )
    runs, edge = [], 0
    for start, end in spans:
        runs += [Run(text=text.defused(words[edge:start])), Run(text=words[start:end], bold=True)]
        edge = end
    return tuple(r for r in (*runs, Run(text=text.defused(words[edge:]))) if r.text)


# --- figures -----------------------------------------------------------------------------------


def _figures(item: DigestItem, langs: Sequence[Lang], rows: int) -> Iterable[Table]:
    chosen = key_figures(item)
    if not chosen:
        return
    caption = "📊 " + phrases.both(tuple(langs), "digest.figures")
    if len(chosen) > rows:
        more = len(chosen) - rows
        caption += f" ({phrases.both(tuple(langs), 'digest.more_figures', count=more)})"
    yield Table(
        caption=caption,
        header=(
            phrases.both(tuple(langs), "digest.item"),
            *(phrases.named(lang) for lang in langs),
        ),
        rows=tuple(
            (text.defused(label(f)), *(numbers.say(f, lang) for lang in langs))
            for f in chosen[:rows]
        ),
    )


def key_figures(item: DigestItem) -> tuple[Figure, ...]:
    """The figures worth a row, each quantity once: disputed ones, those of the bullets, others."""
    disputed = [f for c in item.story.conflicts for f in c.figures]
    told = [f for b in item.bullets for f in b.figures]
    unique: dict[object, Figure] = {}
    for figure in (*disputed, *told, *item.story.figures):
        if figure in disputed or _telling(figure):
            unique.setdefault(_quantity(figure), figure)
    return tuple(unique.values())


def _telling(figure: Figure) -> bool:
    return figure.qualifier != "vague" and not (figure.unit in ("", "count") and figure.value < 2)


def _quantity(figure: Figure) -> tuple[object, ...]:
    value, unit = units.base(figure.value, figure.unit)
    top = None if figure.value_max is None else units.base(figure.value_max, figure.unit)[0]
    return value, top, unit, figure.change


# --- warnings and sources ----------------------------------------------------------------------


def _warning(
    conflict: Conflict, item: DigestItem, langs: Sequence[Lang], titles: Mapping[str, str]
) -> Iterable[Run]:
    articles = {a.id: a for a in item.story.articles}
    for place, lang in enumerate(langs):
        yield Run(text="\n" * (place > 0) + explain(conflict, lang), bold=place == 0)
    for figure in dict.fromkeys(conflict.figures):
        article = articles[figure.quote.article_id]
        name = titles.get(article.source_id) or article.source_id
        quoted = _shortened(sentence_of(figure, article).exact, figure)
        yield Run(text=f"\n{text.quoted(text.defused(quoted))}")
        yield Run(text=f" — {name}", href=article.url)


def _shortened(sentence: str, figure: Figure) -> str:
    if len(sentence) <= QUOTE_LIMIT:
        return sentence
    at = max(0, sentence.find(figure.quote.exact) - QUOTE_LIMIT // 2)
    piece = sentence[at : at + QUOTE_LIMIT]
    return "…" * (at > 0) + piece + "…" * (at + QUOTE_LIMIT < len(sentence))


def _sources(item: DigestItem, langs: Sequence[Lang], titles: Mapping[str, str]) -> Iterable[Run]:
    lang = langs[0]
    yield Run(text=f"{phrases.both(tuple(langs), 'digest.sources')}: ")
    for place, article in enumerate(item.story.articles):
        name = titles.get(article.source_id) or article.source_id or article.url
        marks = "".join(f" ({mark})" for mark in _marks(article, lang))
        yield Run(text=", " * (place > 0) + name, href=article.url or None)
        if marks:
            yield Run(text=marks, italic=True)


def _marks(article: Article, lang: Lang) -> Iterable[str]:
    if article.translated_from:
        origin = phrases.named(article.translated_from)
        yield phrases.say(lang, "digest.translated", lang=origin)
    if article.partial:
        yield phrases.say(lang, "digest.partial")


def _footer(digest: Digest) -> Note:
    writers = {i.written_by for i in digest.items}
    models = ", ".join(sorted(writers - {"extractive"}))
    key = "extractive" if not models else "mixed" if "extractive" in writers else "model"
    lines = [
        phrases.both(digest.langs, f"digest.{key}", **({"model": models} if models else {})),
        "↩️ " + phrases.both(digest.langs, "digest.reply"),
    ]
    return Note(kind="footer", runs=(Run(text="\n".join(lines), italic=True),))
