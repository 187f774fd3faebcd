/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "net/reserve.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "net/rawsock.h"

/* The kernel's choice first: on most hosts few ports are in use. Where many are, it gives out none
 * of its own beyond the range of ephemeral ones. */
enum { TRIES = 64, TRIES_EPHEMERAL = 8, FDS_MORE = 64, PORT_LOW = 10000,
	EPHEMERAL_LOW = 32768, EPHEMERAL_HIGH = 60999 };

static void keep(struct reserve *reserve, int fd)
{
	reserve->fd = xgrow(reserve->fd, &reserve->capacity, reserve->count, sizeof *reserve->fd);
	reserve->fd[reserve->count++] = fd;
}

static void let_go(struct reserve *reserve)
{
	while (reserve->count > 0) {
		(void)close(reserve->fd[--reserve->count]);
	}
	reserve->sink_fd[0] = reserve->sink_fd[1] = -1;
}

void reserve_finish(struct reserve *reserve)
{
	let_go(reserve);
	free(reserve->fd);
	*reserve = (struct reserve){.sink_fd = {-1, -1}};
}

static bool has_family(const struct reply_context *context, uint8_t family)
{
	return context->self.family == family || context->self_other.family == family;
}

/* 0 or an errno. One socket of IPv6 takes the port of IPv4 as well. */
static int bind_one(struct reserve *reserve, const struct reply_context *context, int type,
	uint16_t port)
{
	uint8_t family = has_family(context, ADDR_V6) ? ADDR_V6 : ADDR_V4;
	int fd = rawsock_open_bound(family, type, port);

	if (fd < 0) {
		return -fd;
	}
	keep(reserve, fd);
	return 0;
}

static int bind_row(struct reserve *reserve, const struct reply_context *context, int type,
	unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		uint16_t port = flow_port(context->to_source_port, i);
		int sys = type == SOCK_DGRAM && port == context->port ? 0 :
			bind_one(reserve, context, type, port);

		if (sys != 0) {
			return sys;
		}
	}
	return 0;
}

static int bind_sources(struct reserve *reserve, const struct reply_context *context)
{
	int sys = 0;

	if (reply_context_port_of(context, CARRIED_UDP) != 0) {
		sys = bind_row(reserve, context, SOCK_DGRAM, FLOW_MAX);
	}
	if (sys == 0 && reply_context_port_of(context, CARRIED_TCP) != 0) {
		sys = bind_row(reserve, context, SOCK_STREAM, FLOW_PORTS);
	}
	return sys;
}

static bool bind_sinks(struct reserve *reserve, const struct reply_context *context,
	uint16_t *port, struct err *err)
{
	static const uint8_t families[] = {ADDR_V4, ADDR_V6};

	for (size_t i = 0; i < 2; i++) {
		if (has_family(context, families[i])) {
			reserve->sink_fd[i] = rawsock_open_sink(families[i], *port, port, err);
			if (reserve->sink_fd[i] < 0) {
				return false;
			}
			keep(reserve, reserve->sink_fd[i]);
		}
	}
	return true;
}

/* From which on as many ports lie outside of what the kernel gives out; 0: it may choose. */
static uint16_t choose_port(int tried)
{
	unsigned low = EPHEMERAL_LOW, high = EPHEMERAL_HIGH, below, above, choice;
	FILE *file = fopen("/proc/sys/net/ipv4/ip_local_port_range", "re");
	uint16_t word;

	if (file != NULL) {
		if (fscanf(file, "%u %u", &low, &high) != 2) {
			low = EPHEMERAL_LOW;
			high = EPHEMERAL_HIGH;
		}
		(void)fclose(file);
	}
	below = low > PORT_LOW + FLOW_PORTS ? low - PORT_LOW - FLOW_PORTS : 0;
	above = high < UINT16_MAX - FLOW_PORTS ? UINT16_MAX - FLOW_PORTS - high : 0;
	if (tried < TRIES_EPHEMERAL || below + above == 0 || getentropy(&word, sizeof word) != 0) {
		return 0;
	}
	choice = word % (below + above);
	return (uint16_t)(choice < below ? PORT_LOW + choice : high + 1 + choice - below);
}

/* What every process may have open may be less than there are ports. */
static void raise_limit(void)
{
	struct rlimit limit;
	rlim_t wanted = FLOW_PORTS + FLOW_MAX + FDS_MORE;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < wanted) {
		limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
		(void)setrlimit(RLIMIT_NOFILE, &limit);
	}
}

static bool refuse(const struct reply_context *context, bool is_chosen, int sys, struct err *err)
{
	unsigned count = reply_context_port_of(context, CARRIED_TCP) != 0 ? FLOW_PORTS : FLOW_MAX;
	uint16_t first = context->to_source_port, last = flow_port(first, count - 1);

	if (sys == EADDRINUSE && is_chosen) {
		return err_set(err, ERR_IO, "a source port from %u to %u is in use by another program: "
			"choose others with --localport", first < last ? first : last,
			first < last ? last : first);
	}
	return err_set_sys(err, ERR_IO, sys, "cannot bind %u source ports", count);
}

bool reserve_ports(struct reserve *reserve, struct reply_context *context, bool is_lenient,
	struct err *err)
{
	struct reply_context wanted = *context;
	bool is_chosen = context->to_source_port != 0, has_sinks = false;
	struct err why = {0};
	int sys = EADDRINUSE;

	raise_limit();
	for (int tried = 0; tried < TRIES && sys == EADDRINUSE && !(has_sinks && is_chosen); tried++) {
		uint16_t port = is_chosen ? 0 : choose_port(tried);

		let_go(reserve);
		wanted = *context;
		has_sinks = bind_sinks(reserve, &wanted, &port, &why);
		sys = why.sys;
		if (has_sinks) {
			reply_context_set_port(&wanted, port);
			sys = bind_sources(reserve, &wanted);
		}
	}
	if (!has_sinks) {
		return err_set_sys(err, ERR_IO, sys, "cannot bind the port of returning probes");
	}
	if (sys != 0 && !is_lenient) {
		return refuse(&wanted, is_chosen, sys, err);
	}
	*context = wanted;
	return true;
}
