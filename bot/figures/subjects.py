"""Whose a figure is: the name that governs it, in the nearest clause that has one."""

import re
from collections.abc import Container, Iterator

from bot.figures.patterns import Late

SHORTEST, LONGEST = 2, 14  # characters of a CJK name
_CLAUSE = Late(r"[。；;！？!?\n「」『』“”、，：]|,(?!\d)|[:](?!\d)|(?<=\d)[%％]?(?:の増|の減)")
# What stands before a subject without being part of it: times, links, quotes.
_AHEAD = Late(
    r"(?:[\s「『（(]|(?:\d{2,4}年)?度?(?:\d{1,2}[~〜\-－至到]\d{1,2}月期?|\d{1,2}月(?:\d{1,2}[日号號])?|"
    r"\d{1,2}[日号號])[にはの，,]?|\d{2,4}年(?:度|に|は|の)?|第[\d一二三四]四?(?:半期|季度?)[のはに]?|"
    r"[一二三四]季度|(?:上|下)半[年期]|前[一二三]季度?|全年|通期|同期|今年|去年|昨年|本年|明年|来年|今期|"
    r"当季|當季|当期|(?:周|週|星期)[一二三四五六日天]|また|一方|なお|しかし|但|而|其中|うち|此外|另外|"
    r"同时|同時|據|据|その後|このうち|さらに|単月|單月|単に)*"
)
_STOP_CJK = Late(
    r"(?:は|が|の|も|では|によると|宣布|宣佈|公布|公告|发布|發布|表示|称|稱|说|說|发表|發表|预计|預計|计划|計劃|"
    r"拟|擬|将|將|已|今年|去年|昨年|上半|下半|前[一二三]季|第[\d一二三四]|[一二三四]季度|全年|截至|"
    r"[在于於从從由对對向为為以用](?!电)|斥资|斥資|获得|獲得|取得|签下|簽下|供应|供應|共|拥有|擁有|具有|使用|采用|採用|用|训练|訓練|有|可|周[一二三四五]|"
    r"週[一二三四五]|月|年|\d|同意|申请|申請|宣|达|達|约|約|近|超|逾|$)"
)
_NAME_LATIN = Late(
    r"(?<![\w'’])(?:[A-Z][\w&.'’-]*|[a-z]+[A-Z]\w*)(?: (?:& )?(?:[A-Z][\w&.'’-]*|[a-z]+[A-Z]\w*|\d\w*))*",
    re.ASCII,
)
_PLACED = Late(r"\b(?:in|at|off|on|near|from|to|of|by|for|with|since|until|during) (?:the )?$")
_COUNTED = Late(r"\d[^\s\d]{0,3}\s?$")  # 6,144基のH200 GPU: what a number counts
_NOT_CJK = Late(
    r"^(?:历时|歷時|耗[时時资資]|费用|費用|期間|期间|我[々们們]|私たち|弊社|同社|当社|公司|本公司|该公司|該公司|同氏|彼|彼女|他|她|它|其|これ|それ|同|"
    r"この|その|あの|また|約|约|近|计|計|合計|合计|总|總|全体|市場|市场|市場予想|業界|政府|目前|现在|現在|"
    r"平均|記事|論文|论文|研究|調査|报告|報告|報道|报道|消息|消息人士|会社|業者|増|減|增|减|同比|环比|環比|"
    r"[该該这這此本].*|.*(?:資料|资料|本文|論文|论文|公告|正文.*|記事|報告書?|报告|文件|年报|年報|財報|财报|"
    r"发言人|發言人|幹部|関係者|担当者)|年増|年增|季增|年減|季減|前年|前月|前期|增长|增長|涨|跌|[増增降涨漲跌减減]幅|[月日年][产産產]能?"
    r"|年[内內].*|[年月].?[収薪俸金費费].*|.*[増增减減]少?)$"
)
# What no name has in it: the verb of a clause without a particle (训练租用), an adverbial (学習に).
_VERB = Late(
    r"[了着过過将將把被让讓使给給]|训练|訓練|学习|學習|推出|投[资資入]|[购購买買卖賣涨漲跌]|建[设設成造]|"
    r"达[到成]|達[到成]|超[过過]|研[发發]|生产|生產|[増增减減]|[にでとへ]$|から$|まで$|して$|った$"
)
# Words that begin like a name and are none.
COMMON = frozenset(
    "the a an in on at it he she we they but and for its this that these those more most some many "
    "each every both while after before when where who what which as by to from with without about "
    "over under nearly almost around up down out off then later earlier there here his her our your "
    "my their all any no not one two three four five six seven eight nine ten half total analysts "
    "shares officials police researchers scientists training chapter call core consumer year month "
    "quarter second-quarter first-quarter third-quarter fourth-quarter full-year week last next "
    "first second third fourth construction men women annual gross net operating yes if so according "
    "among since until during between earnings people workers thousands hundreds millions dozens "
    "work january february march april may june july august september october november december "
    "monday tuesday wednesday thursday friday saturday sunday q1 q2 q3 q4 fy h1 h2 ceo cfo president "
    "mr ms mrs dr exports imports sales revenue revenues profit orders prices inflation "
    "unemployment trade investment ai ipo gdp cpi gpu gpus cpu cpus tpu tpus api nearly growth only just other another".split()
)


def subject(sentence: str, named: Late, latin: Container[str]) -> str:
    """The name nearest before a number, given its sentence up to there; "" where there is none.
    `named` finds the measures in CJK writing, `latin` has the others: they are what is measured,
    never whose it is."""
    if not sentence.isascii():
        for clause in reversed(list(_clauses(sentence))):
            if name := _head(clause, named):
                return name
    return _latin(sentence, latin)


def _clauses(sentence: str) -> Iterator[str]:
    start = 0
    for cut in _CLAUSE.finditer(sentence):
        yield sentence[start : cut.start()]
        start = cut.end()
    yield sentence[start:]


def _head(clause: str, named: Late) -> str:
    """The name at the head of a clause: up to a particle, a verb, a time or the measure."""
    ahead = _AHEAD.match(clause)
    name = clause[ahead.end() if ahead else 0 :]
    for stop in (_STOP_CJK.search(name, 1), named.search(name)):
        name = name[: stop.start()] if stop else name
    name = name.strip(" “”「」")
    fits = SHORTEST <= len(name) <= LONGEST and (not name.isascii() or name[0].isupper())
    return name if fits and not _NOT_CJK.match(name) and not _VERB.search(name) else ""


def _latin(sentence: str, measures: Container[str]) -> str:
    """The first name that no preposition governs, else the first that one does."""
    placed = ""
    for found in _NAME_LATIN.finditer(sentence):
        words = re.sub(r"['’]s?$", "", found[0]).split()
        while words and words[0].lower() in COMMON:
            words = words[1:]
        name = " ".join(words)
        if not name or name.lower() in measures or name[0].isdigit():
            continue
        left = sentence[: found.start()]
        if _COUNTED.search(left):
            continue
        if not _PLACED.search(left):
            return name
        placed = placed or name
    return placed
