"""What of a model's text may be published: every check is deterministic and reads the source.

A text names figures as placeholders (`{F3}`), which are rendered here in its language. Whatever
else it says in numbers, names, links or another language is refused with a reason that the model
can act on.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from bot import figures as numbers
from bot import text
from bot.digest import form, names, placeholders
from bot.digest.evidence import Evidence
from bot.digest.glossary import Glossary
from bot.digest.placeholders import PLACEHOLDER, Rendered, render, used
from bot.figures import units
from bot.model import Article, Figure, Lang, Quote

GROUNDED = 0.35  # least share of a text's words that its articles have, in their own language
LEAST_WORDS = 6  # below which the share says nothing
_SEVEN = Decimal(7)
_BESIDE = 24  # characters after a placeholder in which a unit would stand

_WRONG = {
    "absent": "the cited sentences do not state it; use a placeholder or leave it out",
    "scale": "the source has another scale; use the placeholder",
    "digit": "the source has other digits; use the placeholder",
    "unit": "the source has another unit; use the placeholder and no unit beside it",
    "direction": "the source says the opposite direction",
    "qualifier": "the source is not that exact, or bounds it otherwise; use the placeholder",
    "binding": "in the source this number measures something else",
    "mention": "the cited sentences do not hold this date, ordinal or name",
}
_ROLES = frozenset(["direction", "binding"])
Amount = tuple[Decimal, Decimal, str]

_REPEATS = re.compile(r"\s?(?:連続|ぶり|连续|連續|straight|consecutive|in a row|running)")
_BRACES = re.compile(r"[{}｛｝]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """Why a text is refused. `code` is stable, `reason` is a sentence for the model; `lang` is
    None where it concerns all languages."""

    code: str
    reason: str
    lang: Lang | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What a statement may rest on: the sentences it cites and the figures in them, of the
    articles it cites."""

    evidence: Evidence
    articles: tuple[Article, ...]
    cited: frozenset[int]
    glossary: Glossary

    @property
    def quotes(self) -> tuple[Quote, ...]:
        return tuple(self.evidence.sentences[i] for i in sorted(self.cited))

    @property
    def body(self) -> str:
        """What the model was shown of the cited articles: where a name may come from. Sentences
        that were left out because they give orders are no source."""
        ids = {quote.article_id for quote in self.quotes}
        return "\n".join(q.exact for q in self.evidence.sentences if q.article_id in ids)

    @property
    def langs(self) -> frozenset[Lang]:
        ids = {quote.article_id for quote in self.quotes}
        return frozenset(a.lang for a in self.articles if a.id in ids)

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The figures of the cited sentences."""
        pairs = zip(self.evidence.figures, self.evidence.home, strict=True)
        return tuple(figure for figure, home in pairs if home in self.cited)


# --- the checks --------------------------------------------------------------------------------


def ids(written: Mapping[Lang, str], source: Source) -> list[Objection]:
    """Every placeholder exists and is whole, lies in a cited sentence, and is in each language."""
    found = []
    labels = {lang: used(body) for lang, body in written.items()}
    for lang, body in written.items():
        if _BRACES.search(PLACEHOLDER.sub("", body)):
            found.append(Objection(code="ids", lang=lang, reason="braces hold figure ids only"))
        for label in dict.fromkeys(labels[lang]):
            index = source.evidence.figure(label)
            if index is None:
                found.append(Objection(code="ids", lang=lang, reason=f"there is no {label}"))
            elif source.evidence.home[index] not in source.cited:
                home = source.evidence.home[index] + 1
                reason = f"{label} is in S{home}, which is not cited"
                found.append(Objection(code="ids", lang=lang, reason=reason))
    if len({frozenset(ids) for ids in labels.values()}) > 1:
        listed = "; ".join(f"{lang}: {', '.join(ids) or 'none'}" for lang, ids in labels.items())
        reason = f"the languages use different figures ({listed})"
        found.append(Objection(code="pair", reason=reason))
    return found


def unknown_names(body: str, lang: Lang, source: Source) -> Iterable[str]:
    """Reasons against a text that names what its articles do not."""
    bare = PLACEHOLDER.sub(" ", body)
    for name in names.absent(bare, lang, source=source.body, glossary=source.glossary):
        yield f"the articles do not name {name!r}; write names as they do, or leave it out"


def ungrounded(body: str, lang: Lang, source: Source) -> Iterable[str]:
    """Reasons against a text in the language of its articles that shares too few words with them:
    it tells something else. (Of 11 summaries written by people, the least share was 0.65.)"""
    said = _words(PLACEHOLDER.sub(" ", body))
    if lang not in source.langs or len(said) < LEAST_WORDS:
        return
    if len(said & _words(source.body)) < GROUNDED * len(said):
        yield "it says what the cited articles do not say"


def _words(body: str) -> frozenset[str]:
    return frozenset(token for token in text.tokens(body) if not token[0].isdigit())


def unbacked(rendered: Rendered, lang: Lang, source: Source) -> Iterable[str]:
    """Reasons against what a rendered text says in numbers, dates and names with digits. What a
    placeholder wrote is right in value; it may still be said to fall, or of another thing."""
    context = "\n".join(quote.exact for quote in source.quotes)
    for verdict in numbers.verify(rendered.text, lang, source.figures, context=context):
        reason = verdict.reason or "absent"
        if verdict.supported:
            continue
        span = rendered.holding(verdict.start, verdict.end)
        if span is None or (reason in _ROLES and not _alone(rendered, span, lang, reason)):
            yield f"{verdict.exact!r}: {_WRONG[reason]}"


def _alone(rendered: Rendered, span: tuple[int, int, Figure], lang: Lang, reason: str) -> bool:
    """Whether the figure draws the same objection without the sentence around it."""
    said = rendered.text[span[0] : span[1]]
    return any(v.reason == reason for v in numbers.verify(said, lang, [span[2]], context=said))


def mismatched(body: str, lang: Lang, source: Source) -> Iterable[str]:
    """Reasons against a scale or unit beside a placeholder that is not its figure's: `{F1}
    million`, dollars after an amount of yen. What follows is read as if after a plain number."""
    for match in PLACEHOLDER.finditer(body):
        figure = placeholders.figure(match, source.evidence)
        rest = body[match.end() :]
        said = placeholders.wording(figure, lang, body[: match.start()], rest)
        rest = rest[placeholders.repeated(said, rest) :][:_BESIDE]
        probe = next((f for f in numbers.find(f"7{rest}", lang) if f.quote.start == 0), None)
        if probe is not None and (
            abs(probe.value) != _SEVEN or not units.comparable(probe.unit, figure.unit)
        ):
            yield f"write no scale and no unit after {match.group()}: {rest.split()[0]!r}"


def differing(rendered: Mapping[Lang, Rendered]) -> list[Objection]:
    """An objection where the languages state different figures in digits or words of their own;
    that their placeholders are the same is checked before."""
    stated = {lang: frozenset(_amounts(body, lang)) for lang, body in rendered.items()}
    if all(_agree(a, b) for a, b in pairwise(stated.values())):
        return []
    common = frozenset.intersection(*stated.values())
    listed = "; ".join(
        f"{lang}: {', '.join(f'{a[0]:f} {a[2]}'.strip() for a in sorted(own - common)) or 'none'}"
        for lang, own in stated.items()
    )
    return [Objection(code="pair", reason=f"the languages state different figures ({listed})")]


def _amounts(rendered: Rendered, lang: Lang) -> Iterator[Amount]:
    """The amounts that a text states itself; spans of repetition are none (3年連続, a third
    straight year)."""
    for figure in numbers.find(rendered.text, lang):
        start, end = figure.quote.start, figure.quote.end
        if not rendered.holding(start, end) and not _REPEATS.match(rendered.text, end):
            yield _amount(figure)


def _agree(a: frozenset[Amount], b: frozenset[Amount]) -> bool:
    """Whether each amount of either is in the other, its unit the same or left out."""
    return all(
        any(x[:2] == y[:2] and (x[2] == y[2] or not (x[2] and y[2])) for y in other)
        for one, other in ((a, b), (b, a))
        for x in one
    )


def _amount(figure: Figure) -> Amount:
    """What a figure says in any language: its ends in base units. What is counted is left to the
    check against the source, since a classifier (枚, 个) does not tell it."""
    low, unit = units.base(abs(figure.value), figure.unit)
    high = low if figure.value_max is None else units.base(abs(figure.value_max), figure.unit)[0]
    return low.normalize(), high.normalize(), "" if units.dimension(unit) == "count" else unit


# --- together ----------------------------------------------------------------------------------


def judge(
    written: Mapping[Lang, str], source: Source, limit: int
) -> tuple[Mapping[Lang, str], tuple[Figure, ...], list[Objection]]:
    """A statement as it would be published, its figures, and all objections: with one, nothing
    of it may be published. `limit` is in columns of each rendered text."""
    objections, known = ids(written, source), source.body
    for lang, body in written.items():
        for code, reasons in (
            ("surface", form.surface(body, known)),
            ("language", form.language(body, lang, known)),
            ("names", unknown_names(body, lang, source)),
            ("grounds", ungrounded(body, lang, source)),
        ):
            objections += [Objection(code=code, reason=r, lang=lang) for r in reasons]
    if any(o.code == "ids" for o in objections):
        return {}, (), objections
    rendered = {lang: render(body, lang, source.evidence) for lang, body in written.items()}
    for lang, shown in rendered.items():
        for code, reasons in (
            ("numbers", [*mismatched(written[lang], lang, source), *unbacked(shown, lang, source)]),
            ("length", form.extent(shown.text, limit)),
        ):
            objections += [Objection(code=code, reason=r, lang=lang) for r in reasons]
    objections += differing(rendered)
    texts = {lang: body.text for lang, body in rendered.items()}
    return texts, _stated(written, rendered, source), objections


def _stated(
    written: Mapping[Lang, str], rendered: Mapping[Lang, Rendered], source: Source
) -> tuple[Figure, ...]:
    """The figures of a statement: those of its placeholders in order, then those of the cited
    sentences that it states in digits or words."""
    labels = dict.fromkeys(label for body in written.values() for label in used(body))
    indices = [index for label in labels if (index := source.evidence.figure(label)) is not None]
    named = [source.evidence.figures[index] for index in indices]
    amounts = {amount for lang, body in rendered.items() for amount in _amounts(body, lang)}
    rest = [f for f in source.figures if f not in named and _amount(f) in amounts]
    return (*named, *rest)
