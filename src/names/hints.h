/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_NAMES_HINTS_H
#define THRUPATH_NAMES_HINTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What the parts of a router's name say: who runs it, where it stands, which interface
 * answered. All of it is a guess with a reason (the token); what is not known is empty.
 * A zeroed object knows nothing. Texts are ASCII, cleaned and lower-case, cities excepted.
 */
enum place_kind {
	PLACE_NONE,
	PLACE_CITY,     /* the city's name */
	PLACE_CLLI,     /* NYCMNY: place and state */
	PLACE_LOCODE,   /* USNYC: country and place */
	PLACE_IATA,     /* an airport */
	PLACE_METRO,    /* NYC: the airports of a city */
	PLACE_CUSTOM,   /* the operator's own word */
	PLACE_DATABASE, /* no name said so, but an MMDB file; never in struct hints */
	PLACE_KIND_COUNT
};

enum port_type {
	PORT_NONE, PORT_FE, PORT_1GE, PORT_10GE, PORT_25GE, PORT_40GE, PORT_50GE, PORT_100GE,
	PORT_400GE,
	PORT_ET,        /* Juniper's et-: 40, 100 or 400 Gbit/s */
	PORT_ETH,       /* Ethernet of unknown speed */
	PORT_LAG, PORT_SONET, PORT_ATM, PORT_SERIAL, PORT_VLAN, PORT_LOOPBACK, PORT_TUNNEL,
	PORT_TYPE_COUNT
};

enum router_role {
	ROUTER_NONE, ROUTER_CORE, ROUTER_EDGE, ROUTER_PEERING, ROUTER_AGG, ROUTER_CUSTOMER,
	ROUTER_OTHER, ROUTER_COUNT
};

enum relation {
	RELATION_NONE, RELATION_CUSTOMER, RELATION_PEER, RELATION_TRANSIT, RELATION_COUNT
};

/* How a name came to say a place. */
enum place_rule {
	RULE_NONE,
	RULE_CITY,           /* the city's name */
	RULE_CODE,           /* a code of the tables */
	RULE_OPERATOR,       /* a code that this operator has, by the tables */
	RULE_AIRPORT,
	RULE_CLLI,           /* four letters of a place and two of its state or country */
	RULE_LOCODE,         /* a country and a code within it */
	RULE_ABBREVIATION,   /* letters of a city of the country that stands beside it */
	RULE_COUNT
};

/* Bytes of the name that carried a hint; len 0: none did. */
struct mark {
	uint8_t start, len;
};

struct place {
	enum place_kind kind;
	enum place_rule rule;
	bool is_learned;     /* other names of the operator have their place there, too */
	struct mark mark;
	char token[32];      /* what in the name said so */
	char city[40];       /* ASCII in names, UTF-8 of a database */
	char country[3];     /* ISO 3166 */
	int16_t lat, lon;    /* hundredths of a degree, north and east */
	unsigned percent;    /* confidence */
};

enum { HINTS_PLACES = 4 };

struct hints {
	char operator[64];
	char router[96];     /* without its interface */
	struct place places[HINTS_PLACES]; /* meanings, the likeliest first */
	size_t place_count;  /* 0: the name says no place */
	char ends[2][40];    /* cities of a link's two ends, where it says no more: then no place */
	struct {
		enum port_type type;
		struct mark mark;
		char token[40];
		char vendor[12];
		char slot[8], unit[8];
		unsigned chassis_slots; /* so many the router has at least; 0: nothing follows */
		uint32_t speed_mbps; /* 0: the name does not say */
	} port;
	enum router_role role;
	struct mark role_mark, party_mark, operator_mark;
	char other_party[64];
	enum relation relation;
};

/* The speed of the line that the name is of; 0: not known, or of a bundle, of which a packet takes
 * one member. */
uint32_t hints_line_mbps(const struct hints *);

const char *place_kind_name(enum place_kind);
const char *port_type_name(enum port_type);    /* "" for PORT_NONE, likewise below */
const char *router_role_name(enum router_role);
const char *relation_name(enum relation);

/* Do both names name one router? False where either names none. */
bool hints_are_of_one_router(const struct hints *, const struct hints *);

#endif
