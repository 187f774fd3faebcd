/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/pattern.h"
#include "support/check.h"
#include "support/simrun.h"

/* R2 answers once in two seconds; every link to R3 and on loses a quarter. */
static const char PATH[] =
	"prober A 10.0.1.1\nrouter R1 10.0.1.3\nrouter R2 10.0.2.3 icmp-rate 1/2s burst 3\n"
	"router R3 10.0.3.3\nlink A-R1 delay 1ms\nlink R1-R2 delay 1ms\n"
	"link R2-R3 delay 1ms loss 25% out-only\n";

static struct simrun *ask(unsigned hop)
{
	struct command faster = {.kind = COMMAND_FASTER, .hop = (uint8_t)hop};
	struct simrun *run = simrun_create(PATH, &(struct simrun_options){.path = "R1,R2,R3",
		.rounds = 400, .seed = check_seed(31 + hop)});

	assert_false(drive_do(&run->drive, (struct command){.kind = COMMAND_FASTER, .hop = 4}));
	simrun_for(run, 40 * NS_PER_SEC);
	assert_true(drive_do(&run->drive, faster));
	assert_false(drive_do(&run->drive, faster));
	simrun_until_done(run);
	assert_false(run->session.faster.is_running);
	assert_int_equal(run->session.faster.asked, 200);
	assert_true(run->session.faster.took < 5 * NS_PER_SEC);
	/* None of them is counted in the rounds. */
	assert_int_equal(simrun_to(run, hop)->sent, 400);
	return run;
}

static enum share_change change_of(const struct session *session)
{
	const struct faster *faster = &session->faster;

	return pattern_share_change(faster->asked_before, faster->answered_before, faster->asked,
		faster->answered);
}

static void test_a_limiter_gives_no_more_answers(void **state)
{
	struct simrun *run = ask(2);
	const struct finding *findings;
	size_t count;
	(void)state;

	assert_true(run->session.faster.answered <= 4);
	assert_int_equal(change_of(&run->session), SHARE_FELL);
	findings = diag_findings(run->diag, &count);
	for (size_t i = 0; i < count; i++) {
		if (findings[i].id == FINDING_ICMP_RATE_LIMIT) {
			assert_non_null(strstr(findings[i].text, "50 probes per second"));
			simrun_destroy(run);
			return;
		}
	}
	fail();
}

static void test_loss_takes_the_same_share(void **state)
{
	struct simrun *run = ask(3);
	(void)state;

	assert_true(run->session.faster.answered > 120 && run->session.faster.answered < 180);
	assert_int_equal(change_of(&run->session), SHARE_IN_STEP);
	simrun_destroy(run);
}

static void test_it_never_exceeds_the_cap(void **state)
{
	struct simrun *run = simrun_create(PATH, &(struct simrun_options){.path = "R1,R2,R3",
		.rounds = 100, .seed = check_seed(35), .max_rate_pps = 40});
	(void)state;

	simrun_for(run, 5 * NS_PER_SEC);
	assert_true(drive_do(&run->drive, (struct command){.kind = COMMAND_FASTER, .hop = 1}));
	simrun_until_done(run);
	/* 200 at what the rounds leave of 40 a second. */
	assert_true(run->session.faster.took == 0 || run->session.faster.took > 10 * NS_PER_SEC);
	simrun_destroy(run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_limiter_gives_no_more_answers),
		cmocka_unit_test(test_loss_takes_the_same_share),
		cmocka_unit_test(test_it_never_exceeds_the_cap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
