/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/check.h"
#include "support/simrun.h"

/* Probes of a run are equally long, or their losses and times compare nothing. */

struct sizes {
	const struct session *session;
	uint16_t least, most;
	uint64_t count;
};

/* What is counted, and not a SYN, which has but one size. */
static void on_sent(void *arg, const struct probe_spec *spec)
{
	struct sizes *sizes = arg;

	if (sizes->session->rounds == 0 || spec->walk->kind > WALK_TO ||
	    spec->carried == CARRIED_TCP) {
		return;
	}
	if (sizes->count == 0 || spec->size_bytes < sizes->least) {
		sizes->least = spec->size_bytes;
	}
	if (spec->size_bytes > sizes->most) {
		sizes->most = spec->size_bytes;
	}
	sizes->count++;
}

static void on_answered(void *arg, const struct engine_answer *answer)
{
	(void)arg;
	(void)answer;
}

static void check(const char *routers, const struct simrun_options *options)
{
	char text[768];
	struct sizes sizes = {0};
	struct drive_watch watch = {.sent = on_sent, .answered = on_answered,
		.arg = &sizes};
	struct simrun *run;

	(void)snprintf(text, sizeof text, "prober A 10.0.1.1\n%s", routers);
	run = simrun_create(text, options);
	sizes.session = &run->session;
	run->drive.watch = &watch;
	simrun_until_done(run);
	assert_true(sizes.count > 0);
	assert_int_equal(sizes.least, sizes.most);
	assert_int_equal(run->session.probe_bytes, sizes.most);
	simrun_destroy(run);
}

static void test_probes_are_equally_long_from_the_first_round_on(void **state)
{
	/* All is known; one that is asked again after a while, and then unwraps; one that is heard
	 * late; one that ceases to. */
	static const char *const cases[][2] = {{"", ""}, {"decap silent", "decap yes"},
		{"icmp no", "icmp yes"}, {"", "decap refused"}};
	char text[512];
	(void)state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		(void)snprintf(text, sizeof text, "router R1 10.0.1.3\nrouter R2 10.0.2.3 %s\n"
			"router R3 10.0.3.3\nhost D 10.0.4.3\nlink A-R1\nlink R1-R2\nlink R2-R3\n"
			"link R3-D\nat 10s router R2 icmp yes %s\n", cases[i][0], cases[i][1]);
		check(text, &(struct simrun_options){.destination = "D", .has_scan = true,
			.has_reverse = true, .rounds = 600, .seed = check_seed(91)});
	}
}

static void test_the_end_of_a_given_path_that_answers_itself_shortens_none(void **state)
{
	(void)state;

	check("router R1 10.0.1.3\nhost D 10.0.2.3\nlink A-R1\nlink R1-D\n",
		&(struct simrun_options){.path = "R1,D", .rounds = 60, .seed = check_seed(92)});
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_probes_are_equally_long_from_the_first_round_on),
		cmocka_unit_test(test_the_end_of_a_given_path_that_answers_itself_shortens_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
