"""What a figure is about: the measure (operating profit) and the subject (SoftBank) in the text's
own words, and a key of the measure that is equal in every language."""

import re
from collections.abc import Iterator

from bot.figures.lexicon import table
from bot.figures.patterns import Late
from bot.figures.subjects import subject

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
jobs: jobs layoffs job_cuts 雇用 人員削減 解雇 裁员 裁員 就业 就業 岗位 崗位 職缺
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
deaths: killed killing deaths death_toll died dead 死者 死亡 犠牲者 遇难 罹難 遇難
injuries: injured injuries hurt wounded 負傷者 負傷 けが人 受伤 受傷 伤者 傷者
purchase: buy buying bought acquire acquired acquisition takeover 買収額 買収 收购 收購 併購 并购
unit sales: sold 販売台数 販売数 销量 銷量 售出 賣出 卖出
gdp: GDP 国内総生産 国内生产总值 國內生產總值
import: imports 輸入 进口 進口
trade balance: trade_surplus trade_deficit 出超 入超 貿易黒字 貿易赤字 贸易顺差 貿易順差
premium: premium 溢价 溢價 上乗せ
range: range 续航 續航 航続距離
oil price: Brent WTI crude 原油 布伦特 布蘭特
yield: yield yields 歩留まり 良率
"""
KEYS: dict[str, str] = {}
for _row in _ROWS.strip().splitlines():
    _key, _, _surfaces = _row.partition(": ")
    for _surface in _surfaces.split():
        KEYS.setdefault(_surface.replace("_", " ").lower(), _key)
# Countable things: their names in all languages, for telling two counts apart.
THINGS = table("""
robot: robots robot ロボット 机器人 機器人
warehouse: warehouses warehouse 倉庫 仓库
factory: factories factory plants 工場 工厂 工廠
store: stores store shops shop outlets 店舗 門店 门店 門市 商店
school: schools school 学校 學校 保育所
hospital: hospitals hospital 病院 医院 醫院
employee: employees employee workers staff 従業員 社員 员工 員工
engineer: engineers engineer エンジニア 技術者 工程师 工程師
customer: customers customer 顧客 客户 客戶
user: users user 利用者 ユーザー 用户 用戶
developer: developers developer 開発者 开发者 開發者
student: students student 学生 學生
household: households homes 世帯 家庭
turbine: turbines turbine 風車 风机 風機 机组 機組
satellite: satellites satellite 衛星 卫星
aircraft: aircraft planes jets 航空機 旅客機 飞机 飛機
ship: ships vessels 船 船舶 船只
train: trains 列車 列车
car: cars vehicles 自動車 汽车 汽車 轿车
bus: buses バス 公交车 巴士
phone: phones smartphones スマートフォン スマホ 手机 手機
server: servers サーバー 服务器 伺服器
company: companies firms 企業 会社 企业 公司
bank: banks 銀行 银行
country: countries nations カ国 国家 國家
city: cities 都市 城市
token: tokens トークン 词元
parameter: parameters パラメータ パラメーター 参数 參數
page: pages ページ
patent: patents 特許 专利 專利
station: stations 駅 车站 車站
""")
_THING_LATIN = Late(
    rf"\b(?:{'|'.join(sorted((w for w in THINGS if w.isascii()), key=len, reverse=True))})\b",
    re.IGNORECASE,
)
_THING_CJK = Late("|".join(sorted((w for w in THINGS if not w.isascii()), key=len, reverse=True)))


def thing_in(words: str) -> str:
    """The key of the last thing that a noun phrase names, "" where it names none listed."""
    found = [*_THING_LATIN.finditer(words), *_THING_CJK.finditer(words)]
    last = max(found, key=lambda m: m.end(), default=None)
    return "" if last is None else THINGS[last[0].lower()]


def thing_around(before: str, after: str) -> str:
    """The key of the thing right behind a number (34カ所の物流倉庫), else right before it
    (搬送ロボット1万2,000台)."""
    behind = _BEHIND.match(after)
    if behind is not None and (key := thing_in(behind[1])):
        return key
    last = max(_THING_CJK.finditer(before), key=lambda m: m.end(), default=None)
    return THINGS[last[0]] if last is not None and last.end() == len(before) else ""


_BEHIND = Late(r"[のな的]?\s?([^\s、。，,；;をにはがでと和与與]{1,10})")
_LATIN_WORDS = Late(
    rf"\b(?:{'|'.join(sorted((w for w in KEYS if w.isascii()), key=len, reverse=True))})\b",
    re.IGNORECASE,
)
_CJK_KEYS = sorted((w for w in KEYS if not w.isascii()), key=len, reverse=True)
_CJK_WORDS = Late(f"(?=[{''.join(sorted({w[0] for w in _CJK_KEYS}))}])(?:{'|'.join(_CJK_KEYS)})")
_LETTER = Late("[A-Za-z]")
_CLAUSE = Late(r"[。；;！？!?\n]|\.(?=\s|$)|[,，、]")
# Counted nouns that are the measure themselves: create 1,500 jobs.
_OWN = {"jobs": "jobs", "job": "jobs", "positions": "jobs", "roles": "jobs"}


def label(t: str, start: int, end: int) -> tuple[str, str]:
    """Measure and subject of the number at start..end, each "" where nothing tells it."""
    sentence = _sentence_start(t, start)
    before = t[max(sentence, start - 60) : start]
    found = max(_free(before), key=lambda m: m.start(), default=None)
    if found is not None and re.search(r"\d\D*[、,，]", before[found.end() :]):
        found = None  # that word is what an earlier number is about
    if found is None:
        behind = t[end : end + 24]
        found = min(_named(behind), key=lambda m: m.start(), default=None)
        if found is not None and (
            _CLAUSE.search(behind, 0, found.start()) or _NEXT.match(t, end + found.end())
        ):
            found = None
    found = _suffered(t, end) or found
    measure = found[0] if found else _OWN.get(t[start:end].rpartition(" ")[2].lower(), "")
    return measure, subject(t[sentence:start], _CJK_WORDS, KEYS)


# A measure with a number of its own: with a sequence length of 8,192.
_NEXT = Late(r"(?: of| is| was|:|は|が|为|為|：)? ?[\d$€£¥]")
_COUNTED = Late(r"\d[ ]?$")


def _free(before: str) -> Iterator["re.Match[str]"]:
    """The measures before a number that are not what an earlier number counts: 1,500 jobs."""
    return (m for m in _named(before) if not _COUNTED.search(before, 0, m.start()))


# Who is hurt stands before what befell them: 240人が負傷, 19 were killed.
_BEFELL = Late(
    r"(?: people| workers| others)? (?:were |was |are |have been |had been )?"
    r"(?=(?:killed|injured|hurt|wounded|dead|died)\b)|(?:以上|余り|余|多)?が?(?=死亡|負傷|遇难|罹難|遇難|受伤|受傷)"
)


def _suffered(t: str, end: int) -> "re.Match[str] | None":
    befell = _BEFELL.match(t, end)
    return next(_named(t[befell.end() : befell.end() + 8]), None) if befell else None


def _named(body: str) -> Iterator["re.Match[str]"]:
    """The measures that a text names."""
    if not body.isascii():
        yield from _CJK_WORDS.finditer(body)
    if _LETTER.search(body):
        yield from _LATIN_WORDS.finditer(body)


def _sentence_start(t: str, start: int) -> int:
    edge = max(t.rfind(mark, max(0, start - 400), start) for mark in "。！？\n")
    stop = max(t.rfind(". ", max(0, start - 400), start), t.rfind("; ", max(0, start - 400), start))
    return max(edge + 1, stop + 2 if stop >= 0 else 0, start - 400, 0)


def key(measure: str) -> str:
    """The measure's key, equal in all languages; the measure itself where it is not listed."""
    return KEYS.get(measure.lower(), measure.lower())
