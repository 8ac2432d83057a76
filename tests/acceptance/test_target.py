"""eventbridge_target: its life, each of its blocks, and where hashicorp/aws goes wrong with its counterpart."""
import json

import pytest

RULE = 'resource "eventbridge_rule" "test" {\n  name = "test"\n  event_pattern = jsonencode({ source = ["shop"] })\n}\n'
ROLE = '  role_arn = "arn:aws:iam::123456789012:role/events"\n'


def arn(service, resource, region="eu-west-1", account="123456789012"):
    return f"arn:aws:{service}:{region}:{account}:{resource}"


QUEUE = arn("sqs", "queue")


def target(body="", to=QUEUE, label="test", identifier="one", rule="eventbridge_rule.test.name"):
    name = f'  target_id = "{identifier}"\n' if identifier else ""
    return f'resource "eventbridge_target" "{label}" {{\n  rule = {rule}\n{name}  arn = "{to}"\n{body}\n}}\n'


def stored(events, identifier="one", rule="test", bus="default"):
    """The target as the emulator has it."""
    found = events.list_targets_by_rule(Rule=rule, EventBusName=bus)["Targets"]
    return next(item for item in found if item["Id"] == identifier)


# --- a life ---

def test_attributes(tf_both):
    tf = tf_both
    tf.assert_applies(RULE + target())
    state = tf.state("eventbridge_target.test")
    assert state["target_id"] == "one" and state["event_bus_name"] == "default" and state["rule"] == "test"
    assert state["id"] == "test-one", "the peer's id, which moved states carry on"


def test_generated_id(tf_both, events):
    tf = tf_both
    tf.assert_applies(RULE + target(identifier=None))
    generated = tf.state("eventbridge_target.test")["target_id"]
    assert generated.startswith("terraform-")
    assert stored(events, generated)["Arn"] == QUEUE


@pytest.mark.parametrize("after, action", [
    (target(to=arn("sqs", "other")), "update"),
    (target('  input = "{}"'), "update"),
    (target(identifier="two"), "replace"),
], ids=["arn", "input", "target_id"])
def test_changes(tf_both, after, action):
    tf = tf_both
    tf.apply(RULE + target())
    assert tf.plan(RULE + after).changes == {"eventbridge_target.test": action}
    tf.apply()
    tf.assert_plan_empty()


def test_an_empty_id_is_a_generated_one(tf_both, events):
    """`target_id = ""` stays written so; changes and destroys still find the target."""
    tf, empty = tf_both, '  target_id = ""\n'
    text = RULE + target(empty, identifier=None)
    tf.assert_applies(text)
    (made,) = events.list_targets_by_rule(Rule="test")["Targets"]
    assert made["Id"].startswith("terraform-")
    state = tf.state("eventbridge_target.test")
    assert (state["target_id"], state["id"]) == ("", f"test-{made['Id']}")
    tf.assert_applies(text.replace(empty, empty + '  input_path = "$.detail"\n'))
    (changed,) = events.list_targets_by_rule(Rule="test")["Targets"]
    assert (changed["Id"], changed["InputPath"]) == (made["Id"], "$.detail")
    events.remove_targets(Rule="test", Ids=[made["Id"]])
    assert tf.plan().changes == {"eventbridge_target.test": "create"}
    tf.apply()
    tf.destroy()


def test_another_rule_replaces(tf_both, events):
    tf = tf_both
    other = RULE.replace('"test"', '"other"')
    tf.apply(RULE + other + target())
    after = RULE + other + target(rule="eventbridge_rule.other.name")
    assert tf.plan(after).changes == {"eventbridge_target.test": "replace"}
    tf.apply()
    tf.assert_plan_empty()
    assert events.list_targets_by_rule(Rule="test")["Targets"] == []


