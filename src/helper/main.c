/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * thrupath-packet: started by thrupath with one end of a socket pair, it opens the sockets
 * that need a privilege, gives the privilege up for good, and serves. Before that it reads
 * one message of a fixed layout: which interface, which source.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/fsuid.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "config.h"
#include "helper/sandbox.h"
#include "helper/serve.h"
#include "io/privs.h"

enum { EXIT_BY_HAND = 2, EXIT_REFUSED = 3 };

static bool is_started_by_thrupath(void)
{
	int type = 0, domain = 0;
	socklen_t len = sizeof type;

	return getsockopt(HELPER_FD, SOL_SOCKET, SO_TYPE, &type, &len) == 0 &&
		getsockopt(HELPER_FD, SOL_SOCKET, SO_DOMAIN, &domain, &len) == 0 &&
		type == SOCK_SEQPACKET && domain == AF_UNIX;
}

static bool give_up(struct err *err)
{
	struct err why;

	if (!privs_leave_user(err) || !privs_drop(err)) {
		return false;
	}
	/* An old kernel is no reason not to run: nothing is left to be abused. */
	(void)sandbox_enter(&why);
	return true;
}

int main(int argc, char **argv)
{
	struct serve *serve;
	struct limits limits = limits_default();
	struct err err = {0};
	bool is_ok;

	(void)argv;
	/* What libraries would read there is the asker's. */
	(void)clearenv();
	if (argc != 1 || !is_started_by_thrupath()) {
		(void)fputs("thrupath-packet " PACKAGE_VERSION
			": the packet helper of thrupath, which starts it\n", stderr);
		return EXIT_BY_HAND;
	}
	(void)signal(SIGPIPE, SIG_IGN);
	/* What it opens is the user's, as who counts his captures must see. */
	(void)setfsuid(getuid());
	serve = xcalloc(1, sizeof *serve);
	is_ok = privs_shrink(&err) && limits_read(HELPER_CONF, &limits, &err) &&
		serve_open(serve, HELPER_FD, &limits, getuid(), &err);
	if (is_ok) {
		serve->loop = loop_create_real();
		is_ok = give_up(&err) && serve_run(serve, &err);
	}
	if (!is_ok) {
		serve_refuse(serve, &err);
	}
	serve_finish(serve);
	loop_destroy(serve->loop);
	free(serve);
	return is_ok ? EXIT_SUCCESS : EXIT_REFUSED;
}
