/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "names/hostname_int.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/*
 * Where a name says that it is. Every field that is nothing else is tried against the tables
 * in the ways operators write places; each meaning gets a confidence by how it is written,
 * how big the place is, where in the name it stands, and whether a country or state beside
 * it agrees. Unknown beats wrong: below THRESHOLD nothing is said.
 */
enum { THRESHOLD = 60, MEANINGS_MAX = 24, HABIT_PERCENT = 14, JOIN_SIZE = 64, NEAR_KM = 100,
	RIVAL_PERCENT = 10 };

struct meaning {
	const char *token;
	size_t token_len, field;
	const char *city, *country, *state;
	enum place_kind kind;
	enum place_rule rule;
	bool is_learned;
	int16_t lat, lon;
	int percent;
};

struct search {
	struct name *name;
	struct evidences evidence;
	struct meaning meanings[MEANINGS_MAX];
	size_t meaning_count;
};

/* Part of a field, and how it is written. */
struct token {
	const char *text;
	size_t len, field;
	bool has_digits;      /* a number follows, which sites have */
	bool is_glued;        /* more letters stand before or behind */
};

/* An eighth of a degree is enough of exactness; no floating point here. */
static long distance_km2(int lat1, int lon1, int lat2, int lon2)
{
	/* cos of 0, 10 .. 90 degrees, in hundredths */
	static const int cosines[] = {100, 98, 94, 87, 77, 64, 50, 34, 17, 1};
	long dy = (lat1 - lat2) * 111L / 100;
	long dx = lon1 - lon2;

	dx = dx > 18000 ? dx - 36000 : dx < -18000 ? dx + 36000 : dx;
	dx = dx * 111 / 100 * cosines[abs(lat1 + lat2) / 2 / 1000 % 10] / 100;
	return dx * dx + dy * dy;
}

static bool is_near(const struct meaning *a, const struct meaning *b)
{
	return distance_km2(a->lat, a->lon, b->lat, b->lon) < (long)NEAR_KM * NEAR_KM;
}

/* Does the token stand where the operator's other names have their place? */
static bool is_usual(const struct search *search, const struct token *token)
{
	const struct name *name = search->name;
	struct habit at;

	if (name->habit == NULL) {
		return false;
	}
	at = habit_at(name->text, (size_t)(token->text - name->text), token->len,
		(size_t)(name->operator - name->text));
	return habit_fits(name->habit, &at);
}

static void add_meaning(struct search *search, struct meaning meaning, const struct token *token)
{
	const struct name *name = search->name;
	int from_right = (int)name->label_count - 1 - name->fields[token->field].label;
	int agreed = evidence_agrees(&search->evidence, meaning.country, meaning.state, token->field);

	meaning.token = token->text;
	meaning.token_len = token->len;
	meaning.field = token->field;
	meaning.percent += agreed == 2 ? 15 : agreed == 1 ? 10 : agreed < 0 ? -22 : 0;
	if (agreed == 0 && name->country[0] != '\0') {
		meaning.percent += strcmp(name->country, meaning.country) == 0 ? 6 : -6;
	}
	meaning.percent += token->has_digits ? 3 : 0;
	meaning.percent -= token->is_glued ? 10 : 0;
	meaning.percent += from_right == 0 ? 3 : from_right == 1 ? 2 : from_right >= 3 ? -3 : 0;
	meaning.is_learned = is_usual(search, token);
	meaning.percent += meaning.is_learned ? HABIT_PERCENT : 0;
	if (search->meaning_count < MEANINGS_MAX) {
		search->meanings[search->meaning_count++] = meaning;
	}
}

static int city_percent(unsigned people_k)
{
	return people_k >= 1000 ? 90 : people_k >= 300 ? 86 : people_k >= 100 ? 80 :
		people_k >= 50 ? 72 : people_k >= 20 ? 62 : 52;
}

