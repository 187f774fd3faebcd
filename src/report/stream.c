/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/stream.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "report/object_int.h"

enum { SCHEMA = 1, HOPS = 64, DIGITS_SEC = 9, OWN_WALKS = 2 };

/* What was counted of one kind of probe to a hop until the interval began. */
struct base {
	uint64_t sent, resolved, received;
	double sum_ms;
};

struct stream {
	ns_t every;
	bool has_begun;
	char *path;              /* that was told; NULL: none yet */
	char *destination;       /* that all this is of */
	ns_t begin_realtime;     /* of the interval */
	uint64_t rounds, void_rounds; /* by then */
	char *address[HOPS];     /* of the hop that the base is of */
	struct base base[HOPS][OWN_WALKS + SNAP_WALKS];
};

struct stream *stream_create(ns_t every)
{
	struct stream *stream = xcalloc(1, sizeof *stream);

	stream->every = every;
	return stream;
}

static void forget_counts(struct stream *stream)
{
	for (size_t i = 0; i < HOPS; i++) {
		free(stream->address[i]);
		stream->address[i] = NULL;
	}
	memset(stream->base, 0, sizeof stream->base);
}

void stream_destroy(struct stream *stream)
{
	if (stream != NULL) {
		forget_counts(stream);
		free(stream->path);
		free(stream->destination);
		free(stream);
	}
}

static struct writer begin_event(const struct snapshot *snap, const char *event,
	struct strbuf *out)
{
	struct writer writer = writer_json_line(out);

	write_obj(&writer, NULL);
	write_str(&writer, "event", event);
	write_utc(&writer, "time", snap->now_realtime);
	write_str(&writer, "destination", snap->destination);
	return writer;
}

static void put_start(const struct snapshot *snap, struct strbuf *out)
{
	struct writer writer = begin_event(snap, "start", out), *w = &writer;

	write_uint(w, "schema", SCHEMA);
	write_str(w, "version", snap->version);
	write_str(w, "command", snap->command);
	write_str(w, "destination_name", snap->destination_name);
	write_str(w, "source", snap->source);
	write_real(w, "interval", ns_to_sec(snap->interval), DIGITS_SEC);
	if (snap->round_limit > 0) {
		write_uint(w, "round_limit", snap->round_limit);
	}
	write_str(w, "walk", snap->walk);
	write_uint(w, "probe_bytes", snap->probe_bytes);
	write_end(w);
}

static bool has_bounces(const struct snap_hop *hop)
{
	return hop->bounce.state == SNAP_BOUNCE_HOME;
}

/* What makes it another path, or one whose hops are known for something else. */
static char *path_text(const struct snapshot *snap)
{
	struct strbuf text = {0};

	for (size_t i = 0; i < snap->hop_count; i++) {
		const struct snap_hop *hop = &snap->hops[i];

		strbuf_printf(&text, "%s %s %s %d,", hop->address == NULL ? "?" : hop->address,
			hop->name == NULL ? "" : hop->name, hop->decap, has_bounces(hop));
	}
	return strbuf_detach(&text);
}

static void put_path(const struct snapshot *snap, struct strbuf *out)
{
	struct writer writer = begin_event(snap, "path", out), *w = &writer;

	write_str(w, "origin", snap->is_explicit ? "explicit" : "discovered");
	write_arr(w, "path");
	for (size_t i = 0; i < snap->hop_count; i++) {
		const struct snap_hop *hop = &snap->hops[i];

		write_obj(w, NULL);
		write_uint(w, "hop", hop->hop);
		write_str(w, "address", hop->address);
		write_str(w, "name", hop->name);
		write_str(w, "decap", hop->decap);
		if (has_bounces(hop)) {
			write_bool(w, "bounces", true);
		}
		write_end(w);
	}
	write_end(w);
	write_end(w);
}

static struct base base_of(const struct snap_stats *stats)
{
	return (struct base){stats->sent, stats->resolved, stats->received,
		stats->has_rtt ? stats->avg_ms * (double)stats->received : 0};
}

static uint64_t added(uint64_t before, uint64_t now)
{
	return now > before ? now - before : 0;
}

/* Void rounds take some off; where most are gone, they were counted anew. */
static void put_walk(struct writer *w, const char *name, const struct snap_stats *stats,
	struct base *base)
{
	struct base now = base_of(stats);

