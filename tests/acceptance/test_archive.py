"""eventbridge_archive."""
import pytest

BUS = 'resource "eventbridge_bus" "test" {\n  name = "orders"\n}\n'


def archive(body="", name="all"):
    return BUS + (f'resource "eventbridge_archive" "test" {{\n  name = "{name}"\n'
                  f'  event_source_arn = eventbridge_bus.test.arn\n{body}\n}}\n')


FULL = '''  description = "Orders"
  retention_days = 7
  event_pattern = jsonencode({ source = ["shop"] })'''


@pytest.mark.parametrize("body", ["", FULL], ids=["bare", "full"])
def test_life(tf_both, events, body):
    tf = tf_both
    tf.assert_applies(archive(body))
    state = tf.state("eventbridge_archive.test")
    assert state["arn"] == f"arn:aws:events:{tf.region}:{tf.account}:archive/all" and state["id"] == "all"
    tf.check_import("eventbridge_archive.test", "all")
    assert tf.plan(archive(body, name="other")).changes == {"eventbridge_archive.test": "replace"}
    tf.apply()
    tf.assert_plan_empty()
    assert [item["ArchiveName"] for item in events.list_archives()["Archives"]] == ["other"]


def test_changes_in_place(tf_both, events):
    tf = tf_both
    tf.apply(archive(FULL))
    changed = FULL.replace("Orders", "All orders").replace("7", "30").replace("shop", "store")
    assert tf.plan(archive(changed)).changes == {"eventbridge_archive.test": "update"}
    tf.apply()
    tf.assert_plan_empty()
    found = events.describe_archive(ArchiveName="all")
    assert (found["Description"], found["RetentionDays"]) == ("All orders", 30)


@pytest.mark.parametrize("left", [0, 1, 2], ids=["description", "retention", "pattern"])
def test_removed_arguments_are_removed(tf, left):
    """On ministack: moto takes "" and 0 in an update for nothing said."""
    tf.apply(archive(FULL))
    lines = FULL.splitlines()
    del lines[left]
    tf.apply(archive("\n".join(lines)))
    tf.assert_plan_empty()


@pytest.mark.parametrize("change", [{"Description": "x"}, {"RetentionDays": 1}, {"EventPattern": '{"source":["x"]}'}],
                         ids=lambda change: next(iter(change)))
def test_drift(tf_both, events, change):
    tf = tf_both
    tf.apply(archive(FULL))
    events.update_archive(**{"ArchiveName": "all", "Description": "Orders", "RetentionDays": 7,
                             "EventPattern": '{"source":["shop"]}', **change})
    assert tf.plan().changes == {"eventbridge_archive.test": "update"}
    tf.apply()
    tf.assert_plan_empty()


def test_deleted_outside(tf_both, events):
    tf = tf_both
    tf.apply(archive())
    events.delete_archive(ArchiveName="all")
    assert tf.plan().changes == {"eventbridge_archive.test": "create"}
    tf.destroy()


def test_a_different_archive_is_refused(tf, events):
    tf.apply(BUS)
    source = tf.state("eventbridge_bus.test")["arn"]
    events.create_archive(ArchiveName="all", EventSourceArn=source, RetentionDays=3)
    error = tf.expect_error("retention_days", archive(), during="apply")
    assert "import" in error.detail and "adopt" in error.detail
    tf.apply(archive("  adopt = true"))
    tf.assert_plan_empty()


@pytest.mark.parametrize("argument, text", [
    ("name", archive(name="a b")), ("name", archive(name="n" * 49)), ("name", archive(name="")),
    ("retention_days", archive("  retention_days = -1")),
    ("description", archive('  description = "' + "d" * 513 + '"')),
    ("event_pattern", archive('  event_pattern = "x"')),
    ("Unrecognized match type", archive('  event_pattern = jsonencode({ source = [{ prefixx = "a" }] })')),
    ("event_source_arn", 'resource "eventbridge_archive" "test" {\n  name = "a"\n  event_source_arn = "orders"\n}\n'),
])
def test_refused_at_validate(tf, argument, text):
    assert argument in str(tf.expect_error(argument, text, during="validate"))
