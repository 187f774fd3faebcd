/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "sim/netns.h"

#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pkt/cursor.h"
#include "pkt/probe_wire.h"

#include "support/check.h"
#include "support/retrace.h"

/*
 * The scenario behind real sockets: the kernel sends and receives, the model answers. Skips
 * where namespaces are not allowed. Each test is a process of its own, as there is no way
 * back out of a namespace.
 */
static const char text[] =
	"prober A 10.0.1.1\nrouter R1 10.0.1.2\nrouter R2 10.0.2.3\n"
	"link A-R1 delay 2ms\nlink R1-R2 delay 3ms\n";

enum { CANNOT = 77, PROBES = 50, PORT = 28525 };

static const ns_t model_rtt = 10 * NS_PER_MS;

static int open_capture(unsigned interface)
{
	struct sockaddr_ll address = {.sll_family = AF_PACKET,
		.sll_ifindex = (int)interface};
	int on = 1;
	int fd = socket(AF_PACKET, SOCK_DGRAM, 0);
	uint8_t all[2] = {0, 3};

	memcpy(&address.sll_protocol, all, sizeof all);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on) != 0 ||
	    bind(fd, (const struct sockaddr *)&address, sizeof address) != 0) {
		return -1;
	}
	return fd;
}

/* The next packet within a second, its stamp and whether it leaves; its length or -1. */
static ssize_t capture(int fd, uint8_t *bytes, size_t cap, ns_t *ret_stamp, bool *ret_outgoing)
{
	char control[128];
	struct sockaddr_ll from = {0};
	struct iovec iov = {bytes, cap};
	struct msghdr message = {.msg_name = &from, .msg_namelen = sizeof from, .msg_iov = &iov,
		.msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
	struct pollfd wait = {.fd = fd, .events = POLLIN};
	struct timespec ts = {0};
	ssize_t len;

	if (poll(&wait, 1, 1000) != 1) {
		return -1;
	}
	len = recvmsg(fd, &message, 0);
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&message); c != NULL; c = CMSG_NXTHDR(&message, c)) {
		if (c->cmsg_type == SO_TIMESTAMPNS) {
			memcpy(&ts, CMSG_DATA(c), sizeof ts);
		}
	}
	*ret_stamp = ns_from_timespec(ts);
	*ret_outgoing = from.sll_pkttype == PACKET_OUTGOING;
	return len;
}

static int compare(const void *a, const void *b)
{
	ns_t x = *(const ns_t *)a, y = *(const ns_t *)b;

	return (x > y) - (x < y);
}

/* Round trip by the kernel's own stamps of one boomerang; NS_NEVER when it is lost. */
static ns_t measure(int raw, int fd, const struct walk *walk, const struct ident *ident,
	uint32_t seq)
{
	struct sockaddr_in to = {.sin_family = AF_INET};
	uint8_t bytes[2048];
	ns_t stamp, left = 0;
	bool is_outgoing;
	ssize_t len;
	size_t size = probe_wire_build(&(struct probe_spec){.walk = walk, .seq = seq,
		.size_bytes = 200, .sport = PORT, .dport = PORT}, ident, bytes, sizeof bytes);

	memcpy(&to.sin_addr, walk->leg[0].dst.byte, 4);
	if (sendto(raw, bytes, size, 0, (const struct sockaddr *)&to, sizeof to) < 0) {
		return NS_NEVER;
	}
	while ((len = capture(fd, bytes, sizeof bytes, &stamp, &is_outgoing)) >= 0) {
		if (is_outgoing && bytes[9] == 4) {
			left = stamp;
		} else if (!is_outgoing && bytes[9] == 17 && len == 140) {
			return stamp - left;
		}
	}
	return NS_NEVER;
}

static int run_boomerangs(const struct scenario *scenario)
{
	struct addr self = *scenario_prober_address(scenario);
	struct addr hops[2] = {addr_v4(0x0a000102), addr_v4(0x0a000203)};
	struct netns_demo demo;
	struct err err = {0};
	struct ident ident;
	struct walk walk;
	ns_t rtt[PROBES];
	int raw, fd;

	if (!netns_demo_start(scenario, NULL, &demo, &err)) {
		printf("# %s\n", err.text);
		return err.code == ERR_PERMISSION ? CANNOT : 1;
	}
	raw = socket(AF_INET, SOCK_RAW, IPPROTO_RAW);
	fd = open_capture(if_nametoindex(demo.interface));
	ident_init(&ident, &(struct siphash_key){1, 2});
	if (raw < 0 || fd < 0 || !walk_retrace(&self, hops, 2, INNER_SOURCE_HOP, &walk)) {
		return 2;
	}
	for (uint32_t i = 0; i < PROBES; i++) {
		rtt[i] = measure(raw, fd, &walk, &ident, i);
		if (rtt[i] == NS_NEVER) {
			printf("# probe %u is lost\n", (unsigned)i);
		}
	}
	netns_demo_stop(&demo);
	qsort(rtt, PROBES, sizeof rtt[0], compare);
	printf("# rtt least %lld us, median %lld us, most %lld us; the model's is %lld us\n",
		(long long)(rtt[0] / 1000), (long long)(rtt[PROBES / 2] / 1000),
		(long long)(rtt[PROBES - 1] / 1000), (long long)(model_rtt / 1000));
	/* None before its time, none lost, and most of them close to it. */
	return rtt[0] >= model_rtt && rtt[PROBES - 1] != NS_NEVER &&
		rtt[PROBES / 2] < model_rtt + NS_PER_MS ? 0 : 3;
}

/* Runs it in a process, as this user or as another one. */
static int in_process(uid_t uid)
{
	int status = 0;
	pid_t child;

	(void)fflush(NULL);
	child = fork();
	if (child == 0) {
		struct scenario scenario;
		int result = 4;

		if (uid != getuid() && setresuid(uid, uid, uid) != 0) {
			_exit(CANNOT);
		}
		if (scenario_parse("test", text, strlen(text), &scenario, NULL)) {
			result = run_boomerangs(&scenario);
			scenario_finish(&scenario);
		}
		(void)fflush(NULL);
		_exit(result);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 5;
}

static void assert_works_or_skip(int result)
{
	if (result == CANNOT) {
		assert_null(getenv("REQUIRE_LAB"));
		skip();
	}
	assert_int_equal(result, 0);
}

static void test_boomerang_through_the_kernel_takes_the_models_time(void **state)
{
	(void)state;

	assert_works_or_skip(in_process(getuid()));
}

static void test_ordinary_user_gets_a_world_as_well(void **state)
{
	(void)state;

	assert_works_or_skip(in_process(getuid() == 0 ? 65534 : getuid()));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_boomerang_through_the_kernel_takes_the_models_time),
		cmocka_unit_test(test_ordinary_user_gets_a_world_as_well),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
