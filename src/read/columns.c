/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/columns.h"

#include <string.h>

#include "read/trace.h"
#include "read/who.h"
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
	{"stdev", COLUMN_STDDEV}, {"std-dev", COLUMN_STDDEV}, {"stddev", COLUMN_STDDEV},
	{"host", COLUMN_HOST}, {"ip", COLUMN_HOST}, {"address", COLUMN_HOST}, {"asn", COLUMN_AS},
	{"hop", COLUMN_HOP}, {"#", COLUMN_HOP}, {"ptr", COLUMN_NAME}, {"ips", COLUMN_HOST},
	{"addrs", COLUMN_NAME}, {"target", COLUMN_TARGET}, {"targetip", COLUMN_TARGET},
	{"gmean", COLUMN_OTHER}, {"jttr", COLUMN_OTHER}, {"javg", COLUMN_OTHER},
	{"jmax", COLUMN_OTHER}, {"jint", COLUMN_OTHER},
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

/* Behind the frame on the left. */
static const char *first_cell(const char *line, char separator)
{
	const char *at = line + strspn(line, " \t");

	return separator == '|' && *at == '|' ? at + 1 : at;
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
	struct columns columns = {.separator = separator, .tool = separator == '|' ? "table" : "mtr"};
	const char *at = first_cell(line, separator);
	unsigned known = 0;

	if (separator == ',' && strncmp(at, "Mtr_Version", 11) != 0 &&
	    strncmp(at, "Target,TargetIp,", 16) != 0) {
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
		columns.tool = word_is(cell, "ips") ? "trippy" : columns.tool;
		columns.column[columns.count++] = column;
	}
	*ret_columns = columns;
	return known >= 4;
}

bool columns_begin(const char *line, struct columns *ret_columns)
{
	struct columns columns = {.separator = ' ', .tool = "mtr"};
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

bool columns_set(struct read_row *row, struct word name, struct word value)
{
	enum column column;
	double number;

	if (!find_column(name, &column)) {
		return false;
	}
	if (column == COLUMN_HOST) {
		who_set(row, value.at, value.at + value.len);
	} else if (column == COLUMN_AS && row->host_count > 0) {
		row->host[0].asn = who_as(value);
	} else if (is_number_column(column) && read_number(value, &number)) {
		set_number(row, column, number);
	} else {
		return false;
	}
	return true;
}

/* A hop that has not answered yet has its place only; RouterOS has its counts, and "timeout". */
static bool read_silent(const struct columns *columns, const struct word *word, size_t count,
	struct read_row *row)
{
	size_t i = 0;
	double value;

	while (i < count && i < columns->count && read_number(word[i], &value)) {
		set_number(row, columns->column[i++], value);
	}
	return i < count && who_is_nobody(word[i]);
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
		*ret_row = row;
		return read_silent(columns, word, count, ret_row);
	}
	for (size_t i = 0; i < columns->count; i++) {
		double value = 0;

		(void)read_number(word[first + i], &value);
		set_number(&row, columns->column[i], value);
	}
	who_set(&row, from, word[first].at);
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
	const char *at = first_cell(line, columns->separator);
	unsigned numbers = 0;
	struct word name = {line, 0};
	bool has_hop = columns->column[0] != COLUMN_HOP;

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
			has_hop = true;
		} else if (columns->column[i] == COLUMN_HOST) {
			who_set_many(&row, cell);
		} else if (columns->column[i] == COLUMN_NAME && !who_is_nobody(cell)) {
			name = cell;
		} else if (columns->column[i] == COLUMN_AS && row.host_count > 0) {
			row.host[0].asn = who_as(cell);
		} else if (columns->column[i] == COLUMN_TARGET && ret_target != NULL) {
			if (!word_address(cell, &ret_target->address) && cell.len < sizeof ret_target->name) {
				memcpy(ret_target->name, cell.at, cell.len);
			}
		}
	}
	who_name(&row, name);
	row.hop = numbers == 0 && !has_hop ? 0 : row.hop;
	*ret_row = row;
	return numbers >= 3 || (row.hop == 0 && row.host_count > 0);
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
	who_set(&row, cell.at, dash);
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
	who_set(&row, at, at + strlen(at));
	*ret_row = row;
	return true;
}
