"""The words of asking in four languages: what kind of thing is asked for, and where a question
stops asking and starts naming."""

import re
from collections.abc import Mapping

from bot import text

QUANTITY = re.compile(
    r"\bhow (?:many|much|long|large|big|small|far|fast|old|high|deep|heavy|tall|often)\b"
    r"|\bby how\b"
    r"|\bwhat (?:number|percentage|percent|share|proportion|fraction|amount)\b|\bnumber of\b"
    r"|\bwhat (?:is|was|are|were|will be) (?:the |its |their |\w+(?:['’]s)? )*(?:\w+ )?(?:price"
    r"|cost|size|capacity|rate|margin"
    r"|revenue|sales|profit|loss|population|age|value|valuation|worth|budget|fine|area|length"
    r"|speed|weight|dividend|salary"
    r"|stake|order worth|interval|fare|output|debt|cash|growth)\b|\bworth\??$"
    r"|いくら|いくつ|何(?:人|名|枚|個|台|社|件|年間|か月|カ月|ヶ月|日間|時間|分|秒|倍|％|%"
    r"|パーセント|ページ|割|ドル|円|元|基|本|機|隻|両|棟|戸|世帯"
    r"|店|か所|カ所|ヶ所|箇所|カ国|か国|歳|キロ|メートル|メガ|ギガ|トン|ヘクタール|ポイント"
    r"|トークン|万|億|兆|回|便|駅|都市|校|人分|台分)"
    r"|どれ(?:くらい|ぐらい|ほど|だけ)|どの(?:くらい|ぐらい|程度)|(?:数|額|率|高|量|費|益|料|価"
    r"|値|規模|人口|金利|運賃|面積|株価|配当|給与)は(?:$|[？?])"
    r"|多少|[几幾](?:个|個|人|名|台|辆|輛|架|家|座|张|張|颗|顆|年|天|个月|個月|小时|小時|分钟"
    r"|分鐘|倍|成|次|所|页|頁|公里|米|吨|噸|元|亿|億|万|萬|户|戶|种|種|间|間|条|條|国|國)"
    r"|多[大长長高远遠久快重深宽寬]|百分之[几幾]|占比|(?:额|額|率|量|费|費|价|價|数|數|规模|規模)(?:是|为|為)(?:$|[？?])",
    re.IGNORECASE,
)
WHEN = re.compile(
    r"\bwhen\b|\bsince when\b|\bwhat (?:year|month|day|date|time)\b|\bwhich (?:year|month|day"
    r"|quarter)\b"
    r"|いつ|何(?:年|月|日|時)(?!間|分)|何曜日|時期は|什么时候|什麼時候|何时|何時|哪一?[年天月日]|[几幾](?:月|号|號|点|點)",
    re.IGNORECASE,
)
WHO = re.compile(r"\bwho\b|\bwhose\b|\bwhom\b|誰|だれ|どなた|谁|何人か(?=が言)", re.IGNORECASE)
WHERE = re.compile(
    r"\bwhere\b|\bwhich (?:city|country|town|place)\b|どこ|どちら(?:に|で)"
    r"|哪里|哪裡|哪兒|哪儿|在哪|哪[个個](?:城市|国家|國家|地方)",
    re.IGNORECASE,
)
# The asking words themselves, in folded text: they name nothing, and beside them stands the focus.
INTERROGATIVE = re.compile(
    r"\b(?:by )?how (?:many|much|long|large|big|small|far|fast|old|high|deep|heavy|tall"
    r"|often)(?: (?:money|time))?\b"
    r"|\bwhat (?:number|percentage|percent|share|proportion|fraction|amount) of\b"
    r"|\bwhat kind of\b|\bwhy\b"
    r"|\bwhat (?:is|was|are|were|will be)(?: the| its| their)?\b"
    r"|なぜ|どうして|为什么|為什麼|为何|為何|(?:金額|総額|金额|总额|總額|规模|規模)(?=は|是|为|為|$)"
    r"|いくら|いくつ|何(?=[^ぁ-ん])|何|どれ(?:くらい|ぐらい|ほど|だけ)|どの(?:くらい|ぐらい|程度)"
    r"|いつ|誰|どこ"
    r"|多少(?:名|个|個|台|架|辆|輛|座|张|張|家|所|颗|顆|位|块|塊)?|[几幾](?:名|个|個|台|架|辆|輛"
    r"|座|张|張|家|所|颗|顆|位|块|塊)|什么时候|什麼時候|谁|哪里|哪裡|多久|百分之[几幾]"
)
COUNTER = re.compile(
    r"(?:何|多少|[几幾])([^\sぁ-ゖa-zA-Z？?。、，]{1,4}?)(?=[ぁ-ゖ？?。、，]|$|[^\sぁ-ゖ])"
)
# What a quantity is of, by the form of the question: a dimension or a unit of bot.figures.units.
FORMS: tuple[tuple[str, "re.Pattern[str]"], ...] = tuple(
    (name, re.compile("|".join(rows), re.IGNORECASE))
    for name, *rows in (
        (
            "money",
            (
                r"(?<!by )\bhow much (?:money|did|does|do|is|was|will|would|are|has|have)\b"
                r"(?!.{0,40}\b(?:electricity|power|weigh|energy|water|time|carbon|data|faster"
                r"|higher|lower|more|less)\b)"
            ),
            r"(?:金額|総額|金额|总额|總額)|いくら|何(?:ドル|円|元|ユーロ)|多少(?:钱|錢|元|美元|日元|亿元)",
        ),
        (
            "percent",
            r"percent|\bwhat (?:share|proportion|fraction)\b|何(?:％|%|パーセント|割)|割合",
            r"百分之[几幾]|[几幾]成|比例|占比",
        ),
        ("point", r"percentage points?|ポイント|百分[点點]"),
        (
            "time",
            r"\bhow (?:long|old)\b|何(?:年間|か月|カ月|ヶ月|日間|時間|分間?|秒|週間|歳)|期間",
            r"多久|多[长長][时時]|[几幾](?:年|天|个月|個月|小时|小時|分钟|分鐘)",
        ),
        (
            "length",
            r"\bhow (?:far|tall|deep|high is|long is)\b|何(?:キロ|メートル)(?!グラム)|全長",
            r"(?:几|幾|多少)(?:公里|米)|多[高深远遠]",
        ),
        (
            "mass",
            r"\bweigh|\bhow heavy\b|何(?:トン|キログラム|グラム)|多重|(?:几|幾|多少)[吨噸]",
        ),
        ("multiple", r"\bhow many times\b|何倍|[几幾]倍"),
        (
            "person",
            r"\bhow many (?:people|employees|workers|users|customers|patients|developers",
            r"passengers|jobs|children|students|residents)\b|何人|何名|人数|人口|[几幾][名人]",
            r"多少(?:名|人|员工|員工|用户|用戶|乘客|患者)",
        ),
        (
            "chip",
            r"\bhow many (?:\w+ )?(?:chips|gpus|tpus|accelerators)\b|チップは?何|何[枚基]",
            r"多少[块塊张張片颗顆]",
        ),
        (
            "power",
            r"何(?:メガ|ギガ|キロ)ワット(?!時)|多少(?:兆瓦|千瓦|吉瓦)",
            r"\bhow many (?:mega|giga|kilo)watts\b(?!-hour)",
        ),
        ("area", r"何(?:ヘクタール|平方)|面積|面积|\bhow many (?:hectares|acres|square)\b"),
    )
)
# Concepts that fix the unit or the dimension of the quantity asked for.
_UNITS = """
count: aircraft, robot, turbine, warehouse, station, school, hospital, wafer, nursery, product
chip: chip
token: token
parameter: parameter
page: page
person: developer, user, employee, job, layoff, patient, child, student, teacher, population
person: passenger, tourist, pilot
household: household
company: company
store: store
country: country
satellite: satellite
vehicle: vehicle, electric vehicle
time: age
money: revenue, operating profit, net profit, loss, r&d, cash, debt, cost, labour cost
money: investment, fare, wage, fine, budget, subsidy, market value, dividend, eps, loan, funding
money: valuation, buyback, worth
money percent: price, share price
percent: interest, share of, unemployment, inflation, approval
percent percent-point: gross margin, operating margin
area: area
mass: weight
length: depth, height, length
speed: speed
temperature: temperature
power energy: electricity, capacity
"""
UNIT_OF: Mapping[str, tuple[str, ...]] = {
    concept: tuple(units.split())
    for units, _, row in (line.partition(": ") for line in _UNITS.strip().splitlines())
    for concept in row.split(", ")
}

