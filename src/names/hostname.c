/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "names/hostname.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "names/hostname_int.h"

static bool is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Lower-case ASCII, no dot at the end; other bytes become question marks, which part fields. */
static void copy_name(struct name *name, const char *text)
{
	size_t len = 0;

	for (; len < NAME_MAX_LEN && text[len] != '\0'; len++) {
		unsigned char c = (unsigned char)text[len];

		name->text[len] = c <= ' ' || c >= 0x7f ? '?' : (char)tolower(c);
	}
	while (len > 0 && name->text[len - 1] == '.') {
		len--;
	}
	name->text[len] = '\0';
}

/* The registered domain by public suffixes of one and two labels. Returns where it starts. */
static size_t find_operator(struct name *name)
{
	size_t len = strlen(name->text), dots[3] = {0};
	size_t found = 0, start;
	const char *suffix;

	for (size_t i = len; i-- > 0 && found < 3;) {
		if (name->text[i] == '.') {
			dots[found++] = i;
		}
	}
	if (found == 0) {
		name->operator = name->text + len;
		return len;
	}
	start = found >= 2 ? dots[1] + 1 : 0;
	suffix = name->text + start;
	if (found >= 2 && table_find(name->table, suffix, len - start, ROW_SUFFIX) != NULL) {
		start = found == 3 ? dots[2] + 1 : 0;
	}
	name->operator = name->text + start;
	if (len - dots[0] == 3) {
		name->country[0] = (char)toupper((unsigned char)name->text[len - 2]);
		name->country[1] = (char)toupper((unsigned char)name->text[len - 1]);
		if (strcmp(name->country, "UK") == 0) {
			memcpy(name->country, "GB", sizeof name->country);
		}
		if (!table_has_country(name->table, name->country)) {
			name->country[0] = '\0';
		}
	}
	return start;
}

static void split_runs(struct field *field)
{
	for (uint8_t at = 0; at < field->len && field->run_count < RUNS_MAX;) {
		struct run *run = &field->runs[field->run_count++];

		run->start = at;
		run->is_digits = is_digit(field->text[at]);
		while (at < field->len && is_digit(field->text[at]) == run->is_digits) {
			at++;
		}
		run->len = (uint8_t)(at - run->start);
	}
}

/* The letters of a label in Punycode (RFC 5890, 2.3.2.1) are not those of any word. */
static size_t skip_punycode(const struct name *name, size_t at, size_t end)
{
	static const char prefix[] = "xn--";

	if ((at == 0 || name->text[at - 1] == '.') && end - at >= sizeof prefix - 1 &&
	    memcmp(name->text + at, prefix, sizeof prefix - 1) == 0) {
		while (at < end && name->text[at] != '.') {
			at++;
		}
	}
	return at;
}

static void split_fields(struct name *name, size_t end)
{
	uint8_t label = 0;
	bool has_gap = false;

	for (size_t at = 0; at < end && name->field_count < FIELDS_MAX;) {
		struct field *field = &name->fields[name->field_count];
		size_t start = at = skip_punycode(name, at, end);

		while (at < end && is_alnum(name->text[at])) {
			at++;
		}
		if (at > start) {
			field->text = name->text + start;
			field->len = (uint8_t)(at - start);
			field->label = label;
			field->follows_gap = has_gap;
			split_runs(field);
			name->field_count++;
			has_gap = false;
		} else if (at > 0 && name->text[at] == '-' && name->text[at - 1] == '-') {
			has_gap = true;
		}
		if (at < end && name->text[at] == '.') {
			label++;
		}
		at += at < end && !is_alnum(name->text[at]) ? 1 : 0;
	}
	name->label_count = (size_t)label + (end > 0 && name->text[end - 1] != '.');
}

static bool is_label_start(const struct name *name, size_t field)
{
	return field == 0 || name->fields[field - 1].label != name->fields[field].label;
}

static bool is_octet(const struct field *field)
{
	return field_is_digits(field) && field->len <= 3 &&
		(field->len < 3 || memcmp(field->text, "255", 3) <= 0);
}

static bool is_hex_address(const struct field *field)
{
	size_t letters = 0;

	for (size_t i = 0; i < field->len; i++) {
		if (!is_digit(field->text[i]) && (field->text[i] < 'a' || field->text[i] > 'f')) {
			return false;
		}
		letters += !is_digit(field->text[i]);
	}
	return field->len == 8 && letters > 0 && letters < 8;
}

/* 5x167x112x1, 1x2x3x4 */
static bool is_crossed_address(const struct field *field)
{
	return field->run_count == 7 && run_is(field, 1, "x") && run_is(field, 3, "x") &&
		run_is(field, 5, "x");
}

