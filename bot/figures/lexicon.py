"""The words of number and unit: what stands for which unit in which language.

A table row is ``unit: surface surface …``; an underscore stands for a blank. Surfaces are matched
longest first, Latin ones as whole words.
"""

from decimal import Decimal

from bot.facts import Lang


def table(rows: str) -> dict[str, str]:
    """The unit of each surface of a table."""
    found = {}
    for line in rows.strip().splitlines():
        unit, _, surfaces = line.strip().partition(": ")
        for surface in surfaces.split():
            found[surface.replace("_", " ")] = unit
    return found


# --- money -------------------------------------------------------------------------------------

MONEY_BEFORE = table("""
USD: US$ U.S.$ $ USD 美元 US_$
HKD: HK$ HKD 港幣 港币
TWD: NT$ NTD TWD 新台幣 新台币 新臺幣 台幣 台币
AUD: A$ AU$ AUD
CAD: C$ CA$ CAD
SGD: S$ SGD
BRL: R$ BRL
MXN: MX$
EUR: € EUR
GBP: £ GBP
JPY: JPY 日元
KRW: ₩ KRW
INR: ₹ Rs. Rs INR
CNY: RMB CNY CN¥ 人民币 人民幣
CHF: CHF Fr.
RUB: ₽
VND: ₫
THB: ฿
PHP: ₱
ILS: ₪
TRY: ₺
BTC: BTC
ETH: ETH
SEK: SEK
NOK: NOK
DKK: DKK
¥: ¥ ￥
""")
MONEY_CJK = table("""
USD: ドル どる 米ドル 美元 美金 USドル 美刀
HKD: 香港ドル 港元 港币 港幣 港紙
TWD: 台湾ドル 新台幣 新台币 台幣 台币 新台湾ドル 元新台幣 元台幣
AUD: 豪ドル オーストラリアドル 澳元 澳幣 澳币
CAD: カナダドル 加元 加幣 加拿大元
SGD: シンガポールドル 新加坡元 新元 新幣 坡元
EUR: ユーロ 欧元 歐元
GBP: 英ポンド ポンド 英镑 英鎊
JPY: 円 えん 日元 日圓 日币 日幣 日円
KRW: ウォン 韓国ウォン 韩元 韓元 韓圜 韩币 韓幣
INR: ルピー インドルピー 卢比 盧比 印度卢比 印度盧比
CNY: 人民元 元人民币 元人民幣 人民币 人民幣 块钱 塊人民幣
CHF: スイスフラン 瑞士法郎 瑞郎
RUB: ルーブル 卢布 盧布
THB: バーツ 泰铢 泰銖
VND: ドン 越南盾
IDR: ルピア 印尼盾 印尼卢比
PHP: フィリピンペソ 菲律宾比索 菲律賓披索
MYR: リンギット 林吉特 令吉
BRL: レアル 雷亚尔 雷亞爾
MXN: メキシコペソ 墨西哥比索 墨西哥披索
TRY: トルコリラ 土耳其里拉 里拉
ZAR: ランド 兰特
SAR: サウジリヤル 沙特里亚尔
AED: ディルハム 迪拉姆
SEK: スウェーデンクローナ 瑞典克朗
NOK: ノルウェークローネ 挪威克朗
DKK: デンマーククローネ 丹麦克朗
BTC: ビットコイン 枚比特币 個比特幣 比特币 比特幣
ETH: イーサ 枚以太币 以太币
元: 元 圓 块 塊
""")
MONEY_LATIN = table("""
USD: dollars dollar U.S._dollars US_dollars U.S._dollar US_dollar USD bucks
HKD: Hong_Kong_dollars HKD
TWD: Taiwan_dollars New_Taiwan_dollars Taiwanese_dollars TWD NTD
AUD: Australian_dollars AUD
CAD: Canadian_dollars CAD
SGD: Singapore_dollars SGD
EUR: euros euro EUR
GBP: pounds_sterling British_pounds GBP
JPY: yen JPY Japanese_yen
KRW: won KRW South_Korean_won Korean_won
INR: rupees rupee Indian_rupees INR
CNY: yuan renminbi RMB CNY Chinese_yuan
CHF: Swiss_francs francs CHF
RUB: rubles roubles Russian_rubles RUB
THB: baht THB
VND: dong VND
IDR: rupiah IDR
PHP: Philippine_pesos PHP
MYR: ringgit MYR
BRL: reais real BRL
MXN: Mexican_pesos pesos MXN
TRY: lira Turkish_lira TRY
ZAR: rand ZAR
SAR: riyals SAR
AED: dirhams AED
ILS: shekels ILS
SEK: Swedish_kronor kronor SEK
NOK: Norwegian_kroner NOK
DKK: Danish_kroner DKK
PLN: zlotys zloty PLN
BTC: bitcoins bitcoin BTC
ETH: ether ETH
""")
# Hundredths: (currency, factor). "" means the currency of the text.
SUBUNITS = {
    "cents": "USD",
    "cent": "USD",
    "セント": "USD",
    "美分": "USD",
    "銭": "JPY",
    "仙": "HKD",
    "港仙": "HKD",
    "便士": "GBP",
    "ペンス": "GBP",
    "pence": "GBP",
}
NATIVE: dict[Lang, tuple[str, str]] = {  # what 元 and ¥ mean
    "zh-Hans": ("CNY", "CNY"),
    "zh-Hant": ("TWD", "JPY"),
    "ja": ("CNY", "JPY"),
    "en": ("CNY", "JPY"),
}

