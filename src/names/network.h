/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_NAMES_NETWORK_H
#define THRUPATH_NAMES_NETWORK_H

#include <stdint.h>

/* The network (autonomous system) that announces an address, as a database or the DNS has it. */
struct network {
	uint32_t asn;
	char prefix[48], registry[16];  /* "" where not known, as the name; ASCII */
	char name[64];                  /* foreign text */
};

#endif
