/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pkt/ident.h"

#include <string.h>

#include "support/check.h"

static const struct siphash_key KEY = {0x0706050403020100, 0x0f0e0d0c0b0a0908};

static void test_siphash_gives_its_authors_values(void **state)
{
	/* The first and the fifteen-byte row of the reference's vectors_sip64. */
	static const uint8_t bytes[15] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14};
	(void)state;

	assert_int_equal(siphash(&KEY, bytes, 0), 0x726fdb47dd0e0e31);
	assert_int_equal(siphash(&KEY, bytes, 15), 0xa129ca6149be45e5);
	assert_int_equal(siphash_u64(&KEY, 0x0706050403020100), siphash(&KEY, bytes, 8));
}

static void test_the_cipher_is_a_permutation(void **state)
{
	static bool is_hit[65536];
	struct ident ident;
	(void)state;

	ident_init(&ident, &KEY);
	memset(is_hit, 0, sizeof is_hit);
	for (uint32_t i = 0; i < 65536; i++) {
		uint16_t out = ident_encipher(&ident, (uint16_t)i);

		assert_false(is_hit[out]);
		is_hit[out] = true;
		assert_int_equal(ident_decipher(&ident, out), i);
	}
}

static void test_macs_differ_by_everything_they_speak_of(void **state)
{
	struct ident_subject subject = {1000, 3, WALK_RETRACE}, other;
	struct ident ident;
	uint64_t mac;
	(void)state;

	ident_init(&ident, &KEY);
	mac = ident_token_mac(&ident, &subject);
	other = (struct ident_subject){1001, 3, WALK_RETRACE};
	assert_true(ident_token_mac(&ident, &other) != mac);
	other = (struct ident_subject){1000, 4, WALK_RETRACE};
	assert_true(ident_token_mac(&ident, &other) != mac);
	other = (struct ident_subject){1000, 3, WALK_TO};
	assert_true(ident_token_mac(&ident, &other) != mac);
	assert_true(ident_layer_mac(&ident, &subject, 0) != ident_layer_mac(&ident, &subject, 2));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_siphash_gives_its_authors_values),
		cmocka_unit_test(test_the_cipher_is_a_permutation),
		cmocka_unit_test(test_macs_differ_by_everything_they_speak_of),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
