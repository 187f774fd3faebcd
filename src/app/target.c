/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "app/target.h"

#include <ifaddrs.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "probe/engine.h"

static bool check_address(const struct addr *address, const char *word, struct err *err)
{
	if (address->family != ADDR_V4) {
		return err_set(err, ERR_USAGE, "%.60s is an IPv6 address: this version probes IPv4",
			word);
	}
	if (addr_is_unspecified(address)) {
		return err_set(err, ERR_USAGE, "%.60s is no host's address", word);
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

static bool resolve(const char *word, struct addr *ret_address, struct err *err)
{
	struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_DGRAM};
	struct addrinfo *found = NULL;
	struct sockaddr_in in;
	int status = getaddrinfo(word, NULL, &hints, &found);

	if (status != 0) {
		return err_set(err, ERR_NOT_FOUND, "cannot resolve %.80s: %s", word,
			gai_strerror(status));
	}
	memcpy(&in, found->ai_addr, sizeof in);
	freeaddrinfo(found);
	*ret_address = (struct addr){.family = ADDR_V4};
	memcpy(ret_address->byte, &in.sin_addr, 4);
	return true;
}

/* Reads literals only; what is a name keeps an unset address. */
static bool read_literal(const char *word, struct addr *ret_address, struct err *err)
{
	struct addr address = {0};

	if (addr_parse(word, &address)) {
		if (!check_address(&address, word, err)) {
			return false;
		}
	} else if (looks_like_address(word)) {
		return err_set(err, ERR_USAGE, "'%.60s' is not an address", word);
	}
	*ret_address = address;
	return true;
}

static bool resolve_word(const char *word, struct addr *address, struct err *err)
{
	return addr_is_set(address) ||
	       (resolve(word, address, err) && check_address(address, word, err));
}

static bool refuse_mixed(char **words, size_t count, struct err *err)
{
	bool has_v4 = false, has_v6 = false;

	for (size_t i = 0; i < count; i++) {
		struct addr address;

		if (addr_parse(words[i], &address)) {
			has_v4 = has_v4 || address.family == ADDR_V4;
			has_v6 = has_v6 || address.family == ADDR_V6;
		}
	}
	return !has_v4 || !has_v6 ||
	       err_set(err, ERR_USAGE, "the path mixes IPv4 and IPv6 addresses");
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

static bool parse_words(char **words, size_t count, struct target *target, struct err *err)
{
	if (!refuse_mixed(words, count, err)) {
		return false;
	}
	for (size_t i = 0; i < count; i++) {
		if (words[i][0] == '\0') {
			return err_set(err, ERR_USAGE, "the path has an empty hop: HOP,HOP,...");
		}
		if (!read_literal(words[i], &target->path[i], err)) {
			return false;
		}
	}
	for (size_t i = 0; i < count; i++) {
		if (!resolve_word(words[i], &target->path[i], err)) {
			return false;
		}
		if (i > 0 && addr_equal(&target->path[i], &target->path[i - 1])) {
			return err_set(err, ERR_USAGE, "%.60s stands twice in a row in the path", words[i]);
		}
	}
	return true;
}

static bool parse_path(const char *path, struct target *target, struct err *err)
{
	char *copy = xstrdup(path);
	char *words[HOP_MAX];
	size_t count = split(copy, words, HOP_MAX);
	bool is_ok;

	if (count > HOP_MAX) {
		is_ok = err_set(err, ERR_USAGE, "the path has %zu hops; %d is the most", count, HOP_MAX);
	} else {
		is_ok = parse_words(words, count, target, err);
	}
	free(copy);
	if (is_ok) {
		target->path_count = count;
		target->destination = target->path[count - 1];
	}
	return is_ok;
}

static bool parse_destination(const char *word, struct target *target, struct err *err)
{
	if (!read_literal(word, &target->destination, err)) {
		return false;
	}
	if (!addr_is_set(&target->destination)) {
		(void)snprintf(target->destination_name, sizeof target->destination_name, "%s", word);
	}
	return resolve_word(word, &target->destination, err);
}

/* `word` NULL: none is wanted. */
static bool parse_waypoint(const char *word, struct addr *ret_address, struct err *err)
{
	return word == NULL || (read_literal(word, ret_address, err) &&
	                        resolve_word(word, ret_address, err));
}

static bool is_all_private(const struct target *target)
{
	for (size_t i = 0; i < target->path_count; i++) {
		if (!addr_is_private(&target->path[i])) {
			return false;
		}
	}
	return addr_is_private(&target->destination) &&
	       (!addr_is_set(&target->via) || addr_is_private(&target->via)) &&
	       (!addr_is_set(&target->from) || addr_is_private(&target->from));
}

/* A destination beside a path is its end. */
static bool append_destination(struct target *target, struct err *err)
{
	if (target->path_count == 0 ||
	    addr_equal(&target->path[target->path_count - 1], &target->destination)) {
		return true;
	}
	if (target->path_count == HOP_MAX) {
		return err_set(err, ERR_USAGE, "the path has %d hops beside its end; %d is the most",
			HOP_MAX, HOP_MAX - 1);
	}
	target->path[target->path_count++] = target->destination;
	return true;
}

bool target_parse(const struct options *options, struct target *ret_target, struct err *err)
{
	struct target target = {0};

	if ((options->path != NULL && !parse_path(options->path, &target, err)) ||
	    (options->destination != NULL && !parse_destination(options->destination, &target, err)) ||
	    !append_destination(&target, err)) {
		return false;
	}
	if (!parse_waypoint(options->via, &target.via, err) ||
	    !parse_waypoint(options->from, &target.from, err)) {
		return false;
	}
	if (options->is_reverse) {
		/* Its own boomerang and the way back are all there is to do. */
		target.path[0] = target.destination;
		target.path_count = 1;
	}
	target.is_private = is_all_private(&target);
	if (options->max_rate_pps > 1000 && !target.is_private) {
		return err_set(err, ERR_USAGE,
			"--max-rate above 1000 is only for paths whose every hop is private");
	}
	*ret_target = target;
	return true;
}

static bool is_own_address(const struct addr *address)
{
	struct ifaddrs *list = NULL;
	bool is_own = false;

	if (getifaddrs(&list) != 0) {
		return false;
	}
	for (const struct ifaddrs *at = list; at != NULL; at = at->ifa_next) {
		struct sockaddr_in in;

		if (at->ifa_addr != NULL && at->ifa_addr->sa_family == AF_INET) {
			memcpy(&in, at->ifa_addr, sizeof in);
			is_own = is_own || memcmp(&in.sin_addr, address->byte, 4) == 0;
		}
	}
	freeifaddrs(list);
	return is_own;
}

static bool check_depth(const struct options *options, const struct target *target, struct err *err)
{
	unsigned limit = engine_depth_limit(target->route.mtu);

	if (options->size_bytes > target->route.mtu) {
		return err_set(err, ERR_USAGE, "--psize %u does not fit the MTU of %s, %u bytes",
			options->size_bytes, target->route.interface, target->route.mtu);
	}
	if (options->no_through || target->path_count <= limit) {
		return true;
	}
	return err_set(err, ERR_USAGE, "%zu hops do not fit the MTU of %s, %u bytes: at most %u",
		target->path_count, target->route.interface, target->route.mtu, limit);
}

bool target_route(const struct options *options, struct target *target, struct err *err)
{
	struct route_query query = {.interface = options->interface};

	if (target->path_count == 1 && is_own_address(&target->path[0])) {
		return err_set(err, ERR_USAGE, "the path leads nowhere: it has no hop but this host");
	}
	if (target->path_count > 1 && is_own_address(&target->path[0])) {
		target->path_count--;
		memmove(target->path, target->path + 1, target->path_count * sizeof target->path[0]);
	}
	query.target = target->path_count > 0 ? target->path[0] :
		addr_is_set(&target->from) ? target->from : target->destination;
	if (options->source != NULL && (!addr_parse(options->source, &query.source) ||
	    !check_address(&query.source, options->source, err))) {
		return err_set(err, ERR_USAGE, "--address takes an IPv4 address of this host, not '%.60s'",
			options->source);
	}
	return route_lookup(&query, &target->route, err) && check_depth(options, target, err);
}
