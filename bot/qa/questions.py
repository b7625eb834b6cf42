"""What a question asks: its words, names and numbers, and the kind of thing that would answer it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot import figures as numbers
from bot import text
from bot.figures import units
from bot.model import Figure, Lang, Story
from bot.qa import concepts, spelling

Kind = Literal["quantity", "when", "who", "where", "open"]

ECHO = 0.5  # weight of what an earlier question named, in one that leans on it
SHORT = 3  # a question with fewer words of its own leans on the one before

_QUANTITY = re.compile(
    r"\bhow (?:many|much|long|large|big|small|far|fast|old|high|deep|heavy|tall|often)\b|\bby how\b"
    r"|\bwhat (?:number|percentage|percent|share|proportion|fraction|amount)\b|\bnumber of\b"
    r"|\bwhat (?:is|was|are|were|will be) (?:the |its |their |\w+(?:['’]s)? )*(?:\w+ )?(?:price|cost|size|capacity|rate|margin"
    r"|revenue|sales|profit|loss|population|age|value|valuation|worth|budget|fine|area|length|speed|weight|dividend|salary"
    r"|stake|order worth|interval|fare|output|debt|cash|growth)\b|\bworth\??$"
    r"|いくら|いくつ|何(?:人|名|枚|個|台|社|件|年間|か月|カ月|ヶ月|日間|時間|分|秒|倍|％|%|パーセント|ページ|割|ドル|円|元|基|本|機|隻|両|棟|戸|世帯"
    r"|店|か所|カ所|ヶ所|箇所|カ国|か国|歳|キロ|メートル|メガ|ギガ|トン|ヘクタール|ポイント|トークン|万|億|兆|回|便|駅|都市|校|人分|台分)"
    r"|どれ(?:くらい|ぐらい|ほど|だけ)|どの(?:くらい|ぐらい|程度)|(?:数|額|率|高|量|費|益|料|価|値|規模|人口|金利|運賃|面積|株価|配当|給与)は(?:$|[？?])"
    r"|多少|[几幾](?:个|個|人|名|台|辆|輛|架|家|座|张|張|颗|顆|年|天|个月|個月|小时|小時|分钟|分鐘|倍|成|次|所|页|頁|公里|米|吨|噸|元|亿|億|万|萬|户|戶|种|種|间|間|条|條|国|國)"
    r"|多[大长長高远遠久快重深宽寬]|百分之[几幾]|占比|(?:额|額|率|量|费|費|价|價|数|數|规模|規模)(?:是|为|為)(?:$|[？?])",
    re.IGNORECASE,
)
_WHEN = re.compile(
    r"\bwhen\b|\bsince when\b|\bwhat (?:year|month|day|date|time)\b|\bwhich (?:year|month|day|quarter)\b"
    r"|いつ|何(?:年|月|日|時)(?!間|分)|何曜日|時期は|什么时候|什麼時候|何时|何時|哪一?[年天月日]|[几幾](?:月|号|號|点|點)",
    re.IGNORECASE,
)
_WHO = re.compile(r"\bwho\b|\bwhose\b|\bwhom\b|誰|だれ|どなた|谁|何人か(?=が言)", re.IGNORECASE)
_WHERE = re.compile(
    r"\bwhere\b|\bwhich (?:city|country|town|place)\b|どこ|どちら(?:に|で)|哪里|哪裡|哪兒|哪儿|在哪|哪[个個](?:城市|国家|國家|地方)",
    re.IGNORECASE,
)
# The asking words themselves, in folded text: they name nothing, and beside them stands the focus.
_INTERROGATIVE = re.compile(
    r"\b(?:by )?how (?:many|much|long|large|big|small|far|fast|old|high|deep|heavy|tall|often)(?: (?:money|time))?\b"
    r"|\bwhat (?:number|percentage|percent|share|proportion|fraction|amount) of\b|\bwhat kind of\b"
    r"|いくら|いくつ|何(?=[^ぁ-ん])|何|どれ(?:くらい|ぐらい|ほど|だけ)|どの(?:くらい|ぐらい|程度)|いつ|誰|どこ"
    r"|多少(?:名|个|個|台|架|辆|輛|座|张|張|家|所|颗|顆|位|块|塊)?|[几幾](?:名|个|個|台|架|辆|輛|座|张|張|家|所|颗|顆|位|块|塊)|什么时候|什麼時候|谁|哪里|哪裡|多久|百分之[几幾]"
)
_COUNTER = re.compile(r"(?:何|多少|[几幾])([^\sぁ-ゖa-zA-Z？?。、，]{1,4}?)(?=[ぁ-ゖ？?。、，]|$|[^\sぁ-ゖ])")
# What a quantity is of, by the form of the question: a dimension or a unit of bot.figures.units.
_FORMS: tuple[tuple[str, "re.Pattern[str]"], ...] = (
    ("money", re.compile(r"(?<!by )\bhow much (?:money|did|does|do|is|was|will|would|are|has|have)\b(?!.{0,40}\b(?:electricity|power|weigh|energy|water|time|carbon|data|faster|higher|lower|more|less)\b)|いくら|何(?:ドル|円|元|ユーロ)|多少(?:钱|錢|元|美元|日元|亿元)", re.I)),
    ("percent", re.compile(r"percent|\bwhat (?:share|proportion|fraction)\b|何(?:％|%|パーセント|割)|割合|百分之[几幾]|[几幾]成|比例|占比", re.I)),
    ("point", re.compile(r"percentage points?|ポイント|百分[点點]", re.I)),
    ("time", re.compile(r"\bhow (?:long|old)\b|何(?:年間|か月|カ月|ヶ月|日間|時間|分間?|秒|週間|歳)|期間|多久|多[长長][时時]|[几幾](?:年|天|个月|個月|小时|小時|分钟|分鐘)", re.I)),
    ("length", re.compile(r"\bhow (?:far|tall|deep|high is|long is)\b|何(?:キロ|メートル)(?!グラム)|全長|[几幾多少](?:公里|米)|多[高深远遠]", re.I)),
    ("mass", re.compile(r"\bweigh|\bhow heavy\b|何(?:トン|キログラム|グラム)|多重|[几幾]吨|多少[吨噸]", re.I)),
    ("multiple", re.compile(r"\bhow many times\b|何倍|[几幾]倍", re.I)),
    ("person", re.compile(r"\bhow many (?:people|employees|workers|users|customers|patients|developers|passengers|jobs|children|students|residents)\b|何人|何名|人数|多少(?:名|人|员工|員工|用户|用戶|乘客|患者)|[几幾][名人]|人口", re.I)),
    ("chip", re.compile(r"\bhow many (?:\w+ )?(?:chips|gpus|tpus|accelerators)\b|チップは?何|何[枚基]|多少[块塊张張片颗顆]", re.I)),
    ("power", re.compile(r"何(?:メガ|ギガ|キロ)ワット(?!時)|多少(?:兆瓦|千瓦|吉瓦)|\bhow many (?:mega|giga|kilo)watts\b(?!-hour)", re.I)),
    ("area", re.compile(r"何(?:ヘクタール|平方)|面積|面积|\bhow many (?:hectares|acres|square)\b", re.I)),
)  # fmt: skip
# Concepts that fix the unit or the dimension of the quantity asked for.
_UNIT_OF: Mapping[str, tuple[str, ...]] = {
    "chip": ("chip",), "token": ("token",), "parameter": ("parameter",), "page": ("page",),
    "developer": ("person",), "user": ("person",), "employee": ("person",), "job": ("person",),
    "layoff": ("person",), "patient": ("person",), "child": ("person",), "student": ("person",),
    "teacher": ("person",), "population": ("person",), "passenger": ("person",), "tourist": ("person",),
    "pilot": ("person",), "household": ("household",), "company": ("company",), "store": ("store",),
    "country": ("country",), "satellite": ("satellite",), "vehicle": ("vehicle",), "age": ("time",),
    "revenue": ("money",), "operating profit": ("money",), "net profit": ("money",), "loss": ("money",),
    "r&d": ("money",), "cash": ("money",), "debt": ("money",), "cost": ("money",), "labour cost": ("money",),
    "investment": ("money",), "price": ("money", "percent"), "fare": ("money",), "wage": ("money",),
    "fine": ("money",), "budget": ("money",), "subsidy": ("money",), "market value": ("money",),
    "share price": ("money", "percent"), "dividend": ("money",), "eps": ("money",), "loan": ("money",),
    "funding": ("money",), "valuation": ("money",), "buyback": ("money",), "worth": ("money",),
    "interest": ("percent",), "gross margin": ("percent", "percent-point"),
    "operating margin": ("percent", "percent-point"), "share of": ("percent",), "unemployment": ("percent",),
    "inflation": ("percent",), "approval": ("percent",), "area": ("area",), "weight": ("mass",),
    "depth": ("length",), "height": ("length",), "length": ("length",), "speed": ("speed",),
    "temperature": ("temperature",), "electricity": ("power", "energy"),
}  # fmt: skip

# Words that ask or join and carry nothing to look for.
_EMPTY = frozenset(
    """
    how many much what which who whom whose when where why is was are were be been being will would can could may might
    should do does did done has have had the a an of in for to and or on by at with from into over about as than that
    this these those there it its their his her he she they we you i me my our your us if not no so up out per any some
    also just only then tell say said says give show please s t get gets got take takes took use uses used using see saw
    run runs make makes made last year years total name names new have having there currently now today people
    いく くら らで です すか か した ます まし した たか ます いま ませ とい いう して てい いる られ れま れる れた され る た と な の は が を に で も や ね よ だ
    何で 何の 何が 何を は何 が何 を何 の何 何人 何台 何枚 何個 何社 何件 何カ 何年 何月 何日 何機 何％ 何メ 何ポ はい はど どれ れだ だけ どの のく くら らい
    誰で は誰 が誰 いつ つか から はい つで どこ こで こに にあ ある りま すで でし しょ しょう ょう うか なり りま しま なっ って った
    多少 是多 少是 的 了 吗 嗎 呢 什么 什麼 么时 时候 是什 是谁 谁 是 有 有多 有几 少人 少名 少台 哪里 在哪 里 多久 是多 几 多 少
    """.split()  # noqa: E501 # fmt: skip
)
_HIRAGANA = re.compile("^[ぁ-ゖー]+$")
_NAME = re.compile(r"(?<![\w.])[A-Z][\w&.'’-]*[A-Za-z0-9]|(?<![A-Za-z0-9])[a-z]+[A-Z]\w*")
_ASKING = re.compile(
    r"\b(?:How|What|Which|Who|Whom|Whose|When|Where|Why|Is|Was|Are|Were|Do|Does|Did|Will|Would|Can|Could|Has|Have|Had|The"
    r"|By|In|On|At|Of|And|Tell|Please|Give|Show|So|But|I)\b"
)
# Between function words, a run of one script is about a word: 北斗 | ロボティクス, 绿源科技 | 研发费用.
_FUNCTION = (
    "的|是|有|多少|了|吗|嗎|呢|在|和|与|與|被|把|将|將|什么|什麼|时候|時候|谁|誰|几|幾|哪里|哪裡|哪|名|台|架|辆|輛|座|个|個|位|家"
    "|第|年間|年内|何|人|機|枚|件|社|本|億|万|亿|萬|间|一共|总共|共|目前|现在|今天|到|从|從|对|對|为|為|会|會|能|可|其|该|該|最大|最高|最多|每|所|今年|去年|前年|来年"
)
_PIECE = re.compile(
    rf"[a-z0-9][a-z0-9&.'’-]*[a-z0-9]|[a-z0-9]|[ァ-ヺー]+(?:・[ァ-ヺー]+)*|(?:(?!{_FUNCTION})[{text.HAN}])+"
)
_LEANS = re.compile(
    r"^(?:and|what about|how about|or|but|then)\b|^(?:では|じゃあ|それで|それでは|なら|あと)|^(?:那|那么|那麼|还有|還有)|呢[？?]?$"
    r"|\b(?:it|that|one|ones|they|them)\b|(?:それ|その|そこ|同社|これ)|(?:它|其|这个|這個|那个|那個)",
    re.IGNORECASE,
)


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
    its form (`formal`) or by what it names; empty: any. `counter` is the counter or unit word that is asked with (台 of 何台)."""

    lang: Lang
    kind: Kind
    words: Mapping[str, float]
    terms: tuple[Term, ...]
    numbers: tuple[Figure, ...] = ()
    wanted: frozenset[str] = frozenset()
    formal: frozenset[str] = frozenset()
    counter: str = ""

    @property
    def concepts(self) -> frozenset[str]:
        return frozenset().union(*(t.concepts for t in self.terms))

    def fits(self, figure: Figure) -> float:
        """How well a figure answers: 1 it has the unit or dimension asked for, 0.4 none is named
        or both count something, 0 it measures another thing."""
        has = {figure.unit, units.dimension(figure.unit), figure.kind}
        has |= {"percent"} if figure.kind in ("fraction", "percent") else set()
        if self.counter and figure.quote.exact.endswith(self.counter):
            return 1.0
        if self.formal & has or (not self.formal and self.wanted & has):
            return 1.0
        if not self.wanted:
            return 0.4
        counts = units.dimension(figure.unit) == "count"
        unsaid = figure.unit in ("", "count", "device")
        named = any(units.dimension(w) == "count" and w in units.UNITS for w in self.wanted)
        return 0.4 if counts and unsaid and named else 0.0


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
    formal = frozenset(name for name, pattern in _FORMS if pattern.search(question))
    named = {unit for term in found for key in term.concepts for unit in _UNIT_OF.get(key, ())}
    return Asked(
        lang=lang,
        kind=_kind(question),
        words={w: 1.0 for w in words(question) if w not in _EMPTY and not _HIRAGANA.match(w)},
        terms=tuple(t for t in found if not _numeric(t, figures)),
        numbers=figures,
        wanted=formal | named,
        formal=formal,
        counter=next((m[1] for m in _COUNTER.finditer(question)), ""),
    )


