/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/columns.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/utf8.h"

const struct snap_stats *column_stats(enum column_source source, const struct snap_hop *hop)
{
	const struct snap_stats *stats = source == COLUMN_TO ? &hop->to : &hop->through;

	return source != COLUMN_OF_HOP && stats->is_on ? stats : NULL;
}

void column_percent(double fraction, char *ret_text, size_t cap)
{
	double percent = fraction * 100.0;

	if (percent > 0.0 && percent < 0.05) {
		(void)snprintf(ret_text, cap, "<0.1");
	} else if (percent < 100.0 && percent >= 99.95) {
		(void)snprintf(ret_text, cap, ">99.9");
	} else {
		(void)snprintf(ret_text, cap, "%.1f", percent);
	}
}

void column_ms(double ms, char *ret_text, size_t cap)
{
	(void)snprintf(ret_text, cap, ms < 9999.95 ? "%.1f" : "%.0f", ms);
}

void column_ms_step(double ms, double step, char *ret_text, size_t cap)
{
	int decimals = 1;

	/* Steps are powers of ten and simple parts of them, as near as binary numbers come. */
	for (; step < 0.095 && decimals < 3; step *= 10.0) {
		decimals++;
	}
	if (decimals == 1) {
		column_ms(ms, ret_text, cap);
	} else {
		(void)snprintf(ret_text, cap, "%.*f", decimals, ms);
	}
}

double column_ms_axis_end(double low, double high)
{
	high = high - low < 0.1 ? low + 0.1 : high;
	/* From a second on a hundredth of a millisecond takes seven columns. */
	return high >= 990.0 && high - low < high / 990.0 ? low + high / 990.0 : high;
}

const char *column_host(const struct snap_hop *hop)
{
	const char *told[] = {snap_hop_name(hop), hop->address, snap_hop_said_by(hop), hop->awaited};

	for (size_t i = 0; i < sizeof told / sizeof told[0]; i++) {
		if (told[i] != NULL) {
			return told[i];
		}
	}
	return "???";
}

void column_put_host(const char *address, const char *name, bool shows_both, struct strbuf *buf)
{
	strbuf_puts(buf, name != NULL ? name : address != NULL ? address : "???");
	if (shows_both && name != NULL && address != NULL) {
		strbuf_printf(buf, " (%s)", address);
	}
}

void column_put_hop(const struct snap_hop *hop, bool shows_both, struct strbuf *buf)
{
	const char *said_by = snap_hop_said_by(hop);

	if (hop->address == NULL && said_by == NULL) {
		strbuf_puts(buf, column_host(hop));
		return;
	}
	column_put_host(said_by != NULL ? said_by : hop->address, snap_hop_name(hop), shows_both, buf);
	if (said_by != NULL) {
		strbuf_printf(buf, " (%s)", hop->last_error.cause);
	}
}

const struct snap_stats *column_cell_stats(const struct column *column,
	const struct column_input *in, bool *ret_is_filled)
{
	const struct snap_stats *stats = column_stats(column->source, in->hop);

	*ret_is_filled = stats == NULL && in->is_filled && column->source == COLUMN_THROUGH &&
		in->hop->to.is_on;
	return *ret_is_filled ? &in->hop->to : stats;
}

const char *column_plain_heading(const struct column *column)
{
	static const struct {
		char letter;
		const char *heading;
	} plain[] = {{'L', N_("Loss%")}, {'T', N_("at most")}, {'P', N_("p50")}, {'Q', N_("p95")},
		{'M', N_("Jitter")}, {'H', N_("History")}};

	for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++) {
		if (plain[i].letter == column->letter) {
			return _(plain[i].heading);
		}
	}
	return _(column->heading);
}

static void set_dash(struct column_text *ret_text)
{
	(void)snprintf(ret_text->text, sizeof ret_text->text, "-");
	ret_text->role = ROLE_DIM;
}

static void set_count(uint64_t count, struct column_text *ret_text)
{
	(void)snprintf(ret_text->text, sizeof ret_text->text, "%" PRIu64, count);
	ret_text->role = ROLE_NORMAL;
}

static void value_number(const struct column *column, const struct column_input *in,
	struct column_text *ret_text)
{
	(void)column;
	(void)snprintf(ret_text->text, sizeof ret_text->text, "%u", in->hop->hop);
	ret_text->role = ROLE_NORMAL;
}

/* The alarm is the link's: the hops behind it lose the same packets and are not to blame. */
enum role column_link_role(const struct snap_link *link)
{
	return link->is_suspect ? ROLE_ALARM : link->loss > 0.0 ? ROLE_WARNING : ROLE_GOOD;
}

