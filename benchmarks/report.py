"""One line per figure: what, measured, target, and whether it holds."""


def line(what: str, measured: float, unit: str, *, target: float, at_most: bool = False) -> bool:
    """Print a figure beside its target; whether the target holds."""
    holds = measured <= target if at_most else measured >= target
    sign = "≤" if at_most else "≥"
    form = ",.2f" if abs(target) < 5 else ",.1f"
    mark = "✓" if holds else "✗"
    print(f" {mark} {what:<52} {measured:>12{form}} {unit:<10} target {sign} {target:,g}")
    return holds
