"""URLs: made absolute, made safe, and their canonical form as a key.

The canonical form drops what trackers add and orders what is left. It tells whether two links name
one page; the link that readers get is `publishers`, which only loses the trackers.
"""

import re
from functools import lru_cache
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

LONGEST = 2048  # characters; longer URLs are refused by servers and chat platforms alike

# Query parameters that never choose a page: campaign tags, click ids, share tokens. Chinese
# platforms' names are only dropped where they are theirs, since `from` and `scene` mean things.
_TRACKERS = frozenset(
    "fbclid gclid gclsrc dclid gbraid wbraid yclid ysclid msclkid twclid ttclid igshid igsh "
    "li_fat_id mc_cid mc_eid mkt_tok _hsenc _hsmi __hssc __hstc __hsfp hsctatracking "
    "oly_anon_id oly_enc_id vero_id vero_conv _openstat ref_src ref_url s_cid icid ncid cmpid "
    "cmp ito spm spm_id_from scm wt_mc wt_zmc wickedid rb_clickid ml_subscriber "
    "ml_subscriber_hash at_medium at_campaign at_custom1 at_custom2 at_custom3 at_custom4 "
    "__twitter_impression __s _ga _gl _branch_match_id guccounter guce_referrer "
    "guce_referrer_sig share_source share_medium share_plat share_session_id share_token "
    "share_tag share_from sharer_sharetime sharer_shareid bbid vd_source xtor "
    "adtag ops_request_misc chdtv nr_email_referer partner_cid sr_share soc_src soc_trk smid smtyp "
    "fb_action_ids fb_action_types fb_ref fb_source isappinstalled utm".split()
)
_TRACKER_PREFIXES = ("utm_", "mtm_", "pk_", "piwik_", "matomo_", "itm_", "hsa_")
_HOST_TRACKERS = (
    ("weixin.qq.com", frozenset("chksm scene from isappinstalled pass_ticket srcid".split())),
    ("weibo.com", frozenset("from wfr ua wm sourcetype featurecode".split())),
    ("weibo.cn", frozenset("from wfr ua wm sourcetype featurecode".split())),
    ("bilibili.com", frozenset("from from_source from_spmid seid timestamp unique_k".split())),
    ("toutiao.com", frozenset("app timestamp use_new_style wid tt_from log_from".split())),
    ("zhihu.com", frozenset("from share_code".split())),
    ("163.com", frozenset("from f spss spssid spsw".split())),
    ("baidu.com", frozenset("wfr for".split())),
    ("csdn.net", frozenset("ops_request_misc request_id biz_id".split())),
    ("douban.com", frozenset("_i dt_dapp dt_platform".split())),
    ("thepaper.cn", frozenset(("commtag",))),
    ("36kr.com", frozenset(("f",))),
    ("huxiu.com", frozenset(("f",))),
    ("sohu.com", frozenset(("pvid",))),
    ("udn.com", frozenset(("from",))),
    ("ettoday.net", frozenset(("from",))),
    ("asahi.com", frozenset("iref ref".split())),
    ("nikkei.com", frozenset("n_cid i_cid".split())),
    ("ifeng.com", frozenset(("from",))),
    ("sina.com.cn", frozenset("from wm".split())),
    ("sina.cn", frozenset("from wm vt pos".split())),
    ("qq.com", frozenset("from pgv_ref suid media_id refer".split())),
    ("youtube.com", frozenset("feature si pp".split())),
    ("youtu.be", frozenset("feature si".split())),
    ("yahoo.co.jp", frozenset("source".split())),
)  # fmt: skip
_WECHAT_PLACES = frozenset("timeline groupmessage singlemessage".split())
_DEFAULT_PORTS = {"http": 80, "https": 443}
_UNSAFE = re.compile(r"[\x00-\x20\x7f]+")
# What most links look like: nothing to resolve, to escape or to doubt.
_PLAIN = re.compile(r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/(?:(?!&amp;)[!-~]){0,1000})?")
_HOSTLESS = re.compile(r"https?:(?!//[^/?#])", re.IGNORECASE)
_NUMBER = re.compile(r"\d")
# What feeds of one's own carry: names of parameters, and parts that nobody types.
_KEY = re.compile(r"key|token|secret|pass|pwd|auth|^sig|session|mail|cred", re.IGNORECASE)
_RANDOM = re.compile(
    r"(?=[^0-9]*[0-9])(?=[^A-Za-z]*[A-Za-z])(?:[0-9a-fA-F]{16,}|[0-9a-fA-F-]{32,}|[A-Za-z0-9_]{24,})"
)
_SLUG = 12  # characters: a last path segment that long names one page


