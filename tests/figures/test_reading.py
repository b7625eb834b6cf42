"""Numbers as they are written: one row for each way, with exactly the figures that it gives."""

from decimal import Decimal

import pytest

from bot.figures import find
from bot.model import Figure


def shown(figure: Figure) -> str:
    """Span, value or range, unit, and hedge: ``1.5億円 = 150000000 JPY``."""
    high = "" if figure.value_max is None else f"..{figure.value_max:f}"
    hedge = f" {figure.qualifier}" if figure.qualifier else ""
    return f"{figure.quote.exact} = {figure.value:f}{high} {figure.unit or '-'}{hedge}"


def reads(text: str, lang: str, *expected: str) -> None:
    assert [shown(f) for f in find(text, lang)] == list(expected)


DIGITS = [
    ("en", "It holds 1,234,567.5 tons.", "1,234,567.5 tons = 1234567.5 t"),
    ("en", "They paid Rs 12,34,567 for it.", "Rs 12,34,567 = 1234567 INR"),
    ("en", "The heap is 1 234 567 tons.", "1 234 567 tons = 1234567 t"),
    ("en", "The run took 3.5e9 FLOPs.", "3.5e9 FLOPs = 3500000000 FLOP"),
    ("en", "The share rose to .5%.", ".5% = 0.5 %"),
    ("zh-Hans", "训练消耗10^4次浮点运算。", "10^4次 = 10000 FLOP"),
    ("zh-Hans", "训练消耗10⁵次浮点运算。", "10⁵次 = 100000 FLOP"),
    ("ja", "物価は１１・８％の上昇だ。", "１１・８％ = 11.8 %"),
    ("ja", "支払いは１２，３４５円だった。", "１２，３４５円 = 12345 JPY"),
]

KANJI = [
    ("ja", "費用は三千二百億円だ。", "三千二百億円 = 320000000000 JPY"),
    ("ja", "参加者は七八十人だった。", "七八十人 = 70..80 person"),
    ("ja", "参加者は3万5千人だった。", "3万5千人 = 35000 person"),
    ("ja", "参加者は2千5百人だった。", "2千5百人 = 2500 person"),
    ("ja", "応募は四百五人だった。", "四百五人 = 405 person"),
    ("zh-Hans", "花费一万三元。", "一万三元 = 13000 CNY"),
    ("zh-Hans", "共四百五十人参加。", "四百五十人 = 450 person"),
    ("zh-Hans", "共一百零五人参加。", "一百零五人 = 105 person"),
    ("zh-Hans", "长三点五公里。", "三点五公里 = 3.5 km"),
    ("zh-Hant", "支票面額為壹佰伍拾元。", "壹佰伍拾元 = 150 TWD"),
    ("zh-Hans", "投资一兆两千亿元。", "一兆两千亿元 = 1200000000000 CNY"),
    ("zh-Hans", "预计八千多万元。", "八千多万元 = 80000000 CNY over"),
    ("zh-Hans", "这里住着三十几人。", "三十几人 = 30 person vague"),
    ("ja", "数百人が集まった。", "数百人 = 100 person vague"),
    ("ja", "十数人が残った。", "十数人 = 10 person vague"),
    ("zh-Hans", "上万人参加。", "上万人 = 10000 person vague"),
    ("zh-Hans", "十几万人参加。", "十几万人 = 100000 person vague"),
    ("zh-Hans", "装机五百兆瓦。", "五百兆瓦 = 500 MW"),
    ("zh-Hans", "装机八千瓦。", "八千瓦 = 8 kW"),
]

