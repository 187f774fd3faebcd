/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "fuzz/fuzz.h"
#include "net/pcapng.h"

static void check_block(const struct pcapng_block *block)
{
	MUST(!block->note.failed && !block->packet.failed);
	MUST(block->realtime >= 0);
	if (block->kind == PCAPNG_PACKET) {
		MUST(block->link_type >= 0 && block->link_type <= UINT16_MAX);
	} else {
		MUST(cursor_left(&block->packet) == 0);
	}
	/* A sanitizer sees it if the bytes are not there. */
	for (size_t i = 0; i < cursor_left(&block->note); i++) {
		volatile uint8_t byte = block->note.bytes[block->note.pos + i];

		(void)byte;
	}
	for (size_t i = 0; i < cursor_left(&block->packet); i++) {
		volatile uint8_t byte = block->packet.bytes[block->packet.pos + i];

		(void)byte;
	}
}

/* A capture file. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	FILE *file = len == 0 ? NULL : fmemopen((void *)(uintptr_t)bytes, len, "r");
	enum pcapng_step step = PCAPNG_BLOCK;
	struct pcapng_block block;
	struct err err = {0};
	struct pcapng_reader *reader;

	if (file == NULL) {
		return 0;
	}
	reader = pcapng_reader_create(file, &err);
	MUST((reader == NULL) == (err.code != ERR_NONE));
	while (reader != NULL && (step = pcapng_next(reader, &block, &err)) == PCAPNG_BLOCK) {
		check_block(&block);
	}
	MUST((step == PCAPNG_END) == (err.code == ERR_NONE) || reader == NULL);
	pcapng_reader_destroy(reader);
	(void)fclose(file);
	return 0;
}
