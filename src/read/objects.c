/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/objects.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "read/json.h"
#include "read/words.h"

enum field {
	FIELD_REPORT, FIELD_ROW, FIELD_PROBE, FIELD_HOST, /* these open and close */
	FIELD_TARGET, FIELD_PROTOCOL, FIELD_STOP, FIELD_LAST_HOP, FIELD_HOP, FIELD_NAME,
	FIELD_ADDRESS, FIELD_AS, FIELD_MS, FIELD_NS, FIELD_US, FIELD_TRY, FIELD_SENT, FIELD_RECEIVED,
	FIELD_LOSS, FIELD_LAST, FIELD_AVG, FIELD_BEST, FIELD_WORST, FIELD_STDDEV, FIELD_LABEL,
	FIELD_ERROR, FIELD_ICMP_TYPE, FIELD_ICMP_CODE, FIELD_COUNT
};

static const double ASN_END = 4294967296.0; /* RFC 6793 */
static const double LABEL_END = 1 << 20; /* RFC 3032 */

/* The first that fits counts. A tool that is named here is known by that key. */
static const struct {
	const char *keys;
	enum field field;
	const char *tool;
} fields[] = {
	/* RIPE Atlas: https://atlas.ripe.net/docs/apis/result-format/ */
	{"result[].result[].icmpext.obj[].mpls[].label", FIELD_LABEL, NULL},
	{"result[].result[].from", FIELD_ADDRESS, NULL},
	{"result[].result[].rtt", FIELD_MS, NULL},
	{"result[].result[].err", FIELD_ERROR, NULL},
	{"result[].result[]", FIELD_PROBE, NULL},
	{"result[].hop", FIELD_HOP, "atlas"},
	{"result[]", FIELD_ROW, NULL},
	{"dst_name", FIELD_TARGET, NULL}, {"dst_addr", FIELD_TARGET, "atlas"},
	{"proto", FIELD_PROTOCOL, NULL},
	/* globalping */
	{"results[]", FIELD_REPORT, NULL},
	{"measurementOptions.protocol", FIELD_PROTOCOL, NULL},
	{"result.resolvedAddress", FIELD_TARGET, "globalping"},
	{"hops[].timings[].rtt", FIELD_MS, NULL}, {"hops[].timings[]", FIELD_PROBE, "globalping"},
	{"hops[].resolvedHostname", FIELD_NAME, NULL},
	{"hops[].resolvedAddress", FIELD_ADDRESS, "globalping"},
	{"hops[].asn[]", FIELD_AS, NULL},
	{"hops[].stats.total", FIELD_SENT, NULL}, {"hops[].stats.rcv", FIELD_RECEIVED, NULL},
	{"hops[].stats.loss", FIELD_LOSS, NULL}, {"hops[].stats.avg", FIELD_AVG, NULL},
	{"hops[].stats.min", FIELD_BEST, NULL}, {"hops[].stats.max", FIELD_WORST, NULL},
	{"hops[].stats.stDev", FIELD_STDDEV, NULL},
	/* trippy */
	{"info.target.hostname", FIELD_TARGET, NULL}, {"info.target.ip", FIELD_TARGET, "trippy"},
	{"hops[].hosts[].hostname", FIELD_NAME, NULL}, {"hops[].hosts[].ip", FIELD_ADDRESS, NULL},
	{"hops[].hosts[]", FIELD_HOST, NULL},
	{"hops[].extensions[].mpls.members[].label", FIELD_LABEL, NULL},
	{"hops[].loss_pct", FIELD_LOSS, "trippy"}, {"hops[].sent", FIELD_SENT, NULL},
	{"hops[].recv", FIELD_RECEIVED, NULL}, {"hops[].last", FIELD_LAST, NULL},
	{"hops[].avg", FIELD_AVG, NULL}, {"hops[].best", FIELD_BEST, NULL},
	{"hops[].worst", FIELD_WORST, NULL}, {"hops[].stddev", FIELD_STDDEV, NULL},
	/* nexttrace: a row is an array of replies */
	{"Hops[][].Address.IP", FIELD_ADDRESS, NULL}, {"Hops[][].Hostname", FIELD_NAME, NULL},
	{"Hops[][].TTL", FIELD_HOP, "nexttrace"}, {"Hops[][].RTT", FIELD_NS, NULL},
	{"Hops[][].Geo.asnumber", FIELD_AS, NULL}, {"Hops[][].MPLS[]", FIELD_LABEL, NULL},
	{"Hops[][]", FIELD_PROBE, NULL}, {"Hops[]", FIELD_ROW, NULL},
	/* scamper: a row is a reply */
	{"hops[].addr", FIELD_ADDRESS, NULL}, {"hops[].probe_ttl", FIELD_HOP, "scamper"},
	{"hops[].probe_id", FIELD_TRY, NULL}, {"hops[].icmp_type", FIELD_ICMP_TYPE, NULL},
	{"hops[].icmp_code", FIELD_ICMP_CODE, NULL},
	{"hops[].icmpext[].mpls_labels[].mpls_label", FIELD_LABEL, NULL},
	{"method", FIELD_PROTOCOL, NULL}, {"stop_reason", FIELD_STOP, NULL},
	{"hop_count", FIELD_LAST_HOP, "scamper"}, {"dst", FIELD_TARGET, NULL},
	/* dublin-traceroute: a list of replies for each flow */
	{"flows.*[].received.ip.src", FIELD_ADDRESS, NULL},
	{"flows.*[].received.icmp.type", FIELD_ICMP_TYPE, NULL},
	{"flows.*[].received.icmp.code", FIELD_ICMP_CODE, NULL},
	{"flows.*[].received.icmp.mpls_labels[].label", FIELD_LABEL, NULL},
	{"flows.*[].name", FIELD_NAME, NULL}, {"flows.*[].rtt_usec", FIELD_US, "dublin"},
	{"flows.*[].sent.ip.ttl", FIELD_HOP, NULL}, {"flows.*[].sent.ip.dst", FIELD_TARGET, NULL},
	{"flows.*[]", FIELD_ROW, NULL},
	/* traceroute's text that jc made JSON of, and what looks like it */
	{"destination_name", FIELD_TARGET, NULL}, {"destination_ip", FIELD_TARGET, NULL},
	{"hops[].probes[].ip", FIELD_ADDRESS, NULL}, {"hops[].probes[].name", FIELD_NAME, NULL},
	{"hops[].probes[].rtt", FIELD_MS, NULL}, {"hops[].probes[].asn", FIELD_AS, NULL},
	{"hops[].probes[]", FIELD_PROBE, NULL},
	{"hops[].hop", FIELD_HOP, NULL}, {"hops[].ttl", FIELD_HOP, NULL},
	{"hops[].ip", FIELD_ADDRESS, NULL}, {"hops[].hostname", FIELD_NAME, NULL},
	{"hops[].rtt", FIELD_MS, NULL},
	{"hops[]", FIELD_ROW, NULL},
	{"target", FIELD_TARGET, NULL},
};