def _numeric(term: Term, figures: Iterable[Figure]) -> bool:
    """Whether a term is but the digits of a figure: they are compared as a value, not as a word."""
    digits = term.surface.isdigit()
    return digits and any(term.surface in text.fold(f.quote.exact) for f in figures)


def _kind(question: str) -> Kind:
    for kind, pattern in (("when", _WHEN), ("who", _WHO), ("where", _WHERE), ("quantity", _QUANTITY)):
        if pattern.search(question):
            return kind  # type: ignore[return-value] # the literals above
    return "open"


def _leans(question: str, asked: Asked) -> bool:
    if any(term.proper for term in asked.terms):
        return False
    return len(asked.terms) < SHORT or bool(_LEANS.search(question.strip()))


def _joined(asked: Asked, before: Asked) -> Asked:
    own = asked.kind != "open"
    known = {term.surface for term in asked.terms}
    old = tuple(
        replace(term, weight=ECHO * term.weight)
        for term in before.terms
        if term.surface not in known
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


# --- what a question names ---------------------------------------------------------------------


def terms(question: str, aliases: Mapping[str, str]) -> tuple[Term, ...]:
    """What a question names, in order: known names, phrases with a meaning, then the words and
    runs of characters between them. `aliases` as in `understand`."""
    folded = text.fold(question)
    asking = [m.span() for m in _INTERROGATIVE.finditer(folded)]
    proper = {text.fold(m.group()) for m in _NAME.finditer(_ASKING.sub(" ", question))}
    spoken = [(start, end, None) for start, end in asking]
    taken: list[tuple[int, int, Term | None]] = [*spoken, *_periods(folded)]
    taken += _known(folded, aliases)
    for start, end, keys in concepts.spans(folded):
        if not any(a < end and start < b for a, b, _ in taken):
            taken.append((start, end, _term(folded[start:end], keys=keys)))
    found: list[tuple[int, Term]] = []
    at = 0
    for start, end, term in [*sorted(taken, key=lambda t: t[:2]), (len(folded), len(folded), None)]:
        found += [(at + offset, rest) for offset, rest in _rest(folded[at:start], proper)]
        found += [(start, term)] if term is not None else []
        at = max(at, end)
    return _focused(found, folded, asking)


def _focused(
    found: Sequence[tuple[int, Term]], folded: str, asking: Sequence[tuple[int, int]]
) -> tuple[Term, ...]:
    """The terms, each once, the one that is asked about marked: what stands right after "how many"
    or 多少, else what stands last before the asking word, else the last."""
    common = [(at, term) for at, term in found if not term.proper]
    start, end = asking[0] if asking else (len(folded), len(folded))
    after = [t for at, t in common if end <= at <= end + 1]
    before = [t for at, t in common if at < start]
    focus = (after or before[-1:] or [t for _, t in common[-1:]])[:1]
    unique = {term.surface: replace(term, focus=term in focus) for _, term in found}
    return tuple(unique.values())


def _periods(folded: str) -> list[tuple[int, int, Term]]:
    return [
        (m.start, m.end, replace(_term(m.exact), period=m.value))
        for m in numbers.mentions(folded)
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
    return Term(surface=surface, tokens=frozenset(words(surface)), concepts=keys)


def _rest(folded: str, proper: Iterable[str]) -> list[tuple[int, Term]]:
    """Terms of a stretch without known names and meanings, and their places in it."""
    found = []
    for match in _PIECE.finditer(folded):
        bare = re.sub(r"['’]s$", "", match.group())
        if bare in _EMPTY or (len(bare) == 1 and not bare.isdigit()):
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


# --- a story by its number ---------------------------------------------------------------------

_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()
_DIGITS = "一二三四五六七八九十"
_NEWS = r"(?:story|stories|item|article|topic|news|headline)"
_NUMBERED = (
    re.compile(rf"\b{_NEWS}\s?(?:no\.?\s?|number\s|#)?(\d{{1,2}})\b"),
    re.compile(r"(?:^|[\s(])#(\d{1,2})\b"),
    re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)\s{_NEWS}\b"),
    re.compile(r"(?<![\d第])(\d{1,2})番(?:目の?(?:ニュース|記事|話題|話|件|項目)|(?=$|[はがのをにでと、。？? ]))"),
    re.compile(r"(\d{1,2})(?:つ目|件目|本目|個目)の?(?:ニュース|記事|話題|話|件|項目)?"),
    re.compile(r"(?:ニュース|記事|話題)\s?(\d{1,2})(?!\d|月|日|年|件|本)"),
    re.compile(r"第\s?(\d{1,2})\s?(?:条|條|则|則|篇|个(?:新闻|故事|消息)|個(?:新聞|故事|消息)|の?(?:ニュース|記事|話題))"),
)  # fmt: skip
_WORDED = re.compile(rf"\b({'|'.join(_ORDINALS)})\s{_NEWS}\b")
_HAN_NUMBER = re.compile(rf"第([{_DIGITS}])(条|條|则|則|篇|个(?=新闻|故事|消息)|個(?=新聞|故事|消息))|([{_DIGITS}])つ目|([{_DIGITS}])番目の(?:ニュース|記事|話題)")  # fmt: skip


def about(question: str, stories: Sequence[Story]) -> Story | None:
    """The story that a question names by its number in the digest, None where it names none.

    Numbers that count something else (Q3, 第3四半期, iPhone 16) name no story.
    """
    number = _number(text.fold(question))
    return stories[number - 1] if 1 <= number <= len(stories) else None


def _number(folded: str) -> int:
    for pattern in _NUMBERED:
        if match := pattern.search(folded):
            return int(match[1])
    if match := _WORDED.search(folded):
        return _ORDINALS.index(match[1]) + 1
    if match := _HAN_NUMBER.search(folded):
        return _DIGITS.index(next(g for g in match.groups() if g and g in _DIGITS)) + 1
    return 0
