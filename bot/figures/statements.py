"""What a figure states: its clause, and what in it tells the figure from another of the same unit.

Two figures are of one thing only where nothing sets them apart: another period, a plan and a
result, a new and a cumulative number, a part and the whole, another owner or place.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.facts import Figure
from bot.figures import labels, lexicon, numerals
from bot.figures.mentions import Mention, scan
from bot.figures.patterns import Late
from bot.figures.subjects import COMMON

_HARD = r"[。；;！？!?\n「」『』“”、，]|,(?!\d)|[:：](?!\d)| (?:and|while|but|whereas|of which)\b"
_CUT = Late(rf"{_HARD}| (?:compared with|against|versus|(?:up |down )?from)\b", re.IGNORECASE)
_END = Late(_HARD, re.IGNORECASE)
_GAP = "  "  # stands in a clause where its number was
# What a clause says of its number besides its value; a number with a mark is another number than
# one without it.
_MARKS: dict[str, Late] = {
    name: Late(pattern, re.IGNORECASE)
    for name, pattern in {
        "plan": r"計画|予想|見通し|目標|見込|预计|預計|预期|預期|预估|預估|目标|目標|计划|計劃|指引"
        r"|\bplan(?:s|ned|ning)?\b|expect|forecast|target|guidance|\baim|could|estimate|outlook"
        r"|project(?:s|ed|ion)\b|consensus|up to|最大|上限",
        "before": r"前年(?!同期比|同月比|比|度比)|前期(?!比)|前回|従来|当初|速報|此前|先前|原先|原本|上年|去年同|上季|上月|初步|改定前"
        r"|\bprevious(?:ly)?\b|\bearlier\b|\binitial(?:ly)?\b|\bfirst (?:reported|said)\b|\byear ago\b"
        r"|\bprior\b|\bformer",
        "new": r"新規|新增|単月|單月|单月|当日|當日|追加|当月新|\bnew(?:ly)?\b|\badditional\b"
        r"|\bhired\b|\bextra\b|\bmore\b(?! than)",
        "to date": r"累計|累计|\bcumulative|\bto date\b|\bso far\b|\bworkforce to\b",
        "part": r"(?:うち|其中|内訳|\bincluding\b|\bof which\b).* {2}|部門|子会社|子公司|重傷|重症|事业部"
        r"|事業部|\bunit\b(?!s)|\bdivision\b|\bsegment\b|\bsubsidiary\b",
        "each": r"\beach\b|1株|一株|1人当|一人当|1台当|当たり|あたり|每|毎|\bper\b|月額|年額|\bapiece\b",
        "mean": r"平均|\baverage|\bmedian|中央値",
        "men": r"男性|(?<!wo)\bmen\b|\bmale",
        "women": r"女性|\bwomen\b|\bfemale",
        "high": r"最高|高値|\bhighest\b|\bpeak",
        "low": r"最低|安値|\blowest\b",
    }.items()
}
_BASES = {
    "year": Late(
        r"前年(?:同期|同月)?比|同比|年増|年增|年减|年減|\byear earlier|\byear-on-year|\byear-over-year"
        r"|\byear ago|\byoy\b|annual",
        re.IGNORECASE,
    ),
    "step": Late(
        r"前期比|前四半期比|前月比|前週比|前日比|環比|环比|季增|季減|季减|月增|月減|月减"
        r"|\b(?:quarter|month|week) earlier|\bprevious (?:quarter|month|week)|\bquarter-on-quarter"
        r"|\bmonth-on-month|\bqoq\b|\bmom\b",
        re.IGNORECASE,
    ),
}
# Tolls grow from hour to hour: "rose to 54" does not contradict an older 45.
_MOVED = Late(
    r"増え|増加し|上升至|上升到|增至|增加到|升至|拡大し"
    r"|\b(?:rose|rises|risen|climbed|climbs|increased|grew|grown|raised|ris(?:es|ing)) to",
    re.IGNORECASE,
)
_SPANS = {
    "h1": "上半年|上期|first half|first-half",
    "h2": "下半年|下期|second half|second-half",
    "9m": "前三季|nine months|first three quarters|9カ月|9个月|9個月",
    "fy": "全年|通期|年度|full-year|full year|for the year",
    "last": "昨年|去年|last year",
    "next": "来年|明年|next year",
    "mon": "月曜|周一|週一|星期一|monday",
    "tue": "火曜|周二|週二|星期二|tuesday",
    "wed": "水曜|周三|週三|星期三|wednesday",
    "thu": "木曜|周四|週四|星期四|thursday",
    "fri": "金曜|周五|週五|星期五|friday",
}
_SPAN_WORDS = {name: Late(pattern, re.IGNORECASE) for name, pattern in _SPANS.items()}
_TOLD = Late(
    r"\b(?:said|says|announced|reported|report|told|disclosed)\b|発表|宣布|公布|公告|表示|述べ|称|稱",
    re.IGNORECASE,
)
_DAYS = frozenset(["mon", "tue", "wed", "thu", "fri"])
_PLACE_CJK = Late(
    r"北米|米国|欧州|中国|日本|アジア|国内|海外|境外|国外|全国|全球|世界|东京|東京|大阪"
    r"|[一-鿿ァ-ヶー](?:[県省州]|(?<![首京])都(?!合)|市(?![場场值值価占])|工場|工厂|工廠|地区|地區|業務|业务)"
)
_PLACE_LATIN = Late(r"\b(?:in|at|across|within) (?:the |its )?((?:[A-Z][\w-]*)(?: [A-Z][\w-]*)*)")
_NAME = Late(r"(?<![\w'’])[A-Z][\w&.-]*|\b[a-z]+[A-Z]\w*|\b\w*\d\w*[A-Za-z]\w*", re.ASCII)
_ROLE = Late(
    r"\b(?:chair\w*|chief|president|executive|spokes\w+|analysts?|minister|director|founder|head)\b",
    re.IGNORECASE,
)
_LATIN = re.compile(r"[a-z][\w-]+")
_WORD_OF_TIME = frozenset(
    "january february march april may june july august september october november december "
    "monday tuesday wednesday thursday friday saturday sunday q1 q2 q3 q4 fy h1 h2 ceo".split()
)
_EVENTS = frozenset(["person", "case", "household", "company"])


@dataclass(frozen=True, slots=True)
class Statement:
    """A figure in its clause: what is needed to tell whether two are of one thing."""

    figure: Figure
    at: tuple[int, int]  # of the sentence in its article
    sentence: str
    clause: str
    key: str  # of the measure
    noun: str  # what is counted, folded to its head
    thing: str  # the same as a key that is equal in every language
    owner: str  # in the script of the text
    periods: frozenset[str]
    marks: frozenset[str]
    bases: frozenset[str]
    names: frozenset[str]
    places: frozenset[str]
    tokens: frozenset[str]
    moved: bool


def stated(figures: Sequence[Figure], texts: Mapping[str, str]) -> list[Statement]:
    """The statement of each figure, in order."""
    from bot import text as words  # here, since reading numbers does without it: 20 ms

    spans = {name: words.sentences(body) for name, body in texts.items()}
    found = []
    for figure in figures:
        name, start = figure.quote.article_id, figure.quote.start
        at = words.sentence_at(spans[name], start) or (start, figure.quote.end)
        found.append(_statement(figure, texts[name], at))
    return found


def _statement(figure: Figure, body: str, at: tuple[int, int]) -> Statement:
    from bot import text as words

    sentence = body[at[0] : at[1]]
    begin = figure.quote.start - at[0]
    clauses = list(_clauses(sentence, begin, figure.quote.end - at[0]))
    clause = clauses[0]
    after = sentence[figure.quote.end - at[0] :]
    stop = _END.search(after)
    beyond = after[: stop.start() if stop else None]  # from a year earlier
    plain = sentence.replace(figure.quote.exact, " ")
    return Statement(
        figure=figure,
        at=at,
        sentence=sentence,
        clause=clause,
        key=labels.key(figure.measure) if figure.measure else "",
        noun=head(figure.counts),
        thing=thing(figure, body),
        owner=_owner(figure),
        periods=next(filter(None, map(_periods, clauses)), frozenset()),
        marks=frozenset(name for name, mark in _MARKS.items() if mark.search(clause)),
        bases=frozenset(name for name, basis in _BASES.items() if basis.search(clause + beyond)),
        names=_nearest_names(clauses, figure),
        places=_places(clause),
        tokens=frozenset(t for t in words.tokens(plain) if not t.isdecimal()),
        moved=_MOVED.search(clause) is not None,
    )


def thing(figure: Figure, body: str) -> str:
    """What a figure counts, as a key that is equal in every language: robot for 12,000 robots and
    ロボット1万2,000台; "" where the words beside it do not say."""
    start, end = figure.quote.start, figure.quote.end
    before = body[max(0, start - 12) : start]
    return labels.thing_in(figure.counts or figure.quote.exact) or labels.thing_around(
        before, body[end : end + 24]
    )


def _clauses(sentence: str, begin: int, end: int) -> Iterator[str]:
    """The clause of a number, without it, then the clauses before it, the nearest first."""
    cuts = [m.end() for m in _CUT.finditer(sentence)]
    starts = [0, *(c for c in cuts if c <= begin)]
    stop = next((m.start() for m in _CUT.finditer(sentence) if m.start() >= end), len(sentence))
    yield f"{sentence[starts[-1] : begin]}{_GAP}{sentence[end:stop]}"
    for left, right in zip(reversed(starts[:-1]), reversed(starts[1:]), strict=True):
        yield sentence[left:right]


def _owner(figure: Figure) -> str:
    return "" if figure.subject.isascii() else figure.subject


def _periods(clause: str) -> frozenset[str]:
    told = _TOLD.search(clause) is not None
    spans = {n for n, word in _SPAN_WORDS.items() if word.search(clause)}
    found = {m.value for m in scan(numerals.fold(clause)) if _of_period(m)}
    return frozenset(found | (spans - _DAYS if told else spans))


def _of_period(mention: Mention) -> bool:
    return mention.kind in ("period", "date")


def _nearest_names(clauses: Sequence[str], figure: Figure) -> frozenset[str]:
    """The names of the nearest clause with any; those of people who only speak are none."""
    own = _names(clauses[0], figure)
    if own or any(_ROLE.search(c) for c in clauses):
        return own
    return next(filter(None, (_names(c, figure) for c in clauses[1:])), own)


def _names(clause: str, figure: Figure) -> frozenset[str]:
    """The Latin names of a clause and of the counted noun, word by word."""
    found = set()
    for match in _NAME.finditer(f"{clause} {figure.counts}"):
        word = match[0].removesuffix("'s").rstrip(".-").lower()
        first = not clause[: match.start()].strip()
        if word in _WORD_OF_TIME or word in COMMON or (first and word in labels.KEYS):
            continue
        if len(word) > 1 and not word.isdecimal():
            found.add(word.removesuffix("s") if any(c.isdigit() for c in word) else word)
    return frozenset(found)


def _places(clause: str) -> frozenset[str]:
    latin = {
        m[1].lower()
        for m in _PLACE_LATIN.finditer(clause)
        if m[1].split()[0].lower() not in _WORD_OF_TIME
    }
    return frozenset(latin | {m[0] for m in _PLACE_CJK.finditer(clause)})


def head(name: str) -> str:
    """The head of a counted noun phrase, folded: tpuv4 chip for TPUv4 chips and TPUv4チップ."""
    from bot import text as words

    folded = words.fold(name).removesuffix("s")
    latin = re.findall(r"[a-z0-9][\w./-]*", folded, re.ASCII)
    for surface, unit in lexicon.NOUNS_CJK.items():
        if folded.endswith(surface.lower()):
            return " ".join([*[w for w in latin if w != surface.lower()], unit])
    return folded


# Marks that tell numbers of the same digits apart too; a plan ten times the result is a slip.
_STRONG = frozenset(["new", "to date", "part", "each", "men", "women"])


def apart(a: Statement, b: Statement, *, slip: bool = False) -> bool:
    """Whether something in their clauses says that two figures are not of one thing; less is
    enough for figures that are only a power of ten apart (`slip`)."""
    marks = a.marks ^ b.marks
    return (
        _disjoint(a.periods, b.periods)
        or bool(a.thing and b.thing and a.thing != b.thing)
        or bool(marks & _STRONG if slip else marks)
        or _disjoint(a.bases, b.bases)
        or _other_owner(a, b)
        or _other_names(a, b)
        or not (_covers(a, b) and _covers(b, a))
        or (a.moved != b.moved and a.figure.unit in _EVENTS)
    )


def _disjoint(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one and other) and not one & other


def _other_owner(a: Statement, b: Statement) -> bool:
    one, other = a.owner, b.owner
    if not (one and other) or one in other or other in one:
        return False
    named = set(_LATIN.findall(one.lower())) & set(_LATIN.findall(other.lower()))
    rest, more = (_LATIN.sub("", owner.lower()) for owner in (one, other))
    return not named or (rest not in more and more not in rest)


def _other_names(a: Statement, b: Statement) -> bool:
    """Whether each has a name that the other lacks. Of two scripts only names with digits are
    spelled alike."""
    one, other = a.names - b.names, b.names - a.names
    if a.clause.isascii() != b.clause.isascii():
        one, other = (frozenset(w for w in x if any(map(str.isdigit, w))) for x in (one, other))
    return bool(one and other)


def _covers(a: Statement, b: Statement) -> bool:
    """Whether the places of one are named in the sentence of the other, as far as one script can
    tell."""
    if a.clause.isascii() != b.clause.isascii():
        return True
    said = b.sentence.lower()
    return all(place in said for place in a.places)
