"""What the words around a number tell of it: hedges, direction, rate, counted thing, label."""

import re
from dataclasses import dataclass

from bot.facts import Change, Qualifier
from bot.figures import lexicon, openings, things, units
from bot.figures.labels import label
from bot.figures.patterns import Late

_LETTER = Late(r"[^\W\d_]")
CLOSE = 24  # characters before a number that may hedge it
REACH = 48  # characters looked at on either side


@dataclass(frozen=True, slots=True)
class Around:
    unit: str
    qualifier: Qualifier | None
    change: Change | None
    per: str | None
    counts: str
    measure: str
    subject: str


# --- hedges ------------------------------------------------------------------------------------

_Q = dict[str, Qualifier]
_LEFT_WORDS: _Q = {
    (
        r"about|around|roughly|approximately|approx\.?|some|circa|an estimated|estimated(?: "
        r"at)?|c\.|~|≈|an average of|average of"
    ): "approx",
    r"nearly|almost|close to|near|just under|shy of|approaching|virtually": "near",
    (
        "more than|over|above|exceed(?:s|ed|ing)?|topp(?:ed|ing)|tops|surpass(?:ed|es|ing)"
        "|north of|in excess of|greater than|better than|upwards of|passed|crossed|well over"
    ): "over",
    r"at least|no fewer than|no less than|a minimum of|minimum of|not less than": "atleast",
    r"less than|under|below|fewer than|lower than|south of": "under",
    (
        "up to|as much as|as many as|at most|a maximum of|maximum of|no more than|within|not "
        "more than|as high as|capped at|as far as"
    ): "upto",
    r"約|约|大約|大约|およそ|おおよそ|概ね|おおむね|約略|大概|[约約]占[^\d，。、]{1,10}的|平均で?|估計約?|估计约?": "approx",
    r"近|将近|將近|接近|ほぼ|逼近": "near",
    (
        "逾|(?<!不)超过了?|(?<!不)超過了?|超|逾|突破了?|高于|高於|大于|大於|多于|多於|越过|超出"
    ): "over",
    r"至少|最低で?も?|少なくとも|不少于|不少於|不低于|不低於|起碼|起码": "atleast",
    r"不到|不足|少于|少於|低于|低於|未满|未滿|小于|小於": "under",
    (
        "最大で?|最高で?|最多で?|最長で?|最长|高达|高達|多达|多達|不超过|不超過|至多|上限は?"
        "|上看|最大可|最多[^\\d\\s，。、的]{0,3}"
    ): "upto",
}
_LEFT_LATIN = [
    (Late(rf"(?:(?<![A-Za-z])(?:{w})\s(?:a |an |the )?|{w})$", re.IGNORECASE), name)
    for w, name in _LEFT_WORDS.items()
    if w[0].isascii()
]
_LEFT_CJK = [
    (Late(rf"(?:{w})\s?(?:达|達|为|為|約|约|有)?$"), name)
    for w, name in _LEFT_WORDS.items()
    if not w[0].isascii()
]
_RIGHT_WORDS: _Q = {
    r"前後|程度|左右|上下|ほど|くらい|ぐらい|内外|台(?=[に、。でのへ前半後]|$)|见当|見当": "approx",
    r"弱(?=[、。のにがをはで]|$)|近く| or so": "near",
    (
        "強(?=[、。のにがをはでと]|$)|超(?=[、。のにがをはで]|$)|余り|あまり"
        "|を(?:大きく)?(?:超|上回|突破)|突破|の大台|越え|超え"
    ): "over",
    (
        r"以上|起(?=[，。、]|$)|からの?(?=[、。]|$)|\+"
        "| or more| or higher| or above| and up"
    ): "atleast",
    r"未満|未满|未滿|足らず|を(?:下回|割)|に満た| or less than": "under",
    (
        "以下|以内|以內|まで(?!に)|を上限| or less| or fewer| at most|[之]?内(?=[，。、完的]|$)"
    ): "upto",
}
_RIGHT = [(Late(rf"(?:{words})"), q) for words, q in _RIGHT_WORDS.items()]

# --- direction ---------------------------------------------------------------------------------

