"""Articles into stories: the articles of one event, across sources and languages.

Two articles tell one story when they share rare things: figures, dates, names (known ones through
their aliases in other languages) and, in one script, words. How rare a thing is, the window itself
tells (inverse document frequency), so nothing needs training. Average link keeps chains out: an
article joins a story only when it is close to all of it. A wrong merge is worse than a missed one,
so another quarter of the year is a veto.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import blake2b

from bot import figures as numbers
from bot import text
from bot.digest.injection import believed
from bot.figures import units
from bot.model import Article, Figure, Story

Similarity = Callable[[Article, Article], float]

# Measured on 72 short articles of 28 stories in ja, zh and en: no two different events merge from
# 0.23 to 0.33, on all of it as on random halves; B-cubed F is .974 here, pair precision 1.
THRESHOLD = 0.27
SMALL = 0.5  # weight of a small whole number, which many texts share by chance
ROUNDED = 0.5  # and of a figure's first two digits
LONG = 4  # significant digits from which a number is rare in itself
DUPLICATE = 0.8  # Jaccard of 4-grams at which two texts of one language are one text
SHARED_ENOUGH = 3.0  # summed rarity of what two articles must share before they are compared

_NAME = re.compile(r"(?<![\w.])[A-Z][A-Za-z0-9&+./'-]*[A-Za-z0-9]")
_KATAKANA = re.compile(r"[\u30a1-\u30fa\u30fc]{3,}")
_COMMON = frozenset(
    "the a an in on at of and but for from with it he she they we i its this that these those his "
    "her their our as if when while after before by to is are was were be been has have had will "
    "would can could may not no new more most some all two three first last one year years monday "
    "tuesday wednesday thursday friday saturday sunday january february march april may june july "
    "august september october november december ceo cto ai us update inc co ltd corp".split()
)
_PERIOD = re.compile(
    r"(?i)\bq([1-4])\b|\b(first|second|third|fourth)[- ]quarter"
    r"|第([一二三四1-4])(?:財|财)?(?:四半期|季)"
    r"|(\d{1,2})\s*[〜～~\-–]\s*\d{1,2}月期"
)
_QUARTER = {"first": "1", "second": "2", "third": "3", "fourth": "4"} | dict(
    zip("一二三四", "1234", strict=True)
)


@dataclass(frozen=True, slots=True)
class _Profile:
    """What one article is known by: weighted figures, names and dates, its words and periods."""

    things: Mapping[str, float]
    words: frozenset[str]
    periods: frozenset[str]
    script: str


def stories(
    articles: Sequence[Article],
    *,
    figures: Mapping[str, Sequence[Figure]],
    aliases: Mapping[str, str] | None = None,
    similarity: Similarity | None = None,
) -> tuple[Story, ...]:
    """Stories of `articles`, each article in exactly one, in order of their first article.

    `figures` are those of each article by its id; `aliases` maps a name in any language, folded,
    to one canonical name; `similarity`, where given, is a closeness of meaning in 0..1 (sentence
    vectors), counted beside the rest.
    """
    figures = {a.id: believed(a, figures.get(a.id, ())) for a in articles}
    profiles = {a.id: _profile(a, figures[a.id], aliases or {}) for a in articles}
    rarity = _rarity(profiles.values())
    near = {
        pair: _closeness(profiles, rarity, articles, pair, similarity)
        for pair in _candidates(articles, profiles, rarity, similarity)
    }
    groups = _average_link(len(articles), near)
    return tuple(_story([articles[i] for i in sorted(group)], figures) for group in groups)


def _story(members: Sequence[Article], figures: Mapping[str, Sequence[Figure]]) -> Story:
    ordered = sorted(members, key=lambda a: _precedence(a, figures))
    found = tuple(f for a in ordered for f in figures.get(a.id, ()))
    seed = min(a.id for a in members)
    return Story(
        id=blake2b(seed.encode(), digest_size=8).hexdigest(),
        articles=tuple(ordered),
        figures=found,
        conflicts=numbers.conflicts(found, texts={a.id: a.text for a in ordered}),
    )


def _precedence(article: Article, figures: Mapping[str, Sequence[Figure]]) -> tuple[object, ...]:
    """Originals before translations and reposts, whole texts before excerpts, then the richest."""
    return (
        article.translated_from is not None or article.is_based_on is not None,
        article.partial,
        -len(figures.get(article.id, ())),
        article.published_at or article.fetched_at,
        article.id,
    )


# --- what an article is known by ---------------------------------------------------------------


def _profile(article: Article, found: Sequence[Figure], aliases: Mapping[str, str]) -> _Profile:
    things: dict[str, float] = {}
    for figure in found:
        things.update(_figure_things(figure))
    for name in _names(article.text, aliases):
        things[f"name:{name}"] = 1.0
    for mention in numbers.mentions(article.text, article.lang):
        if mention.kind != "period":
            things[mention.value] = 1.0
    return _Profile(
        things=things,
        words=frozenset(text.tokens(article.text)),
        periods=frozenset(_periods(article.text)),
        script="latin" if article.lang == "en" else article.lang,
    )


def _figure_things(figure: Figure) -> dict[str, float]:
    """A figure counts as it stands and, less, rounded: 300億ドル tells of $30.04 billion. A long
    number speaks for itself, whatever unit a text gives it (yen or points of an index)."""
    if figure.qualifier == "vague":
        return {}
    value, unit = units.base(abs(figure.value), figure.unit)
    exact = f"fig:{value.normalize()}:{unit.removeprefix('count')}"
    if value <= 12 and figure.unit in _EVERYDAY:
        return {exact: 1.0 if value % 1 else SMALL}
    things = {exact: 1.0, f"round:{_two_digits(value)}:{unit}": ROUNDED}
    if len(value.normalize().as_tuple().digits) >= LONG:
        things[f"value:{value.normalize()}"] = 1.0
    return things


_EVERYDAY = frozenset(["", "count", "year", "month", "day", "hour", "minute", "week", "%", "x"])


def _two_digits(value: Decimal) -> str:
    return f"{value:.1e}"


def _names(body: str, aliases: Mapping[str, str]) -> set[str]:
    latin = {text.fold(m.group().removesuffix("'s")) for m in _NAME.finditer(body)}
    found = {aliases.get(name, name) for name in latin if name not in _COMMON}
    found |= {text.fold(m.group()) for m in _KATAKANA.finditer(body)}
    folded = text.fold(body)
    found |= {canonical for alias, canonical in aliases.items() if _mentions(alias, folded)}
    return {aliases.get(name, name) for name in found}


def _mentions(alias: str, folded: str) -> bool:
    at = folded.find(alias)
    if at < 0 or not alias.isascii():
        return at >= 0
    return re.search(rf"(?<![a-z0-9]){re.escape(alias)}(?![a-z0-9])", folded) is not None


def _periods(body: str) -> Iterable[str]:
    for match in _PERIOD.finditer(body):
        quarter = match.group(1) or match.group(2) or match.group(3)
        if quarter:
            yield "q" + _QUARTER.get(quarter.lower(), quarter)
        else:
            yield "m" + match.group(4)


# --- how close two articles are ----------------------------------------------------------------


def _rarity(profiles: Iterable[_Profile]) -> dict[str, float]:
    known = list(profiles)
    seen: Counter[str] = Counter()
    for profile in known:
        seen.update(profile.things.keys())
        seen.update(f"word:{w}" for w in profile.words)
    return {thing: math.log((1 + len(known)) / n) for thing, n in seen.items()}


Pair = tuple[int, int]


def _candidates(
    articles: Sequence[Article],
    profiles: Mapping[str, _Profile],
    rarity: Mapping[str, float],
    similarity: Similarity | None,
) -> list[Pair]:
    """Pairs worth comparing: those that share something rare (an index, not all against all)."""
    if similarity is not None:
        return [(i, j) for j in range(len(articles)) for i in range(j)]
    places: dict[str, list[int]] = defaultdict(list)
    for index, article in enumerate(articles):
        for thing in profiles[article.id].things:
            places[thing].append(index)
        for word in profiles[article.id].words:
            places[f"word:{word}"].append(index)
    common = max(8, len(articles) // 10)
    shared: Counter[Pair] = Counter()
    for thing, where in places.items():
        if 1 < len(where) <= common:
            for b, j in enumerate(where):
                for i in where[:b]:
                    shared[i, j] += max(1, round(rarity[thing]))
    return sorted(pair for pair, weight in shared.items() if weight >= SHARED_ENOUGH)


def _closeness(
    profiles: Mapping[str, _Profile],
    rarity: Mapping[str, float],
    articles: Sequence[Article],
    pair: Pair,
    similarity: Similarity | None,
) -> float:
    one, other = articles[pair[0]], articles[pair[1]]
    a, b = profiles[one.id], profiles[other.id]
    if a.periods and b.periods and not a.periods & b.periods:
        return 0.0
    facts = _cosine(a.things, b.things, rarity)
    if a.script == b.script:
        words = _cosine(
            dict.fromkeys((f"word:{w}" for w in a.words), 1.0),
            dict.fromkeys((f"word:{w}" for w in b.words), 1.0),
            rarity,
        )
        facts = max(facts, (facts + words) / 2 if a.things and b.things else words)
        if words > 0.5 and _same_text(one, other):
            return 1.0
    return facts if similarity is None else max(0.0, facts + similarity(one, other)) / 2


def _same_text(one: Article, other: Article) -> bool:
    a, b = text.shingles(one.text), text.shingles(other.text)
    return len(a & b) / len(a | b) >= DUPLICATE


def _cosine(a: Mapping[str, float], b: Mapping[str, float], rarity: Mapping[str, float]) -> float:
    shared = sum(a[t] * b[t] * rarity[t] for t in a.keys() & b.keys())
    if not shared:
        return 0.0
    length = math.sqrt(_square(a, rarity) * _square(b, rarity))
    return shared / length if length else 0.0


def _square(things: Mapping[str, float], rarity: Mapping[str, float]) -> float:
    return sum(weight * weight * rarity[t] for t, weight in things.items())


# --- groups ------------------------------------------------------------------------------------


def _average_link(count: int, near: Mapping[Pair, float]) -> list[list[int]]:
    """Greedy average-link agglomeration above THRESHOLD; pairs that were not compared are 0."""
    group_of = list(range(count))
    members = {i: [i] for i in range(count)}
    for (i, j), _ in sorted(near.items(), key=lambda kv: (-kv[1], kv[0])):
        a, b = group_of[i], group_of[j]
        if a == b or _average(members[a], members[b], near) < THRESHOLD:
            continue
        keep, gone = min(a, b), max(a, b)
        members[keep] += members.pop(gone)
        for k in members[keep]:
            group_of[k] = keep
    return [members[g] for g in sorted(members)]


def _average(left: Sequence[int], right: Sequence[int], near: Mapping[Pair, float]) -> float:
    total = sum(near.get((min(i, j), max(i, j)), 0.0) for i in left for j in right)
    return total / (len(left) * len(right))
