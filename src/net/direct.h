/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_NET_DIRECT_H
#define THRUPATH_NET_DIRECT_H

#include "net/capture.h"
#include "net/transport.h"

/*
 * The live transport: raw socket out, libpcap in, in this process. Needs CAP_NET_RAW when
 * it is created, not afterwards.
 */
struct direct_config {
	struct transport_config common; /* context.port is set by direct_create */
	uint32_t interface;             /* -I: the index; 0: routing decides */
	unsigned mark;                  /* -M */
	size_t packet_bytes;            /* the largest probe */
	double rate_pps;
	size_t ring_bytes_max;          /* of the capture's ring; 0: as the rate needs */
	bool is_lenient;                /* about source ports that are in use: see reserve.h */
	ns_t gather;
	capture_fn *raw;                /* gets all packets undecoded; NULL: they become replies */
	void *raw_arg;
};

/* NULL on failure. ret_port: the destination port that carried UDP must have. */
struct transport *direct_create(const struct direct_config *, uint16_t *ret_port, struct err *err);

#endif
