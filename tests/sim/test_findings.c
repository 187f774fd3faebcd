/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Findings are a function of what was recorded: of every demo, and of random scenarios, a replay
 * tells the same findings of the same hops at the same times in the same words as the run did,
 * whether somebody took pictures of it or not, and whenever names came.
 */
#include <glob.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "run/replay.h"
#include "base/mem.h"
#include "names/table.h"
#include "sim/scn_run.h"
#include "snap/build.h"
#include "support/chain.h"
#include "support/check.h"

enum { CHAINS = 12, NAME_BYTES = 256 };

static const ns_t PICTURE_EVERY = NS_PER_SEC / 7;

/* What is known of a scenario's addresses, and since when. */
struct knower {
	const struct scenario *scenario;
	ns_t since;                  /* of names */
	struct loop_timer timer;     /* then it goes off */
	struct drive *drive;
	bool has_names;
	char name[NAME_BYTES];
};

static void on_names(void *arg)
{
	struct knower *knower = arg;

	knower->has_names = true;
	knower->drive->has_news = true;
}

static const char *name_of(void *arg, const struct addr *address)
{
	struct knower *knower = arg;

	return knower->has_names &&
		scenario_name_of(knower->scenario, address, knower->name) ? knower->name : NULL;
}

/* Three neighbouring ones are of one network. */
static bool network_of(void *arg, const struct addr *address, struct network *ret_network)
{
	(void)arg;
	*ret_network = (struct network){.asn = 64500u + address->byte[2] / 3u, .name = "NET\x1b[1m"};
	return true;
}

static bool place_of(void *arg, const struct addr *address, struct place *ret_place)
{
	(void)arg;
	*ret_place = (struct place){.kind = PLACE_DATABASE, .city = "Tulsa", .country = "US",
		.lat = 3615, .lon = -9599, .percent = 58};
	return address->byte[3] == 1;
}

static char *findings_of(const struct diag *diag)
{
	struct strbuf text = {0};
	size_t count;
	const struct finding *findings = diag_findings(diag, &count);

	for (size_t i = 0; i < count; i++) {
		strbuf_printf(&text, "%s", finding_name(findings[i].id));
		for (size_t k = 0; k < findings[i].hop_count; k++) {
			strbuf_printf(&text, " %u", findings[i].hop[k]);
		}
		strbuf_printf(&text, " %d %" PRId64 " %" PRId64 " %.17g %s\n", findings[i].is_active,
			findings[i].first, findings[i].last, findings[i].confidence, findings[i].text);
	}
	return strbuf_detach(&text);
}

/* As a screen, --metrics and a hook do it, by a timer of its own. */
struct painter {
	struct simrun *run;
	struct loop_timer timer;
	unsigned pictures;
};

static void on_timer(void *arg)
{
	struct painter *painter = arg;
	const struct simrun *run = painter->run;
	ns_t now = loop_now(run->loop);
	struct snapshot_source source = {.session = &run->session, .version = "1", .command = "",
		.local_host = "h", .walk = "retrace", .inner_source = "hop", .now = now,
		.now_realtime = now, .mtu = 1500, .atlas = run->atlas, .diag = run->diag};

	painter->pictures++;
	snapshot_destroy(snapshot_build(&source));
	loop_timer_set(run->loop, &painter->timer, now + PICTURE_EVERY);
}

static char *live(const char *text, const struct simrun_options *options, struct knower *knower,
	bool takes_pictures)
{
	struct simrun *run = simrun_create(text, options);
	struct painter painter = {.run = run};
	char *findings;

	painter.timer = (struct loop_timer){.fn = on_timer, .arg = &painter};
	if (takes_pictures) {
		loop_timer_set(run->loop, &painter.timer, loop_now(run->loop));
	}
	knower->drive = &run->drive;
	knower->has_names = false;
	knower->timer = (struct loop_timer){.fn = on_names, .arg = knower};
	loop_timer_set(run->loop, &knower->timer, knower->since);
	simrun_until_done(run);
	assert_true((painter.pictures > 5) == takes_pictures);
	loop_timer_cancel(run->loop, &knower->timer);
	loop_timer_cancel(run->loop, &painter.timer);
	findings = findings_of(run->diag);
	simrun_destroy(run);
	return findings;
}

static char *replayed(const char *path)
{
	struct table *table = table_create();
	struct err err = {0};
	struct replay *replay = replay_open(path, &err);
	const struct recording_facts *facts;
	struct engine_config config;
	struct session session;
	struct drive drive = {.session = &session, .diag = diag_create()};
	char *findings;

	assert_string_equal(err.text, "");
	facts = replay_facts(replay);
	config = facts->engine;
	session_init(&session);
	ident_init(&config.ident, &facts->key);
	drive.engine = engine_create(&config, &session, facts->start);
	drive.atlas = atlas_create(table, facts->here);
	diag_set_facts(drive.diag, atlas_facts(drive.atlas));
	replay_attach(replay, &drive);
	assert_true(replay_all(replay, &err));
	findings = findings_of(drive.diag);
	replay_close(replay);
	engine_destroy(drive.engine);
	diag_destroy(drive.diag);
	atlas_destroy(drive.atlas);
	table_destroy(table);
	session_finish(&session);
	return findings;
}

