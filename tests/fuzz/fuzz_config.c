/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/options.h"
#include "fuzz/fuzz.h"

/* The configuration file as a whole, and behind a zero byte what THRUPATH_OPTIONS says. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	char *text = fuzz_text(bytes, len), name[] = "thrupath", host[] = "10.0.0.1";
	char *argv[] = {name, host, NULL};
	size_t first = strlen(text);
	struct options options;
	struct err err = {0};

	memset(&options, 0xa5, sizeof options);
	if (options_parse(2, argv, &(struct options_given){.config = text, .config_name = "config",
		.environment = first < len ? text + first + 1 : NULL}, &options, &err)) {
		MUST(options.settings.first_ttl >= 1 &&
		     options.settings.first_ttl <= options.settings.max_ttl);
		MUST(options.settings.max_rate_pps >= 1 && options.settings.max_rate_pps <= 100000);
		options_finish(&options);
	} else {
		MUST(fuzz_is_untouched(&options, sizeof options));
		MUST(err.code != ERR_NONE && err.text[0] != '\0');
	}
	free(text);
	return 0;
}
