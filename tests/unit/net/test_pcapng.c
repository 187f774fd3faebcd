/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/pcapng.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/mem.h"
#include "support/check.h"

enum { FILE_MAX = 4096 };

/* draft-ietf-opsawg-pcapng: a section and an interface of Ethernet whose stamps are
 * microseconds, an unknown block, and a packet of five bytes at 0x100000002 microseconds. */
static const uint8_t LITTLE[] = {
	0x0a, 0x0d, 0x0d, 0x0a, 28, 0, 0, 0, 0x4d, 0x3c, 0x2b, 0x1a, 1, 0, 0, 0,
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 28, 0, 0, 0,
	1, 0, 0, 0, 20, 0, 0, 0, 1, 0, 0, 0, 0, 0, 4, 0, 20, 0, 0, 0,
	0x77, 0, 0, 0, 16, 0, 0, 0, 9, 9, 9, 9, 16, 0, 0, 0,
	6, 0, 0, 0, 40, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 5, 0, 0, 0, 5, 0, 0, 0,
	'h', 'e', 'l', 'l', 'o', 0, 0, 0, 40, 0, 0, 0,
};

/* Where a whole block ends, so that a file cut there is whole too. */
static const size_t LITTLE_ENDS[] = {28, 48, 64, 104};

/* draft-ietf-opsawg-pcap: big-endian, nanoseconds, raw IP; one byte at 2.000000003 s. */
static const uint8_t CLASSIC[] = {
	0xa1, 0xb2, 0x3c, 0x4d, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 101,
	0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0x45,
};

struct input {
	uint8_t bytes[FILE_MAX];
	size_t len;
	FILE *file;
	struct pcapng_reader *reader;
	struct pcapng_block block;
	struct err err;
};

static void open_bytes(struct input *in, const uint8_t *bytes, size_t len)
{
	*in = (struct input){.len = len};
	assert_true(len <= sizeof in->bytes);
	memcpy(in->bytes, bytes, len);
	in->file = len == 0 ? fopen("/dev/null", "r") : fmemopen(in->bytes, len, "r");
	assert_non_null(in->file);
	in->reader = pcapng_reader_create(in->file, &in->err);
}

static void close_input(struct input *in)
{
	pcapng_reader_destroy(in->reader);
	(void)fclose(in->file);
}

static enum pcapng_step next(struct input *in)
{
	return pcapng_next(in->reader, &in->block, &in->err);
}

static void is_text(const struct cursor *c, const char *text)
{
	assert_int_equal(cursor_left(c), strlen(text));
	if (cursor_left(c) > 0) {
		assert_memory_equal(c->bytes + c->pos, text, strlen(text));
	}
}

/* Writes a section with a note, a packet with one and one without, and statistics. */
static size_t write_file(uint8_t *ret_bytes)
{
	struct pcapng_note note = {(const uint8_t *)"facts", 5}, none = {NULL, 0};
	struct pcapng_packet packet = {.realtime = 1700000000123456789, .len = 5,
		.bytes = (const uint8_t *)"\x45""abcd", .is_outbound = true};
	char path[] = "/tmp/thrupath-pcapng-XXXXXX";
	int fd = mkstemp(path);
	struct pcapng_writer writer;
	struct err err;
	ssize_t len;

	assert_true(fd >= 0);
	(void)close(fd);
	assert_true(pcapng_create(&writer, path, &err));
	assert_true(pcapng_put_section(&writer, "test", note, &err));
	assert_true(pcapng_put_packet(&writer, &packet, (struct pcapng_note){
		(const uint8_t *)"events", 6}, &err));
	assert_true(pcapng_put_packet(&writer, &packet, none, &err));
	assert_true(pcapng_put_statistics(&writer, packet.realtime, 7, note, &err));
	assert_true(pcapng_close(&writer, &err));
	fd = open(path, O_RDONLY);
	assert_true(fd >= 0);
	len = read(fd, ret_bytes, FILE_MAX);
	assert_true(len > 0 && len < FILE_MAX);
	(void)close(fd);
	(void)unlink(path);
	return (size_t)len;
}

