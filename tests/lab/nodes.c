/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "labnet.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

bool lab_enter(const struct lab *lab, size_t node, struct err *err)
{
	return setns(lab->node_ns[node], CLONE_NEWNET) == 0 ||
	       err_set_sys(err, ERR_IO, errno, "cannot enter the namespace of a node");
}

/* Namespaces have no names: they go when the last process does. */
static bool make_namespace(int *ret_fd, struct err *err)
{
	if (unshare(CLONE_NEWNET) != 0 ||
	    (*ret_fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC)) < 0) {
		return err_set_sys(err, ERR_IO, errno, "cannot make a network namespace");
	}
	return true;
}

static int open_tun(const char *name, short flags)
{
	struct ifreq request = {.ifr_flags = flags};
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);

	(void)snprintf(request.ifr_name, sizeof request.ifr_name, "%s", name);
	if (fd >= 0 && ioctl(fd, TUNSETIFF, &request) != 0) {
		(void)close(fd);
		fd = -1;
	}
	return fd;
}

static bool write_sysctl(const char *name, unsigned value, struct err *err)
{
	char path[160];
	FILE *file;

	(void)snprintf(path, sizeof path, "/proc/sys/net/%s", name);
	file = fopen(path, "we");
	if (file == NULL || fprintf(file, "%u\n", value) < 0 || fclose(file) != 0) {
		return err_set_sys(err, ERR_IO, errno, "cannot set %s", name);
	}
	return true;
}

static bool set_sysctls(const struct scn_node *node, struct err *err)
{
	static const struct { const char *name; unsigned value; } rows[] = {
		{"ipv4/ip_forward", 1},
		{"ipv4/conf/all/accept_local", 1}, {"ipv4/conf/default/accept_local", 1},
		{"ipv4/conf/all/rp_filter", 0}, {"ipv4/conf/default/rp_filter", 0},
		{"ipv4/conf/all/send_redirects", 0}, {"ipv4/conf/default/send_redirects", 0},
		{"ipv4/icmp_errors_use_inbound_ifaddr", 1},
		{"ipv4/icmp_msgs_per_sec", 1000000}, {"ipv4/icmp_msgs_burst", 100000},
		{"ipv6/conf/all/forwarding", 1}, {"ipv6/conf/default/forwarding", 1},
		{"ipv6/conf/all/accept_dad", 0}, {"ipv6/conf/default/accept_dad", 0},
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (!write_sysctl(rows[i].name, rows[i].value, err)) {
			return false;
		}
	}
	/* Milliseconds for one token and destination; the bucket of six is the kernel's. */
	return write_sysctl("ipv4/icmp_ratelimit",
			(unsigned)(node->params.icmp_rate.period / NS_PER_MS), err) &&
	       write_sysctl("ipv6/icmp/ratelimit",
			(unsigned)(node->params.icmp_rate.period / NS_PER_MS), err);
}

/* Which neighbour leads from `node` towards `to`: breadth first, as written first. */
static int next_neighbour(const struct scenario *scn, size_t node, size_t to)
{
	uint16_t queue[LAB_NODES_MAX];
	bool is_seen[LAB_NODES_MAX] = {false};
	size_t head = 0, tail = 0;

	/* From the target outwards, so that the first link that meets `node` is the way. */
	queue[tail++] = (uint16_t)to;
	is_seen[to] = true;
	while (head < tail) {
		uint16_t at = queue[head++];

		for (size_t i = 0; i < scn->link_count; i++) {
			const struct scn_link *link = &scn->link[i];
			int side = link->node[0] == at ? 1 : link->node[1] == at ? 0 : -1;

			if (side < 0 || is_seen[link->node[side]]) {
				continue;
			}
			if (link->node[side] == node) {
				return at;
			}
			is_seen[link->node[side]] = true;
			queue[tail++] = link->node[side];
		}
	}
	return -1;
}

/* The link that joins two nodes, and on which side of it the first one is. */
static const struct scn_link *link_between(const struct scenario *scn, size_t a, size_t b,
	int *side)
{
	for (size_t i = 0; i < scn->link_count; i++) {
		*side = scn->link[i].node[0] == a ? 0 : 1;
		if (scn->link[i].node[*side] == a && scn->link[i].node[!*side] == b) {
			return &scn->link[i];
		}
	}
	return NULL;
}

/* `onlink`: of IPv6 the kernel would not know the neighbour's route so early. */
static void write_via(FILE *ip, const struct lab *lab, size_t node, size_t via, bool is_many)
{
	const struct scenario *scn = lab->scenario;
	char text[ADDR_TEXT_MAX];
	int side;
	const struct scn_link *link = link_between(scn, node, via, &side);

	if (link != NULL) {
		(void)fprintf(ip, " %s via %s dev %s onlink", is_many ? "nexthop" : "",
			addr_format(&link->address[!side], text), lab->end[link - scn->link][side].device);
	}
}

