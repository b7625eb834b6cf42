"""Whether a name in one script can be the sound of a name in another: ザッカーバーグ, 扎克伯格 and
Zuckerberg share a skeleton of consonants. Tolerant by design: it serves to show that a name is
absent, so a doubtful match counts as present."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

# First consonant of each kana row; vowels, long marks and the small っ have none.
_KANA = {
    "カキクケコガギグゲゴヵヶ": "K",
    "サシスセソザジズゼゾチツヂヅ": "S",
    "タテトダデド": "T",
    "ナニヌネノマミムメモン": "N",
    "ハヒヘホ": "H",
    "フバビブベボパピプペポヴワ": "P",
    "ラリレロ": "R",  # ル stands for a final l or r, which other scripts drop
}
_KANA_CLASS = {char: name for row, name in _KANA.items() for char in row}

# Readings (toneless pinyin) of the characters that Chinese uses to write foreign names by sound.
_READINGS = """
a阿 ai艾埃爱愛 an安 ao奥奧 ba巴 bai拜白 ban班 bao鲍保鮑 bei贝贝貝 ben本 bi比毕畢碧 bin宾賓
bo波伯博柏 bu布 cha查 chai柴 da达達大 dai戴 dan丹 dao道 de德 deng邓登鄧 di迪蒂狄 ding丁 dong东東
du杜 dun顿頓 duo多 en恩 er尔爾 fa法 fan范 fei费菲費 fen芬 fo佛 fu弗夫福 gai盖蓋 gan甘 gang冈岡
gao高 ge格戈葛 gen根 gong贡貢 gu古 gua瓜 ha哈 hai海 han汉漢 hao豪 he赫荷 hen亨 hu胡 hua华華
huai怀懷 hui惠 huo霍 ji吉基 jia加贾賈 jian健 jie杰傑 jin金 ka卡 kai凯凱 kan坎 kang康 kao考
ke克科柯 ken肯 ku库庫 kui奎 kun昆 la拉 lai莱萊 lan兰蘭 lang朗 lao劳勞 le勒 lei雷 li里利莉李
lian连連 lin林琳 ling灵靈 liu刘劉 long隆龙龍 lu卢鲁盧魯 lun伦倫 luo罗洛羅 ma马玛馬瑪 mai迈麦邁麥
man曼 mao毛 mei梅 men门門 meng蒙孟 mi米密 mian缅 min敏 ming明 mo莫摩 mu穆姆 na纳娜納 nai奈 nan南
nei内 ni尼妮 ning宁寧 niu纽紐 nong农 nu努 nuo诺諾 ou欧歐 pa帕 pai派 pan潘 pang庞龐 pei佩裴 peng彭
pi皮 ping平 po珀 pu普 qi奇齐齊 qia恰 qiao乔喬 qin钦欽 qiong琼瓊 rang让讓 re热熱 ren仁 ri日
rong荣榮 ru茹 rui瑞 sa萨薩 sai塞赛賽 san三 sang桑 sen森 sha沙莎 shan珊 she舍 shen申 sheng圣聖
shi什史施 shou寿 shu舒 shun顺 si斯思 song松宋 su苏蘇 sun孙孫 suo索 ta塔 tai泰 tan坦谭譚 tang汤唐湯
tao陶 te特 teng腾騰 ti提缇 ting廷 tong通 tou透 tu图圖 tuo托 wa瓦 wan万萬 wang旺 wei威维韦魏維韋
wen温文溫 wo沃 wu伍武吴吳 xi西希席 xia夏 xiang香 xiao肖 xie谢謝 xin辛欣 xing兴 xiong雄 xiu休修
xu许許 xue雪 ya亚雅亞 yan扬揚 yao姚 ye耶叶葉 yi伊易 yin因 ying英 you尤 yu于 yue约約 ze泽澤 zeng曾
zha扎紮 zhan詹 zhang张 zhen珍 zhi芝 zhu朱 zi兹茲 zong宗 zuo佐
"""
_READING_OF = {
    char: "".join(c for c in row if c.isascii())
    for row in _READINGS.split()
    for char in row
    if not char.isascii()
}
_RUN = re.compile(f"[{''.join(_READING_OF)}·•・]{{2,}}")
_KATAKANA = re.compile("[ァ-ヺー]{2,}")
_WINDOW = 7  # characters of the longest Chinese rendering of one name that is tried

_LATIN = (
    (re.compile("ph|ff"), "f"),
    (re.compile("ght?(?=[^aeiouy]|$)"), ""),
    (re.compile("tch|sch|sh|ch|zh|th|ts|x"), "s"),
    (re.compile("ck|q"), "k"),
    (re.compile("c(?=[eiy])|j"), "s"),
    (re.compile("[lr](?=[^aeiouy]|e?$)"), ""),
)
_LATIN_CLASS = dict(zip("bpfvwdtkgcszhmnlr", "PPPPPTTKKKSSHNNRR", strict=True))


def sounds_in(name: str, source: str) -> bool:
    """Whether a source may name `name`, which is one word in Latin script or katakana, in a
    script that writes it by its sound.

    >>> sounds_in("Zuckerberg", "ザッカーバーグ氏は"), sounds_in("Zuckerberg", "据扎克伯格说")
    (True, True)
    >>> sounds_in("Zuckerberg", "ピチャイ氏は"), sounds_in("ピチャイ", "Mr. Pichai said")
    (False, True)
    """
    wanted = skeleton(name)
    return bool(wanted) and any(_alike(wanted, other) for other in _skeletons(source))


def skeleton(word: str) -> str:
    """The consonant classes of a word in order, neighbours merged.

    >>> skeleton("Zuckerberg"), skeleton("ザッカーバーグ"), skeleton("扎克伯格")
    ('SKPK', 'SKPK', 'SKPK')
    """
    folded = unicodedata.normalize("NFKC", word)
    if _KATAKANA.search(folded):
        return _merged(_KANA_CLASS.get(char, "") for char in folded)
    if any(char in _READING_OF for char in folded):
        return _merged(_syllable(_READING_OF.get(char, "")) for char in folded)
    return _latin(folded)


def _latin(word: str) -> str:
    bare = unicodedata.normalize("NFKD", word).lower()
    bare = re.sub("[^a-z]", "", bare)
    for pattern, plain in _LATIN:
        bare = pattern.sub(plain, bare)
    return _merged(_LATIN_CLASS.get(char, "") for char in bare)


def _syllable(reading: str) -> str:
    first = "" if reading == "er" else _latin(re.sub("^[jqx]", "s", reading[:2]) + "a")
    coda = "N" if reading[-2:] in ("an", "en", "in", "un", "ng") else ""
    return first[:1] + coda if reading not in ("an", "en") else coda


def _merged(classes: Iterator[str]) -> str:
    joined = "".join(classes)
    return joined[:1] + "".join(b for a, b in pairwise(joined) if a != b)


def _skeletons(source: str) -> Iterator[str]:
    folded = unicodedata.normalize("NFKC", source)
    for match in re.finditer("[ァ-ヺー]+(?:・[ァ-ヺー]+)*", folded):
        for part in match.group().split("・"):
            yield skeleton(part)
    for word in set(re.findall(r"[A-Z][A-Za-zÀ-ɏ'’]+", folded)):
        yield _latin(word)
    for run in _RUN.findall(folded):
        for start in range(len(run)):
            for length in range(2, _WINDOW + 1):
                if start + length <= len(run):
                    yield skeleton(run[start : start + length])


def _alike(a: str, b: str) -> bool:
    """Equal, or one class apart where there are at least three."""
    if a == b:
        return True
    longer, shorter = (a, b) if len(a) >= len(b) else (b, a)
    if len(longer) < 3 or len(longer) - len(shorter) > 1:
        return False
    if len(a) == len(b):
        return sum(x != y for x, y in zip(a, b, strict=True)) == 1
    return any(longer[:i] + longer[i + 1 :] == shorter for i in range(len(longer)))
