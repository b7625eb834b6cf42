"""What the words around a number tell of it: hedges, direction, rate, the thing counted, the label."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from bot.figures import lexicon, units
from bot.figures.labels import label
from bot.model import Change, Qualifier

_LETTER = re.compile(r"[^\W\d_]")
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


class Counted(NamedTuple):
    """The thing that a bare number counts: its unit and its name as written."""

    unit: str
    name: str


# --- hedges ------------------------------------------------------------------------------------

_Q = dict[str, Qualifier]
_LEFT_WORDS: _Q = {
    r"about|around|roughly|approximately|approx\.?|some|circa|an estimated|estimated(?: at)?|c\.|~|≈|an average of|average of": "approx",
    r"nearly|almost|close to|near|just under|shy of|approaching|virtually": "near",
    r"more than|over|above|exceed(?:s|ed|ing)?|topp(?:ed|ing)|tops|surpass(?:ed|es|ing)|north of|in excess of|greater than|better than|upwards of|passed|crossed|well over": "over",
    r"at least|no fewer than|no less than|a minimum of|minimum of|not less than": "atleast",
    r"less than|under|below|fewer than|lower than|south of": "under",
    r"up to|as much as|as many as|at most|a maximum of|maximum of|no more than|within|not more than|as high as|capped at|as far as": "upto",
    r"約|约|大約|大约|およそ|おおよそ|概ね|おおむね|約略|大概|平均で?|估計約?|估计约?": "approx",
    r"近|将近|將近|接近|ほぼ|逼近": "near",
    r"超过了?|超過了?|超|逾|突破了?|高于|高於|大于|大於|多于|多於|越过|超出": "over",
    r"至少|最低で?も?|少なくとも|不少于|不少於|不低于|不低於|起碼|起码": "atleast",
    r"不到|不足|少于|少於|低于|低於|未满|未滿|小于|小於": "under",
    r"最大で?|最高で?|最多で?|最長で?|最长|高达|高達|多达|多達|不超过|不超過|至多|上限は?|上看|最大可|最多可": "upto",
}
_LEFT = [
    (
        re.compile(
            rf"(?:(?<![A-Za-z])(?:{words})\s(?:a |an |the )?|{words})$"
            if words[0].isascii()
            else rf"(?:{words})\s?(?:达|達|为|為|約|约|有)?$",
            re.IGNORECASE,
        ),
        q,
    )
    for words, q in _LEFT_WORDS.items()
]
_RIGHT_WORDS: _Q = {
    r"前後|程度|左右|上下|ほど|くらい|ぐらい|内外|台(?=[に、。でのへ前半後]|$)|见当|見当": "approx",
    r"弱(?=[、。のにがをはで]|$)|近く| or so": "near",
    r"強(?=[、。のにがをはでと]|$)|超(?=[、。のにがをはで]|$)|余り|あまり|を(?:大きく)?(?:超|上回|突破)|突破|の大台|越え|超え": "over",
    r"以上|起(?=[，。、]|$)|からの?(?=[、。]|$)|\+| or more| or higher| or above| and up": "atleast",
    r"未満|未满|未滿|足らず|を(?:下回|割)|に満た| or less than": "under",
    r"以下|以内|以內|まで(?!に)|を上限| or less| or fewer| at most|[之]?内(?=[，。、完的]|$)": "upto",
}
_RIGHT = [(re.compile(rf"(?:{words})"), q) for words, q in _RIGHT_WORDS.items()]

# --- direction ---------------------------------------------------------------------------------

_UP_VERBS = (
    "rose|rise|rises|risen|rising|gain|gains|gained|gaining|grew|grow|grows|grown|growing|climb|climbs|climbed|climbing|jump|jumps|jumped|jumping"
    "|surge|surges|surged|surging|soar|soars|soared|soaring|increase|increases|increased|increasing|up|added|adds|adding|advance|advanced|advances|expand|expanded"
    "|improve|improved|improves|improving|higher|rallied|rally|raise|raises|raised|raising|lift|lifts|lifted|boost|boosts|boosted|hike|hikes|hiked"
    "|widened|strengthened|rebounded|accelerated|leapt|spiked|growth of|rise of|increase of|gain of|jump of"
)
_DOWN_VERBS = (
    "fell|fall|falls|fallen|falling|drop|drops|dropped|dropping|slip|slips|slipped|slipping|decline|declines|declined|declining|down|lost|loses|losing"
    "|cut|cuts|cutting|reduce|reduces|reduced|reducing|shrank|shrink|shrinks|plunge|plunged|plunges|tumble|tumbled|slid|slide|slides|sank|sink"
    "|decrease|decreased|decreases|lower|lowered|lowers|shed|sheds|trimmed|trims|slashed|slashes|eased|weakened|retreated|contracted|narrowed|dipped|dips"
    "|slowed|saved|saves|laid off|lay off|lays off|eliminate|eliminated|eliminates|axed|decline of|drop of|fall of|decrease of|cut of"
)
_HEDGED = r"(?: by| about| around| nearly| almost| some| roughly| approximately| more than| over| less than| at least| up to| as much as| an? | a further| another| an additional| only| just| another)*"
_UP_LEFT = re.compile(rf"\b(?:{_UP_VERBS}){_HEDGED} ?(?:from )?$", re.IGNORECASE)
_DOWN_LEFT = re.compile(rf"\b(?:{_DOWN_VERBS}){_HEDGED} ?$", re.IGNORECASE)
_UP_BY = re.compile(rf"\b(?:{_UP_VERBS})\b[^.,;:%\d]{{0,48}}\bby{_HEDGED} ?$", re.IGNORECASE)
_DOWN_BY = re.compile(rf"\b(?:{_DOWN_VERBS})\b[^.,;:%\d]{{0,48}}\bby{_HEDGED} ?$", re.IGNORECASE)
_UP_OBJECT = re.compile(
    rf"\b(?:raises?|raised|lifts?|lifted|boosts?|boosted|hikes?|hiked|increases?|increased|pushed up)\b(?: [\w'’-]+){{1,4}}{_HEDGED} $",
    re.IGNORECASE,
)
_DOWN_OBJECT = re.compile(
    rf"\b(?:cuts?|reduces?|reduced|lowers?|lowered|trims?|trimmed|slashes|slashed)\b(?: [\w'’-]+){{1,4}}{_HEDGED} $",
    re.IGNORECASE,
)
_UP_RIGHT = re.compile(
    r"[ -](?:or [\d.,%]+ )?(?:higher|more\b(?! than \d)|increase|rise|gain|growth|jump|surge|faster|hike|above|larger|bigger|improvement|boost|upside)",
    re.IGNORECASE,
)
_DOWN_RIGHT = re.compile(
    r"[ -](?:lower|less\b|fewer|decline|drop|fall|decrease|cut\b|cheaper|reduction|below|smaller|slump|plunge|loss\b|discount|slower)",
    re.IGNORECASE,
)
_CJK_FILL = r"(?:了|约|約|近|逾|超过|超過|高达|高達|达|達|幅度?(?:为|為|达|達)?|率(?:为|為|达|達)?|大约|大約|至少|将近|將近|不到)*"
_UP_CJK_LEFT = re.compile(
    rf"(?:增长|增長|增加|增幅|年增|月增|季增|上涨|上漲|涨幅|漲幅|大涨|大漲|涨|漲|上升|回升|攀升|飙升|飆升|提升|提高|上调|上調|调升|調升|扩大|擴大|成長|成长|增|升息|加息|升|加薪|高出?|快|多出?|贵|貴|プラス|反弹|反彈|走高|新增|净增|淨增|激增|暴涨|暴漲){_CJK_FILL}$"
)
_DOWN_CJK_LEFT = re.compile(
    rf"(?:下降|下跌|跌幅|大跌|暴跌|重挫|跌|降低|减少|減少|年减|年減|月減|月减|季減|下滑|下调|下調|调降|調降|缩短|縮短|缩减|縮減|缩水|縮水|降幅|减|減|降息|降|裁员|裁員|裁撤|裁减|裁減|低|少|便宜|マイナス|回落|蒸发|蒸發|收窄|衰退|萎缩|萎縮|削减|削減|走低){_CJK_FILL}$"
)
_UP_CJK_RIGHT = re.compile(
    r"(?:の|と|も|ほど|程度|以上|を|近く|弱|強|超|余り|分)*\s?(?:増(?!資|強|設|床)|增(?!资|設|设|发|發)|高(?=の|で|、|。|と|く|い|だ|$|水準)|上昇|上涨|上漲|アップ|伸び|伸長|プラス|成長|上升|引き?上げ|拡大|改善|高く|多く|多い|高い|上積み|急増|上回(?!る見)|値上がり|値上げ|跳ね)"
)
_DOWN_CJK_RIGHT = re.compile(
    r"(?:の|と|も|ほど|程度|以上|を|近く|弱|強|超|余り|分)*\s?(?:減(?!税対)|减(?!税)|安(?=の|で|、|。|と|く|い|だ|値|$)|低下|下落|下跌|減少|マイナス|ダウン|削減|引き?下げ|縮小|悪化|低く|少な|低い|急落|下降|下回|値下がり|値下げ|削(?:る|っ|り)|カット|短縮|節約|割り?引)"
)
_LEVEL = re.compile(
    r"(?:\bto|\bat|至|到|为|為|达|達|报|報) ?(?:about |around |nearly |約|约|近)?$", re.IGNORECASE
)

# --- rates -------------------------------------------------------------------------------------

_PER_NAMES = {
    "month": "month", "monthly": "month", "year": "year", "annum": "year", "annually": "year", "share": "share", "day": "day",
    "week": "week", "hour": "hour", "barrel": "barrel", "ounce": "oz", "ton": "t", "tonne": "t", "person": "person", "user": "person",
    "unit": "unit", "kilowatt-hour": "kWh", "night": "day", "minute": "minute", "second": "s", "head": "person", "kilogram": "kg",
    "株": "share", "股": "share", "月": "month", "月額": "month", "か月": "month", "カ月": "month", "个月": "month", "個月": "month", "年": "year",
    "年額": "year", "年間": "year", "日": "day", "天": "day", "週": "week", "周": "week", "桶": "barrel", "バレル": "barrel", "トン": "t", "吨": "t",
    "噸": "t", "人": "person", "盎司": "oz", "オンス": "oz", "小时": "hour", "小時": "hour", "時間": "hour", "台": "unit", "辆": "unit", "輛": "unit",
    "公斤": "kg", "キロ": "kg", "度": "kWh", "平方米": "m2", "坪": "坪",
}  # fmt: skip
_PER_RIGHT = re.compile(
    r"(?: (?:a|an|per|each|every) |/)(million |billion |thousand |\d[\d,]* (?:million )?)?(?:input |output )?([a-z]+(?:-hour)?)s?\b",
    re.IGNORECASE,
)
_PER_CJK_LEFT = re.compile(
    r"(?:(?:每|毎|1|一)(?P<a>株|股|月|か月|カ月|个月|個月|年|日|天|週|周|桶|バレル|トン|吨|噸|人|盎司|オンス|小时|小時|時間|台|辆|輛|公斤|キロ|度|平方米|坪)"
    r"(?:当たり|あたり|につき|当り)?|(?P<b>月額|年額|年間|日|月|年)(?=[^\d]{0,8}$))[^\d。，,、；]{0,10}$"
)
_EPS = re.compile(
    r"\bEPS\b|earnings per share|per-share|dividend|每股|1株|一株|EPS|股息|派息", re.IGNORECASE
)

# --- counted things ----------------------------------------------------------------------------

_STOP = frozenset(
    "of to in and for a an the on at by with from is was are were or as that which while than but per into its their it he she they has have had will said "
    "after before when where who over under between during since against about up down out off not no also each every more less most year years percent if so "
    "this these those new-".split()
)
_CHIP_NAME = re.compile(
    r"(?:NVIDIA |Nvidia |英伟达|輝達)?(?:[HABLV]\d{2,3}[A-Z]?|GB\d{3}|MI\d{3}X?|TPU ?v\d\w?|Gaudi \d|Ascend \d{3}\w?|昇[腾騰] ?\d{3}\w?)s?(?![\w-])"
)
_NEXT_WORDS = re.compile(r" (?!-)((?:[A-Za-z0-9][\w./'’&+-]*[ ]){0,3}?)([A-Za-z][\w'’-]*)\b")
_CJK_WINDOW = re.compile(
    r"(?:の|的)?\s?((?:(?!の|的|で|を|が|は|に|と|も|和|与|與|及|从|在|将|將)[^\s、。,，；;：:（）()「」]|(?<=[A-Za-z0-9]) (?=[A-Za-z0-9])){1,22})"
)
_NOUN_CJK = re.compile(
    "(?:" + "|".join(sorted(map(re.escape, lexicon.NOUNS_CJK), key=len, reverse=True)) + ")"
    r"(?![站厂廠间間道位库庫展])"
)
_VEHICLE = re.compile(
    r"車|车|EV|トヨタ|ホンダ|日産|销量|銷量|交付|リコール|汽車|汽车|販売台数|比亚迪|特斯拉|テスラ|toyota",
    re.IGNORECASE,
)
_SERVER = re.compile(r"サーバー|服务器|伺服器")
_BEFORE = re.compile(
    "(?:"
    + "|".join(sorted(map(re.escape, lexicon.MEASURES_BEFORE), key=len, reverse=True))
    + r")(?![A-Za-z])[^。.;；、,，]{0,26}$",
    re.IGNORECASE,
)
_INDEX = re.compile(
    r"日経平均|日经|恒指|恒生|指数|指數|Nikkei|Dow\b|S&P 500|Nasdaq|Hang Seng|FTSE|TOPIX|道指|上证|沪指|加權|index|KOSPI|ナスダック|ダウ",
    re.IGNORECASE,
)
_SIZED_AFTER = re.compile(
    r"[- ]?(?:(?P<p>(?:dense |base |instruct |open |language |chat |reasoning )?(?:model|parameter|param|LLM)s?\b|模型|参数|參數|モデル|パラメータ|級|级|规模|規模|版|大模型)"
    r"|(?P<t>context|tokens?\b|window|上下文|トークン|コンテキスト|の?文脈|token))",
    re.IGNORECASE,
)
_SETTING = re.compile(
    r"(?:size|length|dimension|batch|window|steps?|epochs?|layers?|heads?|temperature|サイズ|長|系列長|次元数?|ステップ数?|バッチ|大小|長度|长度|维度|維度|层数|層數|步数|score|得分|スコア)\s?(?:of|is|was|=|:|：|は|が|を|为|為|是)? ?$",
    re.IGNORECASE,
)
_STATED = re.compile(
    r"(?:\b(?:of|is|was|are|were|reached|hit|totaled|totalled|at|to|=|:)|は|が|を|为|為|是|达|達|到|至) ?$",
    re.IGNORECASE,
)

# --- names with a number apart -----------------------------------------------------------------

_PRODUCTS = frozenset(
    "iphone ipad ipados llama gemini claude gpt cuda windows android ios macos galaxy pixel chapter building room version ver v section article figure fig part phase "
    "level boeing airbus route highway apollo falcon series type class mark nikkei russell ftse csi dax cac topix stoxx kospi nasdaq fortune playstation ps xbox wi-fi "
    "wifi usb hdmi bluetooth pcie python java group gate euro web industry agenda vision formula studio channel under world war pro max plus mini ultra model gen "
    "generation tier zone platform flight line unit page volume issue step lesson day stage title clause grade top euro-ncap qwen mistral deepseek grok core ryzen "
    "snapdragon dimensity tesla cybertruck exynos note watch airpods surface covid apple s&p500 ".split()
)
_FUNCTION = frozenset(
    "in on by about the a an at of for to from with over under nearly roughly around some only just and or but as it its they he she we i that this these those with "
    "after before since until between among more less than up down all both each every another other than is was are were has had have will would could may might says "
    "said if when while where who total another yes".split()
)


def product(word: str) -> bool:
    """Whether a number after the word always names one of a kind: iPhone 16, S&P 500."""
    return word.lower().rstrip(".") in _PRODUCTS or word.endswith("&P")


def names(word: str, before: str, number: str) -> bool:
    """Whether a word and the bare number after it are one name: iPhone 16, Llama 3.1, S&P 500."""
    low = word.lower().rstrip(".")
    if low in _FUNCTION:
        return False
    if "," in number or len(number) > 6:
        return False
    starts_sentence = not before.strip() or before.rstrip()[-1:] in ".!?:;\n"
    return word[0].isupper() and not (starts_sentence and word[1:].islower() and len(number) > 3)


def counted(t: str, end: int) -> Counted | None:
    """The noun up to three words after a bare number (8,192 TPUv4 chips), or the name of a chip."""
    if t.startswith(" of ", end):
        end += 3
    chip = _CHIP_NAME.match(t, end + 1) if t[end : end + 1] == " " else _CHIP_NAME.match(t, end)
    if chip is not None:
        tail = re.compile(r" (?:GPU|chip|card|accelerator|TPU|processor)s?\b").match(t, chip.end())
        return Counted("chip", t[chip.start() : tail.end() if tail else chip.end()].strip())
    joined = re.compile(r"-([a-z]{3,})\b(?!-)").match(t, end)
    if joined is not None and joined[1] not in ("high", "for", "day", "old", "based", "plus"):
        return Counted(lexicon.NOUNS_LATIN.get(joined[1], "count"), joined[1])
    found = _NEXT_WORDS.match(t, end)
    while found is not None:
        middle, last = found[1].split(), found[2]
        if any(w.lower() in _STOP for w in (*middle, last)):
            return None
        unit = lexicon.NOUNS_LATIN.get(last) or lexicon.NOUNS_LATIN.get(last.lower())
        if unit is not None and last not in ("unit", "point"):
            return Counted(unit, t[end + 1 : found.end()])
        if len(middle) >= 3:
            break
        found = re.compile(
            rf" ((?:[A-Za-z0-9][\w./'’&+-]*[ ]){{{len(middle) + 1}}})([A-Za-z][\w'’-]*)\b"
        ).match(t, end)
    plural = re.compile(r" ((?:[a-z][\w-]+ )?[a-z][\w-]{2,}s)\b(?!')").match(t, end)
    if plural is not None and not any(w in _STOP for w in plural[1].split()):
        return Counted("count", plural[1])
    return None


def sized(t: str, end: int, letter: str) -> str | None:
    """The unit of a size that stands free (70B model, 128K context); None where it is no size."""
    found = _SIZED_AFTER.match(t, end)
    if found is not None:
        if found["t"]:
            return "token"
        return "parameter" if letter in "bBtTmM" else None
    noun = counted(t, end)
    if noun is not None and (letter in "kKmMbBtT"):
        return noun.unit
    if letter in "BT" and re.search(
        r"param|model|模型|パラメータ|モデル|参数|參數",
        t[max(0, end - 40) : end + 30],
        re.IGNORECASE,
    ):
        return "parameter"
    return None


def setting(t: str, start: int) -> bool:
    """Whether the words before a bare number make it a setting or a score: batch size 2048."""
    return _SETTING.search(t, max(0, start - 24), start) is not None


def stated(t: str, start: int, end: int) -> bool:
    """Whether a bare single digit is stated as a value."""
    return setting(t, start)


def around(t: str, start: int, end: int, core: int, unit: str, classifier: bool) -> Around:
    """Everything that the words around say of the number at start..end."""
    left, right = t[max(0, start - REACH) : start], t[end : end + REACH]
    counts = ""
    if not _LETTER.search(left) and not _LETTER.search(right):
        return Around(unit, None, None, None, "", "", "")
    if classifier:
        unit, counts = _counted_cjk(t, end, unit, left)
    elif unit == "":
        unit, counts = _counted_bare(t, start, end, left)
    elif unit == "ポイント":
        unit = "point" if _INDEX.search(left) else "pp"
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


def _counted_cjk(t: str, end: int, unit: str, left: str) -> tuple[str, str]:
    window = _CJK_WINDOW.match(t, end)
    if window is not None and (other := re.search(r"(?<=[^\x00-\x7f])\d", window[1])):
        window = _CJK_WINDOW.match(t, end, window.start(1) + other.start())
    chip = _CHIP_NAME.match(t, end)
    if window is not None:
        noun = _last_noun(window[1])
        if chip is not None and noun is None:
            return "chip", chip[0]
        if window[1].startswith(("浮点运算", "浮點運算")):
            return "FLOP", window[1][:4]
        if noun is not None and unit not in ("person", "company", "household"):
            return lexicon.NOUNS_CJK[noun[0]], window[1][: noun.end()]
    counter = t[end - 1 : end]
    if counter in "台臺" and unit == "device":
        near = left[-24:] + t[end : end + 16]
        if _VEHICLE.search(near):
            return "vehicle", ""
        if _SERVER.search(near):
            return "server", ""
    name = "" if window is None else re.split(r"[ぁ-ん]", window[1])[0][:10]
    return unit, name


def _last_noun(window: str) -> "re.Match[str] | None":
    """The noun that ends the phrase: チップ of TPUv4チップ."""
    noun = None
    for found in _NOUN_CJK.finditer(window):
        if noun is None or found.start() == noun.end() or window[noun.end() : found.start()].isascii():
            noun = found
    return noun


def _counted_bare(t: str, start: int, end: int, left: str) -> tuple[str, str]:
    letter = t[end - 1 : end]
    if letter in "KkMmBbTt" and letter.isalpha() and (size := sized(t, end, letter)):
        return size, ""
    noun = counted(t, end)
    if noun is not None:
        return noun
    cjk = _NOUN_CJK.match(t, end) or _NOUN_CJK.match(t, end + 1)
    if cjk is not None and t[end : end + 1] != "的":
        return lexicon.NOUNS_CJK[cjk[0]], cjk[0]
    grade = re.compile(r"(?:级|級|等级|等級|级别|級別)的?").match(t, end)
    if grade is not None:
        noun_cjk = _NOUN_CJK.match(t, grade.end())
        return (lexicon.NOUNS_CJK[noun_cjk[0]] if noun_cjk else "count"), ""
    before = _BEFORE.search(left)
    if before is not None:
        word = re.match(
            "|".join(sorted(map(re.escape, lexicon.MEASURES_BEFORE), key=len, reverse=True)),
            before[0],
            re.IGNORECASE,
        )
        if word is not None:
            key = word[0] if word[0] in lexicon.MEASURES_BEFORE else word[0].lower()
            return lexicon.MEASURES_BEFORE[key], ""
    return (
        "point"
        if _INDEX.search(t[max(0, start - 60) : start]) or re.search(r"scored? $", left)
        else ""
    ), ""


def qualifier(left: str, right: str, own: str) -> Qualifier | None:
    """How exact a number claims to be; the words right before it, else those right after."""
    close = left[-CLOSE:]
    for pattern, name in _LEFT:
        if pattern.search(close):
            return name
    for pattern, name in _RIGHT:
        if pattern.match(right):
            if name == "atleast" and own.startswith("半"):
                return "over"
            return name
    return None


def change(left: str, right: str, own: str, unit: str) -> Change | None:
    """Whether the number is the amount of a change, and in which direction."""
    if own[:1] == "+":
        return "up"
    dimension = units.dimension(unit)
    if dimension == "time" or unit == "ratio":
        return None
    if _LEVEL.search(left):
        return None
    if _UP_CJK_RIGHT.match(right) and not re.match(r"[\w]", right[:0]):
        return "up"
    if _DOWN_CJK_RIGHT.match(right):
        return "down"
    if _UP_CJK_LEFT.search(left):
        return "up"
    if _DOWN_CJK_LEFT.search(left):
        return "down"
    if _UP_LEFT.search(left) or _UP_BY.search(left):
        return "up"
    if _DOWN_LEFT.search(left) or _DOWN_BY.search(left):
        return "down"
    if dimension in ("percent", "percent-point"):
        if _UP_OBJECT.search(left):
            return "up"
        if _DOWN_OBJECT.search(left):
            return "down"
    if dimension in ("percent", "percent-point", "multiple", "money", "count", "score"):
        if _UP_RIGHT.match(right):
            return "up" if dimension != "multiple" else None
        if _DOWN_RIGHT.match(right):
            return "down"
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
        return _PER_NAMES[cjk["a"] or cjk["b"]]
    if dimension == "money" and _EPS.search(left):
        return "share"
    return None
