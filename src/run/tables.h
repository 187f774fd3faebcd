/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_RUN_TABLES_H
#define THRUPATH_RUN_TABLES_H

#include "base/err.h"
#include "names/table.h"

/* The built-in tables by which names are read, and those of the user's hints.d; table_destroy()
 * frees it. NULL where a file of the user's is wrong. */
struct table *tables_load(struct err *err);

#endif
