/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_NET_CAPTURE_FILTER_H
#define THRUPATH_NET_CAPTURE_FILTER_H

#include <pcap/pcap.h>

#include "net/capture.h"

/*
 * Which packets the kernel hands to the capture: what could be ours, by ports, identifiers and
 * marks. Every packet of the host passes through it, so what cannot be is known by a few
 * instructions.
 */

/* False: pcap_geterr() says why. */
NODISCARD bool capture_filter_compile(pcap_t *, const struct capture_config *,
	struct bpf_program *ret_program);
void capture_filter_finish(struct bpf_program *);

#endif
