/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/replay.h"

#include <math.h>
#include <unistd.h>

#include "base/mem.h"
#include "report/report.h"
#include "snap/build.h"
#include "support/check.h"
#include "support/simrun.h"

enum { BYTES_MAX = 1 << 20 };

static const char LOSSY[] =
	"prober A 10.0.1.1\n"
	"router R1 10.0.1.2\nrouter R2 10.0.2.3 decap refused\nrouter R3 10.0.3.3\n"
	"router R4 10.0.4.3\n"
	"link A-R1 delay 1ms\nlink R1-R2 delay 5ms jitter normal 1ms\nlink R2-R3 delay 10ms loss 5%\n"
	"link R3-R4 delay 2ms loss 3%\n";

/* Errors quote 28 bytes. */
static const char TERSE[] =
	"prober A 10.0.1.1\n"
	"router R1 10.0.1.2 quote 28\nrouter R2 10.0.2.3 decap refused quote 28\n"
	"router R3 10.0.3.3 quote 28\nrouter R4 10.0.4.3 quote 28\n"
	"link A-R1 delay 1ms\nlink R1-R2 delay 5ms jitter normal 1ms\nlink R2-R3 delay 10ms loss 5%\n"
	"link R3-R4 delay 2ms loss 3%\n";

static const char LOSSY6[] =
	"prober A 2001:db8:1::1\n"
	"router R1 2001:db8:1::2\nrouter R2 2001:db8:2::3\nrouter R3 2001:db8:3::3 decap refused\n"
	"link A-R1 delay 1ms\nlink R1-R2 delay 5ms loss 4%\nlink R2-R3 delay 10ms loss 2%\n";

/* Every number that a report can show. Caller frees. */
static char *numbers_of(const struct session *session, ns_t now, uint64_t foreign)
{
	struct snapshot_source source = {
		.session = session, .version = "test", .command = "", .local_host = "prober",
		.walk = "retrace", .inner_source = "hop", .now = now, .now_realtime = now,
		.mtu = 1500, .foreign = foreign,
	};
	struct report_options options = {.is_wide = true};
	struct snapshot *snap = snapshot_build(&source);
	struct strbuf text = {0};

	report_json(snap, &options, &text);
	snapshot_destroy(snap);
	return strbuf_detach(&text);
}

/* One replay of a file, from nothing. */
struct again {
	struct replay *replay;
	struct session session;
	struct drive drive;
	struct err err;
	bool is_ok;
};

static void play(struct again *again, const char *path)
{
	*again = (struct again){0};
	session_init(&again->session);
	again->drive.session = &again->session;
	again->replay = replay_open(path, &again->err);
	if (again->replay != NULL) {
		const struct recording_facts *facts = replay_facts(again->replay);
		struct engine_config config = facts->engine;

		ident_init(&config.ident, &facts->key);
		again->drive.engine = engine_create(&config, &again->session, facts->start);
		replay_attach(again->replay, &again->drive);
		again->is_ok = replay_all(again->replay, &again->err);
	}
}

static void finish(struct again *again)
{
	replay_close(again->replay);
	engine_destroy(again->drive.engine);
	session_finish(&again->session);
}

