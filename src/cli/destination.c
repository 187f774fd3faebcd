/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "cli/destination.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static bool check_address(const struct addr *address, const char *word, struct err *err)
{
	if (addr_is_unspecified(address)) {
		return err_set(err, ERR_USAGE, "%.60s is not a host address", word);
	}
	if (addr_is_multicast(address) || addr_is_broadcast(address)) {
		return err_set(err, ERR_USAGE, "%.60s is a multicast or broadcast address, not a hop",
			word);
	}
	return true;
}

/* A word of digits and dots, or with a colon, was meant as an address. */
static bool looks_like_address(const char *word)
{
	return strchr(word, ':') != NULL || word[strspn(word, "0123456789.")] == '\0';
}

/* Reads literals only; what is a name keeps an unset address. `family` 0: either. */
static bool read_literal(const char *word, uint8_t family, struct addr *ret_address,
	struct err *err)
{
	struct addr address = {0};

	if (addr_parse(word, &address)) {
		if (family != 0 && address.family != family) {
			return err_set(err, ERR_USAGE, "%.60s is an %s address, and -%u was given", word,
				addr_family_name(address.family), family);
		}
		if (!check_address(&address, word, err)) {
			return false;
		}
	} else if (looks_like_address(word)) {
		return err_set(err, ERR_USAGE, "'%.60s' is not an address", word);
	}
	*ret_address = address;
	return true;
}

/* Cuts the zone off a link-local address, as in fe80::1%eth0 (RFC 4007, 11): the interface whose
 * link the whole path is on. */
static bool cut_zone(char *word, struct target *target, struct err *err)
{
	char *zone = strchr(word, '%');

	if (zone == NULL || strchr(word, ':') == NULL) {
		return true;
	}
	if (strlen(zone + 1) == 0 || strlen(zone + 1) >= IF_NAMESIZE) {
		return err_set(err, ERR_USAGE, "'%.60s' does not name an interface", word);
	}
	if (target->interface_name[0] != '\0' && strcmp(target->interface_name, zone + 1) != 0) {
		return err_set(err, ERR_USAGE, "the path has addresses on two interfaces, %s and %s",
			target->interface_name, zone + 1);
	}
	memcpy(target->interface_name, zone + 1, strlen(zone + 1) + 1);
	*zone = '\0';
	return true;
}

static bool needs_zone(const struct addr *address)
{
	return address->family == ADDR_V6 && addr_is_link_local(address);
}

/* Every interface has such a link, so one must be named; and an address with a zone is on one. */
static bool check_zone(const struct options *options, const struct target *target, struct err *err)
{
	const struct addr *local = needs_zone(&target->destination) ? &target->destination : NULL;
	char text[ADDR_TEXT_MAX];

	for (size_t i = 0; i < target->path_count; i++) {
		local = needs_zone(&target->path[i]) ? &target->path[i] : local;
	}
	if (target->interface_name[0] != '\0' && local == NULL) {
		return err_set(err, ERR_USAGE, "%%%s: only link-local addresses have a zone",
			target->interface_name);
	}
	if (target->interface_name[0] != '\0' && options->interface != NULL &&
	    strcmp(target->interface_name, options->interface) != 0) {
		return err_set(err, ERR_USAGE, "the zone %s and --interface %.40s differ",
			target->interface_name, options->interface);
	}
	return local == NULL || target->interface_name[0] != '\0' || options->interface != NULL ||
	       err_set(err, ERR_USAGE, "%s is a link-local address: append its interface, as in "
			"%s%%eth0, or use --interface", addr_format(local, text), text);
}

static bool resolve_word(const struct host *host, const char *word, uint8_t family,
	struct addr *address, struct err *err)
{
	return addr_is_set(address) || (host->resolve(host, word, family, address, err) &&
	       check_address(address, word, err));
}

/* Cuts at commas; an empty part is kept, to be refused. */
static size_t split(char *text, char **ret_words, size_t cap)
{
	size_t count = 0;

	for (;;) {
		char *comma = strchr(text, ',');

		if (count < cap) {
			ret_words[count] = text;
		}
		count++;
		if (comma == NULL) {
			return count;
		}
		*comma = '\0';
		text = comma + 1;
	}
}

/* "ADDRESS4+ADDRESS6", in either order: a hop that bridges the families. */
static bool read_bridge(char *word, char *plus, uint8_t family, struct target *target, size_t i,
	struct err *err)
{
	struct addr *address = &target->path[i], *other = &target->path_other[i];

