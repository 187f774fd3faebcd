#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists a JSON schema's keys: OBJECT KEY TYPE, and "always" where it is never absent."""
import json
import sys


def type_of(node, name):
    """An object of its own is named, as is a definition; else it is JSON's type."""
    if "$ref" in node:
        return node["$ref"].rsplit("/", 1)[1]
    if node.get("type") == "array":
        return "array of " + type_of(node["items"], name)
    return name if "properties" in node else node["type"]


def walk(node, name):
    for key, value in node.get("properties", {}).items():
        inner = key if name in ("root", "report") else name + "." + key
        always = ", always" if key in node.get("required", []) else ""
        print(name, key, type_of(value, inner) + always)
    for key, value in node.get("properties", {}).items():
        inner = key if name in ("root", "report") else name + "." + key
        value = value["items"] if value.get("type") == "array" else value
        if "properties" in value:
            walk(value, inner)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    walk(schema, "root")
    for name, node in schema["$defs"].items():
        walk(node, name)


main()
