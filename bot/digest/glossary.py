"""Agreed names and terms per language: given to the model, checked in its reply, and used to know
that アップル, 苹果 and Apple are one."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain

from bot import text
from bot.errors import ConfigError
from bot.model import LANGS, Lang

KINDS = ("name", "term")


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """`forms` are by language, the agreed one first. A `name` is checked against the source: it
    may be written only where the source names it; a `term` is only a translation."""

    kind: str
    forms: Mapping[Lang, tuple[str, ...]]

    def agreed(self, lang: Lang) -> str:
        return self.forms[lang][0]


@dataclass(frozen=True, slots=True)
class Glossary:
    """The terms, and by folded form (see text.fold) the agreed English form, folded: `aliases` of
    names alone, `vocabulary` of names and terms."""

    terms: tuple[Term, ...] = ()
    aliases: Mapping[str, str] = field(init=False, repr=False, compare=False)
    vocabulary: Mapping[str, str] = field(init=False, repr=False, compare=False)
    _by_key: Mapping[str, Term] = field(init=False, repr=False, compare=False)
    _by_start: Mapping[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_key = {text.fold(t.agreed("en")): t for t in self.terms}
        keys = {
            text.fold(form): key
            for key, term in by_key.items()
            for form in chain.from_iterable(term.forms.values())
        }
        names = {form: key for form, key in keys.items() if by_key[key].kind == "name"}
        object.__setattr__(self, "_by_key", by_key)
        object.__setattr__(self, "vocabulary", keys)
        object.__setattr__(self, "aliases", names)
        object.__setattr__(self, "_by_start", _by_start(keys))

    def found(self, body: str) -> dict[str, Term]:
        """The terms that a text mentions, by their key; the longest form wins where two overlap.

        >>> g = parse('[[name]]\\nen="Apple"\\nja="アップル"\\nzh-Hans="苹果"\\nzh-Hant="蘋果"')
        >>> list(g.found("アップルが発表")), list(g.found("pineapples"))
        (['apple'], [])
        """
        return {key: self._by_key[key] for _, _, key in self.spans(text.fold(body))}

    def spans(self, folded: str) -> list[tuple[int, int, str]]:
        """Where a folded text mentions terms, and their keys; the longest form wins."""
        found, at = [], 0
        while at < len(folded):
            for form in self._by_start.get(folded[at], ()):
                if folded.startswith(form, at) and _stands_alone(form, folded, at):
                    found.append((at, at + len(form), self.vocabulary[form]))
                    at += len(form) - 1
                    break
            at += 1
        return found


def _by_start(forms: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The forms by their first character, the longest first."""
    starts: dict[str, list[str]] = {}
    for form in sorted(forms, key=len, reverse=True):
        starts.setdefault(form[0], []).append(form)
    return {start: tuple(group) for start, group in starts.items()}


def _stands_alone(form: str, folded: str, at: int) -> bool:
    """Whether a form is no part of a longer Latin or katakana word."""
    before, after = folded[at - 1 : at] if at else "", folded[at + len(form) : at + len(form) + 1]
    return not (_joined(before, form[0]) or _joined(form[-1], after))


def _joined(left: str, right: str) -> bool:
    pair = left + right
    if len(pair) < 2:
        return False
    return (pair.isascii() and pair.isalnum()) or all("ァ" <= c <= "ヺ" or c == "ー" for c in pair)


def parse(toml: str) -> Glossary:
    """A glossary from the text of prompts/glossary.toml. Raises ConfigError naming the entry.

    An entry gives each language's agreed form and, where there are more, `aliases` by language.
    """
    try:
        table = tomllib.loads(toml)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"the glossary is not TOML: {error}") from error
    terms = [_term(kind, row) for kind in KINDS for row in table.get(kind, [])]
    owners: dict[str, str] = {}
    for term in terms:
        for form in {text.fold(f) for forms in term.forms.values() for f in forms}:
            owner = owners.setdefault(form, term.agreed("en"))
            if owner != term.agreed("en"):
                raise ConfigError(f"glossary: {form!r} means both {owner} and {term.agreed('en')}")
    return Glossary(tuple(terms))


def _term(kind: str, row: Mapping[str, object]) -> Term:
    aliases = row.get("aliases", {})
    forms = {}
    for lang in LANGS:
        agreed = row.get(lang)
        if not isinstance(agreed, str) or not agreed.strip():
            raise ConfigError(f"glossary: {row.get('en', row)!r} lacks {lang}")
        more = aliases.get(lang, []) if isinstance(aliases, Mapping) else None
        if not isinstance(more, list) or not all(isinstance(m, str) and m.strip() for m in more):
            raise ConfigError(f"glossary: the aliases of {row['en']!r} are lists by language")
        forms[lang] = (agreed, *more)
    return Term(kind=kind, forms=forms)
