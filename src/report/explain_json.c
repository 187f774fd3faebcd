/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/report_explain.h"

#include <math.h>

#include "base/utf8.h"
#include "report/writer.h"

enum { DIGITS = 6, CLEAN = 1024 };

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

static void write_hops(struct writer *w, unsigned low_hop, unsigned high_hop)
{
	write_arr(w, "hops");
	if (low_hop > 0) {
		write_uint(w, NULL, low_hop);
	}
	if (high_hop > low_hop) {
		write_uint(w, NULL, high_hop);
	}
	write_end(w);
}

static void write_finding(struct writer *w, const char *key, const struct explained *found)
{
	write_obj(w, key);
	write_str(w, "id", found->id);
	write_hops(w, found->low_hop, found->high_hop);
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

static void write_compared(struct writer *w, const struct comparison *compared)
{
	if (compared->count == 0) {
		return;
	}
	write_arr(w, "compared");
	for (size_t i = 0; i < compared->count; i++) {
		const struct compared *item = &compared->item[i];

		write_obj(w, NULL);
		if (item->id != NULL) {
			write_str(w, "id", item->id);
		}
		write_arr(w, "reports");
		write_uint(w, NULL, item->report[0] + 1);
		write_uint(w, NULL, item->report[1] + 1);
		write_end(w);
		write_hops(w, item->low_hop, item->high_hop);
		write_clean(w, "text", item->text);
		write_end(w);
	}
	write_end(w);
}

static void write_explained(struct writer *w, const char *key, const struct explained_file *file)
{
	static const char *const persists[] = {"unknown", "no", "yes"};
	const struct explanation *found = file->found;

	write_obj(w, key);
	if (file->name != NULL) {
		write_clean(w, "file", file->name);
	}
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
	write_compared(w, &found->compared);
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
	for (size_t i = 0; i < file->text->count; i++) {
		write_report(w, file->text, i);
	}
	write_end(w);
	write_end(w);
}

void report_explain_json(const struct explain_answer *answer, struct strbuf *out)
{
	struct writer writer = writer_json(out), *w = &writer;

	write_obj(w, NULL);
	if (answer->count == 1) {
		write_explained(w, "explain", &answer->file[0]);
	} else {
		write_arr(w, "files");
		for (size_t i = 0; i < answer->count; i++) {
			write_explained(w, NULL, &answer->file[i]);
		}
		write_end(w);
		write_compared(w, &answer->compared);
	}
	write_end(w);
}
