/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "explain/anonymise.h"
#include "explain/explain.h"
#include "fuzz/fuzz.h"
#include "names/table.h"

static const struct table *tables(void)
{
	static struct table *table;

	if (table == NULL) {
		table = table_create();
	}
	return table;
}

static void check_row(const struct read_row *row)
{
	MUST(row->host_count <= READ_HOSTS && row->rtt_count <= READ_RTTS);
	MUST(row->label_count <= READ_LABELS && row->flag_count <= READ_FLAGS);
	for (size_t i = 0; i < row->host_count; i++) {
		MUST(memchr(row->host[i].name, '\0', sizeof row->host[i].name) != NULL);
		MUST(row->host[i].name[0] != '\0' || addr_is_set(&row->host[i].address));
	}
	for (size_t i = 0; i < row->rtt_count; i++) {
		MUST(isnan(row->rtt_ms[i]) || row->rtt_ms[i] >= 0);
		MUST(row->rtt_host[i] >= -1 && row->rtt_host[i] < (int)row->host_count);
	}
}

static bool is_hop_of(const struct read_report *report, unsigned hop)
{
	for (size_t i = 0; i < report->row_count; i++) {
		if (report->row[i].hop >= hop) {
			return true;
		}
	}
	return false;
}

/* No public address is left that is not one for documentation; done again, nothing is lost. */
static void anonymise_all(struct read_text *text, struct explanation *found)
{
	struct anonymiser *anonymiser = anonymiser_create();

	anonymise_text(anonymiser, text);
	anonymise_explanation(anonymiser, found);
	anonymiser_destroy(anonymiser);
	for (size_t i = 0; i < text->count; i++) {
		for (size_t k = 0; k < text->report[i].row_count; k++) {
			const struct read_row *row = &text->report[i].row[k];

			check_row(row);
			for (size_t n = 0; n < row->host_count; n++) {
				MUST(!addr_is_set(&row->host[n].address) ||
					addr_is_private(&row->host[n].address) ||
					addr_is_loopback(&row->host[n].address));
			}
		}
	}
}

/* Any text is read, and whatever is said of it is about rows that it has. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct read_text *text = calloc(1, sizeof *text);
	struct explanation *found = calloc(1, sizeof *found);

	read_text((const char *)bytes, len, text);
	MUST(text->count <= READ_REPORTS);
	for (size_t i = 0; i < text->count; i++) {
		const struct read_report *report = &text->report[i];

		MUST(report->row_count > 0 && report->row_count <= READ_ROWS);
		MUST(report->first_line <= report->last_line);
		for (size_t k = 0; k < report->row_count; k++) {
			check_row(&report->row[k]);
		}
	}
	explain(text, tables(), found);
	MUST(found->count <= EXPLAIN_FINDINGS && (found->count == 0 || text->count > 0));
	for (size_t i = 0; i < found->count; i++) {
		MUST(found->finding[i].report < text->count);
		MUST(found->finding[i].low_hop <= found->finding[i].high_hop);
		MUST(is_hop_of(&text->report[found->finding[i].report], found->finding[i].high_hop));
	}
	anonymise_all(text, found);
	read_text_finish(text);
	free(text);
	free(found);
	return 0;
}
