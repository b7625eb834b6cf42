"""What a number counts, and which numbers belong to a name: TPUv4 chips, a 70B model, iPhone 16."""

import re
from typing import NamedTuple

from bot.figures import lexicon
from bot.figures.patterns import Late


class Counted(NamedTuple):
    """The thing that a bare number counts: its unit and its name as written."""

    unit: str
    name: str


_NOUNS = {**lexicon.NOUNS_BEYOND, **lexicon.NOUNS_LATIN}
_STOP = frozenset(
    "of to in and for a an the on at by with from is was are were or as that which while "
    "than but per into its their it he she they has have had will said "
    "after before when where who over under between during since against about up down out "
    "off not no also each every more less most year years percent if so "
    "this these those new-".split()
)
_CHIP_NAME = Late(
    r"(?:NVIDIA |Nvidia |英伟达|輝達)?(?:[HABLV]\d{2,3}[A-Z]?|GB\d{3}|MI\d{3}X?|TPU ?v\d\w?"
    r"|Gaudi \d|Ascend \d{3}\w?|昇[腾騰] ?\d{3}\w?)s?(?![\w-])"
)
_NEXT_WORDS = Late(r" (?!-)((?:[A-Za-z0-9][\w./'’&+-]*[ ]){0,3}?)([A-Za-z][\w'’-]*)\b")
_CJK_WINDOW = Late(
    r"(?:(?:近く|超|以上|未満|以下|前後|程度|余り)?(?:の|的))?\s?((?:(?!の|的|で|を|が|は"
    "|に|と|も|和|与|與|及|从|在|将"
    r"|將)[^\s、。,，；;：:（）()「」]|(?<=[A-Za-z0-9]) (?=[A-Za-z0-9])){1,22})"
)
NOUN_CJK = Late(
    "(?:" + "|".join(sorted(map(re.escape, lexicon.NOUNS_CJK), key=len, reverse=True)) + ")"
    r"(?![站厂廠间間道位库庫展])"
)
_VEHICLE = Late(
    (
        "車|车|EV|トヨタ|ホンダ|日産|销量|銷量|交付|リコール|汽車|汽车|販売台数|比亚迪|特斯拉"
        "|テスラ|toyota"
    ),
    re.IGNORECASE,
)
_SERVER = Late(r"サーバー|服务器|伺服器")
_BEFORE = Late(
    "(?:"
    + "|".join(sorted(map(re.escape, lexicon.MEASURES_BEFORE), key=len, reverse=True))
    + r")(?![A-Za-z])[^。.;；、,，]{0,26}$",
    re.IGNORECASE,
)
INDEX = Late(
    (
        r"日経平均|日经|恒指|恒生|指数|指數|Nikkei|Dow\b|S&P 500|Nasdaq|Hang Seng|FTSE|TOPIX"
        "|道指|上证|沪指|加權|index|KOSPI|ナスダック|ダウ"
    ),
    re.IGNORECASE,
)
_SIZED_AFTER = Late(
    "[- ]?(?:(?P<p>(?:dense |base |instruct |open |language |chat |reasoning )?(?:model"
    r"|parameter|param|LLM)s?\b|模型|参数|參數|モデル|パラメータ|級|级|规模|規模|版|大模型)"
    r"|(?P<t>context|tokens?\b|window|上下文|トークン|コンテキスト|の?文脈|token))",
    re.IGNORECASE,
)
_CONTEXT_LEFT = Late(r"(?:上下文|コンテキスト|context)[^。.]{0,12}[\d.]+[kK]$", re.IGNORECASE)
_SETTING = Late(
    (
        "(?:size|length|dimension|batch|window|steps?|epochs?|layers?|heads?|temperature"
        "|サイズ|長|系列長|次元数?|ステップ数?|バッチ|大小|長度|长度|维度|維度|层数|層數|步数"
        r"|score|得分|スコア)\s?(?:of|is|was|=|:|：|は|が|を|为|為|是)? ?$"
    ),
    re.IGNORECASE,
)

# --- names with a number apart -----------------------------------------------------------------

