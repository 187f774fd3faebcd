/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "net/gateway.h"

#include <errno.h>
#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/neighbour.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

#include "pkt/cursor.h"

static const ns_t HOLDS = NS_PER_SEC;

/* In these states of an entry its link address is one that packets go to. */
enum { USABLE = NUD_REACHABLE | NUD_STALE | NUD_DELAY | NUD_PROBE | NUD_PERMANENT };

/* What one question is answered with. */
struct answer {
	uint8_t family;          /* of the question's addresses */
	struct addr gateway;
	uint32_t interface;
	bool is_ethernet, has_link_address;
	uint8_t link_address[ETH_ALEN];
};

bool gateway_open(struct gateway *gateway, struct err *err)
{
	int sys = netlink_open(&gateway->netlink);

	return sys == 0 || err_set_sys(err, ERR_IO, sys, "cannot ask for routes");
}

void gateway_close(struct gateway *gateway)
{
	if (gateway->netlink.fd >= 0) {
		(void)close(gateway->netlink.fd);
	}
	gateway->netlink.fd = -1;
}

static size_t width_of(uint8_t family)
{
	return family == ADDR_V6 ? 16 : 4;
}

static uint8_t kernel_family(uint8_t family)
{
	return family == ADDR_V6 ? AF_INET6 : AF_INET;
}

static void set_addr(struct addr *addr, uint8_t family, const uint8_t *bytes)
{
	*addr = (struct addr){.family = family};
	memcpy(addr->byte, bytes, width_of(family));
}

/* RTA_VIA, of a gateway in the other family: | family 2 | address |. */
static void read_via(const uint8_t *attributes, size_t len, struct addr *ret_addr)
{
	size_t via_len = 0;
	const uint8_t *via = netlink_nest(attributes, len, RTA_VIA, &via_len);
	uint16_t family;

	if (via == NULL || via_len < sizeof family) {
		return;
	}
	memcpy(&family, via, sizeof family);
	if (family == AF_INET6 && via_len >= sizeof family + 16) {
		set_addr(ret_addr, ADDR_V6, via + sizeof family);
	} else if (family == AF_INET && via_len >= sizeof family + 4) {
		set_addr(ret_addr, ADDR_V4, via + sizeof family);
	}
}

static void take_route(void *arg, uint16_t type, const uint8_t *body, size_t len)
{
	struct answer *answer = arg;
	size_t fixed = NLMSG_ALIGN(sizeof(struct rtmsg));
	const uint8_t *found;

	if (type != RTM_NEWROUTE || len < fixed) {
		return;
	}
	body += fixed;
	len -= fixed;
	found = netlink_attribute(body, len, RTA_OIF, sizeof answer->interface);
	if (found != NULL) {
		memcpy(&answer->interface, found, sizeof answer->interface);
	}
	found = netlink_attribute(body, len, RTA_GATEWAY, width_of(answer->family));
	if (found != NULL) {
		set_addr(&answer->gateway, answer->family, found);
	} else {
		read_via(body, len, &answer->gateway);
	}
}

static void take_link(void *arg, uint16_t type, const uint8_t *body, size_t len)
{
	struct answer *answer = arg;
	struct ifinfomsg head;

	if (type == RTM_NEWLINK && len >= sizeof head) {
		memcpy(&head, body, sizeof head);
		answer->is_ethernet = head.ifi_type == ARPHRD_ETHER;
	}
}

static void take_neighbour(void *arg, uint16_t type, const uint8_t *body, size_t len)
{
	struct answer *answer = arg;
	size_t fixed = NLMSG_ALIGN(sizeof(struct ndmsg));
	const uint8_t *found;
	struct ndmsg head;

	if (type != RTM_NEWNEIGH || len < fixed) {
		return;
	}
	memcpy(&head, body, sizeof head);
	found = netlink_attribute(body + fixed, len - fixed, NDA_LLADDR, ETH_ALEN);
	if ((head.ndm_state & USABLE) != 0 && found != NULL) {
		answer->has_link_address = true;
		memcpy(answer->link_address, found, ETH_ALEN);
	}
}

static int ask_route(struct gateway *gateway, const struct gateway_way *way,
	struct answer *ret_answer)
{
	size_t width = width_of(way->towards.family);
	struct rtmsg route = {.rtm_family = kernel_family(way->towards.family),
		.rtm_dst_len = (unsigned char)(8 * width), .rtm_src_len = (unsigned char)(8 * width)};
	struct netlink_request request;
	uint32_t mark = way->mark;

	netlink_begin(&request, RTM_GETROUTE, &route, sizeof route);
	netlink_add(&request, RTA_DST, way->towards.byte, width);
	netlink_add(&request, RTA_SRC, way->self.byte, width);
	if (way->interface != 0) {
		netlink_add(&request, RTA_OIF, &way->interface, sizeof way->interface);
	}
	if (mark != 0) {
		netlink_add(&request, RTA_MARK, &mark, sizeof mark);
	}
	*ret_answer = (struct answer){.family = way->towards.family};
	return netlink_ask(&gateway->netlink, &request, take_route, ret_answer);
}

