"""eventbridge_connection: each way to authorise, its states, its secrets."""
import json

import pytest

API_KEY = '    api_key {\n      key = "x-signature"\n      value = "hush-1"\n    }'
BASIC = '    basic {\n      username = "user"\n      password = "hush-1"\n    }'
OAUTH = '''    oauth {
      authorization_endpoint = "https://auth.example.com/token"
      http_method            = "POST"
      client_parameters {
        client_id     = "id"
        client_secret = "hush-1"
      }
      oauth_http_parameters {
        body {
          key   = "scope"
          value = "orders"
        }
      }
    }'''
HTTP = '''    invocation_http_parameters {
      header {
        key   = "X-A"
        value = "a"
      }
      query_string {
        key   = "q"
        value = "b"
      }
    }'''
TYPES = {"API_KEY": API_KEY, "BASIC": BASIC, "OAUTH_CLIENT_CREDENTIALS": OAUTH}
SECRETS = ("auth_parameters",)


def connection(auth=API_KEY, kind="API_KEY", body="", name="hook"):
    return (f'resource "eventbridge_connection" "test" {{\n  name = "{name}"\n  authorization_type = "{kind}"\n'
            f"{body}\n  auth_parameters {{\n{auth}\n  }}\n}}\n")


@pytest.mark.parametrize("kind", TYPES)
def test_life(tf_both, events, kind):
    tf = tf_both
    tf.assert_applies(connection(TYPES[kind], kind))
    state = tf.state("eventbridge_connection.test")
    assert state["id"] == "hook" and state["arn"].startswith(f"arn:aws:events:{tf.region}:{tf.account}:connection/hook")
    assert tf.plan(connection(TYPES[kind], kind, '  description = "d"')).changes == {"eventbridge_connection.test": "update"}
    tf.apply()
    tf.assert_plan_empty()
    tf.check_import("eventbridge_connection.test", "hook", ignore=SECRETS)
    tf.apply()
    tf.assert_plan_empty()
    assert tf.plan(connection(TYPES[kind], kind, name="other")).changes == {"eventbridge_connection.test": "replace"}
    tf.apply()
    assert [item["Name"] for item in events.list_connections()["Connections"]] == ["other"]
    tf.destroy()
    assert events.list_connections()["Connections"] == []


@pytest.mark.parametrize("before, after", [
    ((API_KEY, "API_KEY"), (BASIC, "BASIC")),
    ((API_KEY, "API_KEY"), (OAUTH, "OAUTH_CLIENT_CREDENTIALS")),
    ((BASIC, "BASIC"), (BASIC.replace("hush-1", "hush-2"), "BASIC")),
    ((BASIC, "BASIC"), (BASIC + "\n" + HTTP, "BASIC")),
    ((BASIC + "\n" + HTTP, "BASIC"), (BASIC + "\n" + HTTP.replace('"b"', '"c"'), "BASIC")),
], ids=["to basic", "to oauth", "password", "http parameters", "http parameter"])
def test_changes_in_place(tf_both, before, after):
    tf = tf_both
    tf.apply(connection(*before))
    assert tf.plan(connection(*after)).changes == {"eventbridge_connection.test": "update"}
    tf.apply()
    tf.assert_plan_empty()


def test_http_parameters_are_removed(tf_both, events):
    tf = tf_both
    tf.apply(connection(BASIC + "\n" + HTTP, "BASIC"))
    tf.apply(connection(BASIC, "BASIC"))
    tf.assert_plan_empty()
    left = events.describe_connection(Name="hook")["AuthParameters"].get("InvocationHttpParameters") or {}
    assert not any(left.values()), left


def test_drift(tf_both, events):
    tf = tf_both
    tf.apply(connection(BASIC, "BASIC"))
    events.update_connection(Name="hook", Description="x", AuthorizationType="BASIC",
                             AuthParameters={"BasicAuthParameters": {"Username": "other", "Password": "p"}})
    assert tf.plan().changes == {"eventbridge_connection.test": "update"}
    tf.apply()
    tf.assert_plan_empty()


def test_deleted_outside(tf_both, events):
    tf = tf_both
    tf.apply(connection())
    events.delete_connection(Name="hook")
    assert tf.plan().changes == {"eventbridge_connection.test": "create"}
    tf.destroy()


def test_secrets_are_never_shown(tf):
    """Neither in a plan nor in an error nor in the log at its loudest."""
    tf.configure(connection(BASIC, "BASIC"))
    status, stdout, stderr = tf.terraform.run("apply", "-auto-approve", "-no-color", TF_LOG="TRACE")
    assert status == 0
    assert "hush-1" not in stdout
    provider_lines = [line for line in stderr.splitlines() if "provider.terraform-provider-eventbridge" in line]
    assert provider_lines and not [line for line in provider_lines if "hush-1" in line]


# --- write-only secrets ---

def write_only(secret, version, name="password"):
    return connection(f'    basic {{\n      username = "user"\n      {name}_wo = "{secret}"\n'
                      f"      {name}_wo_version = {version}\n    }}", "BASIC")