/* A hop that does not answer proves nothing about the path, so To losses never alarm. */
static void value_loss(const struct column *column, const struct column_input *in,
	struct column_text *ret_text)
{
	bool is_filled;
	const struct snap_stats *stats = column_cell_stats(column, in, &is_filled);

	if (is_filled) {
		/* What follows in the row is of its replies. */
		(void)snprintf(ret_text->text, sizeof ret_text->text, "%s", _("(to)"));
		ret_text->role = ROLE_DIM;
		return;
	}
	if (stats == NULL || stats->loss < 0.0) {
		set_dash(ret_text);
		return;
	}
	column_percent(stats->loss, ret_text->text, sizeof ret_text->text);
	if (column->source == COLUMN_TO) {
		ret_text->role = stats->loss > 0.0 ? ROLE_NOTICE : ROLE_NORMAL;
	} else {
		ret_text->role = stats->loss > 0.0 ? ROLE_WARNING : ROLE_GOOD;
	}
}

static void value_link(const struct column *column, const struct column_input *in,
	struct column_text *ret_text)
{
	(void)column;
	if (in->link == NULL || in->link->loss < 0.0) {
		set_dash(ret_text);
		return;
	}
	column_percent(in->link->loss, ret_text->text, sizeof ret_text->text);
	ret_text->role = column_link_role(in->link);
}

static void value_recent(const struct column *column, const struct column_input *in,
	struct column_text *ret_text)
{
	const struct snap_stats *stats = column_stats(column->source, in->hop);

	if (stats == NULL || stats->recent < 0.0) {
		set_dash(ret_text);
		return;
	}
	column_percent(stats->recent, ret_text->text, sizeof ret_text->text);
	ret_text->role = stats->recent > 0.0 ? ROLE_NOTICE : ROLE_NORMAL;
}

static void value_bound(const struct column *column, const struct column_input *in,
	struct column_text *ret_text)
{
	bool is_filled;
	const struct snap_stats *stats = column_cell_stats(column, in, &is_filled);

	if (stats == NULL || stats->loss < 0.0) {
		set_dash(ret_text);
		return;
	}
	column_percent(*(const double *)(const void *)((const char *)stats + column->offset),
		ret_text->text, sizeof ret_text->text);
	ret_text->role = is_filled ? ROLE_DIM : ROLE_NORMAL;
}

static void value_link_most(const struct column *column, const struct column_input *in,
	struct column_text *ret_text)
{
	(void)column;
	if (in->link == NULL || in->link->loss < 0.0) {
		set_dash(ret_text);
		return;
	}
	column_percent(in->link->high, ret_text->text, sizeof ret_text->text);
	ret_text->role = ROLE_NORMAL;
}

static void value_ms(const struct column *column, const struct column_input *in,
	struct column_text *ret_text)
{
	bool is_filled;
	const struct snap_stats *stats = column_cell_stats(column, in, &is_filled);

	if (stats == NULL || !stats->has_rtt) {
		set_dash(ret_text);
		return;
	}
	column_ms(*(const double *)(const void *)((const char *)stats + column->offset),
		ret_text->text, sizeof ret_text->text);
	ret_text->role = is_filled ? ROLE_DIM : ROLE_NORMAL;
}

static void value_count(const struct column *column, const struct column_input *in,
	struct column_text *ret_text)
{
	const struct snap_stats *stats = column_stats(column->source, in->hop);

	if (stats == NULL) {
		set_dash(ret_text);
		return;
	}
	set_count(*(const uint64_t *)(const void *)((const char *)stats + column->offset), ret_text);
}

static void value_drop(const struct column *column, const struct column_input *in,
	struct column_text *ret_text)
{
	const struct snap_stats *stats = column_stats(column->source, in->hop);

	if (stats == NULL) {
		set_dash(ret_text);
		return;
	}
	set_count(stats->dropped, ret_text);
}

static void set_word(const char *word, struct column_text *ret_text)
{
	if (word == NULL || word[0] == '\0') {
		set_dash(ret_text);
		return;
	}
	/* Longer than any column: where it is cut, the table says so. */
	utf8_clean(word, ret_text->text, sizeof ret_text->text);
	ret_text->role = ROLE_NORMAL;
}

static void value_decap(const struct column *column, const struct column_input *in,
	struct column_text *ret_text)
{
	(void)column;
	set_word(strcmp(in->hop->decap, "unknown") == 0 ? NULL : in->hop->decap, ret_text);
}

