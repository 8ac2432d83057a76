"""eventbridge_bus: its life, and where hashicorp/aws goes wrong with its counterpart."""
import pytest

DEAD = "arn:aws:sqs:eu-west-1:123456789012:dead"
KEY = "arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d-0000-4000-8000-000000000000"


def bus(body="", name="orders", label="test"):
    return f'resource "eventbridge_bus" "{label}" {{\n  name = "{name}"\n{body}\n}}\n'


# What stands alone, and how boto3 shows it. moto has no UpdateEventBus: changes run on ministack.
SETTINGS = {
    "description": ('  description = "one"', '  description = "two"', "Description"),
    "kms_key_identifier": (f'  kms_key_identifier = "{KEY}"', '  kms_key_identifier = "alias/events"', "KmsKeyIdentifier"),
    "dead_letter_config": (f'  dead_letter_config {{\n    arn = "{DEAD}"\n  }}',
                           f'  dead_letter_config {{\n    arn = "{DEAD}2"\n  }}', "DeadLetterConfig"),
    "log_config": ('  log_config {\n    include_detail = "FULL"\n    level = "TRACE"\n  }',
                   '  log_config {\n    include_detail = "NONE"\n    level = "ERROR"\n  }', "LogConfig"),
}


# --- a life ---

def test_attributes(tf_both):
    tf = tf_both
    tf.assert_applies(bus())
    state = tf.state("eventbridge_bus.test")
    assert state["id"] == state["name"] == "orders"
    assert state["arn"] == f"arn:aws:events:{tf.region}:{tf.account}:event-bus/orders"
    assert state["region"] == tf.region
    assert not state["description"] and not state["tags"]


def test_another_name_replaces(tf_both, events):
    tf = tf_both
    tf.apply(bus())
    assert tf.plan(bus(name="returns")).changes == {"eventbridge_bus.test": "replace"}
    tf.apply()
    tf.assert_plan_empty()
    assert [b["Name"] for b in events.list_event_buses()["EventBuses"]] == ["default", "returns"]


@pytest.mark.parametrize("name", SETTINGS)
def test_setting_comes_changes_and_goes(tf, events, name):
    """hashicorp/aws sends no removal of the key, the dead letters and the log settings."""
    first, second, key = SETTINGS[name]
    logs = name == "log_config"
    for body in ("", first, second, ""):
        outcome = tf.apply(bus(body))
        assert logs or not outcome.warnings, outcome
        again = tf.plan()
        assert not again.changes and not again.drift, again
    left = events.describe_event_bus(Name="orders").get(key)
    if logs:
        assert (left or {}).get("Level", "OFF") == "OFF"
    else:
        assert not left or left == {"Arn": ""}, left


@pytest.mark.parametrize("name", SETTINGS)
def test_drift_of_a_setting(tf, events, name):
    first, _, _ = SETTINGS[name]
    tf.apply(bus(first))
    changed = {"description": {"Description": "x"}, "kms_key_identifier": {"KmsKeyIdentifier": "alias/x"},
               "dead_letter_config": {"DeadLetterConfig": {"Arn": DEAD + "x"}},
               "log_config": {"LogConfig": {"Level": "INFO", "IncludeDetail": "NONE"}}}[name]
    events.update_event_bus(Name="orders", **changed)
    assert tf.plan().changes == {"eventbridge_bus.test": "update"}
    tf.apply()
    assert not tf.plan().changes


def test_a_setting_made_outside_is_seen(tf, events):
    tf.apply(bus())
    events.update_event_bus(Name="orders", Description="someone's", DeadLetterConfig={"Arn": DEAD})
    assert tf.plan().changes == {"eventbridge_bus.test": "update"}
    tf.apply()
    tf.assert_plan_empty()
    assert not events.describe_event_bus(Name="orders").get("Description")


def test_tags(tf_both, events):
    tf = tf_both
    for tags in ('{ a = "1" }', '{ a = "2", b = "3" }', "{}"):
        tf.assert_applies(bus(f"  tags = {tags}"))
    tf.assert_applies(bus())
    arn = tf.state("eventbridge_bus.test")["arn"]
    assert events.list_tags_for_resource(ResourceARN=arn)["Tags"] == []


def test_drift_of_tags(tf_both, events):
    tf = tf_both
    tf.apply(bus('  tags = { a = "1" }'))
    events.tag_resource(ResourceARN=tf.state("eventbridge_bus.test")["arn"], Tags=[{"Key": "b", "Value": "2"}])
    assert tf.plan().changes == {"eventbridge_bus.test": "update"}
    tf.apply()
    tf.assert_plan_empty()


@pytest.mark.parametrize("body", ["", f'  description = "d"\n  kms_key_identifier = "{KEY}"\n  tags = {{ a = "b" }}\n'
                                      f'  dead_letter_config {{\n    arn = "{DEAD}"\n  }}'], ids=["bare", "full"])
