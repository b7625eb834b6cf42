"""What words mean across languages: fleet, aircraft, 機体 and 飞机 are one thing that may be asked.

A small table of the nouns and verbs of news, in the four languages. It carries a question into
articles of another language where no sentence vectors are at hand, and over synonyms in its own.
"""

import re
from functools import lru_cache

from bot import text

# key: English (blanks as _) | Japanese | Chinese, both scripts. Verbs and nouns of one act are one
# concept. Words of one character, and words with several everyday senses, are left out.
_ROWS = """
chip: chip gpu tpu accelerator processor | チップ プロセッサー | 芯片 晶片 处理器 處理器
semiconductor: semiconductor semi | 半導体 | 半导体 半導體
token: token | トークン | 词元 詞元
parameter: parameter | パラメータ パラメーター | 参数 參數
page: page | ページ | 页 頁
model: model | モデル | 模型
training: train training trained | 学習 トレーニング 訓練 | 训练 訓練
context: context context_window | 文脈長 コンテキスト | 上下文 语境
robot: robot | ロボット | 机器人 機器人
software: software app application | ソフトウエア ソフトウェア アプリ | 软件 軟體 应用程序
network: network | ネットワーク | 网络 網路
hacker: hacker hack attacker | ハッカー | 黑客 駭客
breach: breach leak stolen theft steal | 漏えい 流出 盗難 盗まれ | 泄露 洩露 外洩 被盗 被盜 失窃
data: data record | データ 記録 個人情報 | 数据 數據 資料 记录 記錄
cloud: cloud | クラウド | 云服务 雲端 云计算
datacenter: data_center data_centre datacenter | データセンター | 数据中心 資料中心 數據中心
on-device: on_device edge | 端末 端末側 | 端侧 终端 端側 終端
server: server | サーバー | 服务器 伺服器 服務器
bonus: bonus | ボーナス 賞与 | 奖金 獎金
phone: phone smartphone handset | スマートフォン スマホ 携帯電話 | 手机 手機 智能手机
developer: developer programmer | 開発者 | 开发者 開發者
user: user subscriber customer | 利用者 ユーザー 会員 顧客 | 用户 用戶 客户 客戶 顾客
employee: employee staff workforce worker headcount
employee: | 従業員 社員 職員 スタッフ | 员工 員工 雇员 職員 职工
job: job employment employ hire | 雇用 働き口 採用 | 就业 就業 岗位 崗位 雇用 招聘
layoff: layoff lay_off job_cut cut_job fire | 人員削減 解雇 リストラ | 裁员 裁員
patient: patient | 患者 | 患者 病人
trial: clinical_trial trial | 治験 臨床試験 | 临床试验 臨床試驗
test: test exam benchmark | 試験 テスト | 测试 測試 考试
drug: drug medicine | 新薬 薬 抗がん剤 医薬品 | 新药 新藥 药物 藥物
cancer: cancer tumor tumour | がん 腫瘍 | 癌 肿瘤 腫瘤
side effect: side_effect adverse | 副作用 | 副作用
hospital: hospital clinic | 病院 クリニック | 医院 醫院 诊所 診所
doctor: doctor physician | 医師 | 医生 醫生
vaccine: vaccine | ワクチン | 疫苗
virus: virus infection disease outbreak | ウイルス 感染 病気 | 病毒 感染 疾病
child: child children kid infant | 児童 子ども 子供 | 儿童 兒童 孩子
nursery: nursery daycare kindergarten child_care childcare
nursery: | 保育所 保育園 | 托儿所 托兒所 幼儿园 幼兒園
waiting list: waiting_list wait_list | 待機児童 待機 | 待机儿童 轮候 等候
teacher: teacher | 教員 教師 先生 保育士 | 教师 教師 老师 老師 保育员
student: student pupil | 学生 生徒 | 学生 學生
school: school university college | 学校 大学 | 学校 學校 大学 大學
population: population inhabitant resident live_in people_live | 人口 住民 | 人口 居民
age: age old | 年齢 歳 | 年龄 年齡 岁 歲
household: household home family families | 世帯 家庭 | 户家庭 住户 家庭 家庭用电 用户家庭
house: house housing apartment rent | 住宅 家賃 マンション | 房屋 住房 住宅 房价 房價 租金
company: company firm companies | 会社 企業 社が | 公司 企业 企業
bank: bank lender | 銀行 | 银行 銀行
loan: loan lend lent borrow | 融資 貸し付け ローン 借り入れ | 贷款 貸款 融资 融資 借款
interest: interest_rate policy_rate annual_rate interest | 金利 利率 利息 | 利率 利息
bond: bond note_issue | 債券 社債 国債 | 债券 債券 国债
funding: funding fund raise raised | 調達 資金調達 | 融资 募资 募資 筹资
valuation: valuation valued_at | 評価額 企業価値 | 估值 估價
market value: market_cap market_capitalization market_capitalisation market_value
market value: | 時価総額 | 市值 總市值
share price: share_price stock_price share stock | 株価 株式 | 股价 股價 股票
dividend: dividend payout | 配当 | 股息 分红 股利 派息
buyback: buyback buy_back repurchase | 自社株買い | 回购 回購 庫藏股
eps: earnings_per_share eps | 1株利益 1株当たり利益 | 每股收益 每股盈餘 每股盈利
ipo: ipo initial_public_offering listing go_public | 上場 新規株式公開 | 上市 首次公开募股 掛牌
acquisition: acquire acquisition takeover buy_out merge merger
acquisition: | 買収 合併 | 收购 收購 并购 併購 合并
stake: stake shareholding shareholder owner own | 出資比率 株主 持ち株 出資 | 股东 股東 持股 股份
revenue: revenue turnover sales
revenue: | 売上高 売上収益 売り上げ 売上 | 营收 營收 营业收入 營業收入 销售额 銷售額 收入
operating profit: operating_profit operating_income | 営業利益 | 营业利润 營業利益 营业利益
net profit: net_profit net_income profit earn
net profit: | 純利益 最終利益 当期利益 | 净利润 淨利潤 净利 淨利 利润 利潤
loss: net_loss loss losses | 赤字 純損失 損失 | 亏损 虧損
operating margin: operating_margin | 営業利益率 | 营业利润率 營業利益率
gross margin: gross_margin margin | 粗利益率 粗利率 売上総利益率 | 毛利率
r&d: r&d research_and_development research_spending | 研究開発費 研究開発 | 研发 研發
cash: cash | 現金 手元資金 | 现金 現金
debt: debt liability liabilities | 負債 債務 借金 | 负债 負債 债务 債務
asset: asset | 資産 | 资产 資產
cost: cost expense spend spent burn expenditure
cost: | 費用 コスト 経費 支出 | 成本 费用 費用 支出 花费 花費
labour cost: labor_cost labour_cost personnel_cost | 人件費 | 人工成本 人力成本 人事費
investment: invest investment capex capital_expenditure
investment: | 投資 投じる 設備投資 投資額 | 投资 投資 斥资 斥資
price: price pricing cost_per | 価格 値段 値下げ 値上げ | 价格 價格 售价 售價 定价 降价 涨价
fare: fare ticket | 運賃 料金 切符 | 票价 票價 车费
wage: wage salary pay_raise pay salaries | 給与 賃金 給料 報酬 | 工资 薪资 薪資 工資 薪水 薪酬
tax: tax | 税 税金 | 税收 稅收 纳税
tariff: tariff duty duties | 関税 | 关税 關稅
subsidy: subsidy subsidies state_aid support aid grant
subsidy: | 補助 助成 支援 補助金 | 补贴 補貼 补助 補助 资助
budget: budget | 予算 | 预算 預算
fine: fine penalty penalties fined | 罰金 制裁金 課徴金 反則金 | 罚款 罰款 罚金
lawsuit: lawsuit sue court trial_court judge | 訴訟 裁判 提訴 | 诉讼 訴訟 起诉 法院
damage: damage casualty casualties victim injured killed dead death
damage: | 被害 死者 負傷 犠牲 | 死亡 伤亡 傷亡 受灾 受伤
storm: storm typhoon hurricane flood | 台風 洪水 豪雨 | 台风 颱風 洪水 暴雨
earthquake: earthquake quake | 地震 | 地震
inflation: inflation consumer_price | 物価 インフレ | 通胀 通膨 物价 物價
unemployment: unemployment jobless | 失業 | 失业 失業
gdp: gdp economic_growth | 国内総生産 経済成長 | 国内生产总值 经济增长
growth: growth grow rise rose increase gain up_from year_on_year
growth: | 成長 増加 増え 前年比 伸び 上昇 | 增长 增長 上升 成长 成長 同比 年增 上涨 上漲
fall: fall fell decrease decline drop shrink shrank reduce reduction cut lower down
fall: | 減少 減り 減る 減ら 減った 削減 下落 縮小 短縮 引き下げ 値下げ 下げ 少ない 安く
fall: | 减少 減少 下降 下跌 缩小 縮短 缩短 下调 下調 降低 削减 減
raise up: raise_wage hike raise | 引き上げ 値上げ 上げる 上がり | 上调 調升 提高 提升 涨价
more than last year: higher_than compared_with
more than last year: | 上回 前年より 前世代 | 比去年 比上年 比上一代 去年同期 较上年
order: order contract deal | 受注 発注 注文 契約 | 订单 訂單 订购 合約 合同
worth: worth value | 相当 価値 | 价值 價值
option: option | オプション | 期权 選擇權 选购权
delivery: deliver delivery deliveries handover | 納入 引き渡し 納車 出荷 | 交付 交车 交車 交货
shipment: ship shipment | 出荷 | 出货 出貨
production: produce production output manufacture make mass_production turn_out
production: | 生産 製造 量産 | 生产 生產 量产 產量 产量 制造 製造
plant: plant factory factories site | 工場 製作所 敷地 | 工厂 工廠 新厂 新廠 厂房
warehouse: warehouse | 倉庫 | 仓库 倉庫
store: store shop outlet showroom | 店舗 店 | 门店 門市 商店 店面
start: start begin open launch operate operation opening
start: | 開始 始め 稼働 開業 開通 始まる 発売 | 开始 開始 启动 启用 投产 开通 開通 上市 推出
end: end finish complete completion | 終了 完成 終わ | 结束 完成 完工 竣工 建成
found: found founded founder establish | 設立 創業 創業者 創設 | 创立 创办 创始人 成立 創辦 創辦人
headquarters: headquarters based_in headquartered head_office based
headquarters: | 本社 本部 拠点 | 总部 總部 本部
plan: plan forecast expect outlook guidance target
plan: | 計画 見通し 予想 見込み 見込む 目標 | 预计 預計 预期 計畫 计划 预测 预估 預估 目标 目標
announcement: announce announcement | 発表 公表 | 宣布 发布 公布 發布
purchase: purchase | 購入 | 购买 購買 采购
introduce: introduce install deploy put_into | 導入 設置 配備 | 引进 引入 部署 导入 安装
supply: supply supplier power_home provide
supply: | 供給 賄う まかなう 調達する | 供应 供應 供电 提供 可满足 满足
aircraft: aircraft airplane plane jet fleet airliner
aircraft: | 航空機 旅客機 機体 飛行機 保有機 ジェット機 | 飞机 飛機 客机 客機 机队 機隊
airline: airline carrier | 航空会社 | 航空公司
airport: airport | 空港 | 机场 機場
pilot: pilot | パイロット 操縦士 | 飞行员 飛行員 机师
passenger: passenger ridership rider commuter traveller | 乗客 旅客 利用客 | 乘客 旅客 客流
cost: | 総投資 総事業費 建設費 | 造价 造價 总投资 總投資
train: metro_line subway_line railway rail metro subway train_line
train: | 鉄道 地下鉄 列車 電車 | 地铁 地鐵 铁路 鐵路 列车 列車 轨道交通
station: station | 駅 | 车站 車站
vehicle: vehicle car auto automobile | 自動車 車両 乗用車 新車 | 汽车 汽車 车辆 車輛 新车 辆车
electric vehicle: electric_vehicle ev electric_car | 電気自動車 | 电动车 電動車 电动汽车
ship vessel: vessel tanker | 船舶 タンカー | 船舶 货轮
battery: battery batteries cell | 電池 蓄電池 バッテリー | 电池 電池 储能
turbine: turbine wind_turbine | 風力発電機 風車 タービン | 机组 風機 风机 涡轮
wind: wind_farm wind_power wind | 風力 風力発電 洋上風力 | 风电 風電 风场 風場
solar: solar | 太陽光 太陽電池 | 太阳能 太陽能 光伏
nuclear: nuclear reactor | 原子力 原発 | 核电 核電 核能
electricity: electricity power energy_use electric
electricity: | 電力 電気 消費電力 使用電力 | 电力 電力 用电 用電 电量
capacity: capacity | 容量 能力 発電容量 設備容量 出力 | 容量 产能 產能 装机 裝機
emission: emission carbon co2 | 排出 二酸化炭素 | 排放 二氧化碳 碳排
oil: oil crude | 原油 石油 | 原油 石油
gas: natural_gas lng | 天然ガス | 天然气 天然氣
grid: grid | 送電網 系統 | 电网 電網
wafer: wafer | ウエハー ウェハー | 晶圆 晶圓
process node: process nanometer nanometre | 製造プロセス ナノメートル | 制程 製程 纳米 奈米
memory: memory hbm dram | メモリー メモリ | 内存 記憶體 存储
construction: construction build building | 建設 工事 建てる | 建设 建設 兴建 興建 施工 工程
area: area hectare land | 面積 敷地 ヘクタール | 面积 面積 占地 公顷
length: long length kilometer kilometre distance | 長さ 全長 距離 延長 | 全长 全長 长度 長度 距离
speed: speed fast | 速度 時速 | 速度 时速 時速
weight: weigh weight heavy | 重さ 重量 | 重量 多重
depth: depth deep | 水深 深さ | 水深 深度
height: height tall | 高さ | 高度 多高
temperature: temperature degree | 気温 温度 | 气温 氣溫 温度
interval: interval frequency every_minute headway | 間隔 | 间隔 間隔 班距
peak: peak rush_hour | ピーク ラッシュ | 高峰 尖峰 峰值
cash flow: cash_flow | キャッシュフロー | 现金流 現金流
share of: market_share | シェア 市場占有率 | 市场份额 市占率 市佔率
vote: vote election ballot poll | 投票 選挙 得票 | 投票 选举 選舉
approval: approval approve | 支持率 承認 | 支持率 批准
minister: minister president_of_country premier prime_minister
minister: | 首相 大臣 総理 | 总理 總理 部长 部長 首相
mayor: mayor | 市長 町長 | 市长 市長
governor: governor | 知事 総裁 | 行长 行長 省长 州长
ceo: ceo chief_executive president boss
ceo: | 社長 最高経営責任者 代表取締役 | 首席执行官 執行長 总裁 總裁 总经理 總經理
chairman: chairman chair chairwoman | 会長 董事長 | 董事长 董事長 主席
cfo: cfo chief_financial_officer finance_chief
cfo: | 最高財務責任者 財務責任者 | 首席财务官 財務長 财务总监
engineer: engineer chief_engineer | 技術者 技師 エンジニア | 工程师 工程師
analyst: analyst | アナリスト | 分析师 分析師
spokesperson: spokesman spokeswoman spokesperson | 広報担当 報道官 | 发言人 發言人
researcher: researcher scientist | 研究者 科学者 | 研究员 科学家 研究人員
author: author writer written_by | 著者 筆者 | 作者
name: name | 名前 名称 | 名字 名称 名稱 叫什么
government: government state | 政府 国は | 政府
country: country countries nation | 国 カ国 | 国家 國家
city: city cities town | 市 町 都市 | 城市 市区
prize: prize award | 賞 受賞 | 奖 獎
goal: score goal point_scored | 得点 点差 | 得分 进球
team: team club | チーム | 球队 球隊
satellite: satellite rocket launch_vehicle | 衛星 ロケット | 卫星 衛星 火箭
tourist: tourist visitor tourism | 観光客 訪日客 旅行者 | 游客 遊客 旅客
export: export | 輸出 | 出口
import: import | 輸入 | 进口 進口
report: report paper document filing | 報告書 論文 決算資料 資料 | 报告 報告 论文 論文
license: license licence licensed permit | 免許 許可 認可 | 许可 許可 执照 认可 認可 认证
customer complaint: complaint recall defect | 苦情 リコール 欠陥 | 投诉 召回 缺陷
accident: accident crash collision | 事故 衝突 墜落 | 事故 坠毁 相撞
product: product goods | 製品 商品 | 产品 產品 商品
service: service | サービス | 服务 服務
cause: cause reason | 原因 理由 | 原因
monitoring: credit_monitoring monitor | 信用監視 監視 | 信用监控 監控 监测
time: work_time working_hour hours | 作業時間 労働時間 | 工作时间 工時 作业时间
sequence: sequence_length | シーケンス長 系列長 | 序列长度
batch: batch_size | バッチサイズ | 批大小
bid: bid tender bidder | 入札 | 投标 投標 竞标
quarter: quarter quarterly | 四半期 | 季度 三季 四季 二季 一季 季財報
security: safety security review | 安全 審査 | 安全 审查
first: first initial | 最初 初日 首日 | 首批 首日 首个 首次
prefecture: prefecture province region | 都道府県 地域 | 省份 地区 地區
"""