static void value_address(const struct column *column, const struct column_input *in,
	struct column_text *ret_text)
{
	(void)column;
	if (in->hop->address == NULL) {
		set_dash(ret_text);
		return;
	}
	(void)snprintf(ret_text->text, sizeof ret_text->text, "%.40s", in->hop->address);
	ret_text->role = ROLE_NORMAL;
}

static void value_interface(const struct column *column, const struct column_input *in,
	struct column_text *ret_text)
{
	(void)column;
	set_word(in->hop->interface.name != NULL ? in->hop->interface.name :
		port_type_name(in->hop->hints.port.type), ret_text);
}

static void value_place(const struct column *column, const struct column_input *in,
	struct column_text *ret_text)
{
	const struct place *place = &in->hop->place;
	char words[sizeof place->city + sizeof place->country + 1] = "";

	(void)column;
	if (place->kind != PLACE_NONE) {
		(void)snprintf(words, sizeof words, "%s %s", place->city, place->country);
	}
	set_word(words, ret_text);
}

static void value_role(const struct column *column, const struct column_input *in,
	struct column_text *ret_text)
{
	(void)column;
	set_word(router_role_name(in->hop->hints.role), ret_text);
}

static void value_as(const struct column *column, const struct column_input *in,
	struct column_text *ret_text)
{
	(void)column;
	if (in->hop->as.number == 0) {
		set_dash(ret_text);
		return;
	}
	(void)snprintf(ret_text->text, sizeof ret_text->text, "AS%" PRIu32, in->hop->as.number);
	ret_text->role = ROLE_NORMAL;
}

static void value_network(const struct column *column, const struct column_input *in,
	struct column_text *ret_text)
{
	(void)column;
	set_word(in->hop->as.name, ret_text);
}

static void value_registered(const struct column *column, const struct column_input *in,
	struct column_text *ret_text)
{
	set_word(snap_network_word(in->hop, (enum snap_network)column->offset), ret_text);
}

static void value_label(const struct column *column, const struct column_input *in,
	struct column_text *ret_text)
{
	size_t len = 0;

	(void)column;
	if (in->hop->mpls_count == 0) {
		set_dash(ret_text);
		return;
	}
	/* Eight of 20 bits take 64 bytes. */
	for (size_t i = 0; i < in->hop->mpls_count; i++) {
		len += (size_t)snprintf(ret_text->text + len, sizeof ret_text->text - len, "%s%" PRIu32,
			i > 0 ? " " : "", in->hop->mpls[i].label);
	}
	ret_text->role = ROLE_NORMAL;
}

#define AT(member) offsetof(struct snap_stats, member)
#define MS(key, of, head, wide, rank, field, text) {.letter = (key), .source = (of), \
	.heading = (head), .unit = N_("ms"), .meaning = (text), .width = (wide), .priority = (rank), \
	.offset = AT(field), .value = value_ms}
#define LOSS(key, of, head, wide, rank, field, fn, text) {.letter = (key), .source = (of), \
	.heading = (head), .unit = "%", .meaning = (text), .width = (wide), .priority = (rank), \
	.offset = AT(field), .value = (fn)}
#define COUNT(key, of, head, rank, field, fn, text) {.letter = (key), .source = (of), \
	.heading = (head), .unit = "", .meaning = (text), .width = 5, .priority = (rank), \
	.offset = AT(field), .value = (fn)}
#define WORD(key, head, wide, rank, fn, text) {.letter = (key), .heading = (head), .unit = "", \
	.meaning = (text), .is_left = true, .is_rare = true, .width = (wide), .priority = (rank), \
	.value = (fn)}

#define REGISTERED(key, head, wide, rank, what, text) {.letter = (key), .heading = (head), \
	.unit = "", .meaning = (text), .is_left = true, .is_rare = true, .width = (wide), \
	.priority = (rank), .offset = (what), .value = value_registered}

