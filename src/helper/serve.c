/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "helper/serve.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/direct.h"
#include "net/route.h"

enum { GATHER_MAX_US = 100000, MESSAGES_A_TURN = 64, PORTS_OF_USERS = 1024,
	PUBLIC_RATE_PPS = 1000 };

static void send_out(struct serve *serve)
{
	if (serve->out.pos > 0 && !serve->is_over &&
	    send(serve->fd, serve->out_bytes, serve->out.pos, MSG_NOSIGNAL) < 0) {
		serve->is_over = true;
		if (serve->loop != NULL) {
			loop_stop(serve->loop);
		}
	}
	serve->out = wcursor_of(serve->out_bytes, sizeof serve->out_bytes);
}

static void make_room(struct serve *serve, size_t bytes)
{
	if (!helper_wire_has_room(&serve->out, bytes)) {
		send_out(serve);
	}
}

static void on_packet(void *arg, const struct capture_packet *packet)
{
	struct serve *serve = arg;
	struct capture_packet whole = *packet;

	whole.len = whole.len < HELPER_PACKET_MAX ? whole.len : HELPER_PACKET_MAX;
	make_room(serve, whole.len);
	helper_wire_packet(&serve->out, &whole);
}

static void report_unsent(struct serve *serve, uint32_t seq, int sys)
{
	make_room(serve, 0);
	helper_wire_unsent(&serve->out, &(struct helper_unsent){.seq = seq, .sys = sys});
}

static void on_unsent(void *arg, uint32_t seq, const struct err *why)
{
	report_unsent(arg, seq, why->sys == 0 ? EIO : why->sys);
}

static void on_gap(void *arg)
{
	struct serve *serve = arg;

	make_room(serve, 0);
	helper_wire_gap(&serve->out);
}

static void end(struct serve *serve, const struct err *why)
{
	if (why != NULL) {
		serve_refuse(serve, why);
	}
	serve->is_over = true;
	loop_stop(serve->loop);
}

static void on_failed(void *arg, const struct err *why)
{
	end(arg, why);
}

static void put_counts(struct serve *serve)
{
	struct transport_counters counters;

	serve->transport->ops->count(serve->transport, &counters);
	make_room(serve, 0);
	helper_wire_counts(&serve->out, counters.rx_dropped);
}

static void send_probe(struct serve *serve, const struct helper_probe *probe)
{
	struct probe_spec spec = {.walk = &serve->walk[probe->slot], .seq = probe->seq,
		.size_bytes = probe->size_bytes, .sport = probe->sport, .dport = probe->dport,
		.tos = probe->tos, .flow = probe->flow, .carrier = probe->carrier};
	enum policy_verdict verdict = serve->has_walk[probe->slot] ?
		policy_check(&serve->policy, &spec) : POLICY_LEGS;

	if (verdict != POLICY_OK) {
		report_unsent(serve, probe->seq, verdict == POLICY_SIZE ? EMSGSIZE : EPERM);
	} else if (!policy_bucket_take(&serve->bucket, loop_now(serve->loop)) ||
	           (!policy_is_private(spec.walk) &&
	            !policy_bucket_take(&serve->public_bucket, loop_now(serve->loop)))) {
		report_unsent(serve, probe->seq, ENOBUFS);
	} else {
		serve->transport->ops->send(serve->transport, &spec);
	}
}

/* bind() also takes the addresses of broadcast and multicast; probes come from a host. */
static bool is_this_host(struct serve *serve, const struct transport_home *home)
{
	return route_is_own_by(&serve->netlink, &home->self) &&
	       (!addr_is_set(&home->self_other) ||
		(home->self_other.family != home->self.family &&
		 route_is_own_by(&serve->netlink, &home->self_other))) &&
	       (!addr_is_set(&home->self_also) ||
		(home->self_also.family == home->self.family &&
		 route_is_own_by(&serve->netlink, &home->self_also)));
}

/* An address that is no more this host's by now is not taken: then the policy refuses what is
 * to come from it. */
static bool move(struct serve *serve, const struct transport_home *home, struct err *err)
{
	struct reply_context *ours = &serve->policy.ours;

	if (home->self.family != ours->self.family || !is_this_host(serve, home)) {
		return true;
	}
	transport_come_home(ours, home);
	return serve->transport->ops->move(serve->transport, home, err);
}

/* False: the other side does not speak our language, or nothing can be sent any more. */
static bool take_message(struct serve *serve, size_t len, struct err *err)
{
	struct cursor message = cursor_of(serve->in_bytes, len);
	enum helper_tag tag;

	while ((tag = helper_wire_at_helper(&message, &serve->record)) != HELPER_END) {
		if (tag == HELPER_PROBE) {
			send_probe(serve, &serve->record.is.probe);
		} else if (tag == HELPER_WALK) {
			serve->walk[serve->record.slot] = serve->record.walk;
			serve->has_walk[serve->record.slot] = true;
		} else if (tag == HELPER_ASK) {
			put_counts(serve);
		} else if (tag == HELPER_MOVE) {
			if (!move(serve, &serve->record.is.home, err)) {
				return false;
			}
		} else {
			return err_set(err, ERR_IO, "protocol error");
		}
	}
	serve->transport->ops->flush(serve->transport);
	return true;
}

