/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "explain/anonymise.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/siphash.h"
#include "base/strbuf.h"
#include "base/utf8.h"
#include "explain/facts.h"

enum {
	WORD_MAX = 256,
	NAME_COLUMNS = 64,       /* of a name in a sentence, with its NUL */
	TARGET_COLUMNS = 101,    /* of a target in a command, with its NUL */
	DOCUMENTATION = 3,       /* nets of RFC 5737 */
	BENCHMARK = 512,         /* nets of 198.18.0.0/15 */
	SUBNETS_6 = 0x1000,      /* 2001:db8:a000::/36 has so many /48 */
	FIRST_AS = 64496, DOCUMENTATION_AS = 16, FIRST_LONG_AS = 65536,
	BUCKETS = 4096
};

enum kind {
	KIND_NET, KIND_HOST_6, KIND_DOMAIN, KIND_NAME, KIND_AS, KIND_COUNT
};

/* What a word has become. */
struct word {
	struct word *next;       /* of its bucket */
	char *from, *to;         /* owned; `to` NULL: only `number` counts */
	unsigned number;         /* in the order in which they came, of its kind */
};

struct anonymiser {
	struct word *bucket[BUCKETS];
	unsigned count[KIND_COUNT];
};

struct anonymiser *anonymiser_create(void)
{
	return xcalloc(1, sizeof(struct anonymiser));
}

void anonymiser_destroy(struct anonymiser *anonymiser)
{
	for (size_t i = 0; anonymiser != NULL && i < BUCKETS; i++) {
		struct word *word = anonymiser->bucket[i], *next;

		for (; word != NULL; word = next) {
			next = word->next;
			free(word->from);
			free(word->to);
			free(word);
		}
	}
	free(anonymiser);
}

static size_t bucket_of(const char *from)
{
	static const struct siphash_key key;

	return siphash(&key, (const uint8_t *)from, strlen(from)) % BUCKETS;
}

static struct word *find(const struct anonymiser *anonymiser, const char *from)
{
	struct word *word = anonymiser->bucket[bucket_of(from)];

	while (word != NULL && strcmp(word->from, from) != 0) {
		word = word->next;
	}
	return word;
}

/* One that is not there yet. `to` NULL: it has none. */
static struct word *add(struct anonymiser *anonymiser, const char *from, const char *to)
{
	struct word **bucket = &anonymiser->bucket[bucket_of(from)], *word = xcalloc(1, sizeof *word);

	word->from = xstrdup(from);
	word->to = to == NULL ? NULL : xstrdup(to);
	word->next = *bucket;
	*bucket = word;
	return word;
}

/* Which of its kind it is, from 0. The key begins with a letter of the kind and a blank, which no
 * word has. */
static unsigned number_of(struct anonymiser *anonymiser, enum kind kind, const char *key)
{
	const struct word *known = find(anonymiser, key);
	struct word *word;

	if (known != NULL) {
		return known->number;
	}
	word = add(anonymiser, key, NULL);
	word->number = anonymiser->count[kind]++;
	return word->number;
}

static void learn(struct anonymiser *anonymiser, const char *from, const char *to)
{
	static const size_t cuts[] = {NAME_COLUMNS, TARGET_COLUMNS, WORD_MAX};
	char cut[WORD_MAX];

	for (size_t i = 0; i < sizeof cuts / sizeof cuts[0]; i++) {
		utf8_clean(from, cut, cuts[i]);
		if (cut[0] != '\0' && find(anonymiser, cut) == NULL) {
			(void)add(anonymiser, cut, to);
		}
	}
}

/* Of a subscriber's /64 the network may be told, who he is in it not: a small number is a router's,
 * any other is given in the order of coming. */