# Words that ask or join and carry nothing to look for.
EMPTY = frozenset(
    """
    how many much what which who whom whose when where why is was are were be been being will
    would can could may might should do does did done has have had the a an of in for to and or on
    by at with from into over about as than that this these those there it its their his her he
    she they we you i me my our your us if not no so up out per any some also just only then tell
    say said says give show please s t get gets got take takes took use uses used using see saw
    run runs make makes made last year years total name names new having currently now today
    people いく くら らで です すか か した ます まし たか いま ませ とい いう して てい いる られ
    れま れる れた され る た と な の は が を に で も や ね よ だ 何で 何の 何が 何を は何 が何
    を何 の何 何人 何台 何枚 何個 何社 何件 何カ 何年 何月 何日 何機 何％ 何メ 何ポ はい はど どれ
    れだ だけ どの のく らい 誰で は誰 が誰 いつ つか から つで どこ こで こに にあ ある りま すで
    でし しょ しょう ょう うか なり しま なっ って った 多少 是多 少是 的 了 吗 嗎 呢 什么 什麼
    么时 时候 是什 是谁 谁 是 有 有多 有几 少人 少名 少台 哪里 在哪 里 多久 几 多 少
    """.split()
)
HIRAGANA = re.compile("^[ぁ-ゖー]+$")
NAME = re.compile(r"(?<![\w.])[A-Z][\w&.'’-]*[A-Za-z0-9]|(?<![A-Za-z0-9])[a-z]+[A-Z]\w*")
TITLED = re.compile(rf"(?:{NAME.pattern})(?: (?:{NAME.pattern}))+")
ASKING = re.compile(
    r"\b(?:How|What|Which|Who|Whom|Whose|When|Where|Why|Is|Was|Are|Were|Do|Does|Did|Will|Would"
    r"|Can|Could|Has|Have|Had|The"
    r"|By|In|On|At|Of|And|Tell|Please|Give|Show|So|But|I)\b"
)
# Between function words, a run of one script is about a word: 北斗 | ロボティクス.
FUNCTION = (
    "的|是|有|多少|了|吗|嗎|呢|在|和|与|與|被|把|将|將|什么|什麼|时候|時候|谁|誰|几|幾|哪里|哪裡"
    "|哪|名|台|架|辆|輛|座|个|個|位|家"
    "|第|年間|年内|何|人|機|枚|件|社|本|億|万|亿|萬|间|一共|总共|共|目前|现在|今天|到|从|從|对|對"
    "|为|為|会|會|能|可|其|该|該|最大|最高|最多|每|所|今年|去年|前年|来年"
)
PIECE = re.compile(
    rf"[a-z0-9][a-z0-9&.'’-]*[a-z0-9]|[a-z0-9]|[ァ-ヺー]+(?:・[ァ-ヺー]+)*"
    rf"|(?:(?!{FUNCTION})[{text.HAN}])+"
)
# What continues the question before it, and what points back at it.
OPENS = re.compile(
    r"^(?:and|what about|how about|or|but|then)\b|^(?:では|じゃあ|それで|それでは|なら|あと)"
    r"|^(?:那|那么|那麼|还有|還有)|呢[？?]?$",
    re.IGNORECASE,
)
REFERS = re.compile(
    r"\b(?:it|that|one|ones|they|them)\b|(?:それ|その|そこ|同社|これ)|(?:它|其|这个|這個|那个|那個)",
    re.IGNORECASE,
)
