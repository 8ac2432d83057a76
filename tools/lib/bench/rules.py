"""The configuration that is measured: so many rules with so many targets each.

They stand in groups: Terraform evaluates a `for_each` anew for each of its
instances, so that one of 1,000 elements costs Terraform itself ten times what
ten of 100 do. No references between rules and targets: one resource stands
between, so that the graph has few edges.
"""
GROUP = 100
_HEAD = """
provider "{local}" {{}}

resource "terraform_data" "rules" {{
  depends_on = [{rules}]
}}
"""
_ONE = """
locals {{
  {name} = {{ for n in range({first}, {end}) : "rule-${{n}}" => "shop-${{n}}" }}
  {name}_targets = merge([for rule in keys(local.{name}) : {{
    for t in range({targets}) : "${{rule}}/queue-${{t}}" => {{ rule = rule, queue = "queue-${{t}}" }}
  }}]...)
}}

resource "{p}rule" "{name}" {{
  for_each      = local.{name}
  name          = each.key
  event_pattern = jsonencode({{ source = [each.value] }})
}}

resource "{p}target" "{name}" {{
  for_each   = local.{name}_targets
  rule       = each.value.rule
  target_id  = each.value.queue
  arn        = "arn:aws:sqs:eu-west-1:{account}:${{each.value.queue}}"
  depends_on = [terraform_data.rules]
}}
"""


def groups(count):
    """(name, first rule's number, the one after the last) of every group."""
    for number, first in enumerate(range(0, count, GROUP)):
        yield f"group_{number}", first, min(first + GROUP, count)


def configuration(subject, account, count, targets=1):
    """The text of it."""
    names = ", ".join(f"{subject.prefix}rule.{name}" for name, _, _ in groups(count))
    return _HEAD.format(local=subject.local, rules=names) + "".join(
        _ONE.format(p=subject.prefix, account=account.id, name=name, first=first, end=end, targets=targets)
        for name, first, end in groups(count))
