/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/utf8.h"
#include "report/doc.h"
#include "report/explain_items.h"
#include "report/report_explain.h"

enum { CLEAN = 1024, CELL = 64 };

/* A cell or a fact: foreign text, made clean. */
static const char *clean_of(const char *text, char ret_clean[CLEAN])
{
	utf8_clean(text, ret_clean, CLEAN);
	return ret_clean;
}

static const char *host_of(const char *name, const struct addr *address, char ret_text[CLEAN])
{
	char text[CLEAN], number[ADDR_TEXT_MAX] = "";

	if (addr_is_set(address)) {
		(void)addr_format(address, number);
	}
	if (name[0] != '\0' && number[0] != '\0' && strcmp(name, number) != 0) {
		(void)snprintf(text, sizeof text, "%s (%s)", name, number);
	} else {
		(void)snprintf(text, sizeof text, "%s", number[0] != '\0' ? number : name);
	}
	return clean_of(text, ret_text);
}

static const struct read_row *row_of(const struct read_report *report, unsigned hop)
{
	for (size_t i = 0; hop > 0 && i < report->row_count; i++) {
		if (report->row[i].hop == hop) {
			return &report->row[i];
		}
	}
	return NULL;
}

static void put_host_fact(struct doc *doc, const char *label, const struct read_report *report,
	unsigned hop)
{
	const struct read_row *row = row_of(report, hop);
	char host[CLEAN], text[CLEAN + 16];

	if (row != NULL && row->host_count > 0) {
		(void)snprintf(text, sizeof text, "%u: %s", hop,
			host_of(row->host[0].name, &row->host[0].address, host));
		doc->ops->fact(doc, label, text);
	}
}

static bool finding_fact(const struct explained *found, const char *name, double *ret_value)
{
	for (size_t i = 0; i < EXPLAIN_FACTS && found->fact[i].name != NULL; i++) {
		if (strcmp(found->fact[i].name, name) == 0) {
			*ret_value = found->fact[i].value;
			return true;
		}
	}
	return false;
}

static void put_loss_fact(struct doc *doc, const struct explained *found)
{
	double lost, sent, low, high;
	char text[CELL * 2];

	if (finding_fact(found, "lost", &lost) && finding_fact(found, "sent", &sent) && sent > 0 &&
	    finding_fact(found, "low", &low) && finding_fact(found, "high", &high)) {
		(void)snprintf(text, sizeof text, _("%.1f %% (%.0f of %.0f probes; 95 %% interval %.1f to "
			"%.1f %%)"), 100 * lost / sent, lost, sent, 100 * low, 100 * high);
		doc->ops->fact(doc, _("Loss that continues to the destination"), text);
	}
}

/* What an operator needs to act, and what he would ask for. */
static void put_ticket(struct doc *doc, const struct explained_file *file)
{
	const struct explanation *found = file->found;
	const struct read_report *report = &file->text->report[found->report];
	const struct explained *first = &found->finding[0];
	unsigned hop = found->first_bad_hop > 0 ? found->first_bad_hop : first->low_hop;
	char host[CLEAN], probes[CELL];

	doc->ops->heading(doc, _("For the network's operator"));
	doc->ops->fact(doc, _("Destination"), host_of(report->target_name, &report->target, host));
	(void)snprintf(probes, sizeof probes, "%s%s%s", report->tool,
		report->protocol[0] != '\0' ? ", " : "", report->protocol);
	doc->ops->fact(doc, _("Measured with"), probes);
	put_host_fact(doc, _("First hop affected"), report, hop);
	put_host_fact(doc, _("The hop before it"), report, hop > 1 ? hop - 1 : 0);
	put_loss_fact(doc, first);
	doc->ops->facts_end(doc);
	doc->ops->line(doc, _("Add before you send it:"));
	doc->ops->item(doc, ROLE_NORMAL, "", _("the address that the probes were sent from"));
	doc->ops->item(doc, ROLE_NORMAL, "", _("when it was measured, with the time zone, and whether "
		"it still is so"));
	doc->ops->item(doc, ROLE_NORMAL, "", _("the same measured in the other direction, from the "
		"destination to you: the return path may be a different one"));
	doc->ops->items_end(doc);
}

