# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the golden reports in the other machine formats with parsers that are not ours, and holds
them against the JSON of the same run: what all of them hold must be the same."""
import csv
import json
import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree as tree

ROOT = sys.argv[1]
MTR_CSV = ["Mtr_Version", "Start_Time", "Status", "Host", "Hop", "Ip", "Loss%", "Snt", " ", "Last",
           "Avg", "Best", "Wrst", "StDev"]
MTR_XML = ["Loss", "Snt", "Last", "Avg", "Best", "Wrst", "StDev"]


def read(name):
    with open(os.path.join(ROOT, name), encoding="utf-8", newline="") as file:
        return file.read()


def report_of(name):
    return json.loads(read(name + ".json"))["report"]


def near(text, number, digits):
    return abs(float(text) - number) <= 0.5001 * 10 ** -digits


def check_csv(name):
    report = report_of(name)
    head, *rows = csv.reader(read(name + ".csv").splitlines())
    assert head[:len(MTR_CSV)] == MTR_CSV and len(set(head)) == len(head), head
    assert all(len(row) == len(head) for row in rows), rows
    rows = [dict(zip(head, row)) for row in rows]
    hops = {hop["hop"]: hop for hop in report["thrupath"]["hops"]}
    links = {link["link"]: link for link in report["thrupath"]["links"]}
    assert {int(row["Hop"]) for row in rows} == {hub["count"] for hub in report["hubs"]}
    for row in rows:
        number = int(row["Hop"])
        hub = report["hubs"][number - 1]
        assert row["Status"] == "OK" and row["Mtr_Version"].startswith("MTR.")
        assert row["Host"] == report["mtr"]["dst"]
        assert row["Ip"] == hub["host"] or row["Ip"] in hops[number]["addresses"], row
        assert row["Snt"] == str(hub["Snt"])
        for key in ("Loss%", "Last", "Avg", "Best", "Wrst", "StDev"):
            assert near(row[key], hub[key], 2), (key, row, hub)
        through = hops[number].get("through", {})
        assert row["Through_Snt"] == str(through.get("sent", "")), row
        if row["Through_Loss%"]:
            assert near(row["Through_Loss%"], 100 * through["loss"], 3), row
            assert near(row["Through_High%"], 100 * through["high"], 3), row
        else:
            assert "loss" not in through, row
        assert (row["Link_Loss%"] == "") == ("loss" not in links.get(number, {})), row


def same(element, value):
    """An element of XML holds what JSON has under its key."""
    if isinstance(value, dict):
        assert [child.tag for child in element] == list(value), element.tag
        for child in element:
            same(child, value[child.tag])
    elif isinstance(value, list):
        assert all(child.tag == "item" for child in element) and len(element) == len(value)
        for child, item in zip(element, value):
            same(child, item)
    elif isinstance(value, bool):
        assert element.text == str(value).lower(), element.tag
    elif isinstance(value, (int, float)):
        assert float(element.text) == value, (element.tag, element.text, value)
    else:
        assert (element.text or "") == value, (element.text, value)


def check_xml(name):
    report = report_of(name)
    if shutil.which("xmllint"):
        subprocess.run(["xmllint", "--noout", os.path.join(ROOT, name + ".xml")], check=True)
    root = tree.fromstring(read(name + ".xml"))
    assert root.tag == "MTR" and list(root.attrib) == ["SRC", "DST", "TOS", "PSIZE", "BITPATTERN",
                                                       "TESTS"], root.attrib
    mtr = report["mtr"]
    assert (root.get("SRC"), root.get("DST"), root.get("PSIZE")) == (mtr["src"], mtr["dst"],
                                                                    mtr["psize"])
    assert int(root.get("TOS"), 16) == mtr["tos"] and int(root.get("TESTS")) == mtr["tests"]
    *hubs, ours = root
    assert [hub.tag for hub in hubs] == ["HUB"] * len(report["hubs"])
    for hub, other in zip(hubs, report["hubs"]):
        assert hub.attrib == {"COUNT": str(other["count"]), "HOST": other["host"]}, hub.attrib
        assert [child.tag for child in hub] == MTR_XML
        for child in hub:
            key = "Loss%" if child.tag == "Loss" else child.tag
            assert near(child.text.rstrip("%"), other[key], 1), (child.tag, child.text)
    assert ours.tag == "thrupath"
    same(ours, report["thrupath"])


CHECKS = {".csv": check_csv, ".xml": check_xml}
FILES = sorted(name for name in os.listdir(ROOT) if os.path.splitext(name)[1] in CHECKS)

print("1..%d" % len(FILES))
for count, file_name in enumerate(FILES, 1):
    stem, ending = os.path.splitext(file_name)
    CHECKS[ending](stem)
    print("ok %d - %s" % (count, file_name))