ENGLISH_WORDS = [
    ("Twenty-five people left.", "Twenty-five people = 25 person"),
    ("One hundred and five workers left.", "One hundred and five workers = 105 person"),
    ("Two thousand three hundred tons sank.", "Two thousand three hundred tons = 2300 t"),
    ("A dozen firms bid.", "A dozen firms = 12 company"),
    ("Half a million dollars went missing.", "Half a million dollars = 500000 USD"),
    ("A quarter of a million euros was lost.", "A quarter of a million euros = 250000 EUR"),
    (
        "Three quarters of a billion dollars was lost.",
        "Three quarters of a billion dollars = 750000000 USD",
    ),
    ("It took two and a half hours.", "two and a half hours = 2.5 hour"),
    ("It took a year and a half.", "a year and a half = 1.5 year"),
    ("It rose two point five percent.", "two point five percent = 2.5 %"),
    ("Several hundred people came.", "Several hundred people = 100 person vague"),
    ("A couple of thousand people came.", "A couple of thousand people = 2000 person vague"),
    ("Dozens of firms joined.", "Dozens of firms = 12 company vague"),
    (
        "Tens of billions of dollars flowed in.",
        "Tens of billions of dollars = 10000000000 USD vague",
    ),
    ("Temperatures hit minus five degrees Celsius.", "minus five degrees Celsius = -5 °C"),
    ("Three fifths of voters agreed.", "Three fifths = 60 %"),
    ("Two in five drivers agreed.", "Two in five = 40 %"),
    ("Three out of ten drivers agreed.", "Three out of ten = 30 %"),
    ("He won by a nose; the other half slept at half past nine.",),
    ("The first half and the latter half were alike.",),
    ("Third-party sales fell.",),
    ("Halfway there, a third-generation firm quit.",),
]

MONEY = [
    ("en", "It costs $5 million.", "$5 million = 5000000 USD"),
    ("en", "It costs €3.4bn and £45m.", "€3.4bn = 3400000000 EUR", "£45m = 45000000 GBP"),
    ("en", "It costs 40 cents.", "40 cents = 0.4 USD"),
    ("en", "It costs 250 pence.", "250 pence = 2.5 GBP"),
    ("en", "It costs ¥500.", "¥500 = 500 JPY"),
    ("zh-Hans", "售价¥500。", "¥500 = 500 CNY"),
    ("en", "It costs 500¥.", "500¥ = 500 JPY"),
    ("en", "It costs 500€.", "500€ = 500 EUR"),
    ("en", "It costs US$5 million.", "US$5 million = 5000000 USD"),
    ("zh-Hans", "共850万元人民币。", "850万元人民币 = 8500000 CNY"),
    ("zh-Hans", "人民币8亿元。", "人民币8亿元 = 800000000 CNY"),
    ("zh-Hant", "共850萬元人民幣。", "850萬元人民幣 = 8500000 CNY"),
    ("zh-Hant", "共850萬元。", "850萬元 = 8500000 TWD"),
    ("zh-Hans", "卖50元6角3分。", "50元6角3分 = 50.63 CNY"),
    ("zh-Hans", "卖五元三角。", "五元三角 = 5.3 CNY"),
    ("zh-Hans", "卖5块钱。", "5块钱 = 5 CNY"),
    ("zh-Hans", "卖5块。", "5块 = 5 CNY"),
    ("zh-Hant", "賣50塊。", "50塊 = 50 TWD"),
    ("zh-Hant", "港股收低5港仙。", "5港仙 = 0.05 HKD"),
    ("ja", "1ユーロ＝160円20銭だった。", "160円20銭 = 160.2 JPY"),
    ("ja", "コーヒーは350セントだ。", "350セント = 3.5 USD"),
]

SHARES = [
    ("ja", "3分の1が賛成した。", "3分の1 = 33.33333333333333333333333333 %"),
    ("zh-Hans", "三分之一的人赞成。", "三分之一 = 33.33333333333333333333333333 %"),
    ("zh-Hans", "百分之十二点五。", "百分之十二点五 = 12.5 %"),
    ("zh-Hans", "占比千分之五。", "千分之五 = 0.5 %"),
    ("ja", "3割2分5厘の打率だ。", "3割2分5厘 = 32.5 %"),
    ("ja", "2割半が反対した。", "2割半 = 25 %"),
    ("zh-Hant", "三成五的人反對。", "三成五 = 35 %"),
    ("zh-Hans", "全场八折。", "八折 = 80 %"),
    ("zh-Hant", "全館72折。", "72折 = 72 %"),
    ("en", "About 1/2 of the staff left.", "1/2 = 50 % approx"),
    ("en", "It is 1/4 mile away.", "1/4 mile = 0.25 mile"),
    ("en", "It is 3/100 of the price.", "3/100 = 3 %"),
    ("en", "The cup holds ½ liter.", "½ liter = 0.5 L"),
    ("en", "So ½ of it is gone.", "½ = 50 %"),
    ("en", "It is 10½ inches wide.", "10½ inches = 10.5 inch"),
    ("en", "It is 10 1/2 inches wide.", "10 1/2 inches = 10.5 inch"),
    ("ja", "2と4分の1メートルある。", "2と4分の1メートル = 2.25 m"),
    ("ja", "賛否は7対3の割合だ。", "7対3 = 2.333333333333333333333333333 ratio"),
    ("en", "The ratio was 3:1.", "3:1 = 3 ratio"),
    ("zh-Hant", "比例為5比2。", "5比2 = 2.5 ratio"),
]

