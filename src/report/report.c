/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/report.h"

#include <string.h>

typedef void report_fn(const struct snapshot *, const struct report_options *, struct strbuf *);

static const struct {
	report_fn *write;
	const char *ending;
} formats[REPORT_FORMAT_COUNT] = {
	[REPORT_TEXT] = {report_text, ".txt"},
	[REPORT_JSON] = {report_json, ".json"},
	[REPORT_CSV] = {report_csv, ".csv"},
	[REPORT_XML] = {report_xml, ".xml"},
	[REPORT_MARKDOWN] = {report_markdown, ".md"},
	[REPORT_HTML] = {report_html, ".html"},
};

void report_write(enum report_format format, const struct snapshot *snap,
	const struct report_options *options, struct strbuf *buf)
{
	formats[format].write(snap, options, buf);
}

enum report_format report_format_of(const char *file_name)
{
	size_t len = strlen(file_name);

	for (int i = 0; i < REPORT_FORMAT_COUNT; i++) {
		size_t ending = strlen(formats[i].ending);

		if (len > ending && strcmp(file_name + len - ending, formats[i].ending) == 0) {
			return (enum report_format)i;
		}
	}
	return REPORT_TEXT;
}
