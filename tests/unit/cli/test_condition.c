/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/condition.h"

#include "base/mem.h"
#include "support/check.h"
#include "support/snapshot_fixture.h"

static bool is_met(const struct snapshot *snap, const char *text, const char *why)
{
	struct conditions conditions = {.count = 0};
	struct strbuf said = {0};
	struct err err = {0};
	bool is_met;

	if (!conditions_parse(&conditions, text, &err)) {
		fail_msg("%s: %s", text, err.text);
	}
	is_met = conditions_met(&conditions, snap, &said);
	if (is_met && why != NULL && strcmp(strbuf_text(&said), why) != 0) {
		fail_msg("%s: '%s'", text, strbuf_text(&said));
	}
	assert_true(is_met || said.len == 0);
	strbuf_finish(&said);
	return is_met;
}

static void set_loss(struct snap_stats *stats, double loss, double low, double high)
{
	stats->is_on = true;
	stats->sent = stats->resolved = 100;
	stats->loss = loss;
	stats->low = low;
	stats->high = high;
}

/* Four hops: through hop 3 five of a hundred are lost, hop 2 answers little. */
static struct snapshot *four_hops(void)
{
	struct snapshot *snap = fixture_snapshot(4, FIXTURE_NO_NAMES);

	for (size_t k = 0; k < 4; k++) {
		set_loss(&snap->hops[k].through, k >= 2 ? 0.05 : 0, k >= 2 ? 0.02 : 0,
			k >= 2 ? 0.11 : 0.03);
		set_loss(&snap->hops[k].to, k == 1 ? 0.9 : 0, 0, 1);
		snap->hops[k].is_end = k == 3;
		snap->hops[k].through.has_rtt = true;
		snap->hops[k].through.p95_ms = 10.0 * (double)(k + 1);
	}
	return snap;
}

static void test_a_ratio_is_compared_where_it_is_asked_for(void **state)
{
	struct snapshot *snap = four_hops();
	(void)state;

	assert_true(is_met(snap, "loss>1%", "hop 3: loss 5.00 %"));
	assert_true(is_met(snap, "loss>1%@any", NULL));
	assert_true(is_met(snap, "loss>0.01@end", "hop 4: loss 5.00 %"));
	assert_false(is_met(snap, "loss>1%@2", NULL));
	assert_true(is_met(snap, "loss>=5%@3", NULL));
	assert_false(is_met(snap, "loss>5%@3", NULL));
	assert_false(is_met(snap, "loss-low>2%", NULL));
	assert_true(is_met(snap, "loss-low>=2%", NULL));
	assert_true(is_met(snap, "loss-high>10%", NULL));
	assert_true(is_met(snap, "loss<1%@1", NULL));
	assert_true(is_met(snap, "to-loss>50%", "hop 2: to-loss 90.00 %"));
	assert_false(is_met(snap, "loss>50%", NULL));
	snapshot_destroy(snap);
}

static void test_an_address_or_a_name_stands_for_its_hop(void **state)
{
	struct snapshot *snap = four_hops();
	char text[128];
	(void)state;

	snap->hops[2].name = xstrdup("be-7-0.example.net");
	assert_true(is_met(snap, "loss>1%@be-7-0.example.net", "hop 3: loss 5.00 %"));
	(void)snprintf(text, sizeof text, "loss>1%%@%s", snap->hops[0].address);
	assert_false(is_met(snap, text, NULL));
	(void)snprintf(text, sizeof text, "p95>9ms@%s", snap->hops[0].address);
	assert_true(is_met(snap, text, NULL));
	assert_false(is_met(snap, "loss>1%@nobody", NULL));
	snapshot_destroy(snap);
}

static bool is_amiss(const struct snapshot *snap, const char *text, const char *hop)
{
	struct conditions conditions = {.count = 0};
	struct strbuf said = {0};
	struct err err = {0};
	bool is_amiss;

	assert_true(conditions_parse(&conditions, text, &err));
	is_amiss = conditions_are_amiss(&conditions, snap, &said);
	assert_string_equal(strbuf_text(&said), hop);
	strbuf_finish(&said);
	return is_amiss;
}

static void test_a_hop_that_is_not_there_is_told(void **state)
{
	struct snapshot *snap = four_hops();
	(void)state;

	assert_true(is_amiss(snap, "loss>1%@nobody", "nobody"));
	assert_true(is_amiss(snap, "loss>1%@4,alarm,loss>1%@5", "5"));
	assert_false(is_amiss(snap, "loss>1%@4,loss>1%@end,loss>1%,alarm", ""));
	snapshot_destroy(snap);
}