static void add_ruled(struct search *search, const struct token *token, const struct row *row,
	enum place_kind kind, enum place_rule rule, int percent)
{
	add_meaning(search, (struct meaning){.city = row->text[0], .country = row->country,
		.state = row->state, .kind = kind, .rule = rule, .lat = row->lat, .lon = row->lon,
		.percent = percent}, token);
}

static const enum place_rule rules[] = {[PLACE_CITY] = RULE_CITY, [PLACE_CLLI] = RULE_CLLI,
	[PLACE_LOCODE] = RULE_LOCODE, [PLACE_CUSTOM] = RULE_ABBREVIATION};

static void add_city(struct search *search, const struct token *token, const struct row *row,
	enum place_kind kind, int percent)
{
	add_ruled(search, token, row, kind, rules[kind], percent);
}

/* The token as the whole name of a city. Of namesakes the largest, unless others agree. */
static void try_city(struct search *search, const struct token *token)
{
	if (token->len < 4 && !token->is_glued && token->len != 3) {
		return;
	}
	for (const struct row *row = table_find(search->name->table, token->text, token->len, ROW_CITY);
	     row != NULL; row = table_next(row, ROW_CITY)) {
		int percent = city_percent(row->people_k);
		int agreed = evidence_agrees(&search->evidence, row->country, row->state, token->field);

		for (const struct row *other = table_find(search->name->table, token->text, token->len,
		     ROW_CITY); other != NULL; other = table_next(other, ROW_CITY)) {
			if (other != row && other->people_k * 3 > row->people_k && agreed < 2) {
				percent -= other->people_k > row->people_k ? 12 : 4;
			}
		}
		percent += agreed == 2 ? 20 : 0;
		percent -= token->len == 3 ? 20 : token->len == 4 ? 8 : 0;
		add_city(search, token, row, PLACE_CITY, percent);
	}
}

static enum place_kind kind_of(const char *text)
{
	for (int i = 1; i < PLACE_DATABASE; i++) {
		if (strcmp(place_kind_name((enum place_kind)i), text) == 0) {
			return (enum place_kind)i;
		}
	}
	return PLACE_CUSTOM;
}

static bool ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), end_len = strlen(end);

	return len >= end_len && strcmp(text + len - end_len, end) == 0;
}

/* Is the name one of that operator's, and do we know its words? */
static bool is_operator(const struct search *search, const char *domain)
{
	return ends_with(search->name->operator, domain) && table_find(search->name->table, domain,
		strlen(domain), ROW_FORGET) == NULL;
}

/* A code of the tables; those of an operator count only in its names. */
static void try_code(struct search *search, const struct token *token, bool scoped_only)
{
	static const uint8_t percents[PLACE_KIND_COUNT] = {[PLACE_CITY] = 90, [PLACE_CLLI] = 92,
		[PLACE_LOCODE] = 88, [PLACE_METRO] = 88, [PLACE_CUSTOM] = 80};

	for (const struct row *row = table_find(search->name->table, token->text, token->len, ROW_CODE);
	     row != NULL; row = table_next(row, ROW_CODE)) {
		const char *scope = row->text[5];
		const struct row *city;
		int percent = percents[kind_of(row->text[1])];

		if (scope[0] == '-' ? strcasecmp(search->name->country, scope + 1) != 0 :
		    scope[0] != '\0' ? !is_operator(search, scope) : scoped_only || table_find(
		    search->name->table, token->text, token->len, ROW_FORGET) != NULL) {
			continue;
		}
		city = table_city_of(search->name->table, row);
		if (city == NULL) {
			continue;
		}
		percent = scope[0] != '\0' ? 98 : percent - (token->len < 3 ? 12 : 0);
		add_ruled(search, token, city, kind_of(row->text[1]), scope[0] != '\0' &&
			scope[0] != '-' ? RULE_OPERATOR : RULE_CODE, percent);
	}
}

