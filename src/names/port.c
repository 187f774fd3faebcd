/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "names/hostname_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORD_SIZE = 40, NUMBERS_MAX = 6 };

/* One reading of an interface, beginning at field `first`. */
struct reading {
	const struct row *row;
	size_t first, end;             /* fields */
	unsigned numbers[NUMBERS_MAX], number_count;
	unsigned last_len;             /* digits of the longest number */
	uint32_t speed_mbps;           /* of a suffix -20G */
	bool starts_label;
	bool has_unit_label;           /* the last number is a label of its own */
};

static unsigned digits_value(const char *text, size_t len)
{
	unsigned value = 0;

	for (size_t i = 0; i < len && i < 9; i++) {
		value = value * 10 + (unsigned)(text[i] - '0');
	}
	return value;
}

static void add_number(struct reading *reading, const char *text, size_t len)
{
	if (reading->number_count < NUMBERS_MAX) {
		reading->numbers[reading->number_count++] = digits_value(text, len);
	}
	if (len > reading->last_len) {
		reading->last_len = (unsigned)len;
	}
}

/* "20g", "260g", "10ge", "2m": Mbit/s of what a bundle or a port carries; 0: it says none. */
static uint32_t speed_of(const struct field *field)
{
	uint32_t number;

	if (field->run_count != 2 || !field->runs[0].is_digits || field->runs[0].len > 4) {
		return 0;
	}
	number = digits_value(field->text, field->runs[0].len);
	return run_is(field, 1, "g") || run_is(field, 1, "ge") ? number * 1000 :
		run_is(field, 1, "m") || run_is(field, 1, "mb") ? number : 0;
}

static bool is_unit_word(const struct field *field)
{
	return field->run_count == 2 && run_is(field, 0, "unit") && field->runs[1].is_digits;
}

/* The numbers that follow the word, in its own label and one label beyond. */
static void take_numbers(const struct name *name, struct reading *reading)
{
	const struct field *first = &name->fields[reading->first];

	while (reading->end < name->field_count) {
		const struct field *field = &name->fields[reading->end];

		if (field->label == first->label && field_is_digits(field) && field->len <= 5) {
			add_number(reading, field->text, field->len);
		} else if (field->label == first->label && speed_of(field) > 0 &&
			   reading->number_count > 0) {
			reading->speed_mbps = speed_of(field);
		} else if (field->label == first->label && is_unit_word(field)) {
			add_number(reading, field->text + field->runs[1].start, field->runs[1].len);
		} else if (field->label == first->label + 1 && field_is_digits(field) &&
			   field->len <= 5 && !reading->has_unit_label &&
			   reading->number_count > 0 && name->label_count > (size_t)field->label + 1 &&
			   (reading->end + 1 == name->field_count ||
			    name->fields[reading->end + 1].label != field->label)) {
			add_number(reading, field->text, field->len);
			reading->has_unit_label = true;
		} else {
			break;
		}
		reading->end++;
	}
}

/* Two letters that also begin names of other things need to look like a port to be one. */
static bool is_plausible(const struct reading *reading)
{
	const char *key = reading->row->key;
	size_t len = strlen(key);
	unsigned wanted = (unsigned)(reading->row->text[4][0] - '0');

	if (reading->number_count < wanted) {
		return false;
	}
	if (strcmp(key, "as") == 0) { /* as812 is a network, as0 a bundle */
		return reading->last_len <= 2 && reading->starts_label;
	}
	if (strcmp(key, "v") == 0) {
		return reading->number_count == 1 && reading->last_len >= 2 && reading->last_len <= 4;
	}
	if (len == 1) {
		return reading->numbers[0] <= 31 && reading->number_count <= 5;
	}
	return reading->number_count == 0 || reading->last_len <= 5;
}

/* Tries the word of `len` letters at the start of `reading->first`, whose numbers begin at
 * run `run` of field `at`. */
static bool try_word(const struct name *name, const char *word, size_t len, size_t at, size_t run,
	struct reading *reading)
{
	const struct field *field = &name->fields[at];
	const struct row *row = table_find(name->table, word, len, ROW_PORT);

	if (row == NULL) {
		return false;
	}
	reading->row = row;
	reading->number_count = 0;
	reading->last_len = 0;
	reading->speed_mbps = 0;
	reading->has_unit_label = false;
	reading->end = at + 1;
	if (run < field->run_count) {
		if (!field->runs[run].is_digits) {
			return false;
		}
		add_number(reading, field->text + field->runs[run].start, field->runs[run].len);
		/* ae0d1: a bundle and its member; anything longer is another word. */
		if (run + 1 < field->run_count && !(run + 3 == field->run_count &&
		    field->runs[run + 1].len == 1)) {
			return false;
		}
	}
	take_numbers(name, reading);
	/* bue1 is in Buenos Aires, bue-1 a bundle. */
	if (reading->number_count == 1 && run < field->run_count && len == 3 &&
	    table_find(name->table, word, len, ROW_CODE) != NULL) {
		return false;
	}
	for (; row != NULL; row = table_next(row, ROW_PORT)) {
		reading->row = row;
		if (is_plausible(reading)) {
			return true;
		}
	}
	return false;
}

