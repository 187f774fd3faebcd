/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/table.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct read_row read_row_of(unsigned hop, size_t line)
{
	return (struct read_row){.hop = hop, .line = line, .sent = NAN, .received = NAN, .loss = NAN,
		.last_ms = NAN, .avg_ms = NAN, .best_ms = NAN, .worst_ms = NAN, .stddev_ms = NAN,
		.link_loss = NAN};
}

int read_row_host(struct read_row *row, const char *name, size_t len, const struct addr *address)
{
	struct read_host host = {.asn = 0};

	if (len == 0 && address == NULL) {
		return -1;
	}
	len = len < sizeof host.name ? len : sizeof host.name - 1;
	memcpy(host.name, name, len);
	if (address != NULL) {
		host.address = *address;
	}
	for (size_t i = 0; i < row->host_count; i++) {
		const struct read_host *known = &row->host[i];

		if (addr_equal(&known->address, &host.address) && (addr_is_set(&host.address) ||
		    strcmp(known->name, host.name) == 0)) {
			return (int)i;
		}
	}
	if (row->host_count == READ_HOSTS) {
		return -1;
	}
	row->host[row->host_count] = host;
	return (int)row->host_count++;
}

void read_row_rtt(struct read_row *row, double ms, int host)
{
	if (row->rtt_count < READ_RTTS) {
		row->rtt_ms[row->rtt_count] = ms;
		row->rtt_host[row->rtt_count++] = (int8_t)host;
	}
}

void read_row_flag(struct read_row *row, const char *flag, size_t len)
{
	if (row->flag_count < READ_FLAGS) {
		len = len < sizeof row->flag[0] ? len : sizeof row->flag[0] - 1;
		memcpy(row->flag[row->flag_count], flag, len);
		row->flag[row->flag_count++][len] = '\0';
	}
}

void read_row_icmp(struct read_row *row, unsigned type, unsigned code)
{
	/* RFC 792; RFC 1812, 5.2.7.1: those from 9 on are of filters. RFC 4443, 3.1 and 3.2. */
	static const char *const flags[] = {"!N", "!H", "!P", "", "!F", "!S", "", "", "", "!X", "!X",
		"", "", "!X"};
	static const char *const flags6[] = {"!N", "!X", "!S", "!H", "", "!X", "!X"};
	bool is_six = row->host_count > 0 && row->host[0].address.family == ADDR_V6;
	const char *flag = "";

	if (!is_six && type == 3 && code < sizeof flags / sizeof flags[0]) {
		flag = flags[code];
	} else if (is_six && type == 1 && code < sizeof flags6 / sizeof flags6[0]) {
		flag = flags6[code];
	} else if (is_six && type == 2) {
		flag = "!F";
	}
	if (flag[0] != '\0') {
		read_row_flag(row, flag, strlen(flag));
	}
}

struct read_row *read_report_row(struct read_report *report, unsigned hop, size_t line)
{
	size_t at = report->row_count;

	while (at > 0 && report->row[at - 1].hop > hop) {
		at--;
	}
	if (at > 0 && report->row[at - 1].hop == hop) {
		return &report->row[at - 1];
	}
	if (report->row_count == READ_ROWS) {
		return NULL;
	}
	report->row = xgrow(report->row, &report->row_cap, report->row_count, sizeof *report->row);
	memmove(&report->row[at + 1], &report->row[at],
		(report->row_count - at) * sizeof report->row[0]);
	report->row[at] = read_row_of(hop, line);
	report->row_count++;
	return &report->row[at];
}

void read_text_finish(struct read_text *text)
{
	for (size_t i = 0; i < text->count; i++) {
		free(text->report[i].row);
	}
	*text = (struct read_text){.count = 0};
}
