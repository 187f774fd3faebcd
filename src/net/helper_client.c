/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "net/helper_client.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "io/fds.h"
#include "io/privs.h"
#include "net/helper_wire.h"

enum { OUT_BYTES = 8192, MESSAGES_A_TURN = 64, READY_WITHIN_MS = 5000, END_WITHIN_MS = 1000,
	NOT_STARTED = 127 };

static const ns_t CLOCK_STEP = 10 * NS_PER_MS;
static const ns_t ASK_EVERY = NS_PER_SEC;
static const ns_t ANSWER_WITHIN = 3 * NS_PER_SEC;

struct helper_client {
	struct transport base;
	struct transport_config common;
	struct transport_events events;
	struct loop *loop;                    /* NULL until start */
	struct loop_timer timer;
	ns_t timer_due, asked_at;             /* asked_at: NS_NEVER when nothing is owed */
	ns_t realtime_offset;
	struct transport_counters counters;
	int fd;
	pid_t pid;
	bool has_failed;
	bool is_move_owed;                    /* the helper has not heard of it yet: */
	struct transport_home home;
	struct wcursor out;
	struct helper_record record;
	bool has_walk[HELPER_SLOTS];
	struct walk walk[HELPER_SLOTS];       /* as the helper has them */
	uint8_t out_bytes[OUT_BYTES], in_bytes[HELPER_MESSAGE_MAX];
};

static struct helper_client *client_of(struct transport *transport)
{
	return (struct helper_client *)(void *)transport;
}

static void stop_listening(struct helper_client *client)
{
	if (client->loop != NULL && !client->has_failed) {
		loop_fd_remove(client->loop, client->fd);
		loop_timer_cancel(client->loop, &client->timer);
	}
}

static void fail(struct helper_client *client, const struct err *why)
{
	if (client->has_failed) {
		return;
	}
	stop_listening(client);
	client->has_failed = true;
	if (client->events.failed != NULL) {
		client->events.failed(client->events.arg, why);
	}
}

static void report_gap(struct helper_client *client)
{
	if (client->events.gap != NULL) {
		client->events.gap(client->events.arg);
	}
}

static void take_packet(struct helper_client *client, const struct capture_packet *packet)
{
	transport_take(&client->events, &client->common.context, &client->counters,
		(struct transport_packet){.bytes = packet->bytes, .len = packet->len,
			.interface = packet->interface, .stamp = {.source = STAMP_PCAP,
			.t = packet->realtime - client->realtime_offset}});
}

static void report_unsent(struct helper_client *client, uint32_t seq, int sys)
{
	struct err err;

	(void)err_set_sys(&err, ERR_IO, sys, "cannot send");
	client->events.unsent(client->events.arg, seq, &err);
}

/* False: err says what was wrong with it. */
static bool take_message(struct helper_client *client, size_t len, struct err *err)
{
	struct helper_record *record = &client->record;
	struct cursor message = cursor_of(client->in_bytes, len);
	enum helper_tag tag;

	while ((tag = helper_wire_at_client(&message, record)) != HELPER_END) {
		if (tag == HELPER_PACKET) {
			take_packet(client, &record->is.packet);
		} else if (tag == HELPER_UNSENT) {
			report_unsent(client, record->is.unsent.seq, record->is.unsent.sys);
		} else if (tag == HELPER_GAP) {
			report_gap(client);
		} else if (tag == HELPER_COUNTS) {
			client->counters.rx_dropped = record->is.counts.rx_dropped;
			client->counters.decoded[DECODE_FOREIGN] = record->is.counts.foreign;
			client->counters.forged = record->is.counts.forged;
		} else if (tag == HELPER_REFUSED) {
			return err_set(err, ERR_IO, "thrupath-packet exited: %.150s",
				record->is.refused.text);
		} else {
			return err_set(err, ERR_IO, "thrupath-packet sent an invalid message");
		}
	}
	return true;
}

static void watch_clock(struct helper_client *client)
{
	ns_t moved = loop_realtime_offset(client->loop) - client->realtime_offset;

	if (moved > CLOCK_STEP || moved < -CLOCK_STEP) {
		client->realtime_offset += moved;
		report_gap(client);
	}
}