static void hide_host_6(struct anonymiser *anonymiser, struct addr *address)
{
	static const uint8_t none[6];
	char key[ADDR_TEXT_MAX + 2] = "h ";
	unsigned number;

	if (memcmp(address->byte + 8, none, sizeof none) == 0) {
		return;
	}
	(void)addr_format(address, key + 2);
	number = number_of(anonymiser, KIND_HOST_6, key) + 1;
	memset(address->byte + 8, 0, 8);
	address->byte[11] = 1; /* apart from the small ones */
	address->byte[14] = (uint8_t)(number >> 8);
	address->byte[15] = (uint8_t)number;
}

static unsigned net_of(struct anonymiser *anonymiser, const struct addr *address, size_t bytes)
{
	struct addr net = {.family = address->family};
	char key[ADDR_TEXT_MAX + 2] = "p ";

	memcpy(net.byte, address->byte, bytes);
	(void)addr_format(&net, key + 2);
	return number_of(anonymiser, KIND_NET, key);
}

static void hide_address(struct anonymiser *anonymiser, struct addr *address)
{
	static const uint8_t documentation[DOCUMENTATION][3] = {{192, 0, 2}, {198, 51, 100},
		{203, 0, 113}};
	char before[ADDR_TEXT_MAX], after[ADDR_TEXT_MAX];
	unsigned net;

	if (!addr_is_set(address)) {
		return;
	}
	(void)addr_format(address, before);
	if (address->family == ADDR_V6) {
		if (!facts_is_private(address)) {
			net = 0xa000 + net_of(anonymiser, address, 6) % SUBNETS_6;
			memcpy(address->byte, (const uint8_t[]){0x20, 0x01, 0x0d, 0xb8}, 4);
			address->byte[4] = (uint8_t)(net >> 8);
			address->byte[5] = (uint8_t)net;
		}
		hide_host_6(anonymiser, address);
	} else if (!facts_is_private(address) && !facts_is_shared(address)) {
		net = net_of(anonymiser, address, 3);
		if (net < DOCUMENTATION) {
			memcpy(address->byte, documentation[net], 3);
		} else {
			net = (net - DOCUMENTATION) % BENCHMARK;
			address->byte[0] = 198;
			address->byte[1] = (uint8_t)(18 + net / 256);
			address->byte[2] = (uint8_t)net;
		}
	}
	learn(anonymiser, before, addr_format(address, after));
}

/* What was registered: the last two labels, or three where the last but one is a country's own
 * kind of name (co.uk). */
static const char *domain_of(const char *name)
{
	const char *at = name + strlen(name), *dot[3] = {NULL};
	size_t count = 0;

	while (at > name && count < 3) {
		at--;
		if (*at == '.' && at[1] != '\0') {
			dot[count++] = at;
		}
	}
	if (count < 2) {
		return name;
	}
	if (strlen(dot[0]) == 3 && dot[0] - dot[1] <= 4) {
		return count == 3 ? dot[2] + 1 : name;
	}
	return dot[1] + 1;
}

/* Names that say nothing of their owner. */
static bool is_of_everybody(const char *name)
{
	static const char *const names[] = {"_gateway", "gateway", "router", "localhost"};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (strcasecmp(name, names[i]) == 0) {
			return true;
		}
	}
	return false;
}

static void invent(struct anonymiser *anonymiser, const char *name, char ret_hidden[WORD_MAX])
{
	char key[WORD_MAX + 2];
	unsigned host;

	(void)snprintf(key, sizeof key, "n %s", name);
	host = number_of(anonymiser, KIND_NAME, key) + 1;
	if (strchr(name, '.') == NULL) {
		(void)snprintf(ret_hidden, WORD_MAX, "host%u", host);
		return;
	}
	(void)snprintf(key, sizeof key, "d %s", domain_of(name));
	for (char *at = key; *at != '\0'; at++) {
		*at = (char)tolower((unsigned char)*at);
	}
	(void)snprintf(ret_hidden, WORD_MAX, "host%u.net%u.example", host,
		number_of(anonymiser, KIND_DOMAIN, key) + 1);
}

