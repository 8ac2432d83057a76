"""The lives that faults are tried on: what is there before, what is made, and what it is changed to.

Each change touches everything that its resource does in calls of their own (tags, roles, states).
"""
import json
from dataclasses import dataclass
from typing import Callable

from world import REGION


@dataclass(frozen=True)
class Life:
    """One resource from create to destroy, in an account that `before` has prepared."""
    name: str
    type_name: str
    # (world) -> None: makes what the resource needs, with boto3.
    before: Callable
    # (world) -> configuration
    first: Callable
    second: Callable
    emulator: str = "ministack"
    services: tuple = ("events",)
    # (world) -> None: what others do with it once it is made, and must find again.
    used: Callable = lambda world: None
    # A kill leaves what nobody can recognise: names that the provider makes up (documented).
    generated: bool = False


def _nothing(_):
    pass


def _arn(world, service, resource):
    return f"arn:aws:{service}:{REGION}:{world.id}:{resource}"


def _role(world, name):
    return f"arn:aws:iam::{world.id}:role/{name}"


# --- buses ---

def _bus(world):
    world.client("events").create_event_bus(Name="shop")


def _bus_arn(world):
    return _arn(world, "events", "event-bus/shop")


BUS = Life(
    "bus", "eventbridge_bus", _nothing,
    lambda world: {"name": "orders", "description": "one", "tags": {"a": "1", "b": "1"}},
    lambda world: {"name": "orders", "description": "two", "tags": {"a": "2", "c": "1"},
                   "kms_key_identifier": _arn(world, "kms", "key/0a1b2c3d-0000-4000-8000-000000000000"),
                   "dead_letter_config": [{"arn": _arn(world, "sqs", "dead")}]})


def _statement(world, sid, action):
    return {"Sid": sid, "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": action,
            "Resource": _bus_arn(world)}


def _policy(world, *sids):
    statements = [_statement(world, sid, "events:PutEvents") for sid in sids]
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


# ministack does not keep a policy that is put whole.
BUS_POLICY = Life(
    "bus policy", "eventbridge_bus_policy", _bus,
    lambda world: {"event_bus_name": "shop", "policy": _policy(world, "one")},
    lambda world: {"event_bus_name": "shop", "policy": _policy(world, "one", "two")},
    emulator="moto")

PERMISSION = Life(
    "permission", "eventbridge_permission", _bus,
    lambda world: {"event_bus_name": "shop", "principal": "111122223333", "statement_id": "one"},
    lambda world: {"event_bus_name": "shop", "principal": "444455556666", "statement_id": "one"},
    emulator="moto")

# --- rules and targets ---

RULE = Life(
    "rule", "eventbridge_rule", _bus,
    lambda world: {"name": "placed", "event_bus_name": "shop", "event_pattern": '{"source":["shop"]}',
                   "description": "one", "tags": {"a": "1", "b": "1"}},
    lambda world: {"name": "placed", "event_bus_name": "shop", "event_pattern": '{"source":["shop","web"]}',
                   "description": "two", "state": "DISABLED", "tags": {"a": "2", "c": "1"}})

RULE_GENERATED = Life(
    "rule with a generated name", "eventbridge_rule", _nothing,
    lambda world: {"schedule_expression": "rate(1 hour)"},
    lambda world: {"schedule_expression": "rate(2 hours)", "tags": {"a": "1"}},
    generated=True)


def _rule(world):
    world.client("events").put_rule(Name="placed", EventPattern='{"source":["shop"]}')


TARGET = Life(
    "target", "eventbridge_target", _rule,
    lambda world: {"rule": "placed", "target_id": "queue", "arn": _arn(world, "sqs", "one"), "input": '{"a":1}'},
    lambda world: {"rule": "placed", "target_id": "queue", "arn": _arn(world, "sqs", "two"),
                   "dead_letter_config": [{"arn": _arn(world, "sqs", "dead")}],
                   "retry_policy": [{"maximum_retry_attempts": 3}]})

# PutTargets does not take a role away: RemoveTargets and PutTargets do.
TARGET_ROLE = Life(
    "target that loses its role", "eventbridge_target", _rule,
    lambda world: {"rule": "placed", "target_id": "queue", "arn": _arn(world, "sqs", "one"),
                   "role_arn": _role(world, "events")},
    lambda world: {"rule": "placed", "target_id": "queue", "arn": _arn(world, "sqs", "one")},
    emulator="moto")

