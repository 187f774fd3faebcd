/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <sys/socket.h>
#include <unistd.h>

#include "fuzz/fuzz.h"
#include "net/netlink.h"
#include "net/route.h"

/*
 * What rtnetlink says: the input is the datagrams of an answer, each behind two bytes of length. The
 * first byte chooses what is asked. An answer has the number of the question, which is the first.
 */
static void count(void *arg, uint16_t type, const uint8_t *body, size_t len)
{
	size_t found_len = 0;

	(void)type;
	++*(unsigned *)arg;
	for (uint16_t attribute = 0; attribute < 64; attribute++) {
		const uint8_t *found = netlink_nest(body, len, attribute, &found_len);

		MUST(found == NULL || (found >= body && found + found_len <= body + len));
		MUST(netlink_attribute(body, len, attribute, 4) == NULL ||
		     netlink_attribute(body, len, attribute, 4) + 4 <= body + len);
	}
}

static void ask(struct netlink *netlink, uint8_t choice)
{
	static const struct addr v4 = {ADDR_V4, {10, 0, 1, 1}}, v6 = {ADDR_V6, {0xfd, [15] = 1}};
	const struct addr *addr = choice / 3 % 2 == 0 ? &v4 : &v6;
	struct netlink_request request;
	unsigned messages = 0;
	int sys;

	if (choice % 3 == 0) {
		(void)route_is_own_by(netlink, addr);
	} else if (choice % 3 == 1) {
		(void)route_is_group_by(netlink, addr);
	} else {
		netlink_begin(&request, RTM_GETROUTE, &(struct rtmsg){0}, sizeof(struct rtmsg));
		sys = netlink_ask(netlink, &request, count, &messages);
		MUST(sys >= 0 || messages > 0 || sys < 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct netlink netlink = {.fd = -1};
	size_t at = 1;
	int pair[2];

	if (len == 0) {
		return 0;
	}
	MUST(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair) == 0);
	while (at + 2 <= len) {
		size_t size = (size_t)(bytes[at] << 8 | bytes[at + 1]) % 4096;

		at += 2;
		size = size < len - at ? size : len - at;
		/* An empty datagram would be the end of the answers. */
		if (size > 0 && send(pair[1], bytes + at, size, MSG_DONTWAIT) < 0) {
			break;
		}
		at += size;
	}
	MUST(shutdown(pair[1], SHUT_WR) == 0);
	netlink.fd = pair[0];
	ask(&netlink, bytes[0]);
	(void)close(pair[0]);
	(void)close(pair[1]);
	return 0;
}
