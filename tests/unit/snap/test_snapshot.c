/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snap/snapshot.h"

#include "base/mem.h"
#include "support/check.h"

static void test_nothing_and_an_empty_snapshot_can_be_destroyed(void **state)
{
	(void)state;

	snapshot_destroy(NULL);
	snapshot_destroy(xcalloc(1, sizeof(struct snapshot)));
}

/* The sanitizers tell whether all of it went. */
static void test_a_snapshot_takes_along_all_it_owns(void **state)
{
	struct snapshot *snap = xcalloc(1, sizeof *snap);
	(void)state;

	snap->command = xstrdup("thrupath a");
	snap->hops = xcalloc(2, sizeof *snap->hops);
	snap->hop_count = 2;
	snap->hops[1].address = xstrdup("10.0.0.1");
	snap->hops[1].name = xstrdup("a");
	snap->hops[1].addresses = xcalloc(1, sizeof *snap->hops[1].addresses);
	snap->hops[1].addresses[0] = xstrdup("10.0.0.1");
	snap->hops[1].address_count = 1;
	snap->links = xcalloc(1, sizeof *snap->links);
	snap->links[0].from = xstrdup("10.0.0.0");
	snap->link_count = 1;
	snap->notes = xcalloc(1, sizeof *snap->notes);
	snap->notes[0] = xstrdup("note");
	snap->note_count = 1;

	snapshot_destroy(snap);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_and_an_empty_snapshot_can_be_destroyed),
		cmocka_unit_test(test_a_snapshot_takes_along_all_it_owns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