/* cr1.dsm05: a router's word in the label before, as where every name has a code there. */
static bool follows_router(const struct search *search, const struct token *token)
{
	const struct name *name = search->name;
	uint8_t label = name->fields[token->field].label;

	for (size_t i = 0; i < token->field; i++) {
		if (name->fields[i].label + 1 == label && name->fields[i].use == USE_ROLE &&
		    name->fields[i].run_count > 1) {
			return true;
		}
	}
	return false;
}

static void try_airport(struct search *search, const struct token *token)
{
	for (const struct row *row = table_find(search->name->table, token->text, token->len,
	     ROW_AIRPORT); row != NULL; row = table_next(row, ROW_AIRPORT)) {
		bool is_large = row->text[6][0] == 'L';
		int agreed = evidence_agrees(&search->evidence, row->country, row->state, token->field);
		int percent = is_large ? (row->people_k >= 400 ? 84 : 76) :
			row->people_k >= 1000 ? 68 : row->people_k >= 300 ? 60 : 46;

		percent += agreed > 0 && !is_large ? 14 : 0;
		percent += !is_large && strcmp(row->country, search->name->country) == 0 ? 10 : 0;
		percent += !is_large && token->has_digits && follows_router(search, token) ? 14 : 0;
		add_meaning(search, (struct meaning){.city = row->text[1], .country = row->country,
			.state = row->state, .kind = PLACE_IATA, .rule = RULE_AIRPORT, .lat = row->lat,
			.lon = row->lon,
			.percent = percent}, token);
	}
}

/* An abbreviation beside its country or state: stv.no, brnl in a Russian network. */
static void try_abbreviation(struct search *search, const struct token *token)
{
	const struct name *name = search->name;
	/* Of the domain; or the one in which the operator's sure places are. */
	const char *country = name->country[0] != '\0' ? name->country : is_usual(search, token) ?
		name->habit->country : "";
	bool has_country = false;
	int quality = 0;

	if (token->len < 3 || token->len > 7 || token->is_glued) {
		return;
	}
	for (size_t i = 0; i < search->evidence.count; i++) {
		const struct evidence *e = &search->evidence.at[i];
		bool is_other = e->field != token->field &&
			(!e->is_prefix || e->field + 1 == token->field);
		const struct row *row = !is_other ? NULL : best_abbreviated(name->table,
			token->text, token->len, e->country, e->state, &quality);

		has_country = has_country || is_other;
		if (row != NULL) {
			add_city(search, token, row, PLACE_CUSTOM,
				abbreviation_percent(row, quality, token->len));
		}
	}
	if (!has_country && country[0] != '\0' && token->len >= 3) {
		const struct row *row = best_abbreviated(name->table, token->text, token->len,
			country, "", &quality);

		/* han in a German network is Hannover before it is Hanoi. */
		if (row != NULL && quality == 3 && row->people_k >= 300) {
			add_city(search, token, row, PLACE_CUSTOM, 86);
		} else if (row != NULL && quality >= 2 && row->people_k >= 90) {
			add_city(search, token, row, PLACE_CUSTOM,
				abbreviation_percent(row, quality, token->len) - 10);
		}
	}
}

/* NYCMNY: four letters of a place and two of its state, or of its country (fudged). */
static void try_clli(struct search *search, const struct token *token)
{
	const struct table *table = search->name->table;
	const struct row *region;
	int quality = 0;

	if (token->len != 6) {
		return;
	}
	for (region = table_find(table, token->text + 4, 2, ROW_REGION); region != NULL;
	     region = table_next(region, ROW_REGION)) {
		const struct row *row = best_abbreviated(table, token->text, 4, region->country,
			region->state, &quality);

		if (row != NULL) {
			add_city(search, token, row, PLACE_CLLI, quality >= 2 ? 82 : 74);
		}
	}
	if (table_find(table, token->text + 4, 2, ROW_REGION) == NULL) {
		char country[3];
		const struct row *row;

		upper_country(token->text + 4, country);
		row = best_abbreviated(table, token->text, 4, country, "", &quality);
		if (row != NULL && quality >= 2 && row->people_k >= 300) {
			add_city(search, token, row, PLACE_CLLI, 72);
		}
	}
}

