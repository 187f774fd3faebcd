# SPDX-License-Identifier: GPL-3.0-or-later
"""Kinds of trouble: loss, limits, ends and ways home."""
from net import END, LOSS, TIME, Net


def outages(net, k, seconds, low, high, apart, is_random=True):
    """Short outages of link k, both directions at once."""
    rng, time = net.rng, rng_time(net, apart)
    while time < seconds:
        length = rng.uniform(low, high)
        net.at(time, k, "loss 100%")
        net.at(time + length, k, "loss 0%")
        time += length + (rng.uniform(apart * 0.5, apart * 1.5) if is_random else apart - length)


def rng_time(net, apart):
    return net.rng.uniform(1, 1 + apart)


def gaps(seed):
    """an access link has short outages, a clean long link stands behind it"""
    net = Net(seed, low=2, unwraps="all")
    k = net.pick(1, min(2, net.hops - 1))
    net.long(net.pick(k + 1, net.hops))
    rounds = 1500
    low, high, apart = net.rng.choice(((0.05, 0.4, 8), (0.1, 0.3, 15), (0.3, 1.5, 30),
                                       (0.01, 0.06, 2)))
    outages(net, k, rounds * net.interval, low, high, apart)
    return net.case(rounds, need=((LOSS, k, k),), may=((END, k, net.hops),))


def gaps_answers(seed):
    """the same, only answers are had"""
    net = Net(seed, low=3, unwraps="none")
    k = net.pick(1, min(2, net.hops - 1))
    net.long(net.pick(k + 1, net.hops))
    rounds = 2000
    outages(net, k, rounds * net.interval, 0.1, 0.4, 8)
    return net.case(rounds, need=((LOSS, k, k),), may=((("end-silent",), 1, net.hops),))


def in_phase(seed):
    """outages in step with the rounds"""
    net = Net(seed, low=3, unwraps="all")
    k = net.pick(1, net.hops - 1)
    net.interval = net.rng.choice((0.2, 0.5, 1))
    every = net.interval / net.rng.choice((1, 2, 3))
    net.add(k, "outage %.1fms every %.1fms" % (every * 1000 * net.rng.uniform(0.05, 0.2),
                                               every * 1000))
    return net.case(1000, need=((LOSS, k, k),))