/* Small letters are of Through, capitals of To: those that mtr has are mtr's. */
static const struct column columns[] = {
	{.letter = COLUMN_NUMBER, .heading = N_("#"), .unit = "", .width = 3, .priority = 100,
		.value = value_number},
	{.letter = COLUMN_HOST, .heading = N_("Host"), .unit = "", .is_left = true, .width = 5,
		.priority = 99},
	LOSS('l', COLUMN_THROUGH, N_("Through%"), 8, 90, loss, value_loss,
		N_("loss of packets that went through the hop and back")),
	LOSS('e', COLUMN_THROUGH, N_("least"), 5, 34, low, value_bound,
		/* xgettext:no-c-format */
		N_("lower bound of the 95 % interval of that loss")),
	LOSS('t', COLUMN_THROUGH, N_("at most"), 7, 75, high, value_bound,
		/* xgettext:no-c-format */
		N_("upper bound of the 95 % interval of that loss: how bad it may be")),
	LOSS('u', COLUMN_THROUGH, N_("60 s%"), 5, 35, recent, value_recent,
		N_("that loss over the last minute")),
	LOSS('k', COLUMN_THROUGH, N_("Link%"), 5, 85, loss, value_link,
		N_("loss added by the link into the hop, both directions")),
	LOSS('K', COLUMN_THROUGH, N_("Link<"), 5, 36, high, value_link_most,
		/* xgettext:no-c-format */
		N_("upper bound of the 95 % interval of the link's loss")),
	MS('p', COLUMN_THROUGH, N_("p50"), 6, 70, p50_ms,
		N_("median round-trip time through the hop")),
	MS('q', COLUMN_THROUGH, N_("p95"), 6, 50, p95_ms,
		/* xgettext:no-c-format */
		N_("95 % of the round trips took at most this")),
	MS('z', COLUMN_THROUGH, N_("p99"), 6, 48, p99_ms,
		/* xgettext:no-c-format */
		N_("99 % took at most this")),
	MS('n', COLUMN_THROUGH, N_("last"), 6, 47, last_ms, N_("the last round trip through the hop")),
	MS('b', COLUMN_THROUGH, N_("best"), 6, 46, best_ms, N_("the fastest")),
	MS('a', COLUMN_THROUGH, N_("avg"), 6, 49, avg_ms, N_("their average")),
	MS('w', COLUMN_THROUGH, N_("wrst"), 6, 45, worst_ms, N_("the slowest")),
	MS('v', COLUMN_THROUGH, N_("stdev"), 6, 44, stddev_ms, N_("their standard deviation")),
	MS('g', COLUMN_THROUGH, N_("gmean"), 6, 23, gmean_ms, N_("their geometric mean")),
	MS('j', COLUMN_THROUGH, N_("Jit"), 5, 40, jitter_ms,
		N_("difference between the last two round trips")),
	MS('m', COLUMN_THROUGH, N_("JitAvg"), 6, 66, jitter_avg_ms,
		N_("average of those differences")),
	MS('x', COLUMN_THROUGH, N_("JitMax"), 6, 64, jitter_worst_ms,
		N_("the largest of those differences")),
	MS('i', COLUMN_THROUGH, N_("JitInt"), 6, 22, jitter_mtr_ms,
		N_("interarrival jitter as in mtr: 16 times RFC 3550's")),
	MS('f', COLUMN_THROUGH, N_("Jit3550"), 7, 21, jitter_rfc3550_ms,
		N_("interarrival jitter of RFC 3550")),
	COUNT('s', COLUMN_THROUGH, N_("Snt"), 30, sent, value_count, N_("probes sent")),
	COUNT('r', COLUMN_THROUGH, N_("rcv"), 19, received, value_count,
		N_("replies received")),
	COUNT('d', COLUMN_THROUGH, N_("drop"), 18, sent, value_drop, N_("probes lost")),
	COUNT('y', COLUMN_THROUGH, N_("late"), 17, late, value_count,
		N_("replies after the timeout")),
	{.letter = 'h', .source = COLUMN_THROUGH, .heading = N_("History"), .unit = "",
		.meaning = N_("the most recent rounds, newest on the right"), .is_left = true, .width = 8,
		.priority = 45},
	LOSS('L', COLUMN_TO, N_("To%"), 5, 80, loss, value_loss,
		N_("probes to the hop itself that it did not answer")),
	LOSS('E', COLUMN_TO, N_("To>"), 5, 14, low, value_bound, N_("lower bound, as above")),
	LOSS('T', COLUMN_TO, N_("To<"), 5, 15, high, value_bound, N_("upper bound, as above")),
	LOSS('U', COLUMN_TO, N_("To60s"), 5, 16, recent, value_recent, N_("over the last minute")),
	COUNT('S', COLUMN_TO, N_("ToSnt"), 60, sent, value_count, N_("probes to the hop itself")),
	COUNT('R', COLUMN_TO, N_("ToRcv"), 26, received, value_count, N_("its replies")),
	COUNT('D', COLUMN_TO, N_("ToDrp"), 28, sent, value_drop, N_("replies missing")),
	COUNT('Y', COLUMN_TO, N_("ToLat"), 13, late, value_count, N_("replies after the timeout")),
	MS('P', COLUMN_TO, N_("To50"), 6, 20, p50_ms,
		N_("median round-trip time of the hop's own replies")),
	MS('Q', COLUMN_TO, N_("To95"), 6, 12, p95_ms,
		/* xgettext:no-c-format */
		N_("95 % of them took at most this")),
	MS('Z', COLUMN_TO, N_("To99"), 6, 11, p99_ms,
		/* xgettext:no-c-format */
		N_("99 % of them took at most this")),
	MS('N', COLUMN_TO, N_("ToLast"), 6, 58, last_ms, N_("the last one")),
	MS('B', COLUMN_TO, N_("ToBest"), 6, 56, best_ms, N_("the fastest")),
	MS('A', COLUMN_TO, N_("ToAvg"), 6, 70, avg_ms, N_("their average")),
	MS('W', COLUMN_TO, N_("ToWrst"), 6, 54, worst_ms, N_("the slowest")),
	MS('V', COLUMN_TO, N_("ToSDev"), 6, 50, stddev_ms, N_("their standard deviation")),
	MS('G', COLUMN_TO, N_("ToGmn"), 6, 24, gmean_ms, N_("their geometric mean")),
	MS('J', COLUMN_TO, N_("ToJttr"), 6, 48, jitter_ms, N_("difference between the last two")),
	MS('M', COLUMN_TO, N_("ToJavg"), 6, 46, jitter_avg_ms, N_("average of the differences")),
	MS('X', COLUMN_TO, N_("ToJmax"), 6, 44, jitter_worst_ms, N_("the largest difference")),
	MS('I', COLUMN_TO, N_("ToJint"), 6, 42, jitter_mtr_ms, N_("interarrival jitter as in mtr")),
	MS('F', COLUMN_TO, N_("To3550"), 6, 10, jitter_rfc3550_ms, N_("as in RFC 3550")),
	{.letter = 'H', .source = COLUMN_TO, .heading = N_("ToHistory"), .unit = "",
		.meaning = N_("the most recent replies, newest on the right"), .is_left = true, .width = 8,
		.priority = 45},
	WORD('o', N_("Address"), 15, 38, value_address, N_("the hop's address")),
	WORD('c', N_("Decap"), 6, 37, value_decap,
		N_("whether it decapsulates: yes, no, or tested but silent")),
	WORD('O', N_("If"), 8, 33, value_interface,
		N_("ingress interface, as the hop reports it, or its name")),
	WORD('1', N_("Place"), 16, 43, value_place, N_("location of the hop, from its name")),
	WORD('2', N_("Role"), 8, 31, value_role, N_("role of the router, from its name")),
	WORD('3', N_("AS"), 8, 42, value_as, N_("AS of the hop's address (-z)")),
	WORD('4', N_("Network"), 12, 41, value_network, N_("name of the AS (-z)")),
	REGISTERED('5', N_("Prefix"), 18, 30, SNAP_NETWORK_PREFIX,
		N_("announced prefix of the address (-y 1)")),
	REGISTERED('6', N_("Country"), 7, 29, SNAP_NETWORK_COUNTRY,
		N_("country of registration of the prefix (-y 2)")),
	REGISTERED('7', N_("Registry"), 8, 28, SNAP_NETWORK_REGISTRY,
		N_("registry that allocated it (-y 3)")),
	REGISTERED('8', N_("Allocated"), 10, 27, SNAP_NETWORK_ALLOCATED,
		N_("date of allocation (-y 4)")),
	WORD('C', N_("Label"), 7, 32, value_label, N_("MPLS labels in its replies")),
};
#undef AT
#undef MS
#undef LOSS
#undef COUNT
#undef WORD
#undef REGISTERED

size_t column_count(void)
{
	return sizeof columns / sizeof columns[0];
}

const struct column *column_at(size_t index)
{
	return &columns[index];
}

const struct column *column_of(char letter)
{
	for (size_t i = 0; i < column_count(); i++) {
		if (columns[i].letter == letter) {
			return &columns[i];
		}
	}
	return NULL;
}

bool column_is_history(const struct column *column)
{
	return column->value == NULL && column->source != COLUMN_OF_HOP;
}

bool columns_are_known(const char *letters)
{
	for (; *letters != '\0'; letters++) {
		if (*letters != ' ' && (column_of(*letters) == NULL || *letters == COLUMN_NUMBER ||
		    *letters == COLUMN_HOST)) {
			return false;
		}
	}
	return true;
}
