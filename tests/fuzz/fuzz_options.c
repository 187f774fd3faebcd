/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/options.h"
#include "fuzz/fuzz.h"

enum { WORDS_MAX = 64 };

static void check(const struct options *options)
{
	const struct settings *settings = &options->settings;

	MUST(settings->first_ttl >= 1 && settings->first_ttl <= settings->max_ttl);
	MUST(settings->max_ttl <= 64 && settings->tos <= 255);
	MUST(settings->max_rate_pps >= 1 && settings->max_rate_pps <= 100000);
	MUST(settings->interval >= 0 && settings->timeout >= 0 && settings->grace >= 0);
	MUST(settings->size_bytes == 0 || settings->size_bytes >= 28);
	MUST(options->path == NULL || options->path[0] != '\0');
	MUST(options->destination == NULL || options->destination[0] != '\0');
	MUST(!settings->no_to || !settings->no_through);
}

/* The lines of the input are the words of a command line. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	char *text = fuzz_text(bytes, len), *rest = text;
	char name[] = "thrupath";
	char *argv[WORDS_MAX + 2] = {name};
	struct options options;
	struct err err = {0};
	int argc = 1;

	while (rest != NULL && argc <= WORDS_MAX) {
		char *end = strchr(rest, '\n');

		argv[argc++] = rest;
		if (end != NULL) {
			*end++ = '\0';
		}
		rest = end;
	}
	memset(&options, 0xa5, sizeof options);
	if (options_parse(argc, argv, /* given= */ NULL, &options, &err)) {
		check(&options);
		options_finish(&options);
	} else {
		MUST(fuzz_is_untouched(&options, sizeof options));
		MUST(err.code == ERR_USAGE && err.text[0] != '\0');
	}
	free(text);
	return 0;
}
