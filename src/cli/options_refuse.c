/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/options_int.h"

#include <string.h>

#include "base/i18n.h"

/* What an option that is none was meant for: one of mtr's that is left out, or a slip. */

struct left_out {
	int letter;              /* LONG_ONLY: none */
	const char *name;
	const char *reason;
};

static const struct left_out left_out[] = {
	{'F', "filename", N_("only one path at a time; run it once for each")},
	{'S', "sctp", N_("hardly any network carries SCTP; -T probes with TCP")},
	{'U', "max-unknown", N_("discovery stops by itself; -m limits it")},
	{'B', "bitpattern", N_("the payload holds the session token, and zeros")},
	{'p', "split", N_("-l prints a line for every reply")},
	{'g', "gtk", N_("there is no window; the screen works over ssh")},
	{'D', "", N_("specific to mtr 0.96's display; -o selects the columns")},
	{'E', "", N_("specific to mtr 0.96's display; -o selects the columns")},
	{LONG_ONLY, "displaymode", N_("-o sets the initial columns, and d changes them")},
	{LONG_ONLY, "compact", N_("every row is a single line already")},
	{LONG_ONLY, "scale", N_("the history and the chart scale themselves")},
	{LONG_ONLY, "cache", N_("every hop is probed in every round")},
	{LONG_ONLY, "ipinfo_provider4", N_("-z queries Team Cymru's DNS; --asn-db uses a file")},
	{LONG_ONLY, "ipinfo_provider6", N_("-z queries Team Cymru's DNS; --asn-db uses a file")},
};

enum { LEFT_OUT = sizeof left_out / sizeof left_out[0], NAME_MAX_BYTES = 31, SLIPS = 2 };

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Letters added, left out, changed or exchanged, up to SLIPS + 1 (Damerau 1964, of neighbours). */
static size_t slips_between(const char *a, const char *b)
{
	size_t row[NAME_MAX_BYTES + 1][NAME_MAX_BYTES + 1];
	size_t rows = strlen(a), columns = strlen(b);

	if (rows > NAME_MAX_BYTES || columns > NAME_MAX_BYTES) {
		return SLIPS + 1;
	}
	for (size_t i = 0; i <= rows; i++) {
		for (size_t j = 0; j <= columns; j++) {
			bool is_other;

			if (i == 0 || j == 0) {
				row[i][j] = i + j;
				continue;
			}
			is_other = a[i - 1] != b[j - 1];
			row[i][j] = least(least(row[i - 1][j], row[i][j - 1]) + 1,
				row[i - 1][j - 1] + is_other);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
				row[i][j] = least(row[i][j], row[i - 2][j - 2] + 1);
			}
		}
	}
	return row[rows][columns];
}

/* The option that is nearest; NULL: none is near. */
static const char *nearest_to(const struct option_row *rows, size_t count, const char *name)
{
	size_t best = SLIPS + 1;
	const char *nearest = NULL;

	for (size_t i = 0; i < count; i++) {
		size_t slips = slips_between(name, rows[i].name);

		/* Of a short word two slips leave nothing. */
		if (slips < best && slips * 3 <= strlen(name)) {
			best = slips;
			nearest = rows[i].name;
		}
	}
	return nearest;
}

static bool refuse_long(const struct option_row *rows, size_t count, const char *word,
	struct err *err)
{
	char name[64] = "";
	const char *nearest;

	memcpy(name, word + 2, least(strcspn(word + 2, "="), sizeof name - 1));
	for (size_t i = 0; i < LEFT_OUT; i++) {
		if (name[0] != '\0' && strcmp(left_out[i].name, name) == 0) {
			return err_set(err, ERR_USAGE, _("mtr's --%s: %s"), name, _(left_out[i].reason));
		}
	}
	nearest = nearest_to(rows, count, name);
	if (nearest != NULL && strcmp(nearest, name) == 0) {
		return err_set(err, ERR_USAGE, "--%.40s takes no value", name);
	}
	return nearest != NULL ?
		err_set(err, ERR_USAGE, "no option --%.40s: did you mean --%s?", name, nearest) :
		err_set(err, ERR_USAGE, "no option --%.40s: see --help", name);
}

bool options_refuse(const struct option_row *rows, size_t count, int letter, const char *word,
	struct err *err)
{
	if (letter == 0) {
		return refuse_long(rows, count, word, err);
	}
	for (size_t i = 0; i < LEFT_OUT; i++) {
		if (left_out[i].letter == letter) {
			return err_set(err, ERR_USAGE, _("mtr's -%c: %s"), letter, _(left_out[i].reason));
		}
	}
	return err_set(err, ERR_USAGE, "no option -%c: see --help", letter);
}