TARGET_GENERATED = Life(
    "target with a generated id", "eventbridge_target", _rule,
    lambda world: {"rule": "placed", "arn": _arn(world, "sqs", "one")},
    lambda world: {"rule": "placed", "arn": _arn(world, "sqs", "two")},
    generated=True)

# --- archives, connections and what uses them ---

ARCHIVE = Life(
    "archive", "eventbridge_archive", _bus,
    lambda world: {"name": "orders", "event_source_arn": _bus_arn(world), "description": "one", "retention_days": 7},
    lambda world: {"name": "orders", "event_source_arn": _bus_arn(world), "description": "two", "retention_days": 9,
                   "event_pattern": '{"source":["shop"]}'})


def _basic(password):
    return [{"basic": [{"username": "user", "password": password}]}]


CONNECTION = Life(
    "connection", "eventbridge_connection", _nothing,
    lambda world: {"name": "hook", "authorization_type": "BASIC", "description": "one",
                   "auth_parameters": _basic("first-secret")},
    lambda world: {"name": "hook", "authorization_type": "API_KEY", "description": "two",
                   "auth_parameters": [{"api_key": [{"key": "x-key", "value": "second-secret"}]}]})


def _connection(world):
    world.client("events").create_connection(Name="hook", AuthorizationType="BASIC", AuthParameters={
        "BasicAuthParameters": {"Username": "user", "Password": "secret"}})


def _destination(world, method, **more):
    connection = world.client("events").describe_connection(Name="hook")["ConnectionArn"]
    return {"name": "orders", "invocation_endpoint": "https://hooks.example.com/orders", "http_method": method,
            "connection_arn": connection, **more}


API_DESTINATION = Life(
    "api destination", "eventbridge_api_destination", _connection,
    lambda world: _destination(world, "POST", description="one"),
    lambda world: _destination(world, "PUT", description="two", invocation_rate_limit_per_second=20))


def _endpoint(world, description, replication):
    health = "arn:aws:route53:::healthcheck/0a1b2c3d-0000-4000-8000-000000000000"
    return {"name": "global", "description": description, "role_arn": _role(world, "replication"),
            "event_bus": [{"event_bus_arn": _bus_arn(world)},
                          {"event_bus_arn": _bus_arn(world).replace(REGION, "us-east-1")}],
            "replication_config": [{"state": replication}],
            "routing_config": [{"failover_config": [{"primary": [{"health_check": health}],
                                                     "secondary": [{"route": "us-east-1"}]}]}]}


# moto has no endpoints.
ENDPOINT = Life(
    "endpoint", "eventbridge_endpoint", _bus,
    lambda world: _endpoint(world, "one", "ENABLED"),
    lambda world: _endpoint(world, "two", "DISABLED"))

# --- the pipeline ---


def _pipeline(world, **more):
    # ministack hands an event to a warm worker by the function's name alone: each account has its own.
    return {"name": f"shop-{world.id}", "force_destroy": True, **more}


def _row(world):
    world.client("dynamodb").put_item(TableName=f"shop-{world.id}", Item={
        "PK": {"S": "Log#1"}, "SK": {"S": "Product#Log"}, "ProductId": {"N": "7"}})


PIPELINE = Life(
    "pipeline", "eventbridge_product_log_pipeline", _nothing,
    lambda world: _pipeline(world, tags={"a": "1", "b": "1"}),
    lambda world: _pipeline(
        world, tags={"a": "2", "c": "1"}, enabled=False,
        event_pattern='{"source":["log.addProduct","log.changeProduct"]}',
        retry_policy={"maximum_retry_attempts": 3},
        log_table={"ttl_days": 30, "point_in_time_recovery": True},
        log_function={"memory_size": 512, "log_events": True, "log_retention_days": 7, "maximum_retry_attempts": 1,
                      "reserved_concurrent_executions": 2}),
    services=("events", "lambda", "dynamodb", "iam", "sqs", "logs"), used=_row)

ALL = [BUS, RULE, RULE_GENERATED, TARGET, TARGET_ROLE, TARGET_GENERATED, BUS_POLICY, PERMISSION, ARCHIVE, CONNECTION,
       API_DESTINATION, ENDPOINT, PIPELINE]
