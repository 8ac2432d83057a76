"""What the elements of a pattern's list accept (docs/patterns.md, section 4)."""
import ipaddress
import re

from .text import Members, Number


class Invalid(Exception):
    """The pattern is none."""


def need(condition, why):
    if not condition:
        raise Invalid(why)


def element(node):
    """One element of a list: (accepts a value, accepts absence)."""
    if not isinstance(node, (Members, list)):
        return literal(node), False
    need(isinstance(node, Members) and len(node) == 1, "one operator")
    (name, operand), = node
    need(name in OPERATORS, name)
    if name == "exists":
        need(isinstance(operand, bool), name)
        return (lambda value: operand), not operand
    return OPERATORS[name](operand), False


def literal(wanted):
    """4.1, 4.2, 4.3"""
    if isinstance(wanted, str):
        address = as_address(wanted)
        if address is not None:
            return lambda value: isinstance(value, str) and as_address(value) == address
    return same(wanted)


def same(wanted):
    if isinstance(wanted, Number):
        return lambda value: isinstance(value, Number) and wanted.same(value)
    return lambda value: type(value) is type(wanted) and value == wanted


def as_address(text):
    if ":" in text and re.search(r"[.%]", text):
        return None
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def exactly(operand):
    need(isinstance(operand, str), "exactly")
    return same(operand)


def affix(take):
    """4.4: prefix or suffix, `take` says which end."""
    def operator(operand):
        folded = isinstance(operand, Members)
        if folded:
            need(len(operand) == 1 and operand[0][0] == "equals-ignore-case", "prefix or suffix of")
            operand = operand[0][1]
        need(isinstance(operand, str), "prefix or suffix")
        if folded:
            pattern = folding(operand)
            return strings(re.compile(take(pattern), re.DOTALL).fullmatch)
        return strings(re.compile(take(re.escape(operand)), re.DOTALL).fullmatch)
    return operator


def strings(accepts):
    return lambda value: isinstance(value, str) and bool(accepts(value))


def folding(text):
    """4.5 as a regular expression: a piece for each character, its lower or its upper case."""
    return "".join(f"(?:{re.escape(c.lower())}|{re.escape(c.upper())})" for c in text)


def equals_ignore_case(operand):
    need(isinstance(operand, str), "equals-ignore-case")
    return strings(re.compile(folding(operand)).fullmatch)


def wildcard(operand):
    """4.6"""
    need(isinstance(operand, str), "wildcard")
    need(re.fullmatch(r"(?:[^\\]|\\[\\*])*", operand, re.DOTALL), "escape")
    pieces = re.findall(r"\\[\\*]|[^\\]", operand, re.DOTALL)
    need(("*", "*") not in zip(pieces, pieces[1:]), "**")
    pattern = "".join(".*" if piece == "*" else re.escape(piece[-1]) for piece in pieces)
    return strings(re.compile(pattern, re.DOTALL).fullmatch)


COMPARISONS = {
    "=": lambda value, bound: value == bound,
    "<": lambda value, bound: value < bound,
    "<=": lambda value, bound: value <= bound,
    ">": lambda value, bound: value > bound,
    ">=": lambda value, bound: value >= bound,
}


def numeric(operand):
    """4.7"""
    need(type(operand) is list and len(operand) in (2, 4), "numeric")
    names, bounds = operand[::2], operand[1::2]
    need(all(isinstance(name, str) and name in COMPARISONS for name in names), "comparison")
    need(all(isinstance(bound, Number) and bound.value is not None for bound in bounds), "bound")
    if len(names) == 2:
        need(names[0] in (">", ">=") and names[1] in ("<", "<="), "order")
        need(bounds[0].value < bounds[1].value, "empty range")
    tests = [(COMPARISONS[name], bound.value) for name, bound in zip(names, bounds)]
    return lambda value: (isinstance(value, Number) and value.value is not None
                          and all(compare(value.value, bound) for compare, bound in tests))


def anything_but(operand):
    """4.8"""
    make = same
    if isinstance(operand, Members):
        need(len(operand) == 1 and operand[0][0] in EXCLUDING, "anything-but of")
        name, operand = operand[0]
        items = operand if type(operand) is list else [operand]
        need(items and all(isinstance(item, str) for item in items), "anything-but of strings")
        need("" not in items or name not in ("prefix", "suffix"), "empty")
        make = OPERATORS[name]
    else:
        items = operand if type(operand) is list else [operand]
        need(items and (all(isinstance(item, str) for item in items)
                        or all(isinstance(item, Number) and item.value is not None for item in items)), "items")
    excluded = [make(item) for item in items]
    return lambda value: not any(test(value) for test in excluded)


def cidr(operand):
    """4.10"""
    need(isinstance(operand, str) and operand.count("/") == 1, "cidr")
    base, bits = operand.split("/")
    base = as_address(base)
    need(base is not None and re.fullmatch(r"\+?[0-9]+", bits), "cidr")
    need(int(bits) < base.max_prefixlen, "bits")
    network = ipaddress.ip_network(f"{base}/{int(bits)}", strict=False)

    def accepts(value):
        address = as_address(value) if isinstance(value, str) else None
        return address is not None and address.version == network.version and address in network
    return accepts


EXCLUDING = ("prefix", "suffix", "equals-ignore-case", "wildcard")
OPERATORS = {
    "exactly": exactly,
    "prefix": affix(lambda pattern: pattern + ".*"),
    "suffix": affix(lambda pattern: ".*" + pattern),
    "equals-ignore-case": equals_ignore_case,
    "wildcard": wildcard,
    "numeric": numeric,
    "anything-but": anything_but,
    "exists": None,
    "cidr": cidr,
}
