"""Patterns that are judged and tested in the plan: on the rule, as a data source, by functions. All of it offline."""
import json

import pytest

ORDER = json.dumps({"source": "shop.orders", "detail-type": "Order Placed", "detail": {"total": 250}})
SMALL = json.dumps({"source": "shop.orders", "detail-type": "Order Placed", "detail": {"total": "250"}})
BIG_ORDERS = '{ source = ["shop.orders"], detail = { total = [{ numeric = [">", 100] }] } }'


def rule(pattern=BIG_ORDERS, tests=None, more="", name="orders"):
    """`tests`: name -> (event as HCL, matches)."""
    lines = [f'    "{key}" = {{ event = {event}, matches = {str(matches).lower()} }}'
             for key, (event, matches) in (tests or {}).items()]
    tests = "  tests = {\n" + "\n".join(lines) + "\n  }\n" if lines else ""
    return (f'resource "eventbridge_rule" "test" {{\n  name = "{name}"\n  event_pattern = jsonencode({pattern})\n'
            f'{tests}{more}}}\n')


def hcl(text):
    return json.dumps(text)


# --- on the rule ---

def test_right_tests_are_silent(offline):
    text = rule(tests={"order": (hcl(ORDER), True), "small": (hcl(SMALL), False)})
    assert not offline.validate(text).diagnostics
    assert not offline.plan(text).diagnostics


def test_a_wrong_verdict_is_explained_at_its_test(offline):
    error = offline.expect_error("small", rule(tests={"small": (hcl(SMALL), True)}), during="validate")
    assert error.summary == 'test "small" failed: the pattern does not match this event'
    assert "detail.total" in error.detail and "wants a number > 100; the event has a string" in error.detail
    assert '"small"' in error.code


def test_a_source_wrong_by_a_letter(offline):
    event = hcl(json.dumps({"source": "log.addProdct", "detail-type": "x", "detail": {}}))
    error = offline.expect_error("article", rule('{ source = ["log.addProduct"] }', {"article": (event, True)}))
    for word in ("source", '"log.addProdct"', '"log.addProduct"', "near miss"):
        assert word in error.detail


def test_what_is_known_at_plan_is_tested_at_plan(offline):
    """A variable is unknown to `validate`."""
    text = 'variable "event" {\n  default = ' + hcl(SMALL) + "\n}\n" + rule(tests={"it": ("var.event", True)})
    assert not offline.validate(text).diagnostics
    offline.expect_error('test "it" failed', text)


def test_what_is_known_at_apply_is_tested_at_apply(tf):
    text = ('resource "terraform_data" "event" {\n  input = ' + hcl(SMALL) + "\n}\n"
            + rule(tests={"it": ("terraform_data.event.output", True)}))
    assert not tf.plan(text).diagnostics
    tf.expect_error('test "it" failed', text, during="apply")
    assert not tf.state("eventbridge_rule.test")


@pytest.mark.parametrize("event, wanted", [
    ("[]", "an event is one JSON object"),
    ("{", "line 1"),
    ('{"source": "a"}', "detail-type"),
])
def test_an_event_that_is_none(offline, event, wanted):
    error = offline.expect_error(wanted, rule(tests={"it": (hcl(event), True)}), during="validate")
    assert 'test "it"' in error.summary and '"it" = {' in error.code


def test_tests_need_a_pattern(offline):
    text = ('resource "eventbridge_rule" "test" {\n  name = "x"\n  schedule_expression = "rate(1 hour)"\n'
            '  tests = {\n    it = { event = "{}" }\n  }\n}\n')
    offline.expect_error("event_pattern", text, during="validate")


def test_a_changed_pattern_says_what_changes(tf):
    tests = {"order": (hcl(ORDER), True)}
    tf.assert_applies(rule(tests=tests))
    outcome = tf.plan(rule('{ source = ["shop.returns"] }', {"order": (hcl(ORDER), False)}))
    assert any('"order" no longer matches' in warning.detail for warning in outcome.warnings), outcome


def test_an_invalid_pattern_can_be_mended_from_the_text_alone(offline):
    error = offline.expect_error("Reason", rule('{ source = "aws.ec2", detail = { x = [{ prefixx = "a" }] } }'))
    assert "event_pattern" in error.code
    assert "Event pattern is not valid. Reason: " in error.detail
    assert 'write ["aws.ec2"] instead of "aws.ec2"' in error.detail and "detail.x" in error.detail


