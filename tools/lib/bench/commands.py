"""Scene: the usual commands on one rule and on many, each rule with a target."""
import statistics

from .. import handshake
from .subject import workspace

STARTS = 20
# Requests a second that AWS lets through, in the last measurement of the many.
LIMIT = 50
# No references between the two: one resource stands between them, so that their graph has few edges.
CONFIGURATION = """
provider "{local}" {{}}

locals {{
  rules = {{ for n in range({count}) : "rule-${{n}}" => {{ source = "shop-${{n}}" }} }}
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
  for_each   = local.rules
  rule       = each.key
  target_id  = "queue"
  arn        = "arn:aws:sqs:eu-west-1:{account}:queue"
  depends_on = [terraform_data.rules]
}}
"""


def starts(subject):
    """From the start of the process to its handshake line: median milliseconds of wall time and CPU."""
    times = [handshake.measure(subject.binary) for _ in range(STARTS)]
    wall, cpu = (1000 * statistics.median(column) for column in zip(*times))
    return {"wall_ms": wall, "cpu_ms": cpu}


def commands(subject, count, limited=False):
    """validate, plan, apply and a second plan; with `limited` another one while AWS throttles."""
    with workspace(subject) as space:
        space.configure(CONFIGURATION, count=count)
        steps = {"validate": space.run("validate"), "plan": space.run("plan"),
                 "apply": space.run("apply", "-auto-approve"), "refresh": space.run("plan")}
        if limited:
            with space.proxy.limit(LIMIT):
                steps["limited"] = space.run("plan")
        return steps
