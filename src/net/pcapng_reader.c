/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/pcapng.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "net/pcapng_int.h"

/* Longer blocks and more interfaces than any capture has are signs of damage. */
enum { BLOCK_BYTES_MAX = 1 << 24, INTERFACES_MAX = 256, CLASSIC_HEADER = 24, CLASSIC_RECORD = 16 };

static const int64_t SECONDS_MAX = NS_NEVER / NS_PER_SEC;

struct interface {
	int link_type;
	uint8_t resolution;      /* as in if_tsresol: the top bit says powers of 2 */
	int64_t offset_sec;
};

struct pcapng_reader {
	FILE *file;
	uint64_t at_bytes;       /* of the block being read, for messages */
	bool is_classic, is_little, is_over;
	struct interface *interface;
	size_t interface_count, interface_cap;
	uint8_t *buffer;
	size_t buffer_cap;
};

static uint16_t read_u16(const struct pcapng_reader *reader, struct cursor *c)
{
	uint16_t value = cursor_be16(c);

	return reader->is_little ? (uint16_t)(value << 8 | value >> 8) : value;
}

static uint32_t read_u32(const struct pcapng_reader *reader, struct cursor *c)
{
	uint32_t first = read_u16(reader, c);
	uint32_t second = read_u16(reader, c);

	return reader->is_little ? second << 16 | first : first << 16 | second;
}

static bool damaged(const struct pcapng_reader *reader, struct err *err)
{
	return err_set(err, ERR_SYNTAX, "corrupt block at byte %llu",
		(unsigned long long)reader->at_bytes);
}

/* Reads len bytes behind `used` ones of the buffer. */
static bool fill(struct pcapng_reader *reader, size_t used, size_t len, struct err *err)
{
	if (used + len > reader->buffer_cap) {
		reader->buffer_cap = used + len + 4096;
		reader->buffer = xreallocarray(reader->buffer, reader->buffer_cap, 1);
	}
	if (fread(reader->buffer + used, 1, len, reader->file) == len) {
		return true;
	}
	if (ferror(reader->file)) {
		return err_set(err, ERR_IO, "the file cannot be read");
	}
	return err_set(err, ERR_SYNTAX, "the file is truncated: the block at byte %llu is incomplete",
		(unsigned long long)reader->at_bytes);
}

/* Is there another block at all? */
static bool has_more(struct pcapng_reader *reader)
{
	int next = getc(reader->file);

	return next != EOF && ungetc(next, reader->file) == next;
}

/* Seconds and ticks of some power of 10 or 2 as nanoseconds (if_tsresol, 4.2). */
static ns_t to_realtime(const struct interface *interface, uint64_t ticks)
{
	unsigned power = interface->resolution & 0x7f;
	uint64_t per_second = 1;
	uint64_t sec, rest;
	int64_t moved;

	if (interface->resolution & 0x80) {
		per_second = power < 64 ? (uint64_t)1 << power : 0;
	} else {
		for (unsigned i = 0; i < power; i++) {
			per_second = i < 19 ? per_second * 10 : 0;
		}
	}
	if (per_second == 0) {
		return 0;
	}
	sec = ticks / per_second;
	rest = ticks % per_second;
	if (sec >= (uint64_t)SECONDS_MAX || interface->offset_sec >= SECONDS_MAX ||
	    interface->offset_sec <= -SECONDS_MAX) {
		return NS_NEVER;
	}
	moved = (int64_t)sec + interface->offset_sec;
	if (moved < 0 || moved >= SECONDS_MAX) {
		return moved < 0 ? 0 : NS_NEVER;
	}
	if (per_second <= (uint64_t)NS_PER_SEC) {
		return moved * NS_PER_SEC + (ns_t)(rest * (uint64_t)NS_PER_SEC / per_second);
	}
	return moved * NS_PER_SEC + (ns_t)((double)rest / (double)per_second * 1e9);
}

/* The next option (3.5); false at their end. A broken one fails the cursor. */
static bool next_option(const struct pcapng_reader *reader, struct cursor *c, uint16_t *ret_code,
	struct cursor *ret_value)
{
	size_t len;

	if (cursor_left(c) == 0) {
		return false;
	}
	*ret_code = read_u16(reader, c);
	len = read_u16(reader, c);
	*ret_value = cursor_take(c, len);
	cursor_skip(c, (4 - len % 4) % 4);
	return !c->failed && *ret_code != PCAPNG_OPTION_END;
}

/* Finds our custom option among all; true unless one of them is broken. */
static bool find_note(const struct pcapng_reader *reader, struct cursor c, struct cursor *ret_note)
{
	struct cursor value;
	uint16_t code;

	while (next_option(reader, &c, &code, &value)) {
		if (code == PCAPNG_OPTION_CUSTOM) {
			uint32_t enterprise = read_u32(reader, &value);
			const uint8_t *name = cursor_bytes(&value, PCAPNG_NAME_BYTES);

			if (name != NULL && enterprise == PCAPNG_ENTERPRISE &&
			    memcmp(name, PCAPNG_NAME, PCAPNG_NAME_BYTES) == 0) {
				*ret_note = cursor_take(&value, cursor_left(&value));
			}
		}
	}
	return !c.failed;
}

