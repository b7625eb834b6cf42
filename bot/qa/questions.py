"""What a question asks: its words, names, numbers, and the kind of thing that would answer it."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot import figures as numbers
from bot import text
from bot.figures import lexicon, units
from bot.model import Figure, Lang
from bot.qa import asking, concepts, spelling

Kind = Literal["quantity", "when", "who", "where", "open"]

ECHO = 0.5  # weight of what an earlier question named, in one that leans on it
UNTOLD_KIND = 0.4  # fit of a figure where the kind that is asked for cannot be told
OTHER_COUNTER = 0.2  # fit of 27カ所 where 何台 is asked
SHORT = 3  # a question with fewer words of its own leans on the one before


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One thing that a question names: a word, a run of characters, a phrase with a meaning.
    `tokens` find it in its own language, `concepts`, `name` (a known one in all its `forms`),
    `sound` and `period` (the value of a
    date or quarter, see figures.Mention) in any. `weight` is up
    to 1; a `proper` name tells whom the question is about, not what is asked."""

    surface: str
    tokens: frozenset[str]
    concepts: frozenset[str] = frozenset()
    name: str = ""
    forms: frozenset[str] = frozenset()
    sound: str = ""
    period: str = ""
    weight: float = 1.0
    focus: bool = False

    @property
    def proper(self) -> bool:
        return bool(self.name or self.sound or self.period)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """`words` are search words of the question's own language, `terms` what it names, `numbers`
    the figures in it. `wanted` are units and dimensions that the answer's figure may have, by
    its form (`formal`) or by what it names; empty: any. `counter` is the counter or unit word
    that is asked with (台 of 何台). `anchored`: see support."""

    lang: Lang
    kind: Kind
    words: Mapping[str, float]
    terms: tuple[Term, ...]
    numbers: tuple[Figure, ...] = ()
    wanted: frozenset[str] = frozenset()
    formal: frozenset[str] = frozenset()
    counter: str = ""
    anchored: frozenset[tuple[str, Lang]] = frozenset()

    @property
    def concepts(self) -> frozenset[str]:
        return frozenset().union(*(t.concepts for t in self.terms))

    def fits(self, figure: Figure) -> float:
        """How well a figure answers: 1 it has the unit or dimension asked for, 0.4 none is named
        or both count something, 0.2 it has another counter, 0 it measures another thing."""
        exact = figure.quote.exact
        if self.counter and exact.endswith(self.counter):
            return 1.0
        counts = units.dimension(figure.unit) == "count"
        if counts and self.counter in lexicon.CLASSIFIERS and not exact.isascii():
            return OTHER_COUNTER
        has = {figure.unit, units.dimension(figure.unit), figure.kind}
        has |= {"percent"} if figure.kind == "fraction" else set()
        if (self.formal or self.wanted) & has:
            return 1.0
        if not self.wanted:
            return UNTOLD_KIND
        unsaid = figure.unit in ("", "count", "device")
        named = any(units.dimension(w) == "count" for w in self.wanted if w in units.UNITS)
        return UNTOLD_KIND if unsaid and named else 0.0


def understand(
    question: str,
    lang: Lang,
    *,
    history: Sequence[str] = (),
    aliases: Mapping[str, str] | None = None,
) -> Asked:
    """What `question` asks. Where it leans on the last of the earlier questions in `history`
    ("and the on-device one?"), what that one named counts too, by ECHO. `aliases` maps a name in
    any language, folded, to one canonical name."""
    asked = _alone(question, lang, aliases or {})
    before = [q for q in history if text.fold(q) != text.fold(question)]
    if before and _leans(question, asked):
        return _joined(asked, _alone(before[-1], lang, aliases or {}))
    return asked


def _alone(question: str, lang: Lang, aliases: Mapping[str, str]) -> Asked:
    found = terms(question, aliases)
    figures = numbers.find(question, lang)
    formal = frozenset(name for name, pattern in asking.FORMS if pattern.search(question))
    focal = _units(term for term in found if term.focus)
    return Asked(
        lang=lang,
        kind=_kind(question),
        words={w: 1.0 for w in words(question) if _telling(w)},
        terms=tuple(t for t in found if not _numeric(t, figures)),
        numbers=figures,
        wanted=formal | (focal or _units(found)),
        formal=formal,
        counter=next((m[1] for m in asking.COUNTER.finditer(question)), ""),
    )


def _units(named: Iterable[Term]) -> frozenset[str]:
    """The units and dimensions that the figures of some things have."""
    keys = {key for term in named for key in term.concepts}
    return frozenset(unit for key in keys for unit in asking.UNIT_OF.get(key, ()))


def _telling(word: str) -> bool:
    return word not in asking.EMPTY and not asking.HIRAGANA.match(word)


def _numeric(term: Term, figures: Iterable[Figure]) -> bool:
    """Whether a term is but the digits of a figure: they are compared as a value, not as a word."""
    digits = term.surface.isdigit()
    return digits and any(term.surface in text.fold(f.quote.exact) for f in figures)


def _kind(question: str) -> Kind:
    for kind, pattern in (
        ("when", asking.WHEN),
        ("who", asking.WHO),
        ("where", asking.WHERE),
        ("quantity", asking.QUANTITY),
    ):
        if pattern.search(question):
            return kind  # type: ignore[return-value] # the literals above
    return "open"


def _leans(question: str, asked: Asked) -> bool:
    if asking.OPENS.search(question.strip()):
        return True
    if any(term.name or term.sound for term in asked.terms):
        return False
    return len(asked.terms) < SHORT or bool(asking.REFERS.search(question))


