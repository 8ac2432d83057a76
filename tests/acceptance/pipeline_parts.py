"""Everything that can happen to one part of a pipeline behind Terraform's back.

PART: name -> where the plan shows it (a part in `drift`, or an argument), and change(account, the pipeline's name).
"""
import io
import json
import zipfile

PART = {}


def changed(where):
    def register(change):
        PART[change.__name__] = where, change
        return change
    return register


# --- bus, rule, target ---

@changed("event_bus")
def bus_is_deleted(aws, name):
    aws.client("events").delete_event_bus(Name=name)


@changed("rule")
def rule_is_deleted(aws, name):
    aws.client("events").delete_rule(EventBusName=name, Name=name)


@changed("rule")
def rule_has_another_description(aws, name):
    pattern = '{"source":["log.addProduct"]}'
    aws.client("events").put_rule(EventBusName=name, Name=name, EventPattern=pattern, Description="mine now")


@changed("event_pattern")
def rule_has_another_pattern(aws, name):
    aws.client("events").put_rule(EventBusName=name, Name=name, EventPattern='{"source":["x"]}')


@changed("enabled")
def rule_is_disabled(aws, name):
    aws.client("events").disable_rule(EventBusName=name, Name=name)


@changed("target")
def target_is_deleted(aws, name):
    aws.client("events").remove_targets(EventBusName=name, Rule=name, Ids=[name])


def _put_target(aws, name, **changed):
    target = aws.client("events").list_targets_by_rule(EventBusName=name, Rule=name)["Targets"][0]
    aws.client("events").put_targets(EventBusName=name, Rule=name, Targets=[{**target, **changed}])


@changed("target")
def target_has_an_input(aws, name):
    _put_target(aws, name, Input='{"a":1}')


@changed("target")
def target_is_another_function(aws, name):
    _put_target(aws, name, Arn=aws.arn("lambda", "function:other"))


@changed("target")
def target_has_other_dead_letters(aws, name):
    _put_target(aws, name, DeadLetterConfig={"Arn": aws.arn("sqs", "other")})


@changed("target")
def target_has_a_role(aws, name):
    _put_target(aws, name, RoleArn=f"arn:aws:iam::{aws.id}:role/other")


@changed("retry_policy")
def target_has_another_retry_policy(aws, name):
    _put_target(aws, name, RetryPolicy={"MaximumRetryAttempts": 1})


# --- table ---

@changed("log_table")
def table_is_deleted(aws, name):
    aws.client("dynamodb").delete_table(TableName=name)


@changed("log_table")
def table_expires_rows(aws, name):
    aws.client("dynamodb").update_time_to_live(
        TableName=name, TimeToLiveSpecification={"AttributeName": "Name", "Enabled": True})


@changed("log_table.deletion_protection")
def table_is_protected(aws, name):
    aws.client("dynamodb").update_table(TableName=name, DeletionProtectionEnabled=True)


@changed("log_table.billing_mode")
def table_is_provisioned(aws, name):
    aws.client("dynamodb").update_table(TableName=name, BillingMode="PROVISIONED", ProvisionedThroughput={
        "ReadCapacityUnits": 1, "WriteCapacityUnits": 1})


# --- queue ---

def queue(aws, name):
    return aws.client("sqs").get_queue_url(QueueName=name)["QueueUrl"]


@changed("dead_letter_queue")
def queue_is_deleted(aws, name):
    aws.client("sqs").delete_queue(QueueUrl=queue(aws, name))


@changed("dead_letter_queue")
def queue_has_no_policy(aws, name):
    aws.client("sqs").set_queue_attributes(QueueUrl=queue(aws, name), Attributes={"Policy": ""})


@changed("dead_letter_queue")
def queue_keeps_letters_for_a_minute(aws, name):
    aws.client("sqs").set_queue_attributes(QueueUrl=queue(aws, name), Attributes={"MessageRetentionPeriod": "60"})


# --- role ---

@changed("role")
def role_is_deleted(aws, name):
    role_has_no_policy(aws, name)
    aws.client("iam").delete_role(RoleName=f"{name}-{aws.region}")


@changed("role")
def role_has_no_policy(aws, name):
    aws.client("iam").delete_role_policy(RoleName=f"{name}-{aws.region}", PolicyName="log-writer")


@changed("role")
def role_may_do_more(aws, name):
    aws.client("iam").put_role_policy(
        RoleName=f"{name}-{aws.region}", PolicyName="log-writer",
        PolicyDocument='{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}')


@changed("role")
def role_has_another_description(aws, name):
    aws.client("iam").update_role(RoleName=f"{name}-{aws.region}", Description="mine now")


