/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/check.h"
#include "support/simrun.h"

#include "base/strbuf.h"

/*
 * Nothing on this path unwraps. What goes through hop 1 is bounces, and they tell the link to it
 * from what is behind.
 */
enum { SEEDS = 48, SEEDS_LONG = 200, ROUNDS = 1500 };

static unsigned seeds(void)
{
	return getenv("THRUPATH_LONG") == NULL ? SEEDS : SEEDS_LONG;
}

struct lan {
	const char *gateway;     /* properties of it, and of two links */
	const char *first_link, *second_link;
	const char *changes;
	const char *end;         /* "host" if NULL */
};

static struct simrun *run_of(const struct lan *lan, struct simrun_options options)
{
	struct strbuf text = {0};
	struct simrun *run;

	strbuf_printf(&text, "prober A 10.0.1.1\nrouter G 10.0.1.3 decap silent %s\n"
		"router R 10.0.2.3 decap refused\nrouter S 10.0.3.3 decap silent\n%s D 10.0.4.3\n",
		lan->gateway == NULL ? "" : lan->gateway, lan->end == NULL ? "host" : lan->end);
	strbuf_printf(&text, "link A-G delay 1ms %s\nlink G-R delay 2ms %s\nlink R-S delay 3ms\n"
		"link S-D delay 1ms\n%s", lan->first_link == NULL ? "" : lan->first_link,
		lan->second_link == NULL ? "" : lan->second_link,
		lan->changes == NULL ? "" : lan->changes);
	options.destination = "D";
	options.has_scan = !options.no_through;
	options.has_bounce = true;
	run = simrun_create(strbuf_text(&text), &options);
	simrun_until_done(run);
	strbuf_finish(&text);
	return run;
}

static enum bounce_state state_of(const struct simrun *run)
{
	return run->session.bounce.state;
}

static void assert_no_loss_said(const struct simrun *run)
{
	assert_null(simrun_finding(run, FINDING_LINK_LOSS));
	assert_null(simrun_finding(run, FINDING_PATH_LOSS));
}

static void test_all_but_the_first_count_as_going_through_hop_1(void **state)
{
	struct simrun *run = run_of(&(struct lan){0}, (struct simrun_options){.rounds = 50,
		.seed = check_seed(1)});
	(void)state;

	assert_int_equal(state_of(run), BOUNCE_HOME);
	assert_int_equal(simrun_through(run, 1)->sent, 49);
	assert_int_equal(simrun_through(run, 1)->received, 49);
	assert_near(ns_to_ms(simrun_through(run, 1)->best), 2, 0.01);
	assert_no_loss_said(run);
	simrun_destroy(run);
}

static void test_they_need_no_other_nested_probes(void **state)
{
	struct simrun *run = run_of(&(struct lan){.gateway = "source-check strict"},
		(struct simrun_options){.rounds = 50, .no_through = true, .seed = check_seed(1)});
	(void)state;

	assert_int_equal(state_of(run), BOUNCE_HOME);
	assert_int_equal(simrun_through(run, 1)->received, 49);
	assert_int_equal(simrun_through(run, 4)->sent, 0);
	simrun_destroy(run);
}

static void test_a_hop_that_unwraps_is_sent_none(void **state)
{
	struct simrun *run = run_of(&(struct lan){.gateway = "decap yes"},
		(struct simrun_options){.rounds = 20, .seed = check_seed(1)});
	(void)state;

	assert_int_equal(state_of(run), BOUNCE_OFF);
	assert_int_equal(simrun_through(run, 1)->received, 20);
	simrun_destroy(run);
}

static void test_a_gateway_that_drops_them_is_known_after_five(void **state)
{
	uint64_t first = check_seed(1);
	(void)state;

	for (uint64_t seed = first; seed < first + seeds(); seed++) {
		struct simrun *run = run_of(&(struct lan){.gateway = "bounce no",
			.second_link = "loss 2%"}, (struct simrun_options){.rounds = 40, .seed = seed});

		assert_int_equal(state_of(run), BOUNCE_DROPPED);
		assert_int_equal(run->session.bounce.asked, 5);
		assert_int_equal(simrun_through(run, 1)->transmitted, 0);
		assert_null(simrun_finding(run, FINDING_LINK_LOSS));
		simrun_destroy(run);
	}
}

