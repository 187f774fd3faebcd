# SPDX-License-Identifier: GPL-3.0-or-later
"""Kinds of trouble: time, changes of path, the prober itself, exchanges and outages; and none."""
from net import END, LOSS, TIME, Net


def exchange(seed):
    """a symmetric path over exchange LANs"""
    net = Net(seed, low=4, v6=False)
    for n in range(net.pick(1, 2)):
        k = net.pick(2, net.hops)
        net.ends[k] = "10.2%d.0.%d/10.2%d.0.%d" % (n, net.pick(4, 120), n, net.pick(130, 250))
    return net.case(200)


def divergence(seed):
    """the way home leaves the path, and the path has an exchange LAN"""
    net = Net(seed, low=5, high=9, unwraps="all", v6=False)
    first = net.pick(4, net.hops)
    if net.rng.random() < 0.5:
        k = net.pick(2, net.hops)
        net.ends[k] = "10.20.0.%d/10.20.0.%d" % (net.pick(4, 120), net.pick(130, 250))
    net.by_z(first)
    # Hops before it come home by another way than those behind it: that is true as well.
    return net.case(200, may=((("asymmetric-path", "return-path-loss"), 1, net.hops),))


def busy_link(seed):
    """a queue on one link comes and goes"""
    net = Net(seed, low=3, high=9, unwraps="all", interval=1)
    k = net.pick(1, net.hops)
    peak = net.rng.uniform(3, 12)
    time = 300
    for _ in range(net.pick(2, 5)):
        for share, lasts in ((.4, 60), (1, 90), (.7, 60), (.2, 60)):
            net.at(time, k, "jitter exponential %.2fms" % (peak * share))
            time += lasts
        net.at(time, k, "jitter exponential 0.1ms")
        time += net.rng.uniform(150, 500)
    return net.case(3600, need=((TIME + (("host-delay",) if k == 1 else ()), k, k),),
                    may=((("host-delay",), 0, 1 if k == 1 else -1),),
                    check=lambda found: [f for f in found if f["id"] in TIME and
                                         f["episodes"] > 12])


def shared_queue(seed):
    """cross traffic fills a link of limited rate"""
    net = Net(seed, low=3, high=9, unwraps="all", interval=0.5)
    k = net.pick(1, net.hops)
    net.add(k, "rate 20mbit queue 200")
    net.at(600, k, "load %.2f" % net.rng.uniform(0.8, 0.95))
    net.at(1200, k, "load 0")
    return net.case(3600, may=((TIME, k, k), (("host-delay",), 0, 1 if k == 1 else -1),
                               (LOSS, k, k)))


def step(seed):
    """the delay of one link rises for good"""
    net = Net(seed, low=3, high=9, unwraps="all")
    k = net.pick(1, net.hops)
    rise = net.rng.uniform(5, 60)
    net.at(300 * net.interval, k, "delay %.1fms" % (10 + rise))
    return net.case(1200, need=((TIME + (("host-delay",) if k == 1 else ()), k, k),),
                    may=((("host-delay",), 0, 1 if k == 1 else -1),))


def late(seed):
    """all is late by nearly two seconds for a while, and nothing lost"""
    net = Net(seed, low=3, high=9, unwraps="all")
    k = net.pick(1, net.hops)
    begin = 300 * net.interval
    net.at(begin, k, "delay %.0fms out-only" % net.rng.uniform(1200, 1900))
    net.at(begin + net.rng.uniform(4, 10), k, "delay 5ms out-only")
    return net.case(700, may=((TIME + ("host-delay",), 0, k),))


def host_late(seed):
    """all packets wait in this host now and then"""
    net = Net(seed, low=3, high=9, unwraps="all")
    time = 60.0
    while time < 600:
        net.at(time, 1, "delay %dms" % net.pick(40, 120))
        net.at(time + 1, 1, "delay 1ms")
        time += net.rng.uniform(20, 40)
    net.interval = 0.2
    return net.case(3000, may=((TIME + ("host-delay",), 0, 1),))


