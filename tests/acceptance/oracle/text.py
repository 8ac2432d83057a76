"""JSON with what patterns need: members in order, names written twice, the text of numbers."""
import json
from decimal import Decimal


class Members(list):
    """An object: its (name, value) pairs."""


class Number:
    """A number by its text; the value only if it survives a round trip through binary64 (4.3)."""

    def __init__(self, text):
        self.text = text
        exact, nearest = Decimal(text), float(text)
        finite = nearest - nearest == 0
        self.value = exact if finite and Decimal(repr(nearest)) == exact else None

    def same(self, other):
        if self.value is None or other.value is None:
            return self.text == other.text
        return self.value == other.value


def _refuse(constant):
    raise ValueError(constant)


def parse(text):
    return json.loads(text, object_pairs_hook=Members, parse_int=Number, parse_float=Number, parse_constant=_refuse)
