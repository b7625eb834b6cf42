"""Pages that stand where an article should be: challenges, consent walls, paywalls, logins, pages
that are gone, gates for age and region, lists of stories.

Extractors take any text for the article. An article tells of the world; a wall speaks to the one
who came, of the site itself. So what counts is how much of a short text does both, sentence by
sentence: addresses the reader (you, please, ください, 您) and talks of what walls talk of. News
about cookies, passwords and paywalls has their words, but not their voice.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.ingest.tree import Tidy, is_list, size
from bot.text import sentences

_CHALLENGE_MARKUP = re.compile(
    r"_cf_chl_opt|cdn-cgi/challenge-platform|cf-browser-verification"
    r"|id=[\"']challenge-(?:form|running|stage)"
    r"|px-captcha|_Incapsula_Resource|ddos-guard|awsWafCookieDomainList|geo\.captcha-delivery\.com"
    r"|/_sec/cp_challenge|window\.gokuProps|captcha\.qq\.com|sec_sdk_build|anubis_challenge",
    re.IGNORECASE,
)
_CONSENT_HOST = re.compile(r"(?:^|\.)(?:consent|guce|cmp|privacy)\.")
# What each kind of wall talks of. The first named wins where two are talked of as much.
_TOPICS = {
    "challenge": (
        r"human|robot|\bbots?\b|captcha|verif|unusual traffic|automated|blocked"
        r"|security (?:check|of)|ray id"
        r"|ad ?blocker|access denied|permission"
        r"|人間|ロボット|自動(?:的|化)|認証|確認(?:のため|しています|が終わ)|表示されている文字"
        r"|アクセスを?(?:確認|制限|拒否)|ネットワーク|セキュリティ"
        r"|验证|驗證|滑块|滑塊|拼图|拼圖|机器人|機器人|访问行为|異常|异常|网络环境|網路位址"
        r"|连线|連線|存取"
    ),
    "consent": (
        r"cookie|consent|einwillig|zustimm|akzeptier|datenschutz|vie privée|accepter|permission"
        r"|personal(?:ly identifiable)? (?:data|information)|privacy|partners|vendors"
        r"|advertis|legitimate interest|your (?:choices|data|information)|gdpr|identifiers?"
        r"|einwillig|zustimm|stimmen sie|akzeptier|datenschutz|werbung|vie privée|accepter"
        r"|consenti|pur-abo"
        r"|クッキー|同意|プライバシー|閲覧履歴|個人(?:情報|データ)|広告|識別子"
        r"|データの(?:取り扱い|利用)"
        r"|隐私|隱私|个人信息|個人資料|第三方|广告|廣告|浏览记录|设备标识|接受|合作夥伴|合作伙伴"
    ),
    "login": (
        r"log(?:ged)?[ -]?in\b|sign(?:ed)?[ -]?(?:in|up)\b|password|account|register|member(?:s"
        r"|ship)?\b|e-?mail"
        r"|ログイン|サインイン|会員|パスワード|\bID\b|アカウント|購読者|読者番号|メールアドレス"
        r"|利用手続き"
        r"|登录|登入|登陆|注册|註冊|账号|帳號|密码|密碼|会员|會員|扫码|掃碼|粉丝|粉絲|手机号"
        r"|手機號|免費閱讀|免费阅读"
    ),
    "gone": (
        r"\bpage\b|address|\blink\b|\burl\b|moved|removed|renamed|taken down|home ?page"
        r"|\bsearch\b|typing error"
        r"|ページ|URL|アドレス|トップ|検索|掲載期間|公開が終了|ブックマーク|削除"
        r"|页面|頁面|网址|網址|链接|連結|首页|首頁|搜索|搜尋|下架|下线|失效|删除|刪除|不存在|找不到|违规|違規"
    ),
    "browser": (
        r"javascript|\bjs\b|browser|enable|reload|(?:accept|allow) cookies|(?:block"
        r"|disable)\w* cookies"
        r"|ブラウザ|スクリプト|浏览器|瀏覽器|刷新|脚本|加载中"
    ),
    "age": (
        r"years old|legal(?:ly)? (?:drinking |smoking )?age|\bage\b|adults?|grown-ups"
        r"|date of birth|under(?:age| the)"
        r"|年齢|歳(?:以上|未満)|成人|年满|年滿|歲者|满十八|滿十八|未成年|飲酒"
    ),
    "region": (
        r"your (?:region|country|location)|from (?:a|the) (?:country|european)|\bvpn\b|\beea\b"
        r"|legal reasons"
        r"|(?:not|un)available in|お住まいの(?:国|地域)|ご利用の(?:国|地域)|(?:您"
        r"|你)所在的?(?:国家|地区|國家|地區)"
    ),
}  # fmt: skip
_TOPIC = {kind: re.compile(words, re.IGNORECASE) for kind, words in _TOPICS.items()}
_ADDRESS = re.compile(
    r"\b(?:we|our|(?-i:us)|you|your|yours|please|sorry|oops|perhaps|click|enter|reload|try again"
    r"|wir|unsere?|sie|bitte|nous|notre|nos|vous|votre|veuillez)\b"
    r"|当(?:社|サイト|ページ)|弊社|本サイト|お客様|お使いの|あなた|(?:ない|る|た)方は|ください|下さい|いただ"
    r"|お手数|お問い?合わせ|お探し"
    r"|お(?:持ち|忘れ|届け|断り|願い)|ご(?:指定|入力|確認|利用|覧|注意|了承|登録|不明)|「はい」|(?:表示|閲覧)できません|无法(?:查看|访问|显示)|無法(?:查看|顯示|瀏覽)"
    r"|見つかりません|ありませんか"
    r"|我们|我們|您|你|本站|本页|本頁|本网|本網|(?<![申邀聘])[请請](?![求假客願愿])|点击|點擊|點選|勾選"
    r"|[后後](?:即可|可|才能|查看)|一键|谢谢|謝謝|抱歉|糟糕|哎呀|即表示|即代表",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"^(?:just a moment|attention required|checking your browser|access denied|please wait"
    r"|one moment"
    r"|are you a robot|security check|verify(?:ing)? you are human|human verification"
    r"|bot verification"
    r"|robot check|request blocked|安全验证|安全驗證|访问验证|人机验证|验证码$|百度安全验证"
    r"|請稍候|请稍候|しばらくお待ちください|アクセスが拒否|アクセス拒否)",
    re.IGNORECASE,
)
_ERROR = re.compile(r"\b(?:404|410|page not found|not found|403 forbidden|451)\b", re.IGNORECASE)
_PAYWALL = re.compile(
    r"(?:会員|有料|定期購読|購読者|読者)[^。\n]{0,12}(?:限定|専用|のみ)|(?:ログイン|会員登録"
    r"|登録|購読)して(?:続き|全文)"
    r"|残り[\s:：]*[\d,]+\s*(?:文字|字)|続きを(?:読む|お読みいただく|ご覧いただく)には"
    r"|(?:ここから先|この先|以降)[^。\n]{0,20}(?:登録|会員|有料|購読)|(?:無料"
    r"|今月)[^。\n]{0,12}(?:本数|閲覧)[^。\n]{0,8}(?:上限|終了)"
    r"|(?:登录|登入|登陆|订阅|訂閱|付费|付費|购买|購買|开通会员|開通會員|加入(?:会员|會員)|解锁"
    r"|解鎖)[后後]?"
    r"[^。\n]{0,8}(?:阅读|閱讀|查看|继续|繼續|观看|解锁|解鎖)(?:全文|更多|剩余|剩餘|閱讀|阅读)?"
    r"|(?:解锁|解鎖|阅读|閱讀|查看)(?:全文|完整(?:內容|内容)|剩余)"
    r"|(?:本文|此文|本篇|這是|这是|此篇|该内容)[^。\n]{0,10}(?:付费|付費|会员|會員|訂戶|订户)"
    r"|(?:会员|會員|付费|付費|訂戶|订户)(?:专享|專享|专属|專屬|独享|限定)"
    r"|(?:剩余|剩餘|还有|還有)[\s\d%％]+(?:的)?(?:内容|內容|未读|未讀|字)"
    r"|(?:免費|免费)(?:閱讀|阅读)(?:篇數|篇数|次數|次数)?[^。\n]{0,8}(?:用完|已滿|已满|上限)"
    r"|subscribe (?:now )?(?:to|for) (?:continue|read|keep reading|unlock|unlimited|full)"
    r"|(?:sign in|log ?in|register) to (?:continue|read|keep)|keep reading (?:for|with)"
    r"|to (?:continue|keep) reading"
    r"|(?:this|the|full) (?:article|story|content|text) is (?:for|only|one of|part of|exclusive"
    r"|reserved|available)"
    r"[^.\n]{0,40}(?:subscri|member|paying)|(?:rest|remainder) of (?:this|the) (?:article|story)"
    r"|already (?:a (?:subscriber|member)|subscribed)\?"
    r"|you(?:'|’| ha)ve (?:reached|read|used)[^.\n]{0,40}(?:limit|free (?:article|stor))"
    r"|unlock this (?:article|story)"
    r"|nur für abonnenten|réservé aux abonnés",
    re.IGNORECASE,
)
_LITTLE = 350  # Latin letters (see tree.size): so little is no article with a wall's mark beside it
_WALL = 2500  # the longest consent walls say so much
_TEASER = 5000  # and a paywall shows at most so much
_NOTICE = 160  # the length of a line in which a paywall speaks
_MAIN = 0.28  # of a sentence: a notice says little else
_SHARE = 0.33  # of a text in a wall's voice, beyond which it is one
_SHORT = 700  # a text so short that speaks to the reader throughout is no news, whatever it says
_SURE_SHARE = 0.6  # the same for a page that declares an article


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a page says of itself."""

    url: str
    title: str
    is_free: bool
    is_article: bool