static void on_message(void *arg)
{
	struct helper_client *client = arg;
	struct err err;

	watch_clock(client);
	for (int i = 0; i < MESSAGES_A_TURN && !client->has_failed; i++) {
		ssize_t len = recv(client->fd, client->in_bytes, sizeof client->in_bytes,
			MSG_DONTWAIT | MSG_TRUNC);

		if (len < 0 && (errno == EAGAIN || errno == EINTR)) {
			return;
		}
		client->asked_at = NS_NEVER;
		if (len <= 0) {
			(void)err_set(&err, ERR_IO, "thrupath-packet exited unexpectedly");
			fail(client, &err);
		} else if ((size_t)len > sizeof client->in_bytes) {
			(void)err_set(&err, ERR_IO, "thrupath-packet sent an invalid message");
			fail(client, &err);
		} else if (!take_message(client, (size_t)len, &err)) {
			fail(client, &err);
		}
	}
}

/* What is in `out` was not taken: its probes did not leave, its walks are not known. */
static void take_back(struct helper_client *client, int sys)
{
	struct cursor message = cursor_of(client->out_bytes, client->out.pos);
	enum helper_tag tag;

	memset(client->has_walk, 0, sizeof client->has_walk);
	while ((tag = helper_wire_at_helper(&message, &client->record)) != HELPER_END &&
	       tag != HELPER_BAD) {
		if (tag == HELPER_PROBE) {
			report_unsent(client, client->record.is.probe.seq, sys);
		}
		client->is_move_owed = client->is_move_owed || tag == HELPER_MOVE;
	}
}

static void flush(struct transport *transport)
{
	struct helper_client *client = client_of(transport);
	ssize_t sent = -1;

	if (client->out.pos == 0) {
		return;
	}
	do {
		sent = send(client->fd, client->out_bytes, client->out.pos,
			MSG_DONTWAIT | MSG_NOSIGNAL);
	} while (sent < 0 && errno == EINTR);
	if (sent < 0) {
		/* A dead helper is noticed by reading; a slow one has no room just now. */
		take_back(client, errno == EAGAIN ? ENOBUFS : errno);
	}
	client->out = wcursor_of(client->out_bytes, sizeof client->out_bytes);
	if (client->is_move_owed) {
		client->is_move_owed = false;
		helper_wire_move(&client->out, &client->home);
	}
}

static uint16_t define_walk(struct helper_client *client, const struct walk *walk)
{
	uint16_t slot = (uint16_t)((size_t)walk->kind * LEG_MAX + walk->depth % LEG_MAX);
	struct walk *known = &client->walk[slot];
	size_t bytes = walk->leg_count * sizeof walk->leg[0];

	if (!client->has_walk[slot] || known->depth != walk->depth ||
	    known->leg_count != walk->leg_count || memcmp(known->leg, walk->leg, bytes) != 0 ||
	    !addr_equal(&known->towards, &walk->towards) || !addr_equal(&known->by, &walk->by)) {
		client->has_walk[slot] = true;
		known->kind = walk->kind;
		known->depth = walk->depth;
		known->leg_count = walk->leg_count;
		known->sids = walk->sids;
		known->towards = walk->towards;
		known->by = walk->by;
		memcpy(known->leg, walk->leg, bytes);
		helper_wire_walk(&client->out, slot, walk);
	}
	return slot;
}

static void send_probe(struct transport *transport, const struct probe_spec *spec)
{
	struct helper_client *client = client_of(transport);

	if (!helper_wire_has_room(&client->out, sizeof spec->walk->leg)) {
		flush(transport);
	}
	helper_wire_probe(&client->out, define_walk(client, spec->walk), spec);
}

static void count(struct transport *transport, struct transport_counters *ret_counters)
{
	*ret_counters = client_of(transport)->counters;
}

static void on_timer(void *arg)
{
	struct helper_client *client = arg;
	ns_t now = loop_now(client->loop);
	struct err err;

	if (now - client->timer_due > ASK_EVERY && client->asked_at != NS_NEVER) {
		client->asked_at = now; /* it was us who slept */
	}
	if (client->asked_at != NS_NEVER && now - client->asked_at >= ANSWER_WITHIN) {
		(void)err_set(&err, ERR_IO, "no response from thrupath-packet for %d seconds",
			(int)(ANSWER_WITHIN / NS_PER_SEC));
		fail(client, &err);
		return;
	}
	if (client->asked_at == NS_NEVER) {
		client->asked_at = now;
		helper_wire_ask(&client->out);
		flush(&client->base);
	}
	client->timer_due = now + ASK_EVERY;
	loop_timer_set(client->loop, &client->timer, client->timer_due);
}

