/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "net/route.h"

#include <errno.h>
#include <ifaddrs.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/netlink.h"

enum { DRAIN_BYTES = 4096, DRAIN_MAX = 256, STACK_MAX = 4 };

static size_t width_of(uint8_t family)
{
	return family == ADDR_V6 ? 16 : 4;
}

static unsigned char family_of(const struct addr *addr)
{
	return addr->family == ADDR_V6 ? AF_INET6 : AF_INET;
}

/* An open question, and what came of it. */
struct answer {
	uint8_t family;          /* of the addresses in it */
	struct route route;      /* of RTM_NEWROUTE; mtu 0: the route says nothing of it */
	struct addr wanted;      /* among those of RTM_NEWADDR, */
	uint32_t interface;      /* of that one; 0: of any: */
	bool is_there;
	uint32_t link, master;   /* of RTM_NEWLINK: what the interface stands upon, and what upon it */
	bool has_come;
};

static bool read_u32(const uint8_t *attributes, size_t len, uint16_t type, uint32_t *ret_value)
{
	const uint8_t *found = netlink_attribute(attributes, len, type, sizeof *ret_value);

	if (found != NULL) {
		memcpy(ret_value, found, sizeof *ret_value);
	}
	return found != NULL;
}

static bool read_addr(const uint8_t *attributes, size_t len, uint16_t type, uint8_t family,
	struct addr *ret_addr)
{
	const uint8_t *found = netlink_attribute(attributes, len, type, width_of(family));

	if (found != NULL) {
		*ret_addr = (struct addr){.family = family};
		memcpy(ret_addr->byte, found, width_of(family));
	}
	return found != NULL;
}

static void take_route(void *arg, uint16_t type, const uint8_t *body, size_t len)
{
	struct answer *answer = arg;
	struct route *route = &answer->route;
	size_t fixed = NLMSG_ALIGN(sizeof(struct rtmsg)), metrics_len = 0;
	const uint8_t *metrics;

	if (type != RTM_NEWROUTE || len < fixed) {
		return;
	}
	answer->has_come = true;
	(void)read_u32(body + fixed, len - fixed, RTA_OIF, &route->interface_index);
	(void)read_addr(body + fixed, len - fixed, RTA_PREFSRC, answer->family, &route->source);
	metrics = netlink_nest(body + fixed, len - fixed, RTA_METRICS, &metrics_len);
	if (metrics != NULL) {
		(void)read_u32(metrics, metrics_len, RTAX_MTU, &route->mtu);
	}
}

static void take_address(void *arg, uint16_t type, const uint8_t *body, size_t len)
{
	struct answer *answer = arg;
	size_t fixed = NLMSG_ALIGN(sizeof(struct ifaddrmsg));
	struct ifaddrmsg head;
	struct addr addr;

	if (type != RTM_NEWADDR || len < fixed) {
		return;
	}
	memcpy(&head, body, sizeof head);
	/* Of a link with two ends IFA_ADDRESS is the other one's. */
	if (head.ifa_family == family_of(&answer->wanted) &&
	    (answer->interface == 0 || answer->interface == head.ifa_index) &&
	    (read_addr(body + fixed, len - fixed, IFA_LOCAL, answer->wanted.family, &addr) ||
	     read_addr(body + fixed, len - fixed, IFA_ADDRESS, answer->wanted.family, &addr)) &&
	    addr_equal(&addr, &answer->wanted)) {
		answer->is_there = true;
	}
}

static void take_link(void *arg, uint16_t type, const uint8_t *body, size_t len)
{
	struct answer *answer = arg;
	size_t fixed = NLMSG_ALIGN(sizeof(struct ifinfomsg));

	if (type == RTM_NEWLINK && len >= fixed) {
		answer->has_come = true;
		/* In another namespace the number is another one's: so it is of pairs of veth. */
		if (netlink_attribute(body + fixed, len - fixed, IFLA_LINK_NETNSID, 0) == NULL) {
			(void)read_u32(body + fixed, len - fixed, IFLA_LINK, &answer->link);
		}
		(void)read_u32(body + fixed, len - fixed, IFLA_MASTER, &answer->master);
	}
}

/* 0 or an errno. */
static int ask_once(struct netlink_request *request, netlink_message_fn *fn, struct answer *answer)
{
	struct netlink netlink;
	int sys = netlink_open(&netlink);

	if (sys == 0) {
		sys = netlink_ask(&netlink, request, fn, answer);
		(void)close(netlink.fd);
	}
	return sys;
}

