"""The log writer of a product log pipeline: one EventBridge event in, one DynamoDB row out.

It knows nothing of Terraform. Everything it does is said by its environment, which the pipeline
resource writes (there are no defaults here, so that there is one place that has them):

LOG_TABLE            name of the table; its keys are PK and SK, both strings
LOG_ITEM             JSON object, attribute -> value, SK among them (see "Values" below)
LOG_IDEMPOTENCY_KEY  path into the event, without type and `?`; PK is "Log#" + the string or
                     integer found there
LOG_TTL_DAYS         optional: whole days from now until the attribute ExpiresAt (epoch seconds)
LOG_EVENTS           optional: "true" writes the whole event into the log line

Values: `$.a.b` is a path into the event. A key holding one of `. [ ] : ? "` or white space stands
in quotes, where `\\"` and `\\\\` are a quote and a backslash; `[0]` picks an element of a list. Then,
optionally, the type that the event's value must have (`:S :N :BOOL :M :L`) and `?` (may be absent or
null: the attribute is left out). Anything else is a literal string; `$$` at its start is one `$`.
src/resources/product_log_pipeline/log_item.rs checks the same grammar at plan time, and
tests/corpus/log_item.jsonl holds both to it.

An invocation prints one line of JSON. An event that can't be logged prints why and raises, so that
Lambda tries it again and then hands it to the dead-letter queue. A row is put on condition that its
key is absent, so an event that is delivered again makes no second row.

Only what Lambda's Python runtime carries is used: the standard library and boto3.
"""

import functools
import json
import os
import re
import time

KEY = r'[^ \t\r\n."\[\]:?]+'
QUOTED_KEY = r'"(?:[^"\\]|\\["\\])*"'
INDEX = r"\[(?:0|[1-9][0-9]{0,5})\]"
STEPS = rf"(?:\.(?:{QUOTED_KEY}|{KEY})(?:{INDEX})*)+"
PATH = re.compile(rf"\$({STEPS})(?::(S|N|BOOL|M|L))?(\?)?")
STEP = re.compile(rf"\.({QUOTED_KEY})|\.({KEY})|({INDEX})")

TYPE_NAMES = {
    "S": "a string",
    "N": "a number",
    "BOOL": "a boolean",
    "M": "an object",
    "L": "a list",
    "NULL": "null",
}

# Of maps and lists in one another: DynamoDB's limit.
DEEPEST = 32

ABSENT = object()


class SettingsError(Exception):
    """The environment is not what the module's documentation asks for."""


class EventError(Exception):
    """The event has no row: the attribute that could not be made, its path, and why."""

    def __init__(self, attribute, path, reason):
        super().__init__(f"{attribute} = {path}: {reason}")
        self.attribute, self.path, self.reason = attribute, path, reason


class Path:
    """One `$.` value of LOG_ITEM, parsed."""

    def __init__(self, text):
        match = PATH.fullmatch(text)
        if match is None:
            raise SettingsError(f"{text} is not a path like $.detail.userId:S?")
        steps, self.type, optional = match.groups()
        self.text, self.optional = text, optional is not None
        self.steps = [_step(*step.groups()) for step in STEP.finditer(steps)]

    def find(self, event):
        """Returns what the path leads to, or ABSENT."""
        value = event
        for step in self.steps:
            if isinstance(step, str) and isinstance(value, dict) and step in value:
                value = value[step]
            elif isinstance(step, int) and isinstance(value, list) and step < len(value):
                value = value[step]
            else:
                return ABSENT
        return value


def _step(quoted, key, index):
    if quoted is not None:
        return re.sub(r"\\(.)", r"\1", quoted[1:-1])
    return key if key is not None else int(index[1:-1])


class Settings:
    """The environment, read and checked once, when the function starts."""

    def __init__(self, environment):
        try:
            self.table = environment["LOG_TABLE"]
            item = json.loads(environment["LOG_ITEM"])
            self.key = Path(environment["LOG_IDEMPOTENCY_KEY"])
            self.ttl_days = int(environment.get("LOG_TTL_DAYS") or 0)
        except KeyError as missing:
            raise SettingsError(f"{missing.args[0]} is not set") from None
        except ValueError as error:
            raise SettingsError(f"LOG_ITEM or LOG_TTL_DAYS is malformed: {error}") from None
        self.log_events = environment.get("LOG_EVENTS") == "true"
        if self.key.type or self.key.optional:
            raise SettingsError("LOG_IDEMPOTENCY_KEY takes neither a type nor a question mark")
        self.literals, self.paths = _split(item)


