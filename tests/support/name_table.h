/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_TESTS_NAME_TABLE_H
#define THRUPATH_TESTS_NAME_TABLE_H

#include "names/table.h"

/* The tables by which names are read, for a whole group of tests. */
static struct table *table;

static int load_table(void **state)
{
	(void)state;
	table = table_create();
	return table == NULL;
}

static int unload_table(void **state)
{
	(void)state;
	table_destroy(table);
	return 0;
}

#endif