/* The route may take less than the interface does. */
static bool find_mtu(struct route *route, struct err *err)
{
	struct ifreq request = {0};
	int fd;
	bool is_ok;

	if (if_indextoname(route->interface_index, route->interface) == NULL) {
		return err_set(err, ERR_NOT_FOUND, "the route has no outgoing interface");
	}
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	memcpy(request.ifr_name, route->interface, sizeof request.ifr_name);
	is_ok = fd >= 0 && ioctl(fd, SIOCGIFMTU, &request) == 0;
	if (!is_ok) {
		(void)err_set_sys(err, ERR_IO, errno, "cannot read the MTU of %s", route->interface);
	} else if (route->mtu == 0 || route->mtu > (unsigned)request.ifr_mtu) {
		route->mtu = (unsigned)request.ifr_mtu;
	}
	if (fd >= 0) {
		(void)close(fd);
	}
	return is_ok;
}

static bool put_query(const struct route_query *query, struct netlink_request *request,
	struct err *err)
{
	size_t width = width_of(query->target.family);
	struct rtmsg route = {.rtm_family = family_of(&query->target),
		.rtm_dst_len = (unsigned char)(8 * width),
		.rtm_src_len = (unsigned char)(addr_is_set(&query->source) ? 8 * width : 0)};

	netlink_begin(request, RTM_GETROUTE, &route, sizeof route);
	netlink_add(request, RTA_DST, query->target.byte, width);
	if (query->interface != NULL) {
		uint32_t index = if_nametoindex(query->interface);

		if (index == 0) {
			return err_set(err, ERR_NOT_FOUND,
				"no interface named %.40s: see `ip link`", query->interface);
		}
		netlink_add(request, RTA_OIF, &index, sizeof index);
	}
	if (addr_is_set(&query->source)) {
		netlink_add(request, RTA_SRC, query->source.byte, width);
	}
	if (query->mark != 0) {
		uint32_t mark = query->mark;

		netlink_add(request, RTA_MARK, &mark, sizeof mark);
	}
	return true;
}

bool route_lookup(const struct route_query *query, struct route *ret_route, struct err *err)
{
	struct answer answer = {.family = query->target.family};
	struct netlink_request request;
	char text[ADDR_TEXT_MAX];
	int sys;

	if (!put_query(query, &request, err)) {
		return false;
	}
	sys = ask_once(&request, take_route, &answer);
	if (sys != 0 || !answer.has_come) {
		return err_set_sys(err, ERR_NO_ROUTE, sys == 0 ? EPROTO : sys, "no route to %s",
			addr_format(&query->target, text));
	}
	if (addr_is_set(&query->source)) {
		answer.route.source = query->source;
	}
	if (!addr_is_set(&answer.route.source)) {
		return err_set(err, ERR_NO_ROUTE, "no source address towards %s",
			addr_format(&query->target, text));
	}
	if (!find_mtu(&answer.route, err)) {
		return false;
	}
	*ret_route = answer.route;
	return true;
}

static bool find_address(struct netlink *netlink, uint32_t interface, const struct addr *addr)
{
	struct answer answer = {.wanted = *addr, .interface = interface};
	struct ifaddrmsg all = {.ifa_family = family_of(addr)};
	struct netlink_request request;

	netlink_begin(&request, RTM_GETADDR, &all, sizeof all);
	request.header.nlmsg_flags |= NLM_F_DUMP;
	return addr_is_set(addr) && netlink_ask(netlink, &request, take_address, &answer) == 0 &&
	       answer.is_there;
}

bool route_is_own_by(struct netlink *netlink, const struct addr *addr)
{
	return find_address(netlink, 0, addr);
}

static void take_type(void *arg, uint16_t type, const uint8_t *body, size_t len)
{
	struct answer *answer = arg;
	struct rtmsg head;

	if (type == RTM_NEWROUTE && len >= sizeof head) {
		memcpy(&head, body, sizeof head);
		answer->is_there = head.rtm_type == RTN_BROADCAST || head.rtm_type == RTN_MULTICAST ||
			head.rtm_type == RTN_ANYCAST;
	}
}

bool route_is_group_by(struct netlink *netlink, const struct addr *addr)
{
	struct answer answer = {.family = addr->family};
	struct netlink_request request;

	return put_query(&(struct route_query){.target = *addr}, &request, /* err= */ NULL) &&
	       netlink_ask(netlink, &request, take_type, &answer) == 0 && answer.is_there;
}

