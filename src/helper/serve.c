/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "helper/serve.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "helper/peers.h"
#include "net/direct.h"
#include "net/route.h"

enum { GATHER_MAX_US = 100000, MESSAGES_A_TURN = 64, PORTS_OF_USERS = 1024 };

/* So long probes may wait in a turn for what the rates allow. */
static const ns_t PATIENCE = 100 * NS_PER_MS;
static const ns_t COUNT_EVERY = NS_PER_SEC / 4;

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

/* Somebody meant to be taken for a reply to us. */
static bool is_forged(const struct serve *serve, const struct reply *reply)
{
	const struct reply_context *ours = &serve->policy.ours;

	return reply->kind != REPLY_SENT && !reply_is_damaged(reply) &&
	       (!reply->has_quoted_ports || policy_is_flow_of(ours->port, reply->quoted_sport) ||
		policy_is_flow_of(ours->to_source_port, reply->quoted_sport));
}

/* Not one byte of what is not this session's own goes on. */
static void on_packet(void *arg, const struct capture_packet *packet)
{
	struct serve *serve = arg;
	struct capture_packet own = *packet;
	struct reply reply;
	enum decode_result result = reply_decode(packet->bytes, packet->len, &serve->policy.ours,
		&reply);

	if (result != DECODE_OK || !sent_is_own(serve->sent, packet->bytes, packet->len, &reply)) {
		serve->counts.foreign += result == DECODE_FOREIGN;
		serve->counts.forged += result == DECODE_OK && is_forged(serve, &reply);
		return;
	}
	own.len = own.len < HELPER_PACKET_MAX ? own.len : HELPER_PACKET_MAX;
	own.len = own.len < reply.bytes ? own.len : reply.bytes; /* the rest is the link's padding */
	make_room(serve, own.len);
	helper_wire_packet(&serve->out, &own);
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
	serve->counts.rx_dropped = counters.rx_dropped;
	make_room(serve, 0);
	helper_wire_counts(&serve->out, &serve->counts);
}

/* Whether this ends at one host, as far as this host knows; what was asked is remembered. */
static bool is_end(struct serve *serve, const struct addr *addr)
{
	uint64_t sum = siphash(&serve->ident.key, addr->byte, sizeof addr->byte);
	struct addr *known = &serve->end[sum % SERVE_ENDS];

	if (!addr_equal(known, addr)) {
		if (route_is_group_by(&serve->netlink, addr)) {
			return false;
		}
		*known = *addr;
	}
	return true;
}

static enum policy_verdict judge(struct serve *serve, uint16_t slot)
{
	const struct walk *walk = &serve->walk[slot];
	enum policy_verdict verdict = policy_check_walk(&serve->policy, walk);

	for (size_t i = 0; verdict == POLICY_OK && i < walk->leg_count; i++) {
		verdict = is_end(serve, &walk->leg[i].dst) ? POLICY_OK : POLICY_DESTINATION;
	}
	return verdict;
}

static enum policy_verdict check(struct serve *serve, uint16_t slot,
	const struct probe_spec *spec)
{
	if (!serve->has_walk[slot]) {
		return POLICY_LEGS;
	}
	if (!serve->is_judged[slot]) {
		serve->verdict[slot] = judge(serve, slot);
		serve->is_judged[slot] = true;
	}
	return serve->verdict[slot] == POLICY_OK ? policy_check_carried(&serve->policy, spec) :
		serve->verdict[slot];
}

static int errno_of(enum policy_verdict verdict)
{
	return verdict == POLICY_SIZE ? EMSGSIZE : verdict == POLICY_OUTER_SOURCE ? EADDRNOTAVAIL :
		EPERM;
}

/* How many have to do with the user's rates. Root's are each one's own. */
static void count_sharers(struct serve *serve)
{
	unsigned sharers = 1;

	if (serve->user != 0 && serve->now >= serve->counted_at + COUNT_EVERY) {
		serve->counted_at = serve->now;
		sharers = peers_count(serve->peers_fd, serve->user);
		policy_bucket_share(&serve->bucket[SERVE_RATE_USER], sharers, serve->now);
		policy_bucket_share(&serve->bucket[SERVE_RATE_PUBLIC], sharers, serve->now);
	}
}

