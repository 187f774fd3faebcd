/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "sim/rtnl.h"

#include <assert.h>
#include <errno.h>
#include <linux/if_link.h>
#include <linux/ip.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A request that grows; it is small and its size known, so running over is our mistake. */
struct request {
	size_t len;
	union {
		struct nlmsghdr header;
		uint8_t bytes[1024];
	} u;
};

static void *add_bytes(struct request *request, const void *bytes, size_t len)
{
	void *at = request->u.bytes + request->len;

	assert(request->len + NLMSG_ALIGN(len) <= sizeof request->u.bytes);
	if (len > 0) {
		memcpy(at, bytes, len);
	}
	request->len += NLMSG_ALIGN(len);
	return at;
}

static struct request request_of(uint16_t type, uint16_t flags, const void *body, size_t len)
{
	struct request request = {0};

	request.len = NLMSG_HDRLEN;
	request.u.header.nlmsg_type = type;
	request.u.header.nlmsg_flags = (uint16_t)(NLM_F_REQUEST | NLM_F_ACK | flags);
	(void)add_bytes(&request, body, len);
	return request;
}

static size_t add_attribute(struct request *request, int type, const void *value, size_t len)
{
	size_t at = request->len;
	struct rtattr attribute = {.rta_len = (uint16_t)(RTA_LENGTH(0) + len),
		.rta_type = (uint16_t)type};

	(void)add_bytes(request, &attribute, sizeof attribute);
	(void)add_bytes(request, value, len);
	return at;
}

static void add_u32(struct request *request, int type, uint32_t value)
{
	(void)add_attribute(request, type, &value, sizeof value);
}

static void add_text(struct request *request, int type, const char *text)
{
	(void)add_attribute(request, type, text, strlen(text) + 1);
}

/* All that was added since `at` is inside that attribute. */
static void end_nest(struct request *request, size_t at)
{
	uint16_t len = (uint16_t)(request->len - at);

	memcpy(request->u.bytes + at, &len, sizeof len);
}

static bool ask(int fd, struct request *request, const char *what, struct err *err)
{
	union {
		struct nlmsghdr header;
		uint8_t bytes[4096];
	} answer;
	struct nlmsgerr result;
	ssize_t len;

	request->u.header.nlmsg_len = (uint32_t)request->len;
	if (send(fd, request->u.bytes, request->len, 0) < 0) {
		return err_set_sys(err, ERR_IO, errno, "cannot %s", what);
	}
	len = recv(fd, answer.bytes, sizeof answer.bytes, 0);
	if (len < (ssize_t)(NLMSG_HDRLEN + sizeof result) ||
	    answer.header.nlmsg_type != NLMSG_ERROR) {
		return err_set(err, ERR_IO, "cannot %s: no answer from the kernel", what);
	}
	memcpy(&result, answer.bytes + NLMSG_HDRLEN, sizeof result);
	if (result.error != 0) {
		return err_set_sys(err, ERR_IO, -result.error, "cannot %s", what);
	}
	return true;
}

int rtnl_open(struct err *err)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	if (fd < 0) {
		(void)err_set_sys(err, ERR_IO, errno, "cannot open rtnetlink");
	}
	return fd;
}

bool rtnl_add_veth(int fd, const struct rtnl_veth *veth, struct err *err)
{
	struct ifinfomsg link = {.ifi_family = AF_UNSPEC};
	struct request request = request_of(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &link,
		sizeof link);
	size_t info, data, peer;

	add_text(&request, IFLA_IFNAME, veth->name);
	(void)add_attribute(&request, IFLA_ADDRESS, veth->mac, sizeof veth->mac);
	add_u32(&request, IFLA_MTU, veth->mtu_bytes);
	info = add_attribute(&request, IFLA_LINKINFO, NULL, 0);
	add_text(&request, IFLA_INFO_KIND, "veth");
	data = add_attribute(&request, IFLA_INFO_DATA, NULL, 0);
	peer = add_attribute(&request, VETH_INFO_PEER, &link, sizeof link);
	add_text(&request, IFLA_IFNAME, veth->peer_name);
	(void)add_attribute(&request, IFLA_ADDRESS, veth->peer_mac, sizeof veth->peer_mac);
	add_u32(&request, IFLA_MTU, veth->mtu_bytes);
	add_u32(&request, IFLA_NET_NS_PID, (uint32_t)veth->peer_netns);
	end_nest(&request, peer);
	end_nest(&request, data);
	end_nest(&request, info);
	return ask(fd, &request, "make a veth pair", err);
}