/* An operator closes a ticket that shows no fault, and has less patience with the next one. */
static void put_refusal(struct doc *doc, const struct explanation *found)
{
	doc->ops->heading(doc, _("Not for a ticket"));
	doc->ops->line(doc, found->persists == PERSISTS_NO ?
		_("Nothing that this report shows continues to the destination: there is no fault in it "
		"for an operator to mend. If you do see a problem, measure again while it lasts.") :
		_("This report does not show a fault of the network. Measure again as below before you "
		"send it to anybody."));
}

static void put_headline(struct doc *doc, const struct explanation *found)
{
	struct strbuf text = {0};

	explain_headline(found, &text);
	doc->ops->line(doc, strbuf_text(&text));
	strbuf_finish(&text);
}

static void put_findings(struct doc *doc, const struct explanation *found)
{
	struct strbuf text = {0};
	bool has_any = false;

	for (size_t i = 0; (i = explain_item(found, i + 1, &text)) < found->count;) {
		if (found->finding[i].report == found->report) {
			if (!has_any) {
				doc->ops->heading(doc, _("What else it shows"));
			}
			has_any = true;
			doc->ops->item(doc, ROLE_NORMAL, "", strbuf_text(&text));
		}
	}
	strbuf_finish(&text);
	doc->ops->items_end(doc);
}

static void put_compared(struct doc *doc, const struct comparison *compared)
{
	if (compared->count > 0) {
		doc->ops->heading(doc, _("Compared"));
	}
	for (size_t i = 0; i < compared->count; i++) {
		doc->ops->item(doc, ROLE_NORMAL, "", compared->item[i].text);
	}
	doc->ops->items_end(doc);
}

static void put_advice(struct doc *doc, const struct explanation *found)
{
	if (found->cannot_count > 0) {
		doc->ops->heading(doc, _("What this report cannot tell"));
	}
	for (size_t i = 0; i < found->cannot_count; i++) {
		doc->ops->item(doc, ROLE_NORMAL, "", found->cannot_tell[i]);
	}
	doc->ops->items_end(doc);
	if (found->next_count > 0) {
		doc->ops->heading(doc, _("What to run next"));
	}
	for (size_t i = 0; i < found->next_count; i++) {
		char clean[CLEAN];

		doc->ops->code(doc, clean_of(found->next[i], clean));
	}
}

static void put_number(struct doc *doc, double value, int digits)
{
	char text[CELL] = "";

	if (!isnan(value)) {
		(void)snprintf(text, sizeof text, "%.*f", digits, value);
	}
	doc->ops->cell(doc, ROLE_NORMAL, text, false);
}

static void put_times(struct doc *doc, const struct read_row *row)
{
	char text[READ_RTTS * 12] = "";
	size_t len = 0;

	for (size_t i = 0; i < row->rtt_count; i++) {
		int more = isnan(row->rtt_ms[i]) ?
			snprintf(text + len, sizeof text - len, "%s*", i > 0 ? " " : "") :
			snprintf(text + len, sizeof text - len, "%s%s%.1f", i > 0 ? " " : "",
				row->is_below && row->rtt_ms[i] <= 1 ? "<" : "", row->rtt_ms[i]);

		len += more > 0 && (size_t)more < sizeof text - len ? (size_t)more : 0;
	}
	if (row->rtt_count == 0 && !isnan(row->avg_ms) && row->host_count > 0) {
		(void)snprintf(text, sizeof text, "%.1f", row->avg_ms);
	}
	doc->ops->cell(doc, ROLE_NORMAL, text, false);
}

