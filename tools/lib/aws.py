"""boto3 clients that talk to an emulator and nothing else. Runs inside the virtual environment."""
import boto3
from botocore.config import Config

from . import env


class Account:
    """One AWS account in one region of an emulator."""

    def __init__(self, url, account="123456789012", region="eu-west-1", key=None, secret="test", token=None):
        self.url, self.id, self.region = url, account, region
        self.key, self.secret, self.token = key or account, secret, token

    def client(self, service, region=None):
        """A client of `service`, which never retries: a test sees every error."""
        return boto3.client(
            service, endpoint_url=self.url, region_name=region or self.region,
            aws_access_key_id=self.key, aws_secret_access_key=self.secret, aws_session_token=self.token,
            config=Config(retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=60))

    def settings(self):
        """The same account as environment variables for a provider."""
        return env.aws(self.url, self.key, self.secret, self.token, self.region)

    def arn(self, service, resource):
        """An ARN of this account and region."""
        return f"arn:aws:{service}:{self.region}:{self.id}:{resource}"
