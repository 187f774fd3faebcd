/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/escape.h"

#include "support/check.h"

typedef void escape_fn(struct strbuf *, const char *text);

static void assert_escaped(escape_fn *fn, const char *text, const char *expected)
{
	struct strbuf buf = {0};

	fn(&buf, text);
	assert_string_equal(strbuf_text(&buf), expected);
	strbuf_finish(&buf);
}

static void test_json_escapes_what_must_be_escaped_and_no_more(void **state)
{
	(void)state;

	assert_escaped(escape_json, "a\"b\\c/\n\x01\x7f\xc3\xa9\xff",
		"a\\\"b\\\\c/\\u000a\\u0001\\u007f\xc3\xa9\xef\xbf\xbd");
}

static void test_xml_has_no_markup_of_the_texts_own_left(void **state)
{
	(void)state;

	assert_escaped(escape_xml, "<b a='1' c=\"2\">&amp;]]>", "&lt;b a=&#39;1&#39; c=&#34;2&#34;"
		"&gt;&amp;amp;]]&gt;");
	assert_escaped(escape_xml, "a\tb\nc\r", "a&#9;b&#10;c&#13;");
	assert_escaped(escape_xml, "\x01\x1b\x7f\xc3\xa9\xff\xef\xbf\xbf",
		"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xc3\xa9\xef\xbf\xbd\xef\xbf\xbd");
}

static void test_csv_quotes_what_would_end_a_field_and_nothing_else(void **state)
{
	(void)state;

	assert_escaped(escape_csv, "ae1.cr1 (10.0.0.1)", "ae1.cr1 (10.0.0.1)");
	assert_escaped(escape_csv, "a,b", "\"a,b\"");
	assert_escaped(escape_csv, "say \"no\"", "\"say \"\"no\"\"\"");
	assert_escaped(escape_csv, "a\nb", "\"a\nb\"");
	assert_escaped(escape_csv, " a", "\" a\"");
	assert_escaped(escape_csv, "", "");
}

static void test_markdown_takes_no_text_for_its_own_signs(void **state)
{
	(void)state;

	assert_escaped(escape_markdown, "a|b *c* _d_ `e` [f](g) <h> #i &j; \\", "a\\|b \\*c\\* \\_d\\_ "
		"\\`e\\` \\[f\\](g) \\<h\\> \\#i \\&j; \\\\");
	assert_escaped(escape_markdown, "a\nb\tc", "a b c");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_json_escapes_what_must_be_escaped_and_no_more),
		cmocka_unit_test(test_xml_has_no_markup_of_the_texts_own_left),
		cmocka_unit_test(test_csv_quotes_what_would_end_a_field_and_nothing_else),
		cmocka_unit_test(test_markdown_takes_no_text_for_its_own_signs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