static bool read_interface(struct pcapng_reader *reader, struct cursor c)
{
	struct interface interface = {.resolution = 6};
	struct cursor value;
	uint16_t code;

	interface.link_type = read_u16(reader, &c);
	cursor_skip(&c, 6);
	while (next_option(reader, &c, &code, &value)) {
		if (code == PCAPNG_OPTION_RESOLUTION) {
			interface.resolution = cursor_u8(&value);
		} else if (code == PCAPNG_OPTION_OFFSET) {
			uint32_t a = read_u32(reader, &value), b = read_u32(reader, &value);

			interface.offset_sec = (int64_t)(reader->is_little ?
				(uint64_t)b << 32 | a : (uint64_t)a << 32 | b);
		}
	}
	if (c.failed || reader->interface_count == INTERFACES_MAX) {
		return false;
	}
	reader->interface = xgrow(reader->interface, &reader->interface_cap,
		reader->interface_count, sizeof *reader->interface);
	reader->interface[reader->interface_count++] = interface;
	return true;
}

static bool read_packet(const struct pcapng_reader *reader, struct cursor c,
	struct pcapng_block *block)
{
	uint32_t interface = read_u32(reader, &c);
	uint64_t high = read_u32(reader, &c);
	uint64_t low = read_u32(reader, &c);
	size_t len = read_u32(reader, &c);

	block->is_cut = read_u32(reader, &c) > len;
	block->packet = cursor_take(&c, len);
	cursor_skip(&c, (4 - len % 4) % 4);
	if (c.failed || interface >= reader->interface_count ||
	    !find_note(reader, c, &block->note)) {
		return false;
	}
	block->kind = PCAPNG_PACKET;
	block->link_type = reader->interface[interface].link_type;
	block->realtime = to_realtime(&reader->interface[interface], high << 32 | low);
	return true;
}

/* The byte order of what follows is that of the section's header (4.1). */
static bool read_order(struct pcapng_reader *reader, struct err *err)
{
	struct cursor c;
	uint32_t magic;

	if (!fill(reader, 8, 4, err)) {
		return false;
	}
	c = cursor_of(reader->buffer + 8, 4);
	magic = cursor_be32(&c);
	if (magic != PCAPNG_BYTE_ORDER && magic != 0x4d3c2b1au) {
		return damaged(reader, err);
	}
	reader->is_little = magic != PCAPNG_BYTE_ORDER;
	reader->interface_count = 0;
	return true;
}

/* Reads one whole block into the buffer; gives its type and its body. */
static bool read_block(struct pcapng_reader *reader, uint32_t *ret_type, struct cursor *ret_body,
	struct err *err)
{
	size_t used = 8, len;
	struct cursor c;
	uint32_t type;

	if (!fill(reader, 0, 8, err)) {
		return false;
	}
	c = cursor_of(reader->buffer, 8);
	type = read_u32(reader, &c);
	if (type == PCAPNG_BLOCK_SECTION) {
		if (!read_order(reader, err)) {
			return false;
		}
		used = 12;
		c = cursor_of(reader->buffer + 4, 4);
	}
	len = read_u32(reader, &c);
	if (len < used + 4 || len % 4 != 0 || len > BLOCK_BYTES_MAX) {
		return damaged(reader, err);
	}
	if (!fill(reader, used, len - used, err)) {
		return false;
	}
	c = cursor_of(reader->buffer + len - 4, 4);
	if (read_u32(reader, &c) != len) {
		return damaged(reader, err);
	}
	*ret_type = type;
	*ret_body = cursor_of(reader->buffer + used, len - used - 4);
	reader->at_bytes += len;
	return true;
}

/* One of the blocks we know; *ret_is_known is false for the others. */
static bool read_known(struct pcapng_reader *reader, uint32_t type, struct cursor body,
	struct pcapng_block *block, bool *ret_is_known)
{
	*ret_is_known = true;
	if (type == PCAPNG_BLOCK_PACKET) {
		return read_packet(reader, body, block);
	}
	if (type == PCAPNG_BLOCK_SECTION) {
		uint16_t major = read_u16(reader, &body);

		cursor_skip(&body, 10);
		block->kind = PCAPNG_SECTION;
		return major == 1 && !body.failed && find_note(reader, body, &block->note);
	}
	if (type == PCAPNG_BLOCK_STATISTICS) {
		cursor_skip(&body, 12);
		block->kind = PCAPNG_STATISTICS;
		return !body.failed && find_note(reader, body, &block->note);
	}
	*ret_is_known = false;
	return type != PCAPNG_BLOCK_INTERFACE || read_interface(reader, body);
}

