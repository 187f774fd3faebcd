/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/ns.h"
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	char *text = fuzz_text(bytes, len);
	ns_t with_unit = 0, bare = 0;
	bool has_unit = ns_parse(text, 0, &with_unit);

	MUST(with_unit >= 0);
	MUST(ns_parse(text, NS_PER_SEC, &bare) || !has_unit);
	MUST(bare >= 0);
	MUST(!has_unit || bare == with_unit);
	free(text);
	return 0;
}
