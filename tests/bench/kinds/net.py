# SPDX-License-Identifier: GPL-3.0-or-later
"""Networks at random, as text of thrupath-scenario(5), with what is wrong in them."""
import dataclasses
import random

LOSS = ("link-loss", "path-loss", "decap-fault")
END = LOSS + ("end-silent",)
TIME = ("queueing", "latency-step")


@dataclasses.dataclass
class Case:
    """A network, how it is probed, and the truth. A claim is (ids, low, high): a finding of one of
    these ids whose set of links, or hops, has one of low..high in it."""
    text: str
    rounds: int
    interval: float
    args: tuple = ()
    need: tuple = ()          # claims that must be made
    may: tuple = ()           # claims that are true as well
    never: tuple = ()         # claims of whatever severity that must not be made
    direction: str = ""       # "out" or "back": of the loss
    hours: float = 0          # of a healthy network; 0: something is wrong
    check: object = None      # function of the report: what else is wrong with it


class Net:
    """A chain of routers from the prober A to the end D, hop by hop."""

    def __init__(self, seed, low=3, high=12, hops=0, **wishes):
        self.rng = rng = random.Random(seed)
        self.hops = hops or rng.randint(low, high)
        self.is_v6 = wishes.get("v6", rng.random() < 0.2)
        self.has_host = wishes.get("host", rng.random() < 0.4)
        self.node = [""] + ["" for _ in range(self.hops)]
        self.link = [""] + ["delay %.2fms jitter exponential %.2fms" % (
            rng.choice((0.2, 1, 3, 8)) * rng.uniform(0.5, 1.5), rng.choice((0.02, 0.05, 0.2)))
            for _ in range(self.hops)]
        self.ends = [""] * (self.hops + 1)    # addresses of each link
        self.more = []
        self.unwraps = wishes.get("unwraps", rng.choice(("all", "all", "all", "some", "none")))
        for hop in range(1, self.hops):
            if self.unwraps == "none" or (self.unwraps == "some" and rng.random() < 0.3):
                self.node[hop] += " decap " + rng.choice(
                    ("refused", "silent") if self.unwraps == "some" else ("silent",))
        self.interval = wishes.get("interval", rng.choice((0.2, 0.5, 1)))

    def name(self, hop):
        return "A" if hop == 0 else "D" if hop == self.hops else "R%d" % hop

    def pair(self, k):
        return "%s-%s" % (self.name(k - 1), self.name(k))

    def address(self, net, last):
        return "2001:db8:%x::%x" % (net, last) if self.is_v6 else "10.0.%d.%d" % (net, last)

    def add(self, k, what):
        self.link[k] += " " + what

    def at(self, time, k, what):
        self.more.append("at %.3fs link %s %s" % (time, self.pair(k), what))

    def lossy(self, k, percent, way=None):
        way = self.rng.choice(("out-only", "back-only")) if way is None else way
        self.add(k, "loss %.2f%% %s" % (percent, way))

    def limit(self, hop, rate=None):
        self.node[hop] += " icmp-rate %s burst %d" % (
            rate or self.rng.choice(("1/2s", "1/s", "2/s", "1/3s")), self.rng.randint(1, 6))

    def long(self, k, low=20, high=120):
        self.link[k] = "delay %.1fms jitter exponential 0.1ms" % self.rng.uniform(low, high)

    def pick(self, low, high):
        return self.rng.randint(low, max(low, high))

    def text(self):
        lines = ["prober A " + self.address(1, 1)]
        for hop in range(1, self.hops + 1):
            is_host = hop == self.hops and self.has_host
            lines.append("%s %s %s%s" % ("host" if is_host else "router", self.name(hop),
                                         self.address(hop, 3), self.node[hop]))
        for k in range(1, self.hops + 1):
            lines.append("link %s %s %s" % (self.pair(k), self.ends[k], self.link[k]))
        return "\n".join(lines + self.more) + "\n"

    def route_path(self, first, home=None):
        """All routes along the chain; hops from `first` on send home to `home` instead."""
        for hop in range(1, self.hops + 1):
            for to in range(0, self.hops + 1):
                if to == hop:
                    continue
                by = self.name(hop + 1 if to > hop else hop - 1)
                by = home if to == 0 and home and hop >= first else by
                self.more.append("route %s to %s via %s" % (self.name(hop), self.name(to), by))

    def by_z(self, first, what=""):
        """Hops from `first` on send home by Z, which joins the path again at R1."""
        rng = self.rng
        self.more.append("router Z " + self.address(77, 3))
        self.more.append("link R1-Z %s/%s delay %.1fms %s" % (
            self.address(78, 2), self.address(78, 3), rng.uniform(1, 9), what))
        for hop in range(first, self.hops + 1):
            self.more.append("link %s-Z %s/%s delay %.1fms" % (
                self.name(hop), self.address(100 + hop, 2), self.address(100 + hop, 3),
                rng.uniform(1, 5)))
        self.route_path(first, "Z")
        self.more.append("route Z to A via R1")

    def case(self, rounds, **truth):
        return Case(self.text(), rounds, self.interval, **truth)
