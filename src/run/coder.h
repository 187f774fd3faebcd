/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_RUN_CODER_H
#define THRUPATH_RUN_CODER_H

#include "base/ns.h"
#include "model/session.h"
#include "names/place.h"
#include "pkt/cursor.h"

/*
 * One description of a layout for both ways, so that what is written is what is read. Each function
 * writes what it is given, or reads in its place. A file may say anything: what cannot be, and what
 * lies beyond the end, marks the cursor as failed, and then nothing that was read counts.
 */
struct coder {
	struct wcursor *to;      /* NULL: it reads */
	struct cursor *from;
};

uint8_t code_u8(struct coder *, uint8_t);
uint16_t code_u16(struct coder *, uint16_t);
uint32_t code_u32(struct coder *, uint32_t);
uint64_t code_u64(struct coder *, uint64_t);
double code_double(struct coder *, double);
ns_t code_time(struct coder *, ns_t, ns_t least, ns_t most);
/* In one byte, the first one the lowest bit. */
void code_flags(struct coder *, bool *const *flags, size_t count);
void code_addr(struct coder *, struct addr *);
/* Foreign text is cleaned as it is read; 255 bytes at most. */
void code_text(struct coder *, char *text, size_t cap);
void code_interface(struct coder *, char name[INTERFACE_NAME_MAX]);
void code_spot(struct coder *, struct spot *);
/* What was read cannot be, unless `is_sane`. */
void code_check(struct coder *, bool is_sane);

/* Of a known family, or none where that may be. */
bool code_is_family(const struct addr *, bool may_be_unset);

#endif
