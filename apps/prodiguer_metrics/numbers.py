"""Numbers as shell scripts print them."""

from __future__ import annotations

import math
import re

#: `bc` prints no zero before the point, and awk may print an exponent.
_FORM = re.compile(r"[+-]?(?:[0-9]{1,30}(?:\.[0-9]{0,30})?|\.[0-9]{1,30})(?:[eE][+-]?[0-9]{1,3})?")


def number(text: str | None) -> float | None:
    """``.002929`` is 0.002929; None for what is no finite number that cannot be below zero."""
    if text is None or _FORM.fullmatch(text.strip()) is None:
        return None
    value = float(text)
    return value if math.isfinite(value) and value >= 0 else None
