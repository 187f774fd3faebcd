/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_SNAP_TEXT_H
#define THRUPATH_SNAP_TEXT_H

#include "pkt/addr.h"

/* What a snapshot holds as text. */

char *snap_address_text(const struct addr *);   /* NULL for none; caller frees */

#endif
