/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "diag/diag_int.h"
#include "support/check.h"

/* One trouble has one life, and what is grave is not forgotten for what is not. */

static void hold(struct diag *diag, enum finding_id id, uint8_t hop, ns_t at)
{
	diag->now = at;
	for (size_t i = 0; i < diag->finding_count; i++) {
		diag->is_held[i] = false;
	}
	(void)diag_hold(diag, id, &hop, 1, 0.9);
	for (size_t i = 0; i < diag->finding_count; i++) {
		diag->finding[i].is_active = diag->is_held[i];
	}
}

static void test_what_comes_back_within_an_hour_is_one_finding(void **state)
{
	struct diag *diag = diag_create();
	const ns_t minute = 60 * NS_PER_SEC;
	(void)state;

	for (ns_t second = 0; second <= 10; second++) {
		hold(diag, FINDING_PATH_LOSS, 3, minute + second * NS_PER_SEC);
	}
	hold(diag, FINDING_ECMP, 1, 2 * minute);
	for (ns_t second = 0; second <= 5; second++) {
		hold(diag, FINDING_PATH_LOSS, 3, 50 * minute + second * NS_PER_SEC);
	}
	assert_int_equal(diag->finding_count, 2);
	assert_int_equal(diag->finding[0].episodes, 2);
	assert_true(diag->finding[0].first == minute);
	assert_true(diag->finding[0].begun == 50 * minute);
	assert_true(finding_held(&diag->finding[0]) == 15 * NS_PER_SEC);

	hold(diag, FINDING_ECMP, 1, 60 * minute);
	hold(diag, FINDING_PATH_LOSS, 3, 120 * minute);
	assert_int_equal(diag->finding_count, 3);
	hold(diag, FINDING_PATH_LOSS, 4, 121 * minute);
	assert_int_equal(diag->finding_count, 4);
	diag_destroy(diag);
}

static void test_a_flood_of_lesser_findings_leaves_the_grave_ones(void **state)
{
	struct diag *diag = diag_create();
	ns_t now = NS_PER_SEC;
	unsigned alarms = 0, steps = 0;
	(void)state;

	hold(diag, FINDING_LINK_LOSS, 9, now);
	hold(diag, FINDING_LATENCY_STEP, 9, 2 * now);
	for (unsigned i = 0; i < 500; i++) {
		now += 2 * 3600 * NS_PER_SEC;
		hold(diag, FINDING_COSMETIC_LOSS, (uint8_t)(i % 60 + 1), now);
	}
	assert_int_equal(diag->finding_count, FINDINGS_MAX);
	/* Alarms take the places of all others that are over. */
	for (unsigned i = 0; i < FINDINGS_MAX - 1; i++) {
		now += 2 * 3600 * NS_PER_SEC;
		hold(diag, FINDING_PATH_LOSS, (uint8_t)(i % 60 + 1), now);
		hold(diag, FINDING_COSMETIC_LOSS, 1, now + 1);
	}
	for (size_t i = 0; i < diag->finding_count; i++) {
		alarms += finding_severity(diag->finding[i].id) == SEVERITY_ALARM;
		steps += diag->finding[i].id == FINDING_LATENCY_STEP;
	}
	assert_int_equal(diag->finding_count, FINDINGS_MAX);
	assert_int_equal(alarms, FINDINGS_MAX - 1);
	assert_int_equal(steps, 0);
	diag_destroy(diag);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_comes_back_within_an_hour_is_one_finding),
		cmocka_unit_test(test_a_flood_of_lesser_findings_leaves_the_grave_ones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