/* What is told of one who answered, until all of it is there. */
struct answer {
	char name[128];
	struct addr address;
	uint32_t asn;
	double ms;
	bool is_open, has_ms;
	unsigned type, code;
	char error[8];
};

struct objects {
	struct read_text *text;
	struct read_report head; /* told before the rows of a report, or of all of them */
	struct read_report *report; /* NULL: none has begun */
	struct read_row row;
	struct answer of_row, of_probe;
	bool is_row, is_host;    /* of_probe is one more who answered, without a time */
	unsigned last_hop, tries;
	bool has_rows;
	size_t number, first;    /* of this line, and of that in which the report begins */
};

static bool take_text(struct word value, char *ret_text, size_t cap)
{
	size_t len = value.len < cap ? value.len : cap - 1;

	if (value.len == 0 || word_is(value, "null")) {
		return false;
	}
	memcpy(ret_text, value.at, len);
	ret_text[len] = '\0';
	return true;
}

static struct read_report *report_of(struct objects *objects)
{
	if (objects->report == NULL && objects->text->count < READ_REPORTS) {
		objects->report = &objects->text->report[objects->text->count++];
		*objects->report = objects->head;
		objects->report->first_line = objects->first;
		objects->report->last_line = objects->number;
	}
	return objects->report;
}

