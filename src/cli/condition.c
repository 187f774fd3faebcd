/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/condition.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "diag/diag.h"

enum unit {
	UNIT_RATIO,
	UNIT_TIME,
	UNIT_FINDING
};

enum subject {
	SUBJECT_HOP,
	SUBJECT_TO,              /* by a hop's own answers */
	SUBJECT_LINK,
	SUBJECT_FINDING
};

struct what {
	const char *name;
	enum unit unit;
	enum subject subject;
	size_t offset;           /* of the double, in snap_stats or snap_link */
	enum snap_severity least; /* of findings */
};

#define STATS(member) offsetof(struct snap_stats, member)
#define LINK(member) offsetof(struct snap_link, member)

static const struct what whats[] = {
	{"loss", UNIT_RATIO, SUBJECT_HOP, STATS(loss), 0},
	{"loss-low", UNIT_RATIO, SUBJECT_HOP, STATS(low), 0},
	{"loss-high", UNIT_RATIO, SUBJECT_HOP, STATS(high), 0},
	{"loss-recent", UNIT_RATIO, SUBJECT_HOP, STATS(recent), 0},
	{"best", UNIT_TIME, SUBJECT_HOP, STATS(best_ms), 0},
	{"avg", UNIT_TIME, SUBJECT_HOP, STATS(avg_ms), 0},
	{"worst", UNIT_TIME, SUBJECT_HOP, STATS(worst_ms), 0},
	{"p50", UNIT_TIME, SUBJECT_HOP, STATS(p50_ms), 0},
	{"p95", UNIT_TIME, SUBJECT_HOP, STATS(p95_ms), 0},
	{"p99", UNIT_TIME, SUBJECT_HOP, STATS(p99_ms), 0},
	{"jitter", UNIT_TIME, SUBJECT_HOP, STATS(jitter_avg_ms), 0},
	{"to-loss", UNIT_RATIO, SUBJECT_TO, STATS(loss), 0},
	{"to-avg", UNIT_TIME, SUBJECT_TO, STATS(avg_ms), 0},
	{"link-loss", UNIT_RATIO, SUBJECT_LINK, LINK(loss), 0},
	{"link-loss-low", UNIT_RATIO, SUBJECT_LINK, LINK(low), 0},
	{"link-rtt", UNIT_TIME, SUBJECT_LINK, LINK(rtt_added_ms), 0},
	{"finding", UNIT_FINDING, SUBJECT_FINDING, 0, SNAP_INFO},
	{"warning", UNIT_FINDING, SUBJECT_FINDING, 0, SNAP_WARNING},
	{"alarm", UNIT_FINDING, SUBJECT_FINDING, 0, SNAP_ALARM},
};

enum { WHAT_COUNT = sizeof whats / sizeof whats[0] };

static bool parse_where(const char *text, struct condition *condition)
{
	char *end;

	if (strcmp(text, "any") == 0) {
		return true;
	}
	if (strcmp(text, "end") == 0) {
		condition->is_end = true;
		return true;
	}
	if (text[0] >= '0' && text[0] <= '9') {
		unsigned long hop = strtoul(text, &end, 10);

		if (*end == '\0') {
			condition->hop = hop <= 255 ? (unsigned)hop : 0;
			return condition->hop != 0;
		}
	}
	(void)snprintf(condition->where, sizeof condition->where, "%s", text);
	return text[0] != '\0';
}

/* "1%", "0.01", "80ms", "80": of times, milliseconds. */
static bool parse_value(const char *text, enum unit unit, double *ret_value)
{
	static const struct {
		const char *name;
		enum unit unit;
		double factor;
	} units[] = {{"", UNIT_RATIO, 1}, {"%", UNIT_RATIO, 0.01}, {"", UNIT_TIME, 1},
		{"ms", UNIT_TIME, 1}, {"us", UNIT_TIME, 1e-3}, {"s", UNIT_TIME, 1e3}};
	char *end;
	double value;

	if ((text[0] < '0' || text[0] > '9') && text[0] != '.') {
		return false;
	}
	value = strtod(text, &end);
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
		if (units[i].unit == unit && strcmp(units[i].name, end) == 0) {
			*ret_value = value * units[i].factor;
			return isfinite(*ret_value) && (unit != UNIT_RATIO || *ret_value <= 1);
		}
	}
	return false;
}

