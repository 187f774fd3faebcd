/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "run/host.h"

#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

enum { INTERFACE_INDEX = 1, INTERFACE_MTU = 1500 };

static bool resolve_here(const struct host *host, const char *word, uint8_t family,
	struct addr *ret_address, struct err *err)
{
	struct addrinfo hints = {.ai_socktype = SOCK_DGRAM,
		.ai_family = family == ADDR_V4 ? AF_INET : family == ADDR_V6 ? AF_INET6 : AF_UNSPEC};
	struct addrinfo *found = NULL;
	int status = getaddrinfo(word, NULL, &hints, &found);
	(void)host;

	if (status != 0) {
		return err_set(err, ERR_NOT_FOUND, "cannot resolve %.80s%s%s: %s", word,
			family == 0 ? "" : " to ", family == 0 ? "" : addr_family_name(family),
			gai_strerror(status));
	}
	if (found->ai_family == AF_INET6) {
		struct sockaddr_in6 in6;

		memcpy(&in6, found->ai_addr, sizeof in6);
		*ret_address = (struct addr){.family = ADDR_V6};
		memcpy(ret_address->byte, &in6.sin6_addr, 16);
	} else {
		struct sockaddr_in in;

		memcpy(&in, found->ai_addr, sizeof in);
		*ret_address = (struct addr){.family = ADDR_V4};
		memcpy(ret_address->byte, &in.sin_addr, 4);
	}
	freeaddrinfo(found);
	return true;
}

static bool route_here(const struct host *host, const struct route_query *query,
	struct route *ret_route, struct err *err)
{
	(void)host;
	return route_lookup(query, ret_route, err);
}

static bool is_own_here(const struct host *host, const struct addr *address)
{
	(void)host;
	return route_is_own(address);
}

static bool other_source_here(const struct host *host, const struct route *route,
	struct addr *ret_address)
{
	(void)host;
	return route_other_source(route, ret_address);
}

const struct host host_this = {resolve_here, route_here, is_own_here, other_source_here, NULL};

/* A node's id, or the host name that one of its addresses has. */
static int node_of(const struct scenario *scenario, const char *word)
{
	int node = scenario_find_node(scenario, word);

	for (size_t i = 0; i < scenario->node_count && node < 0; i++) {
		node = strcmp(scenario->node[i].name, word) == 0 ? (int)i : -1;
	}
	return node;
}

static bool resolve_node(const struct host *host, const char *word, uint8_t family,
	struct addr *ret_address, struct err *err)
{
	const struct scenario *scenario = host->scenario;
	int node = node_of(scenario, word);
	struct addr address;

	if (node < 0) {
		return err_set(err, ERR_NOT_FOUND, "%.80s has no node or host name '%.60s'",
			scenario->file, word);
	}
	address = family == 0 ? *scenario_node_address(scenario, (uint16_t)node) :
		scenario_node_address_of(scenario, (uint16_t)node, family);
	if (!addr_is_set(&address)) {
		return err_set(err, ERR_NOT_FOUND, "%.60s has no %s address in %.80s", word,
			addr_family_name(family), scenario->file);
	}
	*ret_address = address;
	return true;
}

static bool is_probers(const struct host *host, const struct addr *address)
{
	const struct scenario *scenario = host->scenario;

	if (addr_equal(scenario_prober_address(scenario), address)) {
		return true;
	}
	for (size_t i = 0; i < 2 * scenario->link_count; i++) {
		const struct scn_link *link = &scenario->link[i / 2];

		if (link->node[i % 2] == scenario->prober &&
		    addr_equal(&link->address[i % 2], address)) {
			return true;
		}
	}
	return false;
}

static bool route_of_prober(const struct host *host, const struct route_query *query,
	struct route *ret_route, struct err *err)
{
	struct addr source = scenario_node_address_of(host->scenario, host->scenario->prober,
		query->target.family);

	if (query->interface != NULL) {
		return err_set(err, ERR_USAGE, "a simulated host has no interface '%.40s'",
			query->interface);
	}
	if (!addr_is_set(&source)) {
		return err_set(err, ERR_NO_ROUTE, "the prober of %.80s has no %s address",
			host->scenario->file, addr_family_name(query->target.family));
	}
	*ret_route = (struct route){addr_is_set(&query->source) ? query->source : source, "sim0",
		INTERFACE_INDEX, INTERFACE_MTU};
	return true;
}

static bool other_source_of_prober(const struct host *host, const struct route *route,
	struct addr *ret_address)
{
	const struct scenario *scenario = host->scenario;

	for (size_t i = 0; i < 2 * scenario->link_count; i++) {
		const struct scn_link *link = &scenario->link[i / 2];

		if (link->node[i % 2] == scenario->prober &&
		    link->address[i % 2].family == route->source.family &&
		    !addr_equal(&link->address[i % 2], &route->source)) {
			*ret_address = link->address[i % 2];
			return true;
		}
	}
	return false;
}

/* What the scenario does not name, a name server may: the demo shows the program as it is. */
static bool resolve_either(const struct host *host, const char *word, uint8_t family,
	struct addr *ret_address, struct err *err)
{
	return node_of(host->scenario, word) >= 0 ?
		resolve_node(host, word, family, ret_address, err) :
		resolve_here(host, word, family, ret_address, err);
}

struct host host_of_demo(const struct scenario *scenario)
{
	struct host host = host_this;

	host.resolve = resolve_either;
	host.scenario = scenario;
	return host;
}

struct host host_of_prober(const struct scenario *scenario)
{
	return (struct host){resolve_node, route_of_prober, is_probers, other_source_of_prober,
		scenario};
}