def kind_of(page: Tidy, html: str, *, told: Told, text: str) -> str | None:
    """Which wall a page is, or None for an article: "challenge", "consent", "login", "gone",
    "browser", "age", "region", "notice", "list" or "paywall". `text` is what an extractor made
    of it."""
    length = size(text)
    if _CONSENT_HOST.search(urlsplit(told.url).hostname or ""):
        return "consent"
    if length < _LITTLE and (_CHALLENGE_MARKUP.search(html) or _TITLE.search(told.title)):
        return "challenge"
    if length < _WALL:
        kind = _voice(page, text, told)
        if kind:
            return kind
        if not told.is_article and is_list(page):
            return "list"
    if not told.is_free or (length < _TEASER and _has_notice(page)):
        return "paywall"
    return None


def without_notices(text: str) -> str:
    """Text without the lines in which a paywall speaks."""
    return "\n".join(line for line in text.split("\n") if not _is_notice(line))


def _is_notice(line: str) -> bool:
    """A short line with a sentence that says little else: in a longer one, the words are those of
    a story about paywalls."""
    return size(line) <= _NOTICE and any(
        sum(m.end() - m.start() for m in _PAYWALL.finditer(line, *span))
        > _MAIN * (span[1] - span[0])
        for span in sentences(line)
    )


