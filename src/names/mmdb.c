/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* maxminddb.h needs netdb.h's */
#include "names/mmdb.h"

#include <errno.h>
#include <math.h>
#include <maxminddb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "base/utf8.h"

enum {
	TEXT_SIZE = 160, KEYS = 4,
	SAMPLE_RECORDS = 512, SAMPLE_STEPS = 1 << 16, STACK = 160,
	RADIUS_MOST_KM = 200, /* an answer that is less exact is no place */
	PLACE_PERCENT = 58    /* below what a name must have to say anything */
};

struct mmdb {
	MMDB_s db;
	bool is_broken;
};

typedef const char *const key_path[KEYS];

/* The first of the paths that a record has is taken. */
static const key_path asn_paths[] = {{"autonomous_system_number"}, {"asn"}, {"as_number"},
	{"traits", "autonomous_system_number"}, {"as", "number"}};
static const key_path as_name_paths[] = {{"autonomous_system_organization"}, {"as_name"},
	{"as_organization"}, {"traits", "autonomous_system_organization"}, {"as", "name"}, {"name"},
	{"organization"}};
static const key_path country_paths[] = {{"country", "iso_code"}, {"country_code"}, {"country"},
	{"registered_country", "iso_code"}};
static const key_path city_paths[] = {{"city", "names", "en"}, {"city", "name"}, {"city"}};
static const key_path lat_paths[] = {{"location", "latitude"}, {"latitude"}, {"lat"}};
static const key_path lon_paths[] = {{"location", "longitude"}, {"longitude"}, {"lng"}, {"lon"}};
static const key_path radius_paths[] = {{"location", "accuracy_radius"}, {"accuracy_radius"}};

/* A record, and whether reading it showed that the file is damaged. */
struct record {
	MMDB_entry_s entry;
	bool is_broken;
};

static bool get(struct record *record, const char *const *path, MMDB_entry_data_s *ret_data)
{
	int status = record->is_broken ? MMDB_INVALID_DATA_ERROR :
		MMDB_aget_value(&record->entry, ret_data, path);

	/* A path that leads nowhere is only another maker's layout. */
	record->is_broken = record->is_broken || (status != MMDB_SUCCESS &&
		status != MMDB_LOOKUP_PATH_DOES_NOT_MATCH_DATA_ERROR &&
		status != MMDB_INVALID_LOOKUP_PATH_ERROR);
	return status == MMDB_SUCCESS && ret_data->has_data;
}

static bool text_of(const MMDB_entry_data_s *data, char ret_text[TEXT_SIZE])
{
	if (data->type != MMDB_DATA_TYPE_UTF8_STRING || data->data_size == 0 ||
	    data->data_size >= TEXT_SIZE) {
		return false;
	}
	memcpy(ret_text, data->utf8_string, data->data_size);
	ret_text[data->data_size] = '\0';
	return ret_text[0] != '\0';
}

/* A number in any of the forms that makers have for one, "AS64500" among them. */
static bool number_of(const MMDB_entry_data_s *data, double *ret_number)
{
	char text[TEXT_SIZE], *end;
	const char *digits = text;

	switch (data->type) {
	case MMDB_DATA_TYPE_UINT16:
		*ret_number = data->uint16;
		return true;
	case MMDB_DATA_TYPE_UINT32:
		*ret_number = data->uint32;
		return true;
	case MMDB_DATA_TYPE_INT32:
		*ret_number = data->int32;
		return true;
	case MMDB_DATA_TYPE_UINT64:
		*ret_number = (double)data->uint64;
		return true;
	case MMDB_DATA_TYPE_FLOAT:
		*ret_number = (double)data->float_value;
		return true;
	case MMDB_DATA_TYPE_DOUBLE:
		*ret_number = data->double_value;
		return true;
	case MMDB_DATA_TYPE_UTF8_STRING:
		if (!text_of(data, text)) {
			return false;
		}
		digits += strncmp(text, "AS", 2) == 0 ? 2 : 0;
		*ret_number = strtod(digits, &end);
		return end != digits && *end == '\0';
	default:
		return false;
	}
}

static bool find_number(struct record *record, const key_path *paths, size_t count, double low,
	double high, double *ret_number)
{
	MMDB_entry_data_s data;
	double number;

	for (size_t i = 0; i < count; i++) {
		/* Not-a-number fails both comparisons. */
		if (get(record, paths[i], &data) && number_of(&data, &number) && number >= low &&
		    number <= high) {
			*ret_number = number;
			return true;
		}
	}
	return false;
}

