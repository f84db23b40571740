"""The field's judges run against a node: the prober and the qualifier of InterUSS."""
