"""Figures in the words of four languages; what is said is found again as the same figure.

No digit is ever lost: a magnitude word is used only where the rest is short, so 6.3e12 is "6.3
trillion" and 6.3兆, but 8,192 stays 8,192.
"""

import re
from decimal import Decimal

from bot.facts import Figure, Lang
from bot.figures import units

# unit: en singular|plural, ja, zh-Hans, zh-Hant; what stands after the number. A number before it
# is separated by a blank in English.
_ROWS = """
chip: chip|chips; 個のチップ; 枚芯片; 顆晶片
token: token|tokens; トークン; 个token; 個token
parameter: parameter|parameters; パラメータ; 参数; 參數
page: page|pages; ページ; 页; 頁
person: person|people; 人; 人; 人
company: company|companies; 社; 家公司; 家公司
country: country|countries; カ国; 个国家; 個國家
household: household|households; 世帯; 户; 戶
vehicle: vehicle|vehicles; 台の車; 辆; 輛
device: device|devices; 台; 台; 台
server: server|servers; 台のサーバー; 台服务器; 台伺服器
satellite: satellite|satellites; 基の衛星; 颗卫星; 顆衛星
store: store|stores; 店舗; 家门店; 家門市
share: share|shares; 株; 股; 股
case: case|cases; 件; 件; 件
model: model|models; 個のモデル; 个模型; 個模型
image: image|images; 枚の画像; 张图片; 張圖片
word: word|words; 語; 个单词; 個單詞
language: language|languages; 言語; 种语言; 種語言
datacenter: datacenter|datacenters; カ所のデータセンター; 座数据中心; 座資料中心
point: point|points; 点; 点; 點
%: %|%; %; %; %
‰: ‰|‰; ‰; ‰; ‰
pp: percentage point|percentage points; ポイント; 个百分点; 個百分點
bp: basis point|basis points; ベーシスポイント; 个基点; 個基點
x: times|times; 倍; 倍; 倍
year: year|years; 年間; 年; 年
month: month|months; カ月; 个月; 個月
week: week|weeks; 週間; 周; 週
day: day|days; 日間; 天; 天
hour: hour|hours; 時間; 小时; 小時
minute: minute|minutes; 分間; 分钟; 分鐘
s: second|seconds; 秒; 秒; 秒
ms: ms|ms; ミリ秒; 毫秒; 毫秒
quarter: quarter|quarters; 四半期; 个季度; 個季度
decade: decade|decades; ; ;
century: century|centuries; 世紀; 个世纪; 個世紀
nm: nm|nm; ナノメートル; 纳米; 奈米
mm: mm|mm; ミリメートル; 毫米; 公釐
cm: cm|cm; センチメートル; 厘米; 公分
m: meter|meters; メートル; 米; 公尺
km: km|km; キロメートル; 公里; 公里
ft: foot|feet; フィート; 英尺; 英尺
inch: inch|inches; インチ; 英寸; 英吋
mile: mile|miles; マイル; 英里; 英里
m2: square meters|square meters; 平方メートル; 平方米; 平方公尺
km2: square kilometers|square kilometers; 平方キロメートル; 平方公里; 平方公里
ha: hectare|hectares; ヘクタール; 公顷; 公頃
acre: acre|acres; エーカー; 英亩; 英畝
mu: ; ; 亩; 畝
坪: ; 坪; 坪; 坪
m3: cubic meters|cubic meters; 立方メートル; 立方米; 立方公尺
L: liter|liters; リットル; 升; 公升
barrel: barrel|barrels; バレル; 桶; 桶
gallon: gallon|gallons; ガロン; 加仑; 加侖
t: ton|tons; トン; 吨; 公噸
kg: kg|kg; キログラム; 公斤; 公斤
g: gram|grams; グラム; 克; 公克
oz: ounce|ounces; オンス; 盎司; 盎司
km/h: km/h|km/h; km/h; km/h; km/h
°C: °C|°C; ℃; 摄氏度; 攝氏度
°F: °F|°F; ℉; 华氏度; 華氏度
kW: kW|kW; キロワット; 千瓦; 千瓦
MW: MW|MW; メガワット; 兆瓦; MW
GW: GW|GW; ギガワット; 吉瓦; GW
W: watt|watts; ワット; 瓦; 瓦
kWh: kWh|kWh; キロワット時; 千瓦时; 千瓦時
"""
_WORDS: dict[str, tuple[str, str, str, str]] = {}
for _line in _ROWS.strip().splitlines():
    _unit, _, _rest = _line.partition(": ")
    _en, _ja, _hans, _hant = (part.strip() for part in f"{_rest};;;".split(";")[:4])
    _WORDS[_unit] = (_en, _ja, _hans, _hant)
