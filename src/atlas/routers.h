/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_ATLAS_ROUTERS_H
#define THRUPATH_ATLAS_ROUTERS_H

#include "atlas/atlas.h"

/*
 * The routers of the way there and of the way back, by their names. Where no address is the other
 * end of a link of the path, a name without its interface still tells that both ways meet there.
 */

/* Which addresses of the traced way back bear the name of a hop's router; none where names are not
 * read. */
void routers_known(const struct atlas *, const struct session *, struct asym_known *ret_known);
/* How alike both ways are as rows of routers; all 0 where one of them has no names. */
struct asym_routers routers_compare(const struct atlas *, const struct session *);

#endif
