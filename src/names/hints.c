/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "names/hints.h"

#include <string.h>

const char *place_kind_name(enum place_kind kind)
{
	static const char *const names[PLACE_KIND_COUNT] = {
		"", "city", "clli", "locode", "iata", "metro", "custom", "mmdb"};

	return names[kind];
}

const char *port_type_name(enum port_type type)
{
	static const char *const names[PORT_TYPE_COUNT] = {"", "FE", "1GE", "10GE", "25GE", "40GE",
		"50GE", "100GE", "400GE", "ET", "ETH", "LAG", "SONET", "ATM", "SERIAL", "VLAN",
		"LOOPBACK", "TUNNEL"};

	return names[type];
}

const char *router_role_name(enum router_role role)
{
	static const char *const names[ROUTER_COUNT] = {
		"", "core", "edge", "peering", "agg", "customer", "other"};

	return names[role];
}

const char *relation_name(enum relation relation)
{
	static const char *const names[RELATION_COUNT] = {"", "customer", "peer", "transit"};

	return names[relation];
}

uint32_t hints_line_mbps(const struct hints *hints)
{
	return hints->port.type == PORT_LAG ? 0 : hints->port.speed_mbps;
}

bool hints_are_of_one_router(const struct hints *a, const struct hints *b)
{
	return a->router[0] != '\0' && a->operator[0] != '\0' && strcmp(a->router, b->router) == 0 &&
		strcmp(a->operator, b->operator) == 0;
}