@changed("role")
def role_is_trusted_to_others(aws, name):
    aws.client("iam").update_assume_role_policy(RoleName=f"{name}-{aws.region}", PolicyDocument=json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}]}))


@changed("log_function.permissions_boundary")
def role_has_a_boundary(aws, name):
    aws.client("iam").put_role_permissions_boundary(
        RoleName=f"{name}-{aws.region}", PermissionsBoundary="arn:aws:iam::aws:policy/PowerUserAccess")


# --- log group ---

@changed("log_group")
def log_group_is_deleted(aws, name):
    aws.client("logs").delete_log_group(logGroupName=f"/aws/lambda/{name}")


@changed("log_function.log_retention_days")
def log_group_keeps_lines_for_a_day(aws, name):
    aws.client("logs").put_retention_policy(logGroupName=f"/aws/lambda/{name}", retentionInDays=1)


# --- function ---

def _configure(aws, name, **changed):
    aws.client("lambda").update_function_configuration(FunctionName=name, **changed)


def _variables(aws, name, **changed):
    variables = aws.client("lambda").get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    variables = {key: value for key, value in {**variables, **changed}.items() if value is not None}
    _configure(aws, name, Environment={"Variables": variables})


@changed("log_function")
def function_is_deleted(aws, name):
    aws.client("lambda").delete_function(FunctionName=name)


@changed("log_function")
def function_has_other_code(aws, name):
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("log_writer.py", "def handler(event, context):\n    pass\n")
    aws.client("lambda").update_function_code(FunctionName=name, ZipFile=package.getvalue())


@changed("log_function")
def function_has_another_role(aws, name):
    _configure(aws, name, Role=f"arn:aws:iam::{aws.id}:role/other")


@changed("log_function")
def function_has_another_handler_and_description(aws, name):
    _configure(aws, name, Handler="other.handler", Description="mine now")


@changed("log_function")
def function_writes_to_another_table(aws, name):
    _variables(aws, name, LOG_TABLE="other")


@changed("log_function")
def function_writes_unreadable_rows(aws, name):
    _variables(aws, name, LOG_ITEM="{")


@changed("log_function")
def function_has_no_key(aws, name):
    _variables(aws, name, LOG_IDEMPOTENCY_KEY=None)


@changed("idempotency_key")
def function_has_another_key(aws, name):
    _variables(aws, name, LOG_IDEMPOTENCY_KEY="$.time")


@changed("log_function.environment")
def function_has_another_variable(aws, name):
    _variables(aws, name, STAGE="b")


@changed("log_function.memory_size")
def function_has_more_memory(aws, name):
    _configure(aws, name, MemorySize=512)


@changed("log_function.reserved_concurrent_executions")
def function_may_not_run(aws, name):
    aws.client("lambda").put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)


@changed("asynchronous_settings")
def asynchronous_settings_are_deleted(aws, name):
    aws.client("lambda").delete_function_event_invoke_config(FunctionName=name)


def _asynchronous(aws, name, **changed):
    functions = aws.client("lambda")
    settings = functions.get_function_event_invoke_config(FunctionName=name)
    kept = {key: settings[key] for key in ("MaximumRetryAttempts", "MaximumEventAgeInSeconds", "DestinationConfig")}
    functions.put_function_event_invoke_config(FunctionName=name, **{**kept, **changed})


@changed("asynchronous_settings")
def asynchronous_dead_letters_go_elsewhere(aws, name):
    _asynchronous(aws, name, DestinationConfig={"OnFailure": {"Destination": aws.arn("sqs", "other")}})


@changed("asynchronous_settings")
def asynchronous_successes_go_somewhere(aws, name):
    _asynchronous(aws, name, DestinationConfig={"OnFailure": {"Destination": aws.arn("sqs", name)},
                                                "OnSuccess": {"Destination": aws.arn("sqs", "other")}})


@changed("log_function.maximum_retry_attempts")
def asynchronous_retries_are_fewer(aws, name):
    _asynchronous(aws, name, MaximumRetryAttempts=0)


# --- permission ---

@changed("invoke_permission")
def permission_is_deleted(aws, name):
    functions = aws.client("lambda")
    for statement in json.loads(functions.get_policy(FunctionName=name)["Policy"])["Statement"]:
        functions.remove_permission(FunctionName=name, StatementId=statement["Sid"])


@changed("invoke_permission")
def permission_is_for_another_rule(aws, name):
    functions = aws.client("lambda")
    statement = json.loads(functions.get_policy(FunctionName=name)["Policy"])["Statement"][0]
    functions.remove_permission(FunctionName=name, StatementId=statement["Sid"])
    functions.add_permission(FunctionName=name, StatementId=statement["Sid"], Action="lambda:InvokeFunction",
                             Principal="events.amazonaws.com", SourceArn=aws.arn("events", "rule/other"))
