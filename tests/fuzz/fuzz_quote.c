/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz/fuzz.h"
#include "pkt/quote.h"

/* The first byte is the said length in words of 32 bits, the rest the body. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct quote quote;

	if (len == 0) {
		return 0;
	}
	memset(&quote, 0xa5, sizeof quote);
	if (!quote_read(cursor_of(bytes + 1, len - 1), (size_t)bytes[0] * 4, &quote)) {
		MUST(fuzz_is_untouched(&quote, sizeof quote));
		return 0;
	}
	/* RFC 792: at least the quoted header and eight bytes. */
	MUST(len - 1 >= (size_t)quote.outer.header_bytes + 8);
	MUST(quote.next_is_ip ? carrier_is_any(quote.outer.protocol) :
		!ip_is_ip(quote.outer.protocol));
	MUST(quote.carrier < CARRIER_COUNT);
	MUST(!quote.has_next_id || (quote.next_is_ip && quote.outer.src.family == ADDR_V4));
	MUST(!quote.has_carried || !ip_is_ip(quote.carried_protocol));
	MUST(quote.payload.pos <= quote.payload.len);
	MUST(quote.ext.mpls.count <= MPLS_MAX);
	MUST(quote.has_ext || quote.ext.mpls.count == 0);
	return 0;
}
