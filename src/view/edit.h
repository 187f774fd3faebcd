/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_VIEW_EDIT_H
#define THRUPATH_VIEW_EDIT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/strbuf.h"
#include "view/lineedit.h"

/*
 * A path as a person edits it: words, not addresses, and every state it was in, so that each
 * step can be taken back. What the words mean, and whether they fit, the program judges.
 */
enum { EDIT_HOPS = 64, EDIT_TEXT = 96, EDIT_STATES = 48, EDIT_WHY = 64 };

struct edit_hop {
	char text[EDIT_TEXT];    /* an address, a name, or v4+v6; /CARRIER may follow */
	bool is_skipped;
};

struct edit_path {
	struct edit_hop hop[EDIT_HOPS];
	size_t count;
	char via[EDIT_TEXT];     /* "": no waypoint */
	unsigned link;           /* the only one that is probed; 0: all */
};

struct edit_verdict {
	char why[EDIT_HOPS][EDIT_WHY]; /* beside each hop; "" where nothing need be said */
	bool is_bad[EDIT_HOPS];
	unsigned bytes, mtu;     /* of the deepest probe, and what there is room for */
	char via_why[EDIT_WHY];
	bool is_via_bad;
};

/* Judges without asking anybody: names are asked for when the path is applied. */
typedef void edit_check_fn(void *arg, const struct edit_path *, struct edit_verdict *ret_verdict);

enum edit_typing {
	EDIT_NOT_TYPING,
	EDIT_INSERTING,          /* before `at` */
	EDIT_REPLACING,
	EDIT_VIA
};

struct edit {
	struct edit_path state[EDIT_STATES];
	size_t now, count;       /* state[now] is the present one, those behind it can be redone */
	size_t at;               /* the chosen hop; count: behind the last */
	enum edit_typing typing;
	struct lineedit line;
	char prefix[EDIT_TEXT];  /* what Tab completes, while it goes on */
	size_t candidate;        /* the next one that Tab tries; 0: none was tried */
	struct edit_verdict verdict;
};

struct edit *edit_create(const struct edit_path *);
void edit_destroy(struct edit *);
const struct edit_path *edit_path(const struct edit *);
/* As it would be if what is being typed were taken. */
void edit_path_typed(const struct edit *, struct edit_path *ret_path);

void edit_delete(struct edit *);
void edit_move(struct edit *, bool is_up);
void edit_reverse(struct edit *);
void edit_skip(struct edit *);         /* or no more */
void edit_only_link(struct edit *);    /* that ends at the chosen hop; or all again */
void edit_take_typed(struct edit *);   /* an empty line takes nothing; an empty waypoint none */
void edit_take(struct edit *, const struct edit_path *); /* one step, as the others */
void edit_undo(struct edit *);
void edit_redo(struct edit *);

/* A line a hop: "skip" before it where it is; then "via" and "link". # begins a remark. */
void edit_format(const struct edit_path *, struct strbuf *);
NODISCARD bool edit_parse(const char *text, struct edit_path *ret_path, struct err *err);

#endif