@pytest.mark.parametrize("pattern, wanted", [
    ('{ detail_type = ["x"] }', "Rule orders: detail_type can never match"),
    ('{ source = ["shop.*"] }', "Rule orders: source can never match"),
    ('{ detail = { n = [{ numeric = [">", 6000000000] }] } }', "Rule orders: detail.n"),
], ids=["name", "star", "number"])
def test_findings_name_rule_and_subject(offline, pattern, wanted):
    outcome = offline.validate(rule(pattern))
    assert any(wanted in warning.summary for warning in outcome.warnings), outcome


def test_too_complex_wildcards_are_an_error(offline):
    offline.expect_error("Rule is too complex",
                         rule('{ source = [{ wildcard = "*:*:*:*:*:event-bus/*" }] }'), during="validate")


# --- as a data source ---

def pattern_test(body):
    return f'data "eventbridge_pattern_test" "test" {{\n{body}\n}}\n'


def test_results_of_a_pattern_test(offline):
    text = pattern_test(f'  event_pattern = jsonencode({BIG_ORDERS})\n  on_failure = "warning"\n  tests = {{\n'
                        f'    order = {{ event = {hcl(ORDER)} }}\n    small = {{ event = {hcl(SMALL)} }}\n  }}')
    outcome = offline.apply(text)
    # The pattern tells it from the same test of another pattern: Terraform shows one of equal summaries.
    assert [warning.summary for warning in outcome.warnings][:1] == [
        'test "small" failed: the pattern does not match this event ({"detail":{"total":[{"numeric":[">",100]…)']
    found = offline.state("data.eventbridge_pattern_test.test")
    assert found["passed"] is False and found["length"] > 50
    assert found["results"]["order"]["matched"] and found["results"]["order"]["passed"]
    small = found["results"]["small"]
    assert not small["matched"] and not small["passed"] and "a string" in small["explanation"]


def test_a_pattern_test_fails_the_plan(offline):
    text = pattern_test(f'  event_pattern = jsonencode({BIG_ORDERS})\n  tests = {{\n'
                        f'    small = {{ event = {hcl(SMALL)} }}\n  }}')
    error = offline.expect_error('test "small" failed', text)
    assert "small" in error.code


def test_a_pattern_test_inside_a_check(offline):
    """A failed check is a warning of the plan; an error that validate finds is one even there."""
    text = ('check "pattern" {\n  ' + pattern_test(f'  event_pattern = jsonencode({BIG_ORDERS})\n  on_failure = "warning"\n'
            f'  tests = {{\n    small = {{ event = {hcl(SMALL)} }}\n  }}')
            + '  assert {\n    condition = data.eventbridge_pattern_test.test.passed\n    error_message = "no"\n  }\n}\n')
    outcome = offline.plan(text)
    assert any('test "small" failed' in warning.summary for warning in outcome.warnings), outcome


# --- by functions ---

def outputs(offline, **expressions):
    offline.apply("".join(f'output "{name}" {{\n  value = {text}\n}}\n' for name, text in expressions.items()))
    return offline.outputs()


def test_functions_take_text_and_values(offline):
    call = "provider::eventbridge::"
    found = outputs(
        offline,
        values=call + f'matches({BIG_ORDERS}, {{ source = "shop.orders", detail = {{ total = 100.5 }} }})',
        texts=call + f"matches(jsonencode({BIG_ORDERS}), {hcl(SMALL)})",
        sample=call + f'matches({BIG_ORDERS}, {call}event("shop.orders", "Placed", {{ total = 101 }}))',
        explained=call + f"explain({BIG_ORDERS}, {hcl(SMALL)})",
        invalid=call + 'explain("{}", "{}")',
        event=call + 'event("shop", "Placed", "{ \\"n\\": 12345678901234567890 }")',
    )
    assert (found["values"], found["texts"], found["sample"]) == (True, False, True)
    assert found["explained"].startswith("the pattern does not match this event\n")
    assert found["invalid"].startswith("Event pattern is not valid. Reason: ")
    event = json.loads(found["event"])
    assert event["detail"] == {"n": 12345678901234567890} and event["detail-type"] == "Placed"
    assert set(event) == {"version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail"}


@pytest.mark.parametrize("call, wanted", [
    ('matches("{}", "{}")', "Event pattern is not valid"),
    ('matches({ source = ["a"] }, "[]")', "an event is one JSON object"),
    ('event("a", "b", "[]")', "a detail is a JSON object"),
])
def test_functions_say_what_is_wrong(offline, call, wanted):
    offline.expect_error(wanted, f'output "x" {{\n  value = provider::eventbridge::{call}\n}}\n')