static bool start(struct transport *transport, struct loop *loop,
	const struct transport_events *events, struct err *err)
{
	struct helper_client *client = client_of(transport);

	(void)err;
	client->loop = loop;
	client->events = *events;
	client->realtime_offset = loop_realtime_offset(loop);
	client->asked_at = NS_NEVER;
	client->timer.fn = on_timer;
	client->timer.arg = client;
	client->timer_due = loop_now(loop) + ASK_EVERY;
	loop_timer_set(loop, &client->timer, client->timer_due);
	loop_fd_add(loop, client->fd, LOOP_RANK_CAPTURE, on_message, client);
	return true;
}

#ifdef SYS_pidfd_open
static int open_pidfd(pid_t pid)
{
	return (int)syscall(SYS_pidfd_open, pid, 0);
}
#else
/* Headers of Linux before 5.3: nobody waits for the end of the helper, and init reaps it. */
static int open_pidfd(pid_t pid)
{
	(void)pid;
	return -1;
}
#endif

/* Waits for the end of the process, but not for ever. Reaped, its CPU time is counted with
 * ours. One that was root's is nobody's now, and not to be killed by us, only woken. */
static void reap(pid_t pid)
{
	struct pollfd ended = {.events = POLLIN, .fd = open_pidfd(pid)};

	if (ended.fd >= 0) {
		if (poll(&ended, 1, END_WITHIN_MS) == 0) {
			(void)kill(pid, SIGKILL);
			(void)poll(&ended, 1, END_WITHIN_MS);
		}
		(void)close(ended.fd);
	}
	(void)waitpid(pid, NULL, WNOHANG);
}

static void destroy(struct transport *transport)
{
	struct helper_client *client = client_of(transport);

	stop_listening(client);
	if (client->fd >= 0) {
		(void)close(client->fd); /* which ends the helper */
	}
	if (client->pid > 0) {
		if (client->has_failed) {
			(void)kill(client->pid, SIGKILL);
			(void)kill(client->pid, SIGCONT);
		}
		reap(client->pid);
	}
	free(client);
}

/* In the child: nothing of ours goes along but the one descriptor. */
_Noreturn static void become_helper(const char *path, int fd)
{
	char *const argv[] = {(char *)(uintptr_t)"thrupath-packet", NULL}, *const envp[] = {NULL};
	int null = open("/dev/null", O_RDWR);
	sigset_t none;

	/* The terminal's ^C and ^Z are not for it. The session stays ours: then we may always
	 * wake it when it was stopped, and so does the kernel when we end. */
	(void)setpgid(0, 0);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	if (null >= 0 && dup2(fd, HELPER_FD) == HELPER_FD && fcntl(HELPER_FD, F_SETFD, 0) == 0) {
		for (int standard = STDIN_FILENO; standard <= STDERR_FILENO; standard++) {
			(void)dup2(null, standard);
		}
		fds_close_from(HELPER_FD + 1);
		(void)execve(path, argv, envp);
	}
	_exit(NOT_STARTED);
}

bool helper_process_start(const char *path, struct helper_process *ret_process, struct err *err)
{
	int pair[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0) {
		return err_set_sys(err, ERR_IO, errno, "cannot create a socket pair");
	}
	pid = fork();
	if (pid == 0) {
		become_helper(path, pair[1]);
	}
	(void)close(pair[1]);
	if (pid < 0) {
		(void)close(pair[0]);
		return err_set_sys(err, ERR_IO, errno, "cannot start a process");
	}
	*ret_process = (struct helper_process){pid, pair[0]};
	return true;
}

void helper_process_end(struct helper_process *process)
{
	if (process->pid > 0) {
		(void)close(process->fd);
		reap(process->pid);
		*process = (struct helper_process){0};
	}
}

static bool take_process(struct helper_client *client, const struct helper_config *config,
	struct err *err)
{
	struct helper_process process = {0};

