/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/columns.h"

#include <string.h>

#include "read/trace.h"
#include "read/words.h"

enum { WORDS_MAX = 48 };

static const struct {
	const char *name;
	enum column column;
} names[] = {
	{"loss%", COLUMN_LOSS}, {"loss", COLUMN_LOSS}, {"%", COLUMN_LOSS}, {"snt", COLUMN_SENT},
	{"sent", COLUMN_SENT}, {"rcv", COLUMN_RECEIVED}, {"recv", COLUMN_RECEIVED},
	{"drop", COLUMN_DROPPED}, {"last", COLUMN_LAST}, {"avg", COLUMN_AVG}, {"avrg", COLUMN_AVG},
	{"best", COLUMN_BEST}, {"wrst", COLUMN_WORST}, {"worst", COLUMN_WORST},
	{"stdev", COLUMN_STDDEV}, {"std-dev", COLUMN_STDDEV}, {"host", COLUMN_HOST},
	{"ip", COLUMN_HOST}, {"address", COLUMN_HOST}, {"asn", COLUMN_AS}, {"hop", COLUMN_HOP},
	{"#", COLUMN_HOP}, {"ptr", COLUMN_NAME}, {"gmean", COLUMN_OTHER}, {"jttr", COLUMN_OTHER},
	{"javg", COLUMN_OTHER}, {"jmax", COLUMN_OTHER}, {"jint", COLUMN_OTHER},
};

static bool find_column(struct word word, enum column *ret_column)
{
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (word_is(word, names[i].name)) {
			*ret_column = names[i].column;
			return true;
		}
	}
	return false;
}

static bool is_number_column(enum column column)
{
	return column >= COLUMN_LOSS && column <= COLUMN_STDDEV;
}

/* The next cell, without blanks around it. */
static struct word cell_next(const char **at, char separator)
{
	const char *from = *at, *end = from + strcspn(from, separator == '|' ? "|" : ",");

