/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_REPORT_EXPLAIN_ITEMS_H
#define THRUPATH_REPORT_EXPLAIN_ITEMS_H

#include "report/report_explain.h"

/*
 * The headline, and what stands below it, an item each; of several hops of which the same is said,
 * one. Both replace `text`. Returns the index of the next item from `i` on, 1 or more; the count
 * where there is none.
 */
void explain_headline(const struct explanation *, struct strbuf *text);
size_t explain_item(const struct explanation *, size_t i, struct strbuf *text);

#endif
