"""Whether a number with what stands beside it states a quantity, or is a name, a year, an idiom."""

import re

from bot.facts import Lang
from bot.figures import lexicon, numerals, things, units
from bot.figures.atoms import Atom
from bot.figures.patterns import Late

_WORD_LEFT = Late(r"([A-Za-z][\w.&'-]*)\s$")
_INDEX_LEFT = Late(
    "(?:沪深|科创|上证|中证|富时|標普|标普|標準普爾|标准普尔|日経平均?|日经|恒生|深证"
    "|创业板|纳斯达克|那斯達克|創業板|滬深|台灣|臺灣|ナスダック|ラッセル|ダウ|房间号"
    r"|房間號|部屋番号|号码|號碼|编号|編號|番号)\s?$"
)
_NAME_RIGHT = Late(
    r"\s?(?:大樓|大楼|号線|號線|号线|号楼|號館|号機|號機|号室|號|号|番街|番地|丁目|系列?|型"
    "|式|形(?!式)|級生|年生|年级|年級|期生"
    r"|代目|世代|次元|拍子|角形|級片|强(?!的)|強(?=企業|企业)|区(?!域)|線(?!路))"
)
_SMALL_UNITS = frozenset(  # after one kanji they make words, not counts: 四方, 七夕, 三国
    "点 回 次 度 本 号 方 分 区 級 级 国 口 部 品 門 门 手 条 角 面 边".split()
)
_BOUND_RIGHT = Late(
    "以上|以下|以内|以內|未満|未满|未滿|くらい|ぐらい|程度|超え|より[大小多少高低]"
    "|或者(?:以上|更多)|の間|之[间間]"
)
_BOUND_LEFT = Late(
    "(?:[超高]过了?|超過了?|最大|最小|最多|至少|少なくとも|[大小高低多少]于|[大小高低多少]於)"
    r"(?:[がはで是为為有]|等[于於])?$|等[于於]$|イコール$|\b(?:than|under|below|equal to|equals) $"
)
_BOUND_END = Late(r"[而且并並但、，。,.;；?！!的]|の(?!間)|$| (?:and|or|but)\b")
_LIMIT_RIGHT = Late("より[大小多少高低]|未[満满滿]|以[上下]")
_LIMIT_LEFT = Late(
    r"[大小等][于於]$|\b(?:less|more|fewer|greater|larger) than $|\b(?:below|under) $|\bequals? (?:to )?$"
)
_RANGED = Late(
    r"(?:\brange(?: is| of)?|範囲[がは]?|范围[是为]?|範圍[是為]?)\s?(?:[\d,.]{1,9}[kKmM]?\s?(?:[-–~]|から|到|至)\s?)?$"
)
_FIRST_OF_RANGE = Late(r"(?:から|~|〜|至|到)\s?[\d二三四五六七八九十百]{1,4}\D{1,2}(?:まで|的|以)")
_MORE_RIGHT = Late("[多余餘](?:[，。、]|$)")
_EACH = Late(r"当たり|あたり|につき|＝|=|の(?:価格|値段|料金)")
_MYRIADS = frozenset("万萬億亿兆京")
_DECIMAL = Late("[点點][〇零一二三四五六七八九]")
_TIED_LEFT = Late(r"[\d)](?:-|–|/)$|[A-Za-z]$")
_TIED_RIGHT = Late(r"[-–/]\d")


def holds(
    t: str, atom: Atom, number: numerals.Number, left: str, money: bool, lang: Lang | None
) -> bool:
    """Whether an atom states a quantity."""
    if number.value == 1 and _EACH.match(t, atom.end) and not money:
        return False
    if money or atom.unit in ("%", "pp", "bp", "x"):
        return True
    if left.endswith("第"):
        return False
    if not number.digits:
        return _kanji_holds(t, atom, number)
    after = t[atom.end : atom.end + 1]
    if atom.bare:
        return _bare_holds(t, atom, number, left, lang)
    if (
        after.isascii()
        and after.isalpha()
        and t[atom.end - 1 : atom.end].isascii()
        and t[atom.end - 1].isalpha()
    ):
        return False
    if atom.unit == "point" and re.match(r"[点點]", t[number.end : number.end + 1]):
        return not re.match(r"(?:钟|鐘|半|\d{1,2}分)", t[atom.end : atom.end + 3])
    behind = number.end if atom.classifier else atom.end
    return not _NAME_RIGHT.match(t, behind) or atom.unit not in ("", "count")


