"""eventbridge_product_log_pipeline on ministack: its life, what is left alone, and what is said before AWS is asked."""
import pytest

from lib.proxy import ALWAYS
from pipeline import (ADDRESS, OTHER, contents, names, own, own_function, own_queue, own_table, pipeline, publish,
                      rows, wait_for)


# --- a life ---

def test_an_event_becomes_a_row_and_destroy_leaves_nothing(tf, aws):
    before = names(aws)
    tf.assert_applies(pipeline("  force_destroy = true"))
    event = publish(aws)
    row = wait_for(lambda: rows(aws))[0]
    assert row == {"PK": {"S": f"Log#{event}"}, "SK": {"S": "Product#Log"}, "ProductId": {"N": "7"},
                   "UserId": {"S": "user-123"}, "Name": {"S": "My First Book"}, "Action": {"S": "NEW_PRODUCT"}}
    tf.destroy()
    assert names(aws) == before


def test_rows_refuse_a_destroy_before_anything_is_touched(tf, aws):
    tf.apply(pipeline())
    publish(aws)
    wait_for(lambda: rows(aws))
    before = contents(aws)
    outcome = tf.destroy(ok=False)
    assert any("holds 1 row" in e.summary and "force_destroy" in e.detail for e in outcome.errors), outcome
    assert contents(aws) == before
    tf.assert_plan_empty()
    tf.apply(pipeline("  retain_table = true"))
    tf.destroy()
    assert len(rows(aws)) == 1


def test_rows_are_counted_to_a_thousand(tf, aws):
    tf.apply(pipeline())
    for start in range(0, 1000, 25):
        puts = [{"PutRequest": {"Item": {"PK": {"S": str(row)}, "SK": {"S": "s"}}}} for row in range(start, start + 25)]
        aws.client("dynamodb").batch_write_item(RequestItems={own(aws): puts})
    outcome = tf.destroy(ok=False)
    assert any("holds 1,000 or more rows" in e.summary for e in outcome.errors), outcome


def test_unread_dead_letters_refuse_a_destroy(tf, aws):
    before = names(aws)
    tf.apply(pipeline())
    queues = aws.client("sqs")
    queues.send_message(QueueUrl=queues.get_queue_url(QueueName=own(aws))["QueueUrl"], MessageBody="not logged")
    outcome = tf.destroy(ok=False)
    assert any("holds 1 unread dead letter" in e.summary for e in outcome.errors), outcome
    tf.apply(pipeline("  force_destroy = true"))
    tf.destroy()
    assert names(aws) == before


def test_rules_and_targets_of_others_refuse_a_destroy(tf, aws):
    tf.apply(pipeline())
    events, name = aws.client("events"), own(aws)
    events.put_rule(EventBusName=name, Name="theirs", EventPattern='{"source":["x"]}')
    events.put_targets(EventBusName=name, Rule=name, Targets=[{"Id": "theirs", "Arn": aws.arn("sqs", "theirs")}])
    before = contents(aws)
    outcome = tf.destroy(ok=False)
    said = {e.summary: e.detail for e in outcome.errors}
    assert "theirs" in said[f"Event bus {name} holds rules of others"] and "theirs" in said[f"Rule {name} has targets of others"]
    assert contents(aws) == before
    events.delete_rule(EventBusName=name, Name="theirs")
    events.remove_targets(EventBusName=name, Rule=name, Ids=["theirs"])
    tf.destroy()


def test_a_rule_of_its_name_that_is_somebody_elses_refuses_a_destroy(tf, aws):
    """AWS would not delete the bus once everything else is gone; the emulator does."""
    tf.apply(pipeline())
    name = own(aws)
    tag, rule = {"eventbridge:product-log-pipeline": name}, aws.arn("events", f"rule/{name}/{name}")
    aws.client("events").untag_resource(ResourceARN=rule, TagKeys=list(tag))
    before = contents(aws)
    assert f"Event bus {name} holds rules of others" in [e.summary for e in tf.destroy(ok=False).errors]
    assert contents(aws) == before
    aws.client("events").tag_resource(ResourceARN=rule, Tags=[{"Key": key, "Value": tag[key]} for key in tag])
    tf.destroy()


def test_protection_is_never_lifted(tf):
    tf.apply(pipeline("  force_destroy = true\n  log_table = { deletion_protection = true }"))
    outcome = tf.destroy(ok=False)
    assert any("protected against deletion" in e.summary for e in outcome.errors), outcome
    tf.apply(pipeline("  force_destroy = true"))
    tf.destroy()


def test_an_empty_bus_name_is_none(tf):
    """Modules pass "" for what is not set."""
    empty = pipeline('  event_bus_name = ""')
    tf.assert_applies(empty)
    assert tf.state(ADDRESS)["owns_event_bus"]
    tf.forget(ADDRESS)
    tf.assert_applies(empty, warnings="Took over")
    tf.assert_applies(pipeline())
    tf.assert_plan_empty(empty)
    tf.destroy()