HALVES = [
    ("ja", "半数が欠席した。", "半数 = 50 %"),
    ("zh-Hans", "用时半小时。", "半小时 = 0.5 hour"),
    ("zh-Hans", "用时两个半小时。", "两个半小时 = 2.5 hour"),
    ("zh-Hant", "央行降息半碼。", "半碼 = 0.125 pp"),
    ("ja", "2時間半かかる。", "2時間半 = 2.5 hour"),
    (
        "zh-Hans",
        "上半年和下半年。",
    ),
    (
        "zh-Hans",
        "大半年过去了。",
    ),
    (
        "zh-Hans",
        "半导体行业。",
    ),
]

MEASURES = [
    ("zh-Hans", "飞机时速900公里。", "时速900公里 = 900 km/h"),
    ("ja", "時速80キロで走る。", "時速80キロ = 80 km/h"),
    ("ja", "毎秒4.8TBを送る。", "毎秒4.8TB = 4.8 TB/s"),
    ("ja", "毎秒3人を運ぶ。", "3人 = 3 person"),
    ("ja", "体重は60キロだ。", "60キロ = 60 kg"),
    ("ja", "距離は60キロだ。", "60キロ = 60 km"),
    ("zh-Hans", "气温30度。", "30度 = 30 °C"),
    ("zh-Hans", "用电30度。", "30度 = 30 kWh"),
    ("ja", "気温は氷点下5度だ。", "氷点下5度 = -5 °C"),
    ("en", "He weighs 80 pounds.", "80 pounds = 80 lb"),
    ("en", "He paid 80 pounds.", "80 pounds = 80 GBP"),
    ("en", "It stands 5 ft 6 in tall.", "5 ft 6 in = 5.5 ft"),
    ("en", "He found 5 ft 2 in the ground.", "5 ft = 5 ft"),
    ("en", "It ran 5m in 30ms.", "5m = 5 m", "30ms = 30 ms"),
    ("en", "The trip took 2 hours 30 minutes.", "2 hours 30 minutes = 2.5 hour"),
    ("ja", "全部で3時間15分かかる。", "3時間15分 = 3.25 hour"),
    ("ja", "会議は30分だった。", "30分 = 30 minute"),
    ("zh-Hans", "他得了30分。", "30分 = 30 point"),
    ("zh-Hans", "他有12部手机。", "12部 = 12 device"),
    ("ja", "資料は12部ある。", "12部 = 12 count"),
    ("zh-Hans", "拿出3块芯片。", "3块 = 3 chip"),
    ("en", "It offers 8-GB memory and 1.5x speed.", "8-GB = 8 GB", "1.5x = 1.5 x"),
]

SIZES = [
    ("en", "They built a 70B model.", "70B = 70000000000 parameter"),
    ("en", "It has a 32K context.", "32K = 32000 token"),
    ("en", "It read 2T tokens.", "2T tokens = 2000000000000 token"),
    ("en", "It has 100k users.", "100k users = 100000 person"),
    ("zh-Hans", "开源70B模型。", "70B = 70000000000 parameter"),
    ("en", "The batch size was 4096.", "4096 = 4096 -"),
    ("en", "We use a batch size of 16 and 5G phones.", "16 = 16 -"),
    ("en", "They tested 512 TPUv5p chips.", "512 = 512 chip"),
    ("en", "It filed 1,000-page reports.", "1,000-page = 1000 page"),
    ("zh-Hans", "拥有512张H100。", "512张 = 512 chip"),
    ("zh-Hans", "共有50台服务器。", "50台 = 50 server"),
    ("ja", "車を500台売った。", "500台 = 500 vehicle"),
    ("zh-Hans", "参数量为30亿。", "30亿 = 3000000000 parameter"),
]

