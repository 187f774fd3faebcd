/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/raw.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"

/* What a position keeps apart, as mtr does: one more address is not remembered, and told again. */
enum { ADDRESSES = 128, NUMBER_FIRST = 33000, NUMBERS = 65536 - NUMBER_FIRST };

struct position {
	struct addr current;
	struct addr known[ADDRESSES];
	size_t known_count;
	bool has_name;           /* it is told once */
};

struct raw {
	const struct app *app;
	bool has_first;
	uint32_t first;          /* number of the first probe of all */
	int failure;             /* of writing; 0: none */
	struct position position[HOP_MAX];
};

/* A reader is shown every line at once. */
static void tell(struct raw *raw, char what, unsigned hop, const char *rest)
{
	if (raw->failure == 0 && (printf("%c %u %s\n", what, hop - 1, rest) < 0 ||
	    fflush(stdout) != 0)) {
		raw->failure = errno;
		loop_stop(raw->app->run.loop);
	}
}

/* mtr's numbers begin there, and begin there again when 16 bits are full. */
static unsigned number_of(const struct raw *raw, uint32_t seq)
{
	return NUMBER_FIRST + (seq - raw->first) % NUMBERS;
}

static void on_sent(void *arg, const struct probe_spec *spec)
{
	struct raw *raw = arg;
	char number[16];

	/* Discovery asks all TTLs at once, also those beyond the end: it is no round. */
	if (spec->walk->kind != WALK_TO || raw->app->run.session.phase < PHASE_PROBING) {
		return;
	}
	raw->first = raw->has_first ? raw->first : spec->seq;
	raw->has_first = true;
	(void)snprintf(number, sizeof number, "%u", number_of(raw, spec->seq));
	tell(raw, 'x', spec->walk->depth, number);
}

static bool is_known(const struct position *position, const struct addr *addr)
{
	for (size_t i = 0; i < position->known_count; i++) {
		if (addr_equal(&position->known[i], addr)) {
			return true;
		}
	}
	return false;
}

/* With the labels of the answer, where they are asked for. */
static void tell_host(struct raw *raw, const struct engine_answer *answer)
{
	char text[ADDR_TEXT_MAX + 64];

	tell(raw, 'h', answer->hop, addr_format(&answer->from, text));
	for (size_t i = 0; raw->app->options->has_labels && i < answer->mpls.count; i++) {
		const struct mpls_entry *entry = &answer->mpls.entry[i];

		(void)snprintf(text, sizeof text, "%" PRIu32 " %u %u %u", entry->label, entry->tc,
			entry->is_bottom, entry->ttl);
		tell(raw, 'm', answer->hop, text);
	}
}

/* An address is told when it is another than that of the answer before, and once more when it
 * is seen here for the first time: so does mtr, whose readers may count on it. */
static void tell_address(struct raw *raw, const struct engine_answer *answer)
{
	struct position *position = &raw->position[answer->hop - 1];

	if (!addr_equal(&position->current, &answer->from)) {
		position->current = answer->from;
		tell_host(raw, answer);
	}
	if (!is_known(position, &answer->from) && position->known_count < ADDRESSES) {
		position->known[position->known_count++] = answer->from;
		tell_host(raw, answer);
	}
}

static void tell_name(struct raw *raw, const struct engine_answer *answer)
{
	struct position *position = &raw->position[answer->hop - 1];
	char *name = position->has_name ? NULL : run_name_of(&raw->app->run, &answer->from);

	if (name != NULL) {
		position->has_name = true;
		tell(raw, 'd', answer->hop, name);
		free(name);
	}
}

static void on_answer(void *arg, const struct engine_answer *answer)
{
	struct raw *raw = arg;
	char text[48];

	tell_address(raw, answer);
	tell_name(raw, answer);
	(void)snprintf(text, sizeof text, "%" PRId64 " %u", answer->rtt / NS_PER_US,
		number_of(raw, answer->seq));
	tell(raw, 'p', answer->hop, text);
}

int raw_run(struct app *app, struct err *err)
{
	struct raw *raw = xcalloc(1, sizeof *raw);
	struct drive_watch watch = {on_sent, on_answer, raw};
	int status = EXIT_LOCAL_ERROR;

	raw->app = app;
	app->run.drive.watch = &watch;
	if (app_run_to_end(app, err)) {
		status = raw->failure == 0 ? app_status(app, err) : EXIT_LOCAL_ERROR;
		if (raw->failure != 0) {
			(void)err_set_sys(err, ERR_IO, raw->failure, "cannot write the report");
		}
	}
	app->run.drive.watch = NULL;
	free(raw);
	return status;
}
