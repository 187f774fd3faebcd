/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/view.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/i18n.h"
#include "base/utf8.h"
#include "view/columns.h"
#include "view/words.h"

/* What balancers show to probes that keep their ports: who answers which flow. */
enum { INDENT = 5, FLOW = 4, COUNT = 6, TIME = 7, BEST_FROM = 96 };

/* Probes, those lost, and times: of To, then of Through. */
static size_t counts_width(bool has_best)
{
	return 2 * (size_t)(2 * COUNT + (has_best ? 2 : 1) * TIME);
}

static void put_head(size_t address, bool has_best, struct lines *lines)
{
	static const char *const kinds[] = {N_("To"), N_("Thr")};

	lines_begin(lines, 0);
	lines->fixed = 1;
	lines_pad(lines, INDENT);
	lines_left(lines, ROLE_HEADING, FLOW, _("#"));
	lines_left(lines, ROLE_HEADING, address, _("Flow answered by"));
	for (size_t i = 0; i < 2; i++) {
		lines_right(lines, ROLE_HEADING, COUNT - 1, _(kinds[i]));
		lines_right(lines, ROLE_HEADING, COUNT - 1, _("lost"));
		if (has_best) {
			lines_right(lines, ROLE_HEADING, TIME - 1, _("best"));
		}
		lines_right(lines, ROLE_HEADING, TIME - 1, _("avg"));
	}
}

static void put_count(const struct snap_flow_count *count, bool has_best, struct lines *lines)
{
	uint32_t lost = count->resolved - count->received;
	char text[32];

	(void)snprintf(text, sizeof text, "%" PRIu32, count->resolved);
	lines_right(lines, ROLE_NORMAL, COUNT - 1, count->resolved == 0 ? "-" : text);
	(void)snprintf(text, sizeof text, "%" PRIu32, lost);
	lines_right(lines, lost > 0 ? ROLE_WARNING : ROLE_NORMAL, COUNT - 1,
		count->resolved == 0 ? "-" : text);
	for (int i = has_best ? 0 : 1; i < 2; i++) {
		(void)snprintf(text, sizeof text, "-");
		if (count->best_ms >= 0.0) {
			column_ms(i == 0 ? count->best_ms : count->avg_ms, text, sizeof text);
		}
		lines_right(lines, ROLE_NORMAL, TIME - 1, text);
	}
}

static void put_flow(const struct view_in *in, const struct snap_flow *flow, size_t index,
	unsigned hop, size_t address, struct lines *lines)
{
	bool has_best = in->width >= BEST_FROM;

	if (flow->to.resolved == 0 && flow->through.resolved == 0) {
		return;
	}
	lines_begin(lines, hop);
	lines_pad(lines, INDENT);
	lines_printf(lines, ROLE_DIM, "%2zu", index);
	lines_pad(lines, INDENT + FLOW);
	lines_words(lines, ROLE_NORMAL, address, in->is_ascii,
		flow->address == NULL ? "???" : flow->address);
	put_count(&flow->to, has_best, lines);
	put_count(&flow->through, has_best, lines);
}

/* A hop of one address has its flows told only where it is chosen: they are all alike. */
void view_flows_lines(const struct view_in *in, struct lines *lines)
{
	enum { ADDRESS_LEAST = 16, ADDRESS_MOST = 40 };
	const struct snapshot *snap = in->snap;
	size_t taken, address;

	if (snap->hop_count == 0 || snap->hops[0].flow_count == 0) {
		lines_begin(lines, 0);
		lines_wrap(lines, ROLE_NORMAL, in->width, 0, _("All probes belong to one flow: load "
			"balancers send them the same way. To see the other paths, start with --flows 16 or "
			"so."));
		return;
	}
	taken = INDENT + FLOW + counts_width(in->width >= BEST_FROM);
	address = in->width > taken + ADDRESS_LEAST ? in->width - taken : ADDRESS_LEAST;
	address = address > ADDRESS_MOST ? ADDRESS_MOST : address;
	put_head(address, in->width >= BEST_FROM, lines);
	for (size_t k = 0; k < snap->hop_count; k++) {
		const struct snap_hop *hop = &snap->hops[k];
		struct strbuf text = {0};

		lines_begin(lines, hop->hop);
		lines_printf(lines, ROLE_NORMAL, "%3u  ", hop->hop);
		lines_words(lines, ROLE_NORMAL, in->width > 90 ? 34 : 20, in->is_ascii, column_host(hop));
		words_sureness(hop, &text);
		lines_put(lines, ROLE_NORMAL, "  ");
		lines_wrap(lines, hop->address_count > 1 ? ROLE_NOTICE : ROLE_DIM, in->width, hop->hop,
			strbuf_text(&text));
		strbuf_finish(&text);
		for (size_t i = 0; i < hop->flow_count; i++) {
			if (hop->address_count > 1 || in->ui->selected == hop->hop) {
				put_flow(in, &hop->flows[i], i, hop->hop, address, lines);
			}
		}
	}
}
