"""What a figure is about: the measure (operating profit) and the subject (SoftBank) in the text's
own words, and a key of the measure that is equal in every language."""

import re

# key: surfaces; the longest that stands nearest before the number, else after it, is the measure.
_ROWS = """
operating profit: operating_profit operating_income 営業利益 营业利润 營業利益 营业利益 经营利润
operating profit: 營業利潤
operating margin: operating_margin 営業利益率 营业利润率 營業利益率
gross margin: gross_margin 粗利益率 毛利率
net profit: net_profit net_income net_earnings 純利益 最終利益 当期純利益 净利润 净利 淨利 淨利潤
net profit: 归母净利润 盈利 純益
net loss: net_loss 純損失 最終赤字 净亏损 淨損 亏损 虧損 赤字 純損益
revenue: revenue revenues sales turnover 売上高 売上収益 売り上げ 売上 营收 營收 营业收入 營業收入
revenue: 收入 销售额 銷售額
ordinary profit: ordinary_profit 経常利益
eps: EPS earnings_per_share 每股收益 每股盈餘 1株利益 每股盈利
dividend: dividend 配当 股息 末期息 派息
investment: investment invest capex capital_expenditure spending 投資額 投资额 投資 投资 設備投資
investment: 资本支出 資本支出
funding: raised funding round 調達 融资 募資 融資 募得
valuation: valuation valued 評価額 企業価値 估值
market cap: market_capitalization market_capitalisation market_cap market_value 時価総額 市值
share price: shares stock share_price 株価 股价 股價
price: price priced prices 価格 价格 價格 售价 售價 定价 房價
fee: fee subscription charges 料金 月額 订阅费 訂閱費 收费 收費
cost: cost costs 費用 コスト 成本 训练成本 訓練成本 人件費
jobs: jobs layoffs job_cuts 雇用 人員削減 解雇 裁员 裁員 就业 就業 岗位 崗位
headcount: headcount employees workforce staff 従業員 社員 员工 員工
users: users subscribers customers 利用者 会員 ユーザー 用户 用戶 顧客
capacity: capacity 容量 生産能力 产能 產能 装机 裝機 総容量 总装机
power: power power_consumption draws 消費電力 功耗 電力
bandwidth: bandwidth 帯域幅 带宽 頻寬
memory: memory メモリー メモリ 显存 記憶體 内存
parameters: parameters parameter パラメータ パラメーター 参数 參數
tokens: tokens token トークン 词元
pages: pages page ページ 页 頁
output: output production 生産 产量 產量 生産台数
shipments: shipments shipped deliveries delivered 出荷 交付 出货 出貨 納入
orders: order orders 受注 订单 訂單 注文
rate: interest_rate policy_rate rates 政策金利 金利 利率 殖利率 重貼現率
growth: growth 成長率 增长率 年增率 成長
share of market: market_share シェア 市场份额 市占率 市佔率
approval: support approval 支持 賛成
unemployment: unemployment 失業率 失业率
inflation: inflation CPI 物価 通胀 通膨
exports: exports export 輸出 出口
temperature: temperature 気温 气温 氣溫
sequence length: sequence_length シーケンス長 系列長 序列长度
batch size: batch_size バッチサイズ 批大小
context: context_window context_length コンテキスト長 上下文
area: area 面積 面积 占地
stake: stake 持股 出資比率 保有比率
buyback: buyback buy_back 自社株買い 回购 回購
fine: fine fined 制裁金 罚款 罰款
budget: budget 予算 预算 預算
deficit: deficit 赤字規模 赤字率
turnover of market: trading_volume 売買代金 成交额 成交額
speed: speed 速度
yield: yield yields 歩留まり 良率
"""
KEYS: dict[str, str] = {}
for _row in _ROWS.strip().splitlines():
    _key, _, _surfaces = _row.partition(": ")
    for _surface in _surfaces.split():
        KEYS.setdefault(_surface.replace("_", " ").lower(), _key)
_WORDS = re.compile(
    "|".join(
        rf"\b{re.escape(w)}\b" if w.isascii() else re.escape(w)
        for w in sorted(KEYS, key=len, reverse=True)
    ),
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[。；;！？!?\n]|\.(?=\s|$)|[,，、]")
_SUBJECT_LATIN = re.compile(r"\b[A-Z][\w&.-]*(?:'s)?(?: [A-Z][\w&.-]*)*")
_SUBJECT_CJK = re.compile(
    r"^[「『]?([^\s、。，,はがのもをにでと]{2,14}?)(?=は|が|の|、|，|，|宣布|发布|發布|表示"
    "|公布|年|当季|當季|第)"
)
_NOT_SUBJECT = frozenset(
    (
        "我々 私たち 我们 我們 弊社 同社 当社 The A An In On At It He She They We But And For "
        "Revenue Sales Shares Net Gross Operating Analysts Two Three Half Call Chapter While "
        "More Up Its This That"
    ).split()
)


def label(t: str, start: int, end: int) -> tuple[str, str]:
    """Measure and subject of the number at start..end, each "" where nothing tells it."""
    sentence = _sentence_start(t, start)
    before = t[max(sentence, start - 60) : start]
    found = max(_WORDS.finditer(before), key=lambda m: m.start(), default=None)
    if found is not None and re.search(r"\d\D*[、,，]", before[found.end() :]):
        found = None  # that word is what an earlier number is about
    if found is None:
        found = _WORDS.search(t, end, min(len(t), end + 24))
        if found is not None and _CLAUSE.search(t, end, found.start()):
            found = None
    return (found[0] if found else ""), _subject(t[sentence:start])


def _sentence_start(t: str, start: int) -> int:
    edge = max(t.rfind(mark, max(0, start - 400), start) for mark in "。！？\n")
    stop = max(t.rfind(". ", max(0, start - 400), start), t.rfind("; ", max(0, start - 400), start))
    return max(edge + 1, stop + 2 if stop >= 0 else 0, start - 400, 0)


def _subject(clause: str) -> str:
    """The first name of the sentence: Latin ones anywhere, CJK ones at its head."""
    cjk = _SUBJECT_CJK.match(clause.lstrip())
    if cjk is not None and cjk[1] not in _NOT_SUBJECT:
        return cjk[1]
    for name in _SUBJECT_LATIN.finditer(clause):
        words = name[0].removesuffix("'s")
        if words not in _NOT_SUBJECT and words.split()[0] not in _NOT_SUBJECT:
            return words
    return ""


def key(measure: str) -> str:
    """The measure's key, equal in all languages; the measure itself where it is not listed."""
    return KEYS.get(measure.lower(), measure.lower())


def found(body: str) -> frozenset[str]:
    """The keys of all measures that a text names."""
    return frozenset(key(m[0]) for m in _WORDS.finditer(body))
