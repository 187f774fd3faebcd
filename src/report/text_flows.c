/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/text_flows.h"

#include <inttypes.h>

#include "base/i18n.h"
#include "base/utf8.h"

enum { ADDRESS_COLUMNS = 17 };

static void put_sureness(const struct snap_hop *hop, struct strbuf *buf)
{
	strbuf_printf(buf, ngettext("%zu address", "%zu addresses", hop->address_count),
		hop->address_count);
	strbuf_printf(buf, _(", %u of %zu flows answered; "), hop->flows_answered, hop->flow_count);
	if (hop->flows_needed == 0) {
		strbuf_puts(buf, _("there may be more"));
	} else if (hop->flows_answered < hop->flows_needed) {
		strbuf_printf(buf, _("there may be more: %u flows would tell"), hop->flows_needed);
	} else {
		strbuf_puts(buf, _("there are no more, at 95 %"));
	}
	strbuf_putc(buf, '\n');
}

static void put_count(const struct snap_flow_count *count, const char *kind, struct strbuf *buf)
{
	if (count->sent == 0) {
		return;
	}
	strbuf_printf(buf, _("  %s %" PRIu32 " of %" PRIu32), kind, count->received, count->sent);
	if (count->best_ms >= 0.0) {
		strbuf_printf(buf, _(", best %.1f, avg %.1f ms"), count->best_ms, count->avg_ms);
	}
}

static void put_flow(const struct snap_flow *flow, size_t index, struct strbuf *buf)
{
	const char *address = flow->address == NULL ? "???" : flow->address;
	size_t width = utf8_width(address);

	if (flow->to.sent == 0 && flow->through.sent == 0) {
		return;
	}
	strbuf_printf(buf, _("     flow %2zu  %s"), index, address);
	strbuf_pad(buf, ' ', width < ADDRESS_COLUMNS ? ADDRESS_COLUMNS - width : 0);
	put_count(&flow->to, _("to"), buf);
	put_count(&flow->through, _("through"), buf);
	strbuf_putc(buf, '\n');
}

void text_flows(const struct snapshot *snap, struct strbuf *buf)
{
	if (snap->hop_count == 0 || snap->hops[0].flow_count == 0) {
		return;
	}
	strbuf_printf(buf, "\n%s\n", _("Flows: what balancers showed to probes that keep their ports"));
	for (size_t k = 0; k < snap->hop_count; k++) {
		const struct snap_hop *hop = &snap->hops[k];

		strbuf_printf(buf, "%3u  ", hop->hop);
		put_sureness(hop, buf);
		for (size_t i = 0; i < hop->flow_count && hop->address_count > 1; i++) {
			put_flow(&hop->flows[i], i, buf);
		}
	}
}
