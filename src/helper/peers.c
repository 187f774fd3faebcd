/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "helper/peers.h"

#include <fcntl.h>
#include <stdint.h>
#include <unistd.h>

/* "sk RefCnt Type Proto Iface R Rmem User Inode"; Proto is hexadecimal. */
enum { COLUMN_TYPE = 3, COLUMN_PROTOCOL = 4, COLUMN_INTERFACE = 5, COLUMN_USER = 8, COOKED = 2,
	ALL_PROTOCOLS = 3, PIECE_BYTES = 4096 };

int peers_open(void)
{
	return open("/proc/self/net/packet", O_RDONLY | O_CLOEXEC);
}

static int digit_of(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void end_column(struct peers_reader *reader)
{
	unsigned number = reader->number;

	reader->is_other = reader->is_other ||
		(reader->column == COLUMN_TYPE && number != COOKED) ||
		(reader->column == COLUMN_PROTOCOL && number != ALL_PROTOCOLS) ||
		(reader->column == COLUMN_INTERFACE && number != 0) ||
		(reader->column == COLUMN_USER && number != reader->user);
	reader->count += reader->column == COLUMN_USER && !reader->is_other;
	reader->number = 0;
}

static void end_line(struct peers_reader *reader)
{
	*reader = (struct peers_reader){.user = reader->user, .count = reader->count};
}

/* The title has words where numbers are. */
static void add_digit(struct peers_reader *reader, char c)
{
	unsigned base = reader->column == COLUMN_PROTOCOL ? 16 : 10;
	int digit = digit_of(c);

	if (reader->column < COLUMN_TYPE) {
		return;
	}
	if (digit < 0 || (unsigned)digit >= base) {
		reader->is_other = true;
		return;
	}
	reader->number = reader->number * base + (unsigned)digit;
}

void peers_read(struct peers_reader *reader, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		bool was_blank = reader->is_blank || reader->column == 0;

		reader->is_blank = text[i] == ' ' || text[i] == '\n';
		if (!reader->is_blank) {
			reader->column += was_blank;
			add_digit(reader, text[i]);
		} else if (!was_blank) {
			end_column(reader);
		}
		if (text[i] == '\n') {
			end_line(reader);
		}
	}
}

unsigned peers_count(int fd, unsigned user)
{
	struct peers_reader reader = {.user = user};
	char piece[PIECE_BYTES];
	off_t at = 0;
	ssize_t got;

	while ((got = pread(fd, piece, sizeof piece, at)) > 0) {
		peers_read(&reader, piece, (size_t)got);
		at += got;
	}
	return got < 0 ? 0 : reader.count;
}
