"""Scene: the usual commands on one rule and on many, each rule with a target."""
import statistics

from .. import handshake
from .rules import configuration
from .subject import workspace

STARTS = 20
# Requests a second that AWS lets through, in the last measurement of the many.
LIMIT = 50


def starts(subject):
    """From the start of the process to its handshake line: median milliseconds of wall time and CPU."""
    times = [handshake.measure(subject.binary) for _ in range(STARTS)]
    wall, cpu = (1000 * statistics.median(column) for column in zip(*times))
    return {"wall_ms": wall, "cpu_ms": cpu}


def commands(subject, count, limited=False):
    """validate, plan, apply and a second plan; with `limited` another one while AWS throttles."""
    with workspace(subject) as space:
        space.configure(configuration(subject, space.account, count))
        steps = {"validate": space.run("validate"), "plan": space.run("plan"),
                 "apply": space.run("apply", "-auto-approve"), "refresh": space.run("plan")}
        if limited:
            with space.proxy.limit(LIMIT):
                steps["limited"] = space.run("plan")
        return steps