def absolute(link: str, base: str) -> str:
    """A link as an absolute http(s) URL, or "" where it is none (``javascript:``, ``mailto:``).

    >>> absolute(" /a b ", "https://news.example/feed"), absolute("javascript:x", "https://a.example")
    ('https://news.example/a%20b', '')
    """
    link = link.strip()
    if _PLAIN.fullmatch(link):
        return link
    link = link.replace("&amp;", "&")
    if not link or len(link) > LONGEST or _HOSTLESS.match(link):
        return ""
    try:
        joined = urljoin(base, re.sub(r"[\t\r\n]", "", link))
        parts = urlsplit(joined)
        if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
            return ""
        parts.port  # noqa: B018 - raises on a port that is no number
    except ValueError:
        return ""
    return _UNSAFE.sub(lambda m: quote(m.group()), joined)


@lru_cache(maxsize=8192)
def publishers(url: str) -> str:
    """The publisher's own link: without trackers, otherwise as written.

    >>> publishers("https://news.example/a?utm_source=rss&id=7#top")
    'https://news.example/a?id=7#top'
    """
    parts = urlsplit(url)
    if not parts.query:
        return url
    kept = [
        pair
        for pair in parts.query.split("&")
        if not _is_tracker(pair.partition("=")[0], parts.netloc)
    ]
    return urlunsplit(parts._replace(query="&".join(kept)))


@lru_cache(maxsize=8192)
def canonical(url: str) -> str:
    """The key under which two links to one page are equal (RFC 3986 §6.2, and trackers dropped).

    >>> canonical("HTTPS://News.Example:443/a/../b/?b=2&a=1&fbclid=x#c")
    'https://news.example/b/?a=1&b=2'
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return url
    host = (parts.hostname or "").rstrip(".").lower()
    if port and port != _DEFAULT_PORTS.get(parts.scheme):
        host = f"{host}:{port}"
    pairs = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not _is_tracker(name, host) and not _names_referrer(name, value)
    ]
    path = urlsplit(urljoin(f"{parts.scheme}://x", _dots(parts.path or "/"))).path
    return urlunsplit((parts.scheme, host, path, urlencode(sorted(pairs)), ""))


def masked(url: str) -> str:
    """A feed's address as those may see it who did not add it: without what lets in, which is a
    password, a parameter that is named like a key, or a long random part.

    >>> masked("https://me:pw@a.example/u/9f8e7d6c5b4a39281706f5e4/feed?token=x&page=2")
    'https://a.example/u/***/feed?token=***&page=2'
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return "***"
    path = "/".join("***" if _RANDOM.fullmatch(part) else part for part in parts.path.split("/"))
    pairs = []
    for pair in filter(None, parts.query.split("&")):
        name, _, value = pair.partition("=")
        is_secret = bool(_KEY.search(name) or _RANDOM.fullmatch(value or name))
        pairs.append((f"{name}=***" if value else "***") if is_secret else pair)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, path, "&".join(pairs), ""))


def place(url: str) -> str:
    """The path of a link without host and query: what survives a move to another host.

    >>> place("https://www.news.example/a/1?r=11")
    '/a/1'
    """
    return urlsplit(canonical(url)).path if url else ""


def is_telling(url: str) -> bool:
    """Whether a link can name one story: it has a number or a long or hyphenated last segment,
    unlike a home page or ``/status``."""
    parts = urlsplit(canonical(url))
    last = parts.path.rstrip("/").rpartition("/")[2]
    return bool(
        _NUMBER.search(parts.path + parts.query) or len(last) >= _SLUG or "-" in last or "%" in last
    )


def _dots(path: str) -> str:
    return path if path.startswith("/") else f"/{path}"


def _is_tracker(name: str, host: str) -> bool:
    name = name.lower()
    if name in _TRACKERS or name.startswith(_TRACKER_PREFIXES):
        return True
    host = host.rpartition(":")[0] or host
    return any(
        name in names and (host == domain or host.endswith(f".{domain}"))
        for domain, names in _HOST_TRACKERS
    )


def _names_referrer(name: str, value: str) -> bool:
    """`ref=feed.example` says where the reader came from; `ref=main` may choose a branch. WeChat
    adds the place where a link was shared to any site's."""
    if name == "from":
        return value in _WECHAT_PLACES
    return name.lower() in ("ref", "referrer", "source") and (
        "." in value or value in ("rss", "feed")
    )