RANGES = [
    ("en", "It costs $2-3 billion.", "$2-3 billion = 2000000000..3000000000 USD"),
    (
        "en",
        "Between $100 million and $500 million is due.",
        "$100 million and $500 million = 100000000..500000000 USD",
    ),
    ("en", "It takes 10 to 15 years.", "10 to 15 years = 10..15 year"),
    ("en", "It fell from 3% to 5%.", "3% = 3 %", "5% = 5 %"),
    ("en", "It hired 3 and 5 people.", "5 people = 5 person"),
    ("ja", "3〜5億円を投じる。", "3〜5億円 = 300000000..500000000 JPY"),
    ("ja", "10万から15万人程度を雇う。", "10万から15万人 = 100000..150000 person approx"),
    ("zh-Hans", "投资3至5亿元。", "3至5亿元 = 300000000..500000000 CNY"),
    ("zh-Hans", "收入由3亿元升至5亿元。", "3亿元 = 300000000 CNY", "5亿元 = 500000000 CNY"),
    ("zh-Hans", "价格上涨1元至5元。", "1元 = 1 CNY", "5元 = 5 CNY"),
    ("en", "Five to ten percent of queries fail.", "Five to ten percent = 5..10 %"),
]

SIGNS = [
    ("ja", "損益は▲3,400万円だ。", "▲3,400万円 = -34000000 JPY"),
    ("ja", "損益は△3,400万円だ。", "△3,400万円 = -34000000 JPY"),
    ("ja", "マイナス10度だ。最低気温の話だ。", "マイナス10度 = -10 °C"),
    ("en", "The margin was −4.1%.", "−4.1% = -4.1 %"),
    ("en", "The stock gained +3.2%.", "+3.2% = 3.2 %"),
    ("zh-Hans", "气温零下20摄氏度。", "零下20摄氏度 = -20 °C"),
]

ALONE = [
    ("en", "3/4", "3/4 = 75 %"),
    ("en", "one over three", "one over three = 33.33333333333333333333333333 %"),
    ("en", "- 5", "- 5 = -5 -"),
    ("en", "1 4/5", "1 4/5 = 1.8 -"),
    ("en", "4k", "4k = 4000 -"),
    ("ja", "二十三", "二十三 = 23 -"),
    ("en", "twenty-three", "twenty-three = 23 -"),
    ("ja", "答えは五です。", "五 = 5 -"),
    ("en", "over over over"),
    ("en", "one over x"),
]


KANA = [
    ("ねだんは にまんごせんえん です。", "にまんごせんえん = 25000 JPY"),
    ("ひとりに さんびゃく ドルが わたされた。", "さんびゃく ドル = 300 USD"),
    ("これは よんじゅうに です。", "よんじゅうに = 42 -"),
    ("あわせて いちおくにせんまんえん になる。", "いちおくにせんまんえん = 120000000 JPY"),
    ("ごごのしけんは くにの しせつで おこなう。",),
    ("これは いちにさんえん です。",),
    ("せんごの にほんは じゅうしされた。",),
    ("にしの ちょうさんは しじゅう わらう。",),
    ("じゅうひゃくにん",),
    ("まんさんじゅう にわとり",),
]


@pytest.mark.parametrize("row", KANA, ids=lambda r: r[0])
def test_numbers_in_hiragana_are_read_where_they_can_be_nothing_else(row: tuple[str, ...]) -> None:
    reads(row[0], "ja", *row[1:])