@pytest.mark.parametrize("bus", ["", "default"])
def test_a_bus_name_that_is_known_after_apply_may_be_none(tf, bus):
    made = f'resource "terraform_data" "bus" {{\n  input = "{bus}"\n}}\n'
    tf.assert_applies(pipeline("  event_bus_name = terraform_data.bus.output", before=made))
    assert tf.state(ADDRESS)["owns_event_bus"] is (bus == "")


def test_import(tf):
    tf.apply(pipeline('  tags = { team = "a" }'))
    tf.check_import(ADDRESS, f"shop-{tf.account}")


def test_import_brings_all_arguments(tf, aws):
    """Through an `import` block, whose plan has what was just read: the first one changes nothing."""
    body = f'''
      idempotency_key = "$.detail.order"
      log_item        = {{ Order = "$.detail.order:S" }} # without SK
      log_table       = {{ ttl_days = 3, kms_key_arn = "{aws.arn("kms", "key/a")}", point_in_time_recovery = true }}
      log_function = {{
        environment = {{ STAGE = "a" }}, log_events = true, log_retention_days = 0, role_path = "/logs/", tracing = "Active"
      }}
      retry_policy = {{ maximum_retry_attempts = 3 }}
      tags         = {{ team = "a" }}'''
    tf.apply(pipeline(body))
    tf.forget(ADDRESS)
    importing = pipeline(body, before=f'import {{\n  to = {ADDRESS}\n  id = "{own(aws)}"\n}}')
    assert tf.plan(importing).changes == {ADDRESS: "import"}


def test_import_refuses_a_bus_that_is_not_there(tf, aws):
    tf.apply(pipeline())
    tf.forget(ADDRESS)
    tf.expect_error('There is no event bus "nobus"',
                    pipeline(before=f'import {{\n  to = {ADDRESS}\n  id = "nobus/{own(aws)}"\n}}'))


def test_import_finds_parts_with_other_names(tf, aws):
    """On a bus of others, with a table, a queue and a role of the user's."""
    tf.apply(pipeline("\n".join([
        "  event_bus_name = eventbridge_bus.other.name", own_table(aws), own_queue(aws),
        f'  log_function = {{ role_arn = "arn:aws:iam::{aws.id}:role/mine" }}']), before=OTHER))
    tf.check_import(ADDRESS, f"other/{own(aws)}")


def test_import_finds_a_function_of_the_users(tf, aws):
    own_function(aws)
    tf.apply(pipeline(f'  log_function = {{ arn = "{aws.arn("lambda", "function:mine:live")}" }}'))
    tf.check_import(ADDRESS, own(aws))


def test_import_finds_the_bus_where_only_the_table_is_managed(tf, aws):
    tf.apply(pipeline("\n".join([
        "  event_bus_name = eventbridge_bus.other.name", own_queue(aws),
        f'  log_function = {{ arn = "{own_function(aws)}" }}']), before=OTHER))
    tf.check_import(ADDRESS, own(aws))


def test_import_takes_no_parts_from_another_pipeline_of_the_name(tf, aws):
    """This one's function is the user's; that of its name writes into the other's table."""
    users, table, letters = own_function(aws), own_table(aws), own_queue(aws)
    other = pipeline("  event_bus_name = eventbridge_bus.other.name\n" + table + "\n" + letters, before=OTHER)
    tf.apply(pipeline(f'  log_function = {{ arn = "{users}" }}') + other.replace('"log" {', '"second" {'))
    tf.forget(ADDRESS)
    tf.import_(ADDRESS, f"{own(aws)}/{own(aws)}")
    assert not tf.plan().changes


def test_import_needs_no_right_to_the_function_of_the_name_beside_the_users(tf_faulty):
    tf, proxy = tf_faulty
    aws = tf.emulator
    users = own_function(aws)
    tf.apply(pipeline(f'  log_function = {{ arn = "{users}" }}'))
    looks = proxy.fail(f"GET /2015-03-31/functions/{own(aws)}", "AccessDeniedException", status=403, times=ALWAYS)
    tf.check_import(ADDRESS, f"{own(aws)}/{own(aws)}")
    assert looks.hits > 0


# --- ownership ---

def test_what_an_interrupted_run_left_is_gone_on_with(tf, aws):
    tf.apply(pipeline())
    aws.client("events").remove_targets(EventBusName=own(aws), Rule=own(aws), Ids=[own(aws)])
    aws.client("lambda").delete_function(FunctionName=own(aws))
    tf.forget(ADDRESS)
    tf.assert_applies(pipeline())


def test_a_complete_one_is_taken_over_or_refused(tf):
    tf.apply(pipeline())
    tf.forget(ADDRESS)
    tf.expect_error("exists already and differs", pipeline("  enabled = false"), during="apply")
    tf.assert_applies(pipeline(), warnings="Took over")
    tf.forget(ADDRESS)
    tf.assert_applies(pipeline("  enabled = false\n  adopt = true"), warnings="Adopted")


