/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/mem.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The one mutable static of this layer: memory can run out in any function, with no
 * object at hand that could carry the handler there. */
static void (*exit_handler)(void);

void mem_set_exit_handler(void (*fn)(void))
{
	exit_handler = fn;
}

static void out_of_memory(void)
{
	static const char text[] = "thrupath: out of memory\n";

	if (exit_handler != NULL) {
		exit_handler();
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