# Each block: its configuration, the ARN it belongs to, another form of it, and what AWS stores for the first.
BLOCKS = {
    "appsync": (
        ROLE + '  appsync_target {\n    graphql_operation = "mutation M{a}"\n  }',
        ROLE + '  appsync_target {\n    graphql_operation = "mutation M{b}"\n  }',
        arn("appsync", "endpoints/graphql-api/abcdefghijklmnopqrstuvwxyz"),
        {"AppSyncParameters": {"GraphQLOperation": "mutation M{a}"}}),
    "batch": (
        ROLE + '  batch_target {\n    job_definition = "d"\n    job_name = "n"\n    array_size = 2\n    job_attempts = 3\n  }',
        ROLE + '  batch_target {\n    job_definition = "d"\n    job_name = "n"\n  }',
        arn("batch", "job-queue/queue"),
        {"BatchParameters": {"JobDefinition": "d", "JobName": "n", "ArrayProperties": {"Size": 2},
                             "RetryStrategy": {"Attempts": 3}}}),
    "dead_letter": (
        f'  dead_letter_config {{\n    arn = "{arn("sqs", "dead")}"\n  }}',
        f'  dead_letter_config {{\n    arn = "{arn("sqs", "other")}"\n  }}',
        QUEUE,
        {"DeadLetterConfig": {"Arn": arn("sqs", "dead")}}),
    "ecs": (
        ROLE + f'  ecs_target {{\n    task_definition_arn = "{arn("ecs", "task-definition/t")}"\n'
               '    launch_type = "FARGATE"\n    task_count = 2\n    group = "g"\n    propagate_tags = "TASK_DEFINITION"\n'
               '    enable_execute_command = true\n    enable_ecs_managed_tags = true\n    tags = { a = "b" }\n'
               '    network_configuration {\n      subnets = ["subnet-0a"]\n      security_groups = ["sg-0a"]\n'
               '      assign_public_ip = true\n    }\n  }',
        ROLE + f'  ecs_target {{\n    task_definition_arn = "{arn("ecs", "task-definition/t")}"\n  }}',
        arn("ecs", "cluster/c"),
        {"EcsParameters": {
            "TaskDefinitionArn": arn("ecs", "task-definition/t"), "LaunchType": "FARGATE", "TaskCount": 2, "Group": "g",
            "PropagateTags": "TASK_DEFINITION", "EnableExecuteCommand": True, "EnableECSManagedTags": True,
            "Tags": [{"Key": "a", "Value": "b"}],
            "NetworkConfiguration": {"awsvpcConfiguration": {
                "Subnets": ["subnet-0a"], "SecurityGroups": ["sg-0a"], "AssignPublicIp": "ENABLED"}}}}),
    "http": (
        '  http_target {\n    path_parameter_values = ["b", "a"]\n    header_parameters = { X-A = "1" }\n'
        '    query_string_parameters = { q = "$.detail" }\n  }',
        '  http_target {\n    path_parameter_values = ["a", "b"]\n  }',
        arn("execute-api", "abc/live/GET/*/*"),
        {"HttpParameters": {"PathParameterValues": ["b", "a"], "HeaderParameters": {"X-A": "1"},
                            "QueryStringParameters": {"q": "$.detail"}}}),
    "input_transformer": (
        '  input_transformer {\n    input_paths = { id = "$.id" }\n    input_template = "\\"<id>\\""\n  }',
        '  input_transformer {\n    input_template = "\\"constant\\""\n  }',
        QUEUE,
        {"InputTransformer": {"InputPathsMap": {"id": "$.id"}, "InputTemplate": '"<id>"'}}),
    "kinesis": (
        ROLE + '  kinesis_target {\n    partition_key_path = "$.detail.id"\n  }',
        ROLE + '  kinesis_target {\n    partition_key_path = "$.id"\n  }',
        arn("kinesis", "stream/s"),
        {"KinesisParameters": {"PartitionKeyPath": "$.detail.id"}}),
    "redshift": (
        ROLE + '  redshift_target {\n    database = "d"\n    db_user = "u"\n    sql = "select 1"\n'
               '    statement_name = "s"\n    with_event = true\n  }',
        ROLE + '  redshift_target {\n    database = "d"\n    db_user = "u"\n    sqls = ["select 1", "select 2"]\n  }',
        arn("redshift", "cluster:c"),
        {"RedshiftDataParameters": {"Database": "d", "DbUser": "u", "Sql": "select 1", "StatementName": "s",
                                    "WithEvent": True}}),
    "retry_policy": (
        "  retry_policy {\n    maximum_event_age_in_seconds = 60\n    maximum_retry_attempts = 0\n  }",
        "  retry_policy {\n    maximum_retry_attempts = 5\n  }",
        QUEUE,
        {"RetryPolicy": {"MaximumEventAgeInSeconds": 60, "MaximumRetryAttempts": 0}}),
    "run_command": (
        ROLE + '  run_command_targets {\n    key = "tag:Name"\n    values = ["b", "a"]\n  }',
        ROLE + '  run_command_targets {\n    key = "InstanceIds"\n    values = ["i-162058cd308bffec2"]\n  }',
        "arn:aws:ssm:eu-west-1::document/AWS-RunShellScript",
        {"RunCommandParameters": {"RunCommandTargets": [{"Key": "tag:Name", "Values": ["b", "a"]}]}}),
    "sagemaker": (
        ROLE + '  sagemaker_pipeline_target {\n    pipeline_parameter_list {\n      name = "n"\n      value = "v"\n    }\n  }',
        ROLE + '  sagemaker_pipeline_target {\n    pipeline_parameter_list {\n      name = "n"\n      value = "w"\n    }\n  }',
        arn("sagemaker", "pipeline/p"),
        {"SageMakerPipelineParameters": {"PipelineParameterList": [{"Name": "n", "Value": "v"}]}}),
    "sqs": (
        '  sqs_target {\n    message_group_id = "g"\n  }',
        '  sqs_target {\n    message_group_id = "h"\n  }',
        arn("sqs", "queue.fifo"),
        {"SqsParameters": {"MessageGroupId": "g"}}),
}
# A FIFO queue must have its block: moto, as AWS, refuses to go without.
REMOVABLE = sorted(set(BLOCKS) - {"sqs"})