static void test_what_was_written_is_read_again(void **state)
{
	uint8_t bytes[FILE_MAX];
	struct input in;
	(void)state;

	open_bytes(&in, bytes, write_file(bytes));

	assert_int_equal(next(&in), PCAPNG_BLOCK);
	assert_int_equal(in.block.kind, PCAPNG_SECTION);
	is_text(&in.block.note, "facts");
	assert_int_equal(next(&in), PCAPNG_BLOCK);
	assert_int_equal(in.block.kind, PCAPNG_PACKET);
	assert_int_equal(in.block.link_type, 101);
	assert_int_equal(in.block.realtime, 1700000000123456789);
	is_text(&in.block.packet, "\x45""abcd");
	is_text(&in.block.note, "events");
	assert_int_equal(next(&in), PCAPNG_BLOCK);
	is_text(&in.block.note, "");
	assert_int_equal(next(&in), PCAPNG_BLOCK);
	assert_int_equal(in.block.kind, PCAPNG_STATISTICS);
	is_text(&in.block.note, "facts");
	assert_int_equal(next(&in), PCAPNG_END);
	assert_int_equal(next(&in), PCAPNG_END);
	close_input(&in);
}

static void test_a_note_of_another_name_is_none_of_ours(void **state)
{
	uint8_t bytes[FILE_MAX], *name;
	size_t len = write_file(bytes);
	struct input in;
	(void)state;
	name = memchr(bytes + 36, 't', len - 36);
	while (memcmp(name, "thrupath", 8) != 0) {
		name++;
	}
	name[7] = 'x';

	open_bytes(&in, bytes, len);

	assert_int_equal(next(&in), PCAPNG_BLOCK);
	is_text(&in.block.note, "");
	close_input(&in);
}

static void test_a_little_endian_file_is_read(void **state)
{
	struct input in;
	(void)state;

	open_bytes(&in, LITTLE, sizeof LITTLE);

	assert_int_equal(next(&in), PCAPNG_BLOCK);
	assert_int_equal(in.block.kind, PCAPNG_SECTION);
	assert_int_equal(next(&in), PCAPNG_BLOCK);
	assert_int_equal(in.block.kind, PCAPNG_PACKET);
	assert_int_equal(in.block.link_type, 1);
	assert_int_equal(in.block.realtime, 4294967298000);
	is_text(&in.block.packet, "hello");
	assert_int_equal(next(&in), PCAPNG_END);
	close_input(&in);
}

static void test_a_classic_file_is_read_in_either_order(void **state)
{
	static const uint8_t other[] = {
		0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 20, 1, 0, 0,
		2, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 9, 0, 0, 0, 'h', 'i',
	};
	struct input in;
	(void)state;

	open_bytes(&in, CLASSIC, sizeof CLASSIC);
	assert_int_equal(next(&in), PCAPNG_BLOCK);
	assert_int_equal(in.block.link_type, 101);
	assert_int_equal(in.block.realtime, 2000000003);
	is_text(&in.block.packet, "\x45");
	assert_int_equal(next(&in), PCAPNG_END);
	close_input(&in);
	open_bytes(&in, other, sizeof other);
	assert_int_equal(next(&in), PCAPNG_BLOCK);
	assert_int_equal(in.block.link_type, 276);
	assert_int_equal(in.block.realtime, 2000003000);
	is_text(&in.block.packet, "hi");
	assert_int_equal(next(&in), PCAPNG_END);
	close_input(&in);
}

static bool is_among(size_t number, const size_t *numbers, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (numbers[i] == number) {
			return true;
		}
	}
	return false;
}

static void cut_everywhere(const uint8_t *bytes, size_t len, const size_t *ends, size_t count)
{
	for (size_t cut = 1; cut < len; cut++) {
		enum pcapng_step step = PCAPNG_BLOCK;
		struct input in;

		open_bytes(&in, bytes, cut);
		while (in.reader != NULL && step == PCAPNG_BLOCK) {
			step = next(&in);
		}
		assert_int_equal(in.reader != NULL && step == PCAPNG_END, is_among(cut, ends, count));
		assert_int_equal(in.err.code == ERR_NONE, is_among(cut, ends, count));
		close_input(&in);
	}
}

