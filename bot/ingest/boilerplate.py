"""Lines that stand around an article and in no article: dates alone, credits of editors, rights,
advertisements' labels, ways to other pages."""

import re
from collections.abc import Collection, Iterable

_ALONE = re.compile(
    r"(?:[\[【(（]?(?:広告|廣告|广告|PR|AD|advertisement|sponsored|スポンサー.{0,6}|赞助|贊助"
    r"|:?(?:contents|目次|目录|目錄)"
    r"|印刷(?:する)?|コメント(?:を書く)?|(?:前|次)の(?:記事|ページ)(?:へ)?|(?:上|下)一(?:篇|頁"
    r"|页)|回上一頁"
    r"|(?:トップ(?:ページ)?|ホーム)へ(?:戻る)?|返回(?:首页|首頁)|もっと見る|続きを読む|share"
    r"|tweet)[\]】)）]?[\s|｜/／·]*)+",
    re.IGNORECASE,
)
_MOMENT = re.compile(
    r"(?:(?:公開|更新|発行|掲載|发布于|發佈於|编辑于|发布|發布|发表|發表|更新)?(?:日時|日|时间|時間)?\s*[:：]?\s*)?"
    r"(?:(?:19|20)\d\d\s*[-/.年]\s*)?\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?\s*(?:[(（][^)）]{1,3}[)）])?"
    r"\s*(?:[T ]?(?:午前|午後|上午|下午)?\s*\d{1,2}\s*[:：時时]\s*\d{0,2}\s*分?(?:[:：]\d{2})?)?"
    r"(?:\s*(?:配信|公開|更新|発表|发布|發布))?"
    r"(?:[\s　]*(?:来源|來源|出处)\s*[:：].{0,40}|[\s・·]*IP\s?属地.{2,8})?"
)
_CREDIT = re.compile(
    r"[(（【\[]?\s*(?:(?:责任|責任)?(?:编辑|編輯)|责编|責編|本文来源|来源|來源|稿源|作者|编审"
    r"|校对|审核|记者|記者"
    r"|発行|制作|.{0,8}(?:报料|爆料))\s*[:：／/].{1,60}"
    r"|本文(?:来自|來自|转自|轉自|转载自|轉載自).{1,60}"
    r"|【(?:記者|记者).{1,30}[】]"
)
_RIGHTS = re.compile(
    r"^(?:copyright|©|\(c\)|ⓒ)|無断[^。]{0,16}(?:禁|断り|遠慮)|版权所有|版權所有|著作権は[^。]{0,30}(?:帰属|属し)"
    r"|不得(?:转载|轉載)"
    r"|(?:请|請)勿(?:转载|轉載)|all rights reserved",
    re.IGNORECASE,
)
_PROMOTION = re.compile(
    r"(?:訂閱|订阅|关注|關注|追蹤|加入|下载|下載|登録|購読|フォロー|扫码|掃碼|長按|长按"
    r"|subscribe|follow us|sign up|download"
    r"|成為|成为).{0,24}?(?:新聞內容|新闻|電子報|电子报|粉絲團|粉丝|公众号|公眾號|客户端|客戶端"
    r"|app|メルマガ"
    r"|メールマガジン|ニュースレター|newsletter|channel|最新消息|会员|會員|好友|頻道|频道)",
    re.IGNORECASE,
)
# A sentence is only a promotion where it speaks to the reader: the news has such words too.
_INVITATION = re.compile(
    r"ください|下さい|(?:られ|れ|でき|頂け|いただけ)ます|您|立即|即可|\b(?:you|your|our)\b",
    re.IGNORECASE,
)
_BULLET = re.compile(r"^[-•・*]\s+(?=\S)")
_RULE = re.compile(r"[\s|:-]*")
_SHORT = 80  # characters: rights and promotion are said in a line
_AT_THE_END = 4  # lines in which a site promotes itself


def without(lines: Iterable[str], title: str, names: Collection[str] = ()) -> list[str]:
    """The lines of an article alone, without its title and the site's `names`. A list's dashes and
    a table's bars go, its words stay."""
    kept = [
        line
        for raw in lines
        if (line := _bare(raw)) and line not in names and not _is_around(line, title)
    ]
    for _ in range(_AT_THE_END):
        if kept and _promotes(kept[-1]):
            kept.pop()
    return kept


def _bare(line: str) -> str:
    line = _BULLET.sub("", line.strip())
    if line.startswith("|"):
        return "" if _RULE.fullmatch(line) else " ".join(line.replace("|", " ").split())
    return line


def _promotes(line: str) -> bool:
    if len(line) >= _SHORT or not _PROMOTION.search(line):
        return False
    return not line.endswith(("。", ".")) or bool(_INVITATION.search(line))


def _is_around(line: str, title: str) -> bool:
    if len(line) > _SHORT:
        return False
    rest = line.removeprefix(title).strip(" 　()（）") if title else line
    if not rest or _ALONE.fullmatch(line) or _MOMENT.fullmatch(rest):
        return True
    return bool(_CREDIT.fullmatch(line) or _RIGHTS.search(line))
