# With a role of another account, and tags that others manage left alone:
provider "eventbridge" {
  alias  = "production"
  region = "eu-west-1"

  assume_role {
    role_arn = "arn:aws:iam::123456789012:role/deploy"
  }

  ignore_tags {
    key_prefixes = ["cost:"]
  }
}
