/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snap/snapshot.h"

#include "base/mem.h"
#include "base/strbuf.h"
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

enum { FINDINGS = 3 };

/* A finding of each letter: its id, in capitals while it is active; hop 1. */
static struct snapshot *look(const char *letters, const char *destination)
{
	struct snapshot *snap = xcalloc(1, sizeof *snap);

	snap->destination = xstrdup(destination);
	snap->findings = xcalloc(FINDINGS, sizeof *snap->findings);
	for (; *letters != '\0'; letters++) {
		struct snap_finding *finding = &snap->findings[snap->finding_count++];

		finding->is_active = *letters < 'a';
		finding->id = *letters == 'a' || *letters == 'A' ? "a" : "b";
		finding->hop_count = 1;
		finding->hops = xcalloc(1, sizeof *finding->hops);
		finding->hops[0] = 1;
		finding->last_realtime = (ns_t)snap->finding_count;
	}
	return snap;
}

static void write_down(void *arg, const struct snapshot *snap, const struct snap_finding *finding,
	bool has_begun)
{
	strbuf_printf(arg, "%s%s%s ", has_begun ? "+" : "-", finding->id,
		finding->is_active == has_begun ? "" : snap->destination);
}

static void assert_told(const char *before, const char *now, const char *destination,
	const char *expected)
{
	struct snapshot *was = before == NULL ? NULL : look(before, "d");
	struct snapshot *is = look(now, destination);
	struct strbuf told = {0};

	snap_compare_findings(was, is, write_down, &told);
	assert_string_equal(strbuf_text(&told), expected);
	strbuf_finish(&told);
	snapshot_destroy(was);
	snapshot_destroy(is);
}

static void test_findings_are_told_as_they_begin_and_end(void **state)
{
	(void)state;

	assert_told(NULL, "A", "d", "+a ");
	assert_told(NULL, "a", "d", "");
	assert_told("A", "A", "d", "");
	assert_told("A", "BA", "d", "+b ");
	assert_told("A", "a", "d", "-a ");
	assert_told("A", "Ab", "d", "");
}

static void test_one_that_is_back_is_told_once(void **state)
{
	(void)state;

	assert_told("a", "Aa", "d", "+a ");
	assert_told("Aa", "Aa", "d", "");
	assert_told("Aa", "aa", "d", "-a ");
}

static void test_one_that_another_explains_ends_as_it_was(void **state)
{
	(void)state;

	assert_told("A", "B", "d", "-ad +b ");
}

static void test_another_destination_begins_anew(void **state)
{
	(void)state;

	assert_told("A", "A", "e", "-ad +a ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_and_an_empty_snapshot_can_be_destroyed),
		cmocka_unit_test(test_a_snapshot_takes_along_all_it_owns),
		cmocka_unit_test(test_findings_are_told_as_they_begin_and_end),
		cmocka_unit_test(test_one_that_is_back_is_told_once),
		cmocka_unit_test(test_one_that_another_explains_ends_as_it_was),
		cmocka_unit_test(test_another_destination_begins_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
