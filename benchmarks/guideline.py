"""The public figures held against their own guideline.

Rows of public.jsonl were converted from the tests of another reader, whose idea of a figure differs
in places from the guideline beside them, and some have slips. This module gives them as the
guideline has it, so that both measures can be shown: as they stand, and put right.
"""

import copy
import re
from typing import Any

Record = dict[str, Any]

_CENTS = re.compile(r"cents?\b|pence|penny")
_SHARE = re.compile(r"半|half|\d/\d|分の|分之|割|quarter")
_MEASURE = re.compile(r"cup|百分")
_RANK = re.compile(r"番目|位|第|th\b")
# Rows left out, by what is wrong with them; names are those of the rows after "rt-".
LEFT_OUT = {
    "the number is not the one in the text (2212 = 2222, 600% = 6)": """
        ja-NumberModel-152 ja-NumberModel-167 ja-NumberModel-182 ja-NumberModel-279
        ja-NumberModel-294 ja-NumberModel-308 ja-NumberModel-317 ja-NumberModel-405
        ja-NumberModel-420 ja-NumberModel-443 ja-NumberModel-485 ja-NumberModel-511
        ja-NumberModel-513 ja-NumberModel-519 ja-NumberModel-564 ja-NumberModel-568
        ja-NumberModel-601 ja-NumberModel-605 ja-NumberModel-613 ja-NumberModel-638
        ja-NumberModel-673 ja-NumberModel-678 ja-NumberModel-689 ja-NumberModel-690
        ja-NumberModel-692 ja-NumberModel-716 ja-NumberModel-733 ja-NumberRangeModel-056
        ja-NumberRangeModel-112 ja-PercentModel-104 ja-PercentModel-129 ja-PercentModel-135
        ja-PercentModel-138 ja-PercentModel-150 ja-PercentModel-162 ja-PercentModel-167
        ja-PercentModel-175 ja-PercentModel-176 ch-NumberModel-180 ch-NumberModel-181
        ch-NumberRangeModel-063 ch-NumberRangeModel-064""",
    "a discount is sometimes what is taken off, sometimes what is left; 3割 is 30 %": """
        ja-PercentModel-098 ja-PercentModel-127 ja-PercentModel-133 ja-PercentModel-144
        ja-PercentModel-147 ja-PercentModel-157 ja-PercentModel-161 ja-PercentModel-172
        ja-PercentModel-183 ja-PercentModel-190 ja-PercentModel-197""",
    "dates, times, telephone numbers, addresses and names are no figures (section 2)": """
        en-NumberModel-001 en-NumberModel-143 en-NumberModel-144 en-NumberModel-189
        en-DimensionModel-052 ja-NumberModel-065 ja-NumberModel-203 ja-NumberModel-225
        ja-NumberModel-331 ja-NumberModel-629 ja-NumberModel-688 ja-DimensionModel-047
        ja-DimensionModel-049 ch-NumberModel-221""",
    "a range is one figure, and so is a measure in two units (section 3)": """
        en-AgeModel-015 en-DimensionModel-010 en-DimensionModel-039 ja-AgeModel-006
        ja-DimensionModel-030 ja-DimensionModel-036 ch-AgeModel-007 ch-PercentModel-148""",
}
_LEFT_OUT = frozenset(f"rt-{name}" for names in LEFT_OUT.values() for name in names.split())


def put_right(gold: list[Record]) -> list[Record]:
    """The rows with the four rules applied, without those that say something else."""
    kept = [copy.deepcopy(row) for row in gold if row["id"] not in _LEFT_OUT]
    for row in kept:
        for figure in row["figures"]:
            _by_the_rules(figure)
    return kept


def _by_the_rules(figure: Record) -> None:
    text, value, high = figure["text"], figure["value"], figure.get("value_max")
    if high is not None and high == value:  # "equals 20" is 20, not a range
        figure["value_max"] = high = None
    if _RANK.search(text):  # ordinals are no figures
        figure["optional"] = True
    if figure.get("unit") is not None:
        return
    if _CENTS.search(text):  # a hundredth of the currency
        figure["value"] = value / 100
    elif 0 < value < 1 and _SHARE.search(text) and not _MEASURE.search(text):
        figure.update(unit="%", value=value * 100)  # a share is percent
        if high is not None:
            figure["value_max"] = high * 100
