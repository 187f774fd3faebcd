/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz/fuzz.h"
#include "pkt/addr.h"

/* What is read as an address is read the same from its canonical text. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	char *text = fuzz_text(bytes, len);
	char canonical[ADDR_TEXT_MAX], twice[ADDR_TEXT_MAX];
	struct addr addr, again;

	memset(&addr, 0xa5, sizeof addr);
	if (addr_parse(text, &addr)) {
		MUST(addr.family == ADDR_V4 || addr.family == ADDR_V6);
		MUST(addr_parse(addr_format(&addr, canonical), &again));
		MUST(addr_equal(&addr, &again));
		MUST(strcmp(addr_format(&again, twice), canonical) == 0);
	} else {
		MUST(fuzz_is_untouched(&addr, sizeof addr));
	}
	free(text);
	return 0;
}