	*at = *end == '\0' ? end : end + 1;
	from += strspn(from, " \t");
	while (end > from && (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\r')) {
		end--;
	}
	return (struct word){from, end > from ? (size_t)(end - from) : 0};
}

static size_t count_of(const char *line, char c)
{
	size_t count = 0;

	for (; *line != '\0'; line++) {
		count += *line == c;
	}
	return count;
}

static bool begin_cells(const char *line, char separator, struct columns *ret_columns)
{
	struct columns columns = {.separator = separator};
	const char *at = line + strspn(line, " \t|");
	unsigned known = 0;

	if (strncmp(at, "Mtr_Version", 11) != 0 && separator == ',') {
		return false;
	}
	while (*at != '\0' && columns.count < COLUMNS_MAX) {
		struct word cell = cell_next(&at, separator);
		enum column column = COLUMN_OTHER;

		/* mtr names the address it was asked for Host in CSV, and the hop's own Ip. */
		if (separator == ',' && word_is(cell, "host")) {
			column = COLUMN_TARGET;
		} else if (find_column(cell, &column)) {
			known += is_number_column(column);
		}
		columns.column[columns.count++] = column;
	}
	*ret_columns = columns;
	return known >= 4;
}

bool columns_begin(const char *line, struct columns *ret_columns)
{
	struct columns columns = {.separator = ' '};
	const char *at = line;
	unsigned strangers = 0;

	if (count_of(line, '|') >= 5) {
		return begin_cells(line, '|', ret_columns);
	}
	if (count_of(line, ',') >= 8) {
		return begin_cells(line, ',', ret_columns);
	}
	for (;;) {
		struct word word = word_next(&at);
		enum column column;

		if (word.len == 0 || columns.count == COLUMNS_MAX) {
			break;
		}
		if (!find_column(word, &column)) {
			strangers += columns.count > 0;
		} else if (is_number_column(column) || columns.count > 0) {
			columns.column[columns.count++] = column;
		}
	}
	*ret_columns = columns;
	return columns.count >= 4 && strangers <= 2;
}

/* A number, a share with its sign, or milliseconds. */
static bool read_number(struct word word, double *ret_number)
{
	const char *end = word.at + word.len, *at = word.at;

	at += at < end && (*at == '<' || *at == '-') ? 1 : 0;
	at = number_read(at, end, ret_number);
	if (at == NULL) {
		return false;
	}
	at += at < end && *at == '%' ? 1 : 0;
	return at == end || unit_prefix(at, end) == (size_t)(end - at);
}

static void set_number(struct read_row *row, enum column column, double number)
{
	switch (column) {
	case COLUMN_LOSS:
		row->loss = number / 100;
		break;
	case COLUMN_SENT:
		row->sent = number;
		break;
	case COLUMN_RECEIVED:
		row->received = number;
		break;
	case COLUMN_LAST:
		row->last_ms = number;
		break;
	case COLUMN_AVG:
		row->avg_ms = number;
		break;
	case COLUMN_BEST:
		row->best_ms = number;
		break;
	case COLUMN_WORST:
		row->worst_ms = number;
		break;
	case COLUMN_STDDEV:
		row->stddev_ms = number;
		break;
	case COLUMN_OTHER:
	case COLUMN_HOP:
	case COLUMN_HOST:
	case COLUMN_NAME:
	case COLUMN_AS:
	case COLUMN_DROPPED:
	case COLUMN_TARGET:
		break;
	}
}

static bool is_nobody(struct word word)
{
	return word.len == 0 || word_is(word, "???") || word_is(word, "-") || word_is(word, "*") ||
	       word_is(word, "(waiting") || word_is(word, "timeout");
}

static uint32_t as_of(struct word word)
{
	struct word bare = word_bare(word);
	unsigned number = 0;

	if (bare.len > 2 && strncmp(bare.at, "AS", 2) == 0) {
		(void)word_count((struct word){bare.at + 2, bare.len - 2}, &number);
	}
	return number;
}

/* "AS123 name (address)" and all parts of it. */
static void set_host(struct read_row *row, const char *at, const char *end)
{
	struct word name = {at, 0};
	struct addr address = {0}, found;
	uint32_t asn = 0;
	int host;

	while (at < end) {
		struct word word = word_next(&at);

		word.len = word.at + word.len > end ? (size_t)(end - word.at) : word.len;
		if (word.len == 0 || word.at >= end) {
			break;
		}
		if (as_of(word) != 0 || word_is(word, "AS???")) {
			asn = as_of(word);
		} else if (word_address(word, &found) && !addr_is_set(&address)) {
			address = found;
		} else if (name.len == 0 && !is_nobody(word) && word_bare(word).len > 0) {
			name = word_bare(word);
		}
	}
	if (name.len > 0 || addr_is_set(&address)) {
		host = read_row_host(row, name.at, name.len, addr_is_set(&address) ? &address : NULL);
		if (host >= 0) {
			row->host[host].asn = asn;
		}
	}
}

bool columns_set(struct read_row *row, struct word name, struct word value)
{
	enum column column;
	double number;

	if (!find_column(name, &column)) {
		return false;
	}
	if (column == COLUMN_HOST) {
		set_host(row, value.at, value.at + value.len);
	} else if (column == COLUMN_AS && row->host_count > 0) {
		row->host[0].asn = as_of(value);
	} else if (is_number_column(column) && read_number(value, &number)) {
		set_number(row, column, number);
	} else {
		return false;
	}
	return true;
}

static bool read_words(const struct columns *columns, const char *line, size_t number,
	struct read_row *ret_row)
{
	unsigned hop = 0;
	const char *from = trace_number(line, &hop), *at = from;
	struct word word[WORDS_MAX];
	size_t count = 0, first = 0;
	struct read_row row;

