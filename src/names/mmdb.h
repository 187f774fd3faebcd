/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_NAMES_MMDB_H
#define THRUPATH_NAMES_MMDB_H

#include "base/err.h"
#include "names/hints.h"
#include "names/network.h"
#include "pkt/addr.h"

/*
 * What an MMDB file says of an address: its network, or where it is. Files are read by the
 * keys of their records, whoever made them: MaxMind, DB-IP, IPinfo. mmdb.c alone knows
 * libmaxminddb. A file is foreign: one that turns out to be damaged says nothing any more.
 */
struct mmdb;

enum mmdb_kind { MMDB_NETWORKS, MMDB_PLACES };

/* Refuses a file whose first records hold nothing of that kind. Caller closes. */
struct mmdb *mmdb_open(const char *path, enum mmdb_kind, struct err *err);
void mmdb_close(struct mmdb *);

/* False where the file has no AS number for the address, or there is no file (NULL). */
bool mmdb_network(struct mmdb *, const struct addr *, struct network *ret_network);

/* The city, of kind PLACE_DATABASE; or PLACE_NONE with nothing but the country. False where
 * neither is known, or there is no file (NULL). */
bool mmdb_place(struct mmdb *, const struct addr *, struct place *ret_place);

/* Did a question show that the file is damaged? */
bool mmdb_is_broken(const struct mmdb *);

const char *mmdb_library(void);                     /* its version */

#endif