# --- measures ----------------------------------------------------------------------------------

_PREFIXES = "KMGTPEZ"
MEASURE_LATIN = table("""
%: % percent per_cent pct percents percentage
‰: ‰
pp: percentage_points percentage_point percentage-point pct_points ppt pp points_of_percentage
bp: basis_points basis_point basis-point bps bp
x: x × times
year: years year years_old year_old -year-old -year yrs yr year-old
month: months month -month
week: weeks week -week
day: days day -day
hour: hours hour -hour hrs hr
minute: minutes minute -minute mins min
s: seconds second -second secs sec s
ms: milliseconds millisecond ms
us: microseconds microsecond µs μs us
ns: nanoseconds nanosecond ns
decade: decades decade
century: centuries century
quarter: quarters
nm: nanometers nanometer nanometres nanometre -nanometer -nanometre nm
um: micrometers micrometres microns micron µm μm um
mm: millimeters millimetres millimeter millimetre mm
cm: centimeters centimetres centimeter centimetre cm CM
m: meters metres meter metre -meter -metre m
km: kilometers kilometres kilometer kilometre -kilometer -kilometre km KM
ft: feet foot -foot ft
inch: inches inch -inch
yd: yards yard
mile: miles mile -mile
m2: square_meters square_metres square_meter square_metre sq_m m² m2 sqm
km2: square_kilometers square_kilometres sq_km km² km2
cm2: cm²
sqft: square_feet square_foot square-foot sq_ft
sqmi: square_miles square_mile
ha: hectares hectare ha
acre: acres acre -acre
m3: cubic_meters cubic_metres cubic_meter cubic_metre m³
L: liters litres liter litre L
mL: milliliters millilitres mL ml
barrel: barrels barrel -barrel bbl
gallon: gallons gallon
t: tons tonnes ton tonne metric_tons metric_tonnes t
kg: kilograms kilogram kilos kg KG
g: grams gram g
mg: milligrams milligram mg
lb: pounds pound lbs lb
oz: ounces ounce oz
km/h: km/h km/hr kmh kmph kph kilometers_per_hour kilometres_per_hour kilometers_an_hour
mph: mph miles_per_hour miles_an_hour
m/s: m/s meters_per_second metres_per_second
°C: °C ℃ degrees_Celsius degrees_Centigrade degree_Celsius deg_Celsius degrees_C deg_C Celsius
°F: °F ℉ degrees_Fahrenheit degree_Fahrenheit deg_Fahrenheit degrees_F deg_F Fahrenheit
K: kelvin
rpm: rpm
fps: fps frames_per_second
mAh: mAh
Ah: Ah
kW: kilowatts kilowatt kW
MW: megawatts megawatt -megawatt MW
GW: gigawatts gigawatt -gigawatt GW
TW: terawatts terawatt TW
W: watts watt -watt W
mW: milliwatts mW
kWh: kilowatt-hours kilowatt_hours kWh
MWh: megawatt-hours megawatt_hours MWh
GWh: gigawatt-hours gigawatt_hours GWh
TWh: terawatt-hours terawatt_hours TWh
Wh: watt-hours watt_hours Wh
V: volts volt V
kV: kilovolts kV
mV: mV
Hz: hertz Hz
kHz: kilohertz kHz
MHz: megahertz MHz
GHz: gigahertz GHz
THz: terahertz THz
J: joules J
kJ: kilojoules kJ
MJ: megajoules MJ
GJ: GJ
eV: eV
keV: keV
MeV: MeV
GeV: GeV
bit: bits bit -bit
KB: kilobytes kilobyte KB kB
MB: megabytes megabyte MB
GB: gigabytes gigabyte -gigabyte GB GiB
TB: terabytes terabyte -terabyte TB TiB
PB: petabytes petabyte PB
EB: exabytes exabyte EB
ZB: zettabytes zettabyte ZB
B: bytes byte
KB/s: KB/s KBps
MB/s: MB/s MBps megabytes_per_second megabytes_a_second
GB/s: GB/s GBps gigabytes_per_second gigabytes_a_second
TB/s: TB/s TBps terabytes_per_second terabytes_a_second
PB/s: PB/s petabytes_per_second
Kbps: Kbps kbps Kb/s kilobits_per_second
Mbps: Mbps Mb/s megabits_per_second Mbit/s
Gbps: Gbps Gb/s gigabits_per_second Gbit/s
Tbps: Tbps Tb/s terabits_per_second
Kbit: Kbit kilobits
Mbit: Mbit megabits Mb
Gbit: Gbit gigabits Gb
Tbit: Tbit terabits
GFLOPS: GFLOPS gigaflops GFLOP/s
TFLOPS: TFLOPS teraflops TFLOP/s teraflop
PFLOPS: PFLOPS petaflops PFLOP/s petaflop
EFLOPS: EFLOPS exaflops EFLOP/s exaflop
ZFLOPS: ZFLOPS zettaflops
FLOP: FLOPs FLOP floating-point_operations floating_point_operations
TFLOP: TFLOPs
PFLOP: PFLOPs
TOPS: TOPS
GOPS: GOPS
POPS: POPS
""")
# A time of one second, a metre, a ton or a gram is told from other things only right after digits.
SHY = frozenset("s m t g L V W J min sec x × K".split())
MEASURE_CJK = table("""
%: % パーセント プロ 個百分比
‰: ‰
pp: 个百分点 個百分點 百分点 百分點 パーセントポイント ％ポイント %ポイント
bp: 个基点 個基點 基点 基點 ベーシスポイント
ポイント: ポイント
キロ: キロ
x: 倍
year: 年間 年 歳 才 岁 歲 周年 週年
month: カ月 か月 ヶ月 ヵ月 ケ月 カ月間 か月間 ヶ月間 个月 個月 箇月
week: 週間 星期 个星期 個星期 个礼拜 個禮拜 周 週 周间
day: 日間 日 天 昼夜
hour: 時間 小时 小時 个小时 個小時 個鐘頭
minute: 分間 分钟 分鐘 分
s: 秒間 秒 秒钟 秒鐘
ms: ミリ秒 毫秒
us: マイクロ秒 微秒
ns: ナノ秒 纳秒 奈秒
century: 世紀 个世纪 個世紀
quarter: 四半期 个季度 個季度
nm: ナノメートル ナノ 纳米 奈米
um: マイクロメートル ミクロン 微米
mm: ミリメートル ミリ 毫米 公釐
cm: センチメートル センチ 厘米 公分
m: メートル 米 公尺
km: キロメートル 公里 千米
ft: フィート 英尺 英呎
inch: インチ 英寸 英吋 吋
mile: マイル 英里 英哩
m2: 平方メートル 平方米 平方公尺 平米 ㎡
km2: 平方キロメートル 平方キロ 平方公里 ㎢
ha: ヘクタール 公顷 公頃
acre: エーカー 英亩 英畝
mu: 亩 畝
坪: 坪
m3: 立方メートル 立方米 立方公尺 ㎥
L: リットル 升 公升
mL: ミリリットル 毫升
barrel: バレル 桶
gallon: ガロン 加仑 加侖
t: トン メートルトン 吨 噸 公吨 公噸
kg: キログラム 公斤 千克
g: グラム 克 公克
mg: ミリグラム 毫克
jin: 斤
lb: 磅
oz: オンス 盎司
°C: 摄氏度 攝氏度 ℃ °C
°F: 华氏度 華氏度 ℉
mAh: 毫安时 毫安時 ミリアンペア時
kW: キロワット 千瓦 瓩
MW: メガワット 兆瓦 百萬瓦
GW: ギガワット 吉瓦 十億瓦
TW: テラワット 太瓦
W: ワット 瓦特 瓦
kWh: キロワット時 千瓦时 千瓦時 度电 度電
MWh: メガワット時 兆瓦时 兆瓦時
GWh: ギガワット時 吉瓦时 吉瓦時
TWh: テラワット時 太瓦时 太瓦時
Wh: ワット時 瓦时 瓦時
V: ボルト 伏特 伏
kV: キロボルト 千伏
Hz: ヘルツ 赫兹 赫茲
kHz: キロヘルツ 千赫
MHz: メガヘルツ 兆赫 兆赫兹
GHz: ギガヘルツ 吉赫 吉赫兹
bit: ビット 比特 位元
KB: キロバイト 千字节
MB: メガバイト 兆字节 百万字节
GB: ギガバイト 吉字节
TB: テラバイト 太字节
PB: ペタバイト 拍字节
EB: エクサバイト 艾字节
B: バイト 字节 位元組
Mbps: メガビット 兆比特
Gbps: ギガビット 吉比特
TFLOPS: テラフロップス
PFLOPS: ペタフロップス
EFLOPS: エクサフロップス
""")