static void test_a_file_that_is_cut_within_a_block_says_so(void **state)
{
	static const size_t classic_ends[] = {24};
	struct input in;
	(void)state;

	cut_everywhere(LITTLE, sizeof LITTLE, LITTLE_ENDS, 4);
	cut_everywhere(CLASSIC, sizeof CLASSIC, classic_ends, 1);

	open_bytes(&in, LITTLE, sizeof LITTLE - 1);
	assert_int_equal(next(&in), PCAPNG_BLOCK);
	assert_int_equal(next(&in), PCAPNG_BAD);
	assert_string_equal(in.err.text, "the file is truncated: the block at byte 64 is incomplete");
	close_input(&in);
}

static void test_what_is_no_capture_is_refused(void **state)
{
	struct input in;
	(void)state;

	open_bytes(&in, (const uint8_t *)"", 0);
	assert_null(in.reader);
	assert_string_equal(in.err.text, "the file is empty");
	close_input(&in);
	open_bytes(&in, (const uint8_t *)"hello", 5);
	assert_null(in.reader);
	assert_string_equal(in.err.text, "the file is neither pcapng nor pcap");
	close_input(&in);
}

static void refuses(size_t at, uint8_t value, const char *says)
{
	uint8_t bytes[sizeof LITTLE];
	enum pcapng_step step = PCAPNG_BLOCK;
	struct input in;

	memcpy(bytes, LITTLE, sizeof bytes);
	bytes[at] = value;
	open_bytes(&in, bytes, sizeof bytes);
	while (step == PCAPNG_BLOCK) {
		step = next(&in);
	}
	assert_int_equal(step, PCAPNG_BAD);
	assert_string_equal(in.err.text, says);
	close_input(&in);
}

static void test_lengths_that_disagree_are_damage(void **state)
{
	(void)state;

	refuses(8, 0, "corrupt block at byte 0");       /* the byte order */
	refuses(4, 8, "corrupt block at byte 0");       /* shorter than itself */
	refuses(55, 0x7f, "corrupt block at byte 48");  /* two gigabytes */
	refuses(60, 12, "corrupt block at byte 48");    /* its end says otherwise */
	refuses(84, 99, "corrupt block before byte 104"); /* a packet beyond its block */
	refuses(72, 1, "corrupt block before byte 104");  /* of an interface not there */
	refuses(12, 2, "corrupt block before byte 28");   /* of a later format */
}

/* An interface with if_tsresol and if_tsoffset, big-endian, and a packet at `ticks`. */
static ns_t time_of(uint8_t resolution, uint64_t offset_sec, uint64_t ticks)
{
	uint8_t bytes[128];
	struct wcursor w = wcursor_of(bytes, sizeof bytes);
	struct input in;

	wcursor_be32(&w, 0x0a0d0d0a);
	wcursor_be32(&w, 28);
	wcursor_be32(&w, 0x1a2b3c4d);
	wcursor_be32(&w, 0x10000);
	wcursor_be64(&w, UINT64_MAX);
	wcursor_be32(&w, 28);
	wcursor_be32(&w, 1);
	wcursor_be32(&w, 40);
	wcursor_be64(&w, (uint64_t)101 << 48);
	wcursor_be32(&w, 9 << 16 | 1);
	wcursor_be32(&w, (uint32_t)resolution << 24);
	wcursor_be32(&w, 14 << 16 | 8);
	wcursor_be64(&w, offset_sec);
	wcursor_be32(&w, 40);
	wcursor_be32(&w, 6);
	wcursor_be32(&w, 32);
	wcursor_be32(&w, 0);
	wcursor_be64(&w, ticks);
	wcursor_be64(&w, 0);
	wcursor_be32(&w, 32);
	open_bytes(&in, bytes, w.pos);
	assert_int_equal(next(&in), PCAPNG_BLOCK);
	assert_int_equal(next(&in), PCAPNG_BLOCK);
	close_input(&in);
	return in.block.realtime;
}

