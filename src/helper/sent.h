/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_HELPER_SENT_H
#define THRUPATH_HELPER_SENT_H

#include "pkt/reply.h"

/*
 * What this session has sent of late, and so which packets are its own. The asker chose the key,
 * the ports and the identifier of his HELLO, and may choose those that another user's packets have:
 * so ports and identifier prove nothing here. Only what bears the token of a probe, or answers or
 * quotes one that left by this helper, may be handed over. Asks no kernel; allocates in
 * sent_create() alone.
 */
struct sent;

/* `rate_pps`: probes are known again for some ten seconds at that rate. */
struct sent *sent_create(const struct ident *, double rate_pps);
void sent_destroy(struct sent *);
void sent_note(struct sent *, const struct probe_spec *);

/* `reply` is what reply_decode() made of the packet. */
bool sent_is_own(const struct sent *, const uint8_t *bytes, size_t len, const struct reply *reply);

#endif