static bool read_port(const struct name *name, size_t first, struct reading *reading)
{
	const struct field *field = &name->fields[first];
	size_t lead = field->run_count > 1 && field->runs[0].is_digits ? 1 : 0;
	char joined[WORD_SIZE];

	if (field->use != USE_NONE || field->run_count == 0 || field->runs[lead].is_digits) {
		return false;
	}
	reading->first = first;
	reading->starts_label = first == 0 || name->fields[first - 1].label != field->label;
	if (try_word(name, field->text, (size_t)field->runs[lead].start + field->runs[lead].len,
	    first, lead + 1, reading)) {
		return true;
	}
	/* bundle-ether8, eth-trunk1, port-channel2 */
	if (first + 1 < name->field_count && name->fields[first + 1].label == field->label &&
	    field_is_word(field)) {
		const struct field *next = &name->fields[first + 1];
		int len;

		if (next->run_count == 0 || next->runs[0].is_digits) {
			return false;
		}
		len = snprintf(joined, sizeof joined, "%.*s-%.*s", (int)field->len, field->text,
			(int)next->runs[0].len, next->text);
		return len > 0 && (size_t)len < sizeof joined &&
			try_word(name, joined, (size_t)len, first + 1, 1, reading);
	}
	return false;
}

/* B4101 (IOS XR bundles, as one operator writes them). */
static bool read_bundle(const struct name *name, size_t first, struct reading *reading)
{
	const struct field *field = &name->fields[first];

	if (field->run_count != 2 || !run_is(field, 0, "b") || field->runs[1].len != 4) {
		return false;
	}
	*reading = (struct reading){.row = table_find(name->table, "be", 2, ROW_PORT),
		.first = first, .end = first + 1};
	return reading->row != NULL;
}

static enum port_type type_of(const char *text)
{
	for (int i = 1; i < PORT_TYPE_COUNT; i++) {
		if (strcmp(port_type_name((enum port_type)i), text) == 0) {
			return (enum port_type)i;
		}
	}
	return PORT_NONE;
}

/* Juniper counts line cards from 0 and names them first, IOS XR so behind the rack; of two
 * numbers IOS has the slot first, from 1 in large chassis. Slot 11 takes twelve of them. */
static void put_slot(const struct row *row, const struct reading *reading, struct hints *hints)
{
	bool is_cisco = strcmp(row->text[3], "cisco") == 0;
	unsigned count = reading->number_count - (reading->has_unit_label ? 1U : 0U);
	unsigned slot = reading->numbers[is_cisco && count >= 4 ? 1 : 0] % 1000000;

	(void)snprintf(hints->port.slot, sizeof hints->port.slot, "%u", slot);
	if (slot < 64 && (strcmp(row->text[3], "juniper") == 0 || (is_cisco && count >= 2))) {
		hints->port.chassis_slots = is_cisco && count == 2 ? slot : slot + 1;
	}
}

static void fill(struct name *name, const struct reading *reading, struct hints *hints)
{
	const struct row *row = reading->row;
	const struct field *first = &name->fields[reading->first];
	const struct field *last = &name->fields[reading->end - 1];
	bool has_slots = reading->number_count >= 2 + (reading->has_unit_label ? 1U : 0U);

	hints->port.type = type_of(row->text[1]);
	hints->port.speed_mbps = reading->speed_mbps > 0 ? reading->speed_mbps :
		digits_value(row->text[2], strlen(row->text[2]));
	hints->port.mark = mark_of(name, first->text, (size_t)(last->text + last->len - first->text));
	(void)snprintf(hints->port.token, sizeof hints->port.token, "%.*s",
		(int)hints->port.mark.len, first->text);
	(void)snprintf(hints->port.vendor, sizeof hints->port.vendor, "%s", row->text[3]);
	if (hints->port.type == PORT_LAG || hints->port.type == PORT_VLAN) {
		has_slots = false;
		if (reading->number_count >= 2) {
			(void)snprintf(hints->port.unit, sizeof hints->port.unit, "%u",
				reading->numbers[reading->number_count - 1] % 1000000);
		}
	} else if (reading->has_unit_label || reading->number_count > 4) {
		(void)snprintf(hints->port.unit, sizeof hints->port.unit, "%u",
			reading->numbers[reading->number_count - 1] % 1000000);
	}
	if (has_slots) {
		put_slot(row, reading, hints);
	}
	/* Four and more numbers behind ge are IOS XR's or a Juniper channel's; two are IOS. */
	if (strcmp(row->key, "ge") == 0 && reading->number_count == 2) {
		hints->port.vendor[0] = '\0';
	}
}

/* ten-gige.bar2, 10ge.xe-0-0-0: a kind of port alone in the first label. */
static void skip_bare_kind(struct name *name)
{
	size_t end = 0;

	while (end < name->field_count && name->fields[end].label == 0 &&
	       name->fields[end].len >= 3 && field_find(name, &name->fields[end], ROW_PORT) != NULL) {
		end++;
	}
	if (end > 0 && end < name->field_count && name->fields[end].label == 1) {
		for (size_t i = 0; i < end; i++) {
			name->fields[i].use = USE_PORT;
		}
	}
}

void name_find_port(struct name *name, struct hints *hints)
{
	skip_bare_kind(name);
	for (size_t i = 0; i < name->field_count; i++) {
		struct reading reading;

		if (!read_port(name, i, &reading) && !read_bundle(name, i, &reading)) {
			continue;
		}
		fill(name, &reading, hints);
		name->port_first = reading.first;
		name->port_end = reading.end;
		for (size_t k = reading.first; k < reading.end; k++) {
			name->fields[k].use = USE_PORT;
		}
		/* 103.ae8: the unit stands before. */
		if (reading.first == 1 && name->fields[1].label == 1 &&
		    field_is_digits(&name->fields[0]) && name->fields[0].len <= 5) {
			name->fields[0].use = USE_PORT;
			(void)snprintf(hints->port.unit, sizeof hints->port.unit, "%.*s",
				(int)name->fields[0].len, name->fields[0].text);
		}
		return;
	}
}
