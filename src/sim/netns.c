/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "sim/netns.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "io/privs.h"
#include "sim/rtnl.h"
#include "sim/veth_bridge.h"

/* Locally administered (IEEE 802, second bit of the first octet). */
static const uint8_t near_mac[6] = {0x02, 0, 0, 0, 0, 0x01};
static const uint8_t far_mac[6] = {0x02, 0, 0, 0, 0, 0x02};
static const char near_name[] = "thru0";
static const char far_name[] = "far0";

/* What the child reports: an error, or ERR_NONE when the step is done. */
static bool tell(int fd, const struct err *err)
{
	return send(fd, err, sizeof *err, MSG_NOSIGNAL) == (ssize_t)sizeof *err;
}

static bool hear(int fd, struct err *err)
{
	struct err heard;
	ssize_t len;

	do {
		len = recv(fd, &heard, sizeof heard, MSG_WAITALL);
	} while (len < 0 && errno == EINTR);
	if (len != (ssize_t)sizeof heard) {
		return err_set(err, ERR_IO, "the simulated network ended before it began");
	}
	if (heard.code != ERR_NONE) {
		if (err != NULL) {
			*err = heard;
		}
		return false;
	}
	return true;
}

/* True if all of the text was taken; /proc files take it in one write. */
static bool write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool is_ok;

	if (fd < 0) {
		return false;
	}
	is_ok = write(fd, text, strlen(text)) == (ssize_t)strlen(text);
	(void)close(fd);
	return is_ok;
}

/* Root lacks a capability then, and no setting of user namespaces gives it. */
static bool refused(bool is_root, const char *what, struct err *err)
{
	return err_set_sys(err, ERR_PERMISSION, errno, is_root ?
		"cannot create a %s, even as root: the container needs the capability SYS_ADMIN" :
		"cannot create a %s (allow user namespaces by sysctl, or run the demo as root)", what);
}

static bool enter_user_namespace(unsigned uid, unsigned gid, struct err *err)
{
	char map[40];

	/* A program with file capabilities could not write its own maps otherwise. */
	(void)prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
	if (unshare(CLONE_NEWUSER) != 0) {
		return refused(uid == 0, "user namespace", err);
	}
	(void)write_file("/proc/self/setgroups", "deny");
	(void)snprintf(map, sizeof map, "0 %u 1\n", uid);
	if (!write_file("/proc/self/uid_map", map)) {
		return refused(uid == 0, "user namespace", err);
	}
	(void)snprintf(map, sizeof map, "0 %u 1\n", gid);
	if (!write_file("/proc/self/gid_map", map)) {
		return refused(uid == 0, "user namespace", err);
	}
	return true;
}

static bool enter_network_namespace(struct err *err)
{
	unsigned uid = geteuid();

	if (unshare(CLONE_NEWNET) == 0) {
		return true;
	}
	if (errno != EPERM) {
		return err_set_sys(err, ERR_IO, errno, "cannot create a network namespace");
	}
	return enter_user_namespace(uid, getegid(), err) &&
	       (unshare(CLONE_NEWNET) == 0 || refused(uid == 0, "network namespace", err));
}

static bool set_up(const char *interface, struct err *err)
{
	int fd = rtnl_open(err);
	bool is_ok = fd >= 0 && rtnl_set_up(fd, if_nametoindex(interface), err);

	if (fd >= 0) {
		(void)close(fd);
	}
	return is_ok;
}

/* An end of a veth that came up before the other one drops what is sent until the kernel has
 * noticed the other: a first probe lost that no truth knows of. The last request is to come
 * after what the kernel does in the turn in which it says "running". */
static bool wait_until_running(const char *interface, struct err *err)
{
	static const struct timespec pause = {0, 500000};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq request = {0};
	bool is_running = false;

	(void)snprintf(request.ifr_name, sizeof request.ifr_name, "%.15s", interface);
	for (int i = 0; fd >= 0 && !is_running && i < 4000; i++) {
		is_running = ioctl(fd, SIOCGIFFLAGS, &request) == 0 &&
			(request.ifr_flags & IFF_RUNNING) != 0;
		if (!is_running) {
			(void)nanosleep(&pause, NULL);
		}
	}
	if (fd >= 0) {
		(void)close(fd);
	}
	if (!is_running) {
		return err_set(err, ERR_IO, "interface %s does not begin to run", interface);
	}
	return set_up(interface, err);
}

static void stop_loop(void *arg)
{
	loop_stop(arg);
}

/* All of the child's life but for its beginning and end. */
static void serve(const struct scenario *scenario, const struct netns_options *options, int fd)
{
	struct err err = {0};
	struct err go;
	struct loop *loop = NULL;
	struct sim *sim = NULL;
	struct veth_bridge *bridge = NULL;

	if (unshare(CLONE_NEWNET) != 0) {
		(void)err_set_sys(&err, ERR_IO, errno, "cannot make the far network namespace");
	}
	if (!tell(fd, &err) || err.code != ERR_NONE || !hear(fd, &go)) {
		return;
	}
	loop = loop_create_real();
	sim = sim_create(scenario, options->seed);
	if (set_up(far_name, &err)) {
		bridge = veth_bridge_create(sim, loop, far_name, options->truth_file, &err);
	}
	if (tell(fd, &err) && bridge != NULL && hear(fd, &go)) {
		/* What is left to do takes no privilege. */
		(void)(wait_until_running(far_name, &err) && privs_drop(&err));
		(void)tell(fd, &err);
		loop_fd_add(loop, fd, LOOP_RANK_KEYS, stop_loop, loop);
		loop_run(loop);
	}
	veth_bridge_destroy(bridge);
	sim_destroy(sim);
	loop_destroy(loop);
}

