/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "net/route.h"

#include <errno.h>
#include <ifaddrs.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MESSAGE_MAX = 4096 };

struct request {
	struct nlmsghdr header;
	struct rtmsg route;
	uint8_t attributes[64];
};

static void add_attribute(struct request *request, unsigned short type, const void *data,
	size_t len)
{
	size_t at = NLMSG_ALIGN(request->header.nlmsg_len) - sizeof request->header -
		sizeof request->route;
	struct rtattr attribute = {.rta_type = type, .rta_len = (unsigned short)RTA_LENGTH(len)};

	memcpy(request->attributes + at, &attribute, sizeof attribute);
	memcpy(request->attributes + at + RTA_LENGTH(0), data, len);
	request->header.nlmsg_len = (uint32_t)(NLMSG_ALIGN(request->header.nlmsg_len) +
		RTA_LENGTH(len));
}

/* Sends the question and reads the one answer into `answer`; returns its bytes or -errno. */
static ssize_t ask(const struct request *request, uint8_t *answer, size_t cap)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	ssize_t got = -1;

	if (fd < 0) {
		return -errno;
	}
	if (send(fd, request, request->header.nlmsg_len, 0) >= 0) {
		got = recv(fd, answer, cap, 0);
	}
	got = got < 0 ? -errno : got;
	(void)close(fd);
	return got;
}

static size_t width_of(uint8_t family)
{
	return family == ADDR_V6 ? 16 : 4;
}

static void read_attributes(const uint8_t *bytes, size_t len, uint8_t family, struct route *route)
{
	while (len >= sizeof(struct rtattr)) {
		struct rtattr attribute;
		const uint8_t *data = bytes + RTA_LENGTH(0);
		size_t step;

		memcpy(&attribute, bytes, sizeof attribute);
		step = RTA_ALIGN(attribute.rta_len);
		if (attribute.rta_len < RTA_LENGTH(0) || attribute.rta_len > len) {
			return;
		}
		if (attribute.rta_type == RTA_OIF && attribute.rta_len >= RTA_LENGTH(4)) {
			memcpy(&route->interface_index, data, 4);
		} else if (attribute.rta_type == RTA_PREFSRC &&
		           attribute.rta_len >= RTA_LENGTH(width_of(family))) {
			route->source = (struct addr){.family = family};
			memcpy(route->source.byte, data, width_of(family));
		}
		if (step > len) {
			return;
		}
		bytes += step;
		len -= step;
	}
}

static bool read_answer(const uint8_t *answer, size_t len, uint8_t family, struct route *ret_route,
	int *ret_errno)
{
	struct nlmsghdr header;
	struct nlmsgerr error;
	struct route route = {0};

	*ret_errno = EPROTO;
	if (len < sizeof header) {
		return false;
	}
	memcpy(&header, answer, sizeof header);
	if (header.nlmsg_type == NLMSG_ERROR && len >= NLMSG_LENGTH(sizeof error)) {
		memcpy(&error, answer + NLMSG_HDRLEN, sizeof error);
		*ret_errno = -error.error;
		return false;
	}
	if (header.nlmsg_type != RTM_NEWROUTE || header.nlmsg_len > len ||
	    header.nlmsg_len < NLMSG_LENGTH(sizeof(struct rtmsg))) {
		return false;
	}
	read_attributes(answer + NLMSG_SPACE(sizeof(struct rtmsg)),
		header.nlmsg_len - NLMSG_SPACE(sizeof(struct rtmsg)), family, &route);
	*ret_route = route;
	return true;
}

static bool find_mtu(struct route *route, struct err *err)
{
	struct ifreq request = {0};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool is_ok;

	if (if_indextoname((unsigned)route->interface_index, route->interface) == NULL) {
		(void)close(fd);
		return err_set(err, ERR_NOT_FOUND, "the route has no outgoing interface");
	}
	memcpy(request.ifr_name, route->interface, sizeof request.ifr_name);
	is_ok = fd >= 0 && ioctl(fd, SIOCGIFMTU, &request) == 0;
	if (!is_ok) {
		(void)err_set_sys(err, ERR_IO, errno, "cannot read the MTU of %s", route->interface);
	} else {
		route->mtu = (unsigned)request.ifr_mtu;
	}
	(void)close(fd);
	return is_ok;
}

bool route_lookup(const struct route_query *query, struct route *ret_route, struct err *err)
{
	struct request request = {
		.header = {.nlmsg_type = RTM_GETROUTE, .nlmsg_flags = NLM_F_REQUEST,
			.nlmsg_len = NLMSG_LENGTH(sizeof request.route)},
		.route = {.rtm_family = query->target.family == ADDR_V6 ? AF_INET6 : AF_INET,
			.rtm_dst_len = (unsigned char)(8 * width_of(query->target.family))},
	};
	uint8_t answer[MESSAGE_MAX];
	char text[ADDR_TEXT_MAX];
	struct route route;
	ssize_t got;
	int sys;

	add_attribute(&request, RTA_DST, query->target.byte, width_of(query->target.family));
	if (query->interface != NULL) {
		uint32_t index = if_nametoindex(query->interface);

		if (index == 0) {
			return err_set(err, ERR_NOT_FOUND,
				"no interface named %.40s: see `ip link`", query->interface);
		}
		add_attribute(&request, RTA_OIF, &index, sizeof index);
	}
	if (addr_is_set(&query->source)) {
		request.route.rtm_src_len = request.route.rtm_dst_len;
		add_attribute(&request, RTA_SRC, query->source.byte, width_of(query->target.family));
	}
	got = ask(&request, answer, sizeof answer);
	sys = got < 0 ? (int)-got : 0;
	if (got < 0 || !read_answer(answer, (size_t)got, query->target.family, &route, &sys)) {
		return err_set_sys(err, ERR_NOT_FOUND, sys, "no route to %s",
			addr_format(&query->target, text));
	}
	if (addr_is_set(&query->source)) {
		route.source = query->source;
	}
	if (!addr_is_set(&route.source)) {
		return err_set(err, ERR_NOT_FOUND, "no source address towards %s",
			addr_format(&query->target, text));
	}
	if (!find_mtu(&route, err)) {
		return false;
	}
	*ret_route = route;
	return true;
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

bool route_is_own(const struct addr *addr)
{
	struct ifaddrs *list = NULL;
	bool is_own = false;

	if (getifaddrs(&list) != 0) {
		return false;
	}
	for (const struct ifaddrs *at = list; at != NULL && !is_own; at = at->ifa_next) {
		struct addr own = address_of(at);

		is_own = addr_is_set(&own) && addr_equal(&own, addr);
	}
	freeifaddrs(list);
	return is_own;
}

/* fe80::/10 and 169.254/16: nobody beyond the link answers to those. */
static bool is_link_local(const struct addr *addr)
{
	return addr->family == ADDR_V6 ? addr->byte[0] == 0xfe && (addr->byte[1] & 0xc0) == 0x80 :
		addr->byte[0] == 169 && addr->byte[1] == 254;
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
		    addr_is_loopback(&addr) || is_link_local(&addr)) {
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

int route_watch(void)
{
	struct sockaddr_nl from = {.nl_family = AF_NETLINK,
		.nl_groups = RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);

	if (fd >= 0 && bind(fd, (const struct sockaddr *)&from, sizeof from) != 0) {
		(void)close(fd);
		return -1;
	}
	return fd;
}

void route_watch_drain(int fd)
{
	uint8_t bytes[MESSAGE_MAX];

	while (recv(fd, bytes, sizeof bytes, 0) > 0) {
		/* That something has changed is all there is to know. */
	}
}
