/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/report.h"

#include <inttypes.h>

#include "base/escape.h"
#include "report/compat_mtr.h"
#include "report/object.h"

static void put_attribute(const char *name, const char *value, struct strbuf *buf)
{
	strbuf_printf(buf, " %s=\"", name);
	escape_xml(buf, value);
	strbuf_putc(buf, '"');
}

/* The numbers stand in mtr's columns there, too, and the loss bears its sign. */
static void put_hub(const struct snap_hop *hop, const struct report_options *options,
	struct strbuf *buf)
{
	const char *letters = options->fields == NULL ? COMPAT_FIELDS : options->fields;
	struct strbuf host = {0};

	compat_host(hop, options->shows_both, &host);
	strbuf_printf(buf, "    <HUB COUNT=\"%u\"", hop->hop);
	put_attribute("HOST", strbuf_text(&host), buf);
	strbuf_puts(buf, ">\n");
	for (; *letters != '\0'; letters++) {
		const struct compat_field *field = compat_field(*letters);

		if (field == NULL || field->letter == ' ') {
			continue;
		}
		strbuf_printf(buf, "        <%s>", field->element);
		compat_print(field, compat_stats(hop), buf);
		strbuf_printf(buf, "</%s>\n", field->element);
	}
	strbuf_puts(buf, "    </HUB>\n");
	strbuf_finish(&host);
}

void report_xml(const struct snapshot *snap, const struct report_options *options,
	struct strbuf *buf)
{
	struct writer writer = writer_xml(buf, 1);

	strbuf_puts(buf, "<?xml version=\"1.0\"?>\n<MTR");
	put_attribute("SRC", snap->local_host == NULL ? "" : snap->local_host, buf);
	put_attribute("DST", compat_destination(snap), buf);
	strbuf_printf(buf, " TOS=\"0x%X\" PSIZE=\"%u\" BITPATTERN=\"0x00\" TESTS=\"%" PRIu64 "\">\n",
		snap->tos, snap->padded_bytes, compat_tests(snap));
	for (size_t i = compat_first(snap); i < snap->hop_count; i++) {
		put_hub(&snap->hops[i], options, buf);
	}
	report_object(snap, &writer);
	strbuf_puts(buf, "</MTR>\n");
}