_UP_VERBS = (
    "rose|rise|rises|risen|rising|gain|gains|gained|gaining|grew|grow|grows|grown|growing"
    "|climb|climbs|climbed|climbing|jump|jumps|jumped|jumping"
    "|surge|surges|surged|surging|soar|soars|soared|soaring|increase|increases|increased"
    "|increasing|up|added|adds|adding|advance|advanced|advances|expand|expanded"
    "|improve|improved|improves|improving|higher|rallied|rally|raise|raises|raised|raising"
    "|lift|lifts|lifted|boost|boosts|boosted|hike|hikes|hiked"
    "|widened|strengthened|rebounded|accelerated|leapt|spiked|growth of|rise of|increase of"
    "|gain of|jump of"
)
_DOWN_VERBS = (
    "fell|fall|falls|fallen|falling|drop|drops|dropped|dropping|slip|slips|slipped|slipping"
    "|decline|declines|declined|declining|down|lost|loses|losing"
    "|cut|cuts|cutting|reduce|reduces|reduced|reducing|shrank|shrink|shrinks|plunge|plunged"
    "|plunges|tumble|tumbled|slid|slide|slides|sank|sink"
    "|decrease|decreased|decreases|lower|lowered|lowers|shed|sheds|trimmed|trims|slashed"
    "|slashes|eased|weakened|retreated|contracted|narrowed|dipped|dips"
    "|slowed|saved|saves|laid off|lay off|lays off|eliminate|eliminated|eliminates|axed"
    "|decline of|drop of|fall of|decrease of|cut of"
)
_HEDGED = (
    "(?: by| about| around| nearly| almost| some| roughly| approximately| more than| over| "
    "less than| at least| up to| as much as| an? | a further| another| an additional| only| "
    "just| another)*"
)
_UP_LEFT = Late(rf"\b(?:{_UP_VERBS}){_HEDGED} ?(?:from )?$", re.IGNORECASE)
_DOWN_LEFT = Late(rf"\b(?:{_DOWN_VERBS}){_HEDGED} ?$", re.IGNORECASE)
_UP_BY = Late(rf"\b(?:{_UP_VERBS})\b[^.,;:%\d]{{0,48}}\bby{_HEDGED} ?$", re.IGNORECASE)
_DOWN_BY = Late(rf"\b(?:{_DOWN_VERBS})\b[^.,;:%\d]{{0,48}}\bby{_HEDGED} ?$", re.IGNORECASE)
_UP_OBJECT = Late(
    (
        r"\b(?:raises?|raised|lifts?|lifted|boosts?|boosted|hikes?|hiked|increases?|increased"
        rf"|pushed up)\b(?: [\w'’-]+){{1,4}}{_HEDGED} $"
    ),
    re.IGNORECASE,
)
_DOWN_OBJECT = Late(
    (
        r"\b(?:cuts?|reduces?|reduced|lowers?|lowered|trims?|trimmed|slashes|slashed)\b(?: "
        rf"[\w'’-]+){{1,4}}{_HEDGED} $"
    ),
    re.IGNORECASE,
)
_UP_RIGHT = Late(
    (
        r"[ -](?:or [\d.,%]+ )?(?:higher|more\b(?! than \d)|increase|rise|gain|growth|jump"
        "|surge|faster|hike|above|larger|bigger|improvement|boost|upside)"
    ),
    re.IGNORECASE,
)
_DOWN_RIGHT = Late(
    (
        r"[ -](?:lower|less\b|fewer|decline|drop|fall|decrease|cut\b|cheaper|reduction|below"
        r"|smaller|slump|plunge|loss\b|discount|slower)"
    ),
    re.IGNORECASE,
)
_CJK_FILL = (
    "(?:了|约|約|近|逾|超过|超過|高达|高達|达|達|幅度?(?:为|為|达|達)?|率(?:为|為|达|達)?|大约"
    "|大約|至少|将近|將近|不到)*"
)
_UP_CJK_LEFT = Late(
    "(?:增长|增長|增加|增幅|年增|月增|季增|上涨|上漲|涨幅|漲幅|大涨|大漲|涨|漲|上升|回升"
    "|攀升|飙升|飆升|提升|提高|上调|上調|调升|調升|扩大|擴大|成長|成长|增|升息|加息|升"
    "|加薪|(?<!最)(?:高出?|快|多出?)|贵|貴|プラス|反弹|反彈|走高|新增|净增|淨增|激增|暴涨"
    f"|暴漲){_CJK_FILL}$"
)
_DOWN_CJK_LEFT = Late(
    "(?:下降|下跌|跌幅|大跌|暴跌|重挫|跌|降低|减少|減少|年减|年減|月減|月减|季減|下滑"
    "|下调|下調|调降|調降|缩短|縮短|缩减|縮減|缩水|縮水|降幅|减|減|降息|降|裁员|裁員|裁撤"
    "|裁减|裁減|(?<!最)低|(?<![至不最])少|便宜|マイナス|回落|蒸发|蒸發|收窄|衰退|萎缩|萎縮"
    "|削减|削減"
    f"|走低){_CJK_FILL}$"
)
_UP_CJK_RIGHT = Late(
    r"(?:の|と|も|ほど|程度|以上|を|近く|弱|強|超|余り|分)*\s?(?:増(?!資|強|設|床)|增(?!资"
    "|設|设|发|發|[长長加]?[至到])|高(?=の|で|、|。|と|く|い|だ|$|水準)|上昇|上涨|上漲|アップ|伸び|伸長"
    "|プラス|成長|上升(?![至到])|引き?上げ|拡大|改善|高く|多く|多い|高い|上積み|急増|上回(?!る見)"
    "|値上がり|値上げ|跳ね)"
)
_DOWN_CJK_RIGHT = Late(
    r"(?:の|と|も|ほど|程度|以上|を|近く|弱|強|超|余り|分)*\s?(?:減(?!税対|少?[至到])|减(?!税|少?[至到])"
    "|安(?=の|で|、|。|と|く|い|だ|値|$)|低下|下落|下跌|減少|マイナス|ダウン|削減"
    "|引き?下げ|縮小|悪化|低く|少な|低い|急落|下降(?![至到])|下回|値下がり|値下げ|削(?:る|っ|り)"
    "|カット|短縮|節約|割り?引)"
)
_LEVEL = Late(
    r"(?:\bto|\bat|至|到|(?<![幅])[为為达達]|报|報) ?(?:about |around |nearly |約|约|近)?$",
    re.IGNORECASE,
)