bool rtnl_set_up(int fd, unsigned interface, struct err *err)
{
	struct ifinfomsg link = {.ifi_family = AF_UNSPEC, .ifi_index = (int)interface,
		.ifi_flags = IFF_UP, .ifi_change = IFF_UP};
	struct request request = request_of(RTM_NEWLINK, 0, &link, sizeof link);

	return ask(fd, &request, "set an interface up", err);
}

bool rtnl_accept_local(int fd, unsigned interface, struct err *err)
{
	struct ifinfomsg link = {.ifi_family = AF_UNSPEC, .ifi_index = (int)interface};
	struct request request = request_of(RTM_NEWLINK, 0, &link, sizeof link);
	size_t families = add_attribute(&request, IFLA_AF_SPEC, NULL, 0);
	size_t inet = add_attribute(&request, AF_INET, NULL, 0);
	size_t conf = add_attribute(&request, IFLA_INET_CONF, NULL, 0);

	add_u32(&request, IPV4_DEVCONF_ACCEPT_LOCAL, 1);
	add_u32(&request, IPV4_DEVCONF_RP_FILTER, 0);
	end_nest(&request, conf);
	end_nest(&request, inet);
	end_nest(&request, families);
	return ask(fd, &request, "accept local sources", err);
}

static uint8_t family_of(const struct addr *addr)
{
	return addr->family == ADDR_V6 ? AF_INET6 : AF_INET;
}

static size_t width_of(const struct addr *addr)
{
	return addr->family == ADDR_V6 ? 16 : 4;
}

bool rtnl_add_address(int fd, unsigned interface, const struct addr *addr, uint8_t prefix_bits,
	struct err *err)
{
	/* An IPv6 address would not be used before the kernel has asked for its like in vain. */
	struct ifaddrmsg body = {.ifa_family = family_of(addr), .ifa_prefixlen = prefix_bits,
		.ifa_index = interface, .ifa_flags = addr->family == ADDR_V6 ? IFA_F_NODAD : 0};
	struct request request = request_of(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, &body,
		sizeof body);

	(void)add_attribute(&request, IFA_LOCAL, addr->byte, width_of(addr));
	(void)add_attribute(&request, IFA_ADDRESS, addr->byte, width_of(addr));
	return ask(fd, &request, "give an interface its address", err);
}

bool rtnl_add_neighbour(int fd, unsigned interface, const struct addr *addr, const uint8_t mac[6],
	struct err *err)
{
	struct ndmsg body = {.ndm_family = family_of(addr), .ndm_ifindex = (int)interface,
		.ndm_state = NUD_PERMANENT};
	struct request request = request_of(RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE, &body,
		sizeof body);

	(void)add_attribute(&request, NDA_DST, addr->byte, width_of(addr));
	(void)add_attribute(&request, NDA_LLADDR, mac, 6);
	return ask(fd, &request, "add a neighbour", err);
}

bool rtnl_add_default_route(int fd, unsigned interface, const struct addr *gateway,
	struct err *err)
{
	struct rtmsg body = {.rtm_family = family_of(gateway), .rtm_table = RT_TABLE_MAIN,
		.rtm_protocol = RTPROT_STATIC, .rtm_scope = RT_SCOPE_UNIVERSE,
		.rtm_type = RTN_UNICAST, .rtm_flags = RTNH_F_ONLINK};
	struct request request = request_of(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, &body,
		sizeof body);

	(void)add_attribute(&request, RTA_GATEWAY, gateway->byte, width_of(gateway));
	add_u32(&request, RTA_OIF, interface);
	return ask(fd, &request, "add the default route", err);
}
