/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * rtt_error FILE.scn SECONDS: how far our round-trip times are from the truth. Probes the
 * last hop of the scenario's path 1 000 times a second through the live transport, with the
 * scenario behind a veth; the truth is the time between the packet's arrival at the far end
 * and the departure of its answer there. Prints one line of JSON, in microseconds.
 */
#include <stdio.h>
#include <stdlib.h>

#include "net/direct.h"
#include "net/route.h"
#include "sim/netns.h"
#include "support/retrace.h"

enum { PER_SECOND = 1000, PROBES_MAX = 60000, FIRST_SEQ = 1 };

struct bench {
	struct loop *loop;
	struct transport *transport;
	struct loop_timer timer;
	struct ident ident;
	struct walk walk;
	uint16_t port;
	uint32_t sent, count;
	ns_t next_at;
	ns_t tx[PROBES_MAX + 1], rx[PROBES_MAX + 1];
	ns_t in[PROBES_MAX + 1], out[PROBES_MAX + 1];
};

static void on_reply(void *arg, const struct reply *reply, struct stamp stamp)
{
	struct bench *bench = arg;

	if (reply->kind == REPLY_RETURN && reply->token_seq <= PROBES_MAX) {
		bench->rx[reply->token_seq] = stamp.t;
	} else if (reply->kind == REPLY_SENT) {
		/* Fewer than 65 536 are sent, so the outermost number is the whole one. */
		uint16_t number = ident_decipher(&bench->ident, reply->ids.outer_id);

		if (number <= PROBES_MAX) {
			bench->tx[number] = stamp.t;
		}
	}
}

static void on_unsent(void *arg, uint32_t seq, const struct err *why)
{
	(void)arg;
	(void)fprintf(stderr, "probe %u: %s\n", seq, why->text);
}

static void on_timer(void *arg)
{
	struct bench *bench = arg;
	struct probe_spec spec = {.walk = &bench->walk, .seq = bench->sent + FIRST_SEQ,
		.size_bytes = 200, .sport = bench->port, .dport = bench->port};

	if (bench->sent == bench->count) {
		loop_stop(bench->loop);
		return;
	}
	bench->sent++;
	bench->transport->ops->send(bench->transport, &spec);
	bench->transport->ops->flush(bench->transport);
	bench->next_at += NS_PER_SEC / PER_SECOND;
	/* The last answers get a tenth of a second. */
	loop_timer_set(bench->loop, &bench->timer, bench->sent == bench->count ?
		bench->next_at + NS_PER_SEC / 10 : bench->next_at);
}

static void read_truth(struct bench *bench, const char *path)
{
	FILE *file = fopen(path, "r");
	unsigned long long when;
	char way[8], id[16], seq[24];

	while (file != NULL && fscanf(file, "%llu %7s %15s %23s", &when, way, id, seq) == 4) {
		unsigned long number = strtoul(seq, NULL, 10);

		if (number >= FIRST_SEQ && number <= PROBES_MAX) {
			(way[0] == 'i' ? bench->in : bench->out)[number] = (ns_t)when;
		}
	}
	if (file != NULL) {
		(void)fclose(file);
	}
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static void print(const struct bench *bench)
{
	static double error_us[PROBES_MAX];
	size_t count = 0;

	for (uint32_t i = FIRST_SEQ; i <= bench->count; i++) {
		if (bench->tx[i] != 0 && bench->rx[i] != 0 && bench->in[i] != 0 && bench->out[i] != 0) {
			double us = (double)((bench->rx[i] - bench->tx[i]) -
				(bench->out[i] - bench->in[i])) / 1e3;

			error_us[count++] = us < 0 ? -us : us;
		}
	}
	if (count == 0) {
		(void)fprintf(stderr, "no probe has all four stamps\n");
		exit(1);
	}
	qsort(error_us, count, sizeof error_us[0], by_value);
	printf("{\"probes\": %u, \"compared\": %zu, \"median_us\": %.1f, \"p99_us\": %.1f, "
		"\"max_us\": %.1f}\n", bench->count, count, error_us[count / 2],
		error_us[count * 99 / 100], error_us[count - 1]);
}

static bool prepare(struct bench *bench, const struct scenario *scn, struct err *err)
{
	const struct scn_run *run = &scn->run[0];
	struct siphash_key key = {3, 4};
	struct addr hops[LEG_MAX];
	struct route_query query = {0};
	struct route route;

	for (size_t i = 0; i < run->node_count; i++) {
		hops[i] = *scenario_node_address(scn, run->node[i]);
	}
	query.target = hops[0];
	if (!route_lookup(&query, &route, err) ||
	    !walk_retrace(&route.source, hops, run->node_count, INNER_SOURCE_HOP, &bench->walk)) {
		return false;
	}
	ident_init(&bench->ident, &key);
	bench->transport = direct_create(&(struct direct_config){
		.common = {.ident = bench->ident, .context = {.self = route.source}},
		.packet_bytes = 256, .rate_pps = 2 * PER_SECOND,
		.gather = NS_PER_MS}, &bench->port, err);
	return bench->transport != NULL;
}

int main(int argc, char **argv)
{
	static struct bench bench;
	struct transport_events events = {.reply = on_reply, .unsent = on_unsent, .arg = &bench};
	char truth[] = "/tmp/rtt_error.XXXXXX";
	struct netns_options options = {.truth_file = truth};
	struct netns_demo demo;
	struct scenario scn;
	struct err err = {0};

	if (argc != 3 || mkstemp(truth) < 0) {
		(void)fprintf(stderr, "usage: rtt_error FILE.scn SECONDS\n");
		return 2;
	}
	bench.count = (uint32_t)atoi(argv[2]) * PER_SECOND;
	bench.count = bench.count > PROBES_MAX ? PROBES_MAX : bench.count;
	if (!scenario_load(argv[1], &scn, &err) || !netns_demo_start(&scn, &options, &demo, &err) ||
	    !prepare(&bench, &scn, &err)) {
		(void)fprintf(stderr, "rtt_error: %s\n", err.text);
		return 1;
	}
	bench.loop = loop_create_real();
	bench.timer = (struct loop_timer){.fn = on_timer, .arg = &bench};
	bench.next_at = loop_now(bench.loop) + NS_PER_SEC / 10;
	(void)bench.transport->ops->start(bench.transport, bench.loop, &events, &err);
	loop_timer_set(bench.loop, &bench.timer, bench.next_at);
	loop_run(bench.loop);
	netns_demo_stop(&demo);
	read_truth(&bench, truth);
	(void)remove(truth);
	print(&bench);
	return 0;
}