/* USNYC, DEFRA: a country and an airport, metro or known code within it. */
static void try_locode(struct search *search, const struct token *token)
{
	const struct table *table = search->name->table;
	char country[3];
	int quality = 0;
	const struct row *row;

	if (token->len != 5) {
		return;
	}
	upper_country(token->text, country);
	if (!table_has_country(table, country)) {
		return;
	}
	for (row = table_find(table, token->text + 2, 3, ROW_CODE); row != NULL;
	     row = table_next(row, ROW_CODE)) {
		const struct row *city = table_city_of(table, row);

		if (city != NULL && strcmp(row->country, country) == 0 && row->text[5][0] == '\0') {
			add_city(search, token, city, PLACE_LOCODE, 88);
			return;
		}
	}
	row = table_find(table, token->text + 2, 3, ROW_AIRPORT);
	if (row != NULL && strcmp(row->country, country) == 0 &&
	    (row->people_k >= 100 || row->text[6][0] == 'L')) {
		add_meaning(search, (struct meaning){.city = row->text[1], .country = row->country,
			.state = row->state, .kind = PLACE_LOCODE, .rule = RULE_LOCODE, .lat = row->lat,
			.lon = row->lon, .percent = 84}, token);
		return;
	}
	row = best_abbreviated(table, token->text + 2, 3, country, "", &quality);
	if (row != NULL && quality >= 2 && row->people_k >= 250) {
		add_city(search, token, row, PLACE_LOCODE, 66);
	}
}

/* Words that must not be searched, though they are also codes or towns. */
static bool is_stopped(const struct search *search, const struct token *token)
{
	static const enum row_class classes[] = {ROW_ROLE, ROW_STOP, ROW_EXCHANGE, ROW_PLANT,
		ROW_ACCESS};
	const struct row *airport = token->len != 3 ? NULL : table_find(search->name->table,
		token->text, token->len, ROW_AIRPORT);
	bool is_big = airport != NULL && airport->text[6][0] == 'L';

	/* bue is a bundle and Buenos Aires, gig a port whatever else it is. */
	if (table_find(search->name->table, token->text, token->len, ROW_PORT) != NULL &&
	    (table_find(search->name->table, token->text, token->len, ROW_STOP) != NULL ||
	     table_find(search->name->table, token->text, token->len, ROW_CODE) == NULL)) {
		return true;
	}
	for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++) {
		const struct row *row = table_find(search->name->table, token->text, token->len,
			classes[i]);

		/* man is a network, man1 Manchester; and so is man where cities stand. */
		if (row != NULL && (classes[i] != ROW_STOP || !is_big ||
		    (!token->has_digits && !is_usual(search, token)))) {
			return true;
		}
	}
	return false;
}

static void try_token(struct search *search, const struct token *token)
{
	size_t before = search->meaning_count;

	try_code(search, token, is_stopped(search, token));
	if (is_stopped(search, token)) {
		return;
	}
	try_city(search, token);
	if (token->len == 3) {
		try_airport(search, token);
	}
	if (search->meaning_count == before) {
		try_clli(search, token);
		try_locode(search, token);
	}
	try_abbreviation(search, token);
}

static struct token run_token(const struct field *field, size_t index, size_t run)
{
	return (struct token){.text = field->text + field->runs[run].start,
		.len = field->runs[run].len, .field = index,
		.has_digits = run + 1 < field->run_count,
		.is_glued = run + 2 < field->run_count && (run + 3 < field->run_count ||
			field->runs[run + 2].len > 1)};
}

/* Thousands of people in the largest city of that name. */
static unsigned largest_city(const struct table *table, const char *key, size_t len)
{
	unsigned largest = 0;

	for (const struct row *row = table_find(table, key, len, ROW_CITY); row != NULL;
	     row = table_next(row, ROW_CITY)) {
		largest = row->people_k > largest ? row->people_k : largest;
	}
	return largest;
}

