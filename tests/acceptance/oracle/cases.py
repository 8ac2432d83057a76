"""Random patterns and events from small stocks, so that they meet; one seed gives always the same."""
import json
import random

NAMES = ["a", "b", "c", "z", "a.b", "b.c", "", "source", "detail", "～", "😀", "prefix", "n"]
FEW = [["a", "b", "z"], ["a", "a.b", "a-b"], ["b", "～", "😀"], ["a", "", "z"]]
STRINGS = ["", "a", "A", "ab", "Ab", "aB", "abc", "b", "ba", "aab", "a*b", "a\\b", "a b", "*", "\"", "a\"", "\n",
           "straße", "STRASSE", "strasse", "é", "É", "e\u0301", "ı", "i", "I", "İ", "i̇", "ς", "Σ", "σ", "K", "k", "K", "ǅ",
           "ǆ", "Ǆ", "ﬁ", "FI", "😀", "😁", "𐐀", "𐐨", "ß", "\u0000", "true", "null", "1", "1.0",
           "10.0.0.01", "010.0.0.1", "10.0.0.1 ", "fe80::1%eth0", "[::1]"]
ADDRESSES = ["10.0.0.1", "10.0.1.7", "192.168.0.255", "0.0.0.0", "255.255.255.255",
             "::", "::1", "::a00:1", "::ffff:10.0.0.1", "2001:db8::1", "2001:DB8:0:0:0:0:0:1"]
NUMBERS = ["0", "-0", "0.0", "1", "1.0", "1e0", "10e-1", "1E2", "100", "1e+2", "2", "-1", "1.5", "15e-1", "300", "3.0e2",
           "0.1", "0.10", "5e-324", "1.7976931348623157e308", "9007199254740992", "5000000000", "-5000000001",
           "3.141592653589793"]
# These do not survive a round trip through binary64.
INEXACT = ["5e-325", "1e309", "-1e309", "9007199254740993", "9007199254740993.0", "12345678901234567890",
           "12345678901234567890.0", "3.14159265358979323"]
OTHERS = ["true", "false", "null"]
BITS = ["0", "1", "8", "16", "24", "30", "31", "+8", "08"]
WRONG_BITS = ["32", "33", "128", "129", "-1", "", "8 ", "x"]
ENVELOPE = {"version": "0", "id": "17793124-05d4-b198-2fde-7ededc63b103", "detail-type": "Order Placed",
            "source": "shop.orders", "account": "123456789012", "time": "2026-07-21T11:05:50Z", "region": "eu-west-1"}


