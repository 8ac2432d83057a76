"""One started provider, asked as Terraform asks: go-plugin's handshake, mutual TLS, gRPC, MessagePack.

    with Provider(binary, settings) as provider:
        answer = provider.plan("eventbridge_bus", Object(), {"name": "orders"})
        answer = provider.apply(answer.plan)

Values are JSON as Python has it; UNKNOWN stands for what is known only after apply.
"""
import base64
import select
import shutil
import ssl
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import grpc
import msgpack

from lib import env, handshake
from lib.paths import ROOT

sys.path.insert(0, str(ROOT / "proto"))
_messages, _services = grpc.protos_and_services("tfplugin6.proto")

READY_SECONDS = 30
# No call of a healthy provider takes this long with waits scaled down: it hangs.
CALL_SECONDS = 150
LARGEST = 256 << 20
WAIT_SCALE = "0.01"


class _Unknown:
    def __repr__(self):
        return "(known after apply)"


UNKNOWN = _Unknown()


@dataclass
class Object:
    """What Terraform keeps of a resource between two runs; `state` is None when there is none."""
    state: object = None
    private: bytes = b""
    identity: object = None
    tainted: bool = False


@dataclass
class Plan:
    """A planned change, ready to be applied; `state` is None to destroy."""
    type_name: str
    prior: Object
    config: object
    state: object
    private: bytes
    identity: object
    replaces: list

    @property
    def changes(self):
        """Whether Terraform would show a change, and call the provider to make it."""
        return self.state != self.prior.state


@dataclass
class Answer:
    """An answer's findings, and what it holds besides: an Object or a Plan."""
    errors: list = field(default_factory=list)
    warnings: list = field(default_factory=list)
    object: Object = None
    plan: Plan = None


class Died(Exception):
    """The provider ended, or its connection did, before it answered."""


class Hung(Exception):
    """A call that came to no end."""


class Provider:
    """Runs until the `with` block ends; configured from the environment alone."""

    def __init__(self, binary, settings, **more):
        self._home = Path(tempfile.mkdtemp(prefix="fault-"))
        certificate, key = handshake.client()
        log = open(self._home / "log", "wb")
        environment = env.clean(self._home, **{"TMPDIR": self._home, **settings, "EVENTBRIDGE_WAIT_SCALE": WAIT_SCALE,
                                "TF_PLUGIN_MAGIC_COOKIE": handshake.COOKIE, "PLUGIN_PROTOCOL_VERSIONS": "5,6",
                                "PLUGIN_CLIENT_CERT": certificate, **more})
        self.process = subprocess.Popen([binary], env=environment, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=log)
        log.close()
        self._channel = self._stub = None
        try:
            self._connect(certificate, key)
        except BaseException:
            self.__exit__()
            raise

    def _connect(self, certificate, key):
        readable, _, _ = select.select([self.process.stdout], [], [], READY_SECONDS)
        line = self.process.stdout.readline().decode().strip() if readable else ""
        parts = line.split("|")
        if len(parts) < 6:
            raise Died(f"no handshake line but {line!r}; it said: {self.log()}")
        network, address, server = parts[2], parts[3], parts[5]
        server = ssl.DER_cert_to_PEM_cert(base64.b64decode(server + "=" * (-len(server) % 4)))
        trust = grpc.ssl_channel_credentials(server.encode(), key.encode(), certificate.encode())
        self._channel = grpc.secure_channel(
            f"unix:{address}" if network == "unix" else address, trust,
            [("grpc.ssl_target_name_override", "localhost"), ("grpc.max_receive_message_length", LARGEST),
             ("grpc.max_send_message_length", LARGEST), ("grpc.enable_retries", 0)])
        self._stub = _services.ProviderStub(self._channel)
        schema = self._call("GetProviderSchema", _messages.GetProviderSchema.Request())
        self.blocks = {name: found.block for name, found in schema.resource_schemas.items()}
        config = encode(schema.provider.block, {})
        answer = self._call("ConfigureProvider", _messages.ConfigureProvider.Request(
            terraform_version="1.11.4", config=config))
        assert not answer.diagnostics, answer.diagnostics

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()
        if self._channel:
            self._channel.close()
        shutil.rmtree(self._home, ignore_errors=True)

    def kill(self):
        """kill -9."""
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def log(self):
        return (self._home / "log").read_text(errors="replace")[-2000:]

    # --- the protocol's calls ---

    def read(self, type_name, current):
        block = self.blocks[type_name]
        answer = self._call("ReadResource", _messages.ReadResource.Request(
            type_name=type_name, current_state=encode(block, current.state), private=current.private,
            current_identity=_identity(current.identity)))
        return self._answer(answer, object=Object(decode(block, answer.new_state), answer.private,
                                                  _raw_identity(answer), current.tainted))

    def plan(self, type_name, prior, config):
        """Plans a change; no configuration plans the destruction."""
        block = self.blocks[type_name]
        config = complete(block, config)
        answer = self._call("PlanResourceChange", _messages.PlanResourceChange.Request(
            type_name=type_name, prior_state=encode(block, prior.state), config=encode(block, config),
            proposed_new_state=encode(block, propose(block, prior.state, config)), prior_private=prior.private,
            prior_identity=_identity(prior.identity)))
        plan = None
        if answer.HasField("planned_state"):
            identity = answer.planned_identity.identity_data.msgpack if answer.HasField("planned_identity") else None
            replaces = [step.steps[0].attribute_name for step in answer.requires_replace]
            plan = Plan(type_name, prior, config, decode(block, answer.planned_state), answer.planned_private,
                        identity, replaces)
        return self._answer(answer, plan=plan)

    def apply(self, plan):
        block = self.blocks[plan.type_name]
        answer = self._call("ApplyResourceChange", _messages.ApplyResourceChange.Request(
            type_name=plan.type_name, prior_state=encode(block, plan.prior.state),
            planned_state=encode(block, plan.state), config=encode(block, plan.config),
            planned_private=plan.private, planned_identity=_identity(plan.identity)))
        return self._answer(answer, object=Object(decode(block, answer.new_state), answer.private,
                                                  _raw_identity(answer)))

    def stop(self):
        """What Ctrl-C in Terraform asks."""
        answer = self._call("StopProvider", _messages.StopProvider.Request())
        assert not answer.Error, answer.Error

    def _call(self, name, request):
        try:
            return getattr(self._stub, name)(request, timeout=CALL_SECONDS)
        except grpc.RpcError as error:
            if error.code() == grpc.StatusCode.DEADLINE_EXCEEDED:
                raise Hung(f"{name} had no end; it said: {self.log()}") from None
            raise Died(f"{name}: {error.code().name}: {error.details()}") from None

    def _answer(self, answer, **holds):
        said = {severity: [f"{d.summary}: {d.detail}" for d in answer.diagnostics if d.severity == severity]
                for severity in (_messages.Diagnostic.ERROR, _messages.Diagnostic.WARNING)}
        return Answer(said[_messages.Diagnostic.ERROR], said[_messages.Diagnostic.WARNING], **holds)