	*plus = '\0';
	if (!addr_parse(word, address) || !addr_parse(plus + 1, other) ||
	    address->family == other->family) {
		return err_set(err, ERR_USAGE, "'%.60s+%.60s' is not an IPv4 and an IPv6 address of "
			"one hop", word, plus + 1);
	}
	return read_literal(word, family, address, err) &&
	       read_literal(plus + 1, family, other, err);
}

static bool is_of(const struct target *target, size_t i, uint8_t family)
{
	return target->path[i].family == family || target->path_other[i].family == family;
}

/* A leg between both needs addresses of one family. */
static bool check_families(const struct target *target, size_t a, size_t b, const char *word,
	struct err *err)
{
	return (is_of(target, a, ADDR_V4) && is_of(target, b, ADDR_V4)) ||
	       (is_of(target, a, ADDR_V6) && is_of(target, b, ADDR_V6)) ||
	       err_set(err, ERR_USAGE, "the path mixes IPv4 and IPv6 addresses at %.46s: write the "
			"hop that has both as ADDRESS4+ADDRESS6", word);
}

/* Before any name is asked for: a name between two literals is no bridge. */
static bool check_literals(const struct target *target, size_t count, char **words,
	struct err *err)
{
	size_t last = count;

	for (size_t i = 0; i < count; i++) {
		if (!addr_is_set(&target->path[i])) {
			continue;
		}
		if (last < count && !check_families(target, last, i, words[i], err)) {
			return false;
		}
		last = i;
	}
	return true;
}

static bool check_neighbours(const struct target *target, size_t i, char **words, struct err *err)
{
	if (addr_equal(&target->path[i], &target->path[i - 1])) {
		return err_set(err, ERR_USAGE, "%.60s appears twice in a row in the path", words[i]);
	}
	return check_families(target, i - 1, i, words[i], err);
}

/* Of names in a path: the family that -4 or -6 or the first address says. */
static uint8_t family_of_names(const struct target *target, size_t count, uint8_t family)
{
	for (size_t i = 0; i < count && family == 0; i++) {
		family = target->path[i].family;
	}
	return family;
}

static bool parse_words(char **words, size_t count, uint8_t family, struct target *target,
	struct err *err)
{
	for (size_t i = 0; i < count; i++) {
		char *plus;

		if (!carrier_cut(words[i], &target->path_carrier[i])) {
			return err_set(err, ERR_USAGE, "'%.60s': the slash may be followed by ipip, gre, srh "
				"or usid", words[i]);
		}
		plus = strchr(words[i], '+');
		if (words[i][0] == '\0') {
			return err_set(err, ERR_USAGE, "the path has an empty hop: HOP,HOP,...");
		}
		if (!cut_zone(words[i], target, err)) {
			return false;
		}
		if (plus != NULL ? !read_bridge(words[i], plus, family, target, i, err) :
		    !read_literal(words[i], family, &target->path[i], err)) {
			return false;
		}
	}
	if (!check_literals(target, count, words, err)) {
		return false;
	}
	for (size_t i = 0; i < count; i++) {
		uint8_t wanted = family_of_names(target, count, family);

		if (!resolve_word(target->host, words[i], wanted, &target->path[i], err) ||
		    (i > 0 && !check_neighbours(target, i, words, err))) {
			return false;
		}
	}
	return true;
}

/* One header for a whole walk serves all hops or none. */
static bool check_carriers(uint8_t carrier, size_t count, const struct target *target,
	struct err *err)
{
	bool is_mixed = false, is_routed = false, is_v6 = true;
	uint8_t first = 0;

	for (size_t i = 0; i < count; i++) {
		uint8_t told = target->path_carrier[i] > 0 ? target->path_carrier[i] : carrier;

		first = i == 0 ? told : first;
		is_mixed = is_mixed || told != first;
		is_routed = is_routed || carrier_is_routed(carrier_told(told, CARRIER_IPIP));
		is_v6 = is_v6 && target->path[i].family == ADDR_V6;
	}
	if (is_routed && is_mixed) {
		return err_set(err, ERR_USAGE, "srh and usid cannot be mixed with each other or with other "
			"carriers in one path");
	}
	return !is_routed || is_v6 || err_set(err, ERR_USAGE, "srh and usid need IPv6: give the SIDs "
		"of the hops");
}

static bool parse_path(const char *path, uint8_t family, uint8_t carrier, struct target *target,
	struct err *err)
{
	char *copy = xstrdup(path);
	char *words[HOP_MAX];
	size_t count = split(copy, words, HOP_MAX);
	bool is_ok;