@pytest.mark.parametrize("name", sorted(BLOCKS))
def test_block_arrives_changes_and_is_imported(tf_both, events, name):
    tf = tf_both
    first, second, to, parameters = BLOCKS[name]
    tf.assert_applies(RULE + target(first, to))
    for key, value in parameters.items():
        assert stored(events)[key] == value
    assert tf.plan(RULE + target(second, to)).changes == {"eventbridge_target.test": "update"}
    tf.apply()
    tf.assert_plan_empty()
    tf.check_import("eventbridge_target.test", "test/one")


@pytest.mark.parametrize("name", REMOVABLE)
def test_block_removed_is_removed(tf_both, events, name):
    tf = tf_both
    first, _, to, parameters = BLOCKS[name]
    bare = target(ROLE if ROLE in first else "", to)
    tf.apply(RULE + target(first, to))
    tf.apply(RULE + bare)
    assert not set(parameters) & set(stored(events)), stored(events)
    tf.assert_plan_empty()


@pytest.mark.parametrize("name", REMOVABLE)
def test_block_removed_outside_is_seen(tf_both, events, name):
    """hashicorp/aws sees this of http_target alone."""
    tf = tf_both
    first, _, to, _ = BLOCKS[name]
    tf.apply(RULE + target(first, to))
    bare = {"Id": "one", "Arn": to}
    if ROLE in first:
        bare["RoleArn"] = "arn:aws:iam::123456789012:role/events"
    events.put_targets(Rule="test", Targets=[bare])
    assert tf.plan().changes == {"eventbridge_target.test": "update"}
    tf.apply()
    tf.assert_plan_empty()


@pytest.mark.parametrize("name", sorted(BLOCKS))
def test_block_changed_outside_is_seen(tf_both, events, name):
    tf = tf_both
    first, _, to, parameters = BLOCKS[name]
    tf.apply(RULE + target(first, to))
    changed = json.loads(json.dumps(stored(events)))
    key = next(iter(parameters))
    changed[key] = _edited(changed[key])
    events.put_targets(Rule="test", Targets=[changed])
    assert tf.plan().changes == {"eventbridge_target.test": "update"}


def _edited(parameters):
    """The same parameters with their first text or number changed."""
    for key, value in parameters.items():
        if isinstance(value, str) and key != "AssignPublicIp":
            return {**parameters, key: value + "x"}
        if isinstance(value, bool):
            return {**parameters, key: not value}
        if isinstance(value, int):
            return {**parameters, key: value + 1}
        if isinstance(value, dict):
            return {**parameters, key: _edited(value)}
        if isinstance(value, list) and value:
            first = value[0] + "x" if isinstance(value[0], str) else _edited(value[0])
            return {**parameters, key: [first, *value[1:]]}
    raise AssertionError(parameters)


