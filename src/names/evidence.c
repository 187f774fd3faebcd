/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "names/hostname_int.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* What the fields of a name say of the country and the state in which it is. */

void upper_country(const char *two, char *ret_country)
{
	ret_country[0] = (char)toupper((unsigned char)two[0]);
	ret_country[1] = (char)toupper((unsigned char)two[1]);
	ret_country[2] = '\0';
	if (strcmp(ret_country, "UK") == 0) {
		memcpy(ret_country, "GB", 3);
	}
}

int evidence_agrees(const struct evidences *evidence, const char *country, const char *state,
	size_t field)
{
	int best = 0;
	bool has_any = false;

	for (size_t i = 0; i < evidence->count; i++) {
		const struct evidence *e = &evidence->at[i];

		if (e->field == field || (e->is_prefix && e->field + 1 != field)) {
			continue;
		}
		has_any = has_any || !e->is_prefix;
		if (strcmp(e->country, country) == 0) {
			if (e->state[0] != '\0' && strcmp(e->state, state) == 0) {
				return 2;
			}
			best = e->state[0] == '\0' ? 1 : best;
		}
	}
	return has_any && best == 0 ? -1 : best;
}

/* Two letters that stand for a country or a state. */
static void add_evidence(struct evidences *evidence, size_t index, const char *country,
	const char *state, bool is_prefix)
{
	struct evidence *e = &evidence->at[evidence->count];

	if (evidence->count < EVIDENCE_MAX) {
		*e = (struct evidence){.field = index, .is_prefix = is_prefix};
		(void)snprintf(e->country, sizeof e->country, "%s", country);
		(void)snprintf(e->state, sizeof e->state, "%s", state);
		evidence->count++;
	}
}

static bool stands_alone(const struct name *name, size_t index)
{
	const struct field *f = &name->fields[index];

	return (index == 0 || name->fields[index - 1].label != f->label) &&
		(index + 1 == name->field_count || name->fields[index + 1].label != f->label);
}

void evidence_find(const struct name *name, struct evidences *evidence)
{
	for (size_t i = 0; i < name->field_count; i++) {
		const struct field *field = &name->fields[i];
		bool is_alone = stands_alone(name, i);
		bool is_first = i == 0 || name->fields[i - 1].label != field->label;
		bool is_last = i + 1 == name->field_count || name->fields[i + 1].label != field->label;
		char country[3];
		const struct row *row;

		if (!field_is_word(field) || field->use == USE_PORT || field->use == USE_ADDRESS ||
		    field->use == USE_PARTY || (i == 0 && is_alone && name->label_count > 1)) {
			continue;
		}
		row = field_find(name, field, ROW_REGION);
		/* Behind a place, or before it as in us-sjo; alone in a label only rightwards. */
		if (field->len == 2 && !is_alone && !is_first && !is_last) {
			continue;
		}
		for (; row != NULL; row = table_next(row, ROW_REGION)) {
			add_evidence(evidence, i, row->country, row->state, is_first && !is_alone);
		}
		if (field->len == 2 && (is_alone || is_first || is_last)) {
			const struct row *role = field_find(name, field, ROW_ROLE);

			upper_country(field->text, country);
			if (role == NULL && table_has_country(name->table, country) &&
			    (is_alone || !is_last || field_find(name, field, ROW_REGION) == NULL)) {
				add_evidence(evidence, i, country, "", is_first && !is_alone);
			}
		}
	}
}
