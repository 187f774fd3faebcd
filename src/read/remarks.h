/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_READ_REMARKS_H
#define THRUPATH_READ_REMARKS_H

#include "read/table.h"

/*
 * Lines among the rows in which a program says who did not reply: lft, nmap, tcptraceroute,
 * tracepath.
 */
bool remarks_read(const char *line, size_t number, struct read_report *);
/* Words for an error within a row: "[host unreachable]" of lft. */
void remarks_flag(const char *line, struct read_row *);

#endif
