/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/utf8.h"
#include "report/explain_items.h"
#include "report/report_explain.h"

enum { HOST_COLUMNS = 44, CLEAN = 1024 };

static void put_ms(struct strbuf *out, double ms, bool is_below)
{
	if (isnan(ms)) {
		strbuf_puts(out, "       *");
	} else {
		strbuf_printf(out, "%s%.*f", is_below && ms <= 1 ? "      <" : " ", ms < 10 ? 2 : 1, ms);
	}
}

static void put_host(struct strbuf *out, const struct read_host *host)
{
	char address[ADDR_TEXT_MAX] = "", text[CLEAN], clean[CLEAN];

	(void)addr_format(&host->address, address);
	if (host->name[0] != '\0' && address[0] != '\0') {
		(void)snprintf(text, sizeof text, "%s (%s)", host->name, address);
	} else {
		(void)snprintf(text, sizeof text, "%s", host->name[0] != '\0' ? host->name : address);
	}
	utf8_clean(text, clean, sizeof clean);
	strbuf_left(out, clean, HOST_COLUMNS);
}

static void put_row(struct strbuf *out, const struct read_row *row)
{
	strbuf_printf(out, "%4u  ", row->hop);
	if (row->host_count == 0) {
		strbuf_left(out, row->rtt_count > 0 || !(row->loss < 1) ? _("no reply") : "?",
			HOST_COLUMNS);
	} else {
		put_host(out, &row->host[0]);
	}
	if (!isnan(row->loss)) {
		strbuf_printf(out, " %5.1f %%", 100 * row->loss);
	}
	if (!isnan(row->sent)) {
		strbuf_printf(out, " of %.0f", row->sent);
	}
	for (size_t i = 0; i < row->rtt_count; i++) {
		put_ms(out, row->rtt_ms[i], row->is_below);
	}
	if (!isnan(row->avg_ms) && row->host_count > 0) {
		strbuf_printf(out, "  avg %.1f", row->avg_ms);
	}
	if (!isnan(row->best_ms) && !isnan(row->worst_ms) && row->host_count > 0) {
		strbuf_printf(out, " (%.1f to %.1f)", row->best_ms, row->worst_ms);
	}
	for (size_t i = 0; i < row->flag_count; i++) {
		strbuf_printf(out, " %s", row->flag[i]);
	}
	strbuf_putc(out, '\n');
	for (size_t i = 1; i < row->host_count; i++) {
		strbuf_puts(out, "      ");
		put_host(out, &row->host[i]);
		strbuf_putc(out, '\n');
	}
}

static void put_findings(struct strbuf *out, const struct explanation *found)
{
	struct strbuf text = {0};
	bool has_any = false;

	explain_headline(found, &text);
	strbuf_printf(out, "%s\n", strbuf_text(&text));
	for (size_t i = 0; (i = explain_item(found, i + 1, &text)) < found->count;) {
		strbuf_puts(out, has_any ? "" : "\n");
		has_any = true;
		strbuf_printf(out, "- %s%s\n", found->finding[i].report == found->report ? "" :
			_("(of another report) "), strbuf_text(&text));
	}
	strbuf_finish(&text);
}

static void put_compared(struct strbuf *out, const struct comparison *compared)
{
	if (compared->count > 0) {
		strbuf_printf(out, "\n%s\n", _("Compared:"));
	}
	for (size_t i = 0; i < compared->count; i++) {
		strbuf_printf(out, "- %s\n", compared->item[i].text);
	}
}

static void put_advice(struct strbuf *out, const struct explanation *found)
{
	if (found->cannot_count > 0) {
		strbuf_printf(out, "\n%s\n", _("What this report cannot tell:"));
	}
	for (size_t i = 0; i < found->cannot_count; i++) {
		strbuf_printf(out, "- %s\n", found->cannot_tell[i]);
	}
	if (found->next_count > 0) {
		strbuf_printf(out, "\n%s\n", _("What to run next:"));
	}
	for (size_t i = 0; i < found->next_count; i++) {
		char clean[CLEAN];

		utf8_clean(found->next[i], clean, sizeof clean);
		strbuf_printf(out, "    %s\n", clean);
	}
}

/* `is_alone`: reports are numbered, and not files. */
static void put_tables(struct strbuf *out, const struct read_text *text, bool is_alone)
{
	for (size_t i = 0; i < text->count; i++) {
		const struct read_report *report = &text->report[i];

		strbuf_putc(out, '\n');
		if (text->count > 1 && is_alone) {
			strbuf_printf(out, _("Report %zu: "), i + 1);
		}
		strbuf_printf(out, _("As it was read, lines %zu to %zu (%s):"), report->first_line,
			report->last_line, report->tool);
		strbuf_putc(out, '\n');
		for (size_t k = 0; k < report->row_count; k++) {
			put_row(out, &report->row[k]);
		}
	}
	if (text->unread_count > 0) {
		strbuf_putc(out, '\n');
		strbuf_printf(out, ngettext("%zu other line was not read.",
			"%zu other lines were not read.", plural_of(text->unread_count)),
			text->unread_count);
		strbuf_putc(out, '\n');
	}
}

static void put_file(struct strbuf *out, const struct explained_file *file, bool is_alone)
{
	if (file->found->count == 0) {
		strbuf_printf(out, "%s\n", _("There is no traceroute or mtr report in this text."));
		return;
	}
	put_findings(out, file->found);
	if (is_alone) {
		put_compared(out, &file->found->compared);
	}
	put_advice(out, file->found);
	put_tables(out, file->text, is_alone);
}

void report_explain_text(const struct explain_answer *answer, struct strbuf *out)
{
	for (size_t i = 0; i < answer->count; i++) {
		if (answer->count > 1) {
			char clean[CLEAN];

			utf8_clean(answer->file[i].name, clean, sizeof clean);
			strbuf_puts(out, i > 0 ? "\n" : "");
			strbuf_printf(out, _("Report %zu: "), i + 1);
			strbuf_printf(out, "%s\n", clean);
		}
		put_file(out, &answer->file[i], answer->count == 1);
	}
	put_compared(out, &answer->compared);
}
