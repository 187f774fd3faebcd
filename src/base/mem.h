/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_BASE_MEM_H
#define THRUPATH_BASE_MEM_H

#include <stddef.h>

/*
 * Allocation that does not fail: when memory is out, the handler set here runs
 * (it leaves the screen), one line goes to stderr and the process ends.
 */

void *xmalloc(size_t size);
void *xcalloc(size_t count, size_t size);           /* zeroed */
void *xreallocarray(void *old, size_t count, size_t size);
char *xstrdup(const char *text);

/* Makes room for one more element: returns `old` or a larger copy and raises *capacity. */
void *xgrow(void *old, size_t *capacity, size_t count, size_t size);

typedef void mem_exit_fn(void *arg);

/* `fn` runs once before the process ends for want of memory; NULL for nothing. For it so many bytes
 * are kept until then. */
void mem_set_exit_handler(mem_exit_fn *fn, void *arg, size_t kept_bytes);

#endif
