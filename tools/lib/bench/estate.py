"""Scene: a refresh of 10,000 rules with three targets each, whose state was not applied but written.

The objects are put into the emulator through its API; the state of the first rule and
its targets is made by an apply and written again for all others.
"""
import json
from concurrent.futures import ThreadPoolExecutor

from .. import say
from .subject import workspace

TARGETS = 3
CONFIGURATION = """
provider "{local}" {{}}

locals {{
  # A range has 1,024 elements at most.
  thousands = setproduct(range(ceil({count} / 1000)), range(1000))
  numbers   = [for n in local.thousands : n[0] * 1000 + n[1] if n[0] * 1000 + n[1] < {count}]

  rules = {{ for n in local.numbers : "rule-${{n}}" => {{ source = "shop-${{n}}" }} }}
  targets = merge([for n in local.numbers : {{
    for t in range({targets}) : "rule-${{n}}/queue-${{t}}" => {{ rule = "rule-${{n}}", queue = "queue-${{t}}" }}
  }}]...)
}}

resource "{p}rule" "test" {{
  for_each      = local.rules
  name          = each.key
  event_pattern = jsonencode({{ source = [each.value.source] }})
}}

resource "terraform_data" "rules" {{
  depends_on = [{p}rule.test]
}}

resource "{p}target" "test" {{
  for_each   = local.targets
  rule       = each.value.rule
  target_id  = each.value.queue
  arn        = "arn:aws:sqs:eu-west-1:{account}:${{each.value.queue}}"
  depends_on = [terraform_data.rules]
}}
"""


def estate(subject, count):
    """One `terraform plan -refresh-only` of `count` rules."""
    with workspace(subject) as space:
        space.configure(CONFIGURATION, count=1, targets=TARGETS)
        space.run("apply", "-auto-approve")
        path = space.directory / "terraform.tfstate"
        with say.step(f"{count} rules with {TARGETS} targets each, into the emulator and the state"):
            _fill(space.account, count)
            path.write_text(json.dumps(_written(json.loads(path.read_text()), count), indent=2))
        space.configure(CONFIGURATION, count=count, targets=TARGETS)
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
    """The state with every instance of rule 0 written for all rules."""
    for resource in state["resources"]:
        if resource["mode"] == "managed" and resource["type"] != "terraform_data":
            first = [json.dumps(instance) for instance in resource["instances"]]
            resource["instances"] = [
                json.loads(text.replace("rule-0", f"rule-{n}").replace("shop-0", f"shop-{n}"))
                for n in range(count) for text in first]
    return state