/* draft-ietf-opsawg-pcap, 5: seconds, fraction, captured length, length. */
static bool read_classic(struct pcapng_reader *reader, struct pcapng_block *block,
	struct err *err)
{
	uint64_t sec, fraction;
	struct cursor c;
	size_t len;

	if (!fill(reader, 0, CLASSIC_RECORD, err)) {
		return false;
	}
	c = cursor_of(reader->buffer, CLASSIC_RECORD);
	sec = read_u32(reader, &c);
	fraction = read_u32(reader, &c);
	len = read_u32(reader, &c);
	block->is_cut = read_u32(reader, &c) > len;
	if (len > BLOCK_BYTES_MAX) {
		return damaged(reader, err);
	}
	if (!fill(reader, CLASSIC_RECORD, len, err)) {
		return false;
	}
	reader->at_bytes += CLASSIC_RECORD + len;
	block->kind = PCAPNG_PACKET;
	block->link_type = reader->interface[0].link_type;
	block->realtime = (ns_t)sec * NS_PER_SEC +
		(ns_t)fraction * (reader->interface[0].resolution == 9 ? 1 : NS_PER_US);
	block->packet = cursor_of(reader->buffer + CLASSIC_RECORD, len);
	return true;
}

enum pcapng_step pcapng_next(struct pcapng_reader *reader, struct pcapng_block *ret_block,
	struct err *err)
{
	struct pcapng_block block = {0};
	bool is_known = false;

	while (!reader->is_over) {
		struct cursor body;
		uint32_t type = 0;

		if (!has_more(reader) && !ferror(reader->file)) {
			reader->is_over = true;
			return PCAPNG_END;
		}
		if (reader->is_classic) {
			is_known = read_classic(reader, &block, err);
			reader->is_over = !is_known;
		} else if (!read_block(reader, &type, &body, err)) {
			reader->is_over = true;
		} else if (!read_known(reader, type, body, &block, &is_known)) {
			reader->is_over = true;
			(void)err_set(err, ERR_SYNTAX, "corrupt block before byte %llu",
				(unsigned long long)reader->at_bytes);
		}
		if (reader->is_over) {
			return PCAPNG_BAD;
		}
		if (is_known) {
			*ret_block = block;
			return PCAPNG_BLOCK;
		}
	}
	return PCAPNG_END;
}

/* draft-ietf-opsawg-pcap, 4: what the first four bytes tell of the rest. */
static bool open_classic(struct pcapng_reader *reader, uint32_t magic, struct err *err)
{
	bool is_nano = magic == 0xa1b23c4du || magic == 0x4d3cb2a1u;
	struct cursor c;

	reader->is_classic = true;
	reader->is_little = magic == 0xd4c3b2a1u || magic == 0x4d3cb2a1u;
	if (!fill(reader, 0, CLASSIC_HEADER, err)) {
		return false;
	}
	reader->at_bytes = CLASSIC_HEADER;
	c = cursor_of(reader->buffer + 20, 4);
	reader->interface = xgrow(NULL, &reader->interface_cap, 0, sizeof *reader->interface);
	/* The upper half tells of frame check sequences. */
	reader->interface[0] = (struct interface){.link_type = read_u32(reader, &c) & 0xffff,
		.resolution = is_nano ? 9 : 6};
	reader->interface_count = 1;
	return true;
}

/* Looks at the first four bytes and leaves them where they are. */
static bool peek_magic(FILE *file, uint32_t *ret_magic, struct err *err)
{
	uint8_t bytes[4];
	size_t len = fread(bytes, 1, sizeof bytes, file);
	struct cursor c = cursor_of(bytes, len);

	*ret_magic = cursor_be32(&c);
	if (ferror(file)) {
		return err_set(err, ERR_IO, "the file cannot be read");
	}
	if (len == 0) {
		return err_set(err, ERR_SYNTAX, "the file is empty");
	}
	return fseek(file, 0, SEEK_SET) == 0 ||
	       err_set(err, ERR_IO, "a pipe cannot be replayed, only a file");
}

struct pcapng_reader *pcapng_reader_create(FILE *file, struct err *err)
{
	struct pcapng_reader *reader;
	bool is_ok = true;
	uint32_t magic;

	if (!peek_magic(file, &magic, err)) {
		return NULL;
	}
	reader = xcalloc(1, sizeof *reader);
	reader->file = file;
	if (magic == 0xa1b2c3d4u || magic == 0xd4c3b2a1u || magic == 0xa1b23c4du ||
	    magic == 0x4d3cb2a1u) {
		is_ok = open_classic(reader, magic, err);
	} else if (magic != PCAPNG_BLOCK_SECTION) {
		is_ok = err_set(err, ERR_SYNTAX, "the file is neither pcapng nor pcap");
	}
	if (!is_ok) {
		pcapng_reader_destroy(reader);
		return NULL;
	}
	return reader;
}

void pcapng_reader_destroy(struct pcapng_reader *reader)
{
	if (reader != NULL) {
		free(reader->interface);
		free(reader->buffer);
		free(reader);
	}
}
