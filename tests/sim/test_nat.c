/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pkt/cksum.h"
#include "support/check.h"
#include "support/simrun.h"

/* A translator on the way, by what hops behind it quote. */

static struct simrun *run_of(const char *translator, const struct simrun_options *more)
{
	struct simrun_options options = *more;
	char text[512];
	struct simrun *run;

	(void)snprintf(text, sizeof text, "prober A 10.0.1.1\nrouter R1 10.0.1.3\n"
		"router R2 10.0.2.3 %s\nrouter R3 10.0.3.3\nhost D 10.0.4.3\n"
		"link A-R1 delay 1ms\nlink R1-R2 delay 1ms\nlink R2-R3 delay 1ms\n"
		"link R3-D delay 1ms\n", translator);
	options.destination = options.destination == NULL ? "D" : options.destination;
	options.rounds = 20;
	options.no_through = true;
	options.seed = check_seed(51);
	run = simrun_create(text, &options);
	simrun_until_done(run);
	assert_int_equal(run->session.hop_count, 4);
	assert_int_equal(run->session.forged, 0);
	assert_int_equal(simrun_to(run, 4)->received, 20);
	return run;
}

static const struct finding *nat_of(const struct simrun *run, size_t *ret_count)
{
	const struct finding *findings, *found = NULL;
	size_t count;

	findings = diag_findings(run->diag, &count);
	*ret_count = 0;
	for (size_t i = 0; i < count; i++) {
		if (findings[i].id == FINDING_NAT) {
			found = found == NULL ? &findings[i] : found;
			(*ret_count)++;
		}
	}
	return found;
}

static void test_a_source_that_was_rewritten_shows_at_the_hop_behind(void **state)
{
	struct simrun *run = run_of("nat 10.0.1.1=192.0.2.7", &(struct simrun_options){0});
	const struct finding *finding;
	size_t count;
	(void)state;

	finding = nat_of(run, &count);
	assert_int_equal(count, 1);
	assert_int_equal(finding->hop[0], 3);
	assert_string_equal(finding->text, "hop 3 saw 192.0.2.7 > 10.0.4.3: NAT after hop 2, at or "
		"before hop 3");
	assert_near(simrun_fact(finding, "source_changed"), 1, 0);
	assert_near(simrun_fact(finding, "destination_changed"), 0, 0);
	assert_near(simrun_fact(finding, "quotes_changed"), simrun_fact(finding, "quotes"), 0);
	simrun_destroy(run);
}

static void test_a_destination_that_was_rewritten_shows_where_it_is_told_first(void **state)
{
	/* R2 has the address that is asked, and hands on to D. It translates what comes in. */
	char text[] = "prober A 10.0.1.1\nrouter R1 10.0.1.3\nrouter R2 10.0.2.3 "
		"nat 10.0.4.3=10.0.9.9\nrouter R3 10.0.3.3\nhost D 10.0.4.3\nhost V 10.0.9.9\n"
		"link A-R1 delay 1ms\nlink R1-R2 delay 1ms\nlink R2-R3 delay 1ms\n"
		"link R3-D delay 1ms\nlink R2-V delay 1ms\n";
	struct simrun *run = simrun_create(text, &(struct simrun_options){.destination = "V",
		.no_through = true, .rounds = 20, .seed = check_seed(52)});
	const struct finding *finding;
	size_t count;
	(void)state;

	simrun_until_done(run);
	assert_int_equal(run->session.hop_count, 4);
	finding = nat_of(run, &count);
	assert_int_equal(count, 1);
	assert_int_equal(finding->hop[0], 2);
	assert_non_null(strstr(finding->text, "10.0.1.1 > 10.0.4.3"));
	assert_near(simrun_fact(finding, "behind_hop"), 1, 0);
	simrun_destroy(run);
}

static void test_addresses_that_were_mended_leave_the_sum_of_udp(void **state)
{
	struct simrun *run = run_of("nat 10.0.1.1=192.0.2.7 mends addresses",
		&(struct simrun_options){.is_udp = true});
	const struct finding *finding;
	size_t count;
	(void)state;

	finding = nat_of(run, &count);
	assert_int_equal(count, 1);
	assert_int_equal(finding->hop[0], 3);
	assert_near(simrun_fact(finding, "source_changed"), 0, 0);
	assert_near(simrun_fact(finding, "checksum_changed"), 1, 0);
	simrun_destroy(run);
}

static void test_a_translator_that_mends_all_and_a_way_without_one_show_nothing(void **state)
{
	static const char *const translators[] = {"", "nat 10.0.1.1=192.0.2.7 mends all"};
	size_t count;
	(void)state;

	for (size_t i = 0; i < 2; i++) {
		for (int carried = 0; carried < 3; carried++) {
			struct simrun *run = run_of(translators[i], &(struct simrun_options){
				.is_udp = carried == 1, .is_tcp = carried == 2});

			assert_null(nat_of(run, &count));
			assert_true(run->session.hops[2].rewrite.quotes >= 20);
			simrun_destroy(run);
		}
	}
}

/* The quote of an answer that was seen, with another destination: the MACs do not cover that, so
 * the packet is taken from the air, not made up. */
static void test_a_forged_quote_changes_nothing(void **state)
{
	struct simrun *run = simrun_create("prober A 10.0.1.1\nrouter R1 10.0.1.3\n"
		"host D 10.0.2.3\nlink A-R1 delay 1ms\nlink R1-D delay 1ms\n",
		&(struct simrun_options){.destination = "D", .rounds = 20, .no_through = true,
			.seed = check_seed(53)});
	uint8_t forged[56] = {0x45, 0, 0, 56, 0, 1, 0, 0, 64, 1, 0, 0, 10, 0, 1, 3, 10, 0, 1, 1,
		11, 0, 0, 0, 0, 0, 0, 0, 0x45, 0, 0, 64, 0x12, 0x34, 0x40, 0, 1, 1, 0, 0,
		10, 0, 1, 1, 10, 9, 9, 9, 8, 0, 0, 0, 0x4d, 0x4d, 0x56, 0x78};
	(void)state;

	put_be16(forged + 10, cksum_of(forged, 20));
	put_be16(forged + 38, cksum_of(forged + 28, 20));
	put_be16(forged + 22, cksum_of(forged + 20, 36));
	for (int i = 0; i < 100; i++) {
		put_be16(forged + 54, (uint16_t)(i * 601));
		put_be16(forged + 22, 0);
		put_be16(forged + 22, cksum_of(forged + 20, 36));
		transport_sim_deliver(run->transport, forged, sizeof forged,
			NS_PER_SEC + i * NS_PER_MS);
	}
	simrun_until_done(run);
	assert_int_equal(run->session.forged, 100);
	assert_int_equal(run->session.hops[0].rewrite.changed, 0);
	simrun_destroy(run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_source_that_was_rewritten_shows_at_the_hop_behind),
		cmocka_unit_test(test_a_destination_that_was_rewritten_shows_where_it_is_told_first),
		cmocka_unit_test(test_addresses_that_were_mended_leave_the_sum_of_udp),
		cmocka_unit_test(test_a_translator_that_mends_all_and_a_way_without_one_show_nothing),
		cmocka_unit_test(test_a_forged_quote_changes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
