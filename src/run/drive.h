/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_RUN_DRIVE_H
#define THRUPATH_RUN_DRIVE_H

#include "run/arrival.h"
#include "run/record.h"
#include "atlas/atlas.h"
#include "diag/diag.h"
#include "io/loop.h"
#include "net/transport.h"
#include "probe/engine.h"

/*
 * Couples an engine to a transport and a loop: the only code that knows all three. Whatever
 * kind of loop and transport they are, live or simulated, this is how they run.
 */

/* Whoever wants to know of every single probe. */
struct drive_watch {
	void (*sent)(void *arg, const struct probe_spec *);
	void (*answered)(void *arg, const struct engine_answer *); /* of To probes */
	void *arg;
};

struct drive {
	struct loop *loop;             /* borrowed, as the others */
	struct engine *engine;         /* drive_renew() puts others in the place of it and of diag */
	struct transport *transport;
	struct session *session;
	struct loop_timer timer;
	ns_t drops_read_at;
	uint64_t forged;               /* replies that the transport has known for such, so far */
	uint64_t foreign;              /* packets the capture saw that are not ours */
	uint64_t rx_dropped, rx_dropped_before; /* by it in all, and before this engine */
	uint64_t generation;           /* grows with whatever may change a view */
	uint64_t renewals;             /* engines that came after the first */
	void (*on_done)(void *arg);    /* the engine is done; may be NULL */
	void *arg;
	bool was_done, is_cut_off;
	bool is_due;                   /* the engine was told something, or its time has come */
	struct arrival arrival;
	struct record *record;         /* borrowed; NULL: nothing is written down */
	struct diag *diag;             /* borrowed; NULL: nothing is judged */
	struct atlas *atlas;           /* borrowed; NULL: no names, networks and places */
	const struct atlas_source *source; /* of it; borrowed; NULL: nobody is asked */
	bool has_news;                 /* it may know more than before */
	bool is_judged;                /* the run is over, and so are the verdicts */
	ns_t asked_at;                 /* the last time */
	const struct drive_watch *watch; /* borrowed; NULL: nobody */
	struct err failure;            /* why the transport, and the loop with it, has ended */
};

/* The drive must stay where it is until its loop is destroyed. */
NODISCARD bool drive_start(struct drive *, struct err *err);
void drive_pump(struct drive *);   /* sends what is due; also called at every turn's end */
/* Tells the engine, now, and the recording that it was told. False: it was not to be done now. */
bool drive_do(struct drive *, struct command);
/* From now on, or no more: this host has no way out. Nothing is handed to the transport then, and
 * the rounds do not count. */
void drive_cut_off(struct drive *, bool is_cut_off);
/* Asks the source of the atlas, if it is time to, and takes and records what is new. */
bool drive_learn(struct drive *, ns_t now);
/* Findings by all that is known now. */
void drive_judge(struct drive *, ns_t now);
/* What the engine is told and asks for, whoever tells: also a replay. */
void drive_reply(struct drive *, const struct reply *, struct stamp);
void drive_sent(struct drive *, const struct probe_spec *);
/* Another engine on the same transport, made of these facts, whose start is now: all counts
 * begin anew. The ones before are gone. */
void drive_renew(struct drive *, struct recording_facts *);

#endif
