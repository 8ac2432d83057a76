"""eventbridge_api_destination."""
import pytest

CONNECTION = '''resource "eventbridge_connection" "test" {
  name               = "hook"
  authorization_type = "API_KEY"
  auth_parameters {
    api_key {
      key   = "k"
      value = "v"
    }
  }
}
'''


def destination(body="", name="hook", method="POST"):
    return CONNECTION + f'''resource "eventbridge_api_destination" "test" {{
  name                = "{name}"
  invocation_endpoint = "https://hooks.example.com/*"
  http_method         = "{method}"
  connection_arn      = eventbridge_connection.test.arn
{body}
}}
'''


def test_life(tf_both, events):
    tf = tf_both
    tf.assert_applies(destination())
    state = tf.state("eventbridge_api_destination.test")
    assert state["id"] == "hook" and state["invocation_rate_limit_per_second"] == 300
    assert state["arn"].startswith(f"arn:aws:events:{tf.region}:{tf.account}:api-destination/hook")
    tf.check_import("eventbridge_api_destination.test", "hook")
    assert tf.plan(destination(name="other")).changes == {"eventbridge_api_destination.test": "replace"}
    tf.apply()
    assert [item["Name"] for item in events.list_api_destinations()["ApiDestinations"]] == ["other"]
    tf.destroy()


@pytest.mark.parametrize("before, after", [
    (destination(), destination('  description = "d"')),
    (destination('  description = "d"'), destination()),
    (destination("  invocation_rate_limit_per_second = 10"), destination("  invocation_rate_limit_per_second = 12")),
    (destination("  invocation_rate_limit_per_second = 10"), destination()),
    (destination(), destination(method="PUT")),
    (destination(), destination().replace("example.com", "example.org")),
], ids=["description", "description removed", "rate", "rate removed", "method", "endpoint"])
def test_changes_in_place(tf_both, before, after):
    tf = tf_both
    tf.apply(before)
    assert tf.plan(after).changes == {"eventbridge_api_destination.test": "update"}
    tf.apply()
    tf.assert_plan_empty()


@pytest.mark.parametrize("change", [
    {"Description": "x"}, {"HttpMethod": "GET"}, {"InvocationEndpoint": "https://x.example.com/"},
    {"InvocationRateLimitPerSecond": 5},
], ids=lambda change: next(iter(change)))
def test_drift(tf_both, events, change):
    tf = tf_both
    tf.apply(destination())
    events.update_api_destination(Name="hook", **change)
    assert tf.plan().changes == {"eventbridge_api_destination.test": "update"}
    tf.apply()
    tf.assert_plan_empty()


def test_deleted_outside(tf_both, events):
    tf = tf_both
    tf.apply(destination())
    events.delete_api_destination(Name="hook")
    assert tf.plan().changes == {"eventbridge_api_destination.test": "create"}
    tf.destroy()


@pytest.mark.parametrize("argument, text", [
    ("http_method", destination(method="FETCH")), ("name", destination(name="a b")),
    ("invocation_rate_limit_per_second", destination("  invocation_rate_limit_per_second = 0")),
    ("invocation_endpoint", destination().replace("https://hooks", "ftp://hooks")),
    ("connection_arn", destination().replace("eventbridge_connection.test.arn", '"hook"')),
    ("description", destination('  description = "' + "d" * 513 + '"')),
])
def test_refused_at_validate(tf, argument, text):
    assert argument in str(tf.expect_error(argument, text, during="validate"))
