/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_NAMES_NETWORK_H
#define THRUPATH_NAMES_NETWORK_H

#include <stdint.h>

/* The network (autonomous system) that announces an address, as a database or the DNS has it. */
struct network {
	uint32_t asn;
	/* "" where not known, as the name; ASCII. The country that the addresses are registered in,
	 * or that a file has for them; when they were given out. */
	char prefix[48], country[8], registry[16], allocated[16];
	char name[64];                  /* foreign text */
};

#endif
