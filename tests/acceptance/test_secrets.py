"""Secrets: nothing that is printed or logged holds one, at the loudest level and on the worst day."""
import pytest

from test_connection import OAUTH, connection
from test_patterns import rule

PASSWORD, HEADER, CLIENT, BODY, QUERY = (f"hush-{word}-4711" for word in ("password", "header", "client", "body", "query"))
SECRETS = (PASSWORD, HEADER, CLIENT, BODY, QUERY)
HTTP = f"""    invocation_http_parameters {{
      header {{
        key             = "x-a"
        value           = "{HEADER}"
        is_value_secret = true
      }}
      query_string {{
        key             = "q"
        value           = "{QUERY}"
        is_value_secret = true
      }}
    }}"""
AUTHORIZATIONS = {
    "api key": ("API_KEY", f'    api_key {{\n      key = "x-signature"\n      value = "{PASSWORD}"\n    }}\n{HTTP}'),
    "basic": ("BASIC", f'    basic {{\n      username = "user"\n      password = "{PASSWORD}"\n    }}\n{HTTP}'),
    "oauth": ("OAUTH_CLIENT_CREDENTIALS", OAUTH.replace("hush-1", CLIENT).replace(
        'value = "orders"', f'value = "{BODY}"\n          is_value_secret = true')),
    "api key, write-only": ("API_KEY", f'    api_key {{\n      key = "x-signature"\n      value_wo = "{PASSWORD}"\n'
                                       '      value_wo_version = 1\n    }'),
    "basic, write-only": ("BASIC", f'    basic {{\n      username = "user"\n      password_wo = "{PASSWORD}"\n'
                                   '      password_wo_version = 1\n    }'),
    "oauth, write-only": ("OAUTH_CLIENT_CREDENTIALS", OAUTH.replace(
        'client_secret = "hush-1"', f'client_secret_wo = "{CLIENT}"\n        client_secret_wo_version = 1')),
}


class Listener:
    """Runs commands at the loudest level and keeps all that they say."""

    def __init__(self, workspace):
        self.workspace, self.heard = workspace, ""

    def run(self, *arguments):
        status, stdout, stderr = self.workspace.terraform.run(*arguments, TF_LOG="TRACE", TF_LOG_PROVIDER="TRACE")
        assert "[TRACE]" in stderr and "eventbridge" in stderr
        self.heard += stdout + stderr
        return status

    def heard_nothing_of(self, secrets):
        for line in self.heard.splitlines():
            for secret in secrets:
                assert secret not in line, line[:2_000]


@pytest.mark.parametrize("kind", AUTHORIZATIONS)
def test_the_secrets_of_a_connection(tf_faulty, kind):
    tf, proxy = tf_faulty
    kind, auth = AUTHORIZATIONS[kind]
    listener = Listener(tf)
    tf.configure(connection(auth, kind))
    proxy.fail("CreateConnection", "ValidationException", times=1)
    assert listener.run("apply", "-auto-approve") != 0
    # Retried: the request is made again, and logged again.
    proxy.drop("CreateConnection", times=1)
    assert listener.run("apply", "-auto-approve") == 0
    proxy.fail("UpdateConnection", "AccessDeniedException", times=1)
    tf.configure(connection(auth, kind, '  description = "d"'))
    assert listener.run("apply", "-auto-approve") != 0
    assert listener.run("apply", "-auto-approve") == 0
    assert listener.run("destroy", "-auto-approve") == 0
    listener.heard_nothing_of(SECRETS)


def test_the_keys_of_the_provider(tf_moto):
    account = tf_moto.emulator
    listener = Listener(tf_moto)
    tf_moto.configure(rule())
    assert listener.run("apply", "-auto-approve") == 0
    assert listener.run("apply", "-auto-approve", "-var=nobody=knows") != 0
    assert listener.run("destroy", "-auto-approve") == 0
    listener.heard_nothing_of((account.key, account.secret, account.token, "AWS4-HMAC-SHA256"))


def test_what_aws_answers_is_not_logged(tf_faulty):
    tf, proxy = tf_faulty
    listener = Listener(tf)
    tf.apply(rule())
    marker = "said-by-aws-alone"
    for operation in ("DescribeRule", "ListRules"):
        proxy.rewrite(operation, lambda body: {**body, "Unheard": marker, "Rules": [
            {**item, "Unheard": marker} for item in body.get("Rules", [])]}, times=2)
    assert listener.run("plan") == 0
    proxy.answer("DescribeRule", [marker], times=1)
    proxy.answer("ListRules", [marker], times=1)
    listener.run("plan")
    listener.heard_nothing_of([marker])