BOUNDS = [
    (
        "en",
        "The age must be more than twenty and less than 35.",
        "twenty and less than 35 = 20..35 -",
    ),
    ("en", "Growth was above 3% but below 5%.", "3% but below 5% = 3..5 %"),
    ("en", "It is above 1200 and below 1800.", "1200 and below 1800 = 1200..1800 -"),
    ("en", "Scores lie between minus ten and fifteen.", "minus ten and fifteen = -10..15 -"),
    ("en", "His weight is no less than sixty.", "sixty = 60 - atleast"),
    ("en", "It gave more than seventy apples away.", "seventy = 70 count over"),
    ("ja", "従業員100人以上300人未満の企業。", "100人以上300人 = 100..300 person"),
    ("ja", "値は1200より大きく1900より小さい。", "1200より大きく1900 = 1200..1900 -"),
    (
        "ja",
        "売上高は100億円以上、利益は20億円以下だ。",
        "100億円 = 10000000000 JPY atleast",
        "20億円 = 2000000000 JPY upto",
    ),
    ("zh-Hans", "数值大于等于20且小于50。", "20且小于50 = 20..50 -"),
    ("zh-Hans", "成绩在600以上，900以下。", "600以上，900 = 600..900 -"),
    ("zh-Hant", "數值高於二十而低於三十。", "二十而低於三十 = 20..30 -"),
    ("zh-Hans", "价格超过了三千？", "三千 = 3000 - over"),
    ("zh-Hans", "最多为7的职位。", "7 = 7 - upto"),
    ("zh-Hans", "至少有12个型号。", "12个 = 12 count atleast"),
    ("ja", "この数は二十と三十の間にある。", "二十と三十 = 20..30 -"),
    ("ja", "範囲は1200から1600だ。", "1200から1600 = 1200..1600 -"),
    ("ja", "一個から五個まで選べる。", "一個から五個 = 1..5 count upto"),
    ("en", "The range is 4k-16k.", "4k-16k = 4000..16000 -"),
    ("en", "The range of 2000-4500 is fine.", "2000-4500 = 2000..4500 -"),
    ("en", "Lots 2000-4500 are sold."),
    ("en", "The lens is a 70 -200mm one.", "70 -200mm = 70..200 mm"),
]


@pytest.mark.parametrize("row", BOUNDS, ids=lambda r: r[1])
def test_two_bounds_of_one_thing_are_one_range(row: tuple[str, ...]) -> None:
    reads(row[1], row[0], *row[2:])


PARTS = [
    ("en", "1 in 5 adults smoke.", "1 in 5 = 20 %"),
    ("en", "3 out of 10 drivers agreed.", "3 out of 10 = 30 %"),
    ("en", "Two out of five hundred failed.", "Two out of five hundred = 0.4 %"),
    ("en", "It won 3 in 2024."),
    ("en", "He scored twelve in six games.", "six = 6 count"),
    ("en", "It fell three hundredths.", "three hundredths = 3 %"),
    ("en", "The bill is 15 dollars 50.", "15 dollars 50 = 15.5 USD"),
    ("en", "The fee rose to 17 USD 25.", "17 USD 25 = 17.25 USD"),
    ("ja", "代金は100ユーロと30です。", "100ユーロと30 = 100.3 EUR"),
    (
        "en",
        "It cost 15 dollars and 50 people came.",
        "15 dollars = 15 USD",
        "50 people = 50 person",
    ),
    ("en", "Net sales were MSEK 1,234.", "MSEK 1,234 = 1234000000 SEK"),
    ("en", "The grant is TEUR 300.", "TEUR 300 = 300000 EUR"),
    ("zh-Hans", "他换了4人民币5美元。", "4人民币 = 4 CNY", "5美元 = 5 USD"),
    (
        "en",
        "Subsidies came to three lakh crore rupees.",
        "three lakh crore rupees = 3000000000000 INR",
    ),
    ("en", "Add 1/2 cup of oil.", "1/2 cup = 0.5 count"),
    (
        "en",
        "A hundred thousand came, hundred thousand left.",
        "A hundred thousand = 100000 -",
        "hundred thousand = 100000 -",
    ),
    ("ja", "半ダースを買う。", "半ダース = 6 count"),
    ("zh-Hans", "全场打对折。", "对折 = 50 %"),
    ("zh-Hans", "五十对新人登记。", "五十对 = 50 count"),
    ("zh-Hans", "30对比40不算多。", "30 = 30 -", "40 = 40 -"),
    ("zh-Hans", "占贰分之一。", "贰分之一 = 50 %"),
    ("zh-Hant", "佔萬分之肆。", "萬分之肆 = 0.04 %"),
    ("zh-Hans", "百 分 之 三 十 五", "百 分 之 三 十 五 = 35 %"),
    ("zh-Hans", "九 五 折", "九 五 折 = 95 %"),
    ("zh-Hans", "百 点 又 折", "百 点 = 100 point"),
    ("zh-Hans", "百分之3.2k的人。", "百分之3.2k = 3200 %"),
    ("en", "Pay 15 dollars and 300.", "15 dollars = 15 USD", "300 = 300 -"),
    ("zh-Hans", "超过三十万多亿元。", "三十万多亿元 = 30000000000000 CNY over"),
    ("zh-Hans", "共1千零20元。", "1千零20元 = 1020 CNY"),
    ("zh-Hans", "位于百分之七十百分位。", "百分之七十 = 70 %"),
    ("zh-Hans", "缴获近一吨冰毒。", "一吨 = 1 t near"),
    ("ja", "利益は1点6倍になった。", "1点6倍 = 1.6 x"),
    ("ja", "得点は30点2位だ。", "30点 = 30 point"),
    ("ja", "生産は3 万 4,500メートルトンだ。", "3 万 4,500メートルトン = 34500 t"),
    ("ja", "確率は15kパーセントだ。", "15kパーセント = 15000 %"),
    ("ja", "零円です。", "零円 = 0 JPY"),
    ("ja", "摂氏6度だった。", "6度 = 6 °C"),
    ("zh-Hans", "华氏70度。", "70度 = 70 °F"),
    ("zh-Hans", "负3分之负一百五十。", "负3分之负一百五十 = 50 -"),
    ("ja", "四ではなく、五です。", "五 = 5 -"),
]


