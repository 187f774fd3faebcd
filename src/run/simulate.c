/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/simulate.h"

#include "base/rng.h"
#include "sim/transport_sim.h"

enum { PORT = 33000 };

/* Of the loop, and what the calendar says then: 2026-01-01T00:00:00Z. */
static const ns_t BEGIN = NS_PER_SEC, CALENDAR = 1767225600 * NS_PER_SEC;

struct loop *simulate_loop(void)
{
	struct loop *loop = loop_create_virtual(BEGIN);

	loop_step_clock(loop, CALENDAR - BEGIN);
	return loop;
}

void simulate_words(const struct scenario *scenario, uint64_t *ret_words, size_t count)
{
	struct rng rng;

	/* Another stream than those of nodes and links. */
	rng_init(&rng, scenario->seed, UINT64_MAX);
	for (size_t i = 0; i < count; i++) {
		ret_words[i] = (uint64_t)rng_u32(&rng) << 32 | rng_u32(&rng);
	}
}

struct transport *simulate_transport(struct sim *sim, struct transport_config *config,
	const struct loop *loop)
{
	reply_context_set_port(&config->context, PORT);
	sim_set_start(sim, loop_now(loop));
	return transport_sim_create(sim, config);
}
