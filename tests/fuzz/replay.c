/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Stands in for libFuzzer in `make check`: hands the target the empty input, and every file
 * of its corpus whole and cut at every byte, each in memory of the exact size, so that a
 * sanitizer or valgrind sees a read beyond the end. tests/fuzz/fuzz_NAME reads
 * tests/fuzz/corpus/NAME.
 */
#include <dirent.h>
#include <errno.h>

#include "fuzz/fuzz.h"

enum { FILES_MAX = 500, FILE_BYTES_MAX = 1 << 20, CUT_BYTES_MAX = 2048 };

static void give(const uint8_t *bytes, size_t len)
{
	uint8_t *exact = malloc(len);

	if (len > 0) {
		MUST(exact != NULL);
		memcpy(exact, bytes, len);
	}
	(void)LLVMFuzzerTestOneInput(exact, len);
	free(exact);
}

static bool replay(const char *path)
{
	uint8_t *bytes = malloc(FILE_BYTES_MAX);
	FILE *file = fopen(path, "rb");
	size_t len = 0;

	MUST(bytes != NULL);
	if (file != NULL) {
		len = fread(bytes, 1, FILE_BYTES_MAX, file);
		(void)fclose(file);
		for (size_t cut = 0; cut < len && cut < CUT_BYTES_MAX; cut++) {
			give(bytes, cut);
		}
		give(bytes, len);
	}
	free(bytes);
	return file != NULL;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_file(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

int main(int argc, char **argv)
{
	const char *slash = strrchr(argv[0], '/'), *srcdir = getenv("srcdir");
	const char *name = slash == NULL ? argv[0] : slash + 1;
	struct dirent **entry = NULL;
	char path[1024];
	int count;

	(void)argc;
	MUST(strncmp(name, "fuzz_", 5) == 0);
	(void)snprintf(path, sizeof path, "%s/tests/fuzz/corpus/%s", srcdir == NULL ? "." : srcdir,
		name + 5);
	count = scandir(path, &entry, is_file, by_name);
	if (count <= 0) {
		printf("Bail out! no corpus in %s: %s\n", path, strerror(errno));
		return 1;
	}
	printf("1..%d\n", count);
	for (int i = 0; i < count; i++) {
		char file[2048];

		(void)snprintf(file, sizeof file, "%s/%s", path, entry[i]->d_name);
		printf("%s %d - %s\n", replay(file) ? "ok" : "not ok", i + 1, entry[i]->d_name);
		(void)fflush(stdout);
		free(entry[i]);
	}
	free(entry);
	return 0;
}
