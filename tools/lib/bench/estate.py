"""Scene: a refresh of 10,000 rules with three targets each, whose state was not applied but written.

The objects are put into the emulator through its API; the state of the first rule and
its targets is made by an apply and written again for all others.
"""
import json
from concurrent.futures import ThreadPoolExecutor

from .. import say
from .rules import configuration, groups
from .subject import workspace

TARGETS = 3


def estate(subject, count):
    """One `terraform plan -refresh-only` of `count` rules."""
    with workspace(subject) as space:
        space.configure(configuration(subject, space.account, 1, TARGETS))
        space.run("apply", "-auto-approve")
        path = space.directory / "terraform.tfstate"
        with say.step(f"{count} rules with {TARGETS} targets each, into the emulator and the state"):
            _fill(space.account, count)
            path.write_text(json.dumps(_written(json.loads(path.read_text()), count), indent=2))
        space.configure(configuration(subject, space.account, count, TARGETS))
        refresh = space.run("plan", "-refresh-only")
        return {**refresh, "state_mb": path.stat().st_size / 1e6, "counts": dict(space.proxy.counts())}


def _fill(account, count):
    """Puts rules 1… into the emulator; rule 0 is there."""
    events = account.client("events")

    def put(number):
        name = f"rule-{number}"
        events.put_rule(Name=name, EventPattern=json.dumps({"source": [f"shop-{number}"]}, separators=(",", ":")))
        events.put_targets(Rule=name, Targets=[
            {"Id": f"queue-{t}", "Arn": account.arn("sqs", f"queue-{t}")} for t in range(TARGETS)])
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(put, range(1, count)))


def _written(state, count):
    """The state with every instance of rule 0 written for all rules, in their groups."""
    resources = []
    for resource in state["resources"]:
        if resource["type"] == "terraform_data":
            resources.append(resource)
            continue
        first = [json.dumps(instance) for instance in resource["instances"]]
        for name, start, end in groups(count):
            instances = [json.loads(text.replace("rule-0", f"rule-{n}").replace("shop-0", f"shop-{n}"))
                         for n in range(start, end) for text in first]
            resources.append({**resource, "name": name, "instances": instances})
    return {**state, "resources": resources}
