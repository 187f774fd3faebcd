/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/destination.h"
#include "fuzz/fuzz.h"

/* Would the resolver be asked? Then the answer is not ours to test. */
static bool has_names(const char *path)
{
	while (*path != '\0') {
		size_t len = strcspn(path, ",");

		if (memchr(path, '+', len) == NULL && memchr(path, ':', len) == NULL &&
		    strspn(path, "0123456789.") < len) {
			return true;
		}
		path += len + (path[len] == ',');
	}
	return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	char *text = fuzz_text(bytes, len);
	struct options options = {.path = text, .settings.max_rate_pps = 1000};
	struct err err = {0};
	struct target target;

	memset(&target, 0xa5, sizeof target);
	if (has_names(text)) {
		free(text);
		return 0;
	}
	if (destination_parse(&options, &target, &err)) {
		MUST(target.path_count >= 1 && target.path_count <= HOP_MAX);
		MUST(addr_equal(&target.destination, &target.path[target.path_count - 1]));
		for (size_t i = 0; i < target.path_count; i++) {
			MUST(addr_is_set(&target.path[i]));
			MUST(target.path_other[i].family != target.path[i].family);
			MUST(!addr_is_multicast(&target.path[i]));
			MUST(!addr_is_unspecified(&target.path[i]));
		}
	} else {
		MUST(fuzz_is_untouched(&target, sizeof target));
		MUST(err.code == ERR_USAGE && err.text[0] != '\0');
	}
	free(text);
	return 0;
}
