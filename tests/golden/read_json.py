# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the golden JSON reports with a parser that is not ours and checks the contract."""
import json
import os
import sys

MTR_HUB = ["count", "host", "Loss%", "Snt", "Last", "Avg", "Best", "Wrst", "StDev"]
RUN = {"version", "command", "start", "end", "rounds", "interval", "source", "destination",
       "path_origin", "walk", "inner_source", "probe_bytes", "hops", "links", "findings", "notes",
       "local"}
FINDING = ["id", "hops", "severity", "confidence", "active", "first", "last", "episodes",
           "held_s", "text", "evidence"]
STATS = {"sent", "resolved", "received", "low", "high", "late", "duplicate", "reordered", "errors"}


def check_stats(stats):
    assert STATS <= set(stats), stats
    assert 0 <= stats["low"] <= stats.get("loss", 0.5) <= stats["high"] <= 1, stats
    for key, value in stats.items():
        assert key == "errors" or isinstance(value, (int, float)), (key, value)


def load_schema():
    """The schema that ships, in which every key stands; None without python3-jsonschema."""
    try:
        import jsonschema  # pylint: disable=import-outside-toplevel
    except ImportError:
        print("# no python3-jsonschema")
        return None
    name = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "data",
                        "thrupath.schema.json")
    with open(name, encoding="ascii") as file:
        return jsonschema.Draft202012Validator(json.load(file))


def check(path):
    with open(path, encoding="utf-8") as file:
        whole = json.load(file)
    wrong = [error.message for error in SCHEMA.iter_errors(whole)] if SCHEMA else []
    assert not wrong, (path, wrong)
    report = whole["report"]
    assert list(report) == ["mtr", "hubs", "thrupath"]
    assert isinstance(report["mtr"]["psize"], str)
    for hub in report["hubs"]:
        assert list(hub) == MTR_HUB, hub
        assert isinstance(hub["Snt"], int) and isinstance(hub["Loss%"], float)
    run = report["thrupath"]
    assert RUN <= set(run), RUN - set(run)
    assert ("discovery_ms" in run) == (run["path_origin"] == "discovered")
    assert [hop["hop"] for hop in run["hops"]] == list(range(1, len(run["hops"]) + 1))
    assert len(run["hops"]) == len(report["hubs"])
    for hop in run["hops"]:
        for kind in ("through", "to"):
            if kind in hop:
                check_stats(hop[kind])
    if "asymmetry" in run:
        assert run["asymmetry"]["known"] == ("symmetric_links" in run["asymmetry"])
    for finding in run["findings"]:
        assert list(finding) == FINDING, finding
        assert finding["severity"] in ("info", "warning", "alarm")
        assert 0 < finding["confidence"] <= 1 and finding["text"]
        assert finding["last"] >= finding["first"]
        assert all(isinstance(value, (int, float)) for value in finding["evidence"].values())
    for link in run["links"]:
        assert link["from_hop"] < link["link"]


SCHEMA = load_schema()
print("1..%d" % (len(sys.argv) - 1))
for number, name in enumerate(sys.argv[1:], 1):
    check(name)
    print("ok %d - %s" % (number, name.rsplit("/", 1)[-1]))