static void test_times_have_units(void **state)
{
	struct snapshot *snap = four_hops();
	(void)state;

	assert_true(is_met(snap, "p95>39ms", "hop 4: p95 40.000 ms"));
	assert_true(is_met(snap, "p95>39", NULL));
	assert_true(is_met(snap, "p95>0.039s", NULL));
	assert_true(is_met(snap, "p95>39000us", NULL));
	assert_false(is_met(snap, "p95>40ms", NULL));
	snap->hops[3].through.has_rtt = false;
	assert_false(is_met(snap, "p95>30ms", NULL));
	snapshot_destroy(snap);
}

static void test_what_is_not_known_meets_nothing(void **state)
{
	struct snapshot *snap = four_hops();
	(void)state;

	for (size_t k = 0; k < 4; k++) {
		snap->hops[k].through.resolved = 0;
		snap->hops[k].through.loss = SNAP_UNKNOWN;
	}
	/* The end has its own answers to go by. */
	set_loss(&snap->hops[3].to, 0.25, 0.1, 0.4);
	assert_true(is_met(snap, "loss>20%", "hop 4: loss 25.00 %"));
	assert_false(is_met(snap, "loss<1%", NULL));
	snap->links[2].loss = SNAP_UNKNOWN;
	assert_false(is_met(snap, "link-loss>=0@3", NULL));
	snap->links[2].loss = 0.05;
	assert_true(is_met(snap, "link-loss>4%@3", "link 3: link-loss 5.00 %"));
	snapshot_destroy(snap);
}

static void test_findings_are_met_while_they_are_active(void **state)
{
	struct snapshot *snap = four_hops();
	unsigned *hops = xcalloc(2, sizeof *hops);
	(void)state;

	fixture_add_findings(snap);
	hops[0] = 2;
	hops[1] = 3;
	for (size_t i = 0; i < snap->finding_count; i++) {
		snap->findings[i].is_active = false;
	}
	assert_false(is_met(snap, "finding", NULL));
	free(snap->findings[0].hops);
	snap->findings[0].hops = hops;
	snap->findings[0].hop_count = 2;
	snap->findings[0].id = "queueing";
	snap->findings[0].severity = SNAP_WARNING;
	snap->findings[0].is_active = true;
	assert_true(is_met(snap, "finding", NULL));
	assert_true(is_met(snap, "finding=queueing", NULL));
	assert_true(is_met(snap, "warning@3", NULL));
	assert_false(is_met(snap, "warning@1", NULL));
	assert_false(is_met(snap, "finding=link-loss", NULL));
	assert_false(is_met(snap, "alarm", NULL));
	assert_true(is_met(snap, "alarm,loss>99%,warning@2", NULL));
	snapshot_destroy(snap);
}

static void test_what_cannot_be_meant_is_refused(void **state)
{
	static const char *const bad[] = {"", "loss", "loss>", "loss>1%%", "loss>101%", "loss>-1",
		"loss>nan", "loss=1%", "lost>1%", "loss>1%@", "loss>1%@0", "loss>1%@999", "p95>1%",
		"finding=link-losss", "finding=", "alarm=link-loss", "alarm>1", "loss>1ms", ",",
		"loss>1%,,loss>2%", "loss>1e400", "p95>inf"};
	(void)state;

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct conditions conditions = {.count = 0};
		struct err err = {0};

		if (conditions_parse(&conditions, bad[i], &err)) {
			fail_msg("'%s' was taken", bad[i]);
		}
		assert_non_null(strstr(err.text, "--fail-if"));
	}
}

/* As behind a translator, whose routers answer in its name. */
static void test_an_end_that_never_answered_has_lost_all_whoever_answers_there(void **state)
{
	struct snapshot *snap = four_hops();
	(void)state;

	assert_false(is_met(snap, "loss>50%@end", NULL));
	snap->hops[3].is_end_silent = true;
	assert_true(is_met(snap, "loss>50%@end", NULL));
	assert_true(is_met(snap, "loss-recent>50%@4", NULL));
	assert_false(is_met(snap, "loss>50%@3", NULL));
	assert_false(is_met(snap, "loss-low>50%@end", NULL));
	snapshot_destroy(snap);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_ratio_is_compared_where_it_is_asked_for),
		cmocka_unit_test(test_an_address_or_a_name_stands_for_its_hop),
		cmocka_unit_test(test_a_hop_that_is_not_there_is_told),
		cmocka_unit_test(test_times_have_units),
		cmocka_unit_test(test_what_is_not_known_meets_nothing),
		cmocka_unit_test(test_findings_are_met_while_they_are_active),
		cmocka_unit_test(test_what_cannot_be_meant_is_refused),
		cmocka_unit_test(test_an_end_that_never_answered_has_lost_all_whoever_answers_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
