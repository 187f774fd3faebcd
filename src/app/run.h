/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_APP_RUN_H
#define THRUPATH_APP_RUN_H

#include "run/drive.h"
#include "app/naming.h"
#include "app/options.h"
#include "app/presence.h"
#include "run/replay.h"
#include "app/target.h"
#include "app/triggers.h"
#include "snap/build.h"

/*
 * One run of the program: everything wired together, from the resolved target to the
 * report or the screen.
 */
enum {
	EXIT_DONE = 0,
	EXIT_SILENT = 1,     /* the destination or the path's end never answered */
	EXIT_USAGE_ERROR = 2,
	EXIT_LOCAL_ERROR = 3,
	EXIT_CONDITION_MET = 4, /* of --fail-if */
	EXIT_BY_SIGNAL = 128
};

enum { NOTES_MAX = 8, KNOWN_MAX = 32, KNOWN_NAME = 96 };

/* A name that was asked for in this run, and what it led to. */
struct known {
	char name[KNOWN_NAME];
	struct addr address;
};

struct run {
	const struct options *options;  /* borrowed */
	const char *command;            /* as typed; borrowed */
	const char *(*name_of)(void *arg, const struct addr *); /* NULL: nobody knows names */
	void *name_arg;
	struct atlas_source source;     /* both, and what databases know */
	struct atlas *atlas;
	struct table *names;            /* by which names are read; NULL with -n */
	struct naming naming;           /* looks names up, where nobody gives them */
	struct spot here;               /* of --here */
	struct target target;
	struct loop *loop;
	struct session session;
	struct transport *transport;
	struct drive drive;             /* its engine and diag are the run's */
	struct siphash_key key;         /* of the session */
	struct record *record;          /* of --record, else NULL */
	struct triggers triggers;
	struct presence presence;
	struct replay *replay;          /* of --replay, else NULL: then there is no transport */
	const struct scenario *scenario; /* of --simulate, else NULL; borrowed */
	struct sim *sim;                /* likewise: the network at work */
	enum inner_source inner_source;
	struct engine_config config;    /* of the engine; its path is gone */
	size_t packet_bytes;            /* the largest probe that the transport takes */
	bool has_both_families;         /* the transport sends in */
	uint16_t carrier_port[CARRIER_COUNT]; /* what the transport carries To probes to */
	struct engine_path edited;      /* by hand; count 0: not */
	struct known known[KNOWN_MAX];  /* the latest replaces the oldest */
	size_t known_count;             /* so far */
	struct options own_options;     /* as changed since; else not used */
	char own_destination[256];
	bool has_consent;               /* nested probes may go to public addresses */
	struct snap_remark *remarks;    /* the operator's; remark_count of them */
	size_t remark_count, remark_cap;
	ns_t start_realtime;
	char local_host[256];
	const char *notes[NOTES_MAX];   /* translated static text */
	size_t note_count;
	bool is_on_screen;              /* the terminal is no place for lines */
	bool has_no_names;              /* the screen shows addresses for now */
	bool is_nesting_refused, has_file_note; /* of the notes: told already */
	int caught_signal;              /* 0: none */
};

/* Prepares everything up to the first probe. On failure the run is still to be finished. */
NODISCARD bool run_prepare(struct run *, struct err *err);
/* The same for --replay; what the recording knows better is changed in options of the run's own. */
NODISCARD bool run_prepare_replay(struct run *, struct err *err);
/* Ends the recording, if there is one. False: it is not whole. */
NODISCARD bool run_end_record(struct run *, struct err *err);
void run_finish(struct run *);


/* Notes what became of the files that the run reads and writes; before a picture. */
void run_note_files(struct run *);
struct snapshot *run_snapshot(const struct run *);
/* The same, but with the counts of that session, which is a part of the run's. */
struct snapshot *run_snapshot_of(const struct run *, const struct session *);
ns_t run_now(const struct run *);       /* of the loop, or of the recording */
ns_t run_realtime(const struct run *, ns_t when);  /* what the calendar's clock said then */

/* Whether nested probes may go to public addresses. */
bool run_may_nest_public(const struct run *);
/* Reads other words of path and destination by the rules of the command line. False also
 * where a running transport could not serve them: another way out of this host. */
NODISCARD bool run_parse_again(const struct run *, const struct options *,
	struct target *ret_target, struct err *err);
/* What an engine needs to know, from options and target; the drive's engine made of it. False:
 * the recording cannot begin. */
void run_configure(struct run *, struct engine_config *);
NODISCARD bool run_create_engine(struct run *, const struct engine_config *, struct err *err);
/* This host sends from where `target` says now; the path is the same. */
NODISCARD bool run_move(struct run *, const struct target *, struct err *err);
/* Another engine in its place, on the same transport and in the same recording. */
void run_renew_engine(struct run *, const struct engine_config *);
NODISCARD bool run_prepare_names(struct run *, struct err *err); /* tables, and where we are */
void run_note(struct run *, const char *note);  /* translated static text, for report and screen */
void run_note_refusal(struct run *);            /* of nested probes, for want of --public */
void run_note_geodata(struct run *);            /* of MMDB files that cannot be read */
/* Asks for the networks of the hops from now on, if it may. */
NODISCARD bool run_want_networks(struct run *, bool wants_registry, struct err *err);
/* Keeps what the operator noted, for log and report. */
void run_remark(struct run *, const char *text);

/* The name of an address, cleaned; NULL while none is known or wanted. Caller frees. */
char *run_name_of(const struct run *, const struct addr *);
/* Probes until the rounds are done or a signal ends it; or replays all of a recording. */
NODISCARD bool run_to_end(struct run *, struct err *err);
/* Probes until the rounds are done or a signal ends it, then prints the report. Returns the
 * exit status; a failure to print is an error of its own. */
int run_report(struct run *, struct err *err);
/* The text report of all so far, to standard output, for a screen that has ended. */
bool run_leave_report(struct run *, struct err *err);

/* What the run says of itself by its exit status once it is over; err: what ended it early. */
int run_status(const struct run *, struct err *err);

#endif