def late_home(seed):
    """the way home of hops from one on takes longer from a time on"""
    net = Net(seed, low=4, high=8, unwraps=None, v6=False)
    first = net.pick(2, net.hops)
    net.by_z(first)
    net.more.append("at %.1fs link R1-Z delay %dms" % (300 * net.interval, net.pick(30, 80)))
    return net.case(1200, may=((TIME + ("asymmetric-path", "return-path-loss"), first, net.hops),
                               (("asymmetric-path",), 1, net.hops)))


def limiters(seed):
    """hops limit their replies for an hour"""
    net = Net(seed, low=4, interval=1)
    for _ in range(net.pick(1, 4)):
        hop = net.pick(1, net.hops - 1)
        if "icmp-rate" not in net.node[hop]:
            net.limit(hop)
    return net.case(3600, check=lambda found: [
        f for f in found if f["id"] in ("icmp-rate-limit", "cosmetic-loss") and f["episodes"] > 2])


def two_ways(net, a, b, what=""):
    """Another way S from hop a to hop b; returns the lines that take it, and those that do not."""
    net.more.append("router S " + net.address(88, 3))
    net.more.append("link %s-S %s/%s delay %.1fms %s" % (
        net.name(a), net.address(89, 2), net.address(89, 3), net.rng.uniform(1, 5), what))
    net.more.append("link S-%s %s/%s delay %.1fms" % (
        net.name(b), net.address(90, 2), net.address(90, 3), net.rng.uniform(1, 5)))
    net.route_path(net.hops + 1)
    for hop in range(0, net.hops + 1):
        net.more.append("route S to %s via %s" % (net.name(hop), net.name(a if hop <= a else b)))
    over, back = [], []
    for to in range(b, net.hops + 1):
        over.append("route %s to %s via S" % (net.name(a), net.name(to)))
        back.append("route %s to %s via %s" % (net.name(a), net.name(to), net.name(a + 1)))
    for to in range(0, a + 1):
        over.append("route %s to %s via S" % (net.name(b), net.name(to)))
        back.append("route %s to %s via %s" % (net.name(b), net.name(to), net.name(b - 1)))
    return over, back


def at_once(net, time, lines):
    net.more += ["at %.1fs %s" % (time, line) for line in lines]


def change(seed, follow=False, what="", **truth):
    net = Net(seed, low=5, high=9, unwraps=truth.pop("unwraps", None), v6=False)
    a = net.pick(1, net.hops - 3)
    over, _ = two_ways(net, a, a + 2, what)
    at_once(net, 150, over)
    net.interval = net.rng.choice((0.2, 0.5))
    return net, a, net.case(2400, args=("--follow",) if follow else (),
                            need=((("route-change",), a + 1, a + 1),),
                            may=((("route-change",), a + 1, net.hops),))


def change_clean(seed):
    """routing takes another clean way"""
    return change(seed, follow=seed % 2 == 0)[2]


def change_lossy(seed):
    """routing takes another way, which loses"""
    net, a, case = change(seed, follow=seed % 2 == 0, what="loss 8%")
    case.need += ((LOSS, a + 1, a + 1),)
    # The end's way home is the new one, too.
    case.may += ((LOSS, a + 1, a + 1), (("link-loss", "return-path-loss"), net.hops, net.hops))
    case.never = ((("cosmetic-loss",), net.hops, net.hops),)
    return case


def change_from_lossy(seed):
    """the way that loses is left for a clean one"""
    net = Net(seed, low=5, high=9, unwraps="all", v6=False, interval=0.2)
    a = net.pick(1, net.hops - 3)
    net.lossy(a + 1, 8)
    over, _ = two_ways(net, a, a + 2)
    at_once(net, 200, over)

    def stays(found):
        return [f for f in found if f["id"] in LOSS and f["active"] and
                "traffic has left" not in f["text"]]
    return net.case(3000, args=("--follow",) if seed % 2 else (),
                    need=((("route-change",), a + 1, a + 1), (LOSS, a + 1, a + 1)),
                    may=((("route-change",), a + 1, net.hops),), check=stays)


def flapping(seed):
    """routing goes to and fro"""
    net = Net(seed, low=5, high=9, unwraps="all", v6=False, interval=0.5)
    a = net.pick(1, net.hops - 3)
    over, back = two_ways(net, a, a + 2)
    time, is_over = 100.0, True
    while time < 900:
        at_once(net, time, over if is_over else back)
        is_over = not is_over
        time += net.rng.uniform(40, 130)
    return net.case(2000, args=("--follow",) if seed % 2 else (),
                    need=((("route-change",), a + 1, a + 1),),
                    may=((("route-change",), a + 1, net.hops),),
                    never=((("ecmp", "unequal-ecmp"), a + 1, a + 1),))


