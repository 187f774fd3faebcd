/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/text_flows.h"

#include <inttypes.h>

#include "base/i18n.h"
#include "view/words.h"

enum { ADDRESS_COLUMNS = 17 };

static void put_flow(const struct snap_flow *flow, size_t index, struct strbuf *buf)
{
	if (flow->to.resolved == 0 && flow->through.resolved == 0) {
		return;
	}
	strbuf_printf(buf, _("     flow %2zu  "), index);
	strbuf_left(buf, flow->address == NULL ? "???" : flow->address, ADDRESS_COLUMNS);
	words_flow_count(&flow->to, _("to"), buf);
	words_flow_count(&flow->through, _("through"), buf);
	strbuf_putc(buf, '\n');
}

void text_flows(const struct snapshot *snap, struct strbuf *buf)
{
	if (snap->hop_count == 0 || snap->hops[0].flow_count == 0) {
		return;
	}
	strbuf_printf(buf, "\n%s\n", _("Flows: what load balancers showed to probes with constant "
		"ports"));
	for (size_t k = 0; k < snap->hop_count; k++) {
		const struct snap_hop *hop = &snap->hops[k];

		strbuf_printf(buf, "%3u  ", hop->hop);
		words_sureness(hop, buf);
		strbuf_putc(buf, '\n');
		for (size_t i = 0; i < hop->flow_count && hop->address_count > 1; i++) {
			put_flow(&hop->flows[i], i, buf);
		}
	}
}
