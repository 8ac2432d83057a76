"""The article's service on ministack and MariaDB: as a server, and as a Lambda function."""
import io
import json
import subprocess
import time
import urllib.error
import urllib.request
import zipfile
from contextlib import ExitStack

import pytest

from conftest import ministack_account, setting
from lib.mariadb import mariadb
from lib.proxy import FaultProxy
from lib.service import add_product

SECONDS = 30
ARTICLE = {"userId": "user-123", "name": "My First Book", "category": "Finance", "price": 100}
ADDED = {"message": "This is EventBridge API", "id": 1, "event": "published"}


@pytest.fixture(scope="module")
def server():
    with mariadb() as database:
        yield database


@pytest.fixture
def database(server):
    """MariaDB with no tables."""
    server.query("DROP TABLE IF EXISTS Products, ProductsOutbox")
    return server


@pytest.fixture
def bus():
    return Bus(ministack_account())


class Bus:
    """The bus `log`, whose events of the article's source are kept in a queue."""

    def __init__(self, account):
        self.account, self.events, self.queues = account, account.client("events"), account.client("sqs")
        self.events.create_event_bus(Name="log")
        self.events.put_rule(EventBusName="log", Name="kept", EventPattern='{"source":["log.addProduct"]}')
        self.queue = self.queues.create_queue(QueueName="kept")["QueueUrl"]
        self.events.put_targets(EventBusName="log", Rule="kept",
                                Targets=[{"Id": "queue", "Arn": account.arn("sqs", "kept")}])

    def received(self, number):
        """The events that came, once there are so many."""
        events = []

        def receive():
            letters = self.queues.receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10).get("Messages", [])
            for letter in letters:
                events.append(json.loads(letter["Body"]))
                self.queues.delete_message(QueueUrl=self.queue, ReceiptHandle=letter["ReceiptHandle"])
            return len(events) >= number
        poll(receive)
        return events


def poll(look, seconds=SECONDS):
    until = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < until, f"nothing after {seconds} s"
        time.sleep(0.2)
    return found