static void add_ms(struct read_row *row, const struct answer *answer, int host)
{
	if (answer->has_ms) {
		read_row_rtt(row, answer->ms, isnan(answer->ms) ? -1 : host);
	}
}

static void add_error(struct read_row *row, const struct answer *answer)
{
	if (answer->error[0] != '\0') {
		read_row_flag(row, answer->error, strlen(answer->error));
	} else {
		read_row_icmp(row, answer->type, answer->code);
	}
}

static int add_host(struct read_row *row, const struct answer *answer)
{
	struct addr same;
	struct word name = {answer->name, strlen(answer->name)};
	int host;

	/* A name that is the address again says nothing. */
	if (word_address(name, &same)) {
		name.len = 0;
	}
	host = read_row_host(row, name.at, name.len,
		addr_is_set(&answer->address) ? &answer->address : NULL);
	if (host >= 0 && answer->asn != 0) {
		row->host[host].asn = answer->asn;
	}
	return host;
}

static void close_probe(struct objects *objects)
{
	struct answer *probe = &objects->of_probe;
	int host = add_host(&objects->row, probe);

	if (!objects->is_host) {
		probe->has_ms = true;
		add_ms(&objects->row, probe, host);
	}
	add_error(&objects->row, probe);
	*probe = (struct answer){.ms = NAN};
}

/* Answers of one hop that came apart. */
static void merge(struct read_row *row, const struct read_row *more)
{
	int host[READ_HOSTS];

	for (size_t i = 0; i < more->host_count; i++) {
		const struct read_host *one = &more->host[i];

		host[i] = read_row_host(row, one->name, strlen(one->name),
			addr_is_set(&one->address) ? &one->address : NULL);
	}
	for (size_t i = 0; i < more->rtt_count; i++) {
		read_row_rtt(row, more->rtt_ms[i], more->rtt_host[i] < 0 ? -1 : host[more->rtt_host[i]]);
	}
	for (size_t i = 0; i < more->flag_count; i++) {
		read_row_flag(row, more->flag[i], strlen(more->flag[i]));
	}
}

/* One row for each hop. */
static void put_row(struct read_report *report, const struct read_row *row)
{
	size_t count = report->row_count;
	struct read_row *known = read_report_row(report, row->hop, row->line);

	if (known != NULL && report->row_count > count) {
		*known = *row;
	} else if (known != NULL) {
		merge(known, row);
	}
}

static size_t rtts_of(const struct read_report *report, unsigned hop)
{
	const struct read_row *last = report == NULL || report->row_count == 0 ? NULL :
		&report->row[report->row_count - 1];

	return last == NULL || last->hop != hop ? 0 : last->rtt_count;
}

static void close_row(struct objects *objects)
{
	struct read_report *report = report_of(objects);
	struct answer *answer = &objects->of_row;
	struct read_row *row = &objects->row;
	int host = add_host(row, answer);

	objects->is_row = false;
	/* What was tried before, and of what no row tells, got no reply. Some count tries from 1. */
	for (size_t k = rtts_of(report, row->hop) + 1; k < objects->tries; k++) {
		read_row_rtt(row, NAN, -1);
	}
	add_ms(row, answer, host);
	add_error(row, answer);
	for (size_t i = 0; i < row->rtt_count; i++) {
		if (row->rtt_host[i] < 0 && !isnan(row->rtt_ms[i]) && row->host_count > 0) {
			row->rtt_host[i] = 0;
		}
	}
	if (report != NULL && row->hop > 0) {
		put_row(report, row);
		report->last_line = objects->number;
		objects->has_rows = objects->has_rows || row->rtt_count > 0 || row->flag_count > 0 ||
			!isnan(row->loss);
	}
}

