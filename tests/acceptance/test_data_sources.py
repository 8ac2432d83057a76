"""The look-ups: buses, rules, connections."""
import json

from lib.proxy import ALWAYS

SETUP = '''resource "eventbridge_bus" "test" {
  name        = "orders"
  description = "Orders"
}

resource "eventbridge_rule" "test" {
  count          = 3
  name           = "placed-${count.index}"
  event_bus_name = eventbridge_bus.test.name
  description    = "rule ${count.index}"
  event_pattern  = jsonencode({ source = ["shop"], detail = { n = [1.50] } })
  tags           = { n = tostring(count.index) }
}

resource "eventbridge_target" "test" {
  rule      = eventbridge_rule.test[0].id
  target_id = "queue"
  arn       = "arn:aws:sqs:eu-west-1:123456789012:queue"

  input_transformer {
    input_paths    = { id = "$.id" }
    input_template = "\\"<id>\\""
  }
  retry_policy {
    maximum_retry_attempts = 3
  }
  dead_letter_config {
    arn = "arn:aws:sqs:eu-west-1:123456789012:dead"
  }
}
'''


def test_bus(tf_both):
    tf = tf_both
    tf.apply(SETUP + 'data "eventbridge_bus" "test" {\n  name = eventbridge_bus.test.name\n}\n'
             'data "eventbridge_bus" "default" {\n  name = "default"\n}\n')
    found = tf.state("data.eventbridge_bus.test")
    assert found["arn"] == f"arn:aws:events:{tf.region}:{tf.account}:event-bus/orders"
    assert found["description"] == "Orders" and found["id"] == "orders"
    assert tf.state("data.eventbridge_bus.default")["arn"].endswith("event-bus/default")


def test_buses(tf_both):
    tf = tf_both
    tf.apply(SETUP + 'data "eventbridge_buses" "all" {\n  depends_on = [eventbridge_bus.test]\n}\n'
             'data "eventbridge_buses" "some" {\n  name_prefix = "ord"\n  depends_on = [eventbridge_bus.test]\n}\n')
    assert [bus["name"] for bus in tf.state("data.eventbridge_buses.some")["event_buses"]] == ["orders"]
    assert {bus["name"] for bus in tf.state("data.eventbridge_buses.all")["event_buses"]} == {"default", "orders"}


def test_rule_with_its_targets(tf_both):
    tf = tf_both
    tf.apply(SETUP + '''data "eventbridge_rule" "test" {
  name           = "placed-0"
  event_bus_name = "orders"
  depends_on     = [eventbridge_target.test]
}
''')
    found = tf.state("data.eventbridge_rule.test")
    assert found["arn"] == f"arn:aws:events:{tf.region}:{tf.account}:rule/orders/placed-0"
    assert found["state"] == "ENABLED" and found["description"] == "rule 0" and found["tags"] == {"n": "0"}
    assert json.loads(found["event_pattern"])["source"] == ["shop"]
    target = found["targets"][0]
    assert target["target_id"] == "queue" and target["arn"].endswith(":queue")
    assert target["dead_letter_arn"].endswith(":dead")


def test_rules_by_prefix(tf_both):
    tf = tf_both
    tf.apply(SETUP + '''data "eventbridge_rules" "all" {
  event_bus_name = "orders"
  depends_on     = [eventbridge_rule.test]
}
data "eventbridge_rules" "one" {
  event_bus_name = "orders"
  name_prefix    = "placed-1"
  depends_on     = [eventbridge_rule.test]
}
''')
    assert sorted(tf.state("data.eventbridge_rules.all")["names"]) == ["placed-0", "placed-1", "placed-2"]
    one = tf.state("data.eventbridge_rules.one")
    assert one["names"] == ["placed-1"] and one["rules"][0]["description"] == "rule 1"
    assert one["arns"] == [f"arn:aws:events:{tf.region}:{tf.account}:rule/orders/placed-1"]


