/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "explain/compare.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "explain/rules.h"
#include "infer/asym.h"
#include "infer/loss.h"

enum {
	NEAR_ROWS = 3,           /* so far from where it was run stands a network of its own */
	ASYM_ROUTERS = ASYM_MAX - 1,
	LOSS_TRIALS = 20         /* fewer acquit nobody */
};

static const enum explain_kind NO_KIND = EXPLAIN_KIND_COUNT;

struct pair {
	const struct facts *of[2];
	struct comparison *out;
};

static void add(struct pair *pair, enum explain_kind kind, unsigned low_hop, unsigned high_hop,
	const char *text, ...) __attribute__((format(printf, 5, 6)));

static void add(struct pair *pair, enum explain_kind kind, unsigned low_hop, unsigned high_hop,
	const char *text, ...)
{
	struct comparison *out = pair->out;
	struct compared *item;
	va_list args;

	out->count -= out->count == COMPARED_MAX;
	item = &out->item[out->count++];
	*item = (struct compared){.kind = kind, .id = kind == NO_KIND ? NULL : explain_id(kind),
		.report = {pair->of[0]->index, pair->of[1]->index},
		.low_hop = low_hop, .high_hop = high_hop};
	va_start(args, text);
	(void)vsnprintf(item->text, sizeof item->text, text, args);
	va_end(args);
}

static const struct fact *row_of(const struct facts *facts, unsigned hop)
{
	for (size_t i = 0; i < facts->count; i++) {
		if (facts->fact[i].row->hop == hop) {
			return &facts->fact[i];
		}
	}
	return NULL;
}

/* Both answered there, and the text has by whom. */
static bool is_told(const struct fact *a, const struct fact *b)
{
	return a != NULL && b != NULL && a->row->host_count > 0 && b->row->host_count > 0;
}

static bool is_same_target(const struct pair *pair)
{
	return facts_same_target(pair->of[0], pair->of[1]);
}

/* The last row of the first report up to which both have the same hosts; 0: not the first one. */
static unsigned shared_hops(const struct pair *pair)
{
	unsigned shared = 0;

	for (size_t i = 0; i < pair->of[0]->count; i++) {
		const struct fact *mine = &pair->of[0]->fact[i];
		const struct fact *other = row_of(pair->of[1], mine->row->hop);

		if (other == NULL) {
			break;
		}
		if (is_told(mine, other)) {
			if (!facts_same_host(mine, other)) {
				break;
			}
			shared = mine->row->hop;
		}
	}
	return shared;
}

/* Rows with other hosts between rows with the same: what is told is a change in the middle. */
static void compare_route(struct pair *pair)
{
	static const enum explain_kind kind = EXPLAIN_ROUTE_CHANGE;
	unsigned low = 0, high = 0, same = 0;

	for (size_t i = 0; i < pair->of[0]->count; i++) {
		const struct fact *mine = &pair->of[0]->fact[i];
		const struct fact *other = row_of(pair->of[1], mine->row->hop);

		if (!is_told(mine, other)) {
			continue;
		}
		if (facts_same_host(mine, other)) {
			same++;
		} else {
			low = low == 0 ? mine->row->hop : low;
			high = mine->row->hop;
		}
	}
	/* Nothing in common: they were run from different places, or the hosts were masked. */
	if (low == 0 || same == 0) {
		return;
	}
	if (low == high) {
		add(pair, kind, low, high, _("Reports %zu and %zu go to the same destination "
			"and differ at hop %u: routing changed between them, or traffic is balanced over "
			"several paths."), pair->of[0]->index + 1, pair->of[1]->index + 1, low);
	} else {
		add(pair, kind, low, high, _("Reports %zu and %zu go to the same destination "
			"and differ from hop %u to hop %u: routing changed between them, or traffic is "
			"balanced over several paths."), pair->of[0]->index + 1, pair->of[1]->index + 1, low,
			high);
	}
}

/* Loss at the end of a report that counts; NAN lows and highs where it does not. */
static struct loss_interval end_loss(const struct facts *facts)
{
	static const struct loss_interval none = {.low = NAN, .high = NAN};
	const struct fact *end;

	if (facts->count == 0 || !facts->has_end || !facts->is_table) {
		return none;
	}
	end = &facts->fact[facts->count - 1];
	if (isnan(end->sent) || isnan(end->lost) || end->sent < LOSS_TRIALS) {
		return none;
	}
	return loss_always_valid((uint64_t)end->lost, (uint64_t)end->sent, 0.05);
}

/* Whether the first loses more, beyond chance. */
static bool is_worse(struct loss_interval a, struct loss_interval b)
{
	return a.low > b.high;
}