static void hide_name(struct anonymiser *anonymiser, char *name, size_t cap)
{
	char hidden[WORD_MAX];
	const struct word *known;
	struct addr address;

	if (name[0] == '\0' || is_of_everybody(name) || strlen(name) >= WORD_MAX) {
		return;
	}
	if (addr_parse(name, &address)) {
		hide_address(anonymiser, &address);
		(void)snprintf(name, cap, "%s", addr_format(&address, hidden));
		return;
	}
	known = find(anonymiser, name);
	if (known == NULL) {
		invent(anonymiser, name, hidden);
		learn(anonymiser, name, hidden);
	} else {
		(void)snprintf(hidden, sizeof hidden, "%s", known->to);
	}
	(void)snprintf(name, cap, "%s", hidden);
}

static uint32_t hide_as(struct anonymiser *anonymiser, uint32_t asn)
{
	char key[16], from[16], to[16];
	unsigned number;

	if (asn == 0) {
		return 0;
	}
	(void)snprintf(key, sizeof key, "a %u", (unsigned)asn);
	number = number_of(anonymiser, KIND_AS, key);
	number += number < DOCUMENTATION_AS ? FIRST_AS : FIRST_LONG_AS - DOCUMENTATION_AS;
	(void)snprintf(from, sizeof from, "AS%u", (unsigned)asn);
	(void)snprintf(to, sizeof to, "AS%u", number);
	learn(anonymiser, from, to);
	return number;
}

void anonymise_text(struct anonymiser *anonymiser, struct read_text *text)
{
	for (size_t i = 0; i < text->count; i++) {
		struct read_report *report = &text->report[i];

		hide_address(anonymiser, &report->target);
		hide_name(anonymiser, report->target_name, sizeof report->target_name);
		for (size_t k = 0; k < report->row_count; k++) {
			struct read_row *row = &report->row[k];

			for (size_t n = 0; n < row->host_count; n++) {
				hide_address(anonymiser, &row->host[n].address);
				hide_name(anonymiser, row->host[n].name, sizeof row->host[n].name);
				row->host[n].asn = hide_as(anonymiser, row->host[n].asn);
			}
		}
	}
}

static bool is_of_word(char c)
{
	return isalnum((unsigned char)c) || strchr("._-:", c) != NULL || ((unsigned char)c & 0x80) != 0;
}

/* Each word that has become another one is replaced; a full stop or a colon behind it is none of
 * its own. */
static void replace(const struct anonymiser *anonymiser, char *text, size_t cap)
{
	struct strbuf out = {0};
	const char *at = text;

	while (*at != '\0') {
		size_t len = 0, used;
		const struct word *word = NULL;
		char token[WORD_MAX];

		while (at[len] != '\0' && is_of_word(at[len]) && len + 1 < sizeof token) {
			len++;
		}
		for (used = len; used > 0 && word == NULL; used--) {
			(void)snprintf(token, sizeof token, "%.*s", (int)used, at);
			word = find(anonymiser, token);
			if (word != NULL || strchr(".:", at[used - 1]) == NULL) {
				break;
			}
		}
		if (word != NULL && word->to != NULL) {
			strbuf_puts(&out, word->to);
			at += used;
		} else {
			strbuf_add(&out, at, len == 0 ? 1 : len);
			at += len == 0 ? 1 : len;
		}
	}
	utf8_clean(strbuf_text(&out), text, cap);
	strbuf_finish(&out);
}

void anonymise_comparison(const struct anonymiser *anonymiser, struct comparison *comparison)
{
	for (size_t i = 0; i < comparison->count; i++) {
		replace(anonymiser, comparison->item[i].text, sizeof comparison->item[i].text);
	}
}

void anonymise_explanation(const struct anonymiser *anonymiser, struct explanation *found)
{
	for (size_t i = 0; i < found->count; i++) {
		replace(anonymiser, found->finding[i].text, sizeof found->finding[i].text);
	}
	for (size_t i = 0; i < found->next_count; i++) {
		replace(anonymiser, found->next[i], sizeof found->next[i]);
	}
	anonymise_comparison(anonymiser, &found->compared);
}