/* Behind a bridge are addresses that a link of the other family does not lead to. */
static bool is_of_family(const struct scenario *scn, size_t node, size_t via, uint8_t family)
{
	int side;
	const struct scn_link *link = link_between(scn, node, via, &side);

	return link != NULL && link->address[!side].family == family;
}

static void write_route(FILE *ip, const struct lab *lab, size_t node, size_t to,
	const struct addr *address)
{
	const struct scenario *scn = lab->scenario;
	const struct scn_route *route = NULL;
	char text[ADDR_TEXT_MAX];
	struct addr self;
	int via = next_neighbour(scn, node, to);

	for (size_t i = 0; i < scn->route_count; i++) {
		if (scn->route[i].node == node && scn->route[i].to == to) {
			route = &scn->route[i];
		}
	}
	if (route == NULL && (via < 0 || !is_of_family(scn, node, (size_t)via, address->family))) {
		return;
	}
	(void)fprintf(ip, "route replace %s", addr_format(address, text));
	self = scenario_node_address_of(scn, (uint16_t)node, address->family);
	if (node == scn->prober && addr_is_set(&self)) {
		(void)fprintf(ip, " src %s", addr_format(&self, text));
	}
	if (route == NULL) {
		write_via(ip, lab, node, (size_t)via, false);
	}
	for (size_t i = 0; route != NULL && i < route->via_count; i++) {
		write_via(ip, lab, node, route->via[i], route->via_count > 1);
	}
	(void)fputc('\n', ip);
}

static void write_ends(FILE *ip, const struct lab *lab, size_t node)
{
	const struct scenario *scn = lab->scenario;

	for (size_t i = 0; i < scn->link_count; i++) {
		for (int side = 0; side < 2; side++) {
			const struct scn_link *link = &scn->link[i];
			const struct lab_end *end = &lab->end[i][side], *far = &lab->end[i][!side];
			char near_text[ADDR_TEXT_MAX], far_text[ADDR_TEXT_MAX];

			if (link->node[side] != node) {
				continue;
			}
			(void)addr_format(&link->address[side], near_text);
			(void)addr_format(&link->address[!side], far_text);
			(void)fprintf(ip, "link set %s address %02x:%02x:%02x:%02x:%02x:%02x mtu %u up\n",
				end->device, end->mac[0], end->mac[1], end->mac[2], end->mac[3],
				end->mac[4], end->mac[5], link->dir[side].mtu_bytes);
			(void)fprintf(ip, "addr add %s peer %s dev %s%s\n", near_text, far_text, end->device,
				link->address[side].family == ADDR_V6 ? " nodad" : "");
			(void)fprintf(ip, "neigh replace %s lladdr %02x:%02x:%02x:%02x:%02x:%02x dev %s "
				"nud permanent\n", far_text, far->mac[0], far->mac[1], far->mac[2],
				far->mac[3], far->mac[4], far->mac[5], end->device);
		}
	}
}

static void write_routes(FILE *ip, const struct lab *lab, size_t node)
{
	const struct scenario *scn = lab->scenario;

	for (size_t i = 0; i < scn->link_count; i++) {
		for (int side = 0; side < 2; side++) {
			/* The far end of an own link is reached by the link itself. */
			if (scn->link[i].node[side] != node && scn->link[i].node[!side] != node) {
				write_route(ip, lab, node, scn->link[i].node[side],
					&scn->link[i].address[side]);
			}
		}
	}
}

static bool configure(const struct lab *lab, size_t node, struct err *err)
{
	FILE *ip = popen("ip -batch -", "we");

	if (ip == NULL) {
		return err_set_sys(err, ERR_IO, errno, "cannot run ip");
	}
	(void)fprintf(ip, "link set lo up\n");
	write_ends(ip, lab, node);
	if (lab->decap_out[node] >= 0) {
		(void)fprintf(ip, "link set decap0 mtu 65535 up\n");
	}
	write_routes(ip, lab, node);
	return pclose(ip) == 0 || err_set(err, ERR_IO, "ip refused the set-up of node %s",
		lab->scenario->node[node].id);
}

/* Hops that never answer: what the kernel would say is dropped on its way out. */
static bool silence(const struct scn_node *node, struct err *err)
{
	FILE *nft;

	if (node->params.icmp) {
		return true;
	}
	nft = popen("nft -f -", "we");
	if (nft == NULL) {
		return err_set_sys(err, ERR_IO, errno, "cannot run nft");
	}
	(void)fprintf(nft, "table inet lab { chain out { type filter hook output priority 0; "
		"icmp type { time-exceeded, destination-unreachable } drop; "
		"icmpv6 type { time-exceeded, destination-unreachable, parameter-problem } drop; }; }\n");
	return pclose(nft) == 0 || err_set(err, ERR_IO, "nft refused the set-up of node %s", node->id);
}

/* The kernel gives the protocols of a carrier to a raw socket and then answers no "protocol
 * unreachable"; a socket that nobody reads makes a hop that swallows it. */