	if (from == NULL) {
		return false;
	}
	row = read_row_of(hop, number);
	while (count < WORDS_MAX && (word[count] = word_next(&at)).len > 0) {
		count++;
	}
	for (; first < count; first++) {
		size_t run = 0;
		double value;

		while (run < columns->count && first + run < count &&
		       read_number(word[first + run], &value)) {
			run++;
		}
		if (run == columns->count) {
			break;
		}
	}
	if (first == count) {
		/* A hop that has not answered yet has its place only. */
		if (count == 0 || !is_nobody(word[0])) {
			return false;
		}
		*ret_row = row;
		return true;
	}
	for (size_t i = 0; i < columns->count; i++) {
		double value = 0;

		(void)read_number(word[first + i], &value);
		set_number(&row, columns->column[i], value);
	}
	set_host(&row, from, word[first].at);
	for (size_t i = first + columns->count; i < count; i++) {
		double label;

		if (strncmp(word[i].at, "<MPLS:L=", 8) == 0 &&
		    number_read(word[i].at + 8, word[i].at + word[i].len, &label) != NULL) {
			row.label[row.label_count++] = (uint32_t)label;
			break;
		}
	}
	*ret_row = row;
	return true;
}

static bool read_cells(const struct columns *columns, const char *line, size_t number,
	unsigned next_hop, struct read_row *ret_row, struct read_host *ret_target)
{
	struct read_row row = read_row_of(next_hop, number);
	const char *at = line + (columns->separator == '|' ? strspn(line, " \t|") : 0);
	unsigned numbers = 0;
	struct word name = {line, 0};

	for (size_t i = 0; i < columns->count; i++) {
		struct word cell;
		double value;

		if (*at == '\0' && i + 1 < columns->count) {
			return false;
		}
		cell = cell_next(&at, columns->separator);
		if (is_number_column(columns->column[i]) && read_number(cell, &value)) {
			set_number(&row, columns->column[i], value);
			numbers++;
		} else if (columns->column[i] == COLUMN_HOP && read_number(cell, &value)) {
			row.hop = (unsigned)value;
		} else if (columns->column[i] == COLUMN_HOST) {
			set_host(&row, cell.at, cell.at + cell.len);
		} else if (columns->column[i] == COLUMN_NAME && !is_nobody(cell)) {
			name = cell;
		} else if (columns->column[i] == COLUMN_AS && row.host_count > 0) {
			row.host[0].asn = as_of(cell);
		} else if (columns->column[i] == COLUMN_TARGET && ret_target != NULL) {
			*ret_target = (struct read_host){.asn = 0};
			if (!word_address(cell, &ret_target->address) && cell.len < sizeof ret_target->name) {
				memcpy(ret_target->name, cell.at, cell.len);
			}
		}
	}
	if (name.len > 0 && row.host_count > 0 && row.host[0].name[0] == '\0' &&
	    name.len < sizeof row.host[0].name) {
		memcpy(row.host[0].name, name.at, name.len);
	}
	*ret_row = row;
	return numbers >= 3;
}

bool columns_read(const struct columns *columns, const char *line, size_t number, unsigned next_hop,
	struct read_row *ret_row, struct read_host *ret_target)
{
	if (columns->count == 0) {
		return false;
	}
	return columns->separator == ' ' ? read_words(columns, line, number, ret_row) :
		read_cells(columns, line, number, next_hop, ret_row, ret_target);
}

bool columns_read_winmtr(const char *line, size_t number, unsigned hop, struct read_row *ret_row)
{
	static const enum column order[] = {COLUMN_SENT, COLUMN_RECEIVED, COLUMN_BEST, COLUMN_AVG,
		COLUMN_WORST, COLUMN_LAST};
	struct read_row row = read_row_of(hop, number);
	const char *at = line + strspn(line, " \t|"), *dash;
	struct word cell = cell_next(&at, '|');
	double value;

	for (dash = cell.at + cell.len; dash > cell.at && *dash != '-'; dash--) {
	}
	if (count_of(line, '|') < 6 || dash == cell.at || (dash[-1] != ' ' && dash[-1] != '\t')) {
		return false;
	}
	{
		const char *behind = dash + 1;

		if (!read_number(word_next(&behind), &value)) {
			return false;
		}
	}
	row.loss = value / 100;
	for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
		if (!read_number(cell_next(&at, '|'), &value)) {
			return false;
		}
		set_number(&row, order[i], value);
	}
	if (strncmp(cell.at, "No response", 11) != 0) {
		set_host(&row, cell.at, dash);
	}
	/* It rounds up: what it counted says more. */
	if (row.sent > 0) {
		row.loss = 1 - row.received / row.sent;
	}
	*ret_row = row;
	return true;
}

/* "13/ 100 = 13%". */
static bool read_share(const char **at, double *ret_lost, double *ret_sent)
{
	const char *from = *at + strspn(*at, " \t"), *end = from + strlen(from);
	double percent;

	from = number_read(from, end, ret_lost);
	if (from == NULL || *from != '/') {
		return false;
	}
	from++;
	from = number_read(from + strspn(from, " "), end, ret_sent);
	if (from == NULL) {
		return false;
	}
	from += strspn(from, " ");
	if (*from != '=') {
		return false;
	}
	from++;
	from = number_read(from + strspn(from, " "), end, &percent);
	if (from == NULL || *from != '%') {
		return false;
	}
	*at = from + 1;
	return true;
}

bool columns_read_pathping(const char *line, size_t number, struct read_row *ret_row,
	double *ret_link)
{
	const char *at = line;
	unsigned hop;
	double lost, sent, node_lost, node_sent, ms = NAN;
	struct read_row row;

	*ret_link = NAN;
	if (read_share(&at, &lost, &sent) && strchr(at, '|') != NULL && sent > 0) {
		*ret_link = lost / sent;
		return true;
	}
	at = trace_number(line, &hop);
	if (at == NULL) {
		return false;
	}
	row = read_row_of(hop, number);
	at += strspn(at, " \t");
	if (*at == '-' || number_read(at, at + strlen(at), &ms) != NULL) {
		at += strcspn(at, " \t");
	}
	if (!read_share(&at, &lost, &sent) || !read_share(&at, &node_lost, &node_sent) || sent <= 0) {
		return false;
	}
	row.avg_ms = ms;
	row.sent = sent;
	row.received = sent - lost;
	row.loss = lost / sent;
	set_host(&row, at, at + strlen(at));
	*ret_row = row;
	return true;
}
