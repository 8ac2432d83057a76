"""eventbridge_bus_policy and eventbridge_permission: one policy document, two ways to write it.

On moto: ministack stores an open statement in place of a policy, and principals
and conditions in a shape of its own.
"""
import json

import pytest

BUS = 'resource "eventbridge_bus" "test" {\n  name = "shared"\n}\n'


def statement(sid, account="999988887777", actions="events:PutEvents"):
    return {"Sid": sid, "Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{account}:root"}, "Action": actions,
            "Resource": "${eventbridge_bus.test.arn}"}


def policy(*statements, bus="  event_bus_name = eventbridge_bus.test.name\n"):
    document = json.dumps({"Version": "2012-10-17", "Statement": statements})
    return BUS + f'resource "eventbridge_bus_policy" "test" {{\n{bus}  policy = <<EOF\n{document}\nEOF\n}}\n'


def permission(sid="one", body="", principal="111122223333", label="test"):
    return (f'resource "eventbridge_permission" "{label}" {{\n  statement_id = "{sid}"\n'
            f'  principal = "{principal}"\n{body}\n}}\n')


def sids(events, bus="shared"):
    document = json.loads(events.describe_event_bus(Name=bus).get("Policy") or '{"Statement":[]}')
    return sorted(item["Sid"] for item in document["Statement"])


# --- bus policy ---

def test_policy_life(tf_moto, events):
    tf = tf_moto
    tf.assert_applies(policy(statement("one")))
    assert sids(events) == ["one"]
    assert tf.plan(policy(statement("one"), statement("two"))).changes == {"eventbridge_bus_policy.test": "update"}
    tf.apply()
    tf.assert_plan_empty()
    assert sids(events) == ["one", "two"]
    tf.check_import("eventbridge_bus_policy.test", "shared", ignore=("policy",))
    assert not tf.plan().changes, "an equal policy keeps its spelling"
    tf.apply(BUS)
    assert sids(events) == []


def test_equal_policies_are_no_change(tf_moto):
    tf = tf_moto
    tf.apply(policy(statement("one", actions=["events:PutEvents", "events:ListRules"])))
    again = statement("one", actions=["events:ListRules", "events:PutEvents"])
    again = dict(reversed(again.items()))
    again["Principal"] = {"AWS": "999988887777"}
    assert not tf.plan(policy(again)).changes


def test_policy_drift(tf_moto, events):
    tf = tf_moto
    tf.apply(policy(statement("one")))
    # The same statement: moto adds a policy's statements to those that are there.
    events.put_permission(EventBusName="shared", StatementId="one", Principal="444455556666",
                          Action="events:PutEvents")
    assert tf.plan().changes == {"eventbridge_bus_policy.test": "update"}
    tf.apply()
    tf.assert_plan_empty()
    assert sids(events) == ["one"]


def test_a_statement_added_outside_is_seen(tf_moto, events):
    tf = tf_moto
    tf.apply(policy(statement("one")))
    events.put_permission(EventBusName="shared", StatementId="foreign", Principal="444455556666",
                          Action="events:PutEvents")
    assert tf.plan().changes == {"eventbridge_bus_policy.test": "update"}


def test_policy_removed_outside(tf_moto, events):
    tf = tf_moto
    tf.apply(policy(statement("one")))
    events.remove_permission(EventBusName="shared", RemoveAllPermissions=True)
    assert tf.plan().changes == {"eventbridge_bus_policy.test": "create"}
    tf.apply()
    tf.assert_plan_empty()


def test_a_foreign_policy_is_not_overwritten(tf_moto, events):
    tf = tf_moto
    tf.apply(BUS)
    events.put_permission(EventBusName="shared", StatementId="foreign", Principal="444455556666",
                          Action="events:PutEvents")
    error = tf.expect_error("policy", policy(statement("one")), during="apply")
    assert "import" in error.detail and "adopt" in error.detail
    assert sids(events) == ["foreign"]


@pytest.mark.parametrize("text, wanted", [
    ("not json", "JSON"), ("[]", "object"), ("x" * 10241, "JSON|10,?240"),
])
def test_policies_that_are_none(tf, text, wanted):
    tf.expect_error(wanted, f'resource "eventbridge_bus_policy" "test" {{\n  policy = "{text}"\n}}\n', during="validate")


@pytest.mark.parametrize("kind", ["policy", "permission"])
def test_partner_buses_have_none(tf, kind):
    name = '  event_bus_name = "aws.partner/example.com/shop/orders"\n'
    text = permission(body=name) if kind == "permission" else policy(statement("one"), bus=name)
    tf.expect_error("partner", text, during="validate")


# --- permissions ---

def test_permission_life(tf_moto, events):
    tf = tf_moto
    tf.assert_applies(permission())
    state = tf.state("eventbridge_permission.test")
    assert state["id"] == "one" and state["action"] == "events:PutEvents" and state["event_bus_name"] == "default"
    assert tf.plan(permission(principal="*")).changes == {"eventbridge_permission.test": "update"}
    tf.apply()
    tf.assert_plan_empty()
    tf.check_import("eventbridge_permission.test", "one")
    assert tf.plan(permission(sid="two")).changes == {"eventbridge_permission.test": "replace"}
    tf.apply()
    assert sids(events, "default") == ["two"]
    tf.destroy()
    assert sids(events, "default") == []


