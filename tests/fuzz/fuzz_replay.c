/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "app/replay.h"

#include <sys/mman.h>
#include <unistd.h>

#include "fuzz/fuzz.h"

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
	replay_attach(replay, &drive);
	is_ok = replay_all(replay, &err);
	MUST(is_ok == (err.code == ERR_NONE));
	MUST(replay_now(replay) >= facts->start);
	check_session(&session);
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
	if (replay != NULL) {
		play(replay);
	}
	replay_close(replay);
	(void)close(fd);
	return 0;
}