def test_parts_of_somebody_else_are_refused_by_name_before_anything_is_made(tf, aws):
    aws.client("sqs").create_queue(QueueName=own(aws))
    aws.client("logs").create_log_group(logGroupName=f"/aws/lambda/{own(aws)}")
    before = names(aws)
    outcome = tf.apply(pipeline(), ok=False)
    said = {error.summary: error.detail for error in outcome.errors}
    assert "dead_letter_queue_arn" in said[f'The dead-letter queue "{own(aws)}" exists and is not this pipeline\'s']
    assert f'The log group "/aws/lambda/{own(aws)}" exists and is not this pipeline\'s' in said
    assert names(aws) == before and tf.state(ADDRESS) is None


def test_parts_of_the_users_are_checked_before_anything_is_made(tf, aws):
    before = names(aws)
    outcome = tf.apply(pipeline(f'''
      log_table = {{ arn = "{aws.arn("dynamodb", "table/none")}" }}
      log_function = {{ arn = "{aws.arn("lambda", "function:none")}" }}
      dead_letter_queue_arn = "{aws.arn("sqs", "none")}"'''), ok=False)
    assert len(outcome.errors) == 3, outcome
    assert all("none cannot be used" in error.summary for error in outcome.errors), outcome
    assert names(aws) == before and tf.state(ADDRESS) is None


def test_a_part_of_somebody_else_refuses_an_update_before_anything_is_touched(tf, aws):
    mine = own_table(aws)
    tf.apply(pipeline(mine))
    aws.client("dynamodb").create_table(
        TableName=own(aws), BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "PK", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "PK", "AttributeType": "S"}])
    tf.expect_error("not this pipeline's", pipeline("  enabled = false\n  tags = { team = \"a\" }"), during="apply")
    tf.assert_plan_empty(pipeline(mine))


def test_a_table_and_a_bus_of_another_account_or_region_are_refused(tf, aws):
    own_table(aws)
    for argument in ('log_table = { arn = "arn:aws:dynamodb:eu-west-1:999999999999:table/mine" }',
                     'event_bus_name = "arn:aws:events:eu-west-1:999999999999:event-bus/theirs"',
                     'event_bus_name = "arn:aws:events:us-east-1:123456789012:event-bus/default"'):
        error = tf.expect_error("own account and region", pipeline(f"  {argument}"), during="apply")
        assert aws.id in error.detail.replace("\n", " ")
    assert names(aws)["rules"] == []


def test_a_pipeline_of_that_name_on_another_bus_is_refused(tf, aws):
    """Its parts have the same names, so one of the two would take them from the other."""
    tf.apply(pipeline())
    before = contents(aws)
    tf.forget(ADDRESS)
    error = tf.expect_error("exists already, on bus", pipeline("  event_bus_name = eventbridge_bus.other.name", before=OTHER),
                            during="apply")
    assert f'id = "{own(aws)}/{own(aws)}"' in error.detail
    aws.client("events").delete_event_bus(Name="other")
    assert contents(aws) == before


# --- what is said before AWS is asked ---

# Of the region and with the tags of the provider block, which validate does not know.
WRONG_AT_PLAN = {
    "tags": ('tags = { "eventbridge:event-bus" = "x" }', "choose another key"),
    "queue elsewhere": ('dead_letter_queue_arn = "arn:aws:sqs:us-east-1:123456789012:q"', "both must be one"),
    "table elsewhere": ('log_table = { arn = "arn:aws:dynamodb:us-east-1:123456789012:table/t" }', "both must be one"),
    "too much": ('log_item = { for n in range(200) : "Attribute${n}" => "$.detail.attribute${n}" }', "Lambda takes 4096"),
}


@pytest.mark.parametrize("case", WRONG_AT_PLAN)
def test_wrong_arguments_are_errors_at_plan(tf, case):
    body, wanted = WRONG_AT_PLAN[case]
    tf.expect_error(wanted, pipeline(f"  {body}"))


WRONG = {
    "variable": ('name = "shop"\n  log_function = { environment = { AWS_REGION = "x" } }', "set by Lambda"),
    "function": ('name = "shop"\n  log_function = { arn = "arn:aws:sqs:eu-west-1:123456789012:f" }', "not the ARN of a Lambda"),
    "name": ('name = "default"', "bus that every account has"),
    "pattern": ('name = "shop"\n  event_pattern = "{\\"source\\": \\"x\\"}"', "Event pattern is not valid"),
    "test": ('name = "shop"\n  tests = { a = { event = jsonencode({ source = "x", detail-type = "y" }) } }', "does not match"),
    "row": ('name = "shop"\n  log_item = { PK = "x" }', "idempotency key"),
    "capacity": ('name = "shop"\n  log_table = { billing_mode = "PROVISIONED" }', "read_capacity"),
    "own table": ('name = "shop"\n  log_table = { arn = "arn:aws:dynamodb:eu-west-1:123456789012:table/t", ttl_days = 1 }',
                  "remove `log_table.ttl_days`"),
    "retention": ('name = "shop"\n  log_function = { log_retention_days = 2 }', "not a retention time"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_arguments_are_errors_at_validate(tf, case):
    body, wanted = WRONG[case]
    text = f'resource "eventbridge_product_log_pipeline" "log" {{\n  {body}\n}}\n'
    tf.expect_error(wanted, text, during="validate")
