variable "name" {
  description = "Name of the pipeline; its bus, rule, table, function and queue are named after it."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{3,40}$", var.name)) && var.name != "default"
    error_message = "The name has 3 to 40 characters of A-Z, a-z, 0-9, _ and -, and is not \"default\"."
  }
}

variable "event_bus_name" {
  description = "An existing bus to listen on; null makes one that is called as the pipeline."
  type        = string
  default     = null
}

variable "event_pattern" {
  description = "Which events are logged: an event pattern, as JSON."
  type        = string
  default     = "{\"source\":[\"log.addProduct\"]}"

  validation {
    # Any event will do: only a pattern that can't be read makes the function fail.
    condition     = can(provider::eventbridge::matches(var.event_pattern, provider::eventbridge::event("any", "any", {})))
    error_message = "This is no event pattern. The function `matches` says why: run `terraform console` and call provider::eventbridge::matches with it."
  }
}

variable "sample_events" {
  description = "Events, as JSON, that the pattern must match: a promise to those who publish them."
  type        = map(string)
  default     = {}

  validation {
    condition = alltrue([
      for event in values(var.sample_events) : try(provider::eventbridge::matches(var.event_pattern, event), false)
    ])
    error_message = join("\n\n", concat(["The pattern does not match these events:"], [
      for name, event in var.sample_events :
      "${name}:\n${try(provider::eventbridge::explain(var.event_pattern, event), "this is no event, or the pattern is no pattern")}"
      if !try(provider::eventbridge::matches(var.event_pattern, event), false)
    ]))
  }
}

variable "log_item" {
  description = "A row's attributes: literals, or paths into the event such as `$.detail.userId:S`; null takes the article's."
  type        = map(string)
  default     = null
}

variable "idempotency_key" {
  description = "Path to what makes a row unique. Where producers retry, a path into the detail."
  type        = string
  default     = "$.id"

  validation {
    condition     = startswith(var.idempotency_key, "$.")
    error_message = "The idempotency key is a path into the event, such as `$.id` or `$.detail.orderId`."
  }
}

variable "row_ttl_days" {
  description = "After how many days rows expire; null keeps them."
  type        = number
  default     = null

  validation {
    condition     = var.row_ttl_days == null || try(var.row_ttl_days >= 1 && floor(var.row_ttl_days) == var.row_ttl_days, false)
    error_message = "Rows expire after a whole number of days, 1 or more."
  }
}

variable "log_events" {
  description = "Whether the function's log holds whole events; they may hold personal data."
  type        = bool
  default     = false
}

variable "force_destroy" {
  description = "Whether destroying the pipeline takes its rows and dead letters along."
  type        = bool
  default     = false
}

variable "tags" {
  description = "Tags of every part."
  type        = map(string)
  default     = {}
}
