/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/writer.h"

#include <math.h>

#include "support/check.h"

static void test_json_is_laid_out_as_mtr_lays_it_out(void **state)
{
	struct strbuf buf = {0};
	struct writer w = writer_json(&buf);
	(void)state;

	write_obj(&w, NULL);
	write_uint(&w, "count", 1);
	write_arr(&w, "list");
	write_str(&w, NULL, "a\"b\\\n");
	write_bool(&w, NULL, true);
	write_end(&w);
	write_arr(&w, "none");
	write_end(&w);
	write_end(&w);

	assert_string_equal(strbuf_text(&buf), "{\n    \"count\": 1,\n    \"list\": [\n"
		"        \"a\\\"b\\\\\\u000a\",\n        true\n    ],\n    \"none\": []\n}\n");
	strbuf_finish(&buf);
}

static void test_real_numbers_stay_real_and_keep_their_digits(void **state)
{
	struct strbuf buf = {0};
	struct writer w = writer_json(&buf);
	(void)state;

	write_arr(&w, NULL);
	write_real(&w, NULL, 100.0, 5);
	write_real(&w, NULL, 33.333333, 5);
	write_ms(&w, NULL, 86400000.000001);
	write_ms(&w, NULL, 0.000017);
	write_fraction(&w, NULL, 1.0 / 3.0);
	write_end(&w);

	assert_string_equal(strbuf_text(&buf), "[\n    100.0,\n    33.333,\n    86400000.0,\n"
		"    1.7e-05,\n    0.333333333\n]\n");
	strbuf_finish(&buf);
}

static void test_what_is_not_known_is_left_out(void **state)
{
	struct strbuf buf = {0};
	struct writer w = writer_json(&buf);
	(void)state;

	write_obj(&w, NULL);
	write_ms(&w, "a", (double)NAN);
	write_ms(&w, "b", (double)INFINITY);
	write_fraction(&w, "c", -1.0);
	write_str(&w, "d", NULL);
	write_end(&w);

	assert_string_equal(strbuf_text(&buf), "{}\n");
	strbuf_finish(&buf);
}

static void test_broken_bytes_do_not_break_the_json(void **state)
{
	struct strbuf buf = {0};
	struct writer w = writer_json(&buf);
	(void)state;

	write_arr(&w, NULL);
	write_str(&w, NULL, "caf\xe9 \x7f");
	write_end(&w);

	assert_string_equal(strbuf_text(&buf), "[\n    \"caf\xef\xbf\xbd \\u007f\"\n]\n");
	strbuf_finish(&buf);
}

static void test_xml_makes_elements_of_keys_within_others(void **state)
{
	struct strbuf buf = {0};
	struct writer w = writer_xml(&buf, 1);
	(void)state;

	write_obj(&w, "run");
	write_str(&w, "name", "a<b>\"&\xff");
	write_arr(&w, "hops");
	write_uint(&w, NULL, 3);
	write_end(&w);
	write_obj(&w, "none");
	write_end(&w);
	write_real(&w, "loss", 0.25, 9);
	write_real(&w, "lost", (double)NAN, 9);
	write_bool(&w, "is-over", false);
	write_end(&w);

	assert_string_equal(strbuf_text(&buf), "    <run>\n"
		"        <name>a&lt;b&gt;&#34;&amp;\xef\xbf\xbd</name>\n"
		"        <hops>\n            <item>3</item>\n        </hops>\n"
		"        <none>\n        </none>\n"
		"        <loss>0.25</loss>\n        <is-over>false</is-over>\n    </run>\n");
	strbuf_finish(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_json_is_laid_out_as_mtr_lays_it_out),
		cmocka_unit_test(test_real_numbers_stay_real_and_keep_their_digits),
		cmocka_unit_test(test_broken_bytes_do_not_break_the_json),
		cmocka_unit_test(test_what_is_not_known_is_left_out),
		cmocka_unit_test(test_xml_makes_elements_of_keys_within_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
