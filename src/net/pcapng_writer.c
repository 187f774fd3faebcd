/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/pcapng.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "io/savefile.h"
#include "net/pcapng_int.h"
#include "pkt/link.h"

/* A block is at most a packet, a note, and less than 1 KiB of the rest. */
enum { BUFFER_BYTES = 1 << 18, BLOCK_MAX = PCAPNG_NOTE_MAX + PCAPNG_PACKET_MAX + 1024 };

bool pcapng_create(struct pcapng_writer *writer, const char *path, struct err *err)
{
	int fd;

	if (!savefile_begin(path, "cannot record to", &fd, err)) {
		return false;
	}
	*writer = (struct pcapng_writer){.fd = fd, .buffer = xcalloc(1, BUFFER_BYTES)};
	return true;
}

/* Of so many bytes of the buffer those that are whole blocks. */
static size_t whole_blocks(const struct pcapng_writer *writer, size_t done)
{
	size_t end = 0;

	while (end + 8 <= done) {
		size_t len = (size_t)get_be16(writer->buffer + end + 4) << 16 |
			get_be16(writer->buffer + end + 6);

		if (len > done - end) {
			break;
		}
		end += len;
	}
	return end;
}

/* Cuts off what was written of a block that did not fit. A pipe cannot be cut. */
static bool give_up(struct pcapng_writer *writer, size_t done, int sys, struct err *err)
{
	writer->written_bytes += whole_blocks(writer, done);
	(void)!ftruncate(writer->fd, (off_t)writer->written_bytes);
	(void)close(writer->fd);
	writer->fd = -1;
	return err_set_sys(err, ERR_IO, sys, "recording stopped");
}

bool pcapng_flush(struct pcapng_writer *writer, struct err *err)
{
	size_t done = 0;

	if (writer->fd < 0) {
		return true;
	}
	while (done < writer->used) {
		ssize_t count = write(writer->fd, writer->buffer + done, writer->used - done);

		if (count > 0) {
			done += (size_t)count;
		} else if (count == 0 || errno != EINTR) {
			return give_up(writer, done, count == 0 ? ENOSPC : errno, err);
		}
	}
	writer->written_bytes += done;
	writer->used = 0;
	return true;
}

bool pcapng_close(struct pcapng_writer *writer, struct err *err)
{
	bool is_ok = pcapng_flush(writer, err);

	if (writer->fd >= 0 && close(writer->fd) != 0) {
		is_ok = err_set_sys(err, ERR_IO, errno, "the recording may be incomplete");
	}
	free(writer->buffer);
	*writer = (struct pcapng_writer){.fd = -1};
	return is_ok;
}

static size_t padding(size_t len)
{
	return (4 - len % 4) % 4;
}

/* Makes room for a whole block and begins it; its length is filled in by end_block. */
static bool begin_block(struct pcapng_writer *writer, uint32_t type, struct wcursor *ret_w,
	struct err *err)
{
	if (writer->fd < 0) {
		return false;
	}
	if (BUFFER_BYTES - writer->used < BLOCK_MAX && !pcapng_flush(writer, err)) {
		return false;
	}
	*ret_w = wcursor_of(writer->buffer + writer->used, BUFFER_BYTES - writer->used);
	wcursor_be32(ret_w, type);
	wcursor_be32(ret_w, 0);
	return true;
}

static void end_block(struct pcapng_writer *writer, struct wcursor *w)
{
	uint32_t len = (uint32_t)w->pos + 4;

	wcursor_be32(w, len);
	assert(!w->failed);
	put_be16(w->bytes + 4, (uint16_t)(len >> 16));
	put_be16(w->bytes + 6, (uint16_t)len);
	writer->used += w->pos;
}

static void put_option(struct wcursor *w, uint16_t code, const void *bytes, size_t len)
{
	wcursor_be16(w, code);
	wcursor_be16(w, (uint16_t)len);
	wcursor_bytes(w, bytes, len);
	wcursor_zero(w, padding(len));
}

