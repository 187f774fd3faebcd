/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/check.h"
#include "support/simrun.h"

/* A tunnel of three routers that copies no TTL in: the path shows R1, E, R6 and D. */
#define TUNNEL(mode, edge) "prober A 10.0.1.1\nrouter R1 10.0.1.3\n" \
	"router P1 10.0.2.3 decrement " mode "\nrouter P2 10.0.3.3 decrement " mode "\n" \
	"router P3 10.0.4.3 decrement " mode "\nrouter E 10.0.5.3 " edge "\n" \
	"router R6 10.0.6.3 " edge "\nhost D 10.0.7.3\n" \
	"link A-R1\nlink R1-P1\nlink P1-P2\nlink P2-P3\nlink P3-E\nlink E-R6\nlink R6-D\n"

static struct simrun *run_of(const char *scenario, const struct simrun_options *more)
{
	struct simrun_options options = *more;
	struct simrun *run;

	options.destination = "D";
	options.rounds = 30;
	options.no_through = true;
	options.seed = check_seed(71);
	run = simrun_create(scenario, &options);
	simrun_until_done(run);
	return run;
}

static const struct finding *hidden_of(const struct simrun *run, size_t *ret_count)
{
	size_t count;
	const struct finding *findings = diag_findings(run->diag, &count), *found = NULL;

	*ret_count = 0;
	for (size_t i = 0; i < count; i++) {
		if (findings[i].id == FINDING_MPLS_HIDDEN) {
			found = found == NULL ? &findings[i] : found;
			(*ret_count)++;
		}
	}
	return found;
}

static void test_a_tunnel_that_errors_count_and_echo_replies_do_not_is_found(void **state)
{
	struct simrun *run = run_of(TUNNEL("tunnel", "echo-ttl 64"), &(struct simrun_options){0});
	const struct finding *finding;
	size_t count;
	(void)state;

	assert_int_equal(run->session.hop_count, 4);
	/* E: 255 less three labels and R1, and 64 less R1. */
	assert_int_equal(run->session.hops[1].to_rx_ttl, 251);
	assert_int_equal(run->session.hops[1].echo_rx_ttl, 63);
	finding = hidden_of(run, &count);
	assert_int_equal(count, 1);
	assert_int_equal(finding->hop[0], 2);
	assert_non_null(strstr(finding->text, "a tunnel hides 3 routers before hop 2"));
	/* None of the echoes is counted with the rounds' probes. */
	assert_int_equal(simrun_to(run, 2)->sent, 30);
	simrun_destroy(run);
}

static void test_routers_that_begin_both_alike_or_no_tunnel_show_none(void **state)
{
	static const char *const none[] = {
		TUNNEL("tunnel", ""),
		TUNNEL("yes", "echo-ttl 64"),
		TUNNEL("no", "echo-ttl 64"),
		TUNNEL("tunnel", "initial-ttl 64"),
	};
	size_t count;
	(void)state;

	for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
		struct simrun *run = run_of(none[i], &(struct simrun_options){0});

		assert_null(hidden_of(run, &count));
		simrun_destroy(run);
	}
}

/* Where To probes are no echoes, nobody is sent one. */
static void test_by_udp_nobody_is_sent_an_echo(void **state)
{
	struct simrun *run = run_of(TUNNEL("tunnel", "echo-ttl 64"),
		&(struct simrun_options){.is_udp = true});
	(void)state;

	assert_int_equal(run->session.hops[1].to_rx_ttl, 251);
	assert_int_equal(run->session.hops[1].echo_rx_ttl, 0);
	simrun_destroy(run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_tunnel_that_errors_count_and_echo_replies_do_not_is_found),
		cmocka_unit_test(test_routers_that_begin_both_alike_or_no_tunnel_show_none),
		cmocka_unit_test(test_by_udp_nobody_is_sent_an_echo),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
