/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/facts.h"
#include "support/check.h"
#include "support/simrun.h"

/* Link 2 is a line of 2 Mbit/s; what becomes of it after 12 s differs. */
#define SLOW "prober A 10.0.1.1\nrouter R1 10.0.1.3\nrouter R2 10.0.2.3\nrouter R3 10.0.3.3\n" \
	"link A-R1 delay 1ms\nlink R1-R2 delay 1ms rate 2mbit\nlink R2-R3 delay 1ms\n"

static struct simrun *run_of(const char *scenario, uint32_t speed_mbps)
{
	struct path_facts facts = {.place = {[2] = {.speed_mbps = speed_mbps}}};
	struct simrun *run = simrun_create(scenario, &(struct simrun_options){.path = "R1,R2,R3",
		.rounds = 130, .no_to = true, .seed = check_seed(61)});

	diag_set_facts(run->diag, &facts);
	simrun_until_done(run);
	assert_int_equal(run->session.probe_bytes, 152);
	return run;
}

static const struct finding *find(const struct simrun *run, enum finding_id id)
{
	size_t count;
	const struct finding *findings = diag_findings(run->diag, &count);

	for (size_t i = 0; i < count; i++) {
		if (findings[i].id == id && findings[i].hop_count == 2 && findings[i].hop[1] == 2) {
			return &findings[i];
		}
	}
	return NULL;
}

/* 152 bytes, out and back, at 2 Mbit/s. */
static void test_a_step_says_what_of_the_link_is_its_line(void **state)
{
	static const char step[] = SLOW "at 12s link R1-R2 delay 4ms\n";
	struct simrun *run = run_of(step, 2);
	const struct finding *finding = find(run, FINDING_LATENCY_STEP);
	(void)state;

	assert_non_null(finding);
	assert_near(simrun_fact(finding, "serialisation_ms"), 1.216, 1e-9);
	assert_non_null(strstr(finding->text, ", of which 1.22 ms is serialization at 2 Mbit/s"));
	simrun_destroy(run);

	run = run_of(step, 0);
	finding = find(run, FINDING_LATENCY_STEP);
	assert_non_null(finding);
	assert_null(strstr(finding->text, "Mbit/s"));
	simrun_destroy(run);
	/* Of a fast line there is nothing to say. */
	run = run_of(step, 1000);
	finding = find(run, FINDING_LATENCY_STEP);
	assert_non_null(finding);
	assert_null(strstr(finding->text, "Mbit/s"));
	simrun_destroy(run);
}

static void test_a_queue_on_a_slow_line_is_counted_in_packets(void **state)
{
	struct simrun *run = run_of(SLOW "at 12s link R1-R2 jitter uniform 9ms\n", 2);
	const struct finding *finding = find(run, FINDING_QUEUEING);
	(void)state;

	assert_non_null(finding);
	assert_near(simrun_fact(finding, "packet_ms"), 6, 1e-9);
	assert_non_null(strstr(finding->text,
		"; at 2 Mbit/s a 1500-byte packet takes 6.0 ms: about "));
	simrun_destroy(run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_step_says_what_of_the_link_is_its_line),
		cmocka_unit_test(test_a_queue_on_a_slow_line_is_counted_in_packets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