static void make_path(char path[static 64])
{
	int fd;

	(void)snprintf(path, 64, "/tmp/thrupath-findings-XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	(void)close(fd);
}

/* The run, once more with pictures, and its replay. Returns the findings; the caller frees. */
static char *check_same(const char *text, const struct scenario *scenario,
	struct simrun_options options, ns_t names_since)
{
	struct knower knower = {.scenario = scenario, .since = names_since};
	/* What is known from the beginning is a demo's, which has names alone. */
	const struct atlas_source source = {.name_of = name_of, .name_arg = &knower,
		.network_of = names_since > 0 ? network_of : NULL,
		.place_of = names_since > 0 ? place_of : NULL};
	char path[64], *run, *seen, *again;

	make_path(path);
	options.source = &source;
	options.record = path;
	run = live(text, &options, &knower, false);
	again = replayed(path);
	seen = live(text, &options, &knower, true);
	assert_string_equal(again, run);
	assert_string_equal(seen, run);
	(void)unlink(path);
	free(seen);
	free(again);
	return run;
}

/* Longer than that the demos show nothing new. */
static void check_demo(const char *file, struct strbuf *found)
{
	static const uint64_t ROUNDS = 300;
	struct simrun_options options;
	struct scenario scenario;
	struct strbuf text = {0}, ids = {0};
	struct err err = {0};
	char *findings;

	assert_true(scn_run_read(file, &text, &err) && scenario_load(file, &scenario, &err));
	assert_true(scn_run_options(&scenario, &options, &ids, &err));
	options.rounds = ROUNDS;
	options.seed = scenario.seed;
	findings = check_same(strbuf_text(&text), &scenario, options, 0);
	strbuf_puts(found, findings);
	free(findings);
	scenario_finish(&scenario);
	strbuf_finish(&ids);
	strbuf_finish(&text);
}

static void test_every_demo_has_the_findings_of_its_replay(void **state)
{
	const char *srcdir = getenv("srcdir");
	struct strbuf found = {0};
	char pattern[1024];
	glob_t demos;
	(void)state;

	(void)snprintf(pattern, sizeof pattern, "%s/data/demo/*.scn", srcdir == NULL ? "." : srcdir);
	assert_int_equal(glob(pattern, 0, NULL, &demos), 0);
	for (size_t i = 0; i < demos.gl_pathc; i++) {
		check_demo(demos.gl_pathv[i], &found);
	}
	globfree(&demos);
	/* Those that rest on names are among them. */
	assert_non_null(strstr(strbuf_text(&found), "too-slow-for-place"));
	assert_non_null(strstr(strbuf_text(&found), "boundary"));
	strbuf_finish(&found);
}

static void put_chain(struct chain *chain)
{
	static const char *const cities[] = {"fra1", "lon2", "nyc3", "tyo1", "ams5", "waw2"};
	static const char *const owners[] = {"example.net", "example.com", "example.org"};

	for (unsigned hop = 1; hop <= chain->routers; hop++) {
		strbuf_printf(&chain->text, "router R%u 10.0.%u.%u%s", hop, hop, 2 * hop + 1,
			chain_below(chain, 4) == 0 ? " decap refused" : "");
		if (chain_below(chain, 5) > 0) {
			strbuf_printf(&chain->text, " name ae%u.cr%u.%s.%s", hop, hop,
				cities[chain_below(chain, 6)], owners[chain_below(chain, 3)]);
		}
		strbuf_puts(&chain->text, "\n");
	}
	strbuf_puts(&chain->text, "host D 10.0.99.9\n");
	for (unsigned hop = 1; hop <= chain->routers + 1; hop++) {
		chain_put_link(chain, hop);
		strbuf_printf(&chain->text, " delay %ums", 1 + chain_below(chain, 40));
		if (chain_below(chain, 3) == 0) {
			strbuf_printf(&chain->text, " loss %u%%", 1 + chain_below(chain, 30));
		}
		strbuf_puts(&chain->text, "\n");
	}
	strbuf_puts(&chain->text, "at 15s ");
	chain_put_link(chain, 1 + chain_below(chain, chain->routers));
	strbuf_puts(&chain->text, " delay 90ms\n");
}

static void test_whenever_names_come_a_replay_has_the_findings_of_the_run(void **state)
{
	uint64_t seed = check_seed(31);
	(void)state;

	for (uint64_t i = 0; i < CHAINS; i++) {
		struct chain chain = chain_begin(seed, i, 2, 7);
		struct scenario scenario;
		struct err err = {0};
		char *findings;
		ns_t since;

		put_chain(&chain);
		since = (1 + chain_below(&chain, 40)) * NS_PER_SEC;
		assert_true(scenario_parse("random.scn", strbuf_text(&chain.text),
			strlen(strbuf_text(&chain.text)), &scenario, &err));
		findings = check_same(strbuf_text(&chain.text), &scenario, (struct simrun_options){
			.destination = "D", .rounds = 150, .seed = seed + i, .has_scan = true,
			.has_reverse = true}, since);
		free(findings);
		scenario_finish(&scenario);
		strbuf_finish(&chain.text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_demo_has_the_findings_of_its_replay),
		cmocka_unit_test(test_whenever_names_come_a_replay_has_the_findings_of_the_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
