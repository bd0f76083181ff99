"""A fixed piece of work on the standard library alone: how fast the machine is just now."""

import json
import time

MESSAGE = json.dumps({f"field{n}": "x" * 20 for n in range(21)}).encode()
COUNT = 50_000


def decode_rate() -> float:
    """Messages of about 650 bytes that a plain loop decodes in a second."""
    began = time.perf_counter()
    for _ in range(COUNT):
        json.loads(MESSAGE)
    return COUNT / (time.perf_counter() - began)
