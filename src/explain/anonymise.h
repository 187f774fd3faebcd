/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_EXPLAIN_ANONYMISE_H
#define THRUPATH_EXPLAIN_ANONYMISE_H

#include "explain/explain.h"

/*
 * For posting: public addresses become addresses for documentation (RFC 5737, RFC 3849; where these
 * end, of RFC 2544's benchmarks), host names become names under .example (RFC 2606), AS numbers
 * become numbers for documentation (RFC 5398). What was of one /24 or /48, of one domain or of one
 * network still is, and the last byte of an IPv4 address stays, so that links are seen. Private and
 * shared addresses mean something, and stay. The same host has the same name in all that one
 * anonymiser changes.
 */
struct anonymiser;

struct anonymiser *anonymiser_create(void);
void anonymiser_destroy(struct anonymiser *); /* NULL: nothing is done */

void anonymise_text(struct anonymiser *, struct read_text *);
/* In sentences and commands, what anonymise_text() has changed. */
void anonymise_explanation(const struct anonymiser *, struct explanation *);
void anonymise_comparison(const struct anonymiser *, struct comparison *);

#endif
