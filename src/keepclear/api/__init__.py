"""The node's HTTP interface: parse, call a service, write the reply; no rule lives here."""