static void put_note(struct wcursor *w, struct pcapng_note note)
{
	assert(note.len <= PCAPNG_NOTE_MAX);
	if (note.len > 0) {
		wcursor_be16(w, PCAPNG_OPTION_CUSTOM);
		wcursor_be16(w, (uint16_t)(4 + PCAPNG_NAME_BYTES + note.len));
		wcursor_be32(w, PCAPNG_ENTERPRISE);
		wcursor_bytes(w, (const uint8_t *)PCAPNG_NAME, PCAPNG_NAME_BYTES);
		wcursor_bytes(w, note.bytes, note.len);
		wcursor_zero(w, padding(note.len));
	}
	put_option(w, PCAPNG_OPTION_END, NULL, 0);
}

/* 4.1 and 4.2: one section, all big-endian, one interface whose packets have no link header
 * and whose stamps are nanoseconds. */
bool pcapng_put_section(struct pcapng_writer *writer, const char *application,
	struct pcapng_note note, struct err *err)
{
	static const uint8_t nanoseconds = 9;
	struct wcursor w;

	if (!begin_block(writer, PCAPNG_BLOCK_SECTION, &w, err)) {
		return false;
	}
	wcursor_be32(&w, PCAPNG_BYTE_ORDER);
	wcursor_be16(&w, 1);
	wcursor_be16(&w, 0);
	wcursor_be64(&w, UINT64_MAX);    /* the length is not known yet */
	put_option(&w, PCAPNG_OPTION_APPLICATION, application, strlen(application));
	put_note(&w, note);
	end_block(writer, &w);
	if (!begin_block(writer, PCAPNG_BLOCK_INTERFACE, &w, err)) {
		return false;
	}
	wcursor_be16(&w, LINK_RAW);
	wcursor_be16(&w, 0);
	wcursor_be32(&w, 0);             /* no limit to the packets' length */
	put_option(&w, PCAPNG_OPTION_RESOLUTION, &nanoseconds, 1);
	put_option(&w, PCAPNG_OPTION_END, NULL, 0);
	end_block(writer, &w);
	return pcapng_flush(writer, err);
}

/* 4.3: an enhanced packet block. */
bool pcapng_put_packet(struct pcapng_writer *writer, const struct pcapng_packet *packet,
	struct pcapng_note note, struct err *err)
{
	const uint8_t flags[4] = {0, 0, 0, packet->is_outbound ? 2 : 1};
	struct wcursor w;

	assert(packet->len <= PCAPNG_PACKET_MAX);
	if (!begin_block(writer, PCAPNG_BLOCK_PACKET, &w, err)) {
		return false;
	}
	wcursor_be32(&w, 0);
	wcursor_be64(&w, (uint64_t)packet->realtime);
	wcursor_be32(&w, (uint32_t)packet->len);
	wcursor_be32(&w, (uint32_t)packet->len);
	wcursor_bytes(&w, packet->bytes, packet->len);
	wcursor_zero(&w, padding(packet->len));
	put_option(&w, PCAPNG_OPTION_FLAGS, flags, sizeof flags);
	put_note(&w, note);
	end_block(writer, &w);
	return true;
}

/* 4.6: an interface statistics block. */
bool pcapng_put_statistics(struct pcapng_writer *writer, ns_t realtime, uint64_t dropped,
	struct pcapng_note note, struct err *err)
{
	struct wcursor w;

	if (!begin_block(writer, PCAPNG_BLOCK_STATISTICS, &w, err)) {
		return false;
	}
	wcursor_be32(&w, 0);
	wcursor_be64(&w, (uint64_t)realtime);
	wcursor_be16(&w, PCAPNG_OPTION_DROPPED);
	wcursor_be16(&w, 8);
	wcursor_be64(&w, dropped);
	put_note(&w, note);
	end_block(writer, &w);
	return true;
}