static void test_a_gateway_that_begins_to_drop_them_is_no_loss(void **state)
{
	uint64_t first = check_seed(1);
	(void)state;

	for (uint64_t seed = first; seed < first + seeds() / 4; seed++) {
		struct simrun *run = run_of(&(struct lan){
			.changes = "at 30s router G bounce no\nat 100s router G bounce yes\n"},
			(struct simrun_options){.rounds = 900, .seed = seed});

		assert_int_equal(state_of(run), BOUNCE_HOME);
		assert_int_equal(simrun_through(run, 1)->lost, 0);
		/* It was tried again a minute after it was known to drop them, and one later. */
		assert_int_equal(run->session.bounce.asked, 1);
		assert_no_loss_said(run);
		simrun_destroy(run);
	}
}

/* While a later bounce is yet to come, and with no other nested probes to take its place. */
static void test_a_gateway_that_drops_them_is_asked_for_no_later_one(void **state)
{
	uint64_t first = check_seed(1);
	(void)state;

	for (uint64_t seed = first; seed < first + seeds() / 4; seed++) {
		struct simrun *run = run_of(&(struct lan){.first_link = "loss 3%",
			.second_link = "delay 60ms", .changes = "at 30s router G bounce no\n"},
			(struct simrun_options){.rounds = 900, .seed = seed, .no_through = seed % 2 == 0});

		assert_int_equal(state_of(run), BOUNCE_DROPPED);
		simrun_destroy(run);
	}
}

static void test_an_outage_of_the_link_is_loss(void **state)
{
	struct simrun *run = run_of(&(struct lan){
		.changes = "at 30s link A-G loss 100%\nat 34s link A-G loss 0%\n"},
		(struct simrun_options){.rounds = 400, .seed = check_seed(1)});
	(void)state;

	assert_int_equal(state_of(run), BOUNCE_HOME);
	assert_between(simrun_through(run, 1)->lost, 18, 22);
	assert_int_equal(simrun_through(run, 1)->received + simrun_through(run, 1)->lost, 399);
	simrun_destroy(run);
}

static void test_loss_of_the_first_link_is_put_there(void **state)
{
	uint64_t first = check_seed(1);
	unsigned told = 0, wrong = 0;
	(void)state;

	for (uint64_t seed = first; seed < first + seeds(); seed++) {
		struct simrun *run = run_of(&(struct lan){.first_link = "loss 1%"},
			(struct simrun_options){.rounds = ROUNDS, .seed = seed});
		const struct finding *finding = simrun_finding(run, FINDING_LINK_LOSS);

		told += finding != NULL && finding->hop[0] == 0 && finding->hop[1] == 1;
		wrong += simrun_finding(run, FINDING_PATH_LOSS) != NULL;
		assert_int_equal(state_of(run), BOUNCE_HOME);
		simrun_destroy(run);
	}
	print_message("# the first link was named in %u of %u, another place in %u\n", told, seeds(),
		wrong);
	assert_int_equal(told, seeds());
	/* By chance, for a while. */
	assert_true(wrong <= seeds() / 100);
}

static void test_loss_of_the_second_link_is_put_behind_the_gateway(void **state)
{
	uint64_t first = check_seed(1);
	unsigned told = 0;
	(void)state;

	for (uint64_t seed = first; seed < first + seeds(); seed++) {
		struct simrun *run = run_of(&(struct lan){.second_link = "loss 1%"},
			(struct simrun_options){.rounds = ROUNDS, .seed = seed});
		const struct finding *finding = simrun_finding(run, FINDING_PATH_LOSS);

		told += finding != NULL;
		assert_true(finding == NULL || (simrun_fact(finding, "low_hop") == 2 &&
			simrun_fact(finding, "high_hop") >= 2));
		assert_null(simrun_finding(run, FINDING_LINK_LOSS));
		simrun_destroy(run);
	}
	print_message("# told behind the gateway in %u of %u\n", told, seeds());
	assert_int_equal(told, seeds());
}

static void test_networks_without_trouble_are_called_so(void **state)
{
	static const enum finding_id troubles[] = {FINDING_LINK_LOSS, FINDING_PATH_LOSS,
		FINDING_QUEUEING, FINDING_LATENCY_STEP, FINDING_END_SILENT, FINDING_LOCAL_DROP};
	uint64_t first = check_seed(1);
	(void)state;

	for (uint64_t seed = first; seed < first + seeds() / 4; seed++) {
		struct simrun *run = run_of(&(struct lan){.gateway = seed % 2 == 0 ? "icmp-rate 2/s" : "",
			.first_link = "jitter exponential 0.5ms", .second_link = "jitter exponential 0.1ms"},
			(struct simrun_options){.rounds = ROUNDS / 2, .no_through = seed % 3 == 0,
			.seed = seed});

		assert_int_equal(simrun_through(run, 1)->lost, 0);
		for (size_t i = 0; i < sizeof troubles / sizeof troubles[0]; i++) {
			assert_null(simrun_finding(run, troubles[i]));
		}
		simrun_destroy(run);
	}
}