def change_then_outage(seed):
    """after a change of path the last link dies for a minute, then loses"""
    net = Net(seed, low=5, high=8, unwraps="all", v6=False, interval=0.5)
    a = net.pick(1, net.hops - 3)
    over, _ = two_ways(net, a, a + 2)
    at_once(net, 100, over)
    net.at(300, net.hops, "loss 100%")
    net.at(360, net.hops, "loss 0%")
    net.at(360.1, net.hops, "loss 15% out-only")
    return net.case(2000, args=("--follow",) if seed % 2 else (),
                    need=((("route-change",), a + 1, a + 1), (LOSS, net.hops, net.hops),
                          (("end-silent",), net.hops, net.hops)),
                    may=((("route-change",), a + 1, net.hops), (END, net.hops, net.hops)))


def drops(seed):
    """the capture drops packets while a link loses"""
    net = Net(seed, low=3, high=8, unwraps="all", interval=0.2)
    k = net.pick(1, net.hops)
    percent = net.rng.uniform(3, 6)
    net.lossy(k, percent, "out-only")
    time, apart = 5.0, net.rng.choice((1, 2, 5, 20))
    while time < 600:
        net.more.append("at %.2fs prober A capture-drops %d" % (time, net.pick(1, 3)))
        time += apart * net.rng.uniform(0.7, 1.3)

    def share(found):
        named = [f for f in found if f["id"] == "link-loss" and f["active"]]
        return [f for f in named if not f["evidence"]["low"] <= percent / 100 <=
                f["evidence"]["high"]]
    return net.case(3000, need=((("link-loss",), k, k),), check=share,
                    may=((("local-drop",), 0, net.hops), (LOSS, k, k)))


def pauses(seed):
    """this host is suspended, or cannot send"""
    net = Net(seed, low=3, high=8, unwraps="all", interval=0.2)
    time = 5.0
    while time < 300:
        net.more.append("at %.2fs prober A %s" % (time, net.rng.choice((
            "pause %.1fs" % net.rng.uniform(0.05, 4), "send-errors %d" % net.pick(1, 20)))))
        time += net.rng.uniform(3, 20)
    return net.case(1500, may=((("local-drop", "host-delay"), 0, net.hops),))


def dark(seed):
    """no hop unwraps, nothing is wrong"""
    net = Net(seed, low=2, unwraps="none")
    for hop in range(1, net.hops):
        if net.rng.random() < 0.3:
            net.node[hop] += " icmp-delay %dms exponential %dms" % (net.pick(5, 60), net.pick(1, 9))
        elif net.rng.random() < 0.2:
            net.limit(hop)
    return net.case(400)


def outages_day(seed):
    """hours with outages of a link, each of which must be in the report"""
    net = Net(seed, low=4, high=9, interval=1)
    net.limit(net.pick(1, net.hops - 1))
    k, times, time = net.pick(1, net.hops), [], 400.0
    while time < 10000:
        length = net.rng.uniform(5, 90)
        net.at(time, k, "loss 100%")
        net.at(time + length, k, "loss 0%")
        times.append((time, length))
        time += length + net.rng.uniform(300, 1500)

    return net.case(10800, may=((END, k, net.hops),), check=lambda found, report: [
        "outage at %.0f s of %.0f s" % (t, length) for t, length in times
        if not any(abs(o["begin_s"] - t) < 4 and abs(o["length_s"] - length) < 6
                   for o in report["outages_s"])])


KINDS = ((5, exchange, 1), (5, divergence, 1), (6, busy_link, 0.95), (6, shared_queue, 1),
         (6, step, 0.95), (6, host_late, 1), (6, late_home, 1), (7, late, 1), (7, limiters, 1),
         (9, change_clean, 0.95), (9, change_lossy, 0.95), (9, change_from_lossy, 0.95),
         (9, flapping, 0.95), (9, change_then_outage, 0.95), (10, drops, 0.95), (10, pauses, 1),
         (11, outages_day, 1), (12, dark, 1))
