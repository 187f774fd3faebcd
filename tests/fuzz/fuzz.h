/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_TESTS_FUZZ_FUZZ_H
#define THRUPATH_TESTS_FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A target reads any bytes and never returns when something that must hold does not. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

#define MUST(claim) do { \
	if (!(claim)) { \
		(void)fprintf(stderr, "%s:%d: must hold: %s\n", __FILE__, __LINE__, #claim); \
		abort(); \
	} \
} while (0)

/* The input as a string in memory of the exact size; caller frees. */
static inline char *fuzz_text(const uint8_t *bytes, size_t len)
{
	char *text = malloc(len + 1);

	MUST(text != NULL);
	if (len > 0) {
		memcpy(text, bytes, len);
	}
	text[len] = '\0';
	return text;
}

/* Are all bytes of an object still what memset(object, 0xa5, len) made them? */
static inline bool fuzz_is_untouched(const void *object, size_t len)
{
	const uint8_t *bytes = object;

	for (size_t i = 0; i < len; i++) {
		if (bytes[i] != 0xa5) {
			return false;
		}
	}
	return true;
}

#endif