_PRODUCTS = frozenset(
    "iphone ipad ipados llama gemini claude gpt cuda windows android ios macos galaxy "
    "pixel chapter building room version ver v section article figure fig part phase "
    "level boeing airbus route highway apollo falcon series type class mark nikkei russell "
    "ftse csi dax cac topix stoxx kospi nasdaq fortune playstation ps xbox wi-fi "
    "wifi usb hdmi bluetooth pcie python java group gate euro web industry agenda vision "
    "formula studio channel under world war pro max plus mini ultra model gen "
    "generation tier zone platform flight line unit page volume issue step lesson day "
    "stage title clause grade top euro-ncap qwen mistral deepseek grok core ryzen "
    "snapdragon dimensity tesla cybertruck exynos note watch airpods surface covid apple "
    "s&p500 ".split()
)
_FUNCTION = frozenset(
    "in on by about the a an at of for to from with over under nearly roughly around some "
    "only just and or but as it its they he she we i that this these those with "
    "after before since until between among more less than up down all both each every "
    "another other than is was are were has had have will would could may might says "
    "said if when while where who total another yes".split()
)


def product(word: str) -> bool:
    """Whether a number after the word always names one of a kind: iPhone 16, S&P 500."""
    return (word.lower().rstrip(".") in _PRODUCTS and word != "under") or word.endswith("&P")


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
        return Counted(_NOUNS.get(joined[1], "count"), joined[1])
    found = _NEXT_WORDS.match(t, end)
    while found is not None:
        middle, last = found[1].split(), found[2]
        if any(w.lower() in _STOP for w in (*middle, last)):
            if not middle:
                return None
            break
        unit = _NOUNS.get(last) or _NOUNS.get(last.lower())
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
    if letter in "kK" and _CONTEXT_LEFT.search(t, max(0, end - 40), end):
        return "token"
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


_STATES_LEFT = Late(
    r"(?:[はがを是为為]|答え|\b(?:is|equals|=))\s?(?:マイナス|[負负]|minus |negative |-)?\s?$"
)
_STATES_RIGHT = Late(
    r"(?:です|だ|で(?=す|あ|は|、|もな)|[。，、；.?!]|\s*$|不是|而是|那是|这是|,| and\b| or\b)"
)
_SURE_RIGHT = Late(r"(?:で(?:す|ある)(?:[。、]|$)|ではな)")
_DEFINED_RIGHT = Late(r"は|が(?=[^、])")


def states(t: str, start: int, end: int) -> bool:
    """Whether a bare number is the value that a sentence states (答えは五です), or its subject
    (3は奇数です)."""
    if _STATES_LEFT.search(t, max(0, start - 14), start):
        return _STATES_RIGHT.match(t, end) is not None
    if _SURE_RIGHT.match(t, end) and t[start - 1 : start] in ("、", "，"):
        return True
    return not t[:start].strip() and _DEFINED_RIGHT.match(t, end) is not None


def setting(t: str, start: int) -> bool:
    """Whether the words before a bare number make it a setting or a score: batch size 2048."""
    return _SETTING.search(t, max(0, start - 24), start) is not None


_SURE_CLASSIFIERS = frozenset(["person", "company", "household"])


def counted_cjk(t: str, end: int, unit: str, left: str) -> tuple[str, str]:
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
        named = unit if noun is None else lexicon.NOUNS_CJK[noun[0]]
        if noun is not None and (unit not in _SURE_CLASSIFIERS or named == "store"):
            return named, window[1][: noun.end()]
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
    for found in NOUN_CJK.finditer(window):
        if (
            noun is None
            or found.start() == noun.end()
            or window[noun.end() : found.start()].isascii()
        ):
            noun = found
    return noun


def counted_bare(t: str, start: int, end: int, left: str) -> tuple[str, str]:
    letter = t[end - 1 : end]
    if letter in "KkMmBbTt" and letter.isalpha() and (size := sized(t, end, letter)):
        return size, ""
    noun = counted(t, end)
    if noun is not None:
        return noun
    cjk = NOUN_CJK.match(t, end) or NOUN_CJK.match(t, end + 1)
    if cjk is not None and t[end : end + 1] != "的":
        return lexicon.NOUNS_CJK[cjk[0]], cjk[0]
    grade = re.compile(r"(?:级|級|等级|等級|级别|級別)的?").match(t, end)
    if grade is not None:
        noun_cjk = NOUN_CJK.match(t, grade.end())
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
        if INDEX.search(t[max(0, start - 60) : start]) or re.search(r"scored? $", left)
        else ""
    ), ""
