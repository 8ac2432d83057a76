"""An AWS account of an emulator, and everything that is in it."""
import json
import random
import re

from lib.aws import Account
from lib.proxy import FaultProxy

REGION = "eu-west-1"

# What changes by itself: times, ids that AWS makes up, states on their way.
_VOLATILE = re.compile(r"Time|Date|Modified|Revision|ResponseMetadata|^(SecretArn|State|StateReason|StateReasonCode|"
                       r"LastUpdateStatus|EventCount|SizeBytes|TableSizeBytes|ItemCount|TableId|RoleId|CodeSize|"
                       r"storedBytes|TableStatus|Location|LatestStreamLabel|LatestStreamArn|ApproximateNumber.*|"
                       r".*Timestamp|RuntimeVersionConfig|RoleLastUsed)$")
_MADE_UP = [(re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), "(uuid)"),
            (re.compile(r"terraform-[0-9a-f]{26}"), "(generated)"),
            # A statement's id that ends with a hash of what has the account in it.
            (re.compile(r"(?<=shop-\(account\)-)[0-9a-f]{8}"), "(hash)")]


class World:
    """One account, reached by the provider through a proxy, and by us directly."""

    def __init__(self, emulator, url):
        self.emulator, self._url = emulator, url
        self.proxy = FaultProxy(url)
        self.proxy.__enter__()
        self.move()

    def close(self):
        self.proxy.__exit__()

    def move(self):
        """On to an account that nobody has used."""
        number = str(random.SystemRandom().randrange(10 ** 11, 10 ** 12))
        if self.emulator == "ministack":
            self.account = Account(self._url, number, REGION)
        else:
            credentials = Account(self._url).client("sts").assume_role(
                RoleArn=f"arn:aws:iam::{number}:role/test", RoleSessionName="faults")["Credentials"]
            self.account = Account(self._url, number, REGION, credentials["AccessKeyId"],
                                   credentials["SecretAccessKey"], credentials["SessionToken"])
        self._clients = {}

    @property
    def id(self):
        return self.account.id

    def client(self, service):
        if service not in self._clients:
            self._clients[service] = self.account.client(service)
        return self._clients[service]

    def operation(self, call):
        """A call's operation; where that is a path, without what is this account's own.

        The clean life, which tells the calls, ran in another one."""
        return self._anonymous(call.operation)

    def settings(self):
        """The account as the provider's environment, by way of the proxy."""
        return {**self.account.settings(), "AWS_ENDPOINT_URL": self.proxy.url}

    def snapshot(self, services):
        """Everything that is there, as text that is equal where the objects are."""
        found = {service: _LOOKS[service](self) for service in services}
        return self._anonymous(json.dumps(_steady(found), sort_keys=True, indent=1, default=str))

    def _anonymous(self, text):
        text = text.replace(self.id, "(account)")
        for pattern, name in _MADE_UP:
            text = pattern.sub(name, text)
        return text


def _steady(value):
    if isinstance(value, dict):
        return {key: _steady(item) for key, item in value.items() if not _VOLATILE.search(str(key))}
    if isinstance(value, list):
        return [_steady(item) for item in value]
    if isinstance(value, str) and value[:1] in "{[":
        try:
            return _steady(json.loads(value))
        except ValueError:
            return value
    return value


def _events(world):
    client = world.client("events")
    found = {"buses": [_bus(client, bus["Name"]) for bus in client.list_event_buses()["EventBuses"]],
             "archives": [client.describe_archive(ArchiveName=item["ArchiveName"])
                          for item in client.list_archives()["Archives"]],
             "connections": [client.describe_connection(Name=item["Name"])
                             for item in client.list_connections()["Connections"]],
             "destinations": [client.describe_api_destination(Name=item["Name"])
                              for item in client.list_api_destinations()["ApiDestinations"]]}
    if world.emulator == "ministack":  # moto has no endpoints
        found["endpoints"] = [client.describe_endpoint(Name=item["Name"])
                              for item in client.list_endpoints()["Endpoints"]]
    return found


def _bus(client, name):
    bus = client.describe_event_bus(Name=name)
    rules = [_rule(client, name, rule["Name"]) for rule in client.list_rules(EventBusName=name)["Rules"]]
    return {"bus": bus, "tags": _tags(client, bus["Arn"]), "rules": rules}


def _rule(client, bus, name):
    rule = client.describe_rule(Name=name, EventBusName=bus)
    return {"rule": rule, "tags": _tags(client, rule["Arn"]),
            "targets": client.list_targets_by_rule(Rule=name, EventBusName=bus)["Targets"]}


def _tags(client, arn):
    tags = client.list_tags_for_resource(ResourceARN=arn)["Tags"]
    return {tag["Key"]: tag["Value"] for tag in tags}


def _lambda(world):
    client, found = world.client("lambda"), []
    for function in client.list_functions()["Functions"]:
        name, missing = function["FunctionName"], client.exceptions.ResourceNotFoundException
        about = client.get_function(FunctionName=name)
        found.append({"function": about, "policy": _unless(missing, client.get_policy, FunctionName=name),
                      "asynchronous": _unless(missing, client.get_function_event_invoke_config, FunctionName=name)})
    return found


def _dynamodb(world):
    client, found = world.client("dynamodb"), []
    for name in client.list_tables()["TableNames"]:
        table = client.describe_table(TableName=name)["Table"]
        found.append({"table": table, "rows": client.scan(TableName=name)["Items"],
                      "expiry": client.describe_time_to_live(TableName=name),
                      "backups": client.describe_continuous_backups(TableName=name),
                      "tags": client.list_tags_of_resource(ResourceArn=table["TableArn"])["Tags"]})
    return found


def _iam(world):
    client, found = world.client("iam"), []
    for role in client.list_roles()["Roles"]:
        name = role["RoleName"]
        found.append({"role": client.get_role(RoleName=name),
                      "policies": [client.get_role_policy(RoleName=name, PolicyName=policy)
                                   for policy in client.list_role_policies(RoleName=name)["PolicyNames"]]})
    return found


def _sqs(world):
    client = world.client("sqs")
    return [{"queue": client.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"],
             "tags": client.list_queue_tags(QueueUrl=url).get("Tags")}
            for url in client.list_queues().get("QueueUrls", [])]


def _logs(world):
    client = world.client("logs")
    return [{"group": group, "tags": client.list_tags_for_resource(resourceArn=group["arn"].removesuffix(":*"))["tags"]}
            for group in client.describe_log_groups()["logGroups"]]


def _unless(missing, call, **parameters):
    try:
        return call(**parameters)
    except missing:
        return None


_LOOKS = {"events": _events, "lambda": _lambda, "dynamodb": _dynamodb, "iam": _iam, "sqs": _sqs, "logs": _logs}