def _kanji_holds(t: str, atom: Atom, number: numerals.Number) -> bool:
    """A number in kanji needs a magnitude or a counter, and 一 before a counter is an article."""
    word = t[number.start : number.end]
    if word in _MYRIADS and atom.bare:
        return False
    if (number.scaled and number.value >= 10000) or number.hedge == "vague":
        return True
    if atom.bare:
        more = len(word) > 2 or _MORE_RIGHT.match(t, atom.end) is not None
        long = (number.value >= 100 and more) or _DECIMAL.search(word) is not None
        return long or things.states(t, atom.start, atom.end) or _bounded(t, atom, number)
    if number.value == 1 == atom.value and not _BOUND_RIGHT.match(t, atom.end):
        if atom.classifier and _FIRST_OF_RANGE.match(t, atom.end):
            return True
        dimension = units.dimension(atom.unit)
        return dimension == "mass" or (dimension == "money" and atom.end - number.end > 1)
    unit = t[number.end : number.end + 1]
    if len(word) == 1 and unit in _SMALL_UNITS and word not in "两兩":
        return unit in ("個", "个", "元") or things.NOUN_CJK.match(t, atom.end) is not None
    return True


def _bounded(t: str, atom: Atom, number: numerals.Number) -> bool:
    """Whether a bare number has a bound beside it: 五百以上, 超过一千, 3以下."""
    if _BOUND_RIGHT.match(t, atom.end):
        return number.digits or number.value >= 10
    left = t[max(0, atom.start - 10) : atom.start]
    return bool(_BOUND_LEFT.search(left)) and (
        number.digits or (number.value >= 10 and _BOUND_END.match(t, atom.end) is not None)
    )


def _bare_holds(t: str, atom: Atom, number: numerals.Number, left: str, lang: Lang | None) -> bool:
    """Whether digits without a unit beside them are a figure and not a year, a name or a label."""
    after = t[atom.end : atom.end + 1]
    if after.isascii() and after.isalpha():
        return False
    if atom.scaled or number.hedge:
        return True
    word = _WORD_LEFT.search(left)
    if (
        _NAME_RIGHT.match(t, atom.end)
        or _INDEX_LEFT.search(left)
        or (t[atom.end : atom.end + 1] == "室" and (lang or "").startswith("zh"))
        or (word is not None and things.product(word[1]))
    ):
        return False
    return things.counted(t, atom.end) is not None or _stands_free(t, atom, number, left, word)


def _stands_free(
    t: str, atom: Atom, number: numerals.Number, left: str, word: "re.Match[str] | None"
) -> bool:
    """Whether nothing ties bare digits to a year, a name or another number."""
    plain = t[number.start : number.end]
    tied = (
        _is_year(plain, t, atom)
        or (
            word is not None
            and word[1] not in lexicon.MONEY_LATIN
            and things.names(word[1], left[: word.start()], plain)
        )
        or (
            (_TIED_LEFT.search(left) or _TIED_RIGHT.match(t, atom.end)) and not _RANGED.search(left)
        )
    )
    return not tied and (
        len(plain) > 1
        or atom.start < number.start
        or things.setting(t, number.start)
        or things.states(t, number.start, atom.end)
        or _bounded(t, atom, number)
    )


def _is_year(plain: str, t: str, atom: Atom) -> bool:
    return (
        len(plain) == 4
        and plain.isdecimal()
        and 1500 <= int(plain) <= 2100
        and not things.setting(t, atom.start)
        and not _RANGED.search(t, max(0, atom.start - 24), atom.start)
        and not _LIMIT_RIGHT.match(t, atom.end)
        and not _LIMIT_LEFT.search(t, max(0, atom.start - 10), atom.start)
    )