def _has_notice(page: Tidy) -> bool:
    return any(_is_notice(line) for line, _ in page.lines)


def _voice(page: Tidy, text: str, told: Told) -> str | None:
    """The kind of wall that speaks in most of a text, title included, if one does."""
    body = text or "\n".join(line for line, _ in page.lines)
    read = f"{told.title}\n{body}"
    votes = dict.fromkeys(_TOPIC, 0)
    spoken = addressed = 0  # characters of sentences to the reader: of a wall's matter, of any
    for start, end in sentences(read):
        sentence = read[start:end]
        matches = {kind: len(topic.findall(sentence)) for kind, topic in _TOPIC.items()}
        for kind, count in matches.items():
            votes[kind] += count * (2 if start < len(told.title) else 1)
        if _ADDRESS.search(sentence):
            addressed += end - start
            spoken += (end - start) * any(matches.values())
    if not _is_wall(spoken / len(read), addressed / len(read), size(read), told):
        return None
    return max(votes, key=lambda kind: votes[kind]) if any(votes.values()) else "notice"


def _is_wall(spoken: float, addressed: float, length: int, told: Told) -> bool:
    """Whether a page with these shares of its text spoken to the reader is a wall."""
    if told.is_article:
        return (spoken + addressed) / 2 >= _SURE_SHARE
    if length < _SHORT and addressed >= _SURE_SHARE:
        return True
    least = _SHARE / 2 if _ERROR.search(told.title) else _SHARE
    return spoken > 0 and (spoken + addressed) / 2 >= least