_DOWN_OBJECT_CJK = Late(r"の[一-鿿ァ-ヶー]{1,8}を\s?(?:減ら|削減|圧縮)")  # 28億円の人件費を減らす
# Money that is raised is got, not added.
_RAISED = Late(rf"\brais(?:e|es|ed|ing){_HEDGED} ?$", re.IGNORECASE)

_RATES = frozenset(["percent", "percent-point"])
_AMOUNTS = _RATES | {"money", "count", "score"}
_ALL = frozenset(u.dimension for u in units.UNITS.values())
_Rules = tuple[tuple[frozenset[str], Late, Change], ...]
# Of which dimensions, the words around, the direction that they give.
_RIGHT_CJK: _Rules = (
    (_ALL, _UP_CJK_RIGHT, "up"),
    (_ALL, _DOWN_CJK_RIGHT, "down"),
    (frozenset(["money"]), _DOWN_OBJECT_CJK, "down"),
)
_LEFT_WORDS_CJK: _Rules = ((_ALL, _UP_CJK_LEFT, "up"), (_ALL, _DOWN_CJK_LEFT, "down"))
_LEFT_VERBS: _Rules = (
    (_ALL, _UP_LEFT, "up"),
    (_ALL, _UP_BY, "up"),
    (_ALL, _DOWN_LEFT, "down"),
    (_ALL, _DOWN_BY, "down"),
    (_RATES, _UP_OBJECT, "up"),
    (_RATES, _DOWN_OBJECT, "down"),
)
_RIGHT_LATIN: _Rules = (
    (_AMOUNTS, _UP_RIGHT, "up"),
    (_AMOUNTS | {"multiple"}, _DOWN_RIGHT, "down"),
)

# --- rates -------------------------------------------------------------------------------------

_PER_NAMES = lexicon.table("""
month: month monthly 月 か月 カ月 个月 個月
year: year annum annually 年
share: share 株 股
day: day night 日 天
week: week 週 周
hour: hour 小时 小時 時間
barrel: barrel 桶 バレル
oz: ounce 盎司 オンス
t: ton tonne トン 吨 噸
person: person user head 人
unit: unit 台 辆 輛
kWh: kilowatt-hour 度
minute: minute
s: second
kg: kilogram 公斤 キロ
m2: 平方米
坪: 坪
""")
_PER_RIGHT = Late(
    (
        r"(?: (?:a|an|per|each|every) |/)(million |billion |thousand |\d[\d,]* (?:million "
        r")?)?(?:input |output )?([a-z]+(?:-hour)?)s?\b"
    ),
    re.IGNORECASE,
)
_PER_CJK_LEFT = Late(
    f"(?:(?:每|毎|1|一)(?!{openings.WORDS})(?P<a>株|股|月|か月|カ月|个月|個月|年|日|天|週|周|桶|バレル|トン|吨"
    "|噸|人|盎司|オンス|小时|小時|時間|台|辆|輛|公斤|キロ|度|平方米|坪)"
    "(?:当たり|あたり|につき|当り)?|(?P<b>月額|月間|年額|年間|(?!日产[汽公在的])(?<![\\d去今昨前翌本当當全半同後后隔〜~今每毎数數月])"
    "(?:[月年日](?=(?:約|约|近|最大|超|逾)?$)|[月年日][均产產薪租収俸給费費]|日量|日額)))"
    r"[^\d。，,、；]{0,10}$"
)
_EPS = Late(
    r"\bEPS\b|earnings per share|per-share|dividend|每股|1株|一株|EPS|股息|派息", re.IGNORECASE
)