def request(url, body=None, method="POST", account=None):
    """Sends JSON; returns the status, the headers and the answer."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    if account:
        # How ministack tells whose interface it is; AWS knows that by the host name.
        scope = f"{account.key}/20250101/{account.region}/execute-api/aws4_request"
        headers["Authorization"] = f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=none"
    asked = urllib.request.Request(url, data, headers, method=method)
    try:
        with urllib.request.urlopen(asked, timeout=SECONDS) as answer:
            text = answer.read()
            return answer.status, answer.headers, json.loads(text) if text else None
    except urllib.error.HTTPError as error:
        return error.code, error.headers, json.loads(error.read() or "null")


@pytest.fixture
def serve(database, bus):
    """Starts the server, its AWS at `url` or at the emulator; returns the address of its `/product`."""
    with ExitStack() as running:
        def start(url=None):
            settings = {**bus.account.settings(), **database.settings(), "EVENT_BUS_NAME": "log"}
            settings["AWS_ENDPOINT_URL"] = url or bus.account.url
            return running.enter_context(add_product(setting("ADD_PRODUCT"), settings))
        yield start


def test_the_articles_product(serve, database, bus):
    url = serve()
    assert request(url, method="OPTIONS")[0] == 204
    status, headers, answer = request(url, ARTICLE)
    assert (status, answer) == (200, ADDED)
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert database.query("SELECT * FROM Products") == [
        {"ID": "1", "UserID": "user-123", "Name": "My First Book", "Category": "Finance", "Price": "100"}]
    event = bus.received(1)[0]
    assert (event["source"], event["detail-type"]) == ("log.addProduct", "add-product")
    assert event["detail"] == {**ARTICLE, "insertedId": 1}


def test_a_bus_that_is_down_gets_the_event_when_it_is_up(serve, database, bus):
    with FaultProxy(bus.account.url) as proxy:
        url = serve(proxy.url)
        proxy.fail("PutEvents", "InternalException", times=2)
        status, _, answer = request(url, ARTICLE)
        assert (status, answer["event"]) == (200, "queued")
        assert bus.received(1)[0]["detail"]["insertedId"] == 1
        poll(lambda: database.query("SELECT ID FROM ProductsOutbox") == [])


def test_a_missing_setting_is_named():
    done = subprocess.run([setting("ADD_PRODUCT")], env={"MYSQL_HOST": "x"}, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "add_product: MYSQL_DATABASE is not set; set it to the database's name",
        "add_product: MYSQL_USER is not set; set it to the database user's name",
        "add_product: MYSQL_PASSWORD is not set; set it to the database user's password",
    ]


@pytest.fixture
def function(database, bus):
    """The same binary as a Lambda function; its ARN."""
    functions = bus.account.client("lambda")
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        bootstrap = zipfile.ZipInfo("bootstrap")
        bootstrap.external_attr = 0o755 << 16
        bootstrap.compress_type = zipfile.ZIP_DEFLATED
        with open(setting("ADD_PRODUCT"), "rb") as binary:
            archive.writestr(bootstrap, binary.read())
    arn = functions.create_function(
        FunctionName="add-product", Runtime="provided.al2023", Handler="bootstrap", Timeout=15,
        Role=f"arn:aws:iam::{bus.account.id}:role/add-product", Code={"ZipFile": package.getvalue()},
        Environment={"Variables": {**database.settings(), "EVENT_BUS_NAME": "log"}})["FunctionArn"]
    poll(lambda: functions.get_function(FunctionName="add-product")["Configuration"]["State"] == "Active")
    return arn


def http_interface(account, function):
    """An HTTP interface (payload format 2.0) in front of the function."""
    client = account.client("apigatewayv2")
    api = client.create_api(Name="http", ProtocolType="HTTP")["ApiId"]
    integration = client.create_integration(ApiId=api, IntegrationType="AWS_PROXY", IntegrationUri=function,
                                            PayloadFormatVersion="2.0")["IntegrationId"]
    for method in ("POST", "OPTIONS"):
        client.create_route(ApiId=api, RouteKey=f"{method} /product", Target=f"integrations/{integration}")
    client.create_stage(ApiId=api, StageName="$default", AutoDeploy=True)
    return f"{account.url}/_aws/execute-api/{api}/$default/product"


def rest_interface(account, function):
    """A REST interface (payload format 1.0) in front of the function."""
    client = account.client("apigateway")
    api = client.create_rest_api(name="rest")["id"]
    root = client.get_resources(restApiId=api)["items"][0]["id"]
    resource = client.create_resource(restApiId=api, parentId=root, pathPart="product")["id"]
    uri = f"arn:aws:apigateway:{account.region}:lambda:path/2015-03-31/functions/{function}/invocations"
    for method in ("POST", "OPTIONS"):
        client.put_method(restApiId=api, resourceId=resource, httpMethod=method, authorizationType="NONE")
        client.put_integration(restApiId=api, resourceId=resource, httpMethod=method, type="AWS_PROXY",
                               integrationHttpMethod="POST", uri=uri)
    client.create_deployment(restApiId=api, stageName="dev")
    return f"{account.url}/restapis/{api}/dev/_user_request_/product"


@pytest.mark.parametrize("interface", [rest_interface, http_interface])
def test_behind_api_gateway(interface, function, database, bus):
    url = interface(bus.account, function)
    # An HTTP interface on ministack never asks the function (tests/lambda.rs of add_product does).
    if interface is rest_interface:
        assert request(url, method="OPTIONS", account=bus.account)[0] == 204
    status, _, answer = request(url, {**ARTICLE, "price": None}, account=bus.account)
    assert (status, answer["faults"]) == (
        400, ["price is null; send a number or a string of at most 255 characters"])
    status, headers, answer = request(url, ARTICLE, account=bus.account)
    assert (status, answer) == (200, ADDED)
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert database.query("SELECT Name FROM Products") == [{"Name": "My First Book"}]
    assert bus.received(1)[0]["detail"] == {**ARTICLE, "insertedId": 1}


def test_a_schedule_drains_the_outbox(function, database, bus):
    url = http_interface(bus.account, function)
    assert request(url, ARTICLE, account=bus.account)[2] == ADDED
    bus.received(1)
    # As a request leaves it whose publishing failed.
    database.query("INSERT INTO ProductsOutbox (ProductID, Detail, DueAt)"
                   """ VALUES (1, '{"insertedId":1}', UTC_TIMESTAMP(3) - INTERVAL 1 SECOND)""")
    bus.events.put_rule(Name="drain", ScheduleExpression="rate(1 minute)")
    bus.events.put_targets(Rule="drain", Targets=[{"Id": "add-product", "Arn": function}])
    poll(lambda: database.query("SELECT ID FROM ProductsOutbox") == [], seconds=130)
    assert bus.received(1)[0]["detail"] == {"insertedId": 1}