/* Four octets in a row, or what else stands for an address; and numbers of circuits. */
static void find_addresses(struct name *name)
{
	for (size_t i = 0; i < name->field_count; i++) {
		size_t count = 0;
		struct field *field = &name->fields[i];

		while (i + count < name->field_count && name->fields[i + count].use == USE_NONE &&
		       is_octet(&name->fields[i + count])) {
			count++;
		}
		/* dhcp1-2-3-4: the first octet is glued to a word. */
		if (count == 3 && i > 0 && name->fields[i - 1].use == USE_NONE &&
		    name->fields[i - 1].run_count == 2 && name->fields[i - 1].runs[1].is_digits &&
		    name->fields[i - 1].label == field->label) {
			name->fields[i - 1].use = USE_ADDRESS;
			count = 4;
			field = &name->fields[--i];
		}
		if (count >= 4 || (count == 3 && i == 0 && i + 3 < name->field_count)) {
			name->has_address = true;
			for (size_t k = 0; k < count; k++) {
				name->fields[i + k].use = USE_ADDRESS;
			}
			i += count - 1;
		} else if (count == 3 && i > 0 && is_label_end(name, i + 2) &&
			   name->fields[i - 1].label == name->fields[i + 2].label) {
			/* st21-ash-8-0-0: a port without its word. */
			field[0].use = field[1].use = field[2].use = USE_ADDRESS;
		} else if (is_hex_address(field) || is_crossed_address(field)) {
			field->use = USE_ADDRESS;
			name->has_address = true;
		} else if (field->run_count > 0 && field->use == USE_NONE &&
			   field->runs[field->run_count - 1].is_digits &&
			   field->runs[field->run_count - 1].len >= 6) {
			field->use = USE_NUMBER;
		}
	}
}

/* Words of the plant: bb and ip as labels of their own, bbnet1 also behind an interface. */
static void find_plant(struct name *name)
{
	for (size_t i = name->field_count; i-- > 0;) {
		struct field *field = &name->fields[i];
		bool is_alone = is_label_end(name, i) && (is_label_start(name, i) ||
			(field->run_count > 0 && field->runs[0].len >= 5 && i > 0 &&
			 name->fields[i - 1].use == USE_PORT));
		bool is_numbered = field->run_count == 2 && field->runs[0].len >= 5;

		if (field_find(name, field, ROW_ACCESS) != NULL) {
			name->has_access = true;
			name->has_customer = name->has_customer || run_is(field, 0, "cust") ||
				run_is(field, 0, "customer") || run_is(field, 0, "biz") ||
				run_is(field, 0, "business");
		}
		if (field->use == USE_NONE && i > 0 && is_alone &&
		    (field_find(name, field, ROW_PLANT) != NULL ||
		     (is_numbered && run_find(name, field, 0, ROW_PLANT) != NULL))) {
			field->use = USE_PLANT;
		}
	}
}

/* chiccr5: a known code, a role and its number in one. */
static const struct row *glued_role_of(const struct name *name, const struct field *field)
{
	if (field->use != USE_NONE || field->run_count != 2 || field->runs[0].is_digits) {
		return NULL;
	}
	for (size_t tail = 2; tail <= 4 && tail + 3 <= field->runs[0].len; tail++) {
		size_t head = field->runs[0].len - tail;
		const struct row *row = table_find(name->table, field->text + head, tail, ROW_ROLE);

		if (row != NULL && (table_find(name->table, field->text, head, ROW_CODE) != NULL ||
		    table_find(name->table, field->text, head, ROW_AIRPORT) != NULL)) {
			return row;
		}
	}
	return NULL;
}

static enum router_role role_named(const char *text)
{
	for (int i = 1; i < ROUTER_COUNT; i++) {
		if (strcmp(router_role_name((enum router_role)i), text) == 0) {
			return (enum router_role)i;
		}
	}
	return ROUTER_NONE;
}

