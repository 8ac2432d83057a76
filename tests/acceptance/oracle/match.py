"""Patterns and events as a whole (docs/patterns.md, sections 2, 3, 5 to 7)."""
from .text import Members, parse
from .values import OPERATORS, Invalid, element, need

RESERVED = {*OPERATORS, *"= < <= > >=".split(), *"""
    regex not-wildcard not-equals-ignore-case date-after date-on-or-after date-before date-on-or-before in-date-range
    ip-address-in-range ip-address-not-in-range""".split()}


def verdict(pattern_text, event_text):
    """(valid, match); match is None where there is nothing to say."""
    try:
        pattern = parse(pattern_text)
        need(isinstance(pattern, Members), "an object")
        expansions = expand(pattern)
        need(all(len(expansion) <= 256 for expansion in expansions), "paths")
    except (ValueError, Invalid):
        return False, None
    try:
        event = parse(event_text)
        need(isinstance(event, Members), "an object")
    except (ValueError, Invalid):
        return True, None
    found = {}
    for path, value, elements in leaves(event, (), {}):
        found.setdefault(path, []).append((value, elements))
    return True, any(fits(sorted(expansion.items(), key=lambda item: utf16(item[0])), found, {})
                     for expansion in expansions)


def utf16(text):
    return text.encode("utf-16-be", "surrogatepass")


def expand(pattern):
    """Every combination of branches, each as path -> list, read in the order of the text (5)."""
    def read(members, at, so_far, in_or):
        need(members, "empty object")
        for name, value in members:
            if name == "$or":
                need(type(value) is list and len(value) >= 2, "$or")
                need(all(isinstance(branch, Members) for branch in value), "branch")
                so_far = [made for branch in value for made in read(branch, at, [dict(one) for one in so_far], True)]
                continue
            need(not in_or or name not in RESERVED, "reserved")
            path = (*at, name)
            if isinstance(value, Members):
                so_far = read(value, path, so_far, in_or)
            else:
                need(type(value) is list and value, "list")
                wanted = [element(item) for item in value]
                so_far = [{**one, ".".join(path): wanted} for one in so_far]
        return so_far
    return read(pattern, (), [{}], False)


def leaves(node, path, elements):
    """The values of an event: path, value, and which element of which array each stands in (6, 7.2)."""
    if isinstance(node, Members):
        for name, value in node:
            yield from leaves(value, (*path, name), elements)
    elif type(node) is list:
        for index, item in enumerate(node):
            recorded = isinstance(item, list)
            yield from leaves(item, path, {**elements, id(node): index} if recorded else elements)
    else:
        yield ".".join(path), node, elements


def fits(fields, found, chosen):
    """Whether every field takes a value, all in elements that fit together (7)."""
    if not fields:
        return True
    (path, wanted), *others = fields
    near = [(value, elements) for value, elements in found.get(path, [])
            if all(chosen.get(array, index) == index for array, index in elements.items())]
    for value, elements in near:
        if any(accepts(value) for accepts, _ in wanted) and fits(others, found, {**chosen, **elements}):
            return True
    return not near and any(absent for _, absent in wanted) and fits(others, found, chosen)