@pytest.mark.parametrize("changes", [
    {"Arn": arn("sqs", "other")}, {"Input": '{"a":2}'}, {"RoleArn": "arn:aws:iam::123456789012:role/x"},
], ids=lambda changes: next(iter(changes)))
def test_drift_of_plain_arguments(tf_both, events, changes):
    tf = tf_both
    tf.apply(RULE + target('  input = jsonencode({ a = 1 })'))
    events.put_targets(Rule="test", Targets=[{"Id": "one", "Arn": QUEUE, "Input": '{"a":1}', **changes}])
    assert tf.plan().changes == {"eventbridge_target.test": "update"}
    tf.apply()
    tf.assert_plan_empty()


def test_deleted_outside_is_made_again(tf_both, events):
    tf = tf_both
    tf.apply(RULE + target())
    events.remove_targets(Rule="test", Ids=["one"])
    assert tf.plan().changes == {"eventbridge_target.test": "create"}
    tf.apply()
    tf.assert_plan_empty()


def test_deleted_with_its_rule(tf_both, events):
    tf = tf_both
    tf.apply(RULE + target())
    events.remove_targets(Rule="test", Ids=["one"])
    events.delete_rule(Name="test")
    assert tf.plan().changes == {"eventbridge_rule.test": "create", "eventbridge_target.test": "create"}
    tf.destroy()


# --- import ---

@pytest.mark.parametrize("identifier", ["test/one", "default/test/one"])
def test_import_from_the_default_bus(tf_both, identifier):
    tf = tf_both
    tf.apply(RULE + target('  input = jsonencode({ a = 1 })'))
    tf.check_import("eventbridge_target.test", identifier)


@pytest.mark.parametrize("bus", ["name", "arn"])
def test_import_from_a_custom_bus(tf_both, bus):
    tf = tf_both
    text = ('resource "eventbridge_bus" "test" {\n  name = "orders"\n}\n'
            + RULE.replace("event_pattern", "event_bus_name = eventbridge_bus.test.name\n  event_pattern")
            + target(f"  event_bus_name = eventbridge_bus.test.{bus}"))
    tf.assert_applies(text)
    prefix = "orders" if bus == "name" else f"arn:aws:events:{tf.region}:{tf.account}:event-bus/orders"
    tf.check_import("eventbridge_target.test", f"{prefix}/test/one")


@pytest.mark.parametrize("identifier", ["", "test", "test/", "/one", "a/b/c/d", "test-one"])
def test_import_ids_that_are_none(tf, identifier):
    tf.configure(RULE + target())
    tf.import_("eventbridge_target.test", identifier, ok=False)


# --- inputs are the user's text ---

@pytest.mark.parametrize("after", [
    '  input = "{\\"a\\": [1, 2.50], \\"b\\": \\"<\\"}"',
    '  input = jsonencode({ b = "<", a = [1, 2.5] })',
    '  input = <<EOF\n{\n  "b": "<",\n  "a": [1, 2.50]\n}\nEOF',
], ids=["text", "encoded", "heredoc"])
def test_equal_inputs_are_no_change(tf_both, events, after):
    """hashicorp/aws shows white space as a change for ever (issue 19604)."""
    tf = tf_both
    tf.apply(RULE + target('  input = "{\\"b\\":\\"<\\",\\"a\\":[1,2.50]}"'))
    outcome = tf.plan(RULE + target(after))
    assert not outcome.changes, outcome


def test_input_of_another_layout_at_aws_is_no_drift(tf_both, events):
    tf = tf_both
    tf.apply(RULE + target('  input = <<EOF\n{\n  "a": "<",\n  "b": 1\n}\nEOF'))
    events.put_targets(Rule="test", Targets=[{"Id": "one", "Arn": QUEUE, "Input": '{"b":1,"a":"\\u003c"}'}])
    tf.assert_plan_empty()


def test_template_is_kept_byte_for_byte(tf_both, events):
    tf = tf_both
    tf.assert_applies(RULE + target('  input_transformer {\n    input_paths = { b = "$.b", a = "$.a" }\n'
                                    '    input_template = <<EOF\n{\n  "x" : <a>,\n\n  "y": "<b>"  }\nEOF\n  }'))
    assert stored(events)["InputTransformer"]["InputTemplate"] == '{\n  "x" : <a>,\n\n  "y": "<b>"  }\n'


# --- said at plan, not at apply ---

