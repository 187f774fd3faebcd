/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/view.h"

#include "base/i18n.h"
#include "base/utf8.h"
#include "view/columns.h"
#include "view/words.h"

/* What balancers show to probes that keep their ports: who answers which flow. */
enum { ADDRESS = 17, INDENT = 5 };

static void put_flow(const struct snap_flow *flow, size_t index, unsigned hop,
	size_t width, struct lines *lines)
{
	bool is_lossy = flow->through.received < flow->through.resolved;
	struct strbuf counts = {0};

	if (flow->to.resolved == 0 && flow->through.resolved == 0) {
		return;
	}
	lines_begin(lines, hop);
	lines_pad(lines, INDENT);
	lines_printf(lines, ROLE_DIM, _("flow %2zu  "), index);
	lines_left(lines, ROLE_NORMAL, ADDRESS, flow->address == NULL ? "???" : flow->address);
	words_flow_count(&flow->to, _("to"), &counts);
	words_flow_count(&flow->through, _("through"), &counts);
	lines_wrap(lines, is_lossy ? ROLE_WARNING : ROLE_NORMAL, width, hop, strbuf_text(&counts));
	strbuf_finish(&counts);
}

/* A hop of one address has its flows told only where it is chosen: they are all alike. */
void view_flows_lines(const struct view_in *in, struct lines *lines)
{
	const struct snapshot *snap = in->snap;

	if (snap->hop_count == 0 || snap->hops[0].flow_count == 0) {
		lines_begin(lines, 0);
		lines_wrap(lines, ROLE_NORMAL, in->width, 0, _("All probes belong to one flow: load "
			"balancers send them the same way. To see the other paths, start with --flows 16 or "
			"so."));
		return;
	}
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
				put_flow(&hop->flows[i], i, hop->hop, in->width, lines);
			}
		}
	}
}
