"""A pipeline's smoke test: one event through all hops, and what is said where it does not arrive."""
import pytest

from pipeline import ADDRESS, OTHER, own, pipeline, publish, rows, wait_for

EVENT = {"userId": "u", "name": "n", "insertedId": 1}
BY_NUMBER = '  idempotency_key = "$.detail.insertedId"\n'


def smoke_test(timeout="60s", source="log.addProduct"):
    detail = '{ userId = "u", name = "n", insertedId = 1 }'
    event = f'{{ source = "{source}", detail-type = "add-product", detail = {detail} }}'
    return f'  smoke_test = {{ event = jsonencode({event}), timeout = "{timeout}" }}\n'


def test_it_passes_and_leaves_no_row(tf, aws):
    tf.assert_applies(pipeline(smoke_test()))
    assert tf.state(ADDRESS)["smoke_test_passed"] is True and rows(aws) == []


def test_it_runs_where_it_is_added_and_after_a_change(tf_faulty):
    tf, proxy = tf_faulty
    tf.apply(pipeline())
    assert tf.state(ADDRESS)["smoke_test_passed"] is None
    for body in (smoke_test(), smoke_test() + "  log_function = { timeout = 20 }"):
        proxy.forget()
        tf.assert_applies(pipeline(body))
        assert tf.state(ADDRESS)["smoke_test_passed"] is True and proxy.calls("PutEvents") == 1
    proxy.forget()
    tf.assert_applies(pipeline(smoke_test() + "  log_function = { timeout = 20 }\n  force_destroy = true"))
    assert proxy.calls("PutEvents") == 0


def test_one_that_fails_is_a_warning_at_create_and_an_error_at_update(tf, aws):
    disabled = pipeline(smoke_test("1s") + "  enabled = false")
    outcome = tf.apply(disabled)
    said = [w for w in outcome.warnings if "smoke test" in w.summary]
    assert len(said) == 1 and "bus       accepted" in said[0].detail and "enabled = false" in said[0].detail, outcome
    assert tf.state(ADDRESS)["smoke_test_passed"] is False
    assert tf.plan().changes == {ADDRESS: "update"}
    tf.expect_error("smoke test.*enabled = false", disabled, during="apply")
    assert tf.state(ADDRESS)["smoke_test_passed"] is False
    tf.assert_applies(pipeline(smoke_test()))
    assert tf.state(ADDRESS)["smoke_test_passed"] is True


def test_a_key_that_is_taken_fails_it(tf, aws):
    tf.apply(pipeline(BY_NUMBER))
    publish(aws, EVENT)
    before = wait_for(lambda: rows(aws))
    tf.expect_error("already has a row", pipeline(BY_NUMBER + smoke_test()), during="apply")
    assert rows(aws) == before


@pytest.mark.parametrize("name, left", [("somebody else's", True), ("n", False)])
def test_the_row_of_another_event_stays(tf_faulty, name, left):
    """One that came between the look and the event. If it says the same it cannot be told from the test's own:

    it goes, and whether the test's event makes another depends on which of them is first."""
    tf, proxy = tf_faulty
    aws = tf.emulator
    tf.apply(pipeline(BY_NUMBER))
    publish(aws, {**EVENT, "name": name})
    wait_for(lambda: rows(aws))
    proxy.answer("GetItem", {}, times=1)
    tf.configure(pipeline(BY_NUMBER + smoke_test()))
    if left:
        error = tf.expect_error("is not what `log_item` says", during="apply")
        assert "Name: wanted" in error.detail and "left in the table" in error.detail
        assert len(rows(aws)) == 1
    else:
        tf.apply()


def test_on_a_bus_of_others_it_is_warned_of(tf):
    """Their rules see the event too."""
    on_other = pipeline("  event_bus_name = eventbridge_bus.other.name\n" + smoke_test(), before=OTHER)
    outcome = tf.plan(on_other)
    assert ["has other rules too" in w.summary for w in outcome.warnings] == [True], outcome
    tf.apply()
    tf.assert_plan_empty()


WRONG = {
    "source of AWS": (smoke_test(source="aws.s3"), "source of AWS"),
    "no match": (smoke_test(source="shop.other"), "does not match the pattern"),
    "unknowable key": (smoke_test() + '  idempotency_key = "$.time"', "cannot know its row's key"),
    "no row": (smoke_test() + '  log_item = { Isbn = "$.detail.isbn:S" }', "Isbn = .* is not in the event"),
    "no detail": ('  smoke_test = { event = jsonencode({ source = "log.addProduct", detail-type = "x" }) }', "`detail` must be"),
}


@pytest.mark.parametrize("case", WRONG)
def test_one_that_cannot_pass_is_an_error_at_validate(tf, case):
    body, wanted = WRONG[case]
    tf.expect_error(wanted, pipeline(body), during="validate")
