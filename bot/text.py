"""Text without meaning: sentences, languages, search tokens, hidden and active characters.

Spans are half-open pairs of code-point offsets into the text as given.
"""

import re
import unicodedata
from bisect import bisect_right

from bot.model import Lang

Span = tuple[int, int]

HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
KANA = "\u3041-\u309f\u30a1-\u30ff\u31f0-\u31ff\uff66-\uff9f"
HANGUL = "\u1100-\u11ff\uac00-\ud7af"
CJK = HAN + KANA + HANGUL

# Characters that only one of the written forms uses, commonest first. Japanese ones are those
# simplified in Japan alone; they tell a headline without kana from Chinese.
SIMPLIFIED = frozenset(
    "们这国发会来时个为进过对动学问题间长开关门东车马见观说话语请让认识计许论设访证评词译试该详误"
    "读谁调谈谢变边达运还远连选适迁钱铁银钢错键镇闻闭队阳阴陈陆险随难电页项顺须顾预领频颜额风飞饭"
    "馆驱验驾亿万与从应业产区据数实体点总经级给统约线组织结终续维紧网资质费贸货购赛赢输轮软转较"
    "轻载辆农决况冲减创别剧办务劳势医华协单卖历压厂厅县参双号员响团围图圆报场块坏坚声处备头夺奖妇"
    "孙宁宝审宽层岁岛币师带帮广庆库庞废异张弹强归录彻忆态怀愿户护担拟拥择挤挥损换摄摆权条极构标树"
    "样桥检楼欢残汇汉沟泽济浅测济浓润涨温满灭灵灾热爱牵独环现疗监盘矿码础确离种积称税稳竞笔签简粮"
    "纪纯纷纸细织绍绕绝绩绿编缩罗罚职联肃胜脑脸节艺苏药营蓝虑虽补装规视览觉触誉讨训议记讲诉诊诚诺"
)
TRADITIONAL = frozenset(
    "們這國發會來時個為進過對動學問題間長開關門東車馬見觀說話語請讓認識計許論設訪證評詞譯試該詳誤"
    "讀誰調談謝變邊達運還遠連選適遷錢鐵銀鋼錯鍵鎮聞閉隊陽陰陳陸險隨難電頁項順須顧預領頻顏額風飛飯"
    "館驅驗駕億萬與從應業產區據數實體點總經級給統約線組織結終續維緊網資質費貿貨購賽贏輸輪軟轉較"
    "輕載輛農決況衝減創別劇辦務勞勢醫華協單賣歷壓廠廳縣參雙號員響團圍圖圓報場塊壞堅聲處備頭奪獎婦"
    "孫寧寶審寬層歲島幣師帶幫廣慶庫龐廢異張彈強歸錄徹憶態懷願戶護擔擬擁擇擠揮損換攝擺權條極構標樹"
    "樣橋檢樓歡殘匯漢溝澤濟淺測濃潤漲溫滿滅靈災熱愛牽獨環現療監盤礦碼礎確離種積稱稅穩競筆簽簡糧"
    "紀純紛紙細紹繞絕績綠編縮羅罰職聯肅勝腦臉節藝蘇藥營藍慮雖補裝規視覽覺觸譽討訓議記講訴診誠諾臺灣"
)
JAPANESE = frozenset(
    "円売価発気沢広駅図対関経済戦労働権変総検険験応拡営単圧帰県戻桜渋続読釈鉄銭闘陥顔黒仏仮伝剤剰"
    "勧巻歩毎浜満焼獣畑畳穂窓竜粋縁縄繊聴脳臓芸荘薬蔵覚観訳譲豊転軽辺逓遅郷醸鋳錬隠雑霊顕駆騒鶏実"
    "択沿込枠働峠込払囲塁壱帯弾斉暁栄歓渓滝拝拠挙捜摂摩数斎暦様楽歯毒児処従徳恵悩悪戯拡"
) - frozenset("沿摩毒実数")

# Function words that tell the Latin-script languages apart; anything else of that script is "en".
_FUNCTION_WORDS: dict[Lang, frozenset[str]] = {
    "en": frozenset("the of and to in is for that with was on said has are".split()),
    "de": frozenset("der die und das den von mit ist auf für nicht ein eine".split()),
    "fr": frozenset("le la les des et du une est dans pour que sur au".split()),
    "es": frozenset("el los las del y una es en por con que para su".split()),
    "it": frozenset("il gli della di che per un una con del sono nel".split()),
    "pt": frozenset("o os as da do e uma em para com que não dos".split()),
    "nl": frozenset("de het een van en is op dat met voor niet zijn".split()),
}

