/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/report_explain.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/utf8.h"
#include "report/writer.h"

enum { DIGITS = 6, HOST_COLUMNS = 44, CLEAN = 1024 };

static void write_clean(struct writer *w, const char *key, const char *text)
{
	char clean[CLEAN];

	utf8_clean(text, clean, sizeof clean);
	write_str(w, key, clean);
}

static void write_number(struct writer *w, const char *key, double value)
{
	if (!isnan(value)) {
		write_real(w, key, value, DIGITS);
	}
}

static void write_finding(struct writer *w, const char *key, const struct explained *found)
{
	write_obj(w, key);
	write_str(w, "id", found->id);
	write_arr(w, "hops");
	if (found->low_hop > 0) {
		write_uint(w, NULL, found->low_hop);
	}
	if (found->high_hop > found->low_hop) {
		write_uint(w, NULL, found->high_hop);
	}
	write_end(w);
	write_str(w, "severity", snap_severity_name(found->severity));
	write_real(w, "confidence", found->confidence, 2);
	write_clean(w, "text", found->text);
	write_obj(w, "evidence");
	for (size_t i = 0; i < EXPLAIN_FACTS && found->fact[i].name != NULL; i++) {
		write_number(w, found->fact[i].name, found->fact[i].value);
	}
	write_end(w);
	write_uint(w, "report", found->report + 1);
	write_end(w);
}

static void write_hosts(struct writer *w, const struct read_row *row)
{
	write_arr(w, "hosts");
	for (size_t i = 0; i < row->host_count; i++) {
		const struct read_host *host = &row->host[i];
		char address[ADDR_TEXT_MAX];

		write_obj(w, NULL);
		if (host->name[0] != '\0') {
			write_clean(w, "name", host->name);
		}
		if (addr_is_set(&host->address)) {
			write_str(w, "address", addr_format(&host->address, address));
		}
		if (host->asn != 0) {
			write_uint(w, "asn", host->asn);
		}
		write_end(w);
	}
	write_end(w);
}

static void write_row(struct writer *w, const struct read_row *row)
{
	uint64_t received = 0;

	for (size_t i = 0; i < row->rtt_count; i++) {
		received += isnan(row->rtt_ms[i]) ? 0 : 1;
	}
	write_obj(w, NULL);
	write_uint(w, "hop", row->hop);
	write_hosts(w, row);
	if (row->rtt_count > 0) {
		write_uint(w, "sent", row->rtt_count);
		write_uint(w, "received", received);
		write_arr(w, "rtts_ms");
		for (size_t i = 0; i < row->rtt_count; i++) {
			write_number(w, NULL, row->rtt_ms[i]);
		}
		write_end(w);
	} else {
		write_number(w, "sent", row->sent);
		write_number(w, "received", row->received);
		write_number(w, "loss", row->loss);
	}
	write_number(w, "last", row->last_ms);
	write_number(w, "avg", row->avg_ms);
	write_number(w, "best", row->best_ms);
	write_number(w, "worst", row->worst_ms);
	write_number(w, "stddev", row->stddev_ms);
	if (row->label_count > 0) {
		write_arr(w, "mpls");
		for (size_t i = 0; i < row->label_count; i++) {
			write_uint(w, NULL, row->label[i]);
		}
		write_end(w);
	}
	if (row->flag_count > 0) {
		write_arr(w, "flags");
		for (size_t i = 0; i < row->flag_count; i++) {
			write_clean(w, NULL, row->flag[i]);
		}
		write_end(w);
	}
	write_end(w);
}

static void write_report(struct writer *w, const struct read_text *text, size_t i)
{
	const struct read_report *report = &text->report[i];
	char address[ADDR_TEXT_MAX];

	write_obj(w, NULL);
	write_str(w, "tool", report->tool);
	write_str(w, "format", report->format);
	if (report->protocol[0] != '\0') {
		write_str(w, "protocol", report->protocol);
	}
	if (addr_is_set(&report->target)) {
		write_str(w, "target", addr_format(&report->target, address));
	} else if (report->target_name[0] != '\0') {
		write_clean(w, "target", report->target_name);
	}
	write_uint(w, "first_line", report->first_line);
	write_uint(w, "last_line", report->last_line);
	write_arr(w, "unread_lines");
	for (size_t k = 0; k < text->unread_count && k < READ_LINES; k++) {
		if (text->unread[k] >= report->first_line && text->unread[k] <= report->last_line) {
			write_uint(w, NULL, text->unread[k]);
		}
	}
	write_end(w);
	write_arr(w, "rows");
	for (size_t k = 0; k < report->row_count; k++) {
		write_row(w, &report->row[k]);
	}
	write_end(w);
	write_end(w);
}

void report_explain_json(const struct read_text *text, const struct explanation *found,
	struct strbuf *out)
{
	static const char *const persists[] = {"unknown", "no", "yes"};
	struct writer writer = writer_json(out), *w = &writer;

	write_obj(w, NULL);
	write_obj(w, "explain");
	if (found->count > 0) {
		write_finding(w, "headline", &found->finding[0]);
	}
	write_str(w, "loss_persists", persists[found->persists]);
	if (found->first_bad_hop > 0) {
		write_uint(w, "first_bad_hop", found->first_bad_hop);
	}
	write_arr(w, "findings");
	for (size_t i = 0; i < found->count; i++) {
		write_finding(w, NULL, &found->finding[i]);
	}
	write_end(w);
	write_arr(w, "cannot_tell");
	for (size_t i = 0; i < found->cannot_count; i++) {
		write_str(w, NULL, found->cannot_tell[i]);
	}
	write_end(w);
	write_arr(w, "next");
	for (size_t i = 0; i < found->next_count; i++) {
		write_clean(w, NULL, found->next[i]);
	}
	write_end(w);
	write_arr(w, "reports");
	for (size_t i = 0; i < text->count; i++) {
		write_report(w, text, i);
	}
	write_end(w);
	write_end(w);
	write_end(w);
}

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

void report_explain_text(const struct read_text *text, const struct explanation *found,
	struct strbuf *out)
{
	if (found->count == 0) {
		strbuf_printf(out, "%s\n", _("There is no traceroute or mtr report in this text."));
		return;
	}
	strbuf_printf(out, "%s\n", found->finding[0].text);
	for (size_t i = 1, said = 0; i < found->count; i++) {
		if (strcmp(found->finding[i].id, "healthy") != 0) {
			strbuf_puts(out, said++ == 0 ? "\n" : "");
			strbuf_printf(out, "- %s%s\n", found->finding[i].report == found->report ? "" :
				_("(of another report) "), found->finding[i].text);
		}
	}
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
	for (size_t i = 0; i < text->count; i++) {
		const struct read_report *report = &text->report[i];

		strbuf_putc(out, '\n');
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
