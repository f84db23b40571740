"""Reduce the standard's interface document to the facts that ours is compared with.

cd tests && python -m f3548.utm_facts UTM_YAML > f3548/utm_facts.json

Only facts are kept: paths, methods, names, scopes, statuses, fields and which must be given.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import yaml

METHODS = ("get", "put", "post", "delete")
Facts = dict[str, Any]


def facts_of(text: str) -> Facts:
    """The facts of an interface document in YAML or JSON."""
    document = yaml.safe_load(text)
    operations = {
        f"{method.upper()} {path}": _operation(told)
        for path, item in document["paths"].items()
        for method, told in item.items()
        if method in METHODS
    }
    schemas = {
        name: _schema(schema)
        for name, schema in document["components"]["schemas"].items()
        if "properties" in schema
    }
    return {"operations": operations, "schemas": schemas}


def _operation(told: Facts) -> Facts:
    body = told.get("requestBody")
    return {
        "id": told["operationId"],
        "scopes": sorted(sorted(each["Authority"]) for each in told.get("security", ())),
        "body": "" if body is None else _record(body),
        "statuses": {str(code): _record(each) for code, each in sorted(told["responses"].items())},
    }


def _record(told: Facts) -> str:
    schema = told.get("content", {}).get("application/json", {}).get("schema", {})
    return str(schema.get("$ref", "")).rpartition("/")[2]


def _schema(schema: Facts) -> Facts:
    return {"fields": sorted(schema["properties"]), "required": sorted(schema.get("required", ()))}


if __name__ == "__main__":
    sys.stdout.write(
        json.dumps(facts_of(Path(sys.argv[1]).read_text()), indent=1, sort_keys=True) + "\n"
    )