_COLUMN: dict[Lang, int] = {"en": 0, "ja": 1, "zh-Hans": 2, "zh-Hant": 3}

# currency: sign before (en); word after in en where there is no sign, ja, zh-Hans, zh-Hant.
_MONEY_ROWS = """
USD: $; ; ドル; 美元; 美元
HKD: HK$; ; 香港ドル; 港元; 港元
TWD: NT$; ; 台湾ドル; 新台币; 新台幣
AUD: A$; ; 豪ドル; 澳元; 澳元
CAD: C$; ; カナダドル; 加元; 加元
SGD: S$; ; シンガポールドル; 新加坡元; 新加坡元
EUR: €; ; ユーロ; 欧元; 歐元
GBP: £; ; ポンド; 英镑; 英鎊
JPY: ; yen; 円; 日元; 日圓
CNY: ; yuan; 人民元; 元人民币; 元人民幣
KRW: ; won; ウォン; 韩元; 韓元
INR: ₹; ; ルピー; 卢比; 盧比
CHF: ; Swiss francs; スイスフラン; 瑞士法郎; 瑞士法郎
RUB: ; rubles; ルーブル; 卢布; 盧布
THB: ; baht; バーツ; 泰铢; 泰銖
VND: ; dong; ドン; 越南盾; 越南盾
IDR: ; rupiah; ルピア; 印尼盾; 印尼盾
BRL: R$; ; レアル; 雷亚尔; 雷亞爾
MXN: ; Mexican pesos; メキシコペソ; 墨西哥比索; 墨西哥披索
TRY: ; lira; トルコリラ; 土耳其里拉; 土耳其里拉
SEK: ; Swedish kronor; スウェーデンクローナ; 瑞典克朗; 瑞典克朗
NOK: ; Norwegian kroner; ノルウェークローネ; 挪威克朗; 挪威克朗
DKK: ; Danish kroner; デンマーククローネ; 丹麦克朗; 丹麥克朗
BTC: ; bitcoins; ビットコイン; 比特币; 比特幣
MYR: ; ringgit; リンギット; 林吉特; 令吉
"""
_MONEY: dict[str, tuple[str, ...]] = {}
for _line in _MONEY_ROWS.strip().splitlines():
    _unit, _, _rest = _line.partition(": ")
    _MONEY[_unit] = tuple(part.strip() for part in _rest.split(";"))

_ENGLISH = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"))
_CJK: dict[Lang, tuple[tuple[int, str], ...]] = {
    "ja": ((10**12, "兆"), (10**8, "億"), (10**4, "万")),
    "zh-Hans": ((10**12, "万亿"), (10**8, "亿"), (10**4, "万")),
    "zh-Hant": ((10**12, "兆"), (10**8, "億"), (10**4, "萬")),
}
SHORT = 4  # digits after the point that a magnitude word may leave, so that none is lost

_HEDGES: dict[str, tuple[str, str, str, str]] = {
    "approx": ("about {}", "約{}", "约{}", "約{}"),
    "near": ("nearly {}", "{}近く", "近{}", "近{}"),
    "over": ("more than {}", "{}超", "超{}", "逾{}"),
    "atleast": ("at least {}", "{}以上", "至少{}", "至少{}"),
    "under": ("less than {}", "{}未満", "不到{}", "不到{}"),
    "upto": ("up to {}", "最大{}", "最多{}", "最多{}"),
}
_CHANGES = {
    "up": ("up {}", "{}増", "增长{}", "增長{}"),
    "down": ("down {}", "{}減", "下降{}", "下降{}"),
}
_PERS: dict[str, tuple[str, str, str, str]] = {
    "month": ("{} per month", "月額{}", "每月{}", "每月{}"),
    "year": ("{} per year", "年間{}", "每年{}", "每年{}"),
    "day": ("{} per day", "1日当たり{}", "每天{}", "每天{}"),
    "week": ("{} per week", "1週当たり{}", "每周{}", "每週{}"),
    "hour": ("{} per hour", "1時間当たり{}", "每小时{}", "每小時{}"),
    "share": ("{} per share", "1株当たり{}", "每股{}", "每股{}"),
    "barrel": ("{} per barrel", "1バレル当たり{}", "每桶{}", "每桶{}"),
    "oz": ("{} per ounce", "1オンス当たり{}", "每盎司{}", "每盎司{}"),
    "t": ("{} per ton", "1トン当たり{}", "每吨{}", "每噸{}"),
    "person": ("{} per person", "1人当たり{}", "每人{}", "每人{}"),
}
_TENS = {
    "en": ("", "tens of", "hundreds of"),
    "ja": ("数", "数十", "数百"),
    "zh-Hans": ("数", "数十", "数百"),
    "zh-Hant": ("數", "數十", "數百"),
}


