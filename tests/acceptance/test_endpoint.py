"""eventbridge_endpoint. On ministack: moto has no endpoints."""
import pytest

ROLE = '  role_arn = "arn:aws:iam::123456789012:role/replication"'


def endpoint(body=ROLE, name="global", route="us-east-1", second="global"):
    return f'''resource "eventbridge_bus" "test" {{
  name = "global"
}}

resource "eventbridge_endpoint" "test" {{
  name = "{name}"
{body}
  event_bus {{
    event_bus_arn = eventbridge_bus.test.arn
  }}
  event_bus {{
    event_bus_arn = "arn:aws:events:us-east-1:${{var.account}}:event-bus/{second}"
  }}
  routing_config {{
    failover_config {{
      primary {{
        health_check = "arn:aws:route53:::healthcheck/0a1b2c3d-0000-4000-8000-000000000000"
      }}
      secondary {{
        route = "{route}"
      }}
    }}
  }}
}}
'''


DISABLED = '  replication_config {\n    state = "DISABLED"\n  }'
ENABLED = ROLE + '\n  replication_config {\n    state = "ENABLED"\n  }'


def test_life(tf, events):
    tf.assert_applies(endpoint())
    state = tf.state("eventbridge_endpoint.test")
    assert state["id"] == "global" and state["state"] == "ACTIVE" and state["endpoint_url"]
    tf.check_import("eventbridge_endpoint.test", "global")
    assert tf.plan(endpoint(name="other")).changes == {"eventbridge_endpoint.test": "replace"}
    tf.apply()
    tf.assert_plan_empty()
    tf.destroy()
    assert events.list_endpoints()["Endpoints"] == []


@pytest.mark.parametrize("before, after", [
    (endpoint(), endpoint(ROLE + '\n  description = "d"')),
    (endpoint(ROLE + '\n  description = "d"'), endpoint()),
    (endpoint(), endpoint(ROLE + "\n" + DISABLED)),
    (endpoint(DISABLED), endpoint(ENABLED)),
    (endpoint(), endpoint(ROLE.replace("replication", "other"))),
], ids=["description", "description removed", "disabled", "enabled", "role"])
def test_changes_in_place(tf, before, after):
    tf.apply(before)
    assert tf.plan(after).changes == {"eventbridge_endpoint.test": "update"}
    tf.apply()
    tf.assert_plan_empty()


def test_a_role_that_stays_behind_is_an_error(tf):
    """UpdateEndpoint has no way to take a role away: the state keeps it, and the error says what to write."""
    tf.apply(endpoint())
    error = tf.expect_error("keeps its role", endpoint(DISABLED), during="apply")
    assert "Leave `role_arn` in the configuration" in error.detail
    tf.apply(endpoint(ROLE + "\n" + DISABLED))
    tf.assert_plan_empty()


def test_absent_replication_equals_enabled(tf):
    tf.apply(endpoint(ENABLED))
    assert not tf.plan().changes
    outcome = tf.plan(endpoint())
    assert "replace" not in outcome.changes.values(), outcome


def test_drift(tf, events):
    tf.apply(endpoint())
    events.update_endpoint(Name="global", Description="x")
    assert tf.plan().changes == {"eventbridge_endpoint.test": "update"}
    tf.apply()
    tf.assert_plan_empty()


def test_waits_until_it_is_active(tf_faulty):
    tf, proxy = tf_faulty
    proxy.rewrite("CreateEndpoint", lambda body: {**body, "State": "CREATING"})
    proxy.rewrite("DescribeEndpoint", lambda body: {**body, "State": "CREATING"}, times=2,
                  when=lambda call: proxy.calls("CreateEndpoint"))
    tf.assert_applies(endpoint())


def test_a_failed_creation_says_why(tf_faulty):
    tf, proxy = tf_faulty
    proxy.rewrite("CreateEndpoint", lambda body: {**body, "State": "CREATING"})
    proxy.rewrite("DescribeEndpoint", lambda body: {**body, "State": "CREATE_FAILED", "StateReason": "no such bus"},
                  times=100, when=lambda call: proxy.calls("CreateEndpoint"))
    tf.expect_error("no such bus", endpoint(), during="apply")


@pytest.mark.parametrize("wanted, text", [
    ("role_arn", endpoint("")),
    ("name", endpoint(name="a b")), ("name", endpoint(name="n" * 65)),
    ("route", endpoint(route="nowhere")),
    ("state", endpoint(DISABLED.replace("DISABLED", "PAUSED"))),
    ("event_bus", endpoint().replace('''  event_bus {
    event_bus_arn = eventbridge_bus.test.arn
  }
''', "")),
])
def test_refused_at_validate(tf, wanted, text):
    tf.expect_error(wanted, text, during="validate")


def test_both_buses_have_one_name(tf):
    text = endpoint(second="other").replace("eventbridge_bus.test.arn",
                                            '"arn:aws:events:eu-west-1:${var.account}:event-bus/global"')
    tf.expect_error("name", text, during="plan")