_SCRIPT = {
    "han": re.compile(f"[{HAN}]"),
    "kana": re.compile(f"[{KANA}]"),
    "hangul": re.compile(f"[{HANGUL}]"),
    "latin": re.compile("[A-Za-z\u00c0-\u024f]"),
    "cyrillic": re.compile("[\u0400-\u04ff]"),
    "arabic": re.compile("[\u0600-\u06ff]"),
    "thai": re.compile("[\u0e00-\u0e7f]"),
    "hebrew": re.compile("[\u0590-\u05ff]"),
    "devanagari": re.compile("[\u0900-\u097f]"),
}
_SCRIPT_LANG = {"cyrillic": "ru", "arabic": "ar", "thai": "th", "hebrew": "he", "devanagari": "hi"}


def detect(text: str, prior: Lang | None = None) -> Lang:
    """The language of a text by its script, with the source's declared language as `prior`.

    >>> detect("電池の新工場を建設"), detect("电池新工厂建设"), detect("電池新廠動工興建")
    ('ja', 'zh-Hans', 'zh-Hant')
    >>> detect("電池新工場建設", prior="ja"), detect("Chips are in short supply"), detect("2024")
    ('ja', 'en', 'und')
    """
    counts = {name: len(pattern.findall(text)) for name, pattern in _SCRIPT.items()}
    # A Latin letter weighs less: one Han character is about a word's worth of three or four.
    weights = {**counts, "latin": counts["latin"] // 4, "han": counts["han"] + counts["kana"]}
    best = max(weights, key=lambda name: weights[name])
    if not any(counts.values()):
        return prior or "und"
    if best == "hangul":
        return "ko"
    if best in _SCRIPT_LANG:
        return prior if prior and best == "cyrillic" else _SCRIPT_LANG[best]
    if best == "latin" or weights["han"] == 0:
        return _latin(text, prior)
    return _cjk(text, counts, prior)


def _cjk(text: str, counts: dict[str, int], prior: Lang | None) -> Lang:
    if counts["kana"] * 10 >= counts["han"] and counts["kana"] > 0:
        return "ja"
    used = set(text)
    simplified = len(used & SIMPLIFIED)
    traditional = len(used & TRADITIONAL)
    japanese = len(used & JAPANESE)
    if japanese > max(simplified, traditional) or (prior == "ja" and simplified <= japanese):
        return "ja"
    if simplified != traditional:
        return "zh-Hans" if simplified > traditional else "zh-Hant"
    if prior and (prior.startswith("zh") or prior == "ja"):
        return {"zh": "zh-Hans", "zh-CN": "zh-Hans", "zh-TW": "zh-Hant", "zh-HK": "zh-Hant"}.get(
            prior, prior
        )
    return "zh-Hans"


def _latin(text: str, prior: Lang | None) -> Lang:
    words = re.findall(r"[a-z\u00df-\u00ff]+", text.lower())
    hits = {lang: sum(w in known for w in words) for lang, known in _FUNCTION_WORDS.items()}
    best = max(hits, key=lambda lang: (hits[lang], lang == (prior or "en")))
    cjk_prior = prior in ("ja", "ko") or (prior or "").startswith("zh")
    if hits[best] == 0:
        return "en" if prior is None or cjk_prior else prior
    return best


# --- sentences ---------------------------------------------------------------------------------

_CLOSERS = "」』”’\"')）】》〉］\\]"
_END = re.compile(
    rf"[。！？!?｡]+[{_CLOSERS}]*"  # enders of CJK, and ! ? of all
    rf"|(?<=[^\s.])\.+[{_CLOSERS}]*(?=\s|$|[{CJK}])"  # a full stop before space, end or CJK
    r"|\n+"
)
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\"'“‘])(?:[A-Z]|[A-Z]\.[A-Z]|Mr|Mrs|Ms|Dr|Prof|St|Sr|Jr|Inc|Corp|Co|Ltd|No|vs|approx|Gen|Sen|Rep"
    r"|Gov|Sgt|Lt|Col|e\.g|i\.e|etc|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|[a-z]\.[a-z])$"
)