# --- counted things ----------------------------------------------------------------------------

# Classifiers: what they count by themselves; a noun after them may say more.
CLASSIFIERS = table("""
person: 人次 人份 人 名 位 口 人家 用户 用戶 ユーザー
company: 社 家 间 公司
country: カ国 か国 ヶ国 ヵ国 ケ国 国 國
household: 世帯 户 戶 軒 戸
device: 台 臺 部 号机
vehicle: 辆 輛 両
page: ページ 页 頁 頁面
share: 株 股
store: 店舗 店
case: 件 起 宗 例 筆
count: 个 個 つ コ 枚 张 張 项 項 種類 種 种 片 篇 单 單 本 条 條 枝 支 只 隻 頭 匹 羽 冊 册 棟 栋
count: 座 所 箇所 カ所
count: か所 ヶ所 ヵ所 カ所 曲 作 作品 話 回 度目 次 套 块 塊 顆 颗 粒 艘 架 门 門 份 基 機 隻 便 校
count: 足 双 雙 団体 組 组 席 議席 票
point: 点 點
count: 品目 試合 区 區 路線 路 施設 都市 処 处 层 層 階 文字 字 輪 轮 批次 批 场 場 届 屆 班 間房 把
count: 根 对 對 対 两 兩
count: 株樹 棵 朵 幅 首 句 段 章
count: 枠 口座 案件 件数 アカウント 球 打席 勝 敗 本塁打 得点 冠 隊 队 艇 床 病床 室 戸建て
token: トークン token Token tokens 词元 詞元
parameter: パラメータ パラメーター 参数 參數
chip: チップ 芯片 晶片
server: サーバー
model: モデル
satellite: 衛星
word: 単語 語 词 詞
language: 言語
""")
# Nouns that stand inside an English span: 300 engineers.
NOUNS_LATIN = table("""
person: people person persons employees employee workers worker staff engineers engineer
person: users user customers customer subscribers subscriber jobs job
company: companies company firms firm startups startup
country: countries country
household: homes households household
vehicle: vehicles vehicle cars car EVs
device: units unit phones smartphones devices smartphone phone device
chip: chips chip GPUs GPU TPUs TPU accelerators accelerator processors processor
token: tokens token -token
parameter: parameters parameter -parameter params
page: pages page -page
share: shares share
store: stores store shops shop
server: servers server
satellite: satellites satellite
datacenter: datacenters data_centers data_centres
model: models
word: words
language: languages
point: points point -point
count: dozens
count: teaspoons teaspoon tablespoons tablespoon tsp tbsp cups cup
""")
# Nouns that only tell what is counted and stay outside the span: 1,000 creditors.
NOUNS_BEYOND = table("""
person: staffers researchers developers students teachers residents passengers patients members
person: soldiers visitors tourists followers drivers doctors scientists migrants refugees others
person: children adults women men voters consumers investors shareholders readers viewers players
person: fans officers troops fatalities deaths victims immigrants positions roles hires guests
person: participants applicants graduates volunteers protesters farmers nurses pupils respondents
company: businesses banks suppliers manufacturers automakers vendors carmakers
country: nations
household: families
vehicle: trucks buses SUVs motorcycles
device: handsets iPhones tablets laptops PCs consoles robots headsets drones machines
chip: semiconductors
store: outlets restaurants branches
image: images photos pictures
case: deals cases
""")
NOUNS_CJK = table("""
token: トークン token Token 词元 詞元
parameter: パラメータ パラメーター 参数 參數
chip: チップ 芯片 晶片 GPU TPU 半導体 加速器 アクセラレータ アクセラレーター プロセッサ 处理器
chip: 處理器 显卡 H100 A100 H200 H800 B200 GB200 GB300 A800 昇腾 910C
country: 国家 國家
company: 企業 企业 公司 会社 銀行 银行 上市公司 スタートアップ
person: 学生 學生 教师 教師 員工 员工 用户 用戶 使用者 ユーザー 工程师 工程師 従業員 人員 人员 会員
person: 會員 学童 學童 就业 就業 岗位 崗位 職缺
household: 家庭 世帯
vehicle: 車 车 汽车 汽車 EV 電気自動車 电动车 電動車 自動車 乘用车 トラック 新能源
device: 手机 手機 スマホ スマートフォン 端末 设备 設備 ロボット 机器人 機器人 无人机
server: サーバー 服务器 伺服器
satellite: 衛星 卫星
store: 门店 門市 店舗 商店 餐厅
page: ページ 页 頁
model: モデル 模型
image: 画像 图片 圖片
word: 单词 單詞 単語
language: 语言 語言 言語
datacenter: データセンター 数据中心 資料中心
case: 案件 訴訟 合同 契約
parameter: 參數量 参数量
""")
# What a bare number is a count of, told by the words before it.
MEASURES_BEFORE = table("""
parameter: 参数量 參數量 参数 參數 パラメータ数 パラメーター数 parameters parameter_count
person: 人数 人數 员工 員工 従業員数 用户数 用戶數 用户 利用者数 headcount workforce population 人口
person: 会員数 会员 staff
token: トークン数 token数 コンテキスト長 上下文 context_window context
vehicle: 销量 銷量 販売台数 交付量
""")

