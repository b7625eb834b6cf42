"""Pages that stand where an article should be: challenges, consent walls, paywalls.

Extractors take any text for the article. What a wall says is short and about itself, so the
phrases below count only where little other text was found, or in places where no article has them.
"""

import re
from urllib.parse import urlsplit

_CHALLENGE_MARKUP = re.compile(
    r"_cf_chl_opt|cdn-cgi/challenge-platform|cf-browser-verification"
    r"|id=[\"']challenge-(?:form|running|stage)"
    r"|px-captcha|_Incapsula_Resource|ddos-guard|awsWafCookieDomainList|geo\.captcha-delivery\.com"
    r"|/_sec/cp_challenge|window\.gokuProps|captcha\.qq\.com|sec_sdk_build|anubis_challenge",
    re.IGNORECASE,
)
_CHALLENGE_TITLE = re.compile(
    r"^(?:just a moment|attention required|checking your browser|access denied|please wait"
    r"|one moment"
    r"|are you a robot|security check|verify(?:ing)? you are human|human verification"
    r"|bot verification"
    r"|robot check|403 forbidden|request blocked|安全验证|安全驗證|访问验证|人机验证|验证码"
    r"|百度安全验证"
    r"|請稍候|请稍候|しばらくお待ちください|アクセスが拒否|アクセス拒否)",
    re.IGNORECASE,
)
_CHALLENGE_TEXT = re.compile(
    r"enable javascript and cookies to continue|checking (?:if the site connection is secure"
    r"|your browser)"
    r"|verify(?:ing)? (?:that )?you are (?:a )?human"
    r"|unusual traffic from your (?:computer )?network"
    r"|complete the (?:security check|captcha)|ray id|you have been blocked|press (?:and|&) hold"
    r"|(?:请|請)(?:完成|进行|進行)(?:安全)?(?:验证|驗證)|滑动(?:滑块|验证)|您的访问(?:过于|太)频繁"
    r"|ロボットではありません|アクセスを(?:制限|拒否)|自動化されたアクセス|セキュリティチェック"
    r"|javascript (?:is )?(?:required|disabled)",
    re.IGNORECASE,
)
_CONSENT_HOST = re.compile(r"(?:^|\.)(?:consent|guce|cmp|privacy)\.")
_CONSENT_MARKUP = re.compile(
    r"sp_message_container|onetrust-pc|didomi|usercentrics|cmpbox|consent\.cmp|qc-cmp2"
    r"|tcf?api|fc-consent",
    re.IGNORECASE,
)
_CONSENT_TITLE = re.compile(
    r"^(?:before you continue|cookies?\b|cookie[- ](?:consent|settings|policy)|consent"
    r"|privacy|datenschutz"
    r"|votre vie privée|your privacy|プライバシー|クッキー|隐私|隱私)",
    re.IGNORECASE,
)
_CONSENT_WORDS = re.compile(
    r"cookie|consent|einwillig|zustimm|akzeptier|datenschutz|partner|privacy|vie privée"
    r"|accepter|consenti"
    r"|accept all|reject all|manage (?:options|preferences)|vendors|gdpr|pur-abo|werbung|tracking"
    r"|同意|クッキー|プライバシー|个人信息|個人資料|隐私|隱私|第三方|接受全部|全部接受",
    re.IGNORECASE,
)
_PAYWALL = re.compile(
    r"(?:会員|有料|定期購読|購読者)[^。\n]{0,12}(?:限定|専用|のみ)|(?:ログイン|会員登録"
    r"|購読)して(?:続き|全文)"
    r"|残り[\s:：]*[\d,]+\s*(?:文字|字)|続きを(?:読む|お読みいただく)には|(?:登录|登入|订阅"
    r"|訂閱|付费|付費|购买|購買)后?後?"
    r"[^。\n]{0,6}(?:阅读|閱讀|查看|继续|繼續)(?:全文|更多|剩余|剩餘)?|(?:本文"
    r"|此文)[^。\n]{0,8}(?:付费|付費|会员|會員)"
    r"|剩余[\s\d%％]+(?:内容|未读|字)|subscribe (?:now )?to (?:continue|read|keep reading|unlock)"
    r"|(?:sign in|log ?in|register) to (?:continue|read|keep)|(?:this|the) (?:article|story"
    r"|content) is (?:for|only"
    r"|exclusive|reserved|available)[^.\n]{0,30}(?:subscribers|members|to subscribers)"
    r"|already a (?:subscriber|member)\?"
    r"|you(?:'|’)ve (?:reached|read) (?:your|all)[^.\n]{0,40}(?:limit|free articles)"
    r"|unlock this (?:article|story)"
    r"|nur für abonnenten|réservé aux abonnés",
    re.IGNORECASE,
)
_LITTLE = 700  # characters; walls say less, articles more
_CJK_WEIGHT = 2.5  # a CJK character carries about that many Latin letters
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_CONSENT_SHARE = 60  # one consent word per so many characters of text is a consent wall


def kind_of(html: str, *, url: str, title: str, text: str, is_free: bool) -> str | None:
    """Which wall a page is: "challenge", "consent", "paywall" or None for an article.

    `text` is what an extractor made of the page, `is_free` what its JSON-LD says.
    """
    size = _size(text)
    if _is_challenge(html, title, text, size):
        return "challenge"
    if _is_consent(html, url, title, text, size):
        return "consent"
    if not is_free or (size < _LITTLE * 2 and _PAYWALL.search(f"{text}\n{visible_tail(html)}")):
        return "paywall"
    return None


def without_notices(text: str) -> str:
    """Text without the lines in which a paywall speaks."""
    return "\n".join(line for line in text.split("\n") if not _PAYWALL.search(line))


def visible_tail(html: str) -> str:
    """The raw end of a page's markup: a paywall's box comes after the teaser."""
    return html[-40_000:] if len(html) < 400_000 else ""


def _size(text: str) -> float:
    return len(text) + (_CJK_WEIGHT - 1) * len(_CJK.findall(text))


def _is_challenge(html: str, title: str, text: str, size: float) -> bool:
    if size >= _LITTLE:
        return False
    if _CHALLENGE_MARKUP.search(html):
        return size < _LITTLE / 2 or bool(_CHALLENGE_TITLE.search(title))
    return bool(_CHALLENGE_TITLE.search(title)) or bool(_CHALLENGE_TEXT.search(text))


def _is_consent(html: str, url: str, title: str, text: str, size: float) -> bool:
    if _CONSENT_HOST.search(urlsplit(url).hostname or ""):
        return True
    if size >= 2 * _LITTLE:
        return False
    words = len(_CONSENT_WORDS.findall(f"{title}\n{text}"))
    if words and _CONSENT_TITLE.search(title):
        return True
    dense = words >= 2 and size <= words * _CONSENT_SHARE * 2
    return dense or (words >= 1 and size < _LITTLE / 4 and bool(_CONSENT_MARKUP.search(html)))
