"""Private until wire.topics is there."""


def matches(pattern: str, key: str) -> bool:
    """As said above."""
    return _match(pattern.split("."), key.split("."))


def _match(p: list[str], k: list[str]) -> bool:
    if not p:
        return not k
    if p[0] == "#":
        return any(_match(p[1:], k[i:]) for i in range(len(k) + 1))
    return bool(k) and p[0] in ("*", k[0]) and _match(p[1:], k[1:])
