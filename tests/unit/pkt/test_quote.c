/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pkt/quote.h"

#include "support/check.h"
#include "support/hex.h"

/* Vector V20: the smallest legal quote of [A>C ttl 1 ID cafe][C>A ID beef], 28 bytes. */
static const char V20[] = "45000040cafe4000010497b90a0001010a0002024500002cbeef4000";

static void test_v20_yields_destination_both_ids_and_the_inner_length(void **state)
{
	struct quote quote;
	uint8_t bytes[64];
	size_t len = hex_bytes(V20, bytes, sizeof bytes);
	(void)state;

	assert_int_equal(len, 28);
	assert_true(quote_read(cursor_of(bytes, len), 0, &quote));
	assert_int_equal(addr_to_v4(&quote.outer.dst), 0x0a000202);
	assert_int_equal(quote.outer.id, 0xcafe);
	assert_int_equal(quote.outer.ttl, 1);
	assert_true(quote.next_is_ip);
	assert_int_equal(quote.next_id, 0xbeef);
	assert_int_equal(quote.next_total_bytes, 44);
	assert_false(quote.has_ext);
}

static void test_every_cut_of_it_is_refused(void **state)
{
	uint8_t bytes[64];
	size_t len = hex_bytes(V20, bytes, sizeof bytes);
	(void)state;

	for (size_t cut = 0; cut < len; cut++) {
		struct quote quote = {.next_id = 7};
		uint8_t *exact = malloc(cut == 0 ? 1 : cut);

		memcpy(exact, bytes, cut);
		assert_false(quote_read(cursor_of(exact, cut), 0, &quote));
		assert_int_equal(quote.next_id, 7);
		free(exact);
	}
}

static void test_options_of_the_quoted_header_are_stepped_over(void **state)
{
	uint8_t bytes[32];
	size_t len = hex_bytes("46000040cafe4000010497b90a0001010a00020201010101", bytes, 32);
	struct quote quote;
	(void)state;

	len += hex_bytes("4500002cbeef4000", bytes + len, 8);
	assert_true(quote_read(cursor_of(bytes, len), 0, &quote));
	assert_int_equal(quote.next_id, 0xbeef);
}

/* A quote padded to `quote_bytes`, with V18's label behind it. */
static size_t with_extension(uint8_t *bytes, size_t quote_bytes)
{
	size_t len = hex_bytes(V20, bytes, 64);

	memset(bytes + len, 0, quote_bytes - len);
	return quote_bytes + hex_bytes("200089c10008010104345101", bytes + quote_bytes, 64);
}

static void test_extensions_are_found_by_length_and_without(void **state)
{
	uint8_t bytes[512];
	struct quote quote;
	size_t len = with_extension(bytes, 160);
	(void)state;

	assert_true(quote_read(cursor_of(bytes, len), 160, &quote));
	assert_true(quote.has_ext);
	assert_int_equal(quote.ext.mpls.entry[0].label, 17221);
	assert_true(quote_read(cursor_of(bytes, len), 0, &quote));
	assert_false(quote.has_ext);
	len = with_extension(bytes, 128);
	assert_true(quote_read(cursor_of(bytes, len), 0, &quote));
	assert_true(quote.has_ext);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_v20_yields_destination_both_ids_and_the_inner_length),
		cmocka_unit_test(test_every_cut_of_it_is_refused),
		cmocka_unit_test(test_options_of_the_quoted_header_are_stepped_over),
		cmocka_unit_test(test_extensions_are_found_by_length_and_without),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
