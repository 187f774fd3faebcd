/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "names/hostname_int.h"

struct mark mark_of(const struct name *name, const char *text, size_t len)
{
	return (struct mark){(uint8_t)(text - name->text), (uint8_t)len};
}

bool run_is(const struct field *field, size_t run, const char *text)
{
	return run < field->run_count && field->runs[run].len == strlen(text) &&
		memcmp(field->text + field->runs[run].start, text, field->runs[run].len) == 0;
}

bool field_is_digits(const struct field *field)
{
	return field->run_count == 1 && field->runs[0].is_digits;
}

bool field_is_word(const struct field *field)
{
	return field->run_count == 1 && !field->runs[0].is_digits;
}

const struct row *field_find(const struct name *name, const struct field *field,
	enum row_class class)
{
	return table_find(name->table, field->text, field->len, class);
}

const struct row *run_find(const struct name *name, const struct field *field, size_t run,
	enum row_class class)
{
	return run >= field->run_count ? NULL : table_find(name->table,
		field->text + field->runs[run].start, field->runs[run].len, class);
}

bool is_label_end(const struct name *name, size_t field)
{
	return field + 1 >= name->field_count ||
		name->fields[field + 1].label != name->fields[field].label;
}

const struct row *role_of(const struct name *name, const struct field *field)
{
	const struct row *row = NULL;

	if (field->use != USE_NONE || field->run_count == 0) {
		return NULL;
	}
	if (!field->runs[0].is_digits) {
		row = run_find(name, field, 0, ROW_ROLE);
		/* Two letters need a number to be a role; so does a word far to the right. */
		if (row != NULL && field->run_count == 1 && field->len < 3 &&
		    !(is_label_end(name, (size_t)(field - name->fields)) == false)) {
			row = strcmp(row->key, "gw") == 0 ? row : NULL;
		}
	} else if (field->run_count >= 2 && field->runs[1].len >= 2) {
		row = run_find(name, field, 1, ROW_ROLE);
	}
	return row;
}
