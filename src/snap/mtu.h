/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_SNAP_MTU_H
#define THRUPATH_SNAP_MTU_H

#include "model/session.h"
#include "snap/snapshot.h"

/* The MTU of links, as far as it is measured. */
void mtu_build(const struct session *, struct snapshot *);

#endif
