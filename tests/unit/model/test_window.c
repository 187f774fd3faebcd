/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/window.h"

#include <math.h>

#include "base/rng.h"
#include "support/check.h"

/* Five rounds a second through one hop, and the same again for whoever counts from `from` on. */
enum { HZ = 5 };

struct fixture {
	struct session session;
	struct window *window;
	struct rng rng;
	uint32_t round;
	struct stats expected;
	ns_t from;
};

static ns_t now_of(const struct fixture *f)
{
	return (ns_t)f->round * (NS_PER_SEC / HZ);
}

static void begin(struct fixture *f, ns_t from)
{
	memset(f, 0, sizeof *f);
	session_init(&f->session);
	f->session.has_walk[WALK_RETRACE] = true;
	f->session.hop_count = 1;
	f->session.hops[0].address = (struct addr){ADDR_V4, {10, 0, 0, 1}};
	f->window = window_create();
	f->from = from;
	rng_init(&f->rng, check_seed(7), 1);
	window_begin(f->window, &f->session, 0);
}

static void finish(struct fixture *f)
{
	window_destroy(f->window);
	session_finish(&f->session);
}

static void count(struct fixture *f, struct stats *stats, double luck, ns_t rtt)
{
	struct stats_probe probe = {.round = f->round, .sent_at = now_of(f)};

	stats_transmitted(stats, &probe);
	if (luck < 0.1) {
		stats_lost(stats, &probe);
	} else {
		stats_answered(stats, &probe, rtt);
	}
}

static void run_for(struct fixture *f, unsigned seconds)
{
	for (unsigned i = 0; i < seconds * HZ; i++) {
		double luck = rng_unit(&f->rng);
		ns_t rtt = (ns_t)((10 + 90 * rng_unit(&f->rng)) * 1e6);

		count(f, &f->session.hops[0].walk[WALK_RETRACE], luck, rtt);
		if (now_of(f) >= f->from) {
			count(f, &f->expected, luck, rtt);
		}
		f->round++;
		f->session.rounds = f->round;
		window_advance(f->window, &f->session, now_of(f));
	}
}

static void assert_as_expected(const struct stats *stats, const struct stats *expected)
{
	assert_int_equal(stats->transmitted, expected->transmitted);
	assert_int_equal(stats->sent, expected->sent);
	assert_int_equal(stats->received, expected->received);
	assert_int_equal(stats->lost, expected->lost);
	assert_int_equal(stats->samples, expected->samples);
	assert_near(stats->mean_ns, expected->mean_ns, 1.0);
	assert_near(stats_stddev_ms(stats), stats_stddev_ms(expected), 1e-6);
	assert_near(stats_gmean_ms(stats), stats_gmean_ms(expected), 1e-6);
	assert_int_equal(stats->best, expected->best);
	assert_int_equal(stats->worst, expected->worst);
	assert_int_equal(stats->last, expected->last);
	assert_memory_equal(&stats->quant, &expected->quant, sizeof stats->quant);
}

static void test_the_last_minutes_are_what_was_counted_since(void **state)
{
	struct session cut;
	struct fixture f;
	(void)state;

	begin(&f, 180 * NS_PER_SEC);
	run_for(&f, 480);
	assert_int_equal(window_cut(f.window, &f.session, now_of(&f), 300 * NS_PER_SEC, &cut),
		180 * NS_PER_SEC);
	assert_as_expected(&cut.hops[0].walk[WALK_RETRACE], &f.expected);
	assert_int_equal(window_rounds_before(f.window, 180 * NS_PER_SEC), 180 * HZ);
	window_finish_cut(&cut);
	finish(&f);
}

/* 47 s before 207 s is 160 s: a part begins there. 45 s before is within it. */
static void test_a_window_begins_with_a_part_and_is_no_shorter_than_asked(void **state)
{
	struct session cut;
	struct fixture f;
	(void)state;

	begin(&f, 160 * NS_PER_SEC);
	run_for(&f, 207);
	assert_int_equal(window_cut(f.window, &f.session, now_of(&f), 45 * NS_PER_SEC, &cut),
		160 * NS_PER_SEC);
	assert_as_expected(&cut.hops[0].walk[WALK_RETRACE], &f.expected);
	window_finish_cut(&cut);
	finish(&f);
}