def _joined(asked: Asked, before: Asked) -> Asked:
    own = asked.kind != "open"
    old = tuple(
        replace(term, weight=ECHO * term.weight, focus=term.focus and not own)
        for term in before.terms
        if not any(_takes_place(new, term) for new in asked.terms)
    )
    return replace(
        asked,
        kind=asked.kind if own else before.kind,
        words={**{w: ECHO * v for w, v in before.words.items()}, **asked.words},
        terms=(*asked.terms, *old),
        wanted=asked.wanted if own else asked.wanted or before.wanted,
        formal=asked.formal if own else asked.formal or before.formal,
        counter=asked.counter if own else before.counter,
    )


def _takes_place(new: Term, old: Term) -> bool:
    """Whether a term replaces one of the question before: "and in the second quarter?"."""
    if new.period or old.period:
        return bool(new.period and old.period)
    named = bool(new.name or new.sound) and bool(old.name or old.sound)
    return named or new.surface == old.surface


# --- what a question names ---------------------------------------------------------------------


def terms(question: str, aliases: Mapping[str, str]) -> tuple[Term, ...]:
    """What a question names, in order: known names, phrases with a meaning, then the words and
    runs of characters between them. `aliases` as in `understand`."""
    cased = " ".join(unicodedata.normalize("NFKC", question).split())
    folded = cased.lower()
    asked = [m.span() for m in asking.INTERROGATIVE.finditer(folded)]
    bare = asking.ASKING.sub(lambda m: "." * len(m.group()), cased)
    proper = {text.fold(m.group()) for m in asking.NAME.finditer(bare)}
    titled = (word for m in asking.TITLED.finditer(bare) for word in m.group().split())
    titles = {text.fold(word) for word in titled if not word.isupper()}
    spoken = [(start, end, None) for start, end in asked]
    taken: list[tuple[int, int, Term | None]] = [*spoken, *_periods(cased)]
    taken += _known(folded, aliases)
    for start, end, keys in concepts.spans(folded):
        part = folded[start:end] in titles  # the Auto of Langji Auto is no vehicle
        if not part and not any(a < end and start < b for a, b, _ in taken):
            taken.append((start, end, _term(folded[start:end], keys=keys)))
    found: list[tuple[int, Term]] = []
    at = 0
    for start, end, term in [*sorted(taken, key=lambda t: t[:2]), (len(folded), len(folded), None)]:
        found += [(at + offset, rest) for offset, rest in _rest(folded[at:start], proper)]
        found += [(start, term)] if term is not None else []
        at = max(at, end)
    return _focused(found, folded, asked)


def _focused(
    found: Sequence[tuple[int, Term]], folded: str, asked: Sequence[tuple[int, int]]
) -> tuple[Term, ...]:
    """The terms, each once, the one that is asked about marked: what stands right after "how many"
    or 多少, else what stands last before the asking word, else the last."""
    common = [(at, term) for at, term in found if not term.proper]
    start, end = asked[0] if asked else (len(folded), len(folded))
    after = [t for at, t in common if end <= at <= end + 1]
    before = [t for at, t in common if at < start]
    focus = (after or before[-1:] or [t for _, t in common[-1:]])[:1]
    unique = {term.surface: replace(term, focus=term in focus) for _, term in found}
    return tuple(unique.values())


def _periods(cased: str) -> list[tuple[int, int, Term]]:
    return [
        (m.start, m.end, replace(_term(m.exact.lower()), period=m.value))
        for m in numbers.mentions(cased)
        if m.kind in ("period", "date") and any(c.isdigit() for c in m.value)
    ]


def _known(folded: str, aliases: Mapping[str, str]) -> list[tuple[int, int, Term]]:
    found: list[tuple[int, int, Term]] = []
    for form in sorted((f for f in aliases if f in folded), key=len, reverse=True):
        bounds = r"(?<![a-z0-9]){}(?![a-z0-9])" if form.isascii() else "{}"
        for match in re.finditer(bounds.format(re.escape(form)), folded):
            if not any(a < match.end() and match.start() < b for a, b, _ in found):
                name = aliases[form]
                forms = frozenset(f for f, owner in aliases.items() if owner == name)
                term = replace(_term(form), name=name, forms=forms)
                found.append((match.start(), match.end(), term))
    return found


def _term(surface: str, *, keys: frozenset[str] = frozenset()) -> Term:
    found = words(surface)
    # The last character of a run alone is a token of text.tokens, but seldom one of a sentence.
    pairs = [word for word in found if len(word) > 1 or word.isascii()]
    return Term(surface=surface, tokens=frozenset(pairs or found), concepts=keys)


def _rest(folded: str, proper: Iterable[str]) -> list[tuple[int, Term]]:
    """Terms of a stretch without known names and meanings, and their places in it."""
    found = []
    for match in asking.PIECE.finditer(folded):
        bare = re.sub(r"['’]s$", "", match.group())
        if bare in asking.EMPTY or (len(bare) == 1 and not bare.isdigit()):
            continue
        term = _term(bare)
        if any(bare == re.sub(r"['’]s$", "", p) for p in proper):
            term = replace(term, name=bare)
        elif re.fullmatch("[ァ-ヺー・]{3,}", bare):
            term = replace(term, sound=bare)
        found.append((match.start(), term))
    return found


def words(body: str) -> list[str]:
    """Search words of a text in order: text.tokens, English ones without their endings.

    >>> words("The deliveries of 8,192枚")
    ['the', 'deliver', 'of', '8192', '枚']
    """
    return [concepts.stem(t) for t in text.tokens(spelling.one(body))]