static bool find_what(const char *name, size_t len, struct condition *condition)
{
	for (unsigned i = 0; i < WHAT_COUNT; i++) {
		if (strlen(whats[i].name) == len && memcmp(whats[i].name, name, len) == 0) {
			condition->what = i;
			return true;
		}
	}
	return false;
}

static bool is_finding(const char *name)
{
	for (int id = 0; id < FINDING_ID_COUNT; id++) {
		if (strcmp(finding_name((enum finding_id)id), name) == 0) {
			return true;
		}
	}
	return false;
}

/* Takes the word apart. */
static bool parse_one(char *word, struct condition *condition)
{
	char *where = strchr(word, '@'), *value;
	enum unit unit;
	size_t len;

	if (where != NULL) {
		*where++ = '\0';
		if (!parse_where(where, condition)) {
			return false;
		}
	}
	len = strcspn(word, "<>=");
	if (!find_what(word, len, condition)) {
		return false;
	}
	unit = whats[condition->what].unit;
	value = word + len;
	if (unit == UNIT_FINDING) {
		bool has_id = value[0] == '=' && whats[condition->what].least == SNAP_INFO &&
			is_finding(value + 1);

		(void)snprintf(condition->id, sizeof condition->id, "%s", has_id ? value + 1 : "");
		return has_id || value[0] == '\0';
	}
	condition->is_above = value[0] == '>';
	condition->is_equal_met = value[0] != '\0' && value[1] == '=';
	/* Nobody loses more than all: loss>1 was meant as loss>1%. */
	return (value[0] == '>' || value[0] == '<') &&
	       parse_value(value + (condition->is_equal_met ? 2 : 1), unit, &condition->value) &&
	       !(unit == UNIT_RATIO && condition->is_above && !condition->is_equal_met &&
	         condition->value >= 1);
}

bool conditions_parse(struct conditions *conditions, const char *text, struct err *err)
{
	while (*text != '\0') {
		size_t len = strcspn(text, ",");
		struct condition condition = {0};
		char word[CONDITION_WORD];

		if (conditions->count == CONDITIONS_MAX) {
			return err_set(err, ERR_USAGE, "--fail-if takes at most %d conditions",
				CONDITIONS_MAX);
		}
		(void)snprintf(word, sizeof word, "%.*s", (int)len, text);
		if (len >= sizeof word || !parse_one(word, &condition)) {
			return err_set(err, ERR_USAGE, "--fail-if takes conditions like loss>1%%@any, "
				"p95>80ms@end or alarm (the manual lists them), not '%.*s'",
				len < 60 ? (int)len : 60, text);
		}
		conditions->list[conditions->count++] = condition;
		text += len;
		text += *text == ',';
	}
	return conditions->count > 0 || err_set(err, ERR_USAGE, "--fail-if is empty");
}

static bool is_there(const struct condition *condition, const struct snap_hop *hop)
{
	if (condition->is_end) {
		return hop->is_end;
	}
	if (condition->hop != 0) {
		return hop->hop == condition->hop;
	}
	if (condition->where[0] == '\0') {
		return true;
	}
	for (size_t i = 0; i < hop->address_count; i++) {
		if (strcmp(hop->addresses[i], condition->where) == 0) {
			return true;
		}
	}
	return (hop->address != NULL && strcmp(hop->address, condition->where) == 0) ||
	       (hop->name != NULL && strcmp(hop->name, condition->where) == 0);
}

static bool is_beyond(const struct condition *condition, double value)
{
	if (value == SNAP_UNKNOWN) {
		return false;
	}
	return (condition->is_equal_met && value == condition->value) ||
	       (condition->is_above ? value > condition->value : value < condition->value);
}

static void say(const struct condition *condition, const char *subject, unsigned number,
	double value, struct strbuf *why)
{
	const struct what *what = &whats[condition->what];

	strbuf_printf(why, "%s %u: %s ", subject, number, what->name);
	if (what->unit == UNIT_RATIO) {
		strbuf_printf(why, "%.2f %%", 100 * value);
	} else {
		strbuf_printf(why, "%.3f ms", value);
	}
}

/* An end that never answered has lost all, whoever answers at its place. That it will lose as much
 * is another thing, which loss-low says. */
static double value_of(const struct what *what, const struct snap_hop *hop,
	const struct snap_stats *stats)
{
	const void *at = (const char *)stats + what->offset;

	return hop->is_end_silent && what->unit == UNIT_RATIO && what->offset != STATS(low) ? 1 :
		*(const double *)at;
}

