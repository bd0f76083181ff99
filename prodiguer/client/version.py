"""Which version of the client this is: that of the package that it came with."""

from __future__ import annotations

PACKAGE = "prodiguer"


def version() -> str:
    """Such as ``1.4.0``; ``0`` where nobody knows."""
    # Looked up when it is asked for: who only sends does not pay for the import.
    from importlib import metadata  # noqa: PLC0415

    try:
        return metadata.version(PACKAGE)
    except metadata.PackageNotFoundError:
        return "0"
