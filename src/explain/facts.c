/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "explain/facts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/i18n.h"
#include "base/utf8.h"
#include "names/hostname.h"
#include "names/trail.h"

enum { HOP_LIMIT = 30 }; /* of most programs, where they do not say */

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void count_times(struct fact *fact)
{
	const struct read_row *row = fact->row;
	double ms[READ_RTTS];
	size_t count = 0;

	for (size_t i = 0; i < row->rtt_count; i++) {
		if (!isnan(row->rtt_ms[i])) {
			ms[count++] = row->rtt_ms[i];
		}
	}
	if (row->rtt_count > 0) {
		fact->sent = (double)row->rtt_count;
		fact->lost = (double)(row->rtt_count - count);
		fact->loss = fact->lost / fact->sent;
	}
	if (count > 0) {
		qsort(ms, count, sizeof ms[0], by_value);
		fact->ms = count % 2 == 1 ? ms[count / 2] : (ms[count / 2 - 1] + ms[count / 2]) / 2;
		fact->spread_ms = ms[count - 1] - ms[0];
	}
}

static void count_table(struct fact *fact)
{
	const struct read_row *row = fact->row;

	fact->sent = row->sent;
	fact->loss = row->loss;
	if (!isnan(row->sent) && !isnan(row->received)) {
		fact->lost = row->sent - row->received;
		fact->loss = row->sent > 0 ? fact->lost / row->sent : NAN;
	} else if (!isnan(row->sent) && !isnan(row->loss)) {
		fact->lost = round(row->sent * row->loss);
	}
	/* Before its first answer mtr knows no times, and writes noughts. */
	if (fact->loss < 1 && (row->host_count > 0 || row->avg_ms > 0)) {
		fact->ms = !isnan(row->avg_ms) ? row->avg_ms : row->best_ms;
		fact->spread_ms = row->worst_ms - row->best_ms;
	}
}

/* RFC 6762, appendix G, RFC 8375 and what home routers call themselves: no public name ends so. */
static bool is_home_name(const struct read_host *host)
{
	static const char *const ends[] = {".lan", ".local", ".home", ".internal", ".intranet",
		".private", ".home.arpa", ".localdomain", "fritz.box", "_gateway"};
	size_t len = strlen(host->name);

	for (size_t i = 0; !addr_is_set(&host->address) && i < sizeof ends / sizeof ends[0]; i++) {
		size_t end = strlen(ends[i]);

		if (len >= end && strcasecmp(host->name + len - end, ends[i]) == 0) {
			return true;
		}
	}
	return false;
}

bool facts_is_private(const struct addr *address)
{
	return address->family == ADDR_V6 ? (address->byte[0] & 0xfe) == 0xfc ||
		addr_is_link_local(address) || addr_is_loopback(address) :
		address->family == ADDR_V4 && (address->byte[0] == 10 ||
		(address->byte[0] == 172 && (address->byte[1] & 0xf0) == 16) ||
		(address->byte[0] == 192 && address->byte[1] == 168) ||
		addr_is_link_local(address) || addr_is_loopback(address));
}

bool facts_is_shared(const struct addr *address)
{
	return address->family == ADDR_V4 && address->byte[0] == 100 &&
	       (address->byte[1] & 0xc0) == 64;
}

static void learn(struct fact *fact, const struct table *names)
{
	const struct read_row *row = fact->row;

	*fact = (struct fact){.row = row, .ms = NAN, .spread_ms = NAN, .sent = NAN, .lost = NAN,
		.loss = NAN, .floor_ms = NAN, .floor_loss = NAN};
	if (!isnan(row->loss) || !isnan(row->sent)) {
		count_table(fact);
		if (row->rtt_count > 0 && isnan(fact->ms)) {
			struct fact times = {.row = row, .ms = NAN, .spread_ms = NAN};

			count_times(&times);
			fact->ms = times.ms;
		}
	} else {
		count_times(fact);
	}
	fact->is_answered = !isnan(fact->ms) || row->flag_count > 0 ||
		(row->host_count > 0 && row->rtt_count == 0 && !(fact->loss >= 1));
	for (size_t i = 0; i < row->host_count; i++) {
		const struct addr *address = &row->host[i].address;

		fact->is_shared = fact->is_shared || facts_is_shared(address);
		fact->is_private = fact->is_private || facts_is_private(address);
	}
	if (row->host_count > 0 && row->host[0].name[0] != '\0') {
		fact->is_private = fact->is_private || is_home_name(&row->host[0]);
		hostname_read(names, row->host[0].name, &fact->hints);
	}
}

