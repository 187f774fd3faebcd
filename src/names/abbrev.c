/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "names/hostname_int.h"

#include <string.h>

static bool is_vowel(char c)
{
	return memchr("aeiouy", c, 6) != NULL;
}

/* How well a token abbreviates a city: 3 its beginning, 2 its consonants in order, 1 some of
 * its letters in order, 0 not at all. */
static int abbreviates(const char *token, size_t len, const char *city)
{
	size_t at = 1;
	bool skips_consonant = false;

	if (token[0] != city[0] || len >= strlen(city)) {
		return 0;
	}
	if (strncmp(token, city, len) == 0) {
		return 3;
	}
	for (size_t i = 1; i < len; i++) {
		while (city[at] != '\0' && city[at] != token[i]) {
			skips_consonant = skips_consonant || !is_vowel(city[at]);
			at++;
		}
		if (city[at] == '\0') {
			return 0;
		}
		at++;
	}
	return skips_consonant ? 1 : 2;
}

const struct row *best_abbreviated(const struct table *table, const char *token, size_t len,
	const char *country, const char *state, int *ret_quality)
{
	const struct row *best = NULL;
	unsigned long best_score = 0;

	for (const struct row *row = table_cities(table, country, token[0]); row != NULL;
	     row = row->next_near) {
		int quality = state[0] != '\0' && strcmp(row->state, state) != 0 ? 0 :
			abbreviates(token, len, row->key);
		unsigned long score = (unsigned long)row->people_k + 1;

		score *= quality == 3 ? 20 : quality == 2 ? 12 : 1;
		if (quality > 0 && score > best_score) {
			best = row;
			best_score = score;
			*ret_quality = quality;
		}
	}
	return best;
}

int abbreviation_percent(const struct row *row, int quality, size_t len)
{
	int percent = quality == 3 ? 66 : quality == 2 ? 64 : 52;

	percent += row->people_k >= 500 ? 8 : row->people_k >= 100 ? 4 : row->people_k < 30 ? -8 : 0;
	return percent + (len >= 5 ? 6 : len == 4 ? 4 : len == 3 ? 0 : -16);
}
