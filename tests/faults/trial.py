"""One life on one account: without a fault, to learn its calls and what it leaves; then with one.

A fault is tried on a life of its own:

1. get to the step; make it with the fault;
2. keep what Terraform would keep of the answer, and judge it against the account;
3. apply again without a fault: it succeeds, the account is as if nothing had
   happened, and a further plan is empty;
4. destroy: the account is as it was before.
"""
import difflib
from dataclasses import dataclass

from fault import Lag, Run, hides
from provider import Died, Object, Provider, fits

STEPS = ("create", "read", "update", "delete")


class Broken(Exception):
    """What must not be; ends the trial."""


@dataclass
class Clean:
    """A life without faults: what the account holds at the start and after each step, and the calls of each step."""
    snapshots: dict
    calls: dict


class Stage:
    """A life on a world: what one `terraform` after the other does to it."""

    def __init__(self, binary, life, world):
        self.binary, self.life, self.world = binary, life, world
        life.before(world)
        self.configs = {"create": life.first(world), "read": life.first(world), "update": life.second(world),
                        "delete": None}

    def provider(self):
        return Provider(self.binary, self.world.settings())

    def snapshot(self):
        return self.world.snapshot(self.life.services)

    # --- without faults ---

    def run_clean(self):
        """The whole life; its calls and snapshots."""
        clean, kept = Clean({"start": self.snapshot()}, {}), Object()
        for step in STEPS:
            self.world.proxy.forget()
            with self.provider() as provider:
                kept = self.step(provider, step, kept)
            clean.calls[step] = [self.world.operation(call) for call in self.world.proxy.log]
            clean.snapshots[step] = self.snapshot()
            if step == "create":
                self.life.used(self.world)
        self.same(clean, "start", "after a life without faults")
        return clean

    def step(self, provider, step, kept):
        """One step that has to succeed."""
        if step == "read":
            answer = good(provider.read(self.life.type_name, kept), "read")
            return answer.object
        return self.change(provider, kept, self.configs[step])

    def change(self, provider, kept, config):
        """Plans and applies, as Terraform does: a replacement is a destroy and a create."""
        if kept.state is not None and config is not None:
            if kept.tainted or self.plan(provider, kept, config).replaces:
                kept = self.apply(provider, kept, None)
        return self.apply(provider, kept, config)

    def apply(self, provider, kept, config):
        if kept.state is None and config is None:
            return kept
        plan = self.plan(provider, kept, config)
        if not plan.changes:
            return kept
        answer = good(provider.apply(plan), "apply")
        self.check_applied(plan, answer)
        return answer.object

    def plan(self, provider, kept, config):
        return good(provider.plan(self.life.type_name, kept, config), "plan").plan

    @staticmethod
    def check_applied(plan, answer):
        """What Terraform itself demands of an apply without errors."""
        if not fits(plan.state, answer.object.state):
            raise Broken(f"not what was planned: {answer.object.state}\nplanned: {plan.state}")

    # --- with one ---

    def try_one(self, spot, kind, clean):
        """Tries one fault; raises Broken when it does not hold."""
        kept = Object()
        if spot.step != "create":
            with self.provider() as provider:
                kept = self.change(provider, kept, self.configs["create"])
            self.same(clean, "create", "before the fault")
            self.life.used(self.world)
        kept, told = self.faulty(spot, kind, kept, clean)
        kept = self.converge(spot, kind, kept, told, clean)
        with self.provider() as provider:
            self.is_settled(provider, spot.step, kept)
            self.change(provider, kept, None)
        self.same(clean, "start", "after the destroy")

    def faulty(self, spot, kind, prior, clean):
        """The step with its fault: what Terraform keeps, and whether an answer came."""
        lag = Lag(self.world) if kind.lags else None
        with self.provider() as provider, lag or Run(self.world, spot, kind, provider) as run:
            try:
                if lag and prior.state is not None:
                    prior = good(provider.read(self.life.type_name, prior), "a read").object
                plan, answer = self.attempt(provider, spot.step, prior)
            except Died as end:
                if not kind.kills:
                    raise Broken(f"the provider died: {end}; it said: {provider.log()}") from None
                return prior, False
            if not run.hits and not lag:
                raise Broken("the fault met no call: this life is not the one of the clean run")
            if kind.kills:
                raise Broken("an answer came although the provider was killed")
        if not answer.errors:
            self.judge_success(spot, plan, answer, clean)
            return answer.object or prior, True
        if kind.passes:
            raise Broken(f"it passes by itself, and was told: {answer.errors}")
        self.judge_words(spot, kind, answer)
        return self.judge_failure(spot, kind, prior, answer, clean), True

    def attempt(self, provider, step, prior):
        if step == "read":
            return None, provider.read(self.life.type_name, prior)
        planned = provider.plan(self.life.type_name, prior, self.configs[step])
        if planned.errors:
            return None, planned
        return planned.plan, provider.apply(planned.plan)

    def judge_success(self, spot, plan, answer, clean):
        if plan:
            self.check_applied(plan, answer)
        if spot.step == "read" and answer.object.state is None:
            raise Broken("a read without an error says that it is gone, and it is there")
        self.same(clean, spot.step, "after a step that succeeded")

    def judge_words(self, spot, kind, answer):
        """An error names the call that failed."""
        if kind.stops or kind.spreads:
            return
        # A path is not the call's name, which the provider says; its service is Lambda.
        name = "Lambda " if "/" in spot.operation else spot.operation
        if not any(name in error for error in answer.errors):
            raise Broken(f"no error names {name}: {answer.errors}")

    def judge_failure(self, spot, kind, prior, answer, clean):
        """What Terraform keeps after an error: nothing is lost, and nothing is invented."""
        returned = answer.object
        if returned is None or returned.state is None:
            # Terraform keeps the prior object where an error comes with none.
            kept = prior
        else:
            kept = returned
            kept.tainted = spot.step == "create"
        there = self.snapshot() != clean.snapshots["start"]
        if there and kept.state is None:
            raise Broken(f"made, and not in the state; told: {answer.errors}")
        excused = hides(spot, kind) or self.is_told_gone(spot, kept, prior, answer)
        if not there and kept.state is not None and not excused:
            raise Broken(f"not there, and in the state; told: {answer.errors}")
        return kept

    @staticmethod
    def is_told_gone(spot, kept, prior, answer):
        """An update that failed cannot say "it is gone" but in words: Terraform keeps the prior state all the same."""
        return spot.step == "update" and kept.state == prior.state and any(" is removed" in error for error in answer.errors)

    def converge(self, spot, kind, kept, told, clean):
        """The next `terraform apply`, which nothing disturbs."""
        with self.provider() as provider:
            if kept.state is not None:
                answer = good(provider.read(self.life.type_name, kept), "the next refresh")
                is_gone = spot.step == "update" and answer.object.state is None
                if told and not hides(spot, kind) and not is_gone and answer.object.state != kept.state:
                    raise Broken(f"the state was not true: {unlike(kept.state, answer.object.state)}")
                kept = answer.object
            kept = self.change(provider, kept, self.configs[spot.step])
        self.same(clean, spot.step, "after the next apply")
        return kept

    def is_settled(self, provider, step, kept):
        """A further plan finds nothing changed and changes nothing."""
        if kept.state is None:
            return
        read = good(provider.read(self.life.type_name, kept), "the last refresh").object
        if read.state != kept.state:
            raise Broken(f"the last refresh finds changes: {unlike(kept.state, read.state)}")
        plan = self.plan(provider, read, self.configs[step])
        if plan.changes:
            raise Broken(f"the last plan is not empty: {unlike(read.state, plan.state)}")

    def same(self, clean, step, when):
        """The account holds exactly what it held in the clean life."""
        actual = self.snapshot()
        if actual != clean.snapshots[step]:
            raise Broken(f"{when}: {difference(clean.snapshots[step], actual)}")


def good(answer, what):
    if answer.errors:
        raise Broken(f"{what} failed: {answer.errors}")
    return answer


def unlike(before, after):
    """The attributes that differ."""
    if not isinstance(before, dict) or not isinstance(after, dict):
        return f"{before} -> {after}"
    return {name: (before[name], after.get(name)) for name in before if before[name] != after.get(name)}


def difference(wanted, actual):
    """The lines of two snapshots that differ: - missing, + too much."""
    lines = difflib.unified_diff(wanted.splitlines(), actual.splitlines(), n=1, lineterm="")
    return "\n".join(list(lines)[2:40])