static void find_places(struct facts *facts, const struct table *names)
{
	const char *name[PLACE_STEPS_MAX] = {NULL};
	struct place_step step[PLACE_STEPS_MAX];
	const struct place *chosen[PLACE_STEPS_MAX];
	struct hints hints[PLACE_STEPS_MAX];
	size_t count = facts->count < PLACE_STEPS_MAX ? facts->count : PLACE_STEPS_MAX;

	for (size_t i = 0; i < count; i++) {
		const struct read_row *row = facts->fact[i].row;

		name[i] = row->host_count > 0 && row->host[0].name[0] != '\0' ? row->host[0].name : NULL;
		hints[i] = facts->fact[i].hints;
	}
	trail_learn(names, name, count, hints);
	for (size_t i = 0; i < count; i++) {
		const struct fact *fact = &facts->fact[i];

		facts->fact[i].hints = hints[i];
		step[i] = (struct place_step){.hints = name[i] == NULL ? NULL : &facts->fact[i].hints,
			.best_rtt = isnan(fact->ms) ? NS_NEVER : (ns_t)(fact->ms * 1e6)};
		if (!isnan(fact->row->best_ms) && fact->is_answered && fact->row->best_ms > 0) {
			step[i].best_rtt = (ns_t)(fact->row->best_ms * 1e6);
		}
	}
	place_choose((struct spot){false, 0, 0}, step, count, chosen);
	for (size_t i = 0; i < count; i++) {
		facts->fact[i].place = chosen[i];
	}
}

static void find_floors(struct facts *facts)
{
	double ms = NAN, loss = NAN, lost = NAN;

	for (size_t i = facts->count; i-- > 0;) {
		struct fact *fact = &facts->fact[i];

		if (!isnan(fact->ms) && !(fact->ms >= ms)) {
			ms = fact->ms;
		}
		if (fact->is_answered && !isnan(fact->loss) && !(fact->loss >= loss)) {
			loss = fact->loss;
			lost = fact->lost;
		}
		fact->floor_ms = ms;
		fact->floor_loss = loss;
		fact->floor_lost = lost;
	}
}

static bool is_target(const struct read_report *report, const struct read_row *row)
{
	for (size_t i = 0; i < row->host_count; i++) {
		if ((addr_is_set(&report->target) && addr_equal(&row->host[i].address, &report->target)) ||
		    (report->target_name[0] != '\0' &&
		     strcasecmp(row->host[i].name, report->target_name) == 0)) {
			return true;
		}
	}
	return false;
}

/* It was there twice before, with others between: it is no end. */
static bool comes_again(const struct facts *facts, size_t i)
{
	unsigned times = 0;

	for (size_t k = 0; k + 1 < i; k++) {
		times += facts_same_host(&facts->fact[k], &facts->fact[i]) &&
			!facts_same_host(&facts->fact[k + 1], &facts->fact[i]);
	}
	return times >= 2;
}

/* A row of a table without numbers, or without a count where rows before it have one. */
static bool is_torn(const struct read_row *row, bool has_counts)
{
	return isnan(row->sent) && row->flag_count == 0 &&
	       (has_counts || (isnan(row->loss) && row->rtt_count == 0));
}