@pytest.mark.since(1, 11)
def test_write_only_secrets_stay_out_of_the_state(tf_faulty):
    tf, proxy = tf_faulty
    tf.assert_applies(write_only("hush-1", 1))
    assert "hush-1" not in (tf.directory / "terraform.tfstate").read_text()
    assert proxy.bodies("CreateConnection")[0]["AuthParameters"]["BasicAuthParameters"]["Password"] == "hush-1"
    # A new secret alone is no change; a new version is.
    tf.assert_plan_empty(write_only("hush-2", 1))
    assert tf.plan(write_only("hush-2", 2)).changes == {"eventbridge_connection.test": "update"}
    tf.apply()
    assert proxy.bodies("UpdateConnection")[-1]["AuthParameters"]["BasicAuthParameters"]["Password"] == "hush-2"
    assert "hush-2" not in (tf.directory / "terraform.tfstate").read_text()


@pytest.mark.since(1, 11)
def test_a_secret_one_way_or_the_other(tf):
    both = '    basic {\n      username = "u"\n      password = "p"\n      password_wo = "p"\n      password_wo_version = 1\n    }'
    tf.expect_error("password_wo", connection(both, "BASIC"), during="validate")
    tf.expect_error("password", connection('    basic {\n      username = "u"\n    }', "BASIC"), during="validate")


# --- states, which the emulators pass through at once ---

def state(name, **more):
    return lambda body: {**body, "ConnectionState": name, **more}


def test_waits_until_it_is_authorized(tf_faulty):
    tf, proxy = tf_faulty
    proxy.rewrite("CreateConnection", state("CREATING"))
    proxy.rewrite("DescribeConnection", state("AUTHORIZING"), times=2,
                  when=lambda call: proxy.calls("CreateConnection"))
    tf.assert_applies(connection())
    assert proxy.calls("DescribeConnection") >= 3


def test_deauthorized_is_a_warning_with_the_reason(tf_faulty):
    tf, proxy = tf_faulty
    proxy.rewrite("CreateConnection", state("DEAUTHORIZED"))
    proxy.rewrite("DescribeConnection", state("DEAUTHORIZED", StateReason="token endpoint said 401"), times=50)
    outcome = tf.apply(connection())
    assert "401" in str(outcome.warnings[0]), outcome


def test_gives_up_in_time_and_keeps_what_it_made(tf_faulty):
    tf, proxy = tf_faulty
    proxy.rewrite("CreateConnection", state("CREATING"))
    proxy.rewrite("DescribeConnection", state("CREATING"), times=10 ** 6,
                  when=lambda call: proxy.calls("CreateConnection"))
    tf.expect_error("CREATING", connection(body='  timeouts {\n    create = "1s"\n  }'), during="apply")
    assert tf.state("eventbridge_connection.test"), "made, so in the state"


def test_waits_until_it_is_gone(tf_faulty):
    tf, proxy = tf_faulty
    tf.apply(connection())
    gone = []
    proxy.rewrite("DeleteConnection", lambda body: gone.append(1) or {**body, "ConnectionState": "DELETING"})
    arn = tf.state("eventbridge_connection.test")["arn"]
    proxy.answer("DescribeConnection", {"Name": "hook", "ConnectionArn": arn, "ConnectionState": "DELETING",
                                        "AuthorizationType": "API_KEY"}, times=2, when=lambda call: gone)
    tf.destroy()
    assert proxy.calls("DescribeConnection") >= 3


@pytest.mark.parametrize("wanted, text", [
    ("api_key|basic", connection(API_KEY + "\n" + BASIC)),
    ("authorization_type", connection(BASIC, "API_KEY")),
    ("authorization_type", connection(API_KEY, "TOKEN")),
    ("oauth_http_parameters", connection(OAUTH[:OAUTH.index("      oauth_http")] + "    }", "OAUTH_CLIENT_CREDENTIALS")),
    ("http_method", connection(OAUTH.replace("POST", "PATCH"), "OAUTH_CLIENT_CREDENTIALS")),
    ("name", connection(name="a b")), ("name", connection(name="n" * 65)),
    ("username", connection(BASIC.replace('"user"', '"' + "u" * 513 + '"'), "BASIC")),
])
def test_refused_at_validate(tf, wanted, text):
    tf.expect_error(wanted, text, during="validate")


def test_a_secret_is_sent_once_to_what_was_there(tf_both, events):
    """AWS never returns secrets, so an equal connection is taken over and its secret sent."""
    tf = tf_both
    events.create_connection(Name="hook", AuthorizationType="BASIC",
                             AuthParameters={"BasicAuthParameters": {"Username": "user", "Password": "old"}})
    outcome = tf.apply(connection(BASIC, "BASIC"))
    assert outcome.warnings, outcome
    tf.assert_plan_empty()


def test_json_output_holds_no_secret(tf):
    tf.apply(connection(BASIC, "BASIC"))
    tf.plan(connection(BASIC.replace("hush-1", "hush-2"), "BASIC"))
    change = tf.planned("eventbridge_connection.test")
    assert json.dumps(change["after_sensitive"]).count("true") >= 1