TRANSFORMER_101 = ('  input_transformer {\n    input_paths = { for n in range(101) : "k${n}" => "$.k${n}" }\n'
                   '    input_template = "\\"x\\""\n  }')


@pytest.mark.parametrize("body, to, wanted", [
    ('  input = "not json"', QUEUE, "JSON"),
    ('  input = "{}"\n  input_path = "$.detail"', QUEUE, "input_path"),
    ('  input = "{}"\n  input_transformer {\n    input_template = "\\"x\\""\n  }', QUEUE, "input_transformer"),
    ('  input = jsonencode("' + "x" * 8200 + '")', QUEUE, "8,?192"),
    (TRANSFORMER_101, QUEUE, "100"),
    ('  input_transformer {\n    input_paths = { AWSid = "$.id" }\n    input_template = "\\"<AWSid>\\""\n  }', QUEUE, "AWS"),
    ('  input_transformer {\n    input_paths = { id = "$.id" }\n    input_template = "\\"<idd>\\""\n  }', QUEUE, "idd"),
    ('  input_transformer {\n    input_paths = { id = "detail" }\n    input_template = "\\"<id>\\""\n  }', QUEUE, r"\$"),
    ("  retry_policy {\n    maximum_event_age_in_seconds = 59\n  }", QUEUE, "60"),
    ("  retry_policy {\n    maximum_retry_attempts = 186\n  }", QUEUE, "185"),
    ("  kinesis_target {}\n" + ROLE, arn("kinesis", "stream/s"), "partition_key_path"),
    ("", "queue", "ARN"),
    ("  role_arn = \"role\"", QUEUE, "ARN"),
    (ROLE + '  batch_target {\n    job_definition = "d"\n    job_name = "n"\n    array_size = 1\n  }',
     arn("batch", "job-queue/q"), "array_size"),
    (ROLE + '  redshift_target {\n    database = ""\n  }', arn("redshift", "cluster:c"), "database"),
    ('  http_target {\n    header_parameters = { "a b" = "c" }\n  }', arn("execute-api", "a/b/GET/"), "header_parameters"),
], ids=["input", "two inputs", "three inputs", "input length", "101 paths", "reserved name", "placeholder", "path",
        "age", "attempts", "partition key", "arn", "role", "array size", "database", "header"])
def test_refused_at_validate(tf, body, to, wanted):
    error = tf.expect_error(wanted, RULE + target(body, to), during="validate")
    assert not error.summary.endswith(".")


@pytest.mark.parametrize("body, to, code", [
    (TRANSFORMER_101, QUEUE, "input_paths ="),
    ('  input_transformer {\n    input_template = ""\n  }', QUEUE, "input_template ="),
    ('  input = "{}"\n  input_transformer {\n    input_template = "\\"x\\""\n  }', QUEUE, "input ="),
    (ROLE + '  kinesis_target {\n    partition_key_path = ""\n  }', arn("kinesis", "stream/s"), "partition_key_path ="),
    (ROLE + '  ecs_target {\n    launch_type = "FARGATE"\n    task_definition_arn = "'
     + arn("ecs", "task-definition/t:1") + '"\n  }', arn("ecs", "cluster/c"), "launch_type ="),
    (ROLE + '  run_command_targets {\n    key = "InstanceIds"\n    values = []\n  }',
     "arn:aws:ssm:eu-west-1::document/AWS-RunShellScript", "values ="),
    (ROLE + '  redshift_target {\n    database = "d"\n    secrets_manager_arn = "secret"\n  }',
     arn("redshift", "cluster:c"), "secrets_manager_arn ="),
], ids=["101 paths", "empty template", "two inputs", "partition key", "FARGATE", "no values", "secret"])
def test_one_mistake_is_told_once_and_in_its_place(tf, body, to, code):
    outcome = tf.validate(RULE + target(body, to))
    assert [code in told.code for told in outcome.diagnostics] == [True], outcome


@pytest.mark.parametrize("argument, text", [
    ("target_id", target(identifier="a b")), ("target_id", target(identifier="t" * 65)),
    ("rule", target(rule='"a b"')), ("event_bus_name", target('  event_bus_name = "a b"')),
])
def test_names_are_checked_at_validate(tf, argument, text):
    assert argument in tf.expect_error(argument, RULE + text, during="validate").code


