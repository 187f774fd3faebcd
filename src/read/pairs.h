/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_READ_PAIRS_H
#define THRUPATH_READ_PAIRS_H

#include "read/words.h"

/*
 * Names with values, as mtr writes them in JSON and in XML, whose "<Loss%>" no XML reader takes:
 * "name": value, NAME="value", <Name>value</Name>. What stands around them is passed over.
 */
bool pairs_next(const char **at, struct word *ret_name, struct word *ret_value);

#endif
