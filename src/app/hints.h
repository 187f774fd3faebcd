/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_APP_HINTS_H
#define THRUPATH_APP_HINTS_H

#include "app/options.h"

/*
 * --hints: names in, what their parts mean out; and the tables for whoever reads names.
 */
struct table;

/* The built-in tables and those of the user's hints.d; table_destroy() frees it. NULL where a
 * file of the user's is wrong. */
struct table *hints_tables(struct err *err);

/* Reads names from the file, or from the input where it is NULL or "-", until it ends. */
NODISCARD bool hints_run(const struct options *, struct err *err);

#endif
