/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pkt/cksum.h"

#include "base/rng.h"
#include "pkt/cursor.h"
#include "support/check.h"

static void test_the_example_of_rfc_1071_comes_out(void **state)
{
	static const uint8_t bytes[] = {0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7};
	(void)state;

	assert_int_equal(cksum_of(bytes, sizeof bytes), 0x220d);
}

static void test_an_odd_byte_counts_as_the_high_half_of_a_word(void **state)
{
	static const uint8_t odd[] = {1, 2, 3, 4, 5}, even[] = {1, 2, 3, 4, 5, 0};
	(void)state;

	assert_int_equal(cksum_of(odd, sizeof odd), cksum_of(even, sizeof even));
}

static void test_the_steering_word_brings_any_checksum_about(void **state)
{
	uint8_t bytes[40];
	struct rng rng;
	(void)state;

	rng_init(&rng, check_seed(1), 7);
	for (int round = 0; round < 20000; round++) {
		uint16_t wanted = (uint16_t)rng_u32(&rng);

		for (size_t i = 0; i < sizeof bytes; i++) {
			bytes[i] = (uint8_t)rng_u32(&rng);
		}
		put_be16(bytes + 2, 0);
		put_be16(bytes + 14, 0);
		put_be16(bytes + 14, cksum_compensate(cksum_add(0, bytes, sizeof bytes), wanted));
		put_be16(bytes + 2, wanted);
		assert_int_equal(cksum_of(bytes, sizeof bytes), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_example_of_rfc_1071_comes_out),
		cmocka_unit_test(test_an_odd_byte_counts_as_the_high_half_of_a_word),
		cmocka_unit_test(test_the_steering_word_brings_any_checksum_about),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
