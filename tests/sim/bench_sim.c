/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/err.h"
#include "sim/transport_sim.h"
#include "support/retrace.h"

/*
 * How long a million boomerangs of eight legs over four hops take, there and back, through
 * transport and network: bench_sim [PROBES]. A burst of four depths each 4 ms.
 */
static const char text[] =
	"prober A 10.0.1.1\n"
	"router R1 10.0.1.2\nrouter R2 10.0.2.3\nrouter R3 10.0.3.3\nrouter R4 10.0.4.3\n"
	"link A-R1 delay 1ms jitter exponential 0.1ms\n"
	"link R1-R2 delay 5ms jitter exponential 0.1ms\n"
	"link R2-R3 delay 10ms jitter normal 0.1ms loss 2% out-only\n"
	"link R3-R4 delay 2ms rate 1gbit\n";

struct bench {
	struct loop *loop;
	struct transport *transport;
	struct loop_timer timer;
	struct walk walk;
	uint64_t left, sent, returned, departures;
};

static void on_reply(void *arg, const struct reply *reply, struct stamp stamp)
{
	struct bench *bench = arg;
	(void)stamp;

	if (reply->kind == REPLY_RETURN) {
		bench->returned++;
	} else {
		bench->departures++;
	}
}

static void on_timer(void *arg)
{
	struct bench *bench = arg;
	struct probe_spec spec = {.walk = &bench->walk, .size_bytes = 220, .sport = 25199,
		.dport = 28525, .carried = CARRIED_UDP};

	for (int i = 0; i < 4 && bench->left > 0; i++) {
		spec.seq = (uint32_t)bench->sent++;
		bench->transport->ops->send(bench->transport, &spec);
		bench->left--;
	}
	bench->transport->ops->flush(bench->transport);
	if (bench->left > 0) {
		loop_timer_set(bench->loop, &bench->timer, loop_now(bench->loop) + 4 * NS_PER_MS);
	}
}

int main(int argc, char **argv)
{
	struct bench bench = {.left = argc > 1 ? strtoull(argv[1], NULL, 10) : 1000000};
	struct transport_events events = {.reply = on_reply, .arg = &bench};
	struct transport_config config = {.context = {.self = addr_v4(0x0a000101), .port = 28525}};
	struct addr hop[4] = {addr_v4(0x0a000102), addr_v4(0x0a000203), addr_v4(0x0a000303),
		addr_v4(0x0a000403)};
	struct scenario scenario;
	struct err err = {0};
	struct timespec from, to;
	struct sim *sim;

	if (!scenario_parse("bench", text, strlen(text), &scenario, &err) ||
	    !walk_retrace(&config.context.self, hop, 4, INNER_SOURCE_HOP, &bench.walk)) {
		(void)fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	sim = sim_create(&scenario, 0);
	ident_init(&config.ident, &(struct siphash_key){1, 2});
	bench.loop = loop_create_virtual(0);
	bench.transport = transport_sim_create(sim, &config);
	(void)bench.transport->ops->start(bench.transport, bench.loop, &events, NULL);
	bench.timer.fn = on_timer;
	bench.timer.arg = &bench;
	loop_timer_set(bench.loop, &bench.timer, 0);
	(void)clock_gettime(CLOCK_MONOTONIC, &from);
	loop_run(bench.loop);
	(void)clock_gettime(CLOCK_MONOTONIC, &to);
	printf("%llu sent, %llu told, %llu returned, %.3f s, %llu turns\n",
		(unsigned long long)bench.sent, (unsigned long long)bench.departures,
		(unsigned long long)bench.returned,
		ns_to_sec(ns_from_timespec(to) - ns_from_timespec(from)),
		(unsigned long long)loop_turns(bench.loop));
	bench.transport->ops->destroy(bench.transport);
	loop_destroy(bench.loop);
	sim_destroy(sim);
	scenario_finish(&scenario);
	return 0;
}
