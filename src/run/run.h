/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_RUN_RUN_H
#define THRUPATH_RUN_RUN_H

#include "net/helper_client.h"
#include "run/drive.h"
#include "run/naming.h"
#include "run/presence.h"
#include "run/replay.h"
#include "run/settings.h"
#include "run/target.h"
#include "sim/network.h"
#include "snap/build.h"

/*
 * One run: everything wired together but what shows it, from the target to the picture. It prints
 * nothing and ends nothing; what it has to say goes to `say`.
 */
enum { NOTES_MAX = 8 };

struct run {
	/* Filled in by whoever begins it; what it is not given is not known, or not done. */
	struct settings settings;       /* keys change them */
	struct target target;
	struct naming_wishes wishes;
	const char *command;            /* as typed; borrowed */
	const char *(*name_of)(void *arg, const struct addr *); /* NULL: nobody knows names */
	void *name_arg;
	const struct scenario *scenario; /* of --simulate, else NULL; borrowed */
	const char *record_name, *replay_name; /* files; NULL: none. Borrowed */
	void (*say)(void *arg, const char *line); /* a translated line without its end; may be NULL */
	void *say_arg;
	struct helper_process *helper;  /* one that waits for its greeting; NULL: it is started */

	struct atlas_source source;     /* name_of, and what databases know */
	struct atlas *atlas;
	struct table *names;            /* by which names are read; NULL with -n */
	struct naming naming;           /* looks names up, where nobody gives them */
	struct spot here;               /* of --here */
	struct loop *loop;
	struct session session;
	struct transport *transport;
	struct drive drive;             /* its engine and diag are the run's */
	struct siphash_key key;         /* of the session */
	struct record *record;          /* of record_name, else NULL */
	struct presence presence;
	struct replay *replay;          /* of replay_name, else NULL: then there is no transport */
	struct sim *sim;                /* of the scenario: the network at work */
	enum inner_source inner_source;
	struct engine_config config;    /* of the engine; its path is gone */
	size_t packet_bytes;            /* the largest probe that the transport takes */
	bool has_both_families;         /* the transport sends in */
	uint16_t carried_port[CARRIED_COUNT]; /* what the transport carries To probes to */
	struct engine_path edited;      /* by hand; count 0: not */
	bool has_consent;               /* nested probes may go to public addresses */
	struct snap_remark *remarks;    /* the operator's; remark_count of them */
	size_t remark_count, remark_cap;
	ns_t start_realtime;
	char local_host[256];
	const char *notes[NOTES_MAX];   /* translated static text */
	size_t note_count;
	bool has_no_names;              /* addresses are shown for now */
	bool is_nesting_refused, has_file_note; /* of the notes: told already */
};

/* Where the helper is installed, starts it, to wait for its greeting. */
NODISCARD bool run_start_helper(struct helper_process *ret_process, struct err *err);
/* Opens the files that the run reads and writes, for a process that is to lose what opens them;
 * what follows does it where it was not done. On failure the run is still to be finished. */
NODISCARD bool run_open_files(struct run *, struct err *err);
/* Prepares everything up to the first probe. On failure the run is still to be finished. */
NODISCARD bool run_prepare(struct run *, struct err *err);
/* The same for a recording; what it knows better replaces settings and target. */
NODISCARD bool run_prepare_replay(struct run *, struct err *err);
/* Sends from now on, and watches where this host stands; the loop is still to be run. */
NODISCARD bool run_start(struct run *, struct err *err);
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
/* What an engine needs to know, from settings and target. False: there is nothing to send. */
bool run_configure(struct run *, struct engine_config *);
extern const uint16_t run_default_port[CARRIED_COUNT]; /* of To probes; 0: it has none */
/* Opens what its probes leave by, and fills in what is known only then. */
NODISCARD bool run_open_transport(struct run *, struct engine_config *, struct err *err);
/* The largest probe on the way to `target`: of the route, and of the transport where there is
 * one. */
uint16_t run_probe_mtu(const struct run *, const struct target *);
/* The drive's engine, of that description. False: the recording cannot begin. */
NODISCARD bool run_create_engine(struct run *, const struct engine_config *, struct err *err);
/* Another engine in its place, on the same transport and in the same recording. */
void run_renew_engine(struct run *, const struct engine_config *);
NODISCARD bool run_prepare_names(struct run *, struct err *err); /* tables, and where we are */
void run_note(struct run *, const char *note);  /* translated static text, for report and screen */
void run_note_refusal(struct run *);            /* of nested probes, for want of --public */
void run_note_geodata(struct run *);            /* of MMDB files that cannot be read */
/* Says a line, of a translated format. */
void run_say(const struct run *, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Asks for the networks of the hops from now on, if it may. */
NODISCARD bool run_want_networks(struct run *, bool wants_registry, struct err *err);
/* Keeps what the operator noted, for log and report. */
void run_remark(struct run *, const char *text);

/* The name of an address, cleaned; NULL while none is known or wanted. Caller frees. */
char *run_name_of(const struct run *, const struct addr *);

#endif