	if (count > HOP_MAX) {
		is_ok = err_set(err, ERR_USAGE, "the path has %zu hops; the maximum is %d", count, HOP_MAX);
	} else {
		is_ok = parse_words(words, count, family, target, err) &&
			check_carriers(carrier, count, target, err);
	}
	free(copy);
	if (is_ok) {
		target->path_count = count;
		target->destination = target->path[count - 1];
	}
	return is_ok;
}

static bool parse_destination(const char *given, uint8_t family, struct target *target,
	struct err *err)
{
	char word[sizeof target->destination_name];

	(void)snprintf(word, sizeof word, "%s", given);
	if (!cut_zone(word, target, err)) {
		return false;
	}
	if (!read_literal(word, family, &target->destination, err)) {
		return false;
	}
	if (!addr_is_set(&target->destination)) {
		(void)snprintf(target->destination_name, sizeof target->destination_name, "%s", word);
	}
	return resolve_word(target->host, word, family, &target->destination, err);
}

/* `word` NULL: none is wanted. It is of the destination's family. */
static bool parse_waypoint(const struct host *host, const char *option, const char *word,
	uint8_t family, struct addr *ret_address, struct err *err)
{
	if (word == NULL) {
		return true;
	}
	if (!read_literal(word, 0, ret_address, err) ||
	    !resolve_word(host, word, family, ret_address, err)) {
		return false;
	}
	return ret_address->family == family || err_set(err, ERR_USAGE,
		"--%s %.46s is an %s address, but the destination is %s", option, word,
		addr_family_name(ret_address->family), addr_family_name(family));
}

/* A destination beside a path is its end. */
static bool append_destination(struct target *target, struct err *err)
{
	if (target->path_count == 0 ||
	    addr_equal(&target->path[target->path_count - 1], &target->destination)) {
		return true;
	}
	if (target->path_count == HOP_MAX) {
		return err_set(err, ERR_USAGE, "the path has %d hops besides the destination; the maximum "
			"is %d",
			HOP_MAX, HOP_MAX - 1);
	}
	target->path[target->path_count++] = target->destination;
	return true;
}

/* One of ours; `word` NULL: any will do. Whether it is ours, the host will say. */
static bool parse_source(const char *option, const char *word, uint8_t family,
	struct addr *ret_address, struct err *err)
{
	struct err why;

	return word == NULL || (addr_parse(word, ret_address) &&
	       check_address(ret_address, word, &why)) || err_set(err, ERR_USAGE,
		"--%s %s address of this host, not '%.60s'", option, addr_family_name(family), word);
}

static bool parse_sources(const struct options *options, struct target *target, struct err *err)
{
	uint8_t family = target->path_count > 0 ? target->path[0].family : target->destination.family;

	return parse_source("address needs an", options->source, family, &target->source, err) &&
	       parse_source("also-source needs another", options->also_source, family,
			&target->source_also, err);
}

bool destination_parse(const struct options *options, struct target *ret_target,
	struct err *err)
{
	uint8_t family = options->is_ipv6 ? ADDR_V6 : options->is_ipv4 ? ADDR_V4 : 0;
	struct target target = {.host = options->prober == NULL ? &host_this : options->prober};

	if ((options->path != NULL && !parse_path(options->path, family,
	     options->settings.carrier, &target, err)) ||
	    (options->destination != NULL &&
	     !parse_destination(options->destination, family, &target, err)) ||
	    !append_destination(&target, err)) {
		return false;
	}
	family = target.destination.family;
	if (!parse_waypoint(target.host, "via", options->via, family, &target.via, err) ||
	    !parse_waypoint(target.host, "from", options->from, family, &target.from, err) ||
	    !parse_waypoint(target.host, "inner-source",
			options->settings.inner_source == INNER_SOURCE_GIVEN ? options->inner_address : NULL,
			family, &target.inner_source, err)) {
		return false;
	}
	if (options->settings.is_reverse) {
		/* Its own boomerang and the way back are all there is to do. */
		target.path[0] = target.destination;
		target.path_count = 1;
	}
	if (!check_zone(options, &target, err) || !parse_sources(options, &target, err)) {
		return false;
	}
	if (options->interface != NULL) {
		(void)snprintf(target.interface_name, sizeof target.interface_name, "%s",
			options->interface);
	}
	target_judge(&target);
	if (options->settings.max_rate_pps > 1000 && !target.is_private) {
		return err_set(err, ERR_USAGE,
			"--max-rate above 1000 is only allowed if every hop is private");
	}
	*ret_target = target;
	return true;
}