/* Of hops that only their number tells nobody replied. */
static void close_report(struct objects *objects)
{
	struct read_report *report = objects->report;

	for (unsigned hop = 1; report != NULL && hop <= objects->last_hop && hop < READ_ROWS; hop++) {
		size_t count = report->row_count;
		struct read_row *row = read_report_row(report, hop, report->last_line);

		if (row != NULL && report->row_count > count) {
			read_row_rtt(row, NAN, -1);
		}
	}
	objects->report = NULL;
	objects->last_hop = 0;
}

static void open_field(struct objects *objects, enum field field)
{
	const struct read_report *report = objects->report;

	if (field == FIELD_REPORT) {
		close_report(objects);
		objects->first = objects->number;
	} else if (field == FIELD_ROW) {
		unsigned hop = report == NULL || report->row_count == 0 ? 1 :
			report->row[report->row_count - 1].hop + 1;

		objects->row = read_row_of(hop, objects->number);
		objects->of_row = objects->of_probe = (struct answer){.ms = NAN};
		objects->tries = 0;
		objects->is_row = true;
	} else if (objects->is_row) {
		objects->of_probe = (struct answer){.ms = NAN, .is_open = true};
		objects->is_host = field == FIELD_HOST;
	}
}

static void close_field(struct objects *objects, enum field field)
{
	if (field == FIELD_REPORT) {
		close_report(objects);
	} else if (field == FIELD_ROW && objects->is_row) {
		close_row(objects);
	} else if (objects->is_row && objects->of_probe.is_open) {
		close_probe(objects);
	}
}

static void set_target(struct read_report *report, struct word value)
{
	struct addr address;

	if (word_address(value, &address)) {
		report->target = address;
	}
	if (report->target_name[0] == '\0' || !word_address(value, &address)) {
		(void)take_text(value, report->target_name, sizeof report->target_name);
	}
}

static void set_protocol(struct read_report *report, struct word value)
{
	static const char *const known[] = {"icmp", "udp", "tcp"};

	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		value.len = value.len < strlen(known[i]) ? value.len : strlen(known[i]);
		if (word_is(value, known[i])) {
			(void)snprintf(report->protocol, sizeof report->protocol, "%s", known[i]);
		}
	}
}

/* 24001, "[MPLS: Lbl 24001, TC 0, S 1, TTL 1]". */
static void add_label(struct read_row *row, struct word value)
{
	const char *end = value.at + value.len, *at = value.at;
	double label;

	while (at < end && (*at < '0' || *at > '9')) {
		at++;
	}
	if (row->label_count < READ_LABELS && number_read(at, end, &label) != NULL &&
	    label < LABEL_END) {
		row->label[row->label_count++] = (uint32_t)label;
	}
}

static void set_number(struct objects *objects, enum field field, double number)
{
	static const size_t columns[FIELD_COUNT] = {
		[FIELD_SENT] = offsetof(struct read_row, sent),
		[FIELD_RECEIVED] = offsetof(struct read_row, received),
		[FIELD_LAST] = offsetof(struct read_row, last_ms),
		[FIELD_AVG] = offsetof(struct read_row, avg_ms),
		[FIELD_BEST] = offsetof(struct read_row, best_ms),
		[FIELD_WORST] = offsetof(struct read_row, worst_ms),
		[FIELD_STDDEV] = offsetof(struct read_row, stddev_ms)};
	static const double units[FIELD_COUNT] = {[FIELD_MS] = 1, [FIELD_US] = 1e3, [FIELD_NS] = 1e6};
	struct read_row *row = &objects->row;
	struct answer *answer = objects->of_probe.is_open ? &objects->of_probe : &objects->of_row;
	unsigned small = number < 256 ? (unsigned)number : 255;

	if (columns[field] > 0) {
		*(double *)(void *)((char *)row + columns[field]) = number;
	} else if (units[field] > 0) {
		answer->has_ms = true;
		/* Those who count finer write 0 where nobody replied. */
		answer->ms = number > 0 || units[field] <= 1 ? number / units[field] : NAN;
	} else if (field == FIELD_LOSS) {
		row->loss = number / 100;
	} else if (field == FIELD_HOP) {
		row->hop = small;
	} else if (field == FIELD_TRY) {
		objects->tries = small;
	} else if (field == FIELD_AS) {
		answer->asn = number < ASN_END ? (uint32_t)number : 0;
	} else if (field == FIELD_ICMP_TYPE) {
		answer->type = small;
	} else if (field == FIELD_ICMP_CODE) {
		answer->code = small;
	}
}

