/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/check.h"
#include "support/simrun.h"

/* ICMP errors from inside a walk: counted by cause, and kept with who said so and where. */

struct fault {
	const char *r2, *link, *more;  /* words of the scenario */
	enum inner_source inner;
	size_t hop;                         /* whose probes it ends */
	enum icmp_cause cause;
	enum walk_kind kind;
	uint8_t type, code, leg;
	uint16_t mtu;
	uint32_t from, to;
};

enum { R1 = 0x0a000102, R2 = 0x0a000203, R3 = 0x0a000303, ROUNDS = 20 };

/* Boomerangs of depth 3 have 152 bytes, of which 112 are left behind R2. */
static const struct fault faults[] = {
	{.link = "mtu 100", .inner = INNER_SOURCE_SELF, .hop = 3, .cause = CAUSE_FRAGMENTATION_NEEDED,
		.type = 3, .code = 4, .leg = 3, .mtu = 100, .from = R2, .to = R3},
	{.r2 = "decap prohibited", .inner = INNER_SOURCE_SELF, .hop = 2,
		.cause = CAUSE_ADMIN_PROHIBITED, .type = 3, .code = 13, .leg = 2, .from = R2, .to = R2},
	{.r2 = "decap refused", .inner = INNER_SOURCE_SELF, .hop = 3,
		.cause = CAUSE_PROTOCOL_UNREACHABLE, .type = 3, .code = 2, .leg = 2, .from = R2, .to = R2},
	{.r2 = "decap refused-port", .inner = INNER_SOURCE_SELF, .hop = 2,
		.cause = CAUSE_PORT_UNREACHABLE, .type = 3, .code = 3, .leg = 2, .from = R2, .to = R2},
	{.more = "route R2 to R3 via R1\nroute R1 to R3 via R2\n", .inner = INNER_SOURCE_SELF,
		.hop = 3, .cause = CAUSE_TIME_EXCEEDED, .type = 11, .code = 0, .leg = 3, .to = R3},
	/* The refusal goes to R1, whose leg it is; the inquiry with our own source brings it home. */
	{.r2 = "decap prohibited", .inner = INNER_SOURCE_HOP, .hop = 2, .cause = CAUSE_COUNT,
		.kind = WALK_CAUSE, .type = 3, .code = 13, .leg = 2, .from = R2, .to = R2},
};

static struct simrun *run_of(const struct fault *fault)
{
	char text[512];
	struct simrun *run;

	(void)snprintf(text, sizeof text, "prober A 10.0.1.1\nrouter R1 10.0.1.2\n"
		"router R2 10.0.2.3 %s\nrouter R3 10.0.3.3\n"
		"link A-R1 delay 1ms\nlink R1-R2 delay 5ms\nlink R2-R3 delay 10ms %s\n%s",
		fault->r2 == NULL ? "" : fault->r2,
		fault->link == NULL ? "" : fault->link, fault->more == NULL ? "" : fault->more);
	run = simrun_create(text, &(struct simrun_options){.path = "R1,R2,R3", .rounds = ROUNDS,
		.inner_source = fault->inner, .no_to = true, .seed = check_seed(3)});
	simrun_until_done(run);
	return run;
}

static void test_each_cause_is_counted_and_kept_with_its_reporter_and_its_leg(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
		const struct fault *fault = &faults[i];
		struct simrun *run = run_of(fault);
		const struct hop *hop = &run->session.hops[fault->hop - 1];
		const struct hop_error *error = &hop->error;

		printf("# fault %zu\n", i);
		if (fault->cause != CAUSE_COUNT) {
			assert_int_equal(hop->walk[WALK_RETRACE].errors[fault->cause], ROUNDS);
			assert_int_equal(hop->walk[WALK_RETRACE].lost, 0);
		}
		assert_int_equal(error->type, fault->type);
		assert_int_equal(error->code, fault->code);
		assert_int_equal(error->kind, fault->kind);
		assert_int_equal(error->leg, fault->leg);
		assert_int_equal(error->mtu, fault->mtu);
		assert_int_equal(addr_to_v4(&error->to), fault->to);
		if (fault->from != 0) {
			assert_int_equal(addr_to_v4(&error->from), fault->from);
		}
		assert_false(addr_is_set(&run->session.hops[0].error.from));
		simrun_destroy(run);
	}
}

static void test_a_to_probe_that_does_not_fit_names_the_narrow_link(void **state)
{
	struct simrun *run = simrun_create("prober A 10.0.1.1\nrouter R1 10.0.1.2\n"
		"router R2 10.0.2.3\nhost D 10.0.3.3 decap yes\nlink A-R1 delay 1ms\n"
		"link R1-R2 delay 5ms mtu 150\nlink R2-D delay 5ms\n",
		&(struct simrun_options){.destination = "D", .seed = check_seed(3)});
	const struct hop_error *error = &run->session.hops[1].error;
	(void)state;

	simrun_until_done(run);
	assert_int_equal(error->kind, WALK_TO);
	assert_int_equal(error->mtu, 150);
	assert_int_equal(error->leg, 1);
	assert_int_equal(addr_to_v4(&error->from), R1);
	simrun_destroy(run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_cause_is_counted_and_kept_with_its_reporter_and_its_leg),
		cmocka_unit_test(test_a_to_probe_that_does_not_fit_names_the_narrow_link),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