@pytest.mark.parametrize("row", PARTS, ids=lambda r: r[1])
def test_parts_pairs_and_small_money_belong_to_their_number(row: tuple[str, ...]) -> None:
    reads(row[1], row[0], *row[2:])


EDGES = [
    ("en", "Costs were 45 MEUR.", "45 MEUR = 45000000 EUR"),
    ("zh-Hans", "人数在五百以上。", "五百 = 500 person atleast"),
    ("ja", "費用は3万.", "3万 = 30000 -"),
    ("en", "The answer is 12 over 48.", "12 over 48 = 25 %"),
    ("en", "They gave 48 over 48 to us.", "48 = 48 -", "48 = 48 - over"),
    ("en", f"The code {'9' * 60} failed."),
    ("en", "In Dresden 12,345 protested.", "12,345 = 12345 -"),
    ("zh-Hans", "装机数千瓦。", "数千瓦 = 1 kW vague"),
    ("zh-Hans", "一半导体公司倒闭。"),
    ("zh-Hans", "第数百名顾客来了。"),
    ("en", "It paid 5 euro million.", "5 euro million = 5000000 EUR"),
    ("zh-Hans", "3000多家企业参展。", "3000多家 = 3000 company over"),
    ("en", "He counted one hundred hundred-dollar bills.", "one hundred = 100 count"),
    ("en", "He counted two thousand thousand-dollar notes.", "two thousand = 2000 count"),
    ("ja", "日経平均は300ポイント上げた。", "300ポイント = 300 point"),
    ("ja", "支持率は3ポイント上がった。", "3ポイント = 3 pp"),
    ("en", "Approval dropped 3.1 points to 38.2%.", "3.1 points = 3.1 pp", "38.2% = 38.2 %"),
    ("en", "Two in 10 drivers agreed.", "Two in 10 = 20 %"),
    ("en", "Twenty-three fifths were left.", "Twenty-three fifths = 4.6 -"),
    ("en", "The ninety-two-year-old left.", "ninety-two-year-old = 92 year"),
    (
        "en",
        "Still the one-two punch, as ever, fell on minus-three ears.",
    ),
    ("zh-Hans", "共3万5亿元。", "3万5亿元 = 3000500000000 CNY"),
    ("zh-Hans", "先付3亿5亿元。", "3亿 = 300000000 -", "5亿元 = 500000000 CNY"),
    ("zh-Hans", "黄金重三十两。", "三十两 = 30 count"),
    ("zh-Hans", "他存下三万两白银。", "三万两 = 30000 count"),
    ("zh-Hans", "三十两岸人士到场。"),
    ("zh-Hans", "花费四百五元。", "四百五元 = 450 CNY"),
    ("ja", "費用は1人当たり500円だ。", "500円 = 500 JPY"),
    (
        "en",
        "The cable, of 3TBfoo make, is gone.",
    ),
    ("ja", "2と4分の1が残る。", "2と4分の1 = 2.25 -"),
    (
        "ja",
        "3対2dの勝負だ。",
    ),
    ("zh-Hans", "共850万元港币。", "850万元港币 = 8500000 HKD"),
    (
        "zh-Hans",
        "公司有3元素周期表。",
    ),
    (
        "zh-Hant",
        "住家有3室2廳。",
    ),
    ("ja", "会議は3室で開く。", "3室 = 3 count"),
    (
        "ja",
        "3分野で競う。",
    ),
    (
        "zh-Hans",
        "打了3折扣。",
    ),
    (
        "zh-Hans",
        "用电3度过去。",
    ),
    ("en", "They hold 300 big green old wooden boats.", "300 = 300 -"),
    ("en", "The context is 32K.", "32K = 32000 token"),
    ("en", "It has 300k fans.", "300k = 300000 person"),
    ("en", "The model has 70B.", "70B = 70000000000 parameter"),
    ("zh-Hans", "购入512张A100与其他卡。", "512张 = 512 chip"),
    ("zh-Hans", "新增服务器50台。", "50台 = 50 server"),
    ("zh-Hans", "第 3回是3种。", "3种 = 3 count"),
    ("en", "It was 3:1b."),
    (
        "en",
        "It was 5 over 2 of them.",
    ),
    (
        "en",
        "It has 3tokenizers.",
    ),
    ("ja", "残り二又三分の一を使う。", "二又三分の一 = 2.333333333333333333333333333 -"),
    ("en", "It has 5mn users.", "5mn users = 5000000 person"),
    (
        "en",
        "It lasted one day.",
    ),
    ("zh-Hans", "采购8张L40S。", "8张 = 8 chip"),
    (
        "zh-Hans",
        "第10万名顾客。",
    ),
]


