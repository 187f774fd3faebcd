/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_NAMES_HOSTNAME_H
#define THRUPATH_NAMES_HOSTNAME_H

#include "names/hints.h"

/*
 * Reads what a host name says. The name is foreign: any bytes will do. Allocates nothing.
 */
struct table;

void hostname_read(const struct table *, const char *name, struct hints *ret_hints);

#endif
