"""Placeholders for figures in a model's text, `{F3}`, and what stands in their place."""

import re
import unicodedata
from dataclasses import dataclass, replace

from bot import figures as numbers
from bot.digest.evidence import Evidence
from bot.figures import units
from bot.model import Figure, Lang

_NEAR = 24  # characters on either side of a placeholder that may belong to it
# Units whose things go by many names: 2.4 million patients are people.
_ANY_NOUN = frozenset(
    ["", "count", "person", "device", "vehicle", "company", "household", "case", "store", "server"]
)
# Words after a number that do not name what it counts.
_FUNCTION_WORDS = frozenset(
    (
        "a an and as at but by down during each for from had has have in into is last less more of "
        "off on only or over per since so than that the then this through to under until up was "
        "were when where which while will with within after against amid before between today"
    ).split()
)
_RATES = {
    "year": r"\b(?:a|per|each|every) year|yearly|annual|/year|年",
    "month": r"\b(?:a|per|each|every) month|monthly|/month|月",
    "day": r"\b(?:a|per|each|every) day|daily|/day|日|天",
    "share": r"\b(?:a|per|each) share|株|股",
    "hour": r"\b(?:an|per) hour|hourly|時間|小时|小時",
    "week": r"\b(?:a|per|each) week|weekly|週|周",
    "person": r"\b(?:a|per) (?:person|head)|per capita|人",
}

PLACEHOLDER = re.compile(r"[{｛]\s*([FＦfｆ][0-9０-９]{1,4})\s*[}｝]")
_CITATION = re.compile(r"\s*[(（\[【]\s*S\d+(?:\s*[,，、;]\s*S\d+)*\s*[)）\]】]")
_LEADER = re.compile(r"^\s*(?:[-*•・‣▪]\s+|[•・‣▪])")


def tidy(body: str) -> str:
    """A text on one line without list marks and citations that belong into other fields.

    >>> tidy("- Sales rose {F1}. (S2, S3)\\n")
    'Sales rose {F1}.'
    """
    single = " ".join(_CITATION.sub("", body).split())
    return _LEADER.sub("", single)


def used(body: str) -> list[str]:
    """The labels of a text's placeholders, in order: F3, F1."""
    return [unicodedata.normalize("NFKC", m[1]).upper() for m in PLACEHOLDER.finditer(body)]


@dataclass(frozen=True, slots=True)
class Rendered:
    """A text as it would be published, and where its placeholders' figures stand in it."""

    text: str
    spans: tuple[tuple[int, int, Figure], ...]

    def holding(self, start: int, end: int) -> tuple[int, int, Figure] | None:
        """The placeholder that a number found at these offsets was written by: it begins inside,
        or at a sign or hedge right before the number. Digits of the model's own in front of one
        make another number."""
        for span in self.spans:
            if span[0] <= start < span[1] or (start < span[0] < end and self._bare(start, span[0])):
                return span
        return None

    def _bare(self, start: int, end: int) -> bool:
        return not any(c.isnumeric() for c in self.text[start:end])


def render(body: str, lang: Lang, evidence: Evidence) -> Rendered:
    """The text with its placeholders said in `lang`. The sentence says the direction, and where
    it names the counted thing or the rate itself, the figure does not say them once more. Labels
    must exist."""
    text, end = "", 0
    spans = []
    for match in PLACEHOLDER.finditer(body):
        before, rest = body[end : match.start()], body[match.end() :]
        of = figure(match, evidence)
        said = wording(of, lang, before, rest)
        text += _unprefixed(before, said)
        spans.append((len(text), len(text) + len(said), of))
        text += said
        end = match.end() + repeated(said, rest)
    return Rendered(text + body[end:], tuple(spans))


def figure(match: re.Match[str], evidence: Evidence) -> Figure:
    """The figure of a placeholder whose label exists."""
    index = evidence.figure(unicodedata.normalize("NFKC", match[1]))
    assert index is not None, "labels are checked before rendering"
    return evidence.figures[index]


def wording(of: Figure, lang: Lang, before: str, rest: str) -> str:
    """A figure as it is said between two pieces of a sentence."""
    plain = replace(of, change=None)
    if of.per is not None and _rate_is_said(of.per, before[-_NEAR:], rest[:_NEAR]):
        plain = replace(plain, per=None)
    if units.dimension(of.unit) != "count" or of.qualifier == "vague":
        return numbers.say(plain, lang)
    said = numbers.say(plain, lang)
    if lang != "en" and repeated(said, rest):
        return said
    if counted(rest, lang, of.unit):
        return numbers.say(replace(plain, unit="", counts=""), lang)
    # 8,192個のチップ before のチップ: the classifier stays, the noun is already there.
    return said.partition("の")[0] if lang == "ja" and rest.startswith("の") else said


def counted(rest: str, lang: Lang, unit: str) -> bool:
    """Whether the text after a number names what is counted, or its classifier: in English any
    noun will do for people or things, a token or a chip has to be called one."""
    probe = next((f for f in numbers.find(f"7{rest[:_NEAR]}", lang) if f.quote.start == 0), None)
    if lang != "en":
        return probe is not None and len(probe.quote.exact) > 1
    if unit not in _ANY_NOUN:
        return probe is not None and probe.unit == unit
    noun = re.match(r"[ -]([A-Za-z][\w-]*)", rest)
    return noun is not None and noun[1].lower() not in _FUNCTION_WORDS


def _rate_is_said(per: str, before: str, rest: str) -> bool:
    words = _RATES.get(per)
    return words is not None and re.search(words, f"{before}|{rest}", re.IGNORECASE) is not None


def _unprefixed(before: str, said: str) -> str:
    """`before` without a currency sign or hedge at its end with which `said` begins."""
    lead = re.match(r"[^\d\s]+\s?|(?:about|nearly|over|under|up to|at least|more than)\s", said)
    mark = lead.group().strip() if lead else ""
    bare = before.rstrip()
    if mark and bare.lower().endswith(mark.lower()):
        cut = bare[: len(bare) - len(mark)]
        if not (mark[0].isascii() and mark[0].isalpha() and cut[-1:].isalnum()):
            return cut
    return before


def repeated(said: str, after: str) -> int:
    """How many characters at the start of `after` repeat the unit that ends `said`."""
    tail = re.search(r"(?:[^\W\d]+(?:[ -][^\W\d]+)*|[%％])$", said)
    if tail is None:
        return 0
    unit = tail.group()
    ends = [unit, unit.rsplit(" ", 1)[-1]]
    ends += [unit[i:] for i in range(1, len(unit)) if not unit[i].isascii()]
    for end in ends:
        match = re.match(
            rf"\s?{re.escape(end).replace('%', '[%％]')}(?![A-Za-z])", after, re.IGNORECASE
        )
        if match:
            return match.end()
    return 0