static void run_child(const struct scenario *scenario, const struct netns_options *options, int fd)
{
	int null = open("/dev/null", O_RDWR);

	/* The terminal's signals are for the parent, and its output is not ours to hold open. */
	(void)setsid();
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	(void)prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0);
	(void)prctl(PR_SET_NAME, "thrupath-sim", 0, 0, 0);
	for (int i = 0; null >= 0 && i < 3; i++) {
		(void)dup2(null, i);
	}
	serve(scenario, options, fd);
	_exit(0);
}

/* The gateway is the far end of the prober's first link. */
static const struct scn_link *first_link(const struct scenario *scenario, int *ret_end)
{
	for (size_t i = 0; i < scenario->link_count; i++) {
		const struct scn_link *link = &scenario->link[i];

		if (link->node[0] == scenario->prober || link->node[1] == scenario->prober) {
			*ret_end = link->node[0] == scenario->prober ? 1 : 0;
			return link;
		}
	}
	return NULL;
}

static bool make_pair(const struct scenario *scenario, pid_t child, int rtnl, struct err *err)
{
	struct rtnl_veth veth = {.name = near_name, .peer_name = far_name, .peer_netns = child};
	int end = 0;
	const struct scn_link *link = first_link(scenario, &end);

	if (link == NULL) {
		return err_set(err, ERR_SYNTAX, "the prober has no link");
	}
	veth.mtu_bytes = link->dir[1 - end].mtu_bytes;
	memcpy(veth.mac, near_mac, sizeof near_mac);
	memcpy(veth.peer_mac, far_mac, sizeof far_mac);
	return rtnl_add_veth(rtnl, &veth, err);
}

static bool set_up_near_end(const struct scenario *scenario, int rtnl, struct err *err)
{
	unsigned index = if_nametoindex(near_name);
	int end = 0;
	const struct addr *self = scenario_prober_address(scenario), *gateway;

	gateway = &first_link(scenario, &end)->address[end];
	/* Of the two settings the greater one rules; where this file is not to be written, the
	 * capture still sees every packet. */
	(void)write_file("/proc/sys/net/ipv4/conf/all/rp_filter", "0");
	(void)rtnl_accept_local(rtnl, index, NULL);
	return rtnl_set_up(rtnl, if_nametoindex("lo"), err) &&
		rtnl_add_address(rtnl, index, self, self->family == ADDR_V6 ? 128 : 32, err) &&
		rtnl_set_up(rtnl, index, err) &&
		rtnl_add_neighbour(rtnl, index, gateway, far_mac, err) &&
		rtnl_add_default_route(rtnl, index, gateway, err) &&
		wait_until_running(near_name, err);
}

bool netns_demo_start(const struct scenario *scenario, const struct netns_options *options,
	struct netns_demo *ret_demo, struct err *err)
{
	static const struct netns_options no_options = {0};
	static const struct err go = {0};
	struct netns_demo demo = {.socket = -1};
	int pair[2] = {-1, -1};
	int rtnl = -1;
	bool is_ok = false;

	if (!enter_network_namespace(err)) {
		return false;
	}
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
		return err_set_sys(err, ERR_IO, errno, "cannot create a socket pair");
	}
	demo.socket = pair[0];
	demo.child = fork();
	if (demo.child == 0) {
		(void)close(pair[0]);
		run_child(scenario, options != NULL ? options : &no_options, pair[1]);
	}
	(void)close(pair[1]);
	if (demo.child < 0) {
		(void)err_set_sys(err, ERR_IO, errno, "cannot start the simulated network");
		goto out;
	}
	rtnl = rtnl_open(err);
	is_ok = rtnl >= 0 && hear(demo.socket, err) &&
		make_pair(scenario, demo.child, rtnl, err) &&
		tell(demo.socket, &go) && hear(demo.socket, err) &&
		set_up_near_end(scenario, rtnl, err) &&
		tell(demo.socket, &go) && hear(demo.socket, err);
out:
	if (rtnl >= 0) {
		(void)close(rtnl);
	}
	if (!is_ok) {
		netns_demo_stop(&demo);
		return false;
	}
	(void)snprintf(demo.interface, sizeof demo.interface, "%s", near_name);
	*ret_demo = demo;
	return true;
}

void netns_demo_stop(struct netns_demo *demo)
{
	if (demo == NULL) {
		return;
	}
	if (demo->child > 0) {
		(void)close(demo->socket);
		while (waitpid(demo->child, NULL, 0) < 0 && errno == EINTR) {
		}
	} else if (demo->socket > 0) {
		(void)close(demo->socket);
	}
	*demo = (struct netns_demo){0};
}
