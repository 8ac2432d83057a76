# moto drops log_config; alone it delivers nothing, which a warning says.
# emulators: ministack
# warnings: log_config|deliver
resource "eventbridge_bus" "test" {
  name = "logged"

  log_config {
    include_detail = "FULL"
    level          = "TRACE"
  }
}