def sentences(text: str) -> tuple[Span, ...]:
    """Spans of the sentences of a text, in order, without surrounding blanks; a line break ends
    one, and an ender inside brackets takes its closing bracket along.

    >>> t = "「上がった。」と述べた。 It rose 3.2%. Mr. Ito left."
    >>> [t[a:b] for a, b in sentences(t)]
    ['「上がった。」', 'と述べた。', 'It rose 3.2%.', 'Mr. Ito left.']
    """
    spans, start = [], 0
    for match in _END.finditer(text):
        if match.group()[0] == "." and _ABBREVIATION.search(
            text, max(0, match.start() - 12), match.start()
        ):
            continue
        spans.append((start, match.end()))
        start = match.end()
    spans.append((start, len(text)))
    return tuple(stripped for span in spans if (stripped := _strip(text, span)) is not None)


def _strip(text: str, span: Span) -> Span | None:
    piece = text[span[0] : span[1]]
    left = len(piece) - len(piece.lstrip())
    body = piece.strip()
    return (span[0] + left, span[0] + left + len(body)) if re.search(r"\w", body) else None


def sentence_at(spans: tuple[Span, ...], offset: int) -> Span | None:
    """The one of the ordered `spans` that covers `offset`, if any."""
    index = bisect_right(spans, (offset, 1 << 60)) - 1
    return spans[index] if index >= 0 and spans[index][0] <= offset < spans[index][1] else None


# --- search and comparison ---------------------------------------------------------------------

_COMMA = re.compile(r"(?<=\d),(?=\d{3})")
_WORD = re.compile(rf"[{CJK}]+|[^\W_]+(?:[.'’-][^\W_]+)*")
_IS_CJK = re.compile(f"[{CJK}]")
_CJK_OR_NOT = re.compile(rf"[{CJK}]+|[^{CJK}]+")


def tokens(text: str) -> list[str]:
    """Search tokens, in order: words and numbers in lower case, and of each run of CJK all pairs
    of neighbours plus the last character, so that any substring of two or more can be found.

    >>> tokens("TPUv4チップ 8,192枚")
    ['tpuv4', 'チッ', 'ップ', 'プ', '8192', '枚']
    """
    folded = _COMMA.sub("", unicodedata.normalize("NFKC", text)).lower()
    found: list[str] = []
    for word in _WORD.findall(folded):
        for run in _CJK_OR_NOT.findall(word):
            if _IS_CJK.match(run):
                found.extend(run[i : i + 2] for i in range(len(run) - 1))
                found.append(run[-1])
            else:
                found.append(run)
    return found


def fold(text: str) -> str:
    """Text for comparing what people type: NFKC, lower case, blanks collapsed.

    >>> fold("ＡＩ　 Chips")
    'ai chips'
    """
    return " ".join(unicodedata.normalize("NFKC", text).lower().split())


def shingles(text: str, n: int = 4) -> frozenset[str]:
    """The character n-grams of a text's letters and digits, for near-duplicate comparison."""
    letters = "".join(re.findall(r"[^\W_]", unicodedata.normalize("NFKC", text).lower()))
    return frozenset(letters[i : i + n] for i in range(max(1, len(letters) - n + 1)))


# --- quotations and hidden characters ----------------------------------------------------------

_HIDDEN = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f"  # control characters
    "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"  # invisible
    "\ufff9-\ufffb\U000e0000-\U000e007f]"  # annotation marks, tag characters
)


def clean(text: str) -> str:
    """The text without characters that a reader cannot see: they hide instructions and break
    comparisons. Line breaks and tabs stay; line ends become ``\\n``.

    >>> clean("a\\u200bb\\r\\nc")
    'ab\\nc'
    """
    if text.isprintable():  # most lines; neither hidden characters nor line ends are printable
        return text
    return _HIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def width(text: str) -> int:
    """Columns that a text takes in a terminal: East Asian wide and full-width count two, combining
    marks none (Unicode Standard Annex 11)."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def quoted(sentence: str) -> str:
    """A sentence in quotation marks, unless it has its own.

    >>> quoted("It rose."), quoted("「上がった。」")
    ('“It rose.”', '「上がった。」')
    """
    return sentence if sentence[:1] in '“「『"‘' and sentence else f"“{sentence}”"


_ACTIVE = re.compile(
    r"(?<=@)(?=\w)|(?<=(?<![\w/:.])/)(?=[a-z]\w*)"
    r"|(?<=[a-z0-9])(?=\.(?:com|net|org|info|io|co|cn|jp|tw|hk|ru|xyz|top|ly|me|app|dev|site|club)\b)",
    re.IGNORECASE,
)


def defused(text: str) -> str:
    """A source's text in which no chat finds a mention, a command or an address to link: a word
    joiner (U+2060) that nobody sees stands where one would begin.

    >>> defused("ask @scam, see evil.com") == "ask @\u2060scam, see evil\u2060.com"
    True
    """
    return _ACTIVE.sub("\u2060", text)
