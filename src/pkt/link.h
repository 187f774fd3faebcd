/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_PKT_LINK_H
#define THRUPATH_PKT_LINK_H

#include "pkt/cursor.h"

/*
 * Link headers of captures. The numbers are the LINKTYPE_ ones of pcap files, which are
 * the same for these as libpcap's DLT_ ones.
 */
enum link_type {
	LINK_NULL = 0,
	LINK_ETHERNET = 1,
	LINK_RAW_BSD = 12,
	LINK_RAW = 101,
	LINK_LINUX_SLL = 113,
	LINK_LINUX_SLL2 = 276
};

bool link_is_known(int link_type);

/* Steps over the link header and VLAN tags (802.1Q, 802.1ad). True when an IP packet of the
 * family that the link header names follows, which is then what the cursor still holds. */
bool link_find_ip(int link_type, struct cursor *);

/* The index of the interface that showed the frame; 0 where the link header does not say. */
uint32_t link_interface(int link_type, struct cursor frame);

#endif