@pytest.mark.parametrize("to", [
    arn("ecs", "cluster/c"), arn("kinesis", "stream/s"), arn("states", "stateMachine:m"), arn("batch", "job-queue/q"),
    arn("events", "event-bus/x", account="999988887777"), arn("events", "api-destination/d/0a1b"),
], ids=["ecs", "kinesis", "states", "batch", "foreign bus", "api destination"])
def test_a_missing_role_is_an_error_at_plan(tf, to):
    """hashicorp/aws leaves it to the apply, or to the event that never arrives (issue 32134).

    Which account is ours the provider knows from the rule that it has read.
    """
    tf.apply(RULE)
    block = ('  ecs_target {\n    task_definition_arn = "' + arn("ecs", "task-definition/t") + '"\n  }'
             if ":ecs:" in to else "")
    tf.apply(RULE)  # what is read tells which account is ours
    tf.expect_error("role_arn", RULE + target(block, to))


def test_five_targets_are_the_most(tf):
    """hashicorp/aws tries the sixth for an hour (issue 41316). At plan a warning, and the API refuses."""
    tf.apply(RULE + "".join(target(label=f"t{n}", identifier=f"t{n}") for n in range(5)))
    outcome = tf.plan(RULE + "".join(target(label=f"t{n}", identifier=f"t{n}") for n in range(6)))
    assert outcome.changes == {"eventbridge_target.t5": "create"}


# --- the rule by name, id or ARN ---

def test_name_id_and_arn_of_a_rule_are_equal(tf_both):
    tf = tf_both
    tf.apply(RULE + target())
    for form in ("id", "arn", "name"):
        outcome = tf.plan(RULE + target(rule=f"eventbridge_rule.test.{form}"))
        assert "replace" not in outcome.changes.values(), outcome


def test_the_bus_comes_with_the_rules_id(tf_both, events):
    tf = tf_both
    text = ('resource "eventbridge_bus" "test" {\n  name = "orders"\n}\n'
            + RULE.replace("event_pattern", "event_bus_name = eventbridge_bus.test.name\n  event_pattern"))
    tf.assert_applies(text + target(rule="eventbridge_rule.test.id"))
    assert stored(events, bus="orders")["Arn"] == QUEUE
    tf.expect_error("event_bus_name", text + target('  event_bus_name = "default"', rule='"orders/test"'))


# --- create never overwrites ---

def test_an_equal_target_is_taken_over_with_a_warning(tf_both, events):
    tf = tf_both
    events.put_rule(Name="foreign", ScheduleExpression="rate(1 hour)")
    events.put_targets(Rule="foreign", Targets=[{"Id": "one", "Arn": QUEUE}])
    outcome = tf.apply(target(rule='"foreign"'))
    assert outcome.warnings and "one" in str(outcome.warnings[0]), outcome
    tf.assert_plan_empty()


def test_a_different_target_is_refused(tf_both, events):
    tf = tf_both
    events.put_rule(Name="foreign", ScheduleExpression="rate(1 hour)")
    events.put_targets(Rule="foreign", Targets=[{"Id": "one", "Arn": arn("sqs", "someones")}])
    error = tf.expect_error("arn", target(rule='"foreign"'), during="apply")
    assert "import" in error.detail
    assert stored(events, rule="foreign")["Arn"] == arn("sqs", "someones")
    assert not tf.state()


def test_two_resources_of_one_target_id_do_not_flip(tf_both):
    """With hashicorp/aws both "create" and then change it to and fro for ever (issue 2610)."""
    tf = tf_both
    text = (RULE + target(label="a") + target(label="b", to=arn("sqs", "other")))
    outcome = tf.apply(text, ok=False)
    assert "one" in str(outcome.errors[0]), outcome
    assert len([name for name in tf.state() if "target" in name]) == 1


# --- what PutTargets does not do by itself ---

def test_a_removed_role_is_removed(tf_both, events):
    """PutTargets without a role keeps the old one at AWS: the target is removed and put again."""
    tf = tf_both
    tf.apply(RULE + target(ROLE))
    tf.apply(RULE + target())
    assert not stored(events).get("RoleArn")
    tf.assert_plan_empty()


def test_a_target_on_a_rule_that_is_not_there(tf_both):
    tf = tf_both
    tf.expect_error("absent", target(rule='"absent"'), during="apply")
    assert not tf.state()
