/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/command_line.h"

#include <string.h>

#include "base/strbuf.h"

static const char SAFE[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	"-_./,:=+@%^";

static void add_word(struct strbuf *text, const char *word)
{
	if (word[0] != '\0' && word[strspn(word, SAFE)] == '\0') {
		strbuf_puts(text, word);
		return;
	}
	strbuf_putc(text, '\'');
	for (; *word != '\0'; word++) {
		if (*word == '\'') {
			strbuf_puts(text, "'\\''");
		} else {
			strbuf_putc(text, *word);
		}
	}
	strbuf_putc(text, '\'');
}

char *command_line(int argc, char **argv)
{
	struct strbuf text = {0};
	const char *slash = argc > 0 ? strrchr(argv[0], '/') : NULL;

	for (int i = 0; i < argc; i++) {
		if (i > 0) {
			strbuf_putc(&text, ' ');
		}
		add_word(&text, i == 0 && slash != NULL ? slash + 1 : argv[i]);
	}
	return strbuf_detach(&text);
}