static void set_error(struct answer *answer, struct word value)
{
	answer->error[0] = '!';
	if (!take_text(value, answer->error + 1, sizeof answer->error - 1)) {
		answer->error[0] = '\0';
	}
}

static void set_row(struct objects *objects, enum field field, struct word value)
{
	struct answer *answer = objects->of_probe.is_open ? &objects->of_probe : &objects->of_row;
	double number;

	if (field == FIELD_NAME) {
		(void)take_text(value, answer->name, sizeof answer->name);
	} else if (field == FIELD_ADDRESS) {
		(void)word_address(value, &answer->address);
	} else if (field == FIELD_ERROR) {
		set_error(answer, value);
	} else if (field == FIELD_LABEL) {
		add_label(&objects->row, value);
	} else if (number_read(value.at, value.at + value.len, &number) != NULL) {
		set_number(objects, field, number);
	}
}

static void set_field(struct objects *objects, enum field field, struct word value)
{
	struct read_report *report = objects->report != NULL ? objects->report : &objects->head;
	unsigned number = 0;

	if (field == FIELD_TARGET) {
		set_target(report, value);
	} else if (field == FIELD_PROTOCOL) {
		set_protocol(report, value);
	} else if (field == FIELD_STOP) {
		report->is_finished = word_is(value, "COMPLETED");
		report->says_end = true;
	} else if (field == FIELD_LAST_HOP) {
		objects->last_hop = word_count(value, &number) ? number : 0;
	} else if (objects->is_row) {
		set_row(objects, field, value);
	}
}

static void take_event(struct objects *objects, const struct json *json, enum json_event event)
{
	struct read_report *report = objects->report != NULL ? objects->report : &objects->head;
	size_t i = 0;

	/* One of many results in one array. */
	if (event == JSON_OPEN && !json->is_array && strcmp(json->path, "[]") == 0) {
		close_report(objects);
		objects->head = (struct read_report){.first_line = 0};
		objects->first = objects->number;
	}
	while (i < sizeof fields / sizeof fields[0] && ((event == JSON_VALUE) !=
	       (fields[i].field > FIELD_HOST) || !json_is(json, fields[i].keys))) {
		i++;
	}
	if (i == sizeof fields / sizeof fields[0]) {
		return;
	}
	if (fields[i].tool != NULL && report->tool[0] == '\0') {
		(void)snprintf(report->tool, sizeof report->tool, "%s", fields[i].tool);
		(void)snprintf(report->format, sizeof report->format, "json");
	}
	if (event == JSON_VALUE) {
		set_field(objects, fields[i].field, json->value);
	} else if (event == JSON_OPEN) {
		open_field(objects, fields[i].field);
	} else {
		close_field(objects, fields[i].field);
	}
}

size_t objects_read(const struct clean_lines *lines, size_t i, struct read_text *text,
	size_t *ret_next)
{
	struct objects objects = {.text = text, .first = lines->line[i].number};
	size_t count = text->count;
	struct json json;
	enum json_event event;

	json_init(&json, lines, i);
	while ((event = json_next(&json)) <= JSON_VALUE) {
		objects.number = lines->line[json.line].number;
		take_event(&objects, &json, event);
	}
	if (event != JSON_OVER && objects.report != NULL) {
		objects.report->is_cut = true;
	}
	close_report(&objects);
	*ret_next = json.line > i ? json.line : i + 1;
	if (objects.has_rows) {
		return json.line - i + (event != JSON_BROKEN || json.line == i);
	}
	while (text->count > count) {
		free(text->report[--text->count].row);
	}
	return 0;
}