_STOPPED = frozenset("a an the of to in on at by for and or is was be with from its it".split())


def stem(word: str) -> str:
    """An English word without its ending, so that its forms meet: deliveries, delivery, delivered.

    >>> [stem(w) for w in ("deliveries", "delivered", "planning", "boss", "tpuv4s", "use", "used")]
    ['deliver', 'deliver', 'plan', 'boss', 'tpuv4', 'us', 'us']
    """
    if not word.isascii() or (len(word) < 4 and word != "use"):
        return word
    word = re.sub(r"[’']s?$", "", word)
    for ending, put in (("ies", "y"), ("sses", "ss"), ("ing", ""), ("ed", ""), ("s", "")):
        if word.endswith(ending) and len(word) - len(ending) >= 2 and not word.endswith("ss"):
            word = word[: len(word) - len(ending)] + put
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "sle":
        word = word[:-1]
    word = word[:-1] if word.endswith("e") and len(word) > 2 else word
    return word[:-1] if word.endswith("y") and len(word) > 4 else word


def _tables() -> tuple[dict[str, frozenset[str]], "re.Pattern[str]", dict[str, frozenset[str]]]:
    english: dict[str, set[str]] = {}
    asian: dict[str, set[str]] = {}
    for row in _ROWS.strip().splitlines():
        key, _, forms = row.partition(": ")
        latin, *cjk = forms.split("|")
        for form in latin.split():
            stems = " ".join(stem(w) for w in form.split("_") if w not in _STOPPED)
            english.setdefault(stems, set()).add(key)
        for form in " ".join(cjk).split():
            asian.setdefault(text.fold(form), set()).add(key)
    pattern = re.compile("|".join(re.escape(f) for f in sorted(asian, key=len, reverse=True)))
    frozen = [{k: frozenset(v) for k, v in t.items()} for t in (english, asian)]
    return frozen[0], pattern, frozen[1]


