/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snap/build.h"

#include "support/check.h"

static struct snapshot *build(const struct session *session)
{
	struct snapshot_source source = {.session = session, .version = "1", .command = "c",
		.local_host = "h", .now = 100 * NS_PER_SEC, .now_realtime = 1100 * NS_PER_SEC};

	return snapshot_build(&source);
}

static void test_an_interface_is_taken_over_and_its_name_cleaned(void **state)
{
	struct session session;
	struct snapshot *snap;
	(void)state;

	session_init(&session);
	session.hop_count = 2;
	session.hops[0].interface = (struct icmp_interface){.index = 7, .mtu = 1500,
		.name = "eth0\x1b[31m"};
	snap = build(&session);

	assert_int_equal(snap->hops[0].interface.index, 7);
	assert_int_equal(snap->hops[0].interface.mtu, 1500);
	assert_non_null(strstr(snap->hops[0].interface.name, "eth0"));
	assert_null(strchr(snap->hops[0].interface.name, '\x1b'));
	assert_null(snap->hops[1].interface.name);
	snapshot_destroy(snap);
	session_finish(&session);
}

static void test_instants_of_changes_become_times_of_day(void **state)
{
	struct session session;
	struct snapshot *snap;
	(void)state;

	session_init(&session);
	session.hop_count = 1;
	session.change = (struct path_change){.count = 1, .is_active = true, .first_hop = 1,
		.hop_count = 2, .old_hop_count = 1, .noticed_at = 60 * NS_PER_SEC,
		.was = {ADDR_V4, {10, 0, 0, 1}}};
	session.length_hop = 1;
	session.length[WAY_BACK] = (struct way_length){3, 2, 70 * NS_PER_SEC};
	snap = build(&session);

	assert_int_equal(snap->change.noticed_realtime, 1060 * NS_PER_SEC);
	assert_string_equal(snap->change.was, "10.0.0.1");
	assert_null(snap->change.is);
	assert_int_equal(snap->back.changed_realtime, 1070 * NS_PER_SEC);
	assert_int_equal(snap->back.before, 2);
	assert_int_equal(snap->out.hops, 0);
	snapshot_destroy(snap);
	session_finish(&session);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_interface_is_taken_over_and_its_name_cleaned),
		cmocka_unit_test(test_instants_of_changes_become_times_of_day),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
