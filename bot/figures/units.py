"""Canonical units: their dimension, base unit and exact scale.

Two figures can be compared when their units have the same base. Decades, years and quarters count
in months, shorter times in seconds; shares of a whole are percent.
"""

from decimal import Decimal
from typing import NamedTuple


class Unit(NamedTuple):
    """`scale` of this unit make one `base`: a GB is 1e9 B."""

    base: str
    dimension: str
    scale: Decimal


# dimension, base: unit and scale, ...
_TABLE = """
count|count|_=1 count=1
percent|%|%=1 ‰=0.1
money|AED|AED=1
money|AUD|AUD=1
charge|Ah|Ah=1 mAh=0.001
data|B|B=1 EB=1E+18 Ebit=1.25E+17 GB=1E+9 Gbit=1.25E+8 KB=1000 Kbit=125 MB=1E+6 Mbit=125000
data|B|PB=1E+15 Pbit=1.25E+14 TB=1E+12 Tbit=1.25E+11 ZB=1E+21 Zbit=1.25E+20 bit=0.125
data-rate|B/s|B/s=1 EB/s=1E+18 Ebps=1.25E+17 GB/s=1E+9 Gbps=1.25E+8 KB/s=1000 Kbps=125 MB/s=1E+6
data-rate|B/s|Mbps=125000 PB/s=1E+15 Pbps=1.25E+14 TB/s=1E+12 Tbps=1.25E+11 ZB/s=1E+21
data-rate|B/s|Zbps=1.25E+20 bps=0.125
money|BRL|BRL=1
money|BTC|BTC=1
money|CAD|CAD=1
money|CHF|CHF=1
money|CNY|CNY=1
money|DKK|DKK=1
compute|FLOP|EFLOP=1E+18 FLOP=1 GFLOP=1E+9 KFLOP=1000 MFLOP=1E+6 PFLOP=1E+15 TFLOP=1E+12
compute|FLOP|ZFLOP=1E+21
compute-rate|FLOPS|EFLOPS=1E+18 FLOPS=1 GFLOPS=1E+9 KFLOPS=1000 MFLOPS=1E+6 PFLOPS=1E+15
compute-rate|FLOPS|TFLOPS=1E+12 ZFLOPS=1E+21
frequency|Hz|EHz=1E+18 GHz=1E+9 Hz=1 MHz=1E+6 PHz=1E+15 THz=1E+12 ZHz=1E+21 kHz=1000
energy-J|J|EJ=1E+18 GJ=1E+9 J=1 MJ=1E+6 PJ=1E+15 TJ=1E+12 ZJ=1E+21 kJ=1000
compute-rate|OPS|EOPS=1E+18 GOPS=1E+9 KOPS=1000 MOPS=1E+6 OPS=1 POPS=1E+15 TOPS=1E+12 ZOPS=1E+21
money|ETH|ETH=1
money|EUR|EUR=1
voltage|V|EV=1E+18 GV=1E+9 MV=1E+6 PV=1E+15 TV=1E+12 V=1 ZV=1E+21 kV=1000 mV=0.001
power|W|EW=1E+18 GW=1E+9 MW=1E+6 PW=1E+15 TW=1E+12 W=1 ZW=1E+21 kW=1000 mW=0.001
energy|Wh|EWh=1E+18 GWh=1E+9 MWh=1E+6 PWh=1E+15 TWh=1E+12 Wh=1 ZWh=1E+21 kWh=1000
energy-eV|eV|EeV=1E+18 GeV=1E+9 MeV=1E+6 PeV=1E+15 TeV=1E+12 ZeV=1E+21 eV=1 keV=1000
money|GBP|GBP=1
money|HKD|HKD=1
money|IDR|IDR=1
money|ILS|ILS=1
money|INR|INR=1
money|JPY|JPY=1
temperature|K|K=1
money|KRW|KRW=1
volume|L|L=1 barrel=158.987294928 gallon=3.785411784 m3=1000 mL=0.001
money|MXN|MXN=1
money|MYR|MYR=1
money|NOK|NOK=1
money|PHP|PHP=1
money|PLN|PLN=1
money|RUB|RUB=1
money|SAR|SAR=1
money|SEK|SEK=1
money|SGD|SGD=1
money|THB|THB=1
money|TRY|TRY=1
money|TWD|TWD=1
money|USD|USD=1
money|VND|VND=1
money|ZAR|ZAR=1
area|m2|acre=4046.8564224 cm2=0.0001 ha=10000 km2=1E+6 m2=1 mu=666.6666666666666 sqft=0.09290304
area|m2|sqmi=2589988.110336 坪=3.3057851239669422
percent-point|pp|bp=0.01 pp=1
count|case|case=1
time|month|century=1200 decade=120 month=1 quarter=3 year=12
count|chip|chip=1
length|m|cm=0.01 ft=0.3048 inch=0.0254 km=1000 m=1 mile=1609.344 mm=0.001 nm=1E-9 um=0.000001
length|m|yd=0.9144
count|company|company=1
count|country|country=1
count|datacenter|datacenter=1
time|s|day=86400 hour=3600 minute=60 ms=0.001 ns=1E-9 s=1 us=0.000001 week=604800
count|device|device=1
frequency|fps|fps=1
mass|kg|g=0.001 jin=0.5 kg=1 lb=0.45359237 mg=0.000001 oz=0.028349523125 t=1000
count|household|household=1
count|image|image=1
speed|m/s|km/h=0.2777777777777778 m/s=1 mph=0.44704
count|language|language=1
count|model|model=1
count|page|page=1
count|parameter|parameter=1
count|person|person=1
score|point|point=1
ratio|ratio|ratio=1
frequency|rpm|rpm=1
count|satellite|satellite=1
count|server|server=1
count|share|share=1
count|store|store=1
count|times|times=1
count|token|token=1
count|vehicle|vehicle=1
count|word|word=1
multiple|x|x=1
temperature|°C|°C=1
temperature|°F|°F=1
"""


