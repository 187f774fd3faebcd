/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/mem.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The one mutable static of this layer: memory can run out in any function, with no
 * object at hand that could carry the handler there. */
static struct {
	mem_exit_fn *fn;
	void *arg, *kept;
} last;

void mem_set_exit_handler(mem_exit_fn *fn, void *arg, size_t kept_bytes)
{
	free(last.kept);
	last.fn = fn;
	last.arg = arg;
	last.kept = kept_bytes > 0 ? malloc(kept_bytes) : NULL;
}

static void out_of_memory(void)
{
	static const char text[] = "thrupath: out of memory\n";

	mem_exit_fn *fn = last.fn;
	void *arg = last.arg;

	/* If it wants more than was kept, this ends here. */
	mem_set_exit_handler(NULL, NULL, 0);
	if (fn != NULL) {
		fn(arg);
	}
	(void)!write(STDERR_FILENO, text, sizeof text - 1);
	_exit(3);
}

void *xmalloc(size_t size)
{
	void *p = malloc(size == 0 ? 1 : size);

	if (p == NULL) {
		out_of_memory();
	}
	return p;
}

void *xcalloc(size_t count, size_t size)
{
	void *p = calloc(count == 0 ? 1 : count, size == 0 ? 1 : size);

	if (p == NULL) {
		out_of_memory();
	}
	return p;
}

void *xreallocarray(void *old, size_t count, size_t size)
{
	void *p = NULL;

	if (size == 0 || count <= SIZE_MAX / size) {
		p = realloc(old, count * size == 0 ? 1 : count * size);
	}
	if (p == NULL) {
		out_of_memory();
	}
	return p;
}

char *xstrdup(const char *text)
{
	size_t len = strlen(text) + 1;

	return memcpy(xmalloc(len), text, len);
}

void *xgrow(void *old, size_t *capacity, size_t count, size_t size)
{
	if (count < *capacity) {
		return old;
	}
	*capacity = *capacity < 8 ? 8 : *capacity * 2;
	if (*capacity <= count) {
		*capacity = count + 1;
	}
	return xreallocarray(old, *capacity, size);
}