def say(figure: Figure, lang: Lang) -> str:
    """The figure in the words of `lang` (en, ja, zh-Hans, zh-Hant): number, unit, hedge, direction
    and rate. Where a language has no word for a unit, its symbol stands."""
    if figure.qualifier == "vague" and (vague := _vague(figure, lang)):
        return vague
    column = _COLUMN[lang]
    said = _amount(figure, lang)
    if figure.qualifier in _HEDGES:
        said = _hedged(said, _HEDGES[figure.qualifier][column], lang)
    if figure.per in _PERS:
        rate = _PERS[figure.per][column]
        if units.dimension(figure.unit) != "money":
            rate = rate.replace("月額", "月間")  # 額 is of money
        said = rate.format(said)
    if figure.change is not None and units.dimension(figure.unit) != "time":
        said = _CHANGES[figure.change][column].format(said)
    return said


def _hedged(said: str, hedge: str, lang: Lang) -> str:
    """A hedge behind a Japanese number goes before its noun: 2個以上のチップ."""
    counted, of, noun = said.partition("の")
    if lang == "ja" and hedge.startswith("{}") and of:
        return hedge.format(counted) + of + noun
    return hedge.format(said)


def _amount(figure: Figure, lang: Lang) -> str:
    """Number and unit, of a range both ends."""
    low, high = figure.value, figure.value_max
    if figure.unit == "ratio":
        return _ratio(figure)
    if figure.kind == "fraction" and high is None:
        if share := _share(low, lang):
            return share
        low = low.quantize(Decimal("0.01"))
    number = _number(low, lang) if high is None else _span(low, high, lang)
    if units.dimension(figure.unit) == "money":
        return _money(number, figure.unit, lang)
    return _counted(number, figure, lang, one=high is None and abs(low) == 1)


# Shares by hundredths of a percent: en, ja, zh-Hans, zh-Hant.
_SHARES = {
    5000: ("half", "半分", "一半", "一半"),
    3333: ("a third", "3分の1", "三分之一", "三分之一"),
    6667: ("two-thirds", "3分の2", "三分之二", "三分之二"),
    2500: ("a quarter", "4分の1", "四分之一", "四分之一"),
    7500: ("three-quarters", "4分の3", "四分之三", "四分之三"),
}
_TENTHS = "〇一二三四五六七八九"


def _share(percent: Decimal, lang: Lang) -> str:
    """A share in words where it has plain ones: a third, 7割, 七成; else "" (English: 70%)."""
    words = _SHARES.get(int((percent * 100).to_integral_value()))
    if words is not None:
        return words[_COLUMN[lang]]
    tenths, rest = divmod(percent, 10)
    if rest or not 0 < tenths < 10 or lang == "en":
        return ""
    return f"{tenths:f}割" if lang == "ja" else f"{_TENTHS[int(tenths)]}成"


def _ratio(figure: Figure) -> str:
    found = re.search(r"(\d+(?:\.\d+)?)\D{1,3}(\d+(?:\.\d+)?)", figure.quote.exact)
    return f"{found[1]}:{found[2]}" if found else f"{figure.value:f}:1"


def _span(low: Decimal, high: Decimal, lang: Lang) -> str:
    """Both ends; a magnitude that both have is written once where that loses nothing."""
    one, other = _number(low, lang), _number(high, lang)
    return (
        f"{one}–{other}"
        if lang == "en"
        else f"{one}〜{other}"
        if lang == "ja"
        else f"{one}至{other}"
    )


def _money(number: str, unit: str, lang: Lang) -> str:
    words = _MONEY.get(unit, ("", unit, unit, unit, unit))
    if lang == "en":
        if not words[0]:
            return f"{number} {words[1]}"
        minus = "-" if number.startswith("-") else ""
        ends = [f"{words[0]}{end}" for end in number.removeprefix("-").split("–")]
        return minus + "–".join(ends)
    return number + words[1 + _COLUMN[lang]] if unit in _MONEY else f"{number} {unit}"