def _split(item):
    """Parts LOG_ITEM into its literals and its paths."""
    literals, paths = {}, {}
    for attribute, value in item.items():
        if attribute in ("", "PK", "ExpiresAt"):
            raise SettingsError(f"LOG_ITEM can't set the attribute {attribute!r}")
        if value.startswith("$."):
            paths[attribute] = Path(value)
        else:
            literals[attribute] = value[1:] if value.startswith("$$") else value
    if not literals.get("SK"):
        raise SettingsError("LOG_ITEM needs SK, a literal that is not empty")
    return literals, paths


def row(settings, event, now):
    """Makes the event's row, in DynamoDB's own form."""
    item = {"PK": {"S": "Log#" + _key(settings.key, event)}}
    for attribute, text in settings.literals.items():
        item[attribute] = {"S": text}
    for attribute, path in settings.paths.items():
        value = path.find(event)
        if value is ABSENT or value is None:
            if path.optional:
                continue
            what = "is not in the event" if value is ABSENT else "is null in the event"
            raise EventError(attribute, path.text, what)
        try:
            typed = typed_value(value)
        except ValueError as error:
            raise EventError(attribute, path.text, str(error)) from None
        found = next(iter(typed))
        if path.type not in (None, found):
            reason = f"is {TYPE_NAMES[found]} in the event, not {TYPE_NAMES[path.type]}"
            raise EventError(attribute, path.text, reason)
        item[attribute] = typed
    if settings.ttl_days:
        item["ExpiresAt"] = {"N": str(int(now) + settings.ttl_days * 86400)}
    return item


def _key(path, event):
    """Returns the text that makes the event's key: a string or an integer."""
    value = path.find(event)
    if isinstance(value, str) and value:
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        try:
            return number(value)
        except ValueError as error:
            raise EventError("PK", path.text, str(error)) from None
    if value is ABSENT:
        reason = "is not in the event"
    elif value == "":
        reason = "is empty in the event"
    else:
        reason = "is neither a string nor an integer in the event"
    raise EventError("PK", path.text, reason)


def typed_value(value, depth=0):
    """Turns a JSON value into DynamoDB's form, {type: value}; floats in nested maps too."""
    if value is None:
        return {"NULL": True}
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, str):
        return {"S": value}
    if isinstance(value, (int, float)):
        return {"N": number(value)}
    if depth == DEEPEST:
        raise ValueError(f"nests deeper than DynamoDB's {DEEPEST} levels")
    if isinstance(value, list):
        return {"L": [typed_value(element, depth + 1) for element in value]}
    return {"M": {name: typed_value(member, depth + 1) for name, member in value.items()}}


def number(value):
    """Writes a number as DynamoDB takes it: integers exactly, floats as the nearest double."""
    if value and not 1e-130 <= abs(value) < 1e126:
        raise ValueError("is a number outside DynamoDB's range, 1E-130 to 1E+126")
    if isinstance(value, int) and len(str(abs(value)).rstrip("0")) > 38:
        raise ValueError("is an integer of more than 38 digits, which DynamoDB can't keep")
    return repr(value) if value else "0"


class Writer:
    """Puts rows into the table."""

    def __init__(self, settings, dynamodb):
        self.settings, self.dynamodb = settings, dynamodb

    def write(self, event):
        """Puts the event's row. Returns its PK, and whether the row is new."""
        item = row(self.settings, event, time.time())
        key = item["PK"]["S"]
        try:
            self.dynamodb.put_item(
                TableName=self.settings.table,
                Item=item,
                ConditionExpression="attribute_not_exists(PK)",
            )
        except self.dynamodb.exceptions.ConditionalCheckFailedException:
            return key, False
        return key, True


@functools.cache
def start():
    """Makes the writer that all invocations of this process share."""
    import boto3
    from botocore.config import Config

    # Shorter than the function's own timeout: a table that hangs is then an error with a reason.
    patience = Config(
        connect_timeout=1, read_timeout=2, retries={"mode": "standard", "total_max_attempts": 3}
    )
    return Writer(Settings(os.environ), boto3.client("dynamodb", config=patience))


def handler(event, context):
    """Logs one event: the function's entry point."""
    line = {"level": "INFO", "message": "logged", "requestId": context.aws_request_id}
    try:
        line |= {name: event.get(name) for name in ("id", "source", "detail-type")}
        writer = start()
        if writer.settings.log_events:
            line["event"] = event
        line["key"], new = writer.write(event)
        if not new:
            line["message"] = "already logged"
    except Exception as error:
        line |= {"level": "ERROR", "message": "not logged", "reason": str(error)}
        if isinstance(error, EventError):
            line |= {"attribute": error.attribute, "path": error.path, "reason": error.reason}
        raise
    finally:
        print(json.dumps(line), flush=True)
    return {"key": line["key"], "new": new}