class Cases:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def __iter__(self):
        while True:
            # Every other case is about arrays of objects: few names and values, so that elements compete.
            self.small = self.chance(0.5)
            self.names = self.pick(FEW) if self.small else NAMES
            event = self.event()
            self.seen = list(places(event, ()))
            pattern = self.pattern(2)
            text = self.text(pattern)
            if self.chance(0.03):
                text = self.spoilt(text)
            yield text, self.text(event)

    # --- chance ---

    def chance(self, share):
        return self.random.random() < share

    def pick(self, stock):
        return self.random.choice(stock)

    # --- events: objects are lists of pairs in a tuple, arrays lists, scalars their JSON text ---

    def event(self):
        members = []
        if not self.small and self.chance(0.4):
            members = [(name, quoted(value)) for name, value in ENVELOPE.items() if self.chance(0.8)]
            members.append(("resources", [self.string() for _ in range(self.random.randrange(3))]))
        for _ in range(self.random.randrange(1, 4)):
            members.append((self.pick(self.names), self.value(4)))
        self.random.shuffle(members)
        return tuple(members)

    def value(self, depth):
        kind = self.random.random()
        if depth == 0 or kind < (0.2 if self.small else 0.4):
            return self.scalar()
        if kind < (0.6 if self.small else 0.7):
            return tuple((self.pick(self.names), self.value(depth - 1)) for _ in range(self.random.randrange(4)))
        return [self.value(depth - 1) for _ in range(self.random.randrange(4))]

    def scalar(self):
        if self.small:
            return self.pick(['"x"', '"x"', '"y"', "1", "null"])
        kind = self.random.random()
        if kind < 0.55:
            return self.string()
        return self.number() if kind < 0.85 else self.pick(OTHERS)

    def string(self):
        return quoted(self.pick(ADDRESSES if self.chance(0.2) else STRINGS))

    def number(self, inexact=0.1):
        return self.pick(INEXACT if self.chance(inexact) else NUMBERS)

    # --- patterns ---

    def pattern(self, depth):
        return tuple(self.member(depth) for _ in range(self.random.randrange(1, 4 if depth else 2)))

    def member(self, depth):
        if depth and self.chance(0.1):
            return "$or", [self.pattern(depth - 1) for _ in range(self.random.randrange(2, 4))]
        if self.chance(0.6) and self.seen:
            # A field that the event has, written nested or with dots.
            path, value = self.pick(self.seen)
            wanted = self.list(value)
            if self.chance(0.3):
                return ".".join(path), wanted
            for name in reversed(path[1:]):
                wanted = ((name, wanted),)
            return path[0], wanted
        if depth and self.chance(0.4):
            return self.pick(self.names), self.pattern(depth - 1)
        return self.pick(self.names), self.list(self.scalar())

    def list(self, near):
        return [self.element(near if self.chance(0.5) else self.scalar())
                for _ in range(self.pick([1, 1, 1, 2, 2, 3]) if self.chance(0.998) else 0)]

    def element(self, near):
        if self.small and self.chance(0.95):
            return self.pick([near, near, (("exists", "false"),), (("exists", "true"),), (("anything-but", '"x"'),)])
        string = near if near.startswith('"') and self.chance(0.7) else self.string()
        number = near if near in NUMBERS and self.chance(0.7) else self.number(0.01)
        kind = self.pick(["literal"] * 5 + ["exactly", "prefix", "suffix", "equals-ignore-case", "wildcard", "numeric",
                                            "numeric", "anything-but", "anything-but", "exists", "exists", "cidr"])
        if self.chance(0.005):
            string = number
        if kind == "literal":
            return near
        if kind in ("prefix", "suffix"):
            operand = self.part(string, kind)
            return ((kind, ((("equals-ignore-case", operand),) if self.chance(0.4) else operand)),)
        operand = {
            "exactly": lambda: string,
            "equals-ignore-case": lambda: self.cased(string),
            "wildcard": lambda: self.starred(string),
            "numeric": lambda: self.comparison(number),
            "anything-but": lambda: self.excluded(string, number),
            "exists": lambda: self.pick(OTHERS[:2]) if self.chance(0.98) else "null",
            "cidr": self.range,
        }[kind]()
        return ((kind, operand),)

    def part(self, string, end):
        if not string.startswith('"') or self.chance(0.2):
            return string
        text = json.loads(string)
        cut = self.random.randrange(len(text) + 1)
        return quoted(text[:cut] if end == "prefix" else text[cut:])

    def cased(self, string):
        return self.pick([string, string.lower(), string.upper(), string.swapcase()]) if "\\" not in string else string

    def starred(self, string):
        if not string.startswith('"'):
            return string
        text = json.loads(string)
        if self.chance(0.98):
            text = text.replace("\\", "\\\\").replace("*", "\\*")
        for _ in range(self.random.randrange(3)):
            start = self.random.randrange(len(text) + 1)
            text = text[:start] + "*" + text[start + self.random.randrange(3):]
        if self.chance(0.95):
            text = text.replace("**", "*")
        return quoted(text)

    def comparison(self, number):
        if self.chance(0.6):
            return [quoted(self.pick(["=", "<", "<=", ">", ">="])), number]
        low, high = sorted([number, self.number(0.01)], key=float)
        if self.chance(0.02):
            low, high = high, low
        return [quoted(self.pick([">", ">="])), low, quoted(self.pick(["<", "<="])), high]

    def range(self):
        address = self.pick(ADDRESSES if self.chance(0.98) else STRINGS)
        bits = self.pick(BITS if self.chance(0.98) else WRONG_BITS)
        if ":" in address and bits in BITS[4:7] and self.chance(0.5):
            bits = str(int(bits) * 4)
        return quoted(f"{address}/{bits}")

    def excluded(self, string, number):
        kind = self.random.random()
        if kind < 0.25:
            return self.pick([string, number])
        if kind < 0.5:
            stock = self.string if self.chance(0.6) else lambda: self.number(0.01)
            first = string if stock == self.string else number
            return [first] + [stock() for _ in range(self.random.randrange(3))]
        name = self.pick(["prefix", "suffix", "equals-ignore-case", "wildcard"])
        vary = {"prefix": lambda text: self.part(text, name), "suffix": lambda text: self.part(text, name),
                "equals-ignore-case": self.cased, "wildcard": self.starred}[name]
        items = [vary(self.pick([string, self.string()])) for _ in range(self.random.randrange(1, 3))]
        return ((name, items[0] if self.chance(0.5) else items),)

    # --- text ---

    def text(self, node):
        if isinstance(node, tuple):
            return "{" + ",".join(f"{self.escaped(quoted(name))}:{self.text(value)}"
                                  for name, value in node) + "}"
        if isinstance(node, list):
            return "[" + ",".join(map(self.text, node)) + "]"
        return self.escaped(node) if node.startswith('"') else node

    def escaped(self, string):
        """The same string, now and then with \\u escapes."""
        if self.chance(0.8):
            return string
        text = "".join(f"\\u{int.from_bytes(unit, 'big'):04x}" if self.chance(0.5) or unit in UNSAFE or 0xd8 <= unit[0] < 0xe0 else unit.decode("utf-16-be")
                       for unit in units(json.loads(string)))
        return f'"{text}"'

    def spoilt(self, text):
        """One character less, or one twice."""
        at = self.random.randrange(len(text))
        return text[:at] + text[at] * self.pick([0, 2]) + text[at + 1:]


def quoted(text):
    return json.dumps(text, ensure_ascii=False)


UNSAFE = {text.encode("utf-16-be") for text in [*map(chr, range(32)), '"', "\\"]}


def units(text):
    data = text.encode("utf-16-be")
    return [data[at:at + 2] for at in range(0, len(data), 2)]


def places(node, path):
    """Where an event has values: (path, value)."""
    if isinstance(node, tuple):
        for name, value in node:
            yield from places(value, (*path, name))
    elif isinstance(node, list):
        for item in node:
            yield from places(item, path)
    else:
        yield path, node