static void put_row(struct doc *doc, const struct read_row *row)
{
	char hop[CELL], host[CLEAN];

	(void)snprintf(hop, sizeof hop, "%u", row->hop);
	doc->ops->row(doc);
	doc->ops->cell(doc, ROLE_NORMAL, hop, false);
	doc->ops->cell(doc, ROLE_NORMAL, row->host_count == 0 ? _("no reply") :
		host_of(row->host[0].name, &row->host[0].address, host), true);
	put_number(doc, 100 * row->loss, 1);
	put_number(doc, row->sent, 0);
	put_times(doc, row);
	put_number(doc, row->best_ms, 1);
	put_number(doc, row->worst_ms, 1);
	for (size_t i = 1; i < row->host_count; i++) {
		doc->ops->row(doc);
		doc->ops->cell(doc, ROLE_NORMAL, "", false);
		doc->ops->cell(doc, ROLE_NORMAL, host_of(row->host[i].name, &row->host[i].address, host),
			true);
		for (int k = 0; k < 5; k++) {
			doc->ops->cell(doc, ROLE_NORMAL, "", false);
		}
	}
}

static void put_table(struct doc *doc, const struct read_text *text, size_t i, bool is_alone)
{
	const struct read_report *report = &text->report[i];
	struct strbuf title = {0};

	if (text->count > 1 && is_alone) {
		strbuf_printf(&title, _("Report %zu: "), i + 1);
	}
	strbuf_printf(&title, _("As it was read, lines %zu to %zu (%s):"), report->first_line,
		report->last_line, report->tool);
	doc->ops->heading(doc, strbuf_text(&title));
	strbuf_finish(&title);
	doc->ops->table(doc, 7);
	doc->ops->head(doc, _("Hop"), false);
	doc->ops->head(doc, _("Host"), true);
	doc->ops->head(doc, _("Loss %"), false);
	doc->ops->head(doc, _("Sent"), false);
	doc->ops->head(doc, _("RTT, ms"), false);
	doc->ops->head(doc, _("Best"), false);
	doc->ops->head(doc, _("Worst"), false);
	for (size_t k = 0; k < report->row_count; k++) {
		put_row(doc, &report->row[k]);
	}
	doc->ops->table_end(doc);
}

/* `is_alone`: reports are numbered, and not files. */
static void put_file(struct doc *doc, const struct explained_file *file, bool is_alone)
{
	const struct explanation *found = file->found;

	if (found->count == 0) {
		doc->ops->line(doc, _("There is no traceroute or mtr report in this text."));
		return;
	}
	put_headline(doc, found);
	if (found->finding[0].severity == SNAP_ALARM) {
		put_ticket(doc, file);
	} else {
		put_refusal(doc, found);
	}
	put_findings(doc, found);
	if (is_alone) {
		put_compared(doc, &found->compared);
	}
	put_advice(doc, found);
	for (size_t i = 0; i < file->text->count; i++) {
		put_table(doc, file->text, i, is_alone);
	}
}

static void put_answer(struct doc *doc, const struct explain_answer *answer)
{
	doc->ops->begin(doc, _("What this report says"));
	for (size_t i = 0; i < answer->count; i++) {
		struct strbuf title = {0};
		char clean[CLEAN];

		if (answer->count > 1) {
			strbuf_printf(&title, _("Report %zu: "), i + 1);
			strbuf_puts(&title, clean_of(answer->file[i].name, clean));
			doc->ops->heading(doc, strbuf_text(&title));
			strbuf_finish(&title);
		}
		put_file(doc, &answer->file[i], answer->count == 1);
	}
	put_compared(doc, &answer->compared);
	doc->ops->end(doc);
}

void report_explain_markdown(const struct explain_answer *answer, struct strbuf *out)
{
	struct doc doc = doc_markdown(out);

	put_answer(&doc, answer);
}

void report_explain_html(const struct explain_answer *answer, struct strbuf *out)
{
	struct doc doc = doc_html(out);

	put_answer(&doc, answer);
}