@pytest.mark.parametrize("row", EDGES, ids=lambda r: r[1])
def test_a_number_is_taken_as_far_as_it_makes_sense_and_no_further(row: tuple[str, ...]) -> None:
    reads(row[1], row[0], *row[2:])


@pytest.mark.parametrize("row", [*DIGITS, *KANJI], ids=lambda r: r[1])
def test_digits_and_kanji_are_read_to_their_exact_value(row: tuple[str, ...]) -> None:
    reads(row[1], row[0], *row[2:])


@pytest.mark.parametrize("row", ENGLISH_WORDS, ids=lambda r: r[0])
def test_english_number_words_are_read(row: tuple[str, ...]) -> None:
    reads(row[0], "en", *row[1:])


@pytest.mark.parametrize("row", [*MONEY, *SHARES, *HALVES], ids=lambda r: r[1])
def test_money_and_shares_are_read_in_the_words_of_each_language(row: tuple[str, ...]) -> None:
    reads(row[1], row[0], *row[2:])


@pytest.mark.parametrize("row", [*MEASURES, *SIZES], ids=lambda r: r[1])
def test_units_are_told_from_the_words_around(row: tuple[str, ...]) -> None:
    reads(row[1], row[0], *row[2:])


@pytest.mark.parametrize("row", [*RANGES, *SIGNS, *ALONE], ids=lambda r: r[1])
def test_ranges_signs_and_lone_numbers_are_one_figure(row: tuple[str, ...]) -> None:
    reads(row[1], row[0], *row[2:])


@pytest.mark.parametrize("text", ["2千3千人が来た。"])
def test_magnitudes_that_do_not_fall_are_not_added_up(text: str) -> None:
    assert all(f.value not in (5000, 23000) for f in find(text, "ja"))


def test_a_value_is_a_plain_decimal_without_trailing_zeros() -> None:
    (figure,) = find("6.30兆トークン", "ja")
    assert str(figure.value) == "6300000000000"
    (rate,) = find("12.50%", "en")
    assert rate.value.as_tuple() == Decimal("12.5").as_tuple()