static bool open_decap(struct lab *lab, size_t node, struct err *err)
{
	enum decap_mode mode = lab->scenario->node[node].params.decap;
	static const struct { int family, protocol; } kinds[CARRIER_COUNT][LAB_DECAPS] = {
		[CARRIER_IPIP] = {{AF_INET, 4}, {AF_INET, 41}, {AF_INET6, 41}, {AF_INET6, 4}},
		[CARRIER_GRE] = {{AF_INET, 47}, {AF_INET6, 47}}};
	enum carrier carrier = lab->scenario->node[node].params.carrier;
	int bytes = 4 << 20;

	memset(lab->decap_in[node], -1, sizeof lab->decap_in[node]);
	lab->decap_out[node] = -1;
	if (node == lab->scenario->prober || (mode != DECAP_YES && mode != DECAP_SILENT)) {
		return true;
	}
	for (int i = 0; i < LAB_DECAPS && kinds[carrier][i].family != 0; i++) {
		int fd = socket(kinds[carrier][i].family, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
			kinds[carrier][i].protocol);

		if (fd < 0) {
			return err_set_sys(err, ERR_IO, errno, "cannot open a raw socket");
		}
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes);
		lab->decap_in[node][i] = fd;
	}
	if (mode == DECAP_YES) {
		lab->decap_out[node] = open_tun("decap0", IFF_TUN | IFF_NO_PI);
		if (lab->decap_out[node] < 0) {
			return err_set_sys(err, ERR_IO, errno, "cannot open a TUN device");
		}
	}
	return true;
}

static bool open_ends(struct lab *lab, size_t node, struct err *err)
{
	const struct scenario *scn = lab->scenario;

	for (size_t i = 0; i < scn->link_count; i++) {
		for (int side = 0; side < 2; side++) {
			struct lab_end *end = &lab->end[i][side];

			if (scn->link[i].node[side] != node) {
				continue;
			}
			(void)snprintf(end->device, sizeof end->device, "t%u%c-%.8s", (unsigned)i % 100,
				"ab"[side], scn->node[scn->link[i].node[!side]].id);
			end->stamped = -1;
			memcpy(end->mac, (const uint8_t[]){2, 0, 0, 0, (uint8_t)i, (uint8_t)side}, 6);
			end->fd = open_tun(end->device, IFF_TAP | IFF_NO_PI);
			if (end->fd < 0) {
				return err_set_sys(err, ERR_IO, errno, "cannot open the TAP device %s",
					end->device);
			}
		}
	}
	return true;
}

/* When a probe left, the kernel says: our own wake-up would be measured as delay. */
static bool open_stamped(struct lab_end *end, struct err *err)
{
	struct sockaddr_ll address = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = (int)if_nametoindex(end->device)};
	struct sock_filter only_outgoing[] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, (uint32_t)(SKF_AD_OFF + SKF_AD_PKTTYPE)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PACKET_OUTGOING, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, 0xffff),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_fprog program = {.len = 4, .filter = only_outgoing};
	int on = 1, bytes = 8 << 20;

	end->stamped = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (end->stamped < 0 ||
	    setsockopt(end->stamped, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) != 0 ||
	    setsockopt(end->stamped, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on) != 0 ||
	    setsockopt(end->stamped, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes) != 0 ||
	    bind(end->stamped, (struct sockaddr *)&address, sizeof address) != 0) {
		return err_set_sys(err, ERR_IO, errno, "cannot watch %s", end->device);
	}
	return true;
}

static bool watch_prober(struct lab *lab, struct err *err)
{
	const struct scenario *scn = lab->scenario;

	if (!lab_enter(lab, scn->prober, err)) {
		return false;
	}
	for (size_t i = 0; i < scn->link_count; i++) {
		for (int side = 0; side < 2; side++) {
			if (scn->link[i].node[side] == scn->prober &&
			    !open_stamped(&lab->end[i][side], err)) {
				return false;
			}
		}
	}
	return true;
}

bool lab_build(struct lab *lab, const struct scenario *scn, struct err *err)
{
	lab->scenario = scn;
	lab->home_ns = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	if (scn->node_count > LAB_NODES_MAX || scn->link_count > LAB_LINKS_MAX) {
		return err_set(err, ERR_LIMIT, "the lab has room for %d nodes and %d links",
			LAB_NODES_MAX, LAB_LINKS_MAX);
	}
	for (size_t node = 0; node < scn->node_count; node++) {
		if (!make_namespace(&lab->node_ns[node], err) ||
		    !set_sysctls(&scn->node[node], err) || !open_ends(lab, node, err) ||
		    !open_decap(lab, node, err) || !silence(&scn->node[node], err)) {
			return false;
		}
	}
	for (size_t node = 0; node < scn->node_count; node++) {
		if (!lab_enter(lab, node, err) || !configure(lab, node, err)) {
			return false;
		}
	}
	return watch_prober(lab, err) && setns(lab->home_ns, CLONE_NEWNET) == 0;
}
