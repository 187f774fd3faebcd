/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <unistd.h>

#include "base/utf8.h"
#include "fuzz/fuzz.h"
#include "names/mmdb.h"

/* libmaxminddb 1.7.1 loses what it read of broken metadata; a run opens two files at most. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libmaxminddb";
}

static void check_text(const char *text, size_t size)
{
	char clean[256];

	MUST(memchr(text, '\0', size) != NULL);
	utf8_clean(text, clean, sizeof clean);
	MUST(strcmp(text, clean) == 0);
}

static void check_network(const struct network *network)
{
	MUST(network->asn > 0);
	check_text(network->prefix, sizeof network->prefix);
	check_text(network->name, sizeof network->name);
	MUST(strchr(network->prefix, '/') != NULL && network->registry[0] == '\0');
}

static void check_place(const struct place *place)
{
	check_text(place->city, sizeof place->city);
	MUST(strlen(place->country) == 2);
	MUST(place->kind == PLACE_NONE || place->kind == PLACE_DATABASE);
	MUST((place->kind == PLACE_DATABASE) == (place->city[0] != '\0'));
	MUST(place->lat >= -9000 && place->lat <= 9000);
	MUST(place->lon >= -18000 && place->lon <= 18000);
}

static void ask(const char *path, enum mmdb_kind kind)
{
	static const char *const addresses[] = {"127.0.0.1", "0.0.0.0", "255.255.255.255",
		"192.0.2.1", "198.51.100.1", "2001:db8:1::1", "::1", "::7f00:1"};
	struct err err = {0};
	struct mmdb *mmdb = mmdb_open(path, kind, &err);

	MUST((mmdb == NULL) == (err.code != ERR_NONE));
	for (size_t i = 0; mmdb != NULL && i < sizeof addresses / sizeof addresses[0]; i++) {
		struct addr addr;
		struct network network;
		struct place place;
		bool was_broken = mmdb_is_broken(mmdb);

		MUST(addr_parse(addresses[i], &addr));
		memset(&network, 0xa5, sizeof network);
		memset(&place, 0xa5, sizeof place);
		if (mmdb_network(mmdb, &addr, &network)) {
			MUST(!was_broken);
			check_network(&network);
		} else {
			MUST(fuzz_is_untouched(&network, sizeof network));
		}
		if (mmdb_place(mmdb, &addr, &place)) {
			MUST(!was_broken);
			check_place(&place);
		} else {
			MUST(fuzz_is_untouched(&place, sizeof place));
		}
		MUST(!was_broken || mmdb_is_broken(mmdb));
	}
	mmdb_close(mmdb);
}

/* A database file. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	int fd = memfd_create("mmdb", MFD_CLOEXEC);
	char path[64];

	MUST(fd >= 0 && write(fd, bytes, len) == (ssize_t)len);
	(void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	ask(path, MMDB_NETWORKS);
	ask(path, MMDB_PLACES);
	(void)close(fd);
	return 0;
}
