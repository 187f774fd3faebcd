/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/path_edit.h"

#include <stdlib.h>

#include "base/mem.h"
#include "support/check.h"

static const struct options options = {.settings.max_rate_pps = 1000};

/* Of the loopback network, where every host has an address of its own and a route. */
static struct app *app_there(void)
{
	struct app *app = xcalloc(1, sizeof *app);
	struct run *run = &app->run;
	struct addr target;
	struct err err;

	app->options = &options;
	run->settings = options.settings;
	run->target.host = &host_this;
	run->has_consent = true;
	assert_true(addr_parse("127.0.0.2", &target));
	if (!route_lookup(&(struct route_query){.target = target}, &run->target.route, &err)) {
		free(app);
		skip();
	}
	run->session.self = run->target.route.source;
	return app;
}

static struct edit_path path_of(const char *text)
{
	struct edit_path path;
	struct err err = {0};

	assert_true(edit_parse(text, &path, &err));
	return path;
}

static void test_links_and_skips_count_from_behind_an_own_address(void **state)
{
	struct edit_path path = path_of("127.0.0.1\n127.0.0.2\nskip 127.0.0.3\n127.0.0.4\nlink 3\n");
	struct app *app = app_there();
	struct engine_path taken;
	struct target target;
	struct err err = {0};
	(void)state;

	assert_true(path_edit_read(app, &path, &target, &taken, &err));

	assert_int_equal(taken.count, 3);
	assert_int_equal(addr_to_v4(&taken.hop[1]), 0x7f000003);
	assert_int_equal(taken.skipped, 2);
	assert_int_equal(taken.link, 2);
	free(app);
}

static void test_a_path_of_others_keeps_its_link(void **state)
{
	struct edit_path path = path_of("127.0.0.2\n127.0.0.3\nlink 2\n");
	struct app *app = app_there();
	struct engine_path taken;
	struct target target;
	struct err err = {0};
	(void)state;

	assert_true(path_edit_read(app, &path, &target, &taken, &err));
	assert_int_equal(taken.link, 2);
	path.link = 0;
	assert_true(path_edit_read(app, &path, &target, &taken, &err));
	assert_int_equal(taken.link, 0);
	free(app);
}

static void test_no_link_ends_at_an_own_address(void **state)
{
	struct edit_path path = path_of("127.0.0.1\n127.0.0.2\nlink 1\n");
	struct app *app = app_there();
	struct engine_path taken;
	struct target target;
	struct err err = {0};
	(void)state;

	assert_false(path_edit_read(app, &path, &target, &taken, &err));
	assert_non_null(strstr(err.text, "this host"));
	free(app);
}

/* 20 bytes a hop out, and as many back. */
static void test_an_own_address_takes_no_bytes(void **state)
{
	struct edit_path with = path_of("127.0.0.1\n127.0.0.2\n127.0.0.3\n");
	struct edit_path without = path_of("127.0.0.2\n127.0.0.3\n");
	struct edit_path alone = path_of("127.0.0.2\n");
	struct edit_verdict more = {.bytes = 0}, less = {.bytes = 0}, least = {.bytes = 0};
	struct app *app = app_there();
	(void)state;

	path_edit_check(app, &with, &more);
	path_edit_check(app, &without, &less);
	path_edit_check(app, &alone, &least);

	assert_int_equal(more.bytes, less.bytes);
	assert_int_equal(less.bytes, least.bytes + 40);
	assert_false(more.is_bad[0]);
	free(app);
}

static void test_what_a_hop_decapsulates_stands_behind_a_slash(void **state)
{
	struct edit_path path = path_of("127.0.0.2/gre\nhost.example/ipip\n127.0.0.4\n");
	struct edit_path wrong = path_of("127.0.0.2/grre\n");
	struct edit_verdict verdict = {.bytes = 0};
	struct app *app = app_there();
	struct engine_path taken;
	struct target target;
	struct err err = {0};
	char name[EDIT_TEXT];
	(void)state;

	assert_true(path_edit_unknown(app, &path, name));
	assert_string_equal(name, "host.example");
	path_edit_check(app, &wrong, &verdict);
	assert_true(verdict.is_bad[0]);
	assert_false(path_edit_unknown(app, &wrong, name));
	assert_false(path_edit_read(app, &wrong, &target, &taken, &err));
	path = path_of("127.0.0.2/gre\n127.0.0.4\n");
	path_edit_check(app, &path, &verdict);
	assert_false(verdict.is_bad[0]);
	assert_true(path_edit_read(app, &path, &target, &taken, &err));
	assert_int_equal(taken.carrier[0], 1 + CARRIER_GRE);
	assert_int_equal(taken.carrier[1], 0);
	free(app);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_links_and_skips_count_from_behind_an_own_address),
		cmocka_unit_test(test_a_path_of_others_keeps_its_link),
		cmocka_unit_test(test_no_link_ends_at_an_own_address),
		cmocka_unit_test(test_an_own_address_takes_no_bytes),
		cmocka_unit_test(test_what_a_hop_decapsulates_stands_behind_a_slash),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
