resource "eventbridge_rule" "test" {
  name                = "redshift"
  schedule_expression = "rate(5 minutes)"
}

resource "eventbridge_target" "test" {
  rule      = eventbridge_rule.test.name
  target_id = "sql"
  arn       = "arn:aws:redshift:${var.region}:${var.account}:cluster:warehouse"
  role_arn  = "arn:aws:iam::${var.account}:role/events"

  redshift_target {
    database       = "redshiftdb"
    sql            = "SELECT * FROM table"
    statement_name = "NewStatement"
    db_user        = "someUser"
    with_event     = true
  }
}