static int ask_link(struct gateway *gateway, uint32_t interface, struct answer *answer)
{
	struct ifinfomsg one = {.ifi_family = AF_UNSPEC, .ifi_index = (int)interface};
	struct netlink_request request;

	netlink_begin(&request, RTM_GETLINK, &one, sizeof one);
	return netlink_ask(&gateway->netlink, &request, take_link, answer);
}

/* Of an address that nobody has asked for there is no entry. */
static int ask_neighbour(struct gateway *gateway, uint32_t interface, const struct addr *address,
	struct answer *answer)
{
	struct ndmsg one = {.ndm_family = kernel_family(address->family),
		.ndm_ifindex = (int)interface};
	struct netlink_request request;
	int sys;

	answer->has_link_address = false;
	netlink_begin(&request, RTM_GETNEIGH, &one, sizeof one);
	netlink_add(&request, NDA_DST, address->byte, width_of(address->family));
	sys = netlink_ask(&gateway->netlink, &request, take_neighbour, answer);
	return sys == ENOENT ? 0 : sys;
}

/* The gateway is known by another address than the one that is asked for: as that of IPv6 is by
 * one of its link. Then both have one link address. */
static bool is_the_same(struct gateway *gateway, const struct gateway_way *way,
	const struct answer *answer)
{
	struct answer other = *answer;

	if (!addr_is_set(&way->by) || addr_equal(&way->by, &answer->gateway)) {
		return true;
	}
	return answer->has_link_address &&
	       ask_neighbour(gateway, answer->interface, &way->by, &other) == 0 &&
	       other.has_link_address &&
	       memcmp(other.link_address, answer->link_address, ETH_ALEN) == 0;
}

static void keep_link(struct gateway *gateway, const struct answer *answer)
{
	struct sockaddr_ll link = {.sll_family = AF_PACKET, .sll_halen = ETH_ALEN,
		.sll_ifindex = (int)answer->interface};
	uint8_t protocol[2];

	put_be16(protocol, answer->family == ADDR_V6 ? ETH_P_IPV6 : ETH_P_IP);
	memcpy(&link.sll_protocol, protocol, sizeof protocol);
	memcpy(link.sll_addr, answer->link_address, ETH_ALEN);
	memset(&gateway->link, 0, sizeof gateway->link);
	memcpy(&gateway->link, &link, sizeof link);
	gateway->link_len = sizeof link;
	gateway->address = answer->gateway;
}

static int ask(struct gateway *gateway, const struct gateway_way *way)
{
	struct answer answer;
	int sys = ask_route(gateway, way, &answer);

	if (sys != 0 || !addr_is_set(&answer.gateway) || answer.interface == 0) {
		gateway->link_len = 0;
		return sys == 0 ? EDESTADDRREQ : EHOSTUNREACH;
	}
	sys = ask_link(gateway, answer.interface, &answer);
	if (sys == 0 && answer.is_ethernet) {
		sys = ask_neighbour(gateway, answer.interface, &answer.gateway, &answer);
	}
	if (sys != 0 || !answer.is_ethernet) {
		gateway->link_len = 0;
		return sys == 0 ? EOPNOTSUPP : EHOSTUNREACH;
	}
	if (answer.has_link_address) {
		gateway->link_len = 0;
		if (!is_the_same(gateway, way, &answer)) {
			return EDESTADDRREQ;
		}
		keep_link(gateway, &answer);
	} else if (!addr_equal(&gateway->address, &answer.gateway)) {
		gateway->link_len = 0;
	}
	return gateway->link_len > 0 ? 0 : EHOSTUNREACH;
}

static bool is_same_way(const struct gateway_way *a, const struct gateway_way *b)
{
	return addr_equal(&a->self, &b->self) && addr_equal(&a->towards, &b->towards) &&
	       addr_equal(&a->by, &b->by) && a->interface == b->interface && a->mark == b->mark;
}

int gateway_find(struct gateway *gateway, const struct gateway_way *way, ns_t now,
	struct sockaddr_storage *ret_link, socklen_t *ret_len)
{
	if (!is_same_way(way, &gateway->way)) {
		gateway->link_len = 0;
		gateway->asked_at = 0;
	}
	if (gateway->asked_at == 0 || now >= gateway->asked_at + HOLDS || gateway->sys != 0) {
		gateway->way = *way;
		gateway->asked_at = now;
		gateway->sys = ask(gateway, way);
	}
	if (gateway->sys == 0) {
		*ret_link = gateway->link;
		*ret_len = gateway->link_len;
	}
	return gateway->sys;
}