def _counted(number: str, figure: Figure, lang: Lang, *, one: bool) -> str:
    unit = figure.unit
    if unit in ("", "count"):
        return _named(number, figure, lang)
    words = _WORDS.get(unit)
    if words is None or not words[_COLUMN[lang]]:
        return f"{number} {unit}" if unit[:1].isascii() else number + unit
    if lang != "en":
        return number + _with_name(words[_COLUMN[lang]], figure, unit)
    singular, _, plural = words[0].partition("|")
    word = singular if one else plural
    if unit in ("%", "‰", "°C", "°F"):
        return number + word
    name = _latin_name(figure)
    return f"{number} {name} {word}" if name and unit == "chip" else f"{number} {word}"


def _with_name(words: str, figure: Figure, unit: str) -> str:
    """8,192個のTPUv4チップ: the model's name goes before the noun of the unit."""
    name = _latin_name(figure)
    if not name or unit != "chip":
        return words
    noun = next(n for n in ("チップ", "芯片", "晶片") if n in words)
    return words.replace(noun, f"{name}{noun}")


def _latin_name(figure: Figure) -> str:
    """The name with digits among the counted words, equal in every language: TPUv4, H100."""
    found = re.findall(r"[A-Za-z][A-Za-z0-9-]*\d[A-Za-z0-9-]*", figure.counts)
    return found[0].removesuffix("s") if found else ""


def _named(number: str, figure: Figure, lang: Lang) -> str:
    """A count of something without a unit: the counted noun where it is in the language."""
    noun = figure.counts
    if not noun or (lang == "en") != noun.isascii():
        return number
    return f"{number} {noun}" if lang == "en" else number


def _vague(figure: Figure, lang: Lang) -> str:
    """Hundreds of millions of dollars, 数億ドル: only the order of magnitude was said."""
    value = figure.value
    if value <= 1 or value.normalize().as_tuple().digits != (1,):
        return ""
    power = value.adjusted()
    if lang == "en":
        return _vague_english(figure, power)
    steps = ((12, _CJK[lang][0][1]), (8, _CJK[lang][1][1]), (4, _CJK[lang][2][1]), (0, ""))
    base, word = next((p, w) for p, w in steps if power >= p)
    rest = power - base
    if (rest == 0 and not word) or rest > 3:
        return ""
    few = _TENS[lang][0] + ("", "十", "百", "千")[rest]
    number = few + word
    if units.dimension(figure.unit) == "money":
        return _money(number, figure.unit, lang)
    return number + _counted("", figure, lang, one=False)


def _vague_english(figure: Figure, power: int) -> str:
    scale = {3: "thousands", 6: "millions", 9: "billions", 12: "trillions"}.get(power - power % 3)
    if power == 2:
        words = "hundreds"
    elif scale is None or power > 14:
        return ""
    else:
        words = f"{_TENS['en'][power % 3]} {scale}".strip()
    if units.dimension(figure.unit) == "money":
        names = {
            "USD": "dollars",
            "EUR": "euros",
            "GBP": "pounds sterling",
            "HKD": "Hong Kong dollars",
            "TWD": "Taiwan dollars",
        }
        word = names.get(figure.unit) or (
            _MONEY.get(figure.unit, ("", figure.unit))[1] or figure.unit
        )
        return f"{words} of {word}"
    noun = _counted("", figure, "en", one=False).strip()
    return f"{words} of {noun}" if noun else words


# --- numbers -----------------------------------------------------------------------------------


def _number(value: Decimal, lang: Lang) -> str:
    """A number with the largest magnitude word that leaves few digits after the point."""
    steps = _ENGLISH if lang == "en" else _CJK[lang]
    for size, word in steps:
        if abs(value) < size:
            continue
        part = (value / size).normalize()
        digits = -min(0, _exponent(part))
        if digits <= (2 if size == 10**4 else SHORT) and abs(part) < 100_000:
            return f"{_plain(part)} {word}" if lang == "en" else f"{_plain(part)}{word}"
        break
    return _plain(value)


def _exponent(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int)
    return exponent


def _plain(value: Decimal) -> str:
    normal = value.normalize()
    return f"{normal:,f}" if normal else "0"
