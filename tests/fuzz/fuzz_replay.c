/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "run/replay.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/utf8.h"
#include "fuzz/fuzz.h"
#include "names/table.h"

static void check_session(const struct session *session)
{
	MUST(session->hop_count <= HOP_MAX);
	for (size_t k = 0; k < session->hop_count; k++) {
		for (int kind = 0; kind < WALK_STATS_COUNT; kind++) {
			const struct stats *stats = &session->hops[k].walk[kind];

			MUST(stats->received <= stats->sent);
		}
	}
}

/* Loading takes far longer than a replay: once for all, until the process ends. */
static const struct table *tables(void)
{
	static struct table *table;

	if (table == NULL) {
		table = table_create();
	}
	return table;
}

/* Whatever a name was, it may go to a terminal. */
static void check_names(const struct atlas *atlas, const struct session *session)
{
	for (size_t k = 0; k < session->hop_count; k++) {
		const char *name = atlas_name(atlas, &session->hops[k].address);
		char clean[ATLAS_NAME_MAX];

		if (name != NULL) {
			utf8_clean(name, clean, sizeof clean);
			MUST(name[0] != '\0' && strcmp(name, clean) == 0);
		}
	}
}

static void play(struct replay *replay)
{
	const struct recording_facts *facts = replay_facts(replay);
	struct engine_config config = facts->engine;
	struct session session;
	struct drive drive = {.session = &session};
	struct err err = {0};
	bool is_ok;

	session_init(&session);
	ident_init(&config.ident, &facts->key);
	drive.engine = engine_create(&config, &session, facts->start);
	drive.atlas = atlas_create(tables(), facts->here);
	drive.diag = diag_create();
	diag_set_facts(drive.diag, atlas_facts(drive.atlas));
	replay_attach(replay, &drive);
	is_ok = replay_all(replay, &err);
	MUST(is_ok == (err.code == ERR_NONE));
	MUST(replay_now(replay) >= facts->start);
	check_session(&session);
	check_names(drive.atlas, &session);
	diag_destroy(drive.diag);
	atlas_destroy(drive.atlas);
	engine_destroy(drive.engine);
	session_finish(&session);
}

/* A recording. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	int fd = memfd_create("recording", MFD_CLOEXEC);
	struct replay *replay;
	struct err err = {0};
	char path[32];

	MUST(fd >= 0 && write(fd, bytes, len) == (ssize_t)len);
	(void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	replay = replay_open(path, &err);
	MUST((replay == NULL) == (err.code != ERR_NONE));
	/* Blocks have whole words: of a cut within one no more is played than before it. */
	if (replay != NULL && len % 4 == 0) {
		play(replay);
	}
	replay_close(replay);
	(void)close(fd);
	return 0;
}
