"""One configuration with both providers: queue, topic, role, function and permission are theirs, the events ours."""
import os
import random
import zipfile

import pytest

from lib.aws import Account
from test_adopt import open_project, planned

CONFIGURATION = """
terraform {
  required_providers {
    aws         = { source = "hashicorp/aws" }
    eventbridge = { source = "eventbridge-rs/eventbridge" }
  }
}

provider "aws" {
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

provider "eventbridge" {}

resource "aws_sqs_queue" "orders" {
  name = "orders"
}

resource "aws_sns_topic" "orders" {
  name = "orders"
}

resource "aws_iam_role" "function" {
  name               = "function"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = aws_iam_role.function.arn
  runtime       = "python3.12"
  handler       = "main.handler"
  filename      = "function.zip"
}

resource "aws_lambda_permission" "orders" {
  function_name = aws_lambda_function.orders.function_name
  action        = "lambda:InvokeFunction"
  principal     = "events.amazonaws.com"
  source_arn    = eventbridge_rule.orders.arn
}

resource "eventbridge_bus" "shop" {
  name = "shop"
}

resource "eventbridge_rule" "orders" {
  name           = "orders"
  event_bus_name = eventbridge_bus.shop.name
  event_pattern  = jsonencode({ source = ["shop.orders"] })
}

resource "eventbridge_target" "orders" {
  for_each = {
    queue    = aws_sqs_queue.orders.arn
    topic    = aws_sns_topic.orders.arn
    function = aws_lambda_function.orders.arn
  }
  rule       = eventbridge_rule.orders.id
  target_id  = each.key
  arn        = each.value
  depends_on = [aws_lambda_permission.orders]
}

data "aws_cloudwatch_event_bus" "shop" {
  name = eventbridge_bus.shop.name
}

output "same_bus" {
  value = data.aws_cloudwatch_event_bus.shop.arn == eventbridge_bus.shop.arn
}
"""


@pytest.fixture
def project(tmp_path):
    directory = tmp_path / "project"
    directory.mkdir()
    (directory / "main.tf").write_text(CONFIGURATION)
    with zipfile.ZipFile(directory / "function.zip", "w") as package:
        package.writestr("main.py", "def handler(event, context): return event\n")
    account = Account(os.environ["MINISTACK_URL"], str(random.SystemRandom().randrange(10 ** 11, 10 ** 12)))
    return open_project(tmp_path, account, account.url)


def test_both_providers_work_in_one_configuration(project):
    # hashicorp/aws watches a new queue for about 25 seconds, whatever it is told.
    applied = project.check("apply", "-auto-approve", "-no-color")
    assert "10 added" in applied, applied
    assert project.output() == {"same_bus": True}
    assert planned(project)[0] == {}
    destroyed = project.check("destroy", "-auto-approve", "-no-color")
    assert "10 destroyed" in destroyed, destroyed
