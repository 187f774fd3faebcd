/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/who.h"

#include <string.h>

bool who_is_nobody(struct word word)
{
	return word.len == 0 || word_is(word, "???") || word_is(word, "-") || word_is(word, "*") ||
	       word_is(word, "(waiting") || word_is(word, "timeout");
}

uint32_t who_as(struct word word)
{
	struct word bare = word_bare(word);
	unsigned number = 0;

	if (bare.len > 2 && strncmp(bare.at, "AS", 2) == 0) {
		(void)word_count((struct word){bare.at + 2, bare.len - 2}, &number);
	}
	return number;
}

void who_set(struct read_row *row, const char *at, const char *end)
{
	static const char nobody[] = "No response";
	struct word name = {at, 0};
	struct addr address = {0}, found;
	uint32_t asn = 0;
	int host;

	if ((size_t)(end - at) >= sizeof nobody - 1 && memcmp(at, nobody, sizeof nobody - 1) == 0) {
		return;
	}
	while (at < end) {
		struct word word = word_next(&at);

		word.len = word.at + word.len > end ? (size_t)(end - word.at) : word.len;
		if (word.len == 0 || word.at >= end) {
			break;
		}
		if (who_as(word) != 0 || word_is(word, "AS???")) {
			asn = who_as(word);
		} else if (word_address(word, &found) && (!addr_is_set(&address) ||
		           addr_equal(&found, &address))) {
			address = found; /* or its name, which is the address again */
		} else if (name.len == 0 && !who_is_nobody(word) && word_bare(word).len > 0) {
			name = word_bare(word);
		}
	}
	if (name.len > 0 || addr_is_set(&address)) {
		host = read_row_host(row, name.at, name.len, addr_is_set(&address) ? &address : NULL);
		if (host >= 0) {
			row->host[host].asn = asn;
		}
	}
}

static struct word part_next(const char **at, const char *end)
{
	struct word part = {*at, 0};

	while (part.at + part.len < end && part.at[part.len] != ':') {
		part.len++;
	}
	*at = part.at + part.len + (part.at + part.len < end);
	return part;
}

void who_set_many(struct read_row *row, struct word cell)
{
	const char *at = cell.at, *end = cell.at + cell.len;
	struct addr address;
	bool are_many = word_has(cell, ':');

	while (at < end && are_many) {
		are_many = word_address(part_next(&at, end), &address) && address.family == ADDR_V4;
	}
	if (!are_many) {
		who_set(row, cell.at, end);
		return;
	}
	for (at = cell.at; at < end;) {
		struct word part = part_next(&at, end);

		who_set(row, part.at, part.at + part.len);
	}
}

void who_name(struct read_row *row, struct word cell)
{
	const char *at = cell.at, *end = cell.at + cell.len;
	struct addr address;

	if (row->host_count == 1 && word_address(cell, &address)) {
		return;
	}
	for (size_t i = 0; i < row->host_count && at < end; i++) {
		struct word part = row->host_count == 1 ? cell : part_next(&at, end);

		if (row->host[i].name[0] == '\0' && !word_address(part, &address) &&
		    part.len < sizeof row->host[i].name) {
			memcpy(row->host[i].name, part.at, part.len);
		}
	}
}
