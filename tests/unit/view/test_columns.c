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

static struct column_text value_of(enum column_id id, const struct snap_hop *hop,
	const struct snap_link *link)
{
	struct column_input in = {.hop = hop, .link = link};
	struct column_text text;

	column_get(id)->value(column_get(id), &in, &text);
	return text;
}

static void test_what_was_not_measured_is_a_dash_not_a_zero(void **state)
{
	static const enum column_id all[] = {COLUMN_LOSS, COLUMN_AT_MOST, COLUMN_LINK, COLUMN_P50,
		COLUMN_SENT, COLUMN_TO_LOSS, COLUMN_TO_AVG, COLUMN_TO_DROP, COLUMN_TO_RECEIVED};
	const struct snap_hop hop = {.hop = 1};
	(void)state;

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		assert_string_equal(value_of(all[i], &hop, NULL).text, "-");
	}
}

static void test_only_proven_loss_of_a_link_alarms(void **state)
{
	struct snap_hop hop = {.hop = 1};
	struct snap_link link = {.link = 1, .loss = 0.5, .low = 0.4};
	(void)state;

	hop.through.is_on = hop.to.is_on = true;
	hop.through.loss = hop.to.loss = 0.5;
	hop.through.low = hop.to.low = 0.4;
	assert_int_equal(value_of(COLUMN_LINK, &hop, &link).role, ROLE_ALARM);
	assert_int_equal(value_of(COLUMN_LOSS, &hop, &link).role, ROLE_WARNING);
	assert_int_equal(value_of(COLUMN_TO_LOSS, &hop, &link).role, ROLE_NOTICE);
	link.low = 0.001;
	assert_int_equal(value_of(COLUMN_LINK, &hop, &link).role, ROLE_WARNING);
	link.loss = link.low = 0.0;
	assert_int_equal(value_of(COLUMN_LINK, &hop, &link).role, ROLE_GOOD);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_loss_is_never_rounded_to_nothing_or_to_all),
		cmocka_unit_test(test_what_was_not_measured_is_a_dash_not_a_zero),
		cmocka_unit_test(test_only_proven_loss_of_a_link_alarms),
		cmocka_unit_test(test_a_silent_hop_has_a_name_to_show),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