/* Is the code one of the country that the name gives? */
static bool is_code_there(const struct search *search, const struct token *token)
{
	const struct row *row = table_find(search->name->table, token->text, token->len, ROW_CODE);

	return row != NULL && evidence_agrees(&search->evidence, row->country, row->state,
		token->field) > 0;
}

/* A longer run of letters: a place with a site, a role or an exchange glued to it. */
static void try_glued(struct search *search, const struct token *whole)
{
	const struct table *table = search->name->table;
	size_t before = search->meaning_count;
	const struct field *next = whole->field + 1 < search->name->field_count ?
		&search->name->fields[whole->field + 1] : NULL;
	/* londpg-sbr2: a site of two letters behind four. */
	bool is_beside_role = next != NULL && next->use == USE_ROLE && whole->len <= 6 &&
		next->label == search->name->fields[whole->field].label;

	for (size_t len = whole->len - 1; len >= 3 && search->meaning_count == before; len--) {
		struct token head = {.text = whole->text, .len = len, .field = whole->field,
			.is_glued = true, .has_digits = whole->has_digits};
		size_t rest = whole->len - len;
		bool is_role = table_find(table, whole->text + len, rest, ROW_ROLE) != NULL;

		try_code(search, &head, !(len >= 6 || (len >= 4 && (is_role || is_beside_role)) ||
			is_code_there(search, &head)));
		if (search->meaning_count > before) {
			break;
		}
		/* metrotel is a company. */
		if (len >= 5 && rest == 3 && !is_role && table_find(table, whole->text + len, rest,
		    ROW_STOP) != NULL) {
			continue;
		}
		if (len >= 5 && rest <= 3 && largest_city(table, head.text, len) >= 40) {
			try_city(search, &head);
		} else if (len == 6) {
			try_clli(search, &head);
		} else if (len == 3 && ((is_role && rest >= 2) || is_usual(search, &head))) {
			try_code(search, &head, false);
			try_airport(search, &head);
		}
	}
	for (size_t start = 2; start + 3 <= whole->len && search->meaning_count == before; start++) {
		struct token tail = {.text = whole->text + start, .len = whole->len - start,
			.field = whole->field, .is_glued = true, .has_digits = whole->has_digits};
		bool is_known = table_find(table, whole->text, start, ROW_EXCHANGE) != NULL ||
			table_find(table, whole->text, start, ROW_ROLE) != NULL;

		if (is_known && tail.len >= 3) {
			try_code(search, &tail, tail.len > 6);
			if (tail.len == 3 && search->meaning_count == before) {
				try_airport(search, &tail);
			} else if (tail.len == 6 && search->meaning_count == before) {
				try_clli(search, &tail);
			}
		}
	}
}

static void try_field(struct search *search, size_t index)
{
	const struct field *field = &search->name->fields[index];
	struct token whole = {.text = field->text, .len = field->len, .field = index};
	size_t before = search->meaning_count;

	if (field->use != USE_NONE && field->use != USE_PLANT) {
		struct token word = run_token(field, index, 0);

		if (field->use == USE_ROLE) {
			try_code(search, &word, true);
		}
		if (field->use != USE_ROLE || field->run_count < 3) {
			return;
		}
	}
	if (field->run_count > 1) {
		try_code(search, &whole, false);      /* 350ecermak, ap-southeast-2, m9 */
		if (search->meaning_count > before) {
			return;
		}
	}
	for (size_t run = 0; run < field->run_count && run < 3; run++) {
		struct token token;

		if (field->runs[run].is_digits) {
			continue;
		}
		token = run_token(field, index, run);
		if (run > 0 && token.len < 3) {
			continue;
		}
		/* A run behind another is searched only where the first is a role: bbr01stcdmn. */
		if (run == 2 && run_find(search->name, field, 0, ROW_ROLE) == NULL) {
			continue;
		}
		before = search->meaning_count;
		try_token(search, &token);
		if (search->meaning_count == before && token.len >= 4 && !is_stopped(search, &token)) {
			try_glued(search, &token);
		}
	}
}

