/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "helper/peers.h"

#include <string.h>

#include "support/check.h"

/* As Linux prints it; the first two are captures like ours. */
static const char LIST[] =
	"sk               RefCnt Type Proto  Iface R Rmem   User   Inode\n"
	"0000000000000000 3      2    0003   0     1 0      1000   151063\n"
	"0000000000000000 3      2    0003   0     1 1234567 1000   151064\n"
	"0000000000000000 3      3    0003   0     1 0      1000   151065\n"
	"0000000000000000 3      2    0806   0     1 0      1000   151066\n"
	"0000000000000000 3      2    0003   4     1 0      1000   151067\n"
	"ffff8881012ab000 3      2    0003   0     1 0      1001   151068\n"
	"0000000000000000 3      2    0003   0     1 0      0      151069\n"
	"0000000000000000 3      2    0003   0     1 0      65534  1000\n";

static unsigned count_of(unsigned user, size_t piece)
{
	struct peers_reader reader = {.user = user};
	size_t len = sizeof LIST - 1;

	for (size_t at = 0; at < len; at += piece) {
		peers_read(&reader, LIST + at, at + piece < len ? piece : len - at);
	}
	return reader.count;
}

static void test_captures_on_all_interfaces_are_counted_for_each_user(void **state)
{
	(void)state;

	assert_int_equal(count_of(1000, 4096), 2);
	assert_int_equal(count_of(1001, 4096), 1);
	assert_int_equal(count_of(0, 4096), 1);
	assert_int_equal(count_of(65534, 4096), 1);
	assert_int_equal(count_of(1, 4096), 0);
	assert_int_equal(count_of(151069, 4096), 0);
}

static void test_it_may_come_in_pieces(void **state)
{
	(void)state;

	for (size_t piece = 1; piece < sizeof LIST; piece++) {
		assert_int_equal(count_of(1000, piece), 2);
	}
}

static void test_what_cannot_be_read_has_none(void **state)
{
	(void)state;

	assert_int_equal(peers_count(-1, 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_captures_on_all_interfaces_are_counted_for_each_user),
		cmocka_unit_test(test_it_may_come_in_pieces),
		cmocka_unit_test(test_what_cannot_be_read_has_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