static void test_stamps_of_any_resolution_become_nanoseconds(void **state)
{
	(void)state;

	assert_int_equal(time_of(9, 0, 1234567890123), 1234567890123);
	assert_int_equal(time_of(3, 5, 1500), 6500000000);
	assert_int_equal(time_of(12, 0, 2000000003000), 2000000003);
	assert_int_equal(time_of(0x81, 0, 3), 1500000000);
	assert_int_equal(time_of(0, (uint64_t)-2, 3), 1000000000);
	assert_int_equal(time_of(0, (uint64_t)-9, 3), 0);
	assert_int_equal(time_of(0, 0, UINT64_MAX), NS_NEVER);
	assert_int_equal(time_of(0, INT64_MAX, 1), NS_NEVER);
	assert_int_equal(time_of(99, 0, 5), 0);
	assert_int_equal(time_of(0xff, 0, 5), 0);
}

static void test_a_full_disk_ends_the_recording_once(void **state)
{
	struct pcapng_note note = {(const uint8_t *)"facts", 5};
	struct pcapng_writer writer;
	struct err err = {0}, none = {0};
	(void)state;

	assert_true(pcapng_create(&writer, "/dev/full", &err));
	assert_false(pcapng_put_section(&writer, "test", note, &err));
	assert_string_equal(err.text, "recording stopped: No space left on device");
	assert_false(pcapng_put_section(&writer, "test", note, &none));
	assert_true(pcapng_close(&writer, &none));
	assert_int_equal(none.code, ERR_NONE);
}

/* Whatever size the file may have: what fits is kept, to the last whole block. */
static void test_of_a_file_that_may_grow_no_more_all_whole_blocks_are_kept(void **state)
{
	struct pcapng_packet packet = {.realtime = 1700000000123456789, .len = 100,
		.bytes = (const uint8_t[100]){0x45}, .is_outbound = true};
	struct rlimit limit, before;
	(void)state;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	assert_true(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
	for (rlim_t most = 1000; most < 3000; most += 97) {
		char path[] = "/tmp/thrupath-pcapng-XXXXXX";
		int fd = mkstemp(path), packets = 0;
		struct pcapng_writer writer;
		struct pcapng_reader *reader;
		struct pcapng_block block;
		enum pcapng_step step;
		struct err err = {0};
		FILE *file;

		assert_true(fd >= 0);
		(void)close(fd);
		assert_true(pcapng_create(&writer, path, &err));
		limit = (struct rlimit){most, before.rlim_max};
		assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
		assert_true(pcapng_put_section(&writer, "test", (struct pcapng_note){NULL, 0}, &err));
		for (int i = 0; i < 50; i++) {
			assert_true(pcapng_put_packet(&writer, &packet, (struct pcapng_note){NULL, 0}, &err));
		}
		assert_false(pcapng_close(&writer, &err));
		assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);

		file = fopen(path, "rb");
		reader = pcapng_reader_create(file, &err);
		assert_non_null(reader);
		while ((step = pcapng_next(reader, &block, &err)) == PCAPNG_BLOCK) {
			packets += block.kind == PCAPNG_PACKET;
		}
		assert_int_equal(step, PCAPNG_END);
		/* A packet takes less than 200 bytes, and what is before them less than 400. */
		assert_true(packets >= ((int)most - 400) / 200);
		pcapng_reader_destroy(reader);
		(void)fclose(file);
		(void)unlink(path);
	}
}

static void test_a_file_that_cannot_be_made_is_named(void **state)
{
	struct pcapng_writer writer;
	struct err err;
	(void)state;

	assert_false(pcapng_create(&writer, "/dev/null/x", &err));
	assert_string_equal(err.text, "cannot record to /dev/null/x: Not a directory");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_was_written_is_read_again),
		cmocka_unit_test(test_a_note_of_another_name_is_none_of_ours),
		cmocka_unit_test(test_a_little_endian_file_is_read),
		cmocka_unit_test(test_a_classic_file_is_read_in_either_order),
		cmocka_unit_test(test_a_file_that_is_cut_within_a_block_says_so),
		cmocka_unit_test(test_what_is_no_capture_is_refused),
		cmocka_unit_test(test_lengths_that_disagree_are_damage),
		cmocka_unit_test(test_stamps_of_any_resolution_become_nanoseconds),
		cmocka_unit_test(test_a_full_disk_ends_the_recording_once),
		cmocka_unit_test(test_of_a_file_that_may_grow_no_more_all_whole_blocks_are_kept),
		cmocka_unit_test(test_a_file_that_cannot_be_made_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
