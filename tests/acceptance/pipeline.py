"""What the tests of eventbridge_product_log_pipeline share: a pipeline's text, its events and rows, and all of its account.

ministack runs the log writer for real. It delivers no dead letters of EventBridge, so those are shown by
asynchronous Invoke. It keeps a rule's old values where PutRule leaves them out; AWS does not.
"""
import io
import json
import re
import time
import zipfile

from workspace import OWN_ACCOUNT

ADDRESS = "eventbridge_product_log_pipeline.log"
# A name of the test's own account: ministack hands an event to a warm worker by the
# function's name alone, which may be one of another account.
OWN = f"shop-{OWN_ACCOUNT}"
DETAIL = {"userId": "user-123", "name": "My First Book", "category": "Finance", "price": 100, "insertedId": 7}
ROW_SECONDS = 30
OTHER = 'resource "eventbridge_bus" "other" {\n  name = "other"\n}\n'


def own(aws):
    return f"shop-{aws.id}"


def pipeline(body="", name=OWN, before=""):
    return f'{before}\nresource "eventbridge_product_log_pipeline" "log" {{\n  name = "{name}"\n{body}\n}}\n'


def rows(aws):
    return aws.client("dynamodb").scan(TableName=own(aws))["Items"]


def publish(aws, detail=None, bus=None, source="log.addProduct"):
    entry = {"EventBusName": bus or own(aws), "Source": source, "DetailType": "add-product",
             "Detail": json.dumps(detail or DETAIL)}
    answer = aws.client("events").put_events(Entries=[entry])
    assert answer["FailedEntryCount"] == 0, answer
    return answer["Entries"][0]["EventId"]


def wait_for(what, seconds=ROW_SECONDS):
    """Polls until `what` answers something true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = what()
        if found:
            return found
        time.sleep(0.2)
    raise AssertionError("it did not come")


# --- parts of the user's own ---

def own_table(aws):
    """Makes the table `mine`; the argument that names it."""
    keys = [("PK", "HASH"), ("SK", "RANGE")]
    aws.client("dynamodb").create_table(
        TableName="mine", BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": n, "KeyType": k} for n, k in keys],
        AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n, _ in keys])
    return f'  log_table = {{ arn = "{aws.arn("dynamodb", "table/mine")}" }}'


def own_queue(aws, **attributes):
    """Makes the queue `mine`; the argument that names it."""
    aws.client("sqs").create_queue(QueueName="mine", Attributes=attributes)
    return f'  dead_letter_queue_arn = "{aws.arn("sqs", "mine")}"'


def own_function(aws):
    """Makes the function `mine` with the alias `live`; its ARN."""
    functions, package = aws.client("lambda"), io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("mine.py", "def handler(event, context):\n    return event\n")
    functions.create_function(FunctionName="mine", Runtime="python3.13", Handler="mine.handler", Publish=True,
                              Role=f"arn:aws:iam::{aws.id}:role/mine", Code={"ZipFile": package.getvalue()})
    wait_for(lambda: functions.get_function(FunctionName="mine")["Configuration"]["State"] == "Active")
    functions.create_alias(FunctionName="mine", Name="live", FunctionVersion="1")
    return aws.arn("lambda", "function:mine")


# --- the account, looked at without the provider ---

def names(aws):
    """Names of all objects that a pipeline could leave."""
    client = aws.client
    buses = [b["Name"] for b in client("events").list_event_buses()["EventBuses"]]
    return {
        "buses": buses,
        "rules": [f"{b}/{r['Name']}" for b in buses for r in client("events").list_rules(EventBusName=b)["Rules"]],
        "functions": [f["FunctionName"] for f in client("lambda").list_functions()["Functions"]],
        "roles": [r["RoleName"] for r in client("iam").list_roles()["Roles"]],
        "queues": client("sqs").list_queues().get("QueueUrls", []),
        "tables": client("dynamodb").list_tables()["TableNames"],
        "log groups": [g["logGroupName"] for g in client("logs").describe_log_groups()["logGroups"]],
    }


def contents(aws, renamed=False):
    """All of the pipeline's parts as their services describe them, but for what no two have the same.

    With `renamed` the role has its other name, and that is told as the first.
    """
    events, functions, iam = aws.client("events"), aws.client("lambda"), aws.client("iam")
    tables, queues, logs = aws.client("dynamodb"), aws.client("sqs"), aws.client("logs")
    name, parts = own(aws), {"names": names(aws)}
    bus, rule = events.describe_event_bus(Name=name), events.describe_rule(EventBusName=name, Name=name)
    parts["bus"] = bus, events.list_tags_for_resource(ResourceARN=bus["Arn"])
    parts["rule"] = rule, events.list_tags_for_resource(ResourceARN=rule["Arn"])
    parts["targets"] = events.list_targets_by_rule(EventBusName=name, Rule=name)
    table = tables.describe_table(TableName=name)["Table"]
    expiry = tables.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    # Of what is switched off the emulator tells what it was before.
    if expiry["TimeToLiveStatus"] != "ENABLED":
        expiry = None
    if table.get("SSEDescription", {}).get("Status") != "ENABLED":
        table.pop("SSEDescription", None)
    if not table.get("StreamSpecification", {}).get("StreamEnabled"):
        table.pop("StreamSpecification", None)
    parts["table"] = (table, expiry,
                      tables.describe_continuous_backups(TableName=name),
                      tables.list_tags_of_resource(ResourceArn=table["TableArn"]))
    url = queues.get_queue_url(QueueName=name)["QueueUrl"]
    parts["queue"] = (queues.get_queue_attributes(QueueUrl=url, AttributeNames=["All"]), queues.list_queue_tags(QueueUrl=url))
    role = functions.get_function_configuration(FunctionName=name)["Role"].rsplit("/", 1)[1]
    inline = iam.list_role_policies(RoleName=role)["PolicyNames"]
    parts["role"] = (iam.get_role(RoleName=role)["Role"], iam.list_role_tags(RoleName=role),
                     [iam.get_role_policy(RoleName=role, PolicyName=policy) for policy in inline],
                     iam.list_attached_role_policies(RoleName=role))
    group = logs.describe_log_groups(logGroupNamePrefix=f"/aws/lambda/{name}")["logGroups"][0]
    parts["log group"] = group, logs.list_tags_log_group(logGroupName=group["logGroupName"])
    parts["function"] = (functions.get_function(FunctionName=name),
                         functions.get_function_event_invoke_config(FunctionName=name))
    parts["permission"] = json.loads(functions.get_policy(FunctionName=name)["Policy"])
    parts = _lasting(parts)
    if renamed:
        assert role == f"{name}-{aws.region}-b"
        parts = json.loads(json.dumps(parts).replace(role, role.removesuffix("-b")))
    return parts


# Of each object anew: times, counts and random numbers.
_PASSING = re.compile(r"(Date|DateTime|Time|Timestamp|Modified|Metadata|LastUsed|RevisionId|RoleId|TableId|Location"
                      r"|storedBytes|UpdateStatus|CreationTime)$|^Approximate|StreamLabel|StreamArn")


def _lasting(value):
    if isinstance(value, dict):
        return {key: _lasting(item) for key, item in value.items() if not _PASSING.search(key)}
    if isinstance(value, (list, tuple)):
        items = [_lasting(item) for item in value]
        # Tags come in no order.
        tagged = all(isinstance(item, dict) for item in items)
        return sorted(items, key=lambda item: json.dumps(item, sort_keys=True)) if tagged else items
    if isinstance(value, str) and value.startswith("{"):
        return _lasting(json.loads(value))
    return value
