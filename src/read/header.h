/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_READ_HEADER_H
#define THRUPATH_READ_HEADER_H

#include "read/table.h"

/*
 * Lines before and behind the rows: which program it was, where to, how far.
 */
enum header {
	HEADER_NONE,
	HEADER_REPORT,           /* a report begins: tool and target are in it */
	HEADER_MORE,             /* says more of a report whose rows have not begun */
	HEADER_END               /* the program says that it is through */
};

/*
 * Of a command as it was typed, what kind of probe it asks for: "icmp", "udp", "tcp"; "": the line
 * is none, or does not say.
 */
const char *header_protocol(const char *line);

enum header header_read(const char *line, struct read_report *report);

#endif
