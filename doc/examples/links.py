#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Says which link of a path loses, as links.c does: links.py network.scn, or links.py HOST."""
import ctypes
import sys

thrupath = ctypes.CDLL("libthrupath.so.0")
thrupath.thrupath_create.restype = ctypes.c_void_p
thrupath.thrupath_error.restype = ctypes.c_char_p
thrupath.thrupath_run.argtypes = [ctypes.c_void_p, ctypes.c_double]
thrupath.thrupath_simulate.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_uint64]


def struct(name, fields):
    """A structure of thrupath.h, from 'type name ...' lines."""
    types = {"u32": ctypes.c_uint32, "u64": ctypes.c_uint64, "double": ctypes.c_double}
    rows = []
    for field in fields.split(";"):
        kind, *names = field.split()
        kind, _, length = kind.partition(":")
        rows += [(n, ctypes.c_char * int(length) if length else types[kind]) for n in names]
    return type(name, (ctypes.Structure,), {"_fields_": rows})


Settings = struct("Settings", """u64 rounds; double interval_s timeout_s;
    u32 size_bytes first_ttl max_ttl tos max_rate_pps flows protocol port
    has_all_walks is_public no_to no_through follow""")
Link = struct("Link", """u32 link is_suspect;
    double loss low high added_ms out_low out_high back_low back_high""")
Finding = struct("Finding", """char:32 id; u32 severity is_active low_hop high_hop episodes
    reserved; double first last held_s; char:1024 text""")
Summary = struct("Summary", """u32 is_over has_end; u64 rounds; double start now interval_s;
    u32 hops links findings reserved; char:48 source destination""")


def main(where):
    handle = ctypes.c_void_p(thrupath.thrupath_create())

    def call(function, *arguments):
        if not function(handle, *arguments):
            sys.exit("links: " + thrupath.thrupath_error(handle).decode())

    def filled(kind, function, *arguments):
        found = kind()
        return found if function(handle, *arguments, ctypes.byref(found),
                                 ctypes.c_size_t(ctypes.sizeof(found))) else None

    settings = Settings()
    thrupath.thrupath_settings_default(ctypes.byref(settings), ctypes.c_size_t(ctypes.sizeof(settings)))
    settings.rounds = 20
    if where.endswith(".scn"):
        call(thrupath.thrupath_simulate, where.encode(), 1)
    else:
        call(thrupath.thrupath_aim, where.encode())
    call(thrupath.thrupath_set, ctypes.byref(settings), ctypes.c_size_t(ctypes.sizeof(settings)))
    call(thrupath.thrupath_begin)
    call(thrupath.thrupath_run, 0)
    path = filled(Summary, thrupath.thrupath_look)
    print(f"{path.source.decode()} to {path.destination.decode()}, {path.hops} hops, "
          f"{path.rounds} rounds")
    for i in range(1, path.hops + 1):
        link = filled(Link, thrupath.thrupath_link, i)
        print(f"link {i - 1} to {i}: " + (
            f"{100 * link.loss:.1f} % lost ({100 * link.low:.1f} to {100 * link.high:.1f})"
            f"{', suspect' if link.is_suspect else ''}" if link else "not measured"))
    for i in range(path.findings):
        finding = filled(Finding, thrupath.thrupath_finding, i)
        print(f"{finding.id.decode()}: {finding.text.decode()}")
    thrupath.thrupath_destroy(handle)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) == 2 else "")