bool route_has_address(uint32_t interface, const struct addr *addr)
{
	struct netlink netlink;
	bool has;

	if (netlink_open(&netlink) != 0) {
		return false;
	}
	has = find_address(&netlink, interface, addr);
	(void)close(netlink.fd);
	return has;
}

bool route_is_own(const struct addr *addr)
{
	return route_has_address(0, addr);
}

/* What that interface stands upon, and whose part it is; false: there is no such one. */
static bool find_link(uint32_t index, struct answer *ret_answer)
{
	struct ifinfomsg one = {.ifi_family = AF_UNSPEC, .ifi_index = (int)index};
	struct netlink_request request;

	*ret_answer = (struct answer){0};
	netlink_begin(&request, RTM_GETLINK, &one, sizeof one);
	return index != 0 && ask_once(&request, take_link, ret_answer) == 0 && ret_answer->has_come;
}

static bool is_below(uint32_t lower, uint32_t upper)
{
	uint32_t master = lower, link = upper;
	struct answer answer;

	for (int i = 0; i < STACK_MAX && (master != 0 || link != 0); i++) {
		master = find_link(master, &answer) ? answer.master : 0;
		link = find_link(link, &answer) ? answer.link : 0;
		if (master == upper || link == lower) {
			return true;
		}
	}
	return false;
}

bool route_is_stacked(uint32_t interface, uint32_t other)
{
	return interface == other || is_below(interface, other) || is_below(other, interface);
}

/* Unset: it has none, or of a family that is not ours. */
static struct addr address_of(const struct ifaddrs *at)
{
	struct addr addr = {0};
	struct sockaddr_in6 in6;
	struct sockaddr_in in;

	if (at->ifa_addr != NULL && at->ifa_addr->sa_family == AF_INET) {
		memcpy(&in, at->ifa_addr, sizeof in);
		addr.family = ADDR_V4;
		memcpy(addr.byte, &in.sin_addr, 4);
	} else if (at->ifa_addr != NULL && at->ifa_addr->sa_family == AF_INET6) {
		memcpy(&in6, at->ifa_addr, sizeof in6);
		addr.family = ADDR_V6;
		memcpy(addr.byte, &in6.sin6_addr, 16);
	}
	return addr;
}

bool route_other_source(const struct route *route, struct addr *ret_addr)
{
	struct addr of_interface = {0}, of_host = {0};
	struct ifaddrs *list = NULL;

	if (getifaddrs(&list) != 0) {
		return false;
	}
	for (const struct ifaddrs *at = list; at != NULL; at = at->ifa_next) {
		struct addr addr = address_of(at);

		if (addr.family != route->source.family || addr_equal(&addr, &route->source) ||
		    addr_is_loopback(&addr) || addr_is_link_local(&addr)) {
			continue;
		}
		if (strcmp(at->ifa_name, route->interface) == 0) {
			of_interface = addr_is_set(&of_interface) ? of_interface : addr;
		} else if ((at->ifa_flags & IFF_LOOPBACK) != 0) {
			of_host = addr_is_set(&of_host) ? of_host : addr;
		}
	}
	freeifaddrs(list);
	if (!addr_is_set(&of_interface) && !addr_is_set(&of_host)) {
		return false;
	}
	*ret_addr = addr_is_set(&of_interface) ? of_interface : of_host;
	return true;
}

static int watch(unsigned groups)
{
	struct sockaddr_nl from = {.nl_family = AF_NETLINK, .nl_groups = groups};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);

	if (fd >= 0 && bind(fd, (const struct sockaddr *)&from, sizeof from) != 0) {
		(void)close(fd);
		return -1;
	}
	return fd;
}

int route_watch(void)
{
	return watch(RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR | RTMGRP_IPV4_ROUTE |
		RTMGRP_IPV6_ROUTE | RTMGRP_IPV4_RULE | 1U << (RTNLGRP_IPV6_RULE - 1));
}

int route_watch_addresses(void)
{
	return watch(RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR);
}

bool route_watch_drain(int fd)
{
	uint8_t bytes[DRAIN_BYTES];
	bool has_changed = false;

	/* That something has changed is all there is to know; what was more than the kernel keeps
	 * is told by an error, once. */
	for (int i = 0; i < DRAIN_MAX; i++) {
		if (recv(fd, bytes, sizeof bytes, 0) <= 0 && errno != ENOBUFS && errno != EINTR) {
			break;
		}
		has_changed = true;
	}
	return has_changed;
}
