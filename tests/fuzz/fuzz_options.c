/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/options.h"
#include "fuzz/fuzz.h"

enum { WORDS_MAX = 64 };

static void check(const struct options *options)
{
	MUST(options->first_ttl >= 1 && options->first_ttl <= options->max_ttl);
	MUST(options->max_ttl <= 64 && options->tos <= 255);
	MUST(options->max_rate_pps >= 1 && options->max_rate_pps <= 100000);
	MUST(options->interval >= 0 && options->timeout >= 0 && options->grace >= 0);
	MUST(options->size_bytes == 0 || options->size_bytes >= 28);
	MUST(options->path == NULL || options->path[0] != '\0');
	MUST(options->destination == NULL || options->destination[0] != '\0');
	MUST(!options->no_to || !options->no_through);
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