/* 0, or an errno: there would be too many of them, or none may be. A few wait until there may be
 * one more. */
static int take(struct serve *serve, const struct walk *walk)
{
	size_t count = policy_is_private(walk) ? SERVE_RATE_PUBLIC : SERVE_RATE_COUNT;
	ns_t when = serve->now;

	count_sharers(serve);
	for (size_t i = 0; i < count; i++) {
		ns_t next = policy_bucket_next(&serve->bucket[i], serve->now);

		when = next > when ? next : when;
	}
	if (when > loop_now(serve->loop) + PATIENCE) {
		return when == NS_NEVER ? EPERM : ENOBUFS;
	}
	if (when > serve->now) {
		serve->transport->ops->flush(serve->transport);
		(void)poll(NULL, 0, (int)((when - serve->now + NS_PER_MS - 1) / NS_PER_MS));
		serve->now = when;
	}
	for (size_t i = 0; i < count; i++) {
		(void)policy_bucket_take(&serve->bucket[i], serve->now);
	}
	return 0;
}

static void send_probe(struct serve *serve, const struct helper_probe *probe)
{
	struct probe_spec spec = {.walk = &serve->walk[probe->slot], .seq = probe->seq,
		.size_bytes = probe->size_bytes, .sport = probe->sport, .dport = probe->dport,
		.tos = probe->tos, .flow = probe->flow, .carried = probe->carried};
	enum policy_verdict verdict = check(serve, probe->slot, &spec);
	int sys = verdict == POLICY_OK ? take(serve, spec.walk) : errno_of(verdict);

	if (sys != 0) {
		report_unsent(serve, probe->seq, sys);
	} else {
		sent_note(serve->sent, &spec);
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

static struct addr own_or_none(struct serve *serve, const struct addr *addr)
{
	return route_is_own_by(&serve->netlink, addr) ? *addr : (struct addr){0};
}

/* The policy has those of our addresses that are this host's still, and what it said before is to
 * be asked again. */
static void ask_again(struct serve *serve)
{
	struct reply_context *ours = &serve->policy.ours;

	ours->self = own_or_none(serve, &serve->home.self);
	ours->self_other = own_or_none(serve, &serve->home.self_other);
	ours->self_also = own_or_none(serve, &serve->home.self_also);
	memset(serve->is_judged, 0, sizeof serve->is_judged);
	memset(serve->end, 0, sizeof serve->end);
}

/* An address that is no more this host's by now is not taken: then the policy refuses what is
 * to come from it. */
static bool move(struct serve *serve, const struct transport_home *home, struct err *err)
{
	if (home->self.family != serve->home.self.family || !is_this_host(serve, home)) {
		return true;
	}
	serve->home = *home;
	ask_again(serve);
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
			serve->is_judged[serve->record.slot] = false;
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

	serve->now = loop_now(serve->loop) > serve->now ? loop_now(serve->loop) : serve->now;
	for (int i = 0; i < MESSAGES_A_TURN && !serve->is_over; i++) {
		ssize_t len = recv(serve->fd, serve->in_bytes, sizeof serve->in_bytes,
			MSG_DONTWAIT | MSG_TRUNC);

		if (len < 0 && (errno == EAGAIN || errno == EINTR)) {
			return;
		}
		if (route_watch_drain(serve->watch_fd)) {
			ask_again(serve);
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

	/* First the watch, then the question: no change falls between. */
	serve->watch_fd = route_watch_addresses();
	if (sys != 0 || serve->watch_fd < 0) {
		return err_set_sys(err, ERR_IO, sys != 0 ? sys : errno,
			"cannot see this host's addresses");
	}
	if (!is_this_host(serve, &hello->home)) {
		return err_set(err, ERR_NOT_FOUND, "the source address is not one of this host");
	}
	flow_port_range(hello->to_source_port, &low, &high);
	if (hello->to_source_port != 0 && low < PORTS_OF_USERS && serve->user != 0) {
		return err_set(err, ERR_PERMISSION, "source ports below %d are reserved for "
			"root", PORTS_OF_USERS);
	}
	if (hello->mark != 0 && serve->user != 0 && !serve->limits.may_mark) {
		return err_set(err, ERR_PERMISSION, "the mark of packets (-M) is reserved for root");
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
				.echo_id = hello->echo_id, .to_carried = hello->to_carried,
				.to_port = hello->to_port, .to_source_port = hello->to_source_port,
				.other_port = hello->other_port}},
		.interface = hello->home.interface,
		.mark = hello->mark,
		.packet_bytes = hello->packet_bytes,
		.rate_pps = hello->capture_rate_pps,
		.ring_bytes_max = serve->user == 0 ? 0 : serve->limits.ring_bytes,
		.is_lenient = serve->user == 0,
		.gather = hello->gather_us * NS_PER_US,
		.raw = on_packet,
		.raw_arg = serve,
	};

	serve->policy = (struct policy){.packet_bytes = hello->packet_bytes,
		.ours = config.common.context};
	serve->home = hello->home;
	serve->sent = sent_create(&serve->ident, hello->max_rate_pps);
	serve->transport = direct_create(&config, &port, err);
	reply_context_set_port(&serve->policy.ours, port);
	return serve->transport != NULL;
}

/* Counted when its own capture is open: of two that start at once, each sees the other. */
static bool check_number(struct serve *serve, struct err *err)
{
	unsigned count;

	if (serve->user == 0) {
		return true;
	}
	count = peers_count(serve->peers_fd, serve->user);
	if (count == 0) {
		return err_set(err, ERR_IO, "cannot count this user's captures (/proc/net/packet)");
	}
	return count <= serve->limits.helpers || err_set(err, ERR_LIMIT, "this user has %u captures "
		"already; the limit is %u", count - 1, serve->limits.helpers);
}

bool serve_open(struct serve *serve, int fd, const struct limits *limits, unsigned user,
	struct err *err)
{
	const struct helper_hello *hello = &serve->record.is.hello;
	struct cursor message;
	ssize_t len;

	serve->fd = fd;
	serve->limits = *limits;
	serve->user = user;
	serve->peers_fd = peers_open();
	serve->watch_fd = serve->netlink.fd = -1;
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
	return check_hello(serve, hello, err) && open_transport(serve, hello, err) &&
	       check_number(serve, err);
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
	serve->now = loop_now(serve->loop);
	serve->counted_at = serve->now - COUNT_EVERY;
	policy_bucket_init(&serve->bucket[SERVE_RATE_OWN], serve->record.is.hello.max_rate_pps, true,
		serve->now);
	policy_bucket_init(&serve->bucket[SERVE_RATE_USER], serve->limits.rate_pps, false, serve->now);
	policy_bucket_init(&serve->bucket[SERVE_RATE_PUBLIC], serve->limits.public_rate_pps, false,
		serve->now);
	loop_fd_add(serve->loop, serve->fd, LOOP_RANK_KEYS, on_message, serve);
	loop_at_turn_end(serve->loop, on_turn_end, serve);
	helper_wire_ready(&serve->out, serve->policy.ours.port);
	send_out(serve);
	loop_run(serve->loop);
	return true;
}

void serve_finish(struct serve *serve)
{
	const int fds[] = {serve->peers_fd, serve->watch_fd, serve->netlink.fd};

	if (serve->transport != NULL) {
		serve->transport->ops->destroy(serve->transport);
	}
	for (size_t i = 0; i < sizeof fds / sizeof fds[0]; i++) {
		if (fds[i] >= 0) {
			(void)close(fds[i]);
		}
	}
	sent_destroy(serve->sent);
}