static void find_role(struct name *name, struct hints *hints)
{
	enum router_role role = ROUTER_NONE;
	bool is_strong = false, has_router = false;
	struct mark mark = {0};

	for (size_t i = 0; i < name->field_count; i++) {
		struct field *field = &name->fields[i];
		const struct row *row = role_of(name, field), *glued = glued_role_of(name, field);
		bool is_numbered = field->run_count > 1;
		enum router_role said;

		has_router = has_router || (row != NULL && is_numbered);
		if (row == NULL && glued == NULL) {
			continue;
		}
		if (row == NULL) {
			mark = role == ROUTER_NONE ? mark_of(name, field->text, field->len) : mark;
			role = role == ROUTER_NONE ? role_named(glued->text[1]) : role;
			continue;
		}
		said = role_named(row->text[1]);
		if (said != ROUTER_NONE && (role == ROUTER_NONE || (is_numbered && !is_strong))) {
			role = said;
			is_strong = is_numbered;
			mark = mark_of(name, field->text, field->len);
		}
		field->use = USE_ROLE;
	}
	if (hints->role != ROUTER_NONE) {
		return;
	}
	hints->role_mark = mark;
	if (role == ROUTER_NONE && hints->port.type == PORT_NONE && name_is_exchange(name)) {
		role = ROUTER_PEERING;
	}
	if (role == ROUTER_NONE && hints->port.type == PORT_NONE && !has_router &&
	    (name->has_address || name->has_access)) {
		role = name->has_customer ? ROUTER_CUSTOMER : ROUTER_OTHER;
		name->is_line = true;
	}
	if (role == ROUTER_NONE && hints->relation != RELATION_NONE) {
		role = hints->relation == RELATION_CUSTOMER ? ROUTER_CUSTOMER : ROUTER_PEERING;
	}
	hints->role = role;
}

/* A label's part in the router's name. */
struct label {
	size_t first, end;    /* fields */
	bool has_place, has_mark, has_number;
};

static struct label read_label(const struct name *name, size_t first)
{
	struct label label = {.first = first, .end = first};

	while (label.end < name->field_count &&
	       name->fields[label.end].label == name->fields[first].label) {
		const struct field *field = &name->fields[label.end++];
		bool is_own = field->use == USE_NONE || field->use == USE_ROLE ||
			field->use == USE_PLACE;

		label.has_place = label.has_place || field->use == USE_PLACE || field->has_place;
		label.has_number = label.has_number ||
			(is_own && (field->run_count > 1 || field->runs[0].is_digits));
		label.has_mark = label.has_mark || field->use == USE_ROLE || field->use == USE_PLACE ||
			(is_own && field->run_count > 1);
	}
	return label;
}

/* Does the label name only a country, a region or the plant? */
static bool is_outside(const struct name *name, const struct label *label)
{
	const struct field *field = &name->fields[label->first];

	return label->end - label->first == 1 && field_is_word(field) &&
		(field->use == USE_PLANT || (field->use != USE_PLACE &&
		 (field->len == 2 || field_find(name, field, ROW_REGION) != NULL)));
}

/* A state of the place's country, which belongs to the city's name. */
static bool is_state(const struct name *name, const struct label *label,
	const struct hints *hints)
{
	const struct row *row = field_find(name, &name->fields[label->first], ROW_REGION);

	while (row != NULL && (row->state[0] == '\0' || hints->place_count == 0 ||
	       strcmp(row->country, hints->places[0].country) != 0)) {
		row = table_next(row, ROW_REGION);
	}
	return label->end - label->first == 1 && row != NULL;
}

/* mia behind miami19, ros behind ros1: the place again, with nothing to tell routers apart. */
static bool is_repeated(const struct name *name, const struct label *label,
	const struct label *before)
{
	const struct field *field = &name->fields[label->first];

	if (label->end - label->first != 1 || !field_is_word(field) || !before->has_place) {
		return false;
	}
	for (size_t i = before->first; i < before->end; i++) {
		if (run_is(&name->fields[i], 0, "") || (name->fields[i].runs[0].len == field->len &&
		    memcmp(name->fields[i].text, field->text, field->len) == 0)) {
			return true;
		}
	}
	return label->has_place && before->has_number && before->first == name->router_first;
}

static bool is_taken(const struct name *name, size_t index)
{
	const struct field *field = &name->fields[index];

	return !field->is_aside && (field->use == USE_NONE || field->use == USE_ROLE ||
		field->use == USE_PLACE || (field->use == USE_NUMBER && index > name->router_first));
}

/* The labels that name the router: up to the last that has a place, a role or a number. */
static void find_router_end(struct name *name, const struct hints *hints)
{
	struct label before = {.first = 0};
	bool has_number = false, has_place = false;

	name->router_end = name->router_first;
	for (size_t i = name->router_first; i < name->field_count;) {
		struct label label = read_label(name, i);
		bool is_first = name->router_end == name->router_first;

		i = label.end;
		if (!is_first && before.has_place && is_state(name, &label, hints) &&
		    name->fields[label.first].use != USE_PLACE) {
			name->router_end = label.end;
			break;
		}
		if (!is_first && is_outside(name, &label)) {
			continue;
		}
		/* bbr01stcdmn-bue-1.stcd.mn: what stands before the port says it all. */
		if (!is_first && ((is_repeated(name, &label, &before)) || (has_place && has_number &&
		    name->port_first > name->router_first && name->port_first < label.first &&
		    name->fields[name->port_first].label == name->fields[name->router_first].label))) {
			break;
		}
		if (is_first || label.has_mark || (before.has_number && !has_place &&
		    label.end - label.first == 1 && name->fields[label.first].len <= 12)) {
			name->router_end = label.end;
		}
		has_place = has_place || label.has_place;
		has_number = has_number || label.has_number;
		before = label;
	}
	name->has_number = has_number;
}