# --- values ---

def encode(block, value):
    """A value on the wire; what an object lacks is null, blocks that it lacks are none."""
    return _messages.DynamicValue(msgpack=msgpack.packb(complete(block, value), default=_unknown))


def decode(block, value):
    """The wire's value; an answer that does not have the schema's shape is a fault of the provider."""
    if not value.msgpack:
        return None
    decoded = msgpack.unpackb(value.msgpack, ext_hook=lambda *_: UNKNOWN, strict_map_key=False)
    if isinstance(decoded, dict):
        wanted = {a.name for a in block.attributes} | {b.type_name for b in block.block_types}
        assert decoded.keys() == wanted, f"not the schema's shape: {decoded.keys() ^ wanted}"
    return decoded


def complete(block, value):
    """A configuration with everything that it leaves out."""
    if not isinstance(value, dict):
        return value
    names = {a.name for a in block.attributes} | {b.type_name for b in block.block_types}
    assert value.keys() <= names, f"the schema has no {value.keys() - names}"
    whole = {}
    for attribute in block.attributes:
        given = value.get(attribute.name)
        if attribute.HasField("nested_type"):
            given = _each(given, attribute.nested_type.nesting == _messages.Schema.Object.MAP,
                          lambda item, of=attribute.nested_type: complete(_as_block(of), item))
        whole[attribute.name] = given
    for nested in block.block_types:
        single = nested.nesting == _messages.Schema.NestedBlock.SINGLE
        given = value.get(nested.type_name, None if single else [])
        whole[nested.type_name] = _each(given, False, lambda item, of=nested.block: complete(of, item))
    return whole


def propose(block, prior, config):
    """What Terraform proposes: the configuration, and the prior value of what is computed and not configured."""
    if not isinstance(config, dict):
        return config
    prior = prior or {}
    proposed = {}
    for attribute in block.attributes:
        given, before = config[attribute.name], prior.get(attribute.name)
        if given is None and attribute.computed:
            given = before
        elif isinstance(given, dict) and attribute.nested_type.nesting == _messages.Schema.Object.SINGLE:
            given = propose(_as_block(attribute.nested_type), before, given)
        proposed[attribute.name] = given
    for nested in block.block_types:
        given, before = config[nested.type_name], prior.get(nested.type_name)
        if isinstance(given, list):
            before = list(before or []) + [None] * len(given)
            given = [propose(nested.block, old, new) for old, new in zip(before, given)]
        elif isinstance(given, dict):
            given = propose(nested.block, before, given)
        proposed[nested.type_name] = given
    return proposed


def fits(planned, applied):
    """Terraform's own rule: what a plan said is what comes; only the unknown may become anything known."""
    if planned is UNKNOWN:
        return is_known(applied)
    if isinstance(planned, dict) and isinstance(applied, dict):
        return planned.keys() == applied.keys() and all(fits(planned[k], applied[k]) for k in planned)
    if isinstance(planned, list) and isinstance(applied, list):
        return len(planned) == len(applied) and all(map(fits, planned, applied))
    return planned == applied


def is_known(value):
    if isinstance(value, dict):
        return all(map(is_known, value.values()))
    if isinstance(value, list):
        return all(map(is_known, value))
    return value is not UNKNOWN


def _each(value, is_map, change):
    if isinstance(value, list):
        return [change(item) for item in value]
    if isinstance(value, dict):
        return {key: change(item) for key, item in value.items()} if is_map else change(value)
    return value


def _as_block(nested):
    return _messages.Schema.Block(attributes=nested.attributes)


def _unknown(value):
    assert value is UNKNOWN, repr(value)
    return msgpack.ExtType(0, b"\0")


def _identity(raw):
    if raw is None:
        return None
    return _messages.ResourceIdentityData(identity_data=_messages.DynamicValue(msgpack=raw))


def _raw_identity(answer):
    return answer.new_identity.identity_data.msgpack if answer.HasField("new_identity") else None
