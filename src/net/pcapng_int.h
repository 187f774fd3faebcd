/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_NET_PCAPNG_INT_H
#define THRUPATH_NET_PCAPNG_INT_H

#include <stdint.h>

/* Numbers of draft-ietf-opsawg-pcapng, 4 and 10, which reader and writer share. */
#define PCAPNG_BYTE_ORDER 0x1a2b3c4du
#define PCAPNG_BLOCK_SECTION 0x0a0d0d0au

enum {
	PCAPNG_BLOCK_INTERFACE = 1,
	PCAPNG_BLOCK_STATISTICS = 5,
	PCAPNG_BLOCK_PACKET = 6,
	PCAPNG_OPTION_END = 0,
	PCAPNG_OPTION_CUSTOM = 19373,    /* binary, not to be copied */
	PCAPNG_OPTION_APPLICATION = 4,   /* shb_userappl */
	PCAPNG_OPTION_RESOLUTION = 9,    /* if_tsresol */
	PCAPNG_OPTION_OFFSET = 14,       /* if_tsoffset */
	PCAPNG_OPTION_FLAGS = 2,         /* epb_flags */
	PCAPNG_OPTION_DROPPED = 5,       /* isb_ifdrop */
	PCAPNG_ENTERPRISE = 32473,       /* RFC 5612 */
	PCAPNG_NAME_BYTES = 8
};

#define PCAPNG_NAME "thrupath"

#endif