static bool find_text(struct record *record, const key_path *paths, size_t count,
	char ret_text[TEXT_SIZE])
{
	MMDB_entry_data_s data;

	for (size_t i = 0; i < count; i++) {
		if (get(record, paths[i], &data) && text_of(&data, ret_text)) {
			return true;
		}
	}
	return false;
}

#define COUNT(array) (sizeof (array) / sizeof (array)[0])

static bool find_asn(struct record *record, uint32_t *ret_asn)
{
	double asn;

	if (!find_number(record, asn_paths, COUNT(asn_paths), 1.0, UINT32_MAX, &asn)) {
		return false;
	}
	*ret_asn = (uint32_t)asn;
	return true;
}

static bool is_capital(char c)
{
	return c >= 'A' && c <= 'Z';
}

/* "country" is the code with one maker, the name with another. */
static bool find_country(struct record *record, char ret_country[3])
{
	char text[TEXT_SIZE];

	for (size_t i = 0; i < COUNT(country_paths); i++) {
		if (find_text(record, &country_paths[i], 1, text) && is_capital(text[0]) &&
		    is_capital(text[1]) && text[2] == '\0') {
			memcpy(ret_country, text, 3);
			return true;
		}
	}
	return false;
}

/* Degrees as hundredths. */
static bool find_spot(struct record *record, int16_t *ret_lat, int16_t *ret_lon)
{
	double lat, lon, radius_km = 0.0;

	if (!find_number(record, lat_paths, COUNT(lat_paths), -90.0, 90.0, &lat) ||
	    !find_number(record, lon_paths, COUNT(lon_paths), -180.0, 180.0, &lon) ||
	    (find_number(record, radius_paths, COUNT(radius_paths), 0.0, 1e6, &radius_km) &&
	     radius_km > (double)RADIUS_MOST_KM)) {
		return false;
	}
	*ret_lat = (int16_t)lround(lat * 100.0);
	*ret_lon = (int16_t)lround(lon * 100.0);
	return true;
}

/* "Cologne (Ehrenfeld)": the city alone. False where nothing stands before the district. */
static bool cut_district(char *text)
{
	size_t len = strcspn(text, "(");

	while (len > 0 && text[len - 1] == ' ') {
		len--;
	}
	text[len] = '\0';
	return len > 0;
}

static bool read_place(struct record *record, struct place *ret_place)
{
	struct place place = {.kind = PLACE_NONE};
	char text[TEXT_SIZE];
	bool has_country = find_country(record, place.country);

	if (has_country && find_text(record, city_paths, COUNT(city_paths), text) &&
	    cut_district(text) && find_spot(record, &place.lat, &place.lon)) {
		place.kind = PLACE_DATABASE;
		place.percent = PLACE_PERCENT;
		utf8_clean(text, place.city, sizeof place.city);
	}
	*ret_place = place;
	return has_country;
}

static bool is_of_kind(struct record *record, enum mmdb_kind kind)
{
	struct place place;
	uint32_t asn;

	return kind == MMDB_NETWORKS ? find_asn(record, &asn) : read_place(record, &place);
}

/* Whether any of the first records, from the lowest address on, is of that kind. The tree may
 * be damaged, and then lead round in circles. */
static bool has_kind(const MMDB_s *db, enum mmdb_kind kind)
{
	uint32_t stack[STACK] = {0};
	size_t depth = 1;
	unsigned records = 0;

	for (unsigned step = 0; depth > 0 && step < SAMPLE_STEPS && records < SAMPLE_RECORDS; step++) {
		MMDB_search_node_s node;

		if (MMDB_read_node(db, stack[--depth], &node) != MMDB_SUCCESS) {
			continue;
		}
		for (int is_left = 0; is_left < 2; is_left++) {
			uint8_t type = is_left ? node.left_record_type : node.right_record_type;
			struct record record = {.entry = is_left ? node.left_record_entry :
				node.right_record_entry};

			if (type == MMDB_RECORD_TYPE_SEARCH_NODE && depth < STACK) {
				stack[depth++] = (uint32_t)(is_left ? node.left_record : node.right_record);
			} else if (type == MMDB_RECORD_TYPE_DATA) {
				records++;
				if (is_of_kind(&record, kind)) {
					return true;
				}
			}
		}
	}
	return false;
}

static bool refuse_kind(const MMDB_s *db, const char *path, enum mmdb_kind kind, struct err *err)
{
	char type[40];

	utf8_clean(db->metadata.database_type == NULL ? "" : db->metadata.database_type, type,
		sizeof type);
	return err_set(err, ERR_SYNTAX, "%.80s has no %s (its type is %s)", path,
		kind == MMDB_NETWORKS ? "AS numbers" : "cities or countries", type);
}

