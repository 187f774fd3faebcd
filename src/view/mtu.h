/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_VIEW_MTU_H
#define THRUPATH_VIEW_MTU_H

#include "base/strbuf.h"
#include "snap/snapshot.h"

/* The MTU of a link in words: screen and reports say the same. All append. */

/* "1400" where that is it, ">=1480" where more may pass, "-" where it is not known. */
void mtu_bytes(const struct snap_mtu *, bool is_back, struct strbuf *);
/* What there is to say of it, or nothing. */
void mtu_remark(const struct snap_mtu *, struct strbuf *);
const char *mtu_heading(void);

#endif
