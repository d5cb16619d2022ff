"""Reads an OpenAPI document and holds its examples against their schemas, in the environment work/tools/schemas.

    python openapi_check.py < DOCUMENT    prints how many examples fit; ends with 1 when one does not
"""

import json
import sys

from jsonschema import Draft202012Validator
from openapi_spec_validator import validate


def examples(node, where=()):
    """Every example with its schema and its place."""
    if isinstance(node, list):
        for index, item in enumerate(node):
            yield from examples(item, (*where, index))
    elif isinstance(node, dict):
        if "schema" in node and "example" in node:
            yield node["schema"], node["example"], where
        if isinstance(node.get("examples"), list):
            for example in node["examples"]:
                yield node, example, where
        for name, item in node.items():
            if name != "example":
                yield from examples(item, (*where, name))


def main():
    document = json.load(sys.stdin)
    validate(document)
    count = 0
    for schema, example, where in examples(document):
        # References lead into the document.
        for error in Draft202012Validator({**schema, "components": document["components"]}).iter_errors(example):
            sys.exit(f"{'/'.join(map(str, where))}: {error.message}")
        count += 1
    print(count)


if __name__ == "__main__":
    main()
