"""What can go wrong with one call, and how the proxy makes it so.

A fault hits a spot: the nth call of an operation within one step of a life.
"""
import threading
from dataclasses import dataclass
from typing import Callable, Optional

from lib.proxy import ALWAYS, Rule
from provider import Died

# Codes by what the request looks like; JSON services take the first column of each.
_CODES = {"throttled": (400, "ThrottlingException"), "failed": (500, "InternalException"),
          "denied": (400, "AccessDeniedException")}
_LAMBDA = {"throttled": (429, "TooManyRequestsException"), "failed": (500, "ServiceException"),
           "denied": (403, "AccessDeniedException")}
_QUERY = {"throttled": (400, "Throttling"), "failed": (500, "ServiceFailure"), "denied": (403, "AccessDenied")}


@dataclass(frozen=True)
class Spot:
    """One call: the nth of its operation within a step."""
    step: str
    operation: str
    nth: int

    def __str__(self):
        return f"{self.step}, {self.operation} #{self.nth + 1}"


@dataclass(frozen=True)
class Kind:
    """A way in which calls go wrong, `times` times in a row from the spot on."""
    name: str
    times: int
    # The step has to succeed all the same.
    passes: bool
    # (call, run) -> the fields of a proxy rule; `run` is what the fault may stop or kill.
    act: Callable
    # Every call after it goes wrong too, whatever it is: the network is gone.
    spreads: bool = False
    # The provider does not live to answer.
    kills: bool = False
    stops: bool = False
    # No call goes wrong: reads answer what was true a moment ago.
    lags: bool = False


def _error(what):
    def act(call, _):
        status, body = error_of(what, call)
        return {"forward": False, "answer": lambda *_: (status, body)}
    return act


def _error_after(what):
    def act(call, _):
        status, body = error_of(what, call)
        return {"answer": lambda *_: (status, body)}
    return act


def error_of(what, call):
    """(status, body) of an error in the protocol that the call speaks."""
    message = "injected by the fault matrix"
    if call.operation.startswith(("GET /", "POST /", "PUT /", "DELETE /")):
        status, code = _LAMBDA[what]
        return status, {"__type": code, "message": message}
    if b"Action=" in call.request[3]:
        status, code = _QUERY[what]
        return status, (f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message>"
                        "</Error><RequestId>injected</RequestId></ErrorResponse>").encode()
    status, code = _CODES[what]
    return status, {"__type": code, "message": message}


def _drop(*_):
    return {"forward": False, "answer": "drop"}


def _lose(*_):
    return {"answer": "drop"}


def _malform(*_):
    return {"answer": lambda *_: (200, b'{"cut": "')}


def _lose_first(_, run):
    return {"forward": run.hits == 1, "answer": "drop"}


def _hang(_, run):
    return {"forward": False, "held": (threading.Event(), run.released), "answer": "drop"}


def _kill_before(_, run):
    return {"forward": False, "then": run.kill, "answer": "drop"}


def _kill_after(_, run):
    return {"then": run.kill, "answer": "drop"}


def _stop(_, run):
    return {"then": run.stop}


def _stop_twice(_, run):
    return {"then": lambda: [run.stop(), run.stop()]}


# What passes by itself: Terraform must not even hear of it.
PASSING = [
    Kind("throttled three times", 3, True, _error("throttled")),
    Kind("500 twice", 2, True, _error("failed")),
    Kind("connection dropped", 1, True, _drop),
    Kind("applied, answer lost", 1, True, _lose),
    Kind("applied, then 500", 1, True, _error_after("failed")),
    Kind("hangs past the timeout", 1, True, _hang),
    Kind("applied, malformed body", 1, True, _malform),
]
# What is refused, once or for good: an error, and a true state.
REFUSED = [
    Kind("access denied once", 1, False, _error("denied")),
    Kind("access denied for good", ALWAYS, False, _error("denied")),
]
# What does not end within the provider's patience.
OUTAGES = [
    Kind("throttled for good", ALWAYS, False, _error("throttled")),
    Kind("500 for good", ALWAYS, False, _error("failed")),
    Kind("connection dropped for good", ALWAYS, False, _drop),
    Kind("applied, answers lost for good", ALWAYS, False, _lose),
    Kind("applied, malformed bodies for good", ALWAYS, False, _malform),
    Kind("hangs for good", ALWAYS, False, _hang),
    Kind("the network is gone", ALWAYS, False, _drop, spreads=True),
    Kind("applied, then the network is gone", ALWAYS, False, _lose_first, spreads=True),
]
# The end of the provider, or of Terraform's patience.
ENDS = [
    Kind("killed before AWS did it", 1, False, _kill_before, kills=True),
    Kind("killed after AWS did it", 1, False, _kill_after, kills=True),
    Kind("stopped", 1, False, _stop, stops=True),
    Kind("stopped twice", 1, False, _stop_twice, stops=True),
]
AT_A_CALL = PASSING + REFUSED + OUTAGES + ENDS
LAG = Kind("reads lag behind writes", ALWAYS, True, None, lags=True)
ALL = AT_A_CALL + [LAG]


def hides(spot, kind):
    """What AWS refuses to tell for good cannot be known, and so need not be in the state as it is."""
    return kind.spreads or is_read(spot.operation) and kind.times == ALWAYS


def is_read(operation):
    return operation.startswith(("Describe", "List", "Get", "GET /", "Scan"))


class Lag:
    """Eventual consistency: reads that were asked before answer twice more what was true before each write."""

    TIMES = 2

    def __init__(self, world):
        self._world, self._reads, self._stale, self.hits = world, {}, {}, 0

    def __enter__(self):
        self._world.proxy.script(self._decide)
        return self

    def __exit__(self, *_):
        self._world.proxy.clear()

    def _decide(self, call) -> Optional[Rule]:
        key = (call.operation, call.request[1], call.request[3])
        if not is_read(call.operation):
            for known, read in self._reads.items():
                self._stale[known] = [self._world.proxy.ask(read)] * self.TIMES
            return None
        self._reads[key] = call
        if not self._stale.get(key):
            return None
        self.hits += 1
        status, _, body = self._stale[key].pop()
        return Rule(call.operation, 1, forward=False, answer=lambda *_: (status, body))


class Run:
    """A fault on its way: armed on a proxy, aimed at a spot, with the provider that it may end."""

    def __init__(self, world, spot, kind, provider):
        self._world, self._spot, self._kind, self._provider = world, spot, kind, provider
        self._seen, self.hits, self.released = 0, 0, threading.Event()

    def __enter__(self):
        self._world.proxy.script(self._decide)
        return self

    def __exit__(self, *_):
        self.released.set()
        self._world.proxy.clear()

    def _decide(self, call) -> Optional[Rule]:
        if not (self.hits and self._kind.spreads):
            if self._world.operation(call) != self._spot.operation:
                return None
            nth, self._seen = self._seen, self._seen + 1
            if not self._spot.nth <= nth < self._spot.nth + self._kind.times:
                return None
        self.hits += 1
        return Rule(call.operation, 1, **self._kind.act(call, self))

    def kill(self):
        self._provider.kill()

    def stop(self):
        try:
            self._provider.stop()
        except (Died, ValueError):
            pass  # It has answered the apply meanwhile, and was ended; grpc's word for a closed channel is ValueError.