	if (config->process != NULL && config->process->pid > 0) {
		process = *config->process;
		*config->process = (struct helper_process){0};
	} else if (!helper_process_start(config->path, &process, err)) {
		return false;
	}
	client->pid = process.pid;
	client->fd = process.fd;
	return true;
}

static void greet(struct helper_client *client, const struct helper_config *config)
{
	const struct direct_config *common = &config->common;
	struct helper_hello hello = {
		.version = HELPER_VERSION,
		.key = common->common.ident.key,
		.home = {.self = common->common.context.self,
			.self_other = common->common.context.self_other,
			.self_also = common->common.context.self_also,
			.interface = common->interface},
		.echo_id = common->common.context.echo_id,
		.to_carried = common->common.context.to_carried,
		.to_port = common->common.context.to_port,
		.to_source_port = common->common.context.to_source_port,
		.other_port = common->common.context.other_port,
		.packet_bytes = common->packet_bytes > HELPER_PROBE_MAX ? HELPER_PROBE_MAX :
			(uint16_t)common->packet_bytes,
		.mark = common->mark,
		.max_rate_pps = (uint32_t)config->max_rate_pps,
		.capture_rate_pps = (uint32_t)common->rate_pps,
		.gather_us = (uint32_t)(common->gather / NS_PER_US),
	};

	helper_wire_hello(&client->out, &hello);
	flush(&client->base);
}

static bool refused(const struct helper_config *config, const struct helper_refused *why,
	struct err *err)
{
	if (why->code == ERR_NO_RAW) {
		return privs_refused(config->path, err);
	}
	return err_set(err, why->code, "thrupath-packet: %.170s", why->text);
}

static bool wait_until_ready(struct helper_client *client, const struct helper_config *config,
	struct err *err)
{
	struct pollfd ready = {.fd = client->fd, .events = POLLIN};
	struct cursor message;
	enum helper_tag tag;
	ssize_t len;
	int status;

	do {
		status = poll(&ready, 1, READY_WITHIN_MS);
	} while (status < 0 && errno == EINTR);
	if (status <= 0) {
		return err_set(err, ERR_IO, "no response from %.150s", config->path);
	}
	len = recv(client->fd, client->in_bytes, sizeof client->in_bytes, MSG_DONTWAIT);
	/* The kernel starts no program whose file has a capability that may not be had. */
	if (len <= 0 && privs_is_raw_withheld()) {
		return privs_refused(config->path, err);
	}
	if (len <= 0) {
		return err_set(err, ERR_IO, "%.150s exited at once", config->path);
	}
	message = cursor_of(client->in_bytes, (size_t)len);
	tag = helper_wire_at_client(&message, &client->record);
	if (tag == HELPER_REFUSED) {
		return refused(config, &client->record.is.refused, err);
	}
	if (tag != HELPER_READY || client->record.is.ready.version != HELPER_VERSION ||
	    client->record.is.ready.port == 0) {
		return err_set(err, ERR_IO, "%.150s is not from this version of thrupath",
			config->path);
	}
	reply_context_set_port(&client->common.context, client->record.is.ready.port);
	return true;
}

/* Whether this host has these addresses the helper finds out for itself. */
static bool move(struct transport *transport, const struct transport_home *home, struct err *err)
{
	struct helper_client *client = client_of(transport);

	(void)err;
	flush(transport);
	transport_come_home(&client->common.context, home);
	client->home = *home;
	helper_wire_move(&client->out, home);
	flush(transport);
	return true;
}

static const struct transport_ops client_ops = {
	.name = "helper",
	.start = start,
	.send = send_probe,
	.flush = flush,
	.count = count,
	.move = move,
	.destroy = destroy,
};

struct transport *helper_client_create(const struct helper_config *config, uint16_t *ret_port,
	struct err *err)
{
	struct helper_client *client = xcalloc(1, sizeof *client);

	client->base.ops = &client_ops;
	client->common = config->common.common;
	client->fd = -1;
	client->asked_at = NS_NEVER;
	client->out = wcursor_of(client->out_bytes, sizeof client->out_bytes);
	if (take_process(client, config, err)) {
		greet(client, config);
		if (wait_until_ready(client, config, err)) {
			*ret_port = client->common.context.port;
			return &client->base;
		}
		client->has_failed = true;
	}
	destroy(&client->base);
	return NULL;
}