_ENGLISH, _ASIAN_FORM, _ASIAN = _tables()
_LONGEST = max(len(form.split()) for form in _ENGLISH)
_LATIN_WORD = re.compile(r"(?<![a-z0-9&])[a-z][a-z0-9&]*(?:['’]s)?(?![a-z0-9&])")


@lru_cache(maxsize=8192)
def spans(folded: str) -> tuple[tuple[int, int, frozenset[str]], ...]:
    """Where a text (see text.fold) names concepts, and which, in order; the longest form wins."""
    found = [(m.start(), m.end(), _ASIAN[m.group()]) for m in _ASIAN_FORM.finditer(folded)]
    latin = [m for m in _LATIN_WORD.finditer(folded) if m.group() not in _STOPPED]
    stems = [stem(m.group()) for m in latin]
    at = 0
    while at < len(stems):
        for length in range(min(_LONGEST, len(stems) - at), 0, -1):
            keys = _ENGLISH.get(" ".join(stems[at : at + length]))
            if keys is not None:
                found.append((latin[at].start(), latin[at + length - 1].end(), keys))
                break
        at += length
    return tuple(sorted(found, key=lambda span: span[:2]))


def found(body: str) -> frozenset[str]:
    """The concepts that a text names, in whatever languages it is written.

    >>> sorted(found("営業利益はいくらですか")), sorted(found("Its fleet has 96 aircraft"))
    (['operating profit'], ['aircraft'])
    """
    return frozenset().union(*(keys for _, _, keys in spans(text.fold(body))))
