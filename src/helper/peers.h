/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_HELPER_PEERS_H
#define THRUPATH_HELPER_PEERS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * How many helpers a user has, for what he may do is shared by all of them. The kernel's own list
 * of captures says it (/proc/net/packet: each with the user who opened it), so nothing that a user
 * may make, keep or end has a say. Of other programs' captures those that are like ours are counted
 * as well.
 */

/* A descriptor to count by; it is of this process's network namespace. Below 0: there is none. */
int peers_open(void);
/* The captures on all interfaces of that user; 0 where the list cannot be read. */
unsigned peers_count(int fd, unsigned user);

/* Such a list, piece by piece. {.user} to begin with. */
struct peers_reader {
	unsigned user, count;
	unsigned column;         /* of the line at hand */
	unsigned number;         /* in it, so far */
	bool is_other;           /* what it said is not of one of ours */
	bool is_blank;           /* between columns */
};

void peers_read(struct peers_reader *, const char *text, size_t len);

#endif