static void on_message(void *arg)
{
	struct serve *serve = arg;
	struct err err;

	for (int i = 0; i < MESSAGES_A_TURN && !serve->is_over; i++) {
		ssize_t len = recv(serve->fd, serve->in_bytes, sizeof serve->in_bytes,
			MSG_DONTWAIT | MSG_TRUNC);

		if (len < 0 && (errno == EAGAIN || errno == EINTR)) {
			return;
		}
		if (len <= 0) {
			end(serve, NULL);
		} else if ((size_t)len > sizeof serve->in_bytes) {
			(void)err_set(&err, ERR_IO, "protocol error");
			end(serve, &err);
		} else if (!take_message(serve, (size_t)len, &err)) {
			end(serve, &err);
		}
	}
}

static void on_turn_end(void *arg)
{
	struct serve *serve = arg;

	if (serve->out.pos > 0) {
		put_counts(serve);
		send_out(serve);
	}
}

static bool check_hello(struct serve *serve, const struct helper_hello *hello, struct err *err)
{
	uint16_t low, high;
	int sys = netlink_open(&serve->netlink);

	if (sys != 0) {
		return err_set_sys(err, ERR_IO, sys, "cannot see this host's addresses");
	}
	if (!is_this_host(serve, &hello->home)) {
		return err_set(err, ERR_NOT_FOUND, "the source address is not one of this host");
	}
	flow_port_range(hello->to_source_port, &low, &high);
	if (hello->to_source_port != 0 && low < PORTS_OF_USERS && getuid() != 0) {
		return err_set(err, ERR_PERMISSION, "source ports below %d are reserved for "
			"root", PORTS_OF_USERS);
	}
	if (hello->packet_bytes > HELPER_PROBE_MAX || hello->max_rate_pps == 0 ||
	    hello->max_rate_pps > HELPER_RATE_MAX ||
	    hello->capture_rate_pps > 4 * HELPER_RATE_MAX || hello->gather_us > GATHER_MAX_US) {
		return err_set(err, ERR_LIMIT, "request exceeds the permitted limits");
	}
	return true;
}

static bool open_transport(struct serve *serve, const struct helper_hello *hello, struct err *err)
{
	uint16_t port = 0;
	struct direct_config config = {
		.common = {.ident = serve->ident,
			.context = {.self = hello->home.self, .self_other = hello->home.self_other,
				.self_also = hello->home.self_also,
				.echo_id = hello->echo_id, .to_carrier = hello->to_carrier,
				.to_port = hello->to_port, .to_source_port = hello->to_source_port,
				.other_port = hello->other_port}},
		.interface = hello->home.interface,
		.mark = hello->mark,
		.packet_bytes = hello->packet_bytes,
		.rate_pps = hello->capture_rate_pps,
		.gather = hello->gather_us * NS_PER_US,
		.raw = on_packet,
		.raw_arg = serve,
	};

	serve->policy = (struct policy){.packet_bytes = hello->packet_bytes,
		.ours = config.common.context};
	serve->transport = direct_create(&config, &port, err);
	reply_context_set_port(&serve->policy.ours, port);
	return serve->transport != NULL;
}

bool serve_open(struct serve *serve, int fd, struct err *err)
{
	const struct helper_hello *hello = &serve->record.is.hello;
	struct cursor message;
	ssize_t len;

	serve->fd = fd;
	serve->out = wcursor_of(serve->out_bytes, sizeof serve->out_bytes);
	len = recv(fd, serve->in_bytes, sizeof serve->in_bytes, 0);
	message = cursor_of(serve->in_bytes, len < 0 ? 0 : (size_t)len);
	if (helper_wire_at_helper(&message, &serve->record) != HELPER_HELLO) {
		return err_set(err, ERR_IO, "no HELLO received");
	}
	if (hello->version != HELPER_VERSION) {
		return err_set(err, ERR_IO, "version differs from that of thrupath");
	}
	ident_init(&serve->ident, &hello->key);
	return check_hello(serve, hello, err) && open_transport(serve, hello, err);
}

void serve_refuse(struct serve *serve, const struct err *err)
{
	make_room(serve, sizeof err->text);
	helper_wire_refused(&serve->out, err);
	send_out(serve);
}

bool serve_run(struct serve *serve, struct err *err)
{
	struct transport_events events = {.unsent = on_unsent, .gap = on_gap,
		.failed = on_failed, .arg = serve};

	if (!serve->transport->ops->start(serve->transport, serve->loop, &events, err)) {
		return false;
	}
	policy_bucket_init(&serve->public_bucket, PUBLIC_RATE_PPS, loop_now(serve->loop));
	policy_bucket_init(&serve->bucket, serve->record.is.hello.max_rate_pps,
		loop_now(serve->loop));
	loop_fd_add(serve->loop, serve->fd, LOOP_RANK_KEYS, on_message, serve);
	loop_at_turn_end(serve->loop, on_turn_end, serve);
	helper_wire_ready(&serve->out, serve->policy.ours.port);
	send_out(serve);
	loop_run(serve->loop);
	return true;
}