def test_permission_on_a_custom_bus(tf_moto):
    tf = tf_moto
    tf.assert_applies(BUS + permission(body="  event_bus_name = eventbridge_bus.test.name"))
    assert tf.state("eventbridge_permission.test")["id"] == "shared/one"
    tf.check_import("eventbridge_permission.test", "shared/one")


def test_permission_condition(tf_moto):
    tf = tf_moto

    def condition(organization):
        return f'''  condition {{
    key   = "aws:PrincipalOrgID"
    type  = "StringEquals"
    value = "{organization}"
  }}'''
    tf.assert_applies(permission(principal="*", body=condition("o-1234567890")))
    tf.assert_applies(permission(principal="*", body=condition("o-0987654321")))
    tf.assert_applies(permission(principal="*"))
    tf.check_import("eventbridge_permission.test", "one")


def test_many_permissions_at_once(tf_moto, events):
    """EventBridge loses one of two concurrent PutPermission; hashicorp/aws sends them so (issue 4031)."""
    tf = tf_moto
    tf.assert_applies(BUS + 'resource "eventbridge_permission" "test" {\n  count = 12\n'
                      '  event_bus_name = eventbridge_bus.test.name\n  statement_id = "s${count.index}"\n'
                      '  principal = "1111222233${count.index + 10}"\n}\n')
    assert len(sids(events)) == 12


def test_permission_writes_of_one_bus_do_not_overlap(tf_faulty_moto):
    tf, proxy = tf_faulty_moto
    running = []
    overlaps = []

    def enter(call):
        running.append(call)
        if len(running) > 1:
            overlaps.append(call)
        return True

    def leave(body):
        running.pop()
        return body
    proxy.rewrite("PutPermission", leave, times=10 ** 6, when=enter)
    tf.apply(BUS + 'resource "eventbridge_permission" "test" {\n  count = 8\n'
             '  event_bus_name = eventbridge_bus.test.name\n  statement_id = "s${count.index}"\n'
             '  principal = "1111222233${count.index + 10}"\n}\n')
    assert not overlaps


def test_a_permission_lost_to_another_run_is_put_again(tf_faulty_moto):
    """The write is read back: this answer shows a policy in which another run's write has won."""
    tf, proxy = tf_faulty_moto
    tf.apply(BUS)
    writes = []
    proxy.rewrite("PutPermission", lambda body: writes.append(1) or body, times=10 ** 6)
    proxy.rewrite("DescribeEventBus", lambda body: {k: v for k, v in body.items() if k != "Policy"}, times=1,
                  when=lambda call: writes)
    tf.apply(BUS + permission(body="  event_bus_name = eventbridge_bus.test.name"))
    assert proxy.calls("PutPermission") == 2
    tf.assert_plan_empty()


def test_permission_drift(tf_moto, events):
    tf = tf_moto
    tf.apply(permission())
    events.put_permission(StatementId="one", Principal="444455556666", Action="events:PutEvents")
    assert tf.plan().changes == {"eventbridge_permission.test": "update"}
    tf.apply()
    tf.assert_plan_empty()
    events.remove_permission(StatementId="one")
    assert tf.plan().changes == {"eventbridge_permission.test": "create"}


def test_a_foreign_statement_in_the_way_of_reading(tf_moto, events):
    """A statement with a list of actions makes hashicorp/aws's decoder fail."""
    tf = tf_moto
    tf.apply(BUS)
    arn = tf.state("eventbridge_bus.test")["arn"]
    foreign = {**statement("list", actions=["events:PutEvents", "events:PutRule"]), "Resource": arn}
    events.put_permission(EventBusName="shared", Policy=json.dumps({"Version": "2012-10-17", "Statement": [foreign]}))
    tf.assert_applies(BUS + permission(body="  event_bus_name = eventbridge_bus.test.name"))
    assert sids(events) == ["list", "one"]


@pytest.mark.parametrize("argument, text", [
    ("principal", permission(principal="")), ("principal", permission(principal="1234567890123")),
    ("principal", permission(principal="arn:aws:iam::111122223333:root")),
    ("statement_id", permission(sid="")), ("statement_id", permission(sid="a b")),
    ("statement_id", permission(sid="s" * 65)),
    ("action", permission(body='  action = "events:"')), ("action", permission(body='  action = "s3:Get"')),
    ("action", permission(body='  action = "events:' + "a" * 64 + '"')),
    ("event_bus_name", permission(body='  event_bus_name = "a b"')),
    ("key", permission(body='  condition {\n    key = "x"\n    type = "StringEquals"\n    value = "o-1"\n  }')),
    ("type", permission(body='  condition {\n    key = "aws:PrincipalOrgID"\n    type = "x"\n    value = "o-1"\n  }')),
    ("value", permission(body='  condition {\n    key = "aws:PrincipalOrgID"\n    type = "StringEquals"\n    value = ""\n  }')),
])
def test_permission_refused_at_validate(tf, argument, text):
    assert argument in str(tf.expect_error(argument, text, during="validate"))
