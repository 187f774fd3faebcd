/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz/fuzz.h"
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

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	char *text = fuzz_text(bytes, len);
	struct hints hints;

	hostname_read(tables(), text, &hints);
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