/* salt-lake-city, ap-southeast-2, stcd.mn: neighbours read as one. */
static void try_joined(struct search *search, size_t first, size_t count)
{
	const struct field *fields = search->name->fields, *last;
	char plain[JOIN_SIZE], dashed[JOIN_SIZE];
	size_t plain_len = 0, before = search->meaning_count;
	struct token token = {.field = first};
	const struct row *row;

	if (first + count > search->name->field_count) {
		return;
	}
	last = &fields[first + count - 1];
	token.text = fields[first].text;
	token.len = (size_t)(last->text + last->len - fields[first].text);
	if (token.len >= sizeof dashed) {
		return;
	}
	for (size_t i = first; i < first + count; i++) {
		size_t len = i == first + count - 1 && fields[i].run_count > 0 &&
			!fields[i].runs[0].is_digits ? fields[i].runs[0].len : fields[i].len;

		if ((fields[i].use != USE_NONE && fields[i].use != USE_PLANT) || len == 0 ||
		    plain_len + len >= sizeof plain || fields[i].label != fields[first].label) {
			return;
		}
		memcpy(plain + plain_len, fields[i].text, len);
		plain_len += len;
	}
	memcpy(dashed, token.text, token.len);
	row = table_find(search->name->table, dashed, token.len, ROW_CODE);
	if (row != NULL) {
		try_code(search, &token, false);
	}
	row = table_find(search->name->table, plain, plain_len, ROW_CITY);
	if (search->meaning_count == before && plain_len >= 6) {
		for (; row != NULL; row = table_next(row, ROW_CITY)) {
			if (strchr(row->text[0], ' ') != NULL || strchr(row->text[0], '-') != NULL) {
				add_city(search, &token, row, PLACE_CITY, city_percent(row->people_k) + 4);
			}
		}
	}
}

static int by_percent(const void *a, const void *b)
{
	const struct meaning *x = a, *y = b;

	if (x->percent != y->percent) {
		return x->percent < y->percent ? 1 : -1;
	}
	return x->field != y->field ? (x->field < y->field ? 1 : -1) : 0;
}

/* Two fields that say the same place support each other. */
static void support(struct search *search)
{
	int extra[MEANINGS_MAX] = {0};

	for (size_t i = 0; i < search->meaning_count; i++) {
		for (size_t k = 0; k < search->meaning_count; k++) {
			if (search->meanings[i].field != search->meanings[k].field &&
			    is_near(&search->meanings[i], &search->meanings[k])) {
				extra[i] = 8;
			}
		}
	}
	for (size_t i = 0; i < search->meaning_count; i++) {
		search->meanings[i].percent += extra[i];
	}
}

static void put_place(const struct name *name, const struct meaning *meaning,
	struct hints *hints)
{
	struct place *place = &hints->places[hints->place_count++];

	place->kind = meaning->kind;
	place->rule = meaning->rule;
	place->is_learned = meaning->is_learned;
	place->mark = mark_of(name, meaning->token, meaning->token_len);
	place->lat = meaning->lat;
	place->lon = meaning->lon;
	place->percent = (unsigned)(meaning->percent > 97 ? 97 : meaning->percent);
	(void)snprintf(place->token, sizeof place->token, "%.*s", (int)meaning->token_len,
		meaning->token);
	(void)snprintf(place->city, sizeof place->city, "%s", meaning->city);
	(void)snprintf(place->country, sizeof place->country, "%s", meaning->country);
}

