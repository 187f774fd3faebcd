/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_TESTS_CHECK_H
#define THRUPATH_TESTS_CHECK_H

/* What every unit test needs: cmocka with the headers it wants before it, and a seed. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The seed of a random test: TEST_SEED, else `otherwise`; always printed. */
static inline uint64_t check_seed(uint64_t otherwise)
{
	const char *text = getenv("TEST_SEED");
	uint64_t seed = text == NULL ? otherwise : strtoull(text, NULL, 0);

	printf("# TEST_SEED=%llu\n", (unsigned long long)seed);
	return seed;
}

/* |a - b| <= tolerance, with both shown when not. */
#define assert_near(a, b, tolerance) do { \
	double near_a = (a), near_b = (b); \
	if (!(near_a - near_b <= (tolerance) && near_b - near_a <= (tolerance))) { \
		fail_msg("%s = %.12g, expected %.12g", #a, near_a, near_b); \
	} \
} while (0)

/* cmocka's assert_in_range has another name in each of its versions. */
#define assert_between(value, low, high) do { \
	unsigned long long between_value = (value); \
	if (between_value < (low) || between_value > (high)) { \
		fail_msg("%s = %llu, expected %llu to %llu", #value, between_value, \
			(unsigned long long)(low), (unsigned long long)(high)); \
	} \
} while (0)

#endif
