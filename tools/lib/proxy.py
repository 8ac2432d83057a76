"""A reverse proxy between the provider and an emulator: counts calls and makes them go wrong.

No emulator throttles, loses an answer or moves slowly through its states, and
AWS does all three. A test scripts that here, per operation:

    with FaultProxy(ministack) as proxy:
        proxy.fail("PutRule", "ThrottlingException", times=2)
        ...
        assert proxy.calls("PutRule") == 3

Rules are tried in the order in which they were given; one that has run out of
`times` no longer counts. Operations are named as AWS does: PutRule, Invoke.
"""
import http.client
import json
import threading
import time
import urllib.parse
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Callable, Optional

from .bucket import Bucket

ALWAYS = 10 ** 9

# What each fault code is sent with; everything else is the caller's fault, 400.
_STATUS = {"InternalException": 500, "InternalFailure": 500, "ServiceUnavailable": 503}
# Headers that belong to one connection, or that a changed body makes wrong.
_HOP_BY_HOP = {"transfer-encoding", "content-length", "connection", "x-amz-crc32"}
# Headers of an answer of ours.
_INJECTED = [("Content-Type", "application/x-amz-json-1.1"), ("x-amzn-RequestId", "injected")]


@dataclass
class Call:
    """One request as the provider sent it."""
    operation: str
    body: object
    region: str
    user_agent: str
    # Method, path, headers and body as they came: enough to send it once more.
    request: tuple = ()


@dataclass
class Rule:
    """What to do with the next `times` calls of an operation that `when` accepts."""
    operation: str
    times: int
    when: Callable = lambda call: True
    delay: float = 0.0
    # The request reaches the emulator: before an answer of ours, or for the answer itself.
    forward: bool = True
    # None: the emulator's answer. A function: (status, body) -> (status, body). "drop": no answer at all.
    answer: object = None
    held: Optional[threading.Event] = None
    # Called once the emulator has answered, or at once without `forward`.
    then: Optional[Callable] = None
    hits: int = field(default=0)


class FaultProxy:
    """Serves on a free port of 127.0.0.1 until the `with` block ends."""

    def __init__(self, upstream):
        self._upstream = urllib.parse.urlsplit(upstream)
        self._rules, self.log, self._lock = [], [], threading.RLock()
        self._decide = None
        self._connections = threading.local()
        self._limit = None
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.clear()
        self._server.shutdown()
        self._server.server_close()

    # --- what goes wrong ---

    def fail(self, operation, code, message="injected by the test", times=1, status=None, when=None):
        """Answers with an AWS error; the emulator never hears of the call."""
        status = status or _STATUS.get(code, 400)
        body = {"__type": code, "message": message}
        return self._add(operation, times, when, forward=False, answer=lambda *_: (status, body))

    def answer(self, operation, body, times=1, status=200, when=None):
        """Answers in the emulator's place."""
        return self._add(operation, times, when, forward=False, answer=lambda *_: (status, body))

    def lose(self, operation, times=1, when=None):
        """Applies the call and drops the connection instead of answering."""
        return self._add(operation, times, when, answer="drop")

    def drop(self, operation, times=1, when=None):
        """Drops the connection; the emulator never hears of the call."""
        return self._add(operation, times, when, forward=False, answer="drop")

    def fail_after(self, operation, code, message="injected by the test", times=1, status=None, when=None):
        """Applies the call, then answers with an AWS error."""
        status = status or _STATUS.get(code, 400)
        body = {"__type": code, "message": message}
        return self._add(operation, times, when, answer=lambda *_: (status, body))

    def delay(self, operation, seconds, times=1, when=None):
        """Waits before passing the call on."""
        return self._add(operation, times, when, delay=seconds)

    def rewrite(self, operation, change, times=1, when=None):
        """Passes the call on and lets `change` edit the answer: a function dict -> dict."""
        return self._add(operation, times, when, answer=lambda status, body: (status, change(body)))

    def script(self, decide):
        """Before the rules, `decide(call)` says what happens to each call: a `Rule`, or None for nothing."""
        with self._lock:
            self._decide = decide

    def ask(self, call):
        """What the emulator answers to a call's request now: (status, headers, body)."""
        return self._forward(*call.request)

    @contextmanager
    def limit(self, per_second):
        """Refuses calls beyond so many a second, as AWS does."""
        self._limit = Bucket(per_second)
        try:
            yield
        finally:
            self._limit = None

    @contextmanager
    def hold(self, operation, when=None, forward=True):
        """Holds the first such call; yields an event that is set once it hangs; releases it at the end.

        With `forward` the emulator has already done what was asked.
        """
        release, hanging = threading.Event(), threading.Event()
        rule = self._add(operation, 1, when, forward=forward)
        rule.held = (hanging, release)
        try:
            yield hanging
        finally:
            release.set()

    def clear(self):
        """Forgets all rules; lets held calls go."""
        with self._lock:
            rules, self._rules, self._decide = self._rules, [], None
        for rule in rules:
            if rule.held:
                rule.held[1].set()

    # --- what was called ---

    def calls(self, operation=None):
        """How often an operation was called since the last forget(); all of them without a name."""
        with self._lock:
            return sum(1 for call in self.log if operation in (None, call.operation))

    def counts(self):
        """Calls per operation since the last forget()."""
        with self._lock:
            return Counter(call.operation for call in self.log)

    def bodies(self, operation):
        """The request bodies of an operation, oldest first."""
        with self._lock:
            return [call.body for call in self.log if call.operation == operation]

    def forget(self):
        """Empties the log."""
        with self._lock:
            self.log.clear()

    # --- inside ---

    def _add(self, operation, times, when, **what):
        rule = Rule(operation, times, when or (lambda call: True), **what)
        with self._lock:
            self._rules.append(rule)
        return rule

    def _match(self, call):
        with self._lock:
            self.log.append(call)
            decided = self._decide and self._decide(call)
            if decided:
                return decided
            for rule in self._rules:
                if rule.operation == call.operation and rule.hits < rule.times and rule.when(call):
                    rule.hits += 1
                    return rule
        return None

    def _forward(self, method, path, headers, body):
        """One exchange with the emulator, on this thread's connection; Host is kept, the signature covers it."""
        for attempt in (1, 2):
            connection = getattr(self._connections, "open", None)
            if connection is None:
                connection = http.client.HTTPConnection(self._upstream.hostname, self._upstream.port, timeout=120)
                self._connections.open = connection
            try:
                connection.request(method, path, body, headers)
                answer = connection.getresponse()
                return answer.status, answer.getheaders(), answer.read()
            except (http.client.HTTPException, OSError):
                # A kept connection that the emulator has closed meanwhile: once more on a new one.
                connection.close()
                self._connections.open = None
                if attempt == 2:
                    raise