def test_import(tf_both, body):
    tf = tf_both
    tf.apply(bus(body))
    tf.check_import("eventbridge_bus.test", "orders")


def test_import_of_what_is_not_there(tf_both):
    tf = tf_both
    tf.configure(bus())
    assert "Cannot import non-existent remote object" in tf.import_("eventbridge_bus.test", "absent", ok=False)


def test_deleted_outside_is_made_again(tf_both, events):
    tf = tf_both
    tf.apply(bus())
    events.delete_event_bus(Name="orders")
    assert tf.plan().changes == {"eventbridge_bus.test": "create"}
    tf.apply()
    tf.assert_plan_empty()


# --- the default bus ---

def test_default_is_refused_with_the_way_out(tf):
    error = tf.expect_error("default", bus(name="default"), during="validate")
    assert "adopt_default" in error.detail


def test_the_default_bus_adopted_for_its_settings(tf, events):
    tf.apply(bus('  adopt_default = true\n  description = "ours"', name="default"))
    assert events.describe_event_bus(Name="default")["Description"] == "ours"
    tf.assert_plan_empty()
    tf.destroy()
    assert [b["Name"] for b in events.list_event_buses()["EventBuses"]] == ["default"]


# --- said at plan ---

@pytest.mark.parametrize("argument, body, name", [
    ("name", "", "a b"), ("name", "", "a/b"), ("name", "", "n" * 257),
    ("description", '  description = "' + "d" * 513 + '"', "orders"),
    ("arn", '  dead_letter_config {\n    arn = "queue"\n  }', "orders"),
    ("level", '  log_config {\n    level = "LOUD"\n  }', "orders"),
    ("include_detail", '  log_config {\n    include_detail = "SOME"\n  }', "orders"),
    ("event_source_name", '  event_source_name = "shop"', "orders"),
    ("dead_letter_config", '  dead_letter_config {\n  }\n  dead_letter_config {\n  }', "orders"),
])
def test_refused_at_validate(tf, argument, body, name):
    assert argument in str(tf.expect_error(argument, bus(body, name), during="validate"))


# --- create never overwrites ---

def test_an_equal_bus_is_taken_over_with_a_warning(tf_both, events):
    tf = tf_both
    events.create_event_bus(Name="orders")
    outcome = tf.apply(bus())
    assert outcome.warnings and "orders" in str(outcome.warnings[0]), outcome
    tf.assert_plan_empty()


def test_a_different_bus_is_refused(tf_both, events):
    tf = tf_both
    events.create_event_bus(Name="orders", Description="someone's")
    error = tf.expect_error("description", bus(), during="apply")
    assert "import" in error.detail and "adopt" in error.detail
    assert events.describe_event_bus(Name="orders")["Description"] == "someone's"
    assert not tf.state()


def test_adopt_updates_it(tf, events):
    events.create_event_bus(Name="orders", Description="someone's")
    tf.apply(bus('  adopt = true\n  description = "ours"'))
    assert events.describe_event_bus(Name="orders")["Description"] == "ours"
    tf.assert_plan_empty()


# --- destroy ---

def test_destroy_names_the_rules_in_the_way(tf_both, events):
    """No emulator refuses this, AWS does: the provider looks itself."""
    tf = tf_both
    tf.apply(bus('  timeouts {\n    delete = "2s"\n  }'))
    events.put_rule(Name="foreign", EventBusName="orders", EventPattern='{"source":["a"]}')
    outcome = tf.destroy(ok=False)
    assert "foreign" in str(outcome), outcome
    assert tf.state("eventbridge_bus.test")
    assert events.describe_event_bus(Name="orders")
    events.delete_rule(Name="foreign", EventBusName="orders")
    tf.destroy()


def test_destroy_names_the_archive_that_owns_a_rule(tf_faulty):
    """On AWS an archive puts a managed rule on the bus; no emulator does, so the proxy shows one."""
    tf, proxy = tf_faulty
    tf.apply(bus('  timeouts {\n    delete = "2s"\n  }'))
    name = "Events-Archive-old"
    proxy.answer("ListRules", {"Rules": [{
        "Name": name, "Arn": f"arn:aws:events:{tf.region}:{tf.account}:rule/orders/{name}",
        "EventPattern": "{}", "State": "ENABLED", "ManagedBy": "prod.vhs.events.aws.internal",
        "EventBusName": "orders"}]}, times=10 ** 6)
    text = str(tf.destroy(ok=False))
    assert name in text and "delete the archive" in text.lower(), text


# --- partner buses ---

def test_a_partner_bus_has_its_sources_name(tf):
    source = "aws.partner/example.com/shop/orders"
    tf.expect_error("event_source_name", bus(f'  event_source_name = "{source}"'), during="validate")