static void make_path(char path[static 64])
{
	int fd;

	(void)snprintf(path, 64, "/tmp/thrupath-replay-XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	(void)close(fd);
}

/* Ends the run, plays its recording, and holds all numbers against each other. */
static void ends_and_replays_the_same(struct simrun *run, const char *path)
{
	char *live = numbers_of(&run->session, loop_now(run->loop), run->drive.foreign);
	struct again again;
	char *replayed;

	simrun_destroy(run);
	play(&again, path);
	assert_string_equal(again.err.text, "");
	assert_true(again.is_ok);
	assert_false(replay_is_cut(again.replay));
	replayed = numbers_of(&again.session, replay_now(again.replay), again.drive.foreign);
	assert_string_equal(replayed, live);
	assert_true(strlen(live) > 1000);
	free(live);
	free(replayed);
	finish(&again);
	(void)unlink(path);
}

static void test_a_discovered_run_replays_to_the_same_numbers(void **state)
{
	char path[64];
	struct simrun *run;
	(void)state;

	make_path(path);
	run = simrun_create(LOSSY, &(struct simrun_options){.destination = "R4", .rounds = 200,
		.seed = check_seed(8), .has_scan = true, .has_reverse = true, .all_walks = true,
		.record = path});
	simrun_until_done(run);
	ends_and_replays_the_same(run, path);
}

static void test_faults_and_keys_are_replayed_in_their_place(void **state)
{
	struct engine_path path;
	char file[64];
	struct simrun *run;
	(void)state;

	make_path(file);
	run = simrun_create(LOSSY, &(struct simrun_options){.path = "R1,R3,R4", .rounds = 100,
		.seed = check_seed(9), .grace = NS_PER_SEC / 2, .record = file});
	simrun_for(run, NS_PER_SEC);
	transport_sim_drop_next(run->transport, 2);
	simrun_for(run, NS_PER_SEC);
	transport_sim_lose_next(run->transport, 3);
	simrun_for(run, NS_PER_SEC);
	transport_sim_duplicate_next(run->transport, 5);
	simrun_for(run, NS_PER_SEC);
	(void)drive_do(&run->drive, (struct command){.kind = COMMAND_RESET});
	simrun_for(run, NS_PER_SEC);
	(void)drive_do(&run->drive, (struct command){.kind = COMMAND_RESET_HOP, .hop = 2});
	(void)drive_do(&run->drive, (struct command){.kind = COMMAND_FOLLOW});
	path = (struct engine_path){.count = 3, .link = 3, .skipped = 1,
		.hop = {run->session.hops[0].address, run->session.hops[2].address,
			run->session.hops[1].address}, .via = run->session.hops[1].address};
	(void)drive_do(&run->drive, (struct command){.kind = COMMAND_PATH, .path = path});
	assert_true(drive_do(&run->drive, (struct command){.kind = COMMAND_WALKS}));
	assert_false(drive_do(&run->drive, (struct command){.kind = COMMAND_WALKS}));
	(void)drive_do(&run->drive, (struct command){.kind = COMMAND_INTERVAL,
		.interval = 250 * NS_PER_MS});
	simrun_for(run, NS_PER_SEC);
	transport_sim_drop_next(run->transport, 1);
	transport_sim_lose_next(run->transport, 1);
	simrun_for(run, NS_PER_SEC);
	(void)drive_do(&run->drive, (struct command){.kind = COMMAND_PAUSE});
	simrun_for(run, 5 * NS_PER_SEC);
	(void)drive_do(&run->drive, (struct command){.kind = COMMAND_RESUME});
	drive_pump(&run->drive);
	simrun_until_done(run);
	assert_true(run->session.send_errors > 0 && run->session.rx_dropped > 0);
	ends_and_replays_the_same(run, file);
}

/* Hop 1 is measured by bounces; counts are reset while some of them are out, or held. */
static void test_bounces_are_replayed(void **state)
{
	static const char bounced[] = "prober A 10.0.1.1\nrouter R1 10.0.1.2 decap silent\n"
		"router R2 10.0.2.3\nlink A-R1 delay 1ms loss 5%\nlink R1-R2 delay 5ms\n"
		"at 20s router R1 bounce no\n";
	struct simrun *run;
	char file[64];
	(void)state;

	make_path(file);
	run = simrun_create(bounced, &(struct simrun_options){.destination = "R2", .rounds = 200,
		.seed = check_seed(12), .has_scan = true, .has_bounce = true, .record = file});
	for (int i = 0; i < 12; i++) {
		simrun_for(run, NS_PER_SEC);
		transport_sim_drop_next(run->transport, (unsigned)i % 4);
		(void)drive_do(&run->drive, i % 3 > 0 ? (struct command){.kind = COMMAND_RESET} :
			(struct command){.kind = COMMAND_RESET_HOP, .hop = 1});
	}
	assert_int_equal(run->session.bounce.state, BOUNCE_HOME);
	assert_true(simrun_through(run, 1)->transmitted < 20);
	simrun_until_done(run);
	assert_int_equal(run->session.bounce.state, BOUNCE_DROPPED);
	ends_and_replays_the_same(run, file);
}

/* Until answers of the hop itself are under way. */
static void wait_for_probes(struct simrun *run, size_t hop)
{
	const struct stats *to = simrun_to(run, hop);

	for (int ms = 0; ms < 1000 && to->transmitted == to->sent; ms++) {
		simrun_for(run, NS_PER_MS);
	}
	assert_true(to->transmitted > to->sent);
}

/* As the keys D, s and w do it: another destination, then another size, then more walks. */
static void test_another_engine_takes_over_in_the_same_recording(void **state)
{
	uint64_t seed = check_seed(10);
	struct simrun_options options = {.destination = "R3", .rounds = 400, .seed = seed,
		.has_scan = true, .has_reverse = true};
	struct simrun *run;
	char file[64];
	(void)state;

	make_path(file);
	options.record = file;
	run = simrun_create(TERSE, &options);
	simrun_for(run, 20 * NS_PER_SEC);
	options.destination = "R4";
	/* Their quotes end before the token: the next engine must know that strays come. */
	wait_for_probes(run, 2);
	simrun_renew(run, &options);
	simrun_for(run, 15 * NS_PER_SEC);
	assert_int_equal(run->session.hop_count, 4);
	assert_int_equal(run->session.forged, 0);
	options.size_bytes = 600;
	options.all_walks = true;
	options.rounds = 60;
	wait_for_probes(run, 2);
	simrun_renew(run, &options);
	simrun_until_done(run);
	assert_int_equal(run->session.rounds, 60);
	assert_true(run->session.hops[3].walk[WALK_NATURAL].received > 0);
	ends_and_replays_the_same(run, file);
}

static size_t read_file(const char *path, uint8_t *ret_bytes)
{
	FILE *file = fopen(path, "rb");
	size_t len;

	assert_non_null(file);
	len = fread(ret_bytes, 1, BYTES_MAX, file);
	(void)fclose(file);
	return len;
}

static void write_file(const char *path, const uint8_t *bytes, size_t len)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

/* A short run's file. */
static size_t record_little(const char *path, uint8_t *ret_bytes)
{
	struct simrun *run = simrun_create(LOSSY, &(struct simrun_options){.path = "R1,R3",
		.rounds = 1, .seed = 3, .record = path});

	simrun_until_done(run);
	simrun_destroy(run);
	return read_file(path, ret_bytes);
}

static void test_what_was_asked_from_another_source_is_replayed(void **state)
{
	char path[64];
	struct also_hop hops[2];
	struct simrun *run;
	struct again again;
	(void)state;

	make_path(path);
	run = simrun_create("prober A 10.0.1.1\nrouter R1 10.0.1.3\nrouter R2 10.0.2.3\n"
		"host B 10.0.8.1\nlink A-R1 delay 1ms\nlink R1-R2 delay 5ms jitter normal 1ms loss 5%\n"
		"link A-B\nroute R2 to B via R1\nroute R1 to B via A\n", &(struct simrun_options){
		.path = "R1,R2", .also = "B", .rounds = 90, .record = path, .seed = check_seed(26)});
	simrun_for(run, 2 * NS_PER_SEC);
	assert_true(drive_do(&run->drive, (struct command){.kind = COMMAND_ALSO}));
	simrun_until_done(run);
	memcpy(hops, run->session.also.hops, sizeof hops);
	assert_int_equal(hops[1].to.sent, 60);
	assert_true(hops[1].to.lost > 0);
	simrun_destroy(run);

	play(&again, path);
	assert_string_equal(again.err.text, "");
	assert_true(again.is_ok);
	assert_memory_equal(again.session.also.hops, hops, sizeof hops);
	finish(&again);
	(void)unlink(path);
}

/* What is told by silence is as much a function of the recording as all else. */
static void test_the_mtu_of_links_is_replayed(void **state)
{
	char path[64];
	struct link_mtu links[3];
	struct simrun *run;
	struct again again;
	(void)state;

	make_path(path);
	run = simrun_create("prober A 10.0.1.1\nrouter R1 10.0.1.3\nrouter R2 10.0.2.3 icmp no\n"
		"router R3 10.0.3.3\nlink A-R1\nlink R1-R2 mtu 1450 loss 2%\nlink R2-R3 mtu 1400\n",
		&(struct simrun_options){.path = "R1,R2,R3", .rounds = 20, .record = path, .tos = 184,
		.seed = check_seed(27)});
	assert_true(drive_do(&run->drive, (struct command){.kind = COMMAND_LINK_MTU}));
	simrun_until_done(run);
	memcpy(links, run->session.mtu.links, sizeof links);
	assert_int_equal(links[1].said, 1450);
	assert_int_equal(links[2].passed[WAY_OUT], 1400);
	assert_true(links[2].is_black_hole);
	simrun_destroy(run);

	play(&again, path);
	assert_string_equal(again.err.text, "");
	assert_true(again.is_ok);
	assert_memory_equal(again.session.mtu.links, links, sizeof links);
	finish(&again);
	(void)unlink(path);
}

static void test_a_file_cut_anywhere_says_so_or_lacks_its_end(void **state)
{
	uint8_t *bytes = xmalloc(BYTES_MAX);
	size_t len, whole = 0;
	struct again again;
	char path[64];
	(void)state;
	make_path(path);
	len = record_little(path, bytes);

	for (size_t cut = 0; cut < len; cut++) {
		write_file(path, bytes, cut);
		play(&again, path);
		assert_int_equal(again.is_ok, again.err.code == ERR_NONE);
		if (again.is_ok) {
			assert_true(replay_is_cut(again.replay));
			whole++;
		} else {
			assert_null(strchr(again.err.text, '\n'));
			assert_non_null(strstr(again.err.text, path));
		}
		finish(&again);
	}
	assert_true(whole > 5 && whole < len / 40);
	(void)unlink(path);
	free(bytes);
}

static void test_a_damaged_byte_anywhere_does_no_harm(void **state)
{
	uint8_t *bytes = xmalloc(BYTES_MAX);
	struct again again;
	char path[64];
	size_t len;
	(void)state;
	make_path(path);
	len = record_little(path, bytes);

	for (size_t at = 0; at < len; at++) {
		static const uint8_t flip[] = {0x01, 0x80, 0xff};

		bytes[at] ^= flip[at % 3];
		write_file(path, bytes, len);
		play(&again, path);
		assert_int_equal(again.is_ok, again.err.code == ERR_NONE);
		finish(&again);
		bytes[at] ^= flip[at % 3];
	}
	(void)unlink(path);
	free(bytes);
}

/* Makes a recording what another program would have captured: packets of classic pcap with
 * nanoseconds, their first bytes, and nothing else. */
static void strip(const char *path, uint32_t snaplen)
{
	static const uint8_t other[20] = {0x45, 0, 0, 20, [8] = 64, 253, 0, 0, 10, 0, 1, 1,
		10, 0, 9, 9};
	uint8_t *bytes = xmalloc(BYTES_MAX * 8);
	ns_t last = 0;
	struct wcursor w = wcursor_of(bytes, BYTES_MAX * 8);
	FILE *file = fopen(path, "rb");
	struct pcapng_reader *reader;
	struct pcapng_block block;
	struct err err;

	assert_non_null(file);
	reader = pcapng_reader_create(file, &err);
	assert_non_null(reader);
	wcursor_be32(&w, 0xa1b23c4d);
	wcursor_be32(&w, 2 << 16 | 4);
	wcursor_zero(&w, 8);
	wcursor_be32(&w, 65535);
	wcursor_be32(&w, 101);
	while (pcapng_next(reader, &block, &err) == PCAPNG_BLOCK) {
		uint32_t len = (uint32_t)cursor_left(&block.packet);

		if (block.kind == PCAPNG_PACKET) {
			uint32_t kept = len < snaplen ? len : snaplen;

			wcursor_be32(&w, (uint32_t)(block.realtime / NS_PER_SEC));
			wcursor_be32(&w, (uint32_t)(block.realtime % NS_PER_SEC));
			wcursor_be32(&w, kept);
			wcursor_be32(&w, len);
			wcursor_bytes(&w, block.packet.bytes + block.packet.pos, kept);
			last = block.realtime;
		}
	}
	/* It captures the quiet after the run, too, and something else at last. */
	wcursor_be32(&w, (uint32_t)(last / NS_PER_SEC) + 20);
	wcursor_be32(&w, 0);
	wcursor_be32(&w, 20);
	wcursor_be32(&w, 20);
	wcursor_bytes(&w, other, sizeof other);
	pcapng_reader_destroy(reader);
	(void)fclose(file);
	assert_false(w.failed);
	write_file(path, bytes, w.pos);
	free(bytes);
}

/* The counts of a walk are the run's own; its fastest answer, too. */
static void check_same(const struct stats *seen, const struct stats *counted)
{
	assert_int_equal(seen->sent, counted->sent);
	assert_int_equal(seen->received, counted->received);
	assert_int_equal(seen->lost, counted->lost);
	for (int cause = 0; cause < CAUSE_COUNT; cause++) {
		assert_int_equal(seen->errors[cause], counted->errors[cause]);
	}
	assert_int_equal(seen->best, counted->best);
	assert_int_equal(seen->worst, counted->worst);
	assert_true(fabs(seen->mean_ns - counted->mean_ns) < 1);
}

/* The run, and a capture of it replayed, which has as many hops. */
static struct simrun *play_foreign(const struct simrun_options *options, const char *scenario,
	uint32_t snaplen, struct again *ret_again)
{
	struct simrun_options recorded = *options;
	struct simrun *run;
	struct err err;
	char path[64];

	make_path(path);
	recorded.record = path;
	run = simrun_create(scenario, &recorded);
	simrun_until_done(run);
	assert_true(record_destroy(run->drive.record, loop_now(run->loop), &err));
	run->drive.record = NULL;
	strip(path, snaplen);
	play(ret_again, path);
	(void)unlink(path);
	assert_string_equal(ret_again->err.text, "");
	assert_true(ret_again->is_ok && replay_is_foreign(ret_again->replay));
	assert_int_equal(ret_again->session.hop_count, run->session.hop_count);
	return run;
}

static void check_foreign(const struct simrun_options *options, const char *scenario)
{
	struct again again;
	struct simrun *run = play_foreign(options, scenario, UINT32_MAX, &again);

	assert_int_equal(again.session.rounds, run->session.rounds);
	for (size_t k = 0; k < run->session.hop_count; k++) {
		const struct hop *seen = &again.session.hops[k], *counted = &run->session.hops[k];

		for (int kind = 0; kind < WALK_STATS_COUNT; kind++) {
			check_same(&seen->walk[kind], &counted->walk[kind]);
		}
		if (counted->walk[WALK_RETRACE].sent > 0) {
			assert_true(addr_equal(&seen->address, &counted->address));
			assert_int_equal(seen->is_answering, counted->is_answering);
		}
	}
	simrun_destroy(run);
	finish(&again);
}

/* And of one that only ever lets TTLs expire: "", or the routers between which it goes round. */
static void test_a_foreign_capture_knows_a_hop_in_the_name_of_the_end(void **state)
{
	static const char *const ends[] = {"", "route R3 to D via R2\n"};
	(void)state;

	for (size_t i = 0; i < 2; i++) {
		struct again again;
		char text[512];
		struct simrun *run;

		(void)snprintf(text, sizeof text, "prober A 10.0.1.1\nrouter R1 10.0.1.2\n"
			"router R2 10.0.2.3 answers-as 10.0.4.3\nrouter R3 10.0.3.3 answers-as 10.0.4.3\n"
			"host D 10.0.4.3\nlink A-R1\nlink R1-R2\nlink R2-R3\nlink R3-D\n%s", ends[i]);
		run = play_foreign(&(struct simrun_options){.destination = "D", .no_through = true,
			.seed = check_seed(26)}, text, UINT32_MAX, &again);
		assert_int_equal(again.session.hop_count, i == 0 ? 4 : 2);
		assert_true(again.session.has_end_answered);
		assert_int_equal(again.session.hops[1].to_kind, TO_TTL);
		simrun_destroy(run);
		finish(&again);
	}
}

static void test_a_foreign_capture_has_the_numbers_of_the_run(void **state)
{
	(void)state;

	check_foreign(&(struct simrun_options){.path = "R1,R3,R4", .rounds = 500,
		.seed = check_seed(21), .all_walks = true}, LOSSY);
	check_foreign(&(struct simrun_options){.path = "R1,R3,R4", .rounds = 300,
		.seed = check_seed(22), .is_udp = true}, LOSSY);
	check_foreign(&(struct simrun_options){.path = "R1,R3,R4", .rounds = 300,
		.seed = check_seed(23), .no_to = true, .inner_source = INNER_SOURCE_SELF}, LOSSY);
}

static void test_a_foreign_capture_of_ipv6(void **state)
{
	(void)state;

	check_foreign(&(struct simrun_options){.path = "R1,R2,R3", .rounds = 200,
		.seed = check_seed(25), .all_walks = true}, LOSSY6);
}

static void test_a_foreign_capture_of_a_discovered_path(void **state)
{
	(void)state;

	check_foreign(&(struct simrun_options){.destination = "R4", .rounds = 300,
		.seed = check_seed(24), .has_scan = true, .has_reverse = true}, LOSSY);
}

/* Of another version the fuzzer would see no more than that. */
/* As tcpdump -s 80 does it: the replies are longer, and whole all the same. */
static void test_what_a_capture_left_off_is_no_damage(void **state)
{
	struct again again;
	struct simrun *run = play_foreign(&(struct simrun_options){.destination = "D",
		.no_through = true, .seed = check_seed(27)}, "prober A 10.0.1.1\nrouter R1 10.0.1.2\n"
		"router R2 10.0.2.3\nhost D 10.0.3.3\nlink A-R1 delay 1ms\nlink R1-R2 delay 1ms\n"
		"link R2-D delay 1ms\n", 80, &again);
	(void)state;

	for (size_t k = 0; k < 3; k++) {
		assert_int_equal(again.session.hops[k].flaws.count[FLAW_CUT], 0);
		assert_true(again.session.hops[k].walk[WALK_TO].received >= 10);
		assert_int_equal(again.session.hops[k].walk[WALK_TO].lost, 0);
	}
	simrun_destroy(run);
	finish(&again);
}

static void test_the_seeds_of_the_fuzzer_are_recordings_of_this_version_or_the_last(void **state)
{
	static const char *const seeds[] = {"path", "discovery", "walks", "bridged", "six", "anew",
		"edited", "named", "named-late", "bounces"};
	(void)state;

	for (size_t i = 0; i < sizeof seeds / sizeof seeds[0]; i++) {
		const char *sources = getenv("srcdir");
		struct again again;
		char path[512];

		(void)snprintf(path, sizeof path, "%s/tests/fuzz/corpus/replay/%s",
			sources == NULL ? "." : sources, seeds[i]);
		play(&again, path);
		if (!again.is_ok) {
			fail_msg("%s: %s", seeds[i], again.err.text);
		}
		finish(&again);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_discovered_run_replays_to_the_same_numbers),
		cmocka_unit_test(test_bounces_are_replayed),
		cmocka_unit_test(test_faults_and_keys_are_replayed_in_their_place),
		cmocka_unit_test(test_what_was_asked_from_another_source_is_replayed),
		cmocka_unit_test(test_the_mtu_of_links_is_replayed),
		cmocka_unit_test(test_another_engine_takes_over_in_the_same_recording),
		cmocka_unit_test(test_a_file_cut_anywhere_says_so_or_lacks_its_end),
		cmocka_unit_test(test_a_damaged_byte_anywhere_does_no_harm),
		cmocka_unit_test(test_a_foreign_capture_has_the_numbers_of_the_run),
		cmocka_unit_test(test_a_foreign_capture_knows_a_hop_in_the_name_of_the_end),
		cmocka_unit_test(test_a_foreign_capture_of_ipv6),
		cmocka_unit_test(test_a_foreign_capture_of_a_discovered_path),
		cmocka_unit_test(test_what_a_capture_left_off_is_no_damage),
		cmocka_unit_test(test_the_seeds_of_the_fuzzer_are_recordings_of_this_version_or_the_last),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
