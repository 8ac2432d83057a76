# Every operator of the pattern language in one rule.
resource "eventbridge_rule" "test" {
  name = "operators"
  event_pattern = jsonencode({
    source      = [{ prefix = "com.shop" }, { suffix = ".orders" }]
    detail-type = [{ equals-ignore-case = "order placed" }, { wildcard = "Order*Placed" }]
    account     = [{ anything-but = ["111111111111", "222222222222"] }]
    detail = {
      name  = [{ prefix = { equals-ignore-case = "a" } }, { suffix = { equals-ignore-case = "z" } }]
      kind  = [{ anything-but = { prefix = "test" } }, null, ""]
      state = [{ anything-but = { wildcard = "*/tmp/*" } }]
      ip    = [{ cidr = "10.0.0.0/24" }, { cidr = "2001:db8::/32" }]
      price = [{ numeric = ["=", 3.5] }, { numeric = [">", 10, "<=", 20] }]
      error = [{ exists = false }]
      paid  = [true]
      "$or" = [{ size = [{ numeric = [">", 5] }] }, { colour = ["red"] }]
    }
  })
}
