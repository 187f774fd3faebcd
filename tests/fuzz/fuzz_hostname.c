/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <ctype.h>

#include "fuzz/fuzz.h"
#include "names/habit.h"
#include "names/hostname.h"
#include "names/table.h"

/* Loading takes far longer than reading a name: once for all, until the process ends. */
static const struct table *tables(void)
{
	static struct table *table;

	if (table == NULL) {
		table = table_create();
	}
	return table;
}

static void check_text(const char *text, size_t size)
{
	MUST(memchr(text, '\0', size) != NULL);
	for (; *text != '\0'; text++) {
		MUST(*text >= ' ' && *text < 0x7f);
	}
}

/* A mark is a part of the name, of which the first 255 bytes are read. */
static void check_mark(const char *text, struct mark mark)
{
	MUST((size_t)mark.start + mark.len <= strlen(text) && mark.start + mark.len <= 255);
}

static void check_marks(const char *text, const struct hints *hints)
{
	check_mark(text, hints->port.mark);
	check_mark(text, hints->role_mark);
	check_mark(text, hints->party_mark);
	check_mark(text, hints->operator_mark);
	MUST(hints->port.mark.len > 0 || hints->port.type == PORT_NONE);
	for (size_t i = 0; i < hints->place_count; i++) {
		const struct place *place = &hints->places[i];

		check_mark(text, place->mark);
		MUST(place->mark.len > 0 && place->rule > RULE_NONE && place->rule < RULE_COUNT);
		/* What is no ASCII stands as a question mark in the token. */
		for (size_t k = 0; place->token[k] != '\0'; k++) {
			MUST(place->token[k] == '?' ||
				place->token[k] == tolower((unsigned char)text[place->mark.start + k]));
		}
	}
}

/* Lines are names of one list: what they teach is used to read them again. */
static void check_habits(const char *text)
{
	struct habits *habits = habits_create(2);
	char *copy = fuzz_text((const uint8_t *)text, strlen(text));
	struct hints hints;

	for (int pass = 0; pass < 2; pass++) {
		for (char *name = copy, *end; *name != '\0'; name = end) {
			char after;

			end = name + strcspn(name, "\n");
			after = *end;
			*end = '\0';
			hostname_read(tables(), name, &hints);
			if (pass == 0) {
				habits_learn(habits, name, &hints);
			} else {
				habits_apply(habits, tables(), name, &hints);
				check_marks(name, &hints);
			}
			*end = after;
			end += after == '\n';
		}
	}
	free(copy);
	habits_destroy(habits);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	char *text = fuzz_text(bytes, len);
	struct hints hints;

	hostname_read(tables(), text, &hints);
	check_marks(text, &hints);
	check_habits(text);
	check_text(hints.operator, sizeof hints.operator);
	check_text(hints.router, sizeof hints.router);
	check_text(hints.other_party, sizeof hints.other_party);
	check_text(hints.port.token, sizeof hints.port.token);
	MUST(hints.place_count <= HINTS_PLACES);
	for (size_t i = 0; i < hints.place_count; i++) {
		const struct place *place = &hints.places[i];

		check_text(place->token, sizeof place->token);
		MUST(place->kind > PLACE_NONE && place->kind < PLACE_KIND_COUNT);
		MUST(place->city[0] != '\0' && strlen(place->country) == 2);
		MUST(place->lat >= -9000 && place->lat <= 9000);
		MUST(place->lon >= -18000 && place->lon <= 18000);
		MUST(place->percent >= 60 && place->percent <= 97);
		MUST(i == 0 || place->percent <= hints.places[i - 1].percent);
	}
	MUST(hints.port.type < PORT_TYPE_COUNT && (hints.port.type != PORT_NONE ||
		hints.port.token[0] == '\0'));
	free(text);
	return 0;
}