static void choose(struct search *search, struct hints *hints)
{
	struct meaning *all = search->meanings;

	support(search);
	qsort(all, search->meaning_count, sizeof *all, by_percent);
	for (size_t i = 0; i < search->meaning_count && hints->place_count < HINTS_PLACES; i++) {
		bool is_same = false;

		for (size_t k = 0; k < i; k++) {
			is_same = is_same || is_near(&all[i], &all[k]);
		}
		if (all[i].percent >= THRESHOLD && !is_same) {
			put_place(search->name, &all[i], hints);
		}
	}
	for (size_t i = 0; i < search->meaning_count && hints->place_count > 0; i++) {
		struct field *field = &search->name->fields[all[i].field];

		field->has_place = field->has_place || is_near(&all[i], &all[0]);
		if (field->has_place && field->use != USE_ROLE) {
			field->use = USE_PLACE;
		}
	}
}

static bool put_ends(const struct meaning *left, const struct meaning *right, struct hints *hints)
{
	if (left == NULL || right == NULL || is_near(left, right)) {
		return false;
	}
	(void)snprintf(hints->ends[0], sizeof hints->ends[0], "%s", left->city);
	(void)snprintf(hints->ends[1], sizeof hints->ends[1], "%s", right->city);
	return true;
}

static const struct meaning *best_of(const struct search *search, size_t field)
{
	const struct meaning *best = NULL;

	for (size_t i = 0; i < search->meaning_count; i++) {
		const struct meaning *m = &search->meanings[i];

		if (m->field == field && m->percent >= THRESHOLD &&
		    (best == NULL || m->percent > best->percent)) {
			best = m;
		}
	}
	return best;
}

/* lax-sjc: of two places side by side that are as likely, none is where the router is. */
static bool has_rivals(const struct search *search, struct hints *hints)
{
	const struct name *name = search->name;

	for (size_t i = 1; i < name->field_count; i++) {
		const struct meaning *left = best_of(search, i - 1), *right = best_of(search, i);

		if (left != NULL && right != NULL && name->fields[i - 1].label == name->fields[i].label &&
		    abs(left->percent - right->percent) < RIVAL_PERCENT &&
		    put_ends(left, right, hints)) {
			return true;
		}
	}
	return false;
}

/* a--b and a-to-b name two ends: a place only where both are the same. */
static bool has_two_ends(const struct search *search, struct hints *hints)
{
	const struct name *name = search->name;

	for (size_t gap = 1; gap < name->field_count; gap++) {
		const struct field *f = &name->fields[gap];
		const struct meaning *left = NULL, *right = NULL;

		if (!f->follows_gap && !run_is(f, 0, "to")) {
			continue;
		}
		for (size_t i = 0; i < search->meaning_count; i++) {
			const struct meaning *m = &search->meanings[i];

			if (m->percent < THRESHOLD || name->fields[m->field].label != f->label) {
				continue;
			}
			if (m->field < gap && (left == NULL || m->percent > left->percent)) {
				left = m;
			}
			if (m->field >= gap && (right == NULL || m->percent > right->percent)) {
				right = m;
			}
		}
		if (put_ends(left, right, hints)) {
			return true;
		}
	}
	return false;
}

void name_find_places(struct name *name, struct hints *hints)
{
	struct search search = {.name = name};

	evidence_find(name, &search.evidence);
	for (size_t i = name->field_count; i-- > 0;) {
		for (size_t count = 2; count <= 3; count++) {
			try_joined(&search, i, count);
		}
		try_field(&search, i);
	}
	if (!has_two_ends(&search, hints) && !has_rivals(&search, hints)) {
		choose(&search, hints);
	}
}

bool field_is_place(const struct name *name, const struct field *field)
{
	struct name copy = {.table = name->table, .field_count = 1, .label_count = 1,
		.operator = name->operator};
	struct hints hints = {.place_count = 0};

	copy.fields[0] = *field;
	copy.fields[0].label = 0;
	copy.fields[0].use = USE_NONE;
	name_find_places(&copy, &hints);
	return hints.place_count > 0 && hints.places[0].percent >= THRESHOLD;
}
