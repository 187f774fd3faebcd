/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/condition.h"
#include "fuzz/fuzz.h"
#include "names/place.h"
#include "names/table.h"
#include "support/snapshot_fixture.h"

/*
 * Words that a person writes: conditions of --fail-if, the tables of hints.d, the place of --here.
 * The first byte says which.
 */
static void check_conditions(const char *text)
{
	static struct snapshot *snap;   /* not changed by being asked */
	struct conditions conditions = {0};
	struct strbuf why = {0};
	struct err err = {0};

	if (snap == NULL) {
		snap = fixture_snapshot(8, FIXTURE_NAMES);
		fixture_add_findings(snap);
	}
	if (conditions_parse(&conditions, text, &err)) {
		MUST(conditions.count <= CONDITIONS_MAX);
		MUST(!conditions_met(&conditions, snap, &why) || why.len > 0);
		(void)conditions_are_amiss(&conditions, snap, &why);
	} else {
		MUST(err.code != ERR_NONE && err.text[0] != '\0');
		MUST(conditions.count <= CONDITIONS_MAX);
	}
	strbuf_finish(&why);
}

static void check_place(const struct table *table, const char *text)
{
	struct spot spot;
	struct err err = {0};

	if (place_parse(table, text, &spot, &err)) {
		MUST(spot.is_known && spot.lat >= -9000 && spot.lat <= 9000);
		MUST(spot.lon >= -18000 && spot.lon <= 18000);
		MUST(place_distance_km(spot, spot) >= 0 && place_distance_km(spot, spot) < 1);
	} else {
		MUST(err.code != ERR_NONE && err.text[0] != '\0');
	}
}

static void check_table(const char *text, size_t len)
{
	static const enum row_class classes[] = {ROW_CITY, ROW_AIRPORT, ROW_CODE, ROW_ROLE, ROW_PORT,
		ROW_PLANT, ROW_STOP, ROW_EXCHANGE, ROW_NETWORK, ROW_ACCESS, ROW_SUFFIX, ROW_REGION,
		ROW_VENDOR, ROW_FORGET};
	struct table *table = table_create();
	struct err err = {0};
	size_t first = strcspn(text, "\t\n |");

	if (!table_add(table, text, len, &err)) {
		MUST(err.code != ERR_NONE && err.text[0] != '\0');
	}
	for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++) {
		unsigned steps = 0;

		for (const struct row *row = table_find(table, text, first, classes[i]); row != NULL;
		     row = table_next(row, classes[i])) {
			MUST(row->key != NULL && row->class == (char)classes[i] && steps++ < 100000);
			for (int k = 0; k < ROW_TEXTS; k++) {
				MUST(row->text[k] != NULL);
			}
		}
	}
	check_place(table, text);
	table_destroy(table);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static struct table *table;     /* the built-in one */
	char *text;

	if (len == 0) {
		return 0;
	}
	text = fuzz_text(bytes + 1, len - 1);
	if (bytes[0] % 3 == 0) {
		check_conditions(text);
	} else if (bytes[0] % 3 == 1) {
		check_table(text, len - 1);
	} else {
		table = table == NULL ? table_create() : table;
		check_place(table, text);
	}
	free(text);
	return 0;
}
