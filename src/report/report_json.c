/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/report.h"

#include <stdio.h>

#include "report/compat_mtr.h"
#include "report/object.h"

/* mtr prints its real numbers with five significant digits. */
enum { DIGITS_MTR = 5 };

static void write_mtr(struct writer *w, const struct snapshot *snap)
{
	char size[16];

	(void)snprintf(size, sizeof size, "%u", snap->padded_bytes);
	write_obj(w, "mtr");
	write_str(w, "src", snap->local_host == NULL ? "" : snap->local_host);
	write_str(w, "dst", compat_destination(snap));
	write_uint(w, "tos", snap->tos);
	write_uint(w, "tests", compat_tests(snap));
	write_str(w, "psize", size);
	write_str(w, "bitpattern", "0x00");
	write_end(w);
}

static void write_hub(struct writer *w, const struct snap_hop *hop,
	const struct report_options *options)
{
	const char *letters = options->fields == NULL ? COMPAT_FIELDS : options->fields;
	struct strbuf host = {0};

	compat_host(hop, options->shows_both, &host);
	write_obj(w, NULL);
	write_uint(w, "count", hop->hop);
	write_str(w, "host", strbuf_text(&host));
	/* mtr has no key for the rest of what -y shows. */
	if (options->shows_as && options->network == SNAP_NETWORK_NUMBER) {
		strbuf_clear(&host);
		compat_network(hop, SNAP_NETWORK_NUMBER, &host);
		write_str(w, "ASN", strbuf_text(&host));
	}
	for (; *letters != '\0'; letters++) {
		const struct compat_field *field = compat_field(*letters);
		double value;

		if (field == NULL || field->letter == ' ') {
			continue;
		}
		value = compat_value(field, compat_stats(hop));
		if (field->is_count) {
			write_uint(w, field->title, (uint64_t)value);
		} else {
			write_real(w, field->title, value, DIGITS_MTR);
		}
	}
	write_end(w);
	strbuf_finish(&host);
}

void report_json(const struct snapshot *snap, const struct report_options *options,
	struct strbuf *buf)
{
	struct writer writer = writer_json(buf), *w = &writer;

	write_obj(w, NULL);
	write_obj(w, "report");
	write_mtr(w, snap);
	write_arr(w, "hubs");
	for (size_t i = compat_first(snap); i < snap->hop_count; i++) {
		write_hub(w, &snap->hops[i], options);
	}
	write_end(w);
	report_object(snap, w);
	write_end(w);
	write_end(w);
}