def bursts(seed):
    """bursts per packet on one link, 2 % on another"""
    net = Net(seed, low=5, unwraps="all")
    k = net.pick(1, net.hops // 2)
    bad = net.pick(k + 1, net.hops)
    net.add(k, "burst 0.2%% 10%% %d%% %s" % (net.rng.choice((50, 100)),
                                             net.rng.choice(("out-only", "back-only", ""))))
    net.lossy(bad, 2)
    return net.case(3500, need=((LOSS, bad, bad),), may=((LOSS, k, k),))


def policer(seed):
    """a policer of protocol 4"""
    net = Net(seed, low=3, unwraps="all", host=False, interval=0.2)
    k = net.pick(1, net.hops)
    load = 2 * (net.hops - k) + 1    # headers that pass it in a round
    net.node[k] += " police ipip %d/10s burst %d" % (
        10 * load / net.interval * net.rng.uniform(0.2, 0.8), net.pick(1, max(2, load // 2)))
    return net.case(1000, need=((("protocol4-loss",), 1, net.hops),))


def filtered(seed):
    """from mid run on a router drops protocol 4, or refuses it"""
    net = Net(seed, low=3, unwraps="all", host=False)
    k = net.pick(1, net.hops)
    what = net.rng.choice(("nested no", "decap silent", "decap refused", "decap prohibited"))
    net.more.append("at %.1fs router %s %s" % (100 * net.interval * net.rng.uniform(1, 3),
                                               net.name(k), what))
    return net.case(900, need=((("protocol4-loss", "admin-prohibited", "protocol4-filtered",
                                 "no-decap"), 1, net.hops),), may=((("admin-prohibited",), 1, net.hops),))


def source_check(seed):
    """a strict source check at one router"""
    net = Net(seed, low=3, unwraps="all", host=False)
    k = net.pick(1, net.hops - 1)
    net.node[k] += " source-check strict"
    return net.case(300, may=((("protocol4-loss", "protocol4-filtered"), 1, net.hops),))


def unwrap_loss(seed):
    """a router loses of what it unwraps, default walk"""
    net = Net(seed, low=4, unwraps="all", host=False)
    k = net.pick(1, net.hops - 2)
    net.node[k] += " decap-loss %d%%" % net.rng.choice((2, 4, 8))
    return net.case(2500, need=((("protocol4-loss", "decap-fault"), k, k + 1),),
                    may=((("protocol4-loss", "decap-fault"), k, k + 1),
                         (("path-loss",), 1, net.hops)))


def limited_end(seed):
    """the end limits its replies, nothing is lost"""
    net = Net(seed, low=2)
    rate = net.rng.choice((0.3, 0.5, 0.8, 1.0)) / net.interval
    net.node[net.hops] += " icmp-rate %d/100s burst %d echo limited" % (
        round(rate * 100), net.pick(1, 8))
    if not net.has_host:
        net.has_host = net.rng.random() < 0.7
    args = net.rng.choice(((), ("--no-through",)))
    return net.case(1000, args=args)


def limited_end_loss(seed):
    """a limited end behind a lossy link"""
    net = Net(seed, low=4, host=True)
    k = net.pick(1, net.hops - 2)
    net.lossy(k, 5)
    net.node[net.hops] += " icmp-rate %d/10s burst %d echo limited" % (
        round(0.5 / net.interval * 10), net.pick(1, 6))
    return net.case(2000, need=((LOSS, k, k),))


def firewalled_end(seed):
    """the end never replies; a link before it loses"""
    net = Net(seed, low=4, host=True)
    k = net.pick(1, net.hops - 2)
    net.lossy(k, 6)
    net.node[net.hops] += " icmp no echo no"
    return net.case(1500, need=((LOSS, k, k),), may=((("end-silent",), 1, net.hops),
                                                     (("protocol4-filtered",), 1, net.hops)))


def answers_limited(seed):
    """only answers are had, several hops limit them, a link loses"""
    net = Net(seed, low=6, high=14, unwraps="none", host=True)
    for _ in range(net.pick(1, 4)):
        hop = net.pick(1, net.hops - 1)
        if "icmp-rate" not in net.node[hop]:
            net.limit(hop)
    k = net.pick(1, net.hops)
    net.lossy(k, 3)
    return net.case(2000, need=((LOSS, k, k),))


def wifi(seed):
    """only answers are had, the first link loses both ways and jitters"""
    net = Net(seed, low=5, unwraps="none")
    net.link[1] = "delay 2ms jitter exponential %dms reorder yes loss %d%%" % (
        net.pick(3, 20), net.pick(1, 3))
    return net.case(2000, need=((LOSS, 1, 1),), may=((TIME, 1, 1), (("host-delay",), 0, 1)))


def answers_bursts(seed):
    """only answers are had, a link loses in bursts"""
    net = Net(seed, low=5, unwraps="none")
    k = net.pick(1, net.hops)
    net.add(k, "burst 0.3% 10% 50% out-only" if net.rng.random() < 0.5 else
            "burst 0.3% 10% 50%")
    return net.case(3000, need=((LOSS, k, k),), may=((END, k, net.hops),))


def way_home(seed):
    """what hops from one on send home by routing loses"""
    net = Net(seed, low=4, high=9, unwraps="all", v6=False)
    first = net.pick(2, net.hops)
    net.by_z(first, "loss %d%% back-only" % net.rng.choice((4, 8, 15)))
    return net.case(1500, need=((LOSS + ("return-path-loss",), first, net.hops),),
                    may=((("asymmetric-path", "return-path-loss"), 1, net.hops),),
                    never=((("cosmetic-loss",), first, net.hops),))


def way_home_answers(seed):
    """the same, only answers are had"""
    net = Net(seed, low=4, high=9, unwraps="none", v6=False)
    first = net.pick(2, net.hops)
    net.by_z(first, "loss %d%% back-only" % net.rng.choice((4, 8, 15)))
    return net.case(1500, need=((LOSS, first, first),),
                    may=((("asymmetric-path", "return-path-loss"), 1, net.hops),),
                    never=((("cosmetic-loss",), first, net.hops),))


def way_home_dead(seed):
    """the way home is dead for a while"""
    net = Net(seed, low=4, high=9, unwraps="all", v6=False)
    first = net.pick(2, net.hops)
    net.by_z(first)
    begin = 300 * net.interval
    net.more.append("at %.1fs link R1-Z loss 100%%" % begin)
    net.more.append("at %.1fs link R1-Z loss 0%%" % (begin + max(20, 40 * net.interval)))
    return net.case(1200, need=((END + ("return-path-loss",), first, net.hops),),
                    may=((("asymmetric-path", "return-path-loss"), 1, net.hops),),
                    never=((("cosmetic-loss",), first, net.hops),))


def bad_member(seed):
    """one of several lines of a link is bad, default walk"""
    net = Net(seed, low=5, high=9, v6=False)
    k = net.pick(1, net.hops)
    members = net.pick(2, 4)
    net.add(k, "members %d member-loss %s hash 5-tuple" % (
        members, ",".join(["%d%%" % net.pick(8, 30)] + ["0"] * (members - 1))))
    return net.case(1500, may=((LOSS + ("return-path-loss",), k, net.hops),
                               (("protocol4-loss",), k, k)),
                    never=((("cosmetic-loss",), net.hops, net.hops),))


def direction(seed):
    """another way home tells out from back"""
    net = Net(seed, hops=8, unwraps="all", host=False, v6=False)
    way = net.rng.choice(("out", "back"))
    net.lossy(4, 5, way + "-only")
    net.route_path(net.hops + 1)
    net.more += ["router Z 10.0.20.3", "link R5-Z 10.0.20.2/10.0.20.3 delay 2ms",
                 "link Z-R2 10.0.21.2/10.0.21.3 delay 2ms", "route R5 to A via Z",
                 "route Z to A via R2"]
    net.interval = 0.2
    return net.case(3000, args=("--walk", "all"), need=((LOSS, 4, 4),), direction=way,
                    may=((("return-path-loss", "asymmetric-path"), 1, 8),))


def partial(seed):
    """a router drops of one protocol, or of long packets"""
    net = Net(seed, low=4, unwraps="all", host=False)
    k = net.pick(1, net.hops - 1)
    net.node[k] += net.rng.choice((" loss-of icmp 5%", " loss-of udp 5%", " loss-over 200 5%"))
    return net.case(1500, may=((LOSS + ("return-path-loss", "protocol4-loss"), k, k + 1),
                               (LOSS, k, k)))


def two_links(seed):
    """two links lose"""
    net = Net(seed, low=5, unwraps="all")
    a = net.pick(1, net.hops - 1)
    b = net.pick(a + 1, net.hops)
    net.lossy(a, 3)
    net.lossy(b, 3)
    return net.case(3000, need=((LOSS, a, a), (LOSS, b, b)))


def one_percent(seed):
    """a link loses 1 %"""
    net = Net(seed, low=4, unwraps="all")
    k = net.pick(1, net.hops)
    net.lossy(k, 1)
    return net.case(3000, need=((LOSS, k, k),))


KINDS = ((1, gaps, 0.95), (1, gaps_answers, 0.95), (1, in_phase, 0.95), (1, bursts, 0.9),
         (2, policer, 0.95), (2, filtered, 0.95), (2, source_check, 1), (2, unwrap_loss, 0.95),
         (2, partial, 1), (2, bad_member, 1),
         (3, limited_end, 1), (3, limited_end_loss, 0.95), (3, firewalled_end, 0.95),
         (4, answers_limited, 0.95), (4, wifi, 0.95), (4, answers_bursts, 0.95),
         (8, way_home, 0.95), (8, way_home_answers, 0.95), (8, way_home_dead, 0.95),
         (8, direction, 0.95), (0, two_links, 0.95), (0, one_percent, 0.95))