struct mmdb *mmdb_open(const char *path, enum mmdb_kind kind, struct err *err)
{
	struct mmdb *mmdb = xcalloc(1, sizeof *mmdb);
	struct stat is;
	/* The library would wait for who writes to a pipe. */
	int status = stat(path, &is) == 0 && !S_ISREG(is.st_mode) ? MMDB_INVALID_METADATA_ERROR :
		MMDB_open(path, MMDB_MODE_MMAP, &mmdb->db);

	if (status != MMDB_SUCCESS) {
		int sys = errno;

		free(mmdb);
		if (status == MMDB_FILE_OPEN_ERROR) {
			(void)err_set_sys(err, ERR_NOT_FOUND, sys, "cannot read %.80s", path);
		} else {
			(void)err_set(err, ERR_SYNTAX, "%.80s is not an MMDB file, or is truncated",
				path);
		}
		return NULL;
	}
	if (!has_kind(&mmdb->db, kind)) {
		(void)refuse_kind(&mmdb->db, path, kind, err);
		mmdb_close(mmdb);
		return NULL;
	}
	return mmdb;
}

void mmdb_close(struct mmdb *mmdb)
{
	if (mmdb != NULL) {
		MMDB_close(&mmdb->db);
		free(mmdb);
	}
}

bool mmdb_is_broken(const struct mmdb *mmdb)
{
	return mmdb != NULL && mmdb->is_broken;
}

/* The record of an address, and how many bits of the address it is for. */
static bool look_up(struct mmdb *mmdb, const struct addr *addr, struct record *ret_record,
	unsigned *ret_bits)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
	bool is_v4 = addr->family == ADDR_V4;
	MMDB_lookup_result_s result;
	int status = MMDB_SUCCESS;
	unsigned bits;

	if (mmdb == NULL || mmdb->is_broken || !addr_is_set(addr)) {
		return false;
	}
	memcpy(&v4.sin_addr, addr->byte, sizeof v4.sin_addr);
	memcpy(&v6.sin6_addr, addr->byte, sizeof v6.sin6_addr);
	result = MMDB_lookup_sockaddr(&mmdb->db, is_v4 ? (const struct sockaddr *)&v4 :
		(const struct sockaddr *)&v6, &status);
	if (status != MMDB_SUCCESS) {
		mmdb->is_broken = status != MMDB_IPV6_LOOKUP_IN_IPV4_DATABASE_ERROR;
		return false;
	}
	/* IPv4 stands below ::/96 in a tree of IPv6. */
	bits = result.netmask;
	bits -= is_v4 && mmdb->db.metadata.ip_version == 6 ? (bits < 96 ? bits : 96) : 0;
	*ret_bits = bits;
	*ret_record = (struct record){.entry = result.entry};
	return result.found_entry && bits <= (is_v4 ? 32 : 128);
}

static void put_prefix(const struct addr *addr, unsigned bits, char *ret_text, size_t size)
{
	struct addr first = *addr;
	char text[ADDR_TEXT_MAX];

	for (unsigned bit = bits; bit < sizeof first.byte * 8; bit++) {
		first.byte[bit / 8] = (uint8_t)(first.byte[bit / 8] & ~(0x80U >> bit % 8));
	}
	(void)snprintf(ret_text, size, "%s/%u", addr_format(&first, text), bits);
}

bool mmdb_network(struct mmdb *mmdb, const struct addr *addr, struct network *ret_network)
{
	struct network network = {.asn = 0};
	struct record record;
	char name[TEXT_SIZE];
	unsigned bits;

	if (!look_up(mmdb, addr, &record, &bits)) {
		return false;
	}
	if (find_asn(&record, &network.asn)) {
		put_prefix(addr, bits, network.prefix, sizeof network.prefix);
		(void)find_country(&record, network.country);
		if (find_text(&record, as_name_paths, COUNT(as_name_paths), name)) {
			utf8_clean(name, network.name, sizeof network.name);
		}
	}
	mmdb->is_broken = record.is_broken;
	if (record.is_broken || network.asn == 0) {
		return false;
	}
	*ret_network = network;
	return true;
}

bool mmdb_place(struct mmdb *mmdb, const struct addr *addr, struct place *ret_place)
{
	struct record record;
	struct place place;
	unsigned bits;
	bool is_known;

	if (!look_up(mmdb, addr, &record, &bits)) {
		return false;
	}
	is_known = read_place(&record, &place);
	mmdb->is_broken = record.is_broken;
	if (record.is_broken || !is_known) {
		return false;
	}
	*ret_place = place;
	return true;
}

const char *mmdb_library(void)
{
	return MMDB_lib_version();
}