_HEAVY = Late(r"重|体重|コメ|米|肉|麻|覚醒|薬|金(?!利)|穀|小麦|砂糖|野菜|魚|粉|当たり|荷|食")
_CHANGED = Late(r"\b(?:rose|fell|dropped|slipped|gained|up|down|lost|climbed|slid)\b")


def _of_rate(left: str, right: str) -> bool:
    """Whether points are those of a rate: approval dropped 3.1 points to 38.2%."""
    return bool(_CHANGED.search(left) and "%" in right[:24] and not things.INDEX.search(left))


def around(t: str, start: int, end: int, core: int, unit: str, classifier: bool) -> Around:
    """Everything that the words around say of the number at start..end."""
    left, right = t[max(0, start - REACH) : start], t[end : end + REACH]
    counts = ""
    if not _LETTER.search(left) and not _LETTER.search(right):
        return Around(unit, None, None, None, "", "", "")
    if classifier:
        unit, counts = things.counted_cjk(t, end, unit, left)
    elif unit == "":
        unit, counts = things.counted_bare(t, start, end, left)
    elif unit == "キロ":
        unit = "kg" if _HEAVY.search(left + right) else "km"
    elif unit == "point" and t[start:end].endswith("points") and _of_rate(left, right):
        unit = "pp"
    elif unit == "ポイント":
        unit = "point" if things.INDEX.search(left) else "pp"
    elif unit == "lb" and not re.search(r"weigh", left + right, re.IGNORECASE):
        unit = (
            "GBP"
            if not re.search(r"weigh", t[max(0, start - 80) : end + 40], re.IGNORECASE)
            else "lb"
        )
    own = t[start:end]
    measure, subject = label(t, start, end)
    return Around(
        unit=unit,
        qualifier=qualifier(left, right, own),
        change=change(left, right, own, unit),
        per=per(left, right, unit),
        counts=counts,
        measure=measure,
        subject=subject,
    )


def qualifier(left: str, right: str, own: str) -> Qualifier | None:
    """How exact a number claims to be; the words right before it, else those right after."""
    close = left[-CLOSE:]
    for pattern, name in _LEFT_LATIN if _latin_end(left) else _LEFT_CJK:
        if pattern.search(close):
            return name
    for pattern, name in _RIGHT:
        if pattern.match(right):
            if name == "atleast" and own.startswith("半"):
                return "over"
            return name
    return None


def _latin_end(left: str) -> bool:
    """Whether the words that end at a number are Latin ones: only those need be tried."""
    return left.rstrip()[-1:].isascii()


def change(left: str, right: str, own: str, unit: str) -> Change | None:
    """Whether the number is the amount of a change, and in which direction."""
    if own[:1] == "+":
        return "up"
    dimension = units.dimension(unit)
    if dimension == "time" or unit == "ratio" or _LEVEL.search(left):
        return None
    if dimension == "money" and _RAISED.search(left):
        return None
    for dimensions, pattern, direction in _RIGHT_CJK:
        if dimension in dimensions and pattern.match(right):
            return direction
    for dimensions, pattern, direction in _LEFT_VERBS if _latin_end(left) else _LEFT_WORDS_CJK:
        if dimension in dimensions and pattern.search(left):
            return direction
    for dimensions, pattern, direction in _RIGHT_LATIN:
        if dimension in dimensions and pattern.match(right):
            return direction
    return None


def per(left: str, right: str, unit: str) -> str | None:
    """What an amount is for each of: month, share, barrel."""
    dimension = units.dimension(unit)
    if dimension not in ("money", "count", "percent", "volume", "energy", "mass"):
        return None
    found = _PER_RIGHT.match(right)
    if found is not None and (
        name := _PER_NAMES.get(found[2].lower()) or (found[2].lower() if found[1] else None)
    ):
        return ((found[1] or "").strip() + " " + name).strip()
    cjk = _PER_CJK_LEFT.search(left)
    if cjk is not None:
        return _PER_NAMES[cjk["a"] or cjk["b"][0]]
    if dimension == "money" and _EPS.search(left):
        return "share"
    return None
