# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the golden reports in the other machine formats with parsers that are not ours, and holds
them against the JSON of the same run: what all of them hold must be the same."""
import csv
import html.parser
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
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
        assert row["Through_Resolved"] == str(through.get("resolved", "")), row
        assert row["Through_Rcv"] == str(through.get("received", "")), row
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


class Page(html.parser.HTMLParser):
    """A page as a browser would take it: what is open must be closed, in its order."""
    VOID = {"meta"}
    KNOWN = {"html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "ul", "li", "b",
             "span", "dl", "dt", "dd", "div", "table", "tr", "th", "td", "figure", "figcaption",
             "svg", "text", "line", "circle", "polyline"}

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.texts, self.count, self.rows = [], [], {}, []
        self.feed(text)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag, attrs):
        assert tag in self.KNOWN, tag
        self.count[tag] = self.count.get(tag, 0) + 1
        for name, value in attrs:
            assert not name.startswith("on") and name not in ("src", "href", "style"), (name, value)
        if tag not in self.VOID:
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, tag

    def handle_data(self, data):
        if self.open and self.open[-1] in ("td", "th"):
            self.rows[-1][-1] += data
        elif self.open and self.open[-1] != "style":
            self.texts.append(data)

    def handle_comment(self, data):
        raise AssertionError("a comment: " + data)


def percent(fraction):
    """As the screen has it."""
    value = 100 * fraction
    return "<0.1" if 0 < value < 0.05 else ">99.9" if 99.95 <= value < 100 else "%.1f" % value


def check_tables(report, rows):
    """The rows of a report for a person, each a list of words: the numbers are those of JSON."""
    names = {"---", "---:"}
    rows = [row for row in rows if not set(row) <= names]
    for kind in ("through", "to"):
        heads = [at for at, row in enumerate(rows) if row[:4] == ["Hop", "Host", "Snt", "Rcv"]]
        head = None if not heads else heads[0] if kind == "through" else heads[-1]
        hops = report["thrupath"]["hops"]
        if not any(kind in hop for hop in hops):
            continue
        for hop, row in zip(hops, rows[head + 1:], strict=False):
            stats = hop.get(kind)
            assert row[0] == str(hop["hop"]) and len(row) == len(rows[head]), row
            assert row[1] == report["hubs"][hop["hop"] - 1]["host"], row
            assert row[2:4] == ([str(stats["sent"]), str(stats["received"])] if stats else
                                ["-", "-"]), row
            loss = [percent(stats[key]) for key in ("loss", "low", "high")] \
                if stats and "loss" in stats else ["-"] * 3
            assert row[4:7] == loss, (row, loss)
    links = [row for row in rows if row and re.fullmatch("[0-9]+-[0-9]+", row[0])]
    measured = any("loss" in link for link in report["thrupath"]["links"])
    assert len(links) == (len(report["thrupath"]["links"]) if measured else 0), links
    for link, row in zip(report["thrupath"]["links"], links):
        assert row[0] == "%d-%d" % (link["from_hop"], link["link"]), row
        assert row[3] == (percent(link["loss"]) if "loss" in link else "-"), row


def check_html(name):
    report = report_of(name)
    page = Page(read(name + ".html"))
    run = report["thrupath"]
    check_tables(report, page.rows)
    for text in (run["command"], report["mtr"]["dst"], *run["notes"]):
        assert any(text in seen for seen in page.texts), text
    for finding in run["findings"]:
        assert any(finding["text"] in seen for seen in page.texts), finding["text"]
    charts = sum("through" in hop or "best" in hop.get("to", {}) for hop in run["hops"])
    assert page.count.get("figure", 0) == charts, page.count
    check_picture(name, page.count.get("svg", 0))


def check_picture(name, drawings):
    """A browser makes a picture of it, and runs and loads nothing."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser is None or "hostile" not in name and "9hops" not in name:
        return
    with tempfile.TemporaryDirectory() as where:
        words = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                 "--user-data-dir=" + where, "--window-size=1200,3000"]
        page = "file://" + os.path.realpath(os.path.join(ROOT, name + ".html"))
        picture = os.path.join(where, "picture.png")
        dom = subprocess.run([*words, "--dump-dom", page], check=True, capture_output=True,
                             timeout=100).stdout.decode()
        subprocess.run([*words, "--screenshot=" + picture, page], check=True, capture_output=True,
                       timeout=100)
        with open(picture, "rb") as file:
            head = file.read(24)
        assert head[:8] == b"\x89PNG\r\n\x1a\n" and os.path.getsize(picture) > 20000
        assert int.from_bytes(head[16:20], "big") == 1200, head
        assert dom.count("<svg") == drawings and "<script" not in dom, name


def check_markdown(name):
    report = report_of(name)
    lines = read(name + ".md").splitlines()
    rows = []
    for line in lines:
        if line.startswith("|"):
            cells = re.split(r"(?<!\\)\|", line)
            assert cells[0] == cells[-1] == "", line
            rows.append([re.sub(r"\\(.)", r"\1", re.sub(r"^\*\*|\*\*$", "", cell.strip()))
                         for cell in cells[1:-1]])
    for before, row in zip(rows, rows[1:]):
        assert set(row) - {"---", "---:"} or len(row) == len(before), row
    check_tables(report, rows)
    # No sign of Markdown's own is left of what is foreign: a reader of the plain text agrees.
    plain = [re.sub(r"\\(.)", r"\1", line) for line in lines]
    for finding in report["thrupath"]["findings"]:
        assert any(finding["text"] in line for line in plain), finding["text"]
    assert not any(re.search(r"(?<!\\)[<`]", line) for line in lines), name


CHECKS = {".csv": check_csv, ".html": check_html, ".md": check_markdown, ".xml": check_xml}
FILES = sorted(name for name in os.listdir(ROOT) if os.path.splitext(name)[1] in CHECKS)

print("1..%d" % len(FILES))
for count, file_name in enumerate(FILES, 1):
    stem, ending = os.path.splitext(file_name)
    CHECKS[ending](stem)
    print("ok %d - %s" % (count, file_name))