def _handler(proxy):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Without it the headers and the body go out apart and wait for each other.
        wbufsize = -1
        disable_nagle_algorithm = True

        def log_message(self, *_):
            pass

        def handle_one_request(self):
            try:
                super().handle_one_request()
            except (ConnectionError, TimeoutError):
                self.close_connection = True

        def exchange(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            call = _call(self.command, self.path, self.headers, body)
            rule = proxy._match(call)
            if proxy._limit and not proxy._limit.take():
                body = {"__type": "ThrottlingException", "message": "Rate exceeded"}
                return self.reply(400, _INJECTED, json.dumps(body).encode())
            if rule is None:
                return self.reply(*proxy._forward(self.command, self.path, dict(self.headers), body))
            time.sleep(rule.delay)
            status, headers, answer = 200, [], b""
            if rule.forward:
                status, headers, answer = proxy._forward(self.command, self.path, dict(self.headers), body)
            if rule.then:
                rule.then()
            if rule.held:
                hanging, release = rule.held
                hanging.set()
                release.wait()
            if rule.answer == "drop":
                self.close_connection = True
                return None
            if rule.answer:
                status, content = rule.answer(status, _decode(answer))
                answer = content if isinstance(content, bytes) else json.dumps(content).encode()
                if not rule.forward or status >= 400:
                    headers = _INJECTED
            return self.reply(status, headers, answer)

        def reply(self, status, headers, body):
            self.send_response_only(status)
            for name, value in headers:
                if name.lower() not in _HOP_BY_HOP:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            self.wfile.flush()

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_PATCH = exchange

    return Handler


def _call(method, path, headers, body):
    """Names the operation of any AWS protocol: JSON by header, query by Action, REST by method and path."""
    target = headers.get("X-Amz-Target", "").rpartition(".")[2]
    content = _decode(body)
    if not target and b"Action=" in body:
        content = dict(urllib.parse.parse_qsl(body.decode(errors="replace")))
        target = content.get("Action", "")
    scope = headers.get("Authorization", "").partition("Credential=")[2].split("/")
    region = scope[2] if len(scope) > 2 else ""
    return Call(target or f"{method} {path.partition('?')[0]}", content, region, headers.get("User-Agent", ""),
                (method, path, dict(headers), body))


def _decode(body):
    try:
        return json.loads(body) if body else {}
    except ValueError:
        return {}
