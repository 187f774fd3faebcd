# SPDX-License-Identifier: GPL-3.0-or-later
"""Networks with which nothing is wrong, an hour of each at a time."""
from net import Net

HOUR = 3600


def hour(net, **truth):
    net.interval = 1
    return net.case(HOUR, hours=1, **truth)


def exponential(seed):
    """jitter is exponential"""
    net = Net(seed)
    for k in range(1, net.hops + 1):
        net.link[k] = "delay %.1fms jitter exponential %.2fms" % (
            net.rng.uniform(.2, 10), net.rng.choice((.1, 1, 4)))
    return hour(net)


def heavy(seed):
    """jitter has heavy tails"""
    net = Net(seed)
    for k in range(1, net.hops + 1):
        net.link[k] = "delay %.1fms jitter pareto %.2fms %.2f" % (
            net.rng.uniform(.2, 10), net.rng.choice((.05, .3)), net.rng.uniform(1.6, 3))
    return hour(net)


def evening(seed):
    """links are busy, more so in the evening, and queues stay short"""
    net = Net(seed)
    for k in range(1, net.hops + 1):
        net.add(k, "rate 1gbit queue 500 load %.2f" % net.rng.uniform(.1, .5))
    for i in range(1, 12):
        net.more.append("at %ds link %s load %.2f" % (
            i * 300, net.pair(net.pick(1, net.hops)), net.rng.uniform(.2, .7)))
    return hour(net)


def satellite(seed):
    """one link goes by satellite"""
    net = Net(seed)
    net.link[net.pick(1, net.hops)] = "delay %dms jitter exponential %dms" % (
        net.pick(120, 300), net.pick(1, 10))
    return hour(net)


def wireless(seed):
    """the first link is a radio that repeats what is lost"""
    net = Net(seed)
    net.link[1] = "delay 1ms jitter %s reorder yes" % net.rng.choice((
        "exponential 4ms", "exponential 12ms", "pareto 3ms 1.5", "uniform 15ms"))
    return hour(net)


def limited(seed):
    """hops and the end limit their replies"""
    net = Net(seed)
    for _ in range(net.pick(1, 5)):
        hop = net.pick(1, net.hops - 1)
        if "icmp-rate" not in net.node[hop]:
            net.limit(hop)
    if net.rng.random() < 0.5:
        net.node[net.hops] += " icmp-rate %s burst %d echo limited" % (
            net.rng.choice(("1/2s", "1/s", "2/s")), net.pick(1, 8))
    return hour(net)


def exchanges(seed):
    """some links are LANs of exchanges, addresses have no mates"""
    net = Net(seed, v6=False)
    for n in range(net.pick(1, 4)):
        net.ends[net.pick(2, net.hops)] = "10.2%d.0.%d/10.2%d.0.%d" % (
            n, net.pick(4, 120), n, net.pick(130, 250))
    return hour(net)


def internet(seed):
    """nothing unwraps, some hops are silent, slow or limited, the end is a host"""
    net = Net(seed, low=6, high=16, unwraps="none", host=True)
    for hop in range(1, net.hops):
        draw = net.rng.random()
        if draw < .15:
            net.node[hop] += " icmp no echo no"
        elif draw < .35:
            net.limit(hop)
        elif draw < .5:
            net.node[hop] += " icmp-delay %dms exponential %dms" % (net.pick(1, 60),
                                                                    net.pick(1, 20))
    return hour(net)


def far_home(seed):
    """hops from one on send home by another way, as sound as the path"""
    net = Net(seed, low=4, high=9, v6=False)
    first = net.pick(2, net.hops)
    net.by_z(first)
    return hour(net, may=((("asymmetric-path",), 1, net.hops),))


def busy_routers(seed):
    """routers reply late and by spells, to a coarse clock, or each minute"""
    net = Net(seed)
    for hop in range(1, net.hops):
        net.node[hop] += net.rng.choice((
            "", " icmp-delay 2ms exponential 8ms", " icmp-stall 60s 1s", " clock 4ms",
            " icmp-delay 1ms pareto 2ms 1.3"))
    return hour(net)


NETWORKS = (exponential, heavy, evening, satellite, wireless, limited, exchanges, internet,
            far_home, busy_routers)