static void find_end(struct facts *facts)
{
	const struct read_report *report = facts->report;
	const struct fact *last;
	bool has_counts = false;

	for (size_t i = 0; i < facts->count; i++) {
		struct fact *fact = &facts->fact[i];

		fact->is_answered = fact->is_answered &&
			!(facts->is_table && is_torn(fact->row, has_counts));
		has_counts = has_counts || !isnan(fact->row->sent);
		if (fact->is_answered) {
			facts->first = facts->first == 0 ? i + 1 : facts->first;
			facts->last = i + 1;
		}
		facts->has_errors = facts->has_errors || fact->row->flag_count > 0;
		facts->rounds = fmax(facts->rounds, isnan(fact->sent) ? 0 : fact->sent);
		facts->is_table = facts->is_table || !isnan(fact->row->sent) || !isnan(fact->row->loss);
	}
	facts->silent_tail = facts->count - facts->last;
	if (facts->last == 0 || facts->silent_tail > 0) {
		return;
	}
	last = &facts->fact[facts->last - 1];
	if (report->says_end || report->is_end_silent) {
		facts->has_end = report->is_finished;
		return;
	}
	if (is_target(report, last->row)) {
		facts->has_end = true;
		return;
	}
	/* Without a head, or where the target's address was lost or masked: what answered last, unless
	 * it was cut, or the hop limit came first. One row of a table may be all that was pasted. */
	facts->has_end = !report->is_cut && !(facts->count == 1 && facts->is_table) &&
		last->row->hop != (report->hop_limit > 0 ? report->hop_limit : HOP_LIMIT) &&
		!comes_again(facts, facts->last - 1) &&
		(!addr_is_set(&report->target) || report->is_finished || facts->is_table ||
		 last->row->host_count == 0 || !addr_is_set(&last->row->host[0].address));
}

void facts_of(const struct read_report *report, size_t index, const struct table *names,
	struct facts *ret_facts)
{
	*ret_facts = (struct facts){.report = report, .index = index, .count = report->row_count};
	for (size_t i = 0; i < report->row_count; i++) {
		ret_facts->fact[i].row = &report->row[i];
		learn(&ret_facts->fact[i], names);
	}
	find_end(ret_facts);
	find_floors(ret_facts);
	find_places(ret_facts, names);
}

bool facts_same_host(const struct fact *a, const struct fact *b)
{
	for (size_t i = 0; i < a->row->host_count; i++) {
		for (size_t k = 0; k < b->row->host_count; k++) {
			const struct read_host *x = &a->row->host[i], *y = &b->row->host[k];

			if (addr_is_set(&x->address) ? addr_equal(&x->address, &y->address) :
			    !addr_is_set(&y->address) && x->name[0] != '\0' && strpbrk(x->name, "*") == NULL &&
			    strcmp(x->name, y->name) == 0) {
				return true;
			}
		}
	}
	return false;
}

bool facts_scatters(const struct fact *fact)
{
	static const double SPREAD_MS = 100, MEAN_MS = 15;

	return fact->spread_ms >= SPREAD_MS && (isnan(fact->row->avg_ms) ||
		!(fact->row->avg_ms - fact->row->best_ms < MEAN_MS));
}

size_t facts_before(const struct facts *facts, size_t i)
{
	while (i-- > 0) {
		if (!isnan(facts->fact[i].ms)) {
			return i;
		}
	}
	return facts->count;
}

const char *facts_name(const struct fact *fact, char ret_text[64])
{
	char address[ADDR_TEXT_MAX] = "";

	(void)snprintf(ret_text, 64, "%s", _("this router"));
	if (fact->row->host_count > 0) {
		const struct read_host *host = &fact->row->host[0];

		utf8_clean(host->name[0] != '\0' ? host->name : addr_format(&host->address, address),
			ret_text, 64);
	}
	return ret_text;
}

const char *facts_label(const struct fact *fact, unsigned hop, char ret_text[80])
{
	char name[64];

	if (fact->row->host_count > 0) {
		(void)snprintf(ret_text, 80, "%u (%s)", hop, facts_name(fact, name));
	} else {
		(void)snprintf(ret_text, 80, "%u", hop);
	}
	return ret_text;
}

const struct addr *facts_target(const struct facts *facts)
{
	static const struct addr none;
	const struct read_report *report = facts->report;
	const struct fact *last = facts->count > 0 ? &facts->fact[facts->count - 1] : NULL;

	if (addr_is_set(&report->target)) {
		return &report->target;
	}
	return last != NULL && facts->has_end && last->row->host_count > 0 ?
		&last->row->host[0].address : &none;
}

bool facts_same_target(const struct facts *a, const struct facts *b)
{
	const struct addr *address = facts_target(a);
	const char *name = a->report->target_name;

	return (addr_is_set(address) && addr_equal(address, facts_target(b))) ||
	       (name[0] != '\0' && strcasecmp(name, b->report->target_name) == 0);
}
