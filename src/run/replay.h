/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_RUN_REPLAY_H
#define THRUPATH_RUN_REPLAY_H

#include "run/drive.h"
#include "run/recording.h"

/*
 * --replay: tells an engine what a recording says it was told, in the same order and with
 * the same time, so that every number comes out again. It asks the network nothing.
 * The file may say anything: what cannot be is refused, and nothing is believed that the
 * live program would not believe of a packet.
 */
struct replay;

/* Opens a recording and reads the facts of its session; of a foreign capture that has probes of
 * ours they are read from its packets, all of them. NULL: there are none, or no file. */
struct replay *replay_open(const char *path, struct err *err);
void replay_close(struct replay *);
const struct recording_facts *replay_facts(const struct replay *);
/* --record did not write it: answers are matched by their looks, nothing is proven. */
bool replay_is_foreign(const struct replay *);

/* Names whom to tell: the drive's engine was created with the facts. Both are borrowed. */
void replay_attach(struct replay *, struct drive *);

/* Is called where the recorded run went on with another engine, once the drive has it too; the
 * facts are the new ones then. */
typedef void replay_anew_fn(void *arg);
void replay_on_anew(struct replay *, replay_anew_fn *, void *arg);

/* Tells all there is, at once. */
NODISCARD bool replay_all(struct replay *, struct err *err);

/* Tells it in its own pace while the loop runs. The loop is stopped where the file is bad. */
void replay_start(struct replay *, struct loop *);
void replay_pause(struct replay *, bool is_paused);  /* of this pace; nothing is told of it */
bool replay_is_paused(const struct replay *);
/* False: the file turned out to be bad. */
NODISCARD bool replay_result(const struct replay *, struct err *err);

ns_t replay_now(const struct replay *);      /* the recorded time that was reached */
bool replay_is_cut(const struct replay *);   /* all is told, and the run's end is not in it */

#endif
