/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/columns.h"

#include "support/check.h"

static void assert_percent(double fraction, const char *expected)
{
	char text[16];

	column_percent(fraction, text, sizeof text);
	assert_string_equal(text, expected);
}

static void test_a_loss_is_never_rounded_to_nothing_or_to_all(void **state)
{
	(void)state;

	assert_percent(0.0, "0.0");
	assert_percent(0.0001, "<0.1");
	assert_percent(0.0005, "0.1");
	assert_percent(0.125, "12.5");
	assert_percent(0.99949, "99.9");
	assert_percent(0.9999, ">99.9");
	assert_percent(1.0, "100.0");
}

static struct column_text value_of(char letter, const struct snap_hop *hop,
	const struct snap_link *link)
{
	struct column_input in = {.hop = hop, .link = link};
	struct column_text text;

	column_of(letter)->value(column_of(letter), &in, &text);
	return text;
}

static void test_what_was_not_measured_is_a_dash_not_a_zero(void **state)
{
	const struct snap_hop hop = {.hop = 1, .decap = "unknown"};
	size_t with_value = 0;
	(void)state;

	for (size_t i = 2; i < column_count(); i++) {
		if (column_at(i)->value != NULL) {
			assert_string_equal(value_of(column_at(i)->letter, &hop, NULL).text, "-");
			with_value++;
		}
	}
	assert_true(with_value > 40);
}

static void test_every_column_has_a_letter_of_its_own_and_a_meaning(void **state)
{
	(void)state;

	for (size_t i = 0; i < column_count(); i++) {
		assert_ptr_equal(column_of(column_at(i)->letter), column_at(i));
		assert_true(i < 2 || column_at(i)->meaning != NULL);
	}
}

/* mtr 0.95, -o: each of its letters, and Through numbers by the small one. */
static void test_mtrs_letters_name_its_fields(void **state)
{
	struct snap_hop hop = {.hop = 1, .decap = "yes"};
	(void)state;

	assert_true(columns_are_known("LS NABWV"));
	assert_true(columns_are_known("DR AGJMXI"));
	assert_true(columns_are_known("ls nabwvdrgjmxi"));
	assert_false(columns_are_known("L%"));
	assert_false(columns_are_known("#"));
	hop.to = (struct snap_stats){.is_on = true, .has_rtt = true, .dropped = 2, .received = 7,
		.best_ms = 1, .worst_ms = 2};
	hop.through = (struct snap_stats){.is_on = true, .has_rtt = true, .received = 8,
		.best_ms = 3, .worst_ms = 4};
	assert_string_equal(value_of('B', &hop, NULL).text, "1.0");
	assert_string_equal(value_of('b', &hop, NULL).text, "3.0");
	assert_string_equal(value_of('W', &hop, NULL).text, "2.0");
	assert_string_equal(value_of('w', &hop, NULL).text, "4.0");
	assert_string_equal(value_of('D', &hop, NULL).text, "2");
	assert_string_equal(value_of('d', &hop, NULL).text, "0");
}

static void test_a_link_alarms_if_and_only_if_a_finding_names_it(void **state)
{
	struct snap_hop hop = {.hop = 1};
	struct snap_link link = {.link = 1, .loss = 0.0005, .low = 0.0001, .is_suspect = true};
	(void)state;

	hop.through.is_on = hop.to.is_on = true;
	hop.through.loss = hop.to.loss = 0.5;
	hop.through.low = hop.to.low = 0.4;
	assert_int_equal(value_of('k', &hop, &link).role, ROLE_ALARM);
	assert_int_equal(value_of('l', &hop, &link).role, ROLE_WARNING);
	assert_int_equal(value_of('L', &hop, &link).role, ROLE_NOTICE);
	link = (struct snap_link){.link = 1, .loss = 0.5, .low = 0.4};
	assert_int_equal(value_of('k', &hop, &link).role, ROLE_WARNING);
	link.loss = link.low = 0.0;
	assert_int_equal(value_of('k', &hop, &link).role, ROLE_GOOD);
}

static void test_a_silent_hop_has_a_name_to_show(void **state)
{
	char name[] = "a", address[] = "10.0.0.1";
	struct snap_hop hop = {.hop = 1};
	(void)state;

	assert_string_equal(column_host(&hop), "???");
	hop.address = address;
	assert_string_equal(column_host(&hop), "10.0.0.1");
	hop.name = name;
	assert_string_equal(column_host(&hop), "a");
}

static void assert_host(const char *address, const char *name, bool shows_both,
	const char *expected)
{
	struct strbuf text = {0};

	column_put_host(address, name, shows_both, &text);
	assert_string_equal(strbuf_text(&text), expected);
	strbuf_finish(&text);
}

static void test_a_host_may_be_told_by_name_and_address(void **state)
{
	(void)state;

	assert_host("10.0.0.1", "a", false, "a");
	assert_host("10.0.0.1", "a", true, "a (10.0.0.1)");
	assert_host("10.0.0.1", NULL, true, "10.0.0.1");
	assert_host(NULL, NULL, true, "???");
}

static void assert_step(double ms, double step, const char *expected)
{
	char text[16];

	column_ms_step(ms, step, text, sizeof text);
	assert_string_equal(text, expected);
}

static void test_times_of_an_axis_show_its_steps(void **state)
{
	(void)state;

	assert_step(32.45, 0.5, "32.5");
	assert_step(32.46, 0.1, "32.5");
	assert_step(32.46, 0.02, "32.46");
	assert_step(32.46, 0.01, "32.46");
	assert_step(0.125, 0.005, "0.125");
	assert_near(column_ms_axis_end(32.46, 32.47), 32.56, 1e-9);
	assert_near(column_ms_axis_end(32.46, 33.0), 33.0, 1e-9);
	assert_near(column_ms_axis_end(1980.0, 1980.0), 1982.0, 0.001);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_loss_is_never_rounded_to_nothing_or_to_all),
		cmocka_unit_test(test_what_was_not_measured_is_a_dash_not_a_zero),
		cmocka_unit_test(test_every_column_has_a_letter_of_its_own_and_a_meaning),
		cmocka_unit_test(test_mtrs_letters_name_its_fields),
		cmocka_unit_test(test_a_link_alarms_if_and_only_if_a_finding_names_it),
		cmocka_unit_test(test_a_silent_hop_has_a_name_to_show),
		cmocka_unit_test(test_a_host_may_be_told_by_name_and_address),
		cmocka_unit_test(test_times_of_an_axis_show_its_steps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