/* What begins or ends while a round is out hits one of its packets alone. */
static void test_outages_of_the_first_link_are_not_put_behind_it(void **state)
{
	uint64_t first = check_seed(1);
	unsigned told = 0, wrong = 0;
	size_t count;
	(void)state;

	for (uint64_t seed = first; seed < first + seeds() / 4; seed++) {
		struct simrun *run = run_of(&(struct lan){
			.first_link = "outage 50ms..600ms every 10s random", .second_link = "delay 40ms",
			.end = seed % 2 == 0 ? "host" : "router"},
			(struct simrun_options){.rounds = ROUNDS, .seed = seed});
		const struct finding *finding = diag_findings(run->diag, &count);
		bool is_first = false, is_other = false;

		for (size_t i = 0; i < count; i++) {
			bool is_loss = finding[i].id == FINDING_LINK_LOSS;

			is_first = is_first || (is_loss && finding[i].hop[0] == 0);
			/* That the path loses is true, as long as it may be anywhere on it. */
			is_other = is_other || (is_loss && finding[i].hop[0] > 0) ||
				(finding[i].id == FINDING_PATH_LOSS &&
				simrun_fact(&finding[i], "low_hop") > 1);
		}
		told += is_first;
		wrong += is_other;
		simrun_destroy(run);
	}
	print_message("# the first link was named in %u of %u, another place in %u\n", told,
		seeds() / 4, wrong);
	assert_int_equal(told, seeds() / 4);
	assert_int_equal(wrong, 0);
}

static void test_a_gateway_that_limits_its_replies_is_clean(void **state)
{
	struct simrun *run = run_of(&(struct lan){.gateway = "icmp-rate 1/2s burst 1"},
		(struct simrun_options){.rounds = 600, .seed = check_seed(1)});
	const struct finding *finding = simrun_finding(run, FINDING_ICMP_RATE_LIMIT);
	(void)state;

	assert_non_null(finding);
	assert_int_equal(finding->hop[0], 1);
	assert_int_equal(simrun_through(run, 1)->lost, 0);
	assert_no_loss_said(run);
	simrun_destroy(run);
}

/* Those of hops are by ICMP. */
static void test_a_gateway_that_drops_some_of_them_alone_is_not_accused(void **state)
{
	uint64_t first = check_seed(1);
	(void)state;

	for (uint64_t seed = first; seed < first + seeds() / 4; seed++) {
		struct simrun *run = run_of(&(struct lan){.gateway = "loss-of udp 10%"},
			(struct simrun_options){.rounds = 600, .no_through = seed % 2 == 0, .seed = seed});

		assert_between(simrun_through(run, 1)->lost, 30, 90);
		assert_no_loss_said(run);
		simrun_destroy(run);
	}
}

/* A void round takes back what was held of it as well. */
static void test_rounds_that_are_void_count_nothing(void **state)
{
	struct simrun *run = run_of(&(struct lan){.first_link = "loss 20%",
		.changes = "at 5s prober A capture-drops 3\nat 9s prober A pause 3s\nat 15s prober A "
		"send-errors 4\n"}, (struct simrun_options){.rounds = 200, .seed = check_seed(1)});
	const struct stats *stats = simrun_through(run, 1);
	(void)state;

	assert_int_equal(state_of(run), BOUNCE_HOME);
	assert_int_equal(stats->received + stats->late + stats->lost, stats->sent);
	assert_int_equal(stats->transmitted, stats->sent);
	simrun_destroy(run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_but_the_first_count_as_going_through_hop_1),
		cmocka_unit_test(test_they_need_no_other_nested_probes),
		cmocka_unit_test(test_a_hop_that_unwraps_is_sent_none),
		cmocka_unit_test(test_a_gateway_that_drops_them_is_known_after_five),
		cmocka_unit_test(test_a_gateway_that_begins_to_drop_them_is_no_loss),
		cmocka_unit_test(test_a_gateway_that_drops_them_is_asked_for_no_later_one),
		cmocka_unit_test(test_an_outage_of_the_link_is_loss),
		cmocka_unit_test(test_loss_of_the_first_link_is_put_there),
		cmocka_unit_test(test_loss_of_the_second_link_is_put_behind_the_gateway),
		cmocka_unit_test(test_networks_without_trouble_are_called_so),
		cmocka_unit_test(test_outages_of_the_first_link_are_not_put_behind_it),
		cmocka_unit_test(test_a_gateway_that_limits_its_replies_is_clean),
		cmocka_unit_test(test_a_gateway_that_drops_some_of_them_alone_is_not_accused),
		cmocka_unit_test(test_rounds_that_are_void_count_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