UNITS: dict[str, Unit] = {
    ("" if name == "_" else name): Unit(base, dimension, Decimal(scale))
    for dimension, base, row in (line.split("|") for line in _TABLE.split("\n") if line)
    for name, _, scale in (pair.partition("=") for pair in row.split())
}
_PLAIN = Unit("count", "count", Decimal(1))
_KINDS = {
    "money": "money",
    "percent": "percent",
    "percent-point": "point",
    "count": "count",
    "time": "duration",
    "multiple": "multiple",
    "ratio": "ratio",
    "score": "score",
}


def base(value: Decimal, unit: str) -> tuple[Decimal, str]:
    """A value in base units, exactly, and the name of the base unit.

    >>> base(Decimal("0.141"), "TB"), base(Decimal(2), "year")
    ((Decimal('1.41E+11'), 'B'), (Decimal('24'), 'month'))
    """
    known = UNITS.get(unit, _PLAIN)
    return value * known.scale, known.base


def dimension(unit: str) -> str:
    """What a unit measures: money, data, power, count ...; an unknown one counts things."""
    return UNITS.get(unit, _PLAIN).dimension


def kind(unit: str) -> str:
    """The kind of figure that a unit makes: money, percent, point, count, duration, measure ..."""
    return "number" if unit == "" else _KINDS.get(dimension(unit), "measure")


def comparable(one: str, other: str) -> bool:
    """Whether values of two units can be compared at all. Counts of different things cannot, but
    a bare number or an unnamed count may be of anything counted."""
    a, b = UNITS.get(one, _PLAIN), UNITS.get(other, _PLAIN)
    if a.dimension == b.dimension == "count":
        return a.base == b.base or "count" in (a.base, b.base)
    return a.base == b.base