/* The interface is left out; where it stood is a blank. */
static void put_router(const struct name *name, struct hints *hints)
{
	size_t len = 0, last = name->router_first;

	for (size_t i = name->router_first; i < name->router_end; i++) {
		const struct field *field = &name->fields[i];

		if (!is_taken(name, i) && !(field->use == USE_PLANT && is_taken(name, last) &&
		    last + 1 == i && field->label == name->fields[last].label)) {
			continue;
		}
		if (field->follows_gap) {
			break; /* a--b: the near end */
		}
		if (len + field->len + 2 >= sizeof hints->router) {
			break;
		}
		if (len > 0) {
			hints->router[len++] = last + 1 < i ? ' ' : field->text[-1] == '.' ? '.' :
				field->text[-1] == '_' ? '_' : '-';
		}
		memcpy(hints->router + len, field->text, field->len);
		len += field->len;
		last = i;
	}
	hints->router[len] = '\0';
}

/* ebt-T0-0-0-0.udist01: letters before a port, and a router of its own behind it. */
static void skip_prefix(struct name *name)
{
	size_t first = name->router_first;

	for (size_t i = first; i < name->port_first; i++) {
		if (!field_is_word(&name->fields[i]) || name->fields[i].use != USE_NONE) {
			return;
		}
	}
	if (first < name->port_first && name->port_end < name->field_count &&
	    name->fields[first].label == name->fields[name->port_first].label &&
	    name->fields[name->port_end].use == USE_ROLE) {
		name->router_first = name->port_end;
	}
}

static void find_router(struct name *name, struct hints *hints)
{
	while (name->router_first < name->field_count && (!is_taken(name, name->router_first) ||
	       name->fields[name->router_first].use == USE_NUMBER)) {
		name->router_first++;
	}
	skip_prefix(name);
	find_router_end(name, hints);
	/* A place alone is no router's name where the port is someone else's or an access line's. */
	if (name->router_end > name->router_first && !name->is_line &&
	    (hints->other_party[0] == '\0' || name->has_number)) {
		put_router(name, hints);
	}
}

static void find_vendor(const struct name *name, struct hints *hints)
{
	for (size_t i = 0; i < name->field_count && hints->port.vendor[0] == '\0'; i++) {
		const struct field *field = &name->fields[i];
		const struct row *row = field_find(name, field, ROW_VENDOR);

		row = row != NULL ? row : field->run_count > 1 && !field->runs[0].is_digits ?
			run_find(name, field, 0, ROW_VENDOR) : NULL;
		if (row != NULL && field->use != USE_PARTY) {
			(void)snprintf(hints->port.vendor, sizeof hints->port.vendor, "%s", row->text[1]);
		}
	}
}

/* chiccr5-ip-a-kanscr5: a link of which the near end stands first. */
static void drop_far_end(struct name *name)
{
	for (size_t i = 1; i + 2 < name->field_count; i++) {
		if (name->fields[i].label == 0 && run_is(&name->fields[i], 0, "ip") &&
		    name->fields[i + 1].label == 0 && name->fields[i + 1].len == 1) {
			for (size_t k = i; k < name->field_count && name->fields[k].label == 0; k++) {
				name->fields[k].use = USE_PARTY;
			}
		}
	}
}

void name_read(const struct table *table, const char *text, const struct habit *habit,
	struct hints *ret_hints)
{
	struct name name = {.table = table, .habit = habit};
	struct hints hints = {.place_count = 0};
	size_t end;

	copy_name(&name, text);
	end = find_operator(&name);
	split_fields(&name, end);
	(void)snprintf(hints.operator, sizeof hints.operator, "%s", name.operator);
	hints.operator_mark = mark_of(&name, name.operator, strlen(name.operator));
	name_find_port(&name, &hints);
	find_addresses(&name);
	find_plant(&name);
	name_find_party(&name, &hints);
	find_role(&name, &hints);
	drop_far_end(&name);
	name_find_places(&name, &hints);
	find_router(&name, &hints);
	find_vendor(&name, &hints);
	*ret_hints = hints;
}

void hostname_read(const struct table *table, const char *text, struct hints *ret_hints)
{
	name_read(table, text, /* habit= */ NULL, ret_hints);
}