def test_rules_over_several_pages(tf_both, events):
    tf = tf_both
    for n in range(120):
        events.put_rule(Name=f"rule-{n:03}", ScheduleExpression="rate(1 hour)")
    tf.apply('data "eventbridge_rules" "all" {}\n')
    assert len(tf.state("data.eventbridge_rules.all")["names"]) == 120


def test_connection(tf_both):
    tf = tf_both
    tf.apply('''resource "eventbridge_connection" "test" {
  name               = "hook"
  authorization_type = "BASIC"
  auth_parameters {
    basic {
      username = "u"
      password = "p"
    }
  }
}
data "eventbridge_connection" "test" {
  name = eventbridge_connection.test.name
}
''')
    found = tf.state("data.eventbridge_connection.test")
    assert found["authorization_type"] == "BASIC"
    assert found["arn"] == tf.state("eventbridge_connection.test")["arn"]


def test_what_is_not_there_is_a_clear_error(tf_both):
    tf = tf_both
    tf.expect_error("absent", 'data "eventbridge_bus" "test" {\n  name = "absent"\n}\n')
    tf.expect_error("absent", 'data "eventbridge_rule" "test" {\n  name = "absent"\n}\n')
    tf.expect_error("absent", 'data "eventbridge_connection" "test" {\n  name = "absent"\n}\n')


def test_source_of_a_partner(tf_faulty):
    """No emulator has partner sources: the proxy shows one."""
    tf, proxy = tf_faulty
    name = "aws.partner/example.com/shop/orders"
    proxy.answer("ListEventSources", {"EventSources": [{
        "Name": name, "Arn": f"arn:aws:events:{tf.region}::event-source/{name}", "CreatedBy": "example.com",
        "State": "PENDING"}]}, times=10)
    tf.apply('data "eventbridge_source" "test" {\n  name_prefix = "aws.partner/example.com"\n}\n')
    found = tf.state("data.eventbridge_source.test")
    assert (found["name"], found["state"], found["created_by"]) == (name, "PENDING", "example.com")


def test_a_rule_that_this_run_changed_is_seen_as_it_is_now(tf_faulty):
    """What AWS answers lags behind the write."""
    tf, proxy = tf_faulty
    text = """resource "eventbridge_rule" "test" {
  name                = "test"
  schedule_expression = "rate(1 hour)"
  description         = "%s"
}

data "eventbridge_rule" "test" {
  name       = "test"
  depends_on = [eventbridge_rule.test]
}

data "eventbridge_rules" "test" {
  name_prefix = "te"
  depends_on  = [eventbridge_rule.test]
}
"""
    tf.apply(text % "one")

    def before(body):
        rules = [{**rule, "Description": "one"} for rule in body.get("Rules", [])]
        return {**body, **({"Rules": rules} if rules else {"Description": "one"})}
    for operation in ("DescribeRule", "ListRules"):
        proxy.rewrite(operation, before, times=ALWAYS)
    tf.apply(text % "two")
    assert tf.state("data.eventbridge_rule.test")["description"] == "two"
    assert [rule["description"] for rule in tf.state("data.eventbridge_rules.test")["rules"]] == ["two"]


def test_a_bus_that_this_run_made_is_seen(tf_faulty):
    """DescribeEventBus does not know of it yet."""
    tf, proxy = tf_faulty
    proxy.fail("DescribeEventBus", "ResourceNotFoundException", "Event bus orders does not exist.", times=ALWAYS,
               when=lambda call: call.body["Name"] == "orders")
    tf.apply('resource "eventbridge_bus" "test" {\n  name        = "orders"\n  description = "Orders"\n}\n'
             'data "eventbridge_bus" "test" {\n  name       = "orders"\n  depends_on = [eventbridge_bus.test]\n}\n')
    assert tf.state("data.eventbridge_bus.test")["description"] == "Orders"