static void compare_loss(struct pair *pair)
{
	struct loss_interval loss[2] = {end_loss(pair->of[0]), end_loss(pair->of[1])};
	bool is_same = is_same_target(pair);
	unsigned shared = is_same ? 0 : shared_hops(pair);

	for (int i = 0; i < 2; i++) {
		size_t bad = pair->of[i]->index + 1, good = pair->of[!i]->index + 1;

		if (!is_worse(loss[i], loss[!i])) {
			continue;
		}
		if (is_same) {
			add(pair, NO_KIND, 0, 0, _("Report %zu loses more at the same destination than report "
				"%zu, beyond chance: the loss comes and goes."), bad, good);
		} else if (shared > 0) {
			add(pair, NO_KIND, 1, shared, _("Both take the same path up to hop %u, and report %zu "
				"loses less: what report %zu loses in addition is lost beyond hop %u."), shared,
				good, bad, shared);
		}
	}
	if (!is_same && shared > 0 && loss[0].low > 0 && loss[1].low > 0 &&
	    !is_worse(loss[0], loss[1]) && !is_worse(loss[1], loss[0])) {
		add(pair, NO_KIND, 1, shared, _("Reports %zu and %zu go to different destinations, lose "
			"alike, and share the path up to hop %u: look there first."), pair->of[0]->index + 1,
			pair->of[1]->index + 1, shared);
	}
}

/* Both of one network, as small as networks are announced (/24, /48). */
static bool is_one_network(const struct addr *a, const struct addr *b)
{
	size_t bytes = a->family == ADDR_V6 ? 6 : 3;

	if (!addr_is_set(a) || a->family != b->family) {
		return false;
	}
	for (size_t i = 0; i < bytes; i++) {
		if (a->byte[i] != b->byte[i]) {
			return false;
		}
	}
	return true;
}

/* Whether `facts` was run from the network of that address. */
static bool is_from(const struct facts *facts, const struct addr *address)
{
	for (size_t i = 0; i < facts->count && facts->fact[i].row->hop <= NEAR_ROWS; i++) {
		const struct fact *fact = &facts->fact[i];

		if (fact->is_private || fact->is_shared) {
			continue;
		}
		for (size_t k = 0; k < fact->row->host_count; k++) {
			if (is_one_network(&fact->row->host[k].address, address)) {
				return true;
			}
		}
	}
	return false;
}

static size_t list_routers(const struct facts *facts, size_t most, struct addr *ret_address)
{
	unsigned last = facts->last == 0 ? 0 : facts->fact[facts->last - 1].row->hop;
	size_t count = 0;

	for (unsigned hop = 1; hop <= last && count < most; hop++, count++) {
		const struct fact *fact = row_of(facts, hop);

		ret_address[count] = fact != NULL && fact->row->host_count > 0 ?
			fact->row->host[0].address : (struct addr){0};
	}
	return count;
}

/* The two directions of one path: what the one shows of the way there, the other shows of the way
 * home. */
static void compare_directions(struct pair *pair)
{
	const struct facts *out = pair->of[0], *home = pair->of[1];
	struct addr forward[ASYM_ROUTERS], reverse[ASYM_ROUTERS];
	struct asym_ways ways = {.forward = forward, .reverse = reverse};
	struct asym asym;

	if (!is_from(out, facts_target(home)) || !is_from(home, facts_target(out))) {
		return;
	}
	ways.forward_count = list_routers(out, ASYM_ROUTERS, forward);
	ways.reverse_count = list_routers(home, ASYM_ROUTERS, reverse);
	ways.reverse_count -= home->has_end && ways.reverse_count > 0;
	asym = asym_compare(&ways);
	if (!asym.is_known) {
		add(pair, NO_KIND, 0, 0, _("Reports %zu and %zu are the two directions of one path; their "
			"addresses do not show whether they share links."), out->index + 1, home->index + 1);
	} else if (asym.diverges_at > 0) {
		add(pair, EXPLAIN_ASYMMETRIC_PATH, asym.diverges_at, asym.diverges_at, _("Reports %zu and "
			"%zu are the two directions of one path, and they differ: the return path diverges at "
			"hop %u of report %zu. Loss or delay may be on either."), out->index + 1,
			home->index + 1, asym.diverges_at, out->index + 1);
	} else {
		add(pair, NO_KIND, 0, 0, _("Reports %zu and %zu are the two directions of one path, over "
			"the same links as far as they show."), out->index + 1, home->index + 1);
	}
}

void explain_compare(const struct read_report *const *reports, size_t count,
	const struct table *names, struct comparison *ret)
{
	size_t most = count < COMPARED_REPORTS ? count : COMPARED_REPORTS;
	struct facts *facts = xcalloc(most + 1, sizeof *facts);

	*ret = (struct comparison){0};
	for (size_t i = 0; i < most; i++) {
		facts_of(reports[i], i, names, &facts[i]);
	}
	for (size_t i = 0; i < most; i++) {
		for (size_t k = i + 1; k < most; k++) {
			struct pair pair = {{&facts[i], &facts[k]}, ret};

			if (is_same_target(&pair)) {
				compare_route(&pair);
			} else {
				compare_directions(&pair);
			}
			compare_loss(&pair);
		}
	}
	free(facts);
}