	if (!stats->is_on) {
		return;
	}
	if (now.sent < base->sent / 2) {
		*base = (struct base){0};
	}
	write_obj(w, NULL);
	write_str(w, "walk", name);
	write_uint(w, "sent", added(base->sent, now.sent));
	write_uint(w, "resolved", added(base->resolved, now.resolved));
	write_uint(w, "received", added(base->received, now.received));
	if (now.received > base->received) {
		write_ms(w, "avg", (now.sum_ms - base->sum_ms) /
			(double)(now.received - base->received));
	}
	write_end(w);
	*base = now;
}

static void put_hop(struct stream *stream, struct writer *w, const struct snapshot *snap, size_t k)
{
	const struct snap_hop *hop = &snap->hops[k];
	const char *address = hop->address == NULL ? "" : hop->address;
	struct base *base = stream->base[k];
	struct snap_walk walks[SNAP_WALKS];

	if (stream->address[k] == NULL || strcmp(stream->address[k], address) != 0) {
		free(stream->address[k]);
		stream->address[k] = xstrdup(address);
		memset(base, 0, sizeof stream->base[k]);
	}
	write_obj(w, NULL);
	write_uint(w, "hop", hop->hop);
	write_str(w, "address", hop->address);
	write_arr(w, "walks");
	put_walk(w, "to", &hop->to, &base[0]);
	put_walk(w, has_bounces(hop) ? "bounce" : "through", &hop->through, &base[1]);
	snap_hop_walks(hop, walks);
	for (size_t i = 0; i < SNAP_WALKS; i++) {
		put_walk(w, walks[i].key, walks[i].stats, &base[OWN_WALKS + i]);
	}
	write_end(w);
	write_end(w);
}

static void put_interval(struct stream *stream, const struct snapshot *snap, struct strbuf *out)
{
	struct writer writer = begin_event(snap, "interval", out), *w = &writer;

	write_utc(w, "begin", stream->begin_realtime);
	write_uint(w, "rounds", added(stream->rounds, snap->rounds));
	write_uint(w, "void_rounds", added(stream->void_rounds, snap->void_rounds));
	if (snap->end.is_known) {
		write_bool(w, "end_up", snap->end.is_up);
	}
	write_arr(w, "hops");
	for (size_t k = 0; k < snap->hop_count && k < HOPS; k++) {
		put_hop(stream, w, snap, k);
	}
	write_end(w);
	write_arr(w, "links");
	for (size_t i = 0; i < snap->link_count; i++) {
		object_link(w, &snap->links[i]);
	}
	write_end(w);
	write_end(w);
	stream->begin_realtime = snap->now_realtime;
	stream->rounds = snap->rounds;
	stream->void_rounds = snap->void_rounds;
}

static bool is_probing(const struct snapshot *snap)
{
	return snap->phase >= SNAP_PROBING && snap->hop_count > 0;
}

static void tell_path(struct stream *stream, const struct snapshot *snap, struct strbuf *out)
{
	char *path = path_text(snap);

	if (stream->path == NULL || strcmp(stream->path, path) != 0) {
		free(stream->path);
		stream->path = path;
		put_path(snap, out);
	} else {
		free(path);
	}
}

void stream_look(struct stream *stream, const struct snapshot *snap, struct strbuf *out)
{
	bool is_elsewhere = stream->has_begun && strcmp(stream->destination, snap->destination) != 0;

	if (!stream->has_begun || is_elsewhere) {
		forget_counts(stream);
		free(stream->destination);
		stream->destination = xstrdup(snap->destination);
		stream->has_begun = true;
		stream->begin_realtime = snap->start_realtime;
		stream->rounds = stream->void_rounds = 0;
		put_start(snap, out);
	}
	/* Somebody has set the clock back. */
	if (snap->now_realtime < stream->begin_realtime) {
		stream->begin_realtime = snap->now_realtime;
	}
	if (is_probing(snap)) {
		tell_path(stream, snap, out);
		if (snap->now_realtime >= stream->begin_realtime + stream->every) {
			put_interval(stream, snap, out);
		}
	}
}

void stream_finding(const struct snapshot *snap, const struct snap_finding *finding,
	bool has_begun, struct strbuf *out)
{
	struct writer writer = begin_event(snap, "finding", out), *w = &writer;

	write_str(w, "state", has_begun ? "begin" : "end");
	object_finding(w, "finding", finding);
	write_end(w);
}

void stream_end(struct stream *stream, const struct snapshot *snap, struct strbuf *out)
{
	struct writer writer, *w = &writer;

	stream_look(stream, snap, out);
	if (is_probing(snap) && snap->now_realtime > stream->begin_realtime) {
		put_interval(stream, snap, out);
	}
	writer = begin_event(snap, "end", out);
	write_uint(w, "rounds", snap->rounds);
	report_object(snap, w);
	write_end(w);
}