/* Losses count from the first probe, times from the first answer. */
static bool is_hop_beyond(const struct condition *condition, const struct snap_hop *hop,
	struct strbuf *why)
{
	const struct what *what = &whats[condition->what];
	bool is_to = what->subject == SUBJECT_TO ||
		(hop->is_end && (!hop->through.is_on || hop->through.resolved == 0));
	const struct snap_stats *stats = is_to ? &hop->to : &hop->through;
	double value = value_of(what, hop, stats);

	if (!stats->is_on || stats->resolved == 0 || (what->unit == UNIT_TIME && !stats->has_rtt) ||
	    !is_beyond(condition, value)) {
		return false;
	}
	say(condition, _("hop"), hop->hop, value, why);
	return true;
}

static bool is_link_beyond(const struct condition *condition, const struct snap_link *link,
	struct strbuf *why)
{
	const void *at = (const char *)link + whats[condition->what].offset;
	double value = *(const double *)at;

	if (link->loss < 0 || !is_beyond(condition, value)) {
		return false;
	}
	say(condition, _("link"), link->link, value, why);
	return true;
}

static const struct snap_hop *hop_of(const struct snapshot *snap, unsigned hop)
{
	for (size_t i = 0; i < snap->hop_count; i++) {
		if (snap->hops[i].hop == hop) {
			return &snap->hops[i];
		}
	}
	return NULL;
}

/* One of no hop is about the whole path, one of hop 0 about this host. */
static bool is_about(const struct condition *condition, const struct snapshot *snap,
	const struct snap_finding *finding)
{
	if (finding->hop_count == 0 || (finding->hop_count == 1 && finding->hops[0] == 0)) {
		return condition->hop == 0 && !condition->is_end && condition->where[0] == '\0';
	}
	for (size_t i = 0; i < finding->hop_count; i++) {
		const struct snap_hop *hop = hop_of(snap, finding->hops[i]);

		if (hop != NULL && is_there(condition, hop)) {
			return true;
		}
	}
	return false;
}

static bool is_found(const struct condition *condition, const struct snapshot *snap,
	struct strbuf *why)
{
	for (size_t i = 0; i < snap->finding_count; i++) {
		const struct snap_finding *finding = &snap->findings[i];

		if (finding->is_active && finding->severity >= whats[condition->what].least &&
		    (condition->id[0] == '\0' || strcmp(condition->id, finding->id) == 0) &&
		    is_about(condition, snap, finding)) {
			strbuf_printf(why, "%s: %s", finding->id, finding->text);
			return true;
		}
	}
	return false;
}

static bool is_met(const struct condition *condition, const struct snapshot *snap,
	struct strbuf *why)
{
	enum subject subject = whats[condition->what].subject;

	if (subject == SUBJECT_FINDING) {
		return is_found(condition, snap, why);
	}
	for (size_t i = 0; subject == SUBJECT_LINK && i < snap->link_count; i++) {
		const struct snap_hop *hop = hop_of(snap, snap->links[i].link);

		if (hop != NULL && is_there(condition, hop) &&
		    is_link_beyond(condition, &snap->links[i], why)) {
			return true;
		}
	}
	for (size_t i = 0; subject != SUBJECT_LINK && i < snap->hop_count; i++) {
		if (is_there(condition, &snap->hops[i]) &&
		    is_hop_beyond(condition, &snap->hops[i], why)) {
			return true;
		}
	}
	return false;
}

bool conditions_met(const struct conditions *conditions, const struct snapshot *snap,
	struct strbuf *ret_why)
{
	for (size_t i = 0; i < conditions->count; i++) {
		if (is_met(&conditions->list[i], snap, ret_why)) {
			return true;
		}
	}
	return false;
}

bool conditions_are_amiss(const struct conditions *conditions, const struct snapshot *snap,
	struct strbuf *ret_hop)
{
	for (size_t i = 0; i < conditions->count; i++) {
		const struct condition *condition = &conditions->list[i];
		bool is_amiss = condition->hop != 0 || condition->where[0] != '\0';

		for (size_t k = 0; is_amiss && k < snap->hop_count; k++) {
			is_amiss = !is_there(condition, &snap->hops[k]);
		}
		if (is_amiss && condition->hop != 0) {
			strbuf_printf(ret_hop, "%u", condition->hop);
		} else if (is_amiss) {
			strbuf_puts(ret_hop, condition->where);
		}
		if (is_amiss) {
			return true;
		}
	}
	return false;
}