# --- numbers in words --------------------------------------------------------------------------

CJK_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {
    "零": 0,
    "两": 2,
    "兩": 2,
    "壱": 1,
    "弐": 2,
}
CJK_TENS = {"十": 10, "百": 100, "千": 1000}
CJK_MYRIADS = {
    "万": 10**4,
    "萬": 10**4,
    "億": 10**8,
    "亿": 10**8,
    "兆": 10**12,
    "京": 10**16,
}
ENGLISH_ONES = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen".split()
    )
} | {"nought": 0, "naught": 0}
ENGLISH_TENS = {
    word: 10 * number
    for number, word in enumerate(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(), 2
    )
}
ENGLISH_SCALES = {
    "hundred": 10**2,
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
    "quadrillion": 10**15,
    "lakh": 10**5,
    "crore": 10**7,
    "dozen": 12,
}
ENGLISH_SUFFIXES = {
    "k": 10**3,
    "K": 10**3,
    "m": 10**6,
    "M": 10**6,
    "mn": 10**6,
    "mln": 10**6,
    "mm": 10**6,
    "b": 10**9,
    "B": 10**9,
    "bn": 10**9,
    "bln": 10**9,
    "t": 10**12,
    "T": 10**12,
    "tn": 10**12,
    "tln": 10**12,
    "mil": 10**6,
    "MM": 10**6,
    "trn": 10**12,
}
FRACTIONS = {
    "half": Decimal("0.5"),
    "halve": Decimal("0.5"),
    "third": Decimal(1) / 3,
    "quarter": Decimal("0.25"),
    "fourth": Decimal("0.25"),
    "fifth": Decimal("0.2"),
    "sixth": Decimal(1) / 6,
    "seventh": Decimal(1) / 7,
    "eighth": Decimal("0.125"),
    "ninth": Decimal(1) / 9,
    "tenth": Decimal("0.1"),
    "hundredth": Decimal("0.01"),
    "thousandth": Decimal("0.001"),
    "millionth": Decimal("0.000001"),
    "billionth": Decimal("0.000000001"),
    "trillionth": Decimal("0.000000000001"),
}
