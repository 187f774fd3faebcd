/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "run/geodata.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"

enum { DIRECTORIES = 16, PATH_SIZE = 512 };

/* By what their makers call them, the more exact first; of several the one of the latest name,
 * which holds the month. */
static const char *const network_names[] = {"GeoIP2-ISP.mmdb", "GeoLite2-ASN.mmdb",
	"geolite2-asn*.mmdb", "dbip-asn*.mmdb", "ipinfo_asn*.mmdb", "ipinfo_lite*.mmdb",
	"asn*.mmdb", NULL};
static const char *const place_names[] = {"GeoIP2-City.mmdb", "GeoLite2-City.mmdb",
	"geolite2-city*.mmdb", "dbip-city*.mmdb", "ipinfo_location*.mmdb",
	"standard_location*.mmdb", "city*.mmdb", "GeoIP2-Country.mmdb", "GeoLite2-Country.mmdb",
	"dbip-country*.mmdb", "country*.mmdb", NULL};

struct directories {
	char path[DIRECTORIES][PATH_SIZE];
	size_t count;
};

static void add_directory(struct directories *to, const char *base, size_t len, const char *below)
{
	if (to->count < DIRECTORIES && len > 0 && base[0] == '/') {
		int size = snprintf(to->path[to->count], PATH_SIZE, "%.*s%s", (int)len, base, below);

		to->count += size > 0 && size < PATH_SIZE;
	}
}

/* The user's own come first, then the system's, then where geoipupdate writes. */
static void find_directories(struct directories *to)
{
	const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
	const char *shared = getenv("XDG_DATA_DIRS");

	if (data != NULL && data[0] == '/') {
		add_directory(to, data, strlen(data), "/thrupath");
		add_directory(to, data, strlen(data), "/GeoIP");
	} else if (home != NULL) {
		add_directory(to, home, strlen(home), "/.local/share/thrupath");
		add_directory(to, home, strlen(home), "/.local/share/GeoIP");
	}
	shared = shared == NULL || shared[0] == '\0' ? "/usr/local/share:/usr/share" : shared;
	while (*shared != '\0') {
		size_t len = strcspn(shared, ":");

		add_directory(to, shared, len, "/GeoIP");
		shared += len + (shared[len] == ':');
	}
	add_directory(to, "/var/lib/GeoIP", strlen("/var/lib/GeoIP"), "");
	add_directory(to, "/usr/local/var/GeoIP", strlen("/usr/local/var/GeoIP"), "");
}

static struct mmdb *try_file(struct geodata *data, size_t index, const char *path)
{
	struct err err = {0};
	struct mmdb *mmdb = mmdb_open(path, (enum mmdb_kind)index, &err);

	if (mmdb != NULL) {
		(void)snprintf(data->files[index].path, sizeof data->files[index].path, "%s", path);
		data->files[index].fault[0] = '\0';
	} else if (data->files[index].fault[0] == '\0') {
		(void)snprintf(data->files[index].fault, sizeof data->files[index].fault, "%s",
			err.text);
	}
	return mmdb;
}

static struct mmdb *search(struct geodata *data, size_t index, const struct directories *in,
	const char *const *names)
{
	struct mmdb *mmdb = NULL;

	for (size_t i = 0; i < in->count; i++) {
		for (size_t k = 0; mmdb == NULL && names[k] != NULL; k++) {
			char pattern[PATH_SIZE + 64];
			glob_t found;

			(void)snprintf(pattern, sizeof pattern, "%s/%s", in->path[i], names[k]);
			if (glob(pattern, 0, NULL, &found) == 0) {
				for (size_t last = found.gl_pathc; mmdb == NULL && last-- > 0;) {
					/* Of a pair that is cut by family it would be half. */
					mmdb = strstr(found.gl_pathv[last], "-ipv6") != NULL ? NULL :
						try_file(data, index, found.gl_pathv[last]);
				}
				globfree(&found);
			}
		}
	}
	return mmdb;
}

static struct mmdb *open_one(struct geodata *data, size_t index, const char *word,
	const char *const *names)
{
	struct directories directories = {.count = 0};

	if (word != NULL) {
		return strcmp(word, "none") == 0 ? NULL : try_file(data, index, word);
	}
	find_directories(&directories);
	return search(data, index, &directories, names);
}

void geodata_open(struct geodata *data, const char *networks, const char *places)
{
	*data = (struct geodata){.networks = NULL};
	data->networks = open_one(data, MMDB_NETWORKS, networks, network_names);
	data->places = open_one(data, MMDB_PLACES, places, place_names);
}

void geodata_close(struct geodata *data)
{
	mmdb_close(data->networks);
	mmdb_close(data->places);
	*data = (struct geodata){.networks = NULL};
}

const char *geodata_fault(struct geodata *data)
{
	const struct mmdb *files[GEODATA_FILES] = {data->networks, data->places};

	for (size_t i = 0; i < GEODATA_FILES; i++) {
		if (mmdb_is_broken(files[i]) && data->files[i].fault[0] == '\0') {
			(void)snprintf(data->files[i].fault, sizeof data->files[i].fault,
				_("%s is corrupt"), data->files[i].path);
		}
		if (data->files[i].fault[0] != '\0' && !data->files[i].is_told) {
			data->files[i].is_told = true;
			return data->files[i].fault;
		}
	}
	return NULL;
}