static void test_more_than_an_hour_is_not_kept(void **state)
{
	struct session cut;
	struct fixture f;
	(void)state;

	begin(&f, 0);
	run_for(&f, 4000);
	/* 200 parts were ended, 180 are kept. */
	assert_int_equal(window_cut(f.window, &f.session, now_of(&f), 86400 * NS_PER_SEC, &cut),
		400 * NS_PER_SEC);
	assert_int_equal(cut.hops[0].walk[WALK_RETRACE].transmitted, 3600 * HZ);
	window_finish_cut(&cut);
	finish(&f);
}

static void test_what_began_anew_reaches_no_farther_back(void **state)
{
	struct session cut;
	struct fixture f;
	(void)state;

	begin(&f, 130 * NS_PER_SEC);
	run_for(&f, 130);
	session_reset_stats(&f.session);
	run_for(&f, 100);
	(void)window_cut(f.window, &f.session, now_of(&f), 86400 * NS_PER_SEC, &cut);
	assert_int_equal(cut.hops[0].walk[WALK_RETRACE].sent, f.expected.sent);
	assert_int_equal(cut.hops[0].walk[WALK_RETRACE].lost, f.expected.lost);
	window_finish_cut(&cut);
	window_begin(f.window, &f.session, now_of(&f));
	assert_int_equal(window_cut(f.window, &f.session, now_of(&f), NS_PER_SEC, &cut),
		now_of(&f));
	assert_int_equal(cut.hops[0].walk[WALK_RETRACE].sent, 0);
	window_finish_cut(&cut);
	finish(&f);
}

static void test_another_hop_in_its_place_begins_anew(void **state)
{
	struct session cut;
	struct fixture f;
	(void)state;

	begin(&f, 100 * NS_PER_SEC);
	run_for(&f, 100);
	f.session.hops[0].address.byte[3] = 2;
	memset(&f.session.hops[0].walk[WALK_RETRACE], 0, sizeof(struct stats));
	run_for(&f, 100);
	(void)window_cut(f.window, &f.session, now_of(&f), 86400 * NS_PER_SEC, &cut);
	assert_as_expected(&cut.hops[0].walk[WALK_RETRACE], &f.expected);
	window_finish_cut(&cut);
	finish(&f);
}

/* Lost in one part, late in the next: neither part by itself has the whole of it. */
static void test_a_late_answer_takes_back_the_loss_of_a_part_before(void **state)
{
	struct stats *stats;
	struct stats_probe probe;
	struct session cut;
	struct fixture f;
	(void)state;

	begin(&f, 0);
	stats = &f.session.hops[0].walk[WALK_RETRACE];
	probe = (struct stats_probe){.round = 1, .sent_at = 0};
	stats_transmitted(stats, &probe);
	stats_lost(stats, &probe);
	window_advance(f.window, &f.session, 20 * NS_PER_SEC);
	stats_late(stats, &probe);
	window_advance(f.window, &f.session, 40 * NS_PER_SEC);
	(void)window_cut(f.window, &f.session, 41 * NS_PER_SEC, 60 * NS_PER_SEC, &cut);
	assert_int_equal(cut.hops[0].walk[WALK_RETRACE].lost, 0);
	assert_int_equal(cut.hops[0].walk[WALK_RETRACE].late, 1);
	window_finish_cut(&cut);
	(void)window_cut(f.window, &f.session, 41 * NS_PER_SEC, 5 * NS_PER_SEC, &cut);
	assert_int_equal(cut.hops[0].walk[WALK_RETRACE].lost, 0);
	window_finish_cut(&cut);
	finish(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_last_minutes_are_what_was_counted_since),
		cmocka_unit_test(test_a_window_begins_with_a_part_and_is_no_shorter_than_asked),
		cmocka_unit_test(test_more_than_an_hour_is_not_kept),
		cmocka_unit_test(test_what_began_anew_reaches_no_farther_back),
		cmocka_unit_test(test_another_hop_in_its_place_begins_anew),
		cmocka_unit_test(test_a_late_answer_takes_back_the_loss_of_a_part_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
