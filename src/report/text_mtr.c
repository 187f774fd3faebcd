/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/text_mtr.h"

#include <string.h>
#include <time.h>

#include "base/utf8.h"
#include "report/compat_mtr.h"

/* Columns before the first field where names are not wide. */
enum { LEAD = 33 };

/* mtr gives the local time with its offset; text of at most 24 characters. */
static void add_start(const struct snapshot *snap, struct strbuf *buf)
{
	time_t seconds = (time_t)(snap->start_realtime / NS_PER_SEC);
	struct tm tm;
	char text[64];

	if (localtime_r(&seconds, &tm) != NULL &&
	    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S%z", &tm) > 0) {
		strbuf_printf(buf, "Start: %s\n", text);
	}
}

/* Brings the line that begins at `start` to `columns` columns, by cutting or by blanks. */
static void fit_line(struct strbuf *buf, size_t start, size_t columns, bool is_cut)
{
	size_t width = utf8_width(buf->text + start);

	if (is_cut && width > columns) {
		buf->len = start + utf8_prefix(buf->text + start, columns);
		buf->text[buf->len] = '\0';
		width = utf8_width(buf->text + start);
	}
	if (width < columns) {
		strbuf_pad(buf, ' ', columns - width);
	}
}

/* Each field begins where its place is: one that is too wide loses its end, which is how
 * mtr comes to print 100.0 without the per cent sign. The last one keeps it. */
static void add_field(const char *text, size_t width, struct strbuf *buf, bool is_last)
{
	size_t used = utf8_width(text);

	strbuf_add(buf, text, is_last ? strlen(text) : utf8_prefix(text, width));
	if (used < width) {
		strbuf_pad(buf, ' ', width - used);
	}
}

static void add_fields(const char *letters, const struct snap_stats *stats, struct strbuf *buf)
{
	for (; *letters != '\0'; letters++) {
		const struct compat_field *field = compat_field(*letters);
		struct strbuf text = {0};

		if (field == NULL) {
			continue;
		}
		if (stats == NULL) {
			size_t width = utf8_width(field->title);

			strbuf_pad(&text, ' ', field->width - width);
			strbuf_puts(&text, field->title);
		} else {
			compat_print(field, stats, &text);
		}
		add_field(strbuf_text(&text), field->width, buf, letters[1] == '\0');
		strbuf_finish(&text);
	}
	strbuf_putc(buf, '\n');
}

static size_t longest_name(const struct snapshot *snap, bool shows_both)
{
	size_t longest = utf8_width(snap->local_host == NULL ? "" : snap->local_host);

	for (size_t i = compat_first(snap); i < snap->hop_count; i++) {
		struct strbuf host = {0};
		size_t width;

		compat_host(&snap->hops[i], shows_both, &host);
		width = utf8_width(strbuf_text(&host));
		longest = width > longest ? width : longest;
		strbuf_finish(&host);
	}
	return longest;
}

/* What stands before the name: with -z the network. */
static void put_lead(const struct snap_hop *hop, const struct report_options *options,
	struct strbuf *buf)
{
	size_t start;

	strbuf_printf(buf, options->shows_as ? " %2u. " : " %2u.|-- ", hop->hop);
	if (options->shows_as) {
		start = buf->len;
		compat_network(hop, options->network, buf);
		fit_line(buf, start, compat_network_width(options->network), false);
	}
}

/* With -z mtr says of each of these the network in a line more, which is not filled up. */
static void put_other_network(const struct snap_hop *hop, size_t i,
	const struct report_options *options, const char *host, struct strbuf *buf)
{
	size_t start;

	strbuf_puts(buf, "     ");
	start = buf->len;
	compat_other_network(hop, i, options->network, buf);
	fit_line(buf, start, compat_network_width(options->network), false);
	strbuf_printf(buf, "%s\n", host);
}

/* What else answered for the hop, a line each; blanks fill it up where names are not wide. */
static void put_others(const struct snap_hop *hop, const struct report_options *options,
	size_t columns, struct strbuf *buf)
{
	for (size_t i = 0; i < hop->address_count; i++) {
		struct strbuf host = {0};

		if (compat_other_host(hop, i, options->shows_both, &host)) {
			size_t start;

			strbuf_puts(buf, "        ");
			start = buf->len;
			strbuf_puts(buf, strbuf_text(&host));
			fit_line(buf, start, columns, false);
			strbuf_putc(buf, '\n');
			if (options->shows_as) {
				put_other_network(hop, i, options, strbuf_text(&host), buf);
			}
		}
		strbuf_finish(&host);
	}
}

void text_mtr(const struct snapshot *snap, const struct report_options *options,
	struct strbuf *buf)
{
	const char *letters = options->fields == NULL ? COMPAT_FIELDS : options->fields;
	size_t longest = longest_name(snap, options->shows_both), start;
	size_t row = options->shows_as ? 6 + compat_network_width(options->network) : 8;

	add_start(snap, buf);
	start = buf->len;
	strbuf_printf(buf, "HOST: %s", snap->local_host == NULL ? "" : snap->local_host);
	/* With -w mtr's heading stands two columns left of its numbers, but not with -z; so does
	 * ours. */
	fit_line(buf, start, options->is_wide ? longest + (options->shows_as ? row : 6) : LEAD,
		!options->is_wide);
	add_fields(letters, NULL, buf);
	for (size_t i = compat_first(snap); i < snap->hop_count; i++) {
		const struct snap_hop *hop = &snap->hops[i];

		start = buf->len;
		put_lead(hop, options, buf);
		compat_host(hop, options->shows_both, buf);
		fit_line(buf, start, options->is_wide ? longest + row : LEAD, !options->is_wide);
		add_fields(letters, compat_stats(hop), buf);
		put_others(hop, options, !options->is_wide ? LEAD : longest + options->shows_as, buf);
	}
}
