/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_VIEW_UI_H
#define THRUPATH_VIEW_UI_H

#include <stdbool.h>
#include <stddef.h>

#include "snap/snapshot.h"
#include "view/canvas.h"
#include "view/edit.h"
#include "view/keymap.h"

/*
 * What the person at the screen has chosen: which view, which columns, which hop. Keys
 * change it, screens read it. Knows nothing of the terminal. {0} is the state at the start.
 */
enum ui_mode {
	UI_MODE_MAIN,           /* one of the views */
	UI_MODE_HELP,
	UI_MODE_COLUMNS,        /* choosing columns */
	UI_MODE_EDIT,           /* editing the path */
	UI_MODE_PROMPT,         /* a question in the last row */
	UI_MODE_CONFIRM         /* one that y answers, and any other key denies */
};

enum ui_prompt {
	UI_PROMPT_SNAPSHOT,
	UI_PROMPT_NOTE,
	UI_PROMPT_DESTINATION,
	UI_PROMPT_INTERVAL,
	UI_PROMPT_CYCLES,
	UI_PROMPT_SIZE,
	UI_PROMPT_TOS,
	UI_PROMPT_FIRST_TTL,
	UI_PROMPT_MAX_TTL,
	UI_PROMPT_LOAD,
	UI_PROMPT_SAVE,
	UI_PROMPT_COUNT
};

enum { UI_HISTORY = 8, UI_MESSAGES = 32 };

/* What the program had to say, for the log. */
struct ui_message {
	ns_t realtime;
	bool is_bad_news;
	char text[200];
};

enum ui_view {
	UI_VIEW_TABLE,
	UI_VIEW_HOP,
	UI_VIEW_LINKS,
	UI_VIEW_WAYS,
	UI_VIEW_CHART,
	UI_VIEW_FLOWS,
	UI_VIEW_FINDINGS,
	UI_VIEW_LOG,
	UI_VIEW_COUNT
};

enum ui_set {
	UI_SET_THROUGH,
	UI_SET_REPLIES,         /* what the hops answer, where nothing comes through any */
	UI_SET_COUNTS,          /* as mtr's fields, of Through */
	UI_SET_TO,              /* and of To */
	UI_SET_HISTORY,
	UI_SET_JITTER,
	UI_SET_OWN,             /* what was chosen column by column */
	UI_SET_COUNT
};

enum { UI_ORDER_MAX = 36 };

/* What of the hops' networks shows in the table, in the order of mtr's key. */
enum ui_network {
	UI_NETWORK_OF_SET,      /* as the set of columns has it */
	UI_NETWORK_NUMBER,      /* and so on as enum snap_network */
	UI_NETWORK_PREFIX,
	UI_NETWORK_COUNTRY,
	UI_NETWORK_REGISTRY,
	UI_NETWORK_ALLOCATED,
	UI_NETWORK_NAME,
	UI_NETWORK_NONE
};

/* What keys put into any set of columns, or take out of it. */
enum { UI_ASKED_MAX = 2, UI_SHOWN_MAX = UI_ORDER_MAX + UI_ASKED_MAX };

enum { UI_ZOOM_MAX = 3 };

struct ui_state {
	enum ui_mode mode;
	size_t width, height;   /* of the canvas that was drawn last: what a click points at */
	bool is_ascii;          /* and what it shows */
	enum ui_view view;
	enum ui_view view_before; /* of the detail: where Esc goes back to */
	bool is_frozen;         /* the numbers on the screen stand still; probing goes on */
	bool has_set;           /* chosen by key; else the best one for the snapshot */
	enum ui_set set;
	enum ui_set set_before; /* what `j` goes back to */
	char order[UI_ORDER_MAX + 1]; /* letters of UI_SET_OWN; "": there is none */
	enum ui_network network;
	bool shows_labels;      /* of MPLS */
	bool shows_both;        /* names and addresses in the table */
	const struct keymap_binds *binds; /* borrowed; NULL: every key means what the table says */
	struct ui_state_before { /* choosing columns: what Esc goes back to */
		bool has_set;
		enum ui_set set;
		char order[UI_ORDER_MAX + 1];
	} before;
	size_t column;          /* choosing columns: the chosen one in the list */
	unsigned selected;      /* hop number; 0: none */
	unsigned finding;       /* the chosen one, from 1; 0: none */
	size_t top[UI_VIEW_COUNT]; /* first line that shows of views that scroll */
	size_t help_top;        /* first line of the help that shows */
	enum ui_mode mode_before; /* of the prompt, or the question */
	enum ui_action asked;   /* what is done if the question is answered by y */
	bool is_before;         /* the numbers are those before the last reset */
	bool has_declined;      /* nested probes to public addresses */
	enum ui_prompt prompt;
	struct lineedit line;   /* of the prompt; after its action: the answer */
	uint64_t now;           /* the number that it asks to change */
	struct lineedit minutes; /* of a report: the last ones it is of; "": all */
	bool is_second;         /* these are being typed */
	char history[UI_PROMPT_COUNT][UI_HISTORY][LINEEDIT_MAX]; /* newest first */
	size_t history_at;
	struct edit *edit;      /* owned; NULL: the path is not being edited */
	edit_check_fn *check;   /* NULL: everything is right */
	void *check_arg;
	char message[200];      /* shows until the next key; "": none */
	bool is_bad_news;
	struct ui_message messages[UI_MESSAGES]; /* a ring of message_count so far */
	size_t message_count;
	int zoom;               /* of the chart: -UI_ZOOM_MAX..UI_ZOOM_MAX */
	size_t pan;             /* of the chart: rounds that lie beyond its right edge */
	uint64_t charted;       /* bit k: hop k+1 is in the chart beside the chosen one */
};

/* Changes the state by one key and says what is left to be done by the program.
 * UI_ACTION_NONE: the key means nothing here. */
enum ui_action ui_key(struct ui_state *, const struct snapshot *, int key);

void ui_finish(struct ui_state *);
void ui_say(struct ui_state *, bool is_bad_news, const char *text);
/* The same, and kept for the log. */
void ui_report(struct ui_state *, ns_t realtime, bool is_bad_news, const char *text);
/* Whether the action ends all counts and begins others. */
bool ui_resets(enum ui_action);
/* The path is applied, or was loaded into the editor, which is open. */
void ui_edit_close(struct ui_state *);
void ui_edit_take(struct ui_state *, const struct edit_path *);

enum ui_set ui_set_shown(const struct ui_state *, const struct snapshot *);
bool ui_set_is_there(const struct ui_state *, const struct snapshot *, enum ui_set);
/* Its columns; borrowed from the state or static. */
const char *ui_set_order(const struct ui_state *, const struct snapshot *, enum ui_set);
const char *ui_set_name(enum ui_set);                     /* translated */
/* The columns that show: those of the set, and before them those that keys ask for. */
void ui_asked(const struct ui_state *, char ret_letters[UI_ASKED_MAX + 1]);
void ui_shown_order(const struct ui_state *, const struct snapshot *,
	char ret_letters[UI_SHOWN_MAX + 1]);

/* The hop that detail and chart are about: the chosen one, else the one behind the first link
 * that an alarm names, else the last. 0: there is none. */
unsigned ui_hop(const struct ui_state *, const struct snapshot *);

/* Takes these letters, which columns_are_known(), for the own set, and shows it; mtr's blanks are
 * no columns here. */
void ui_choose_order(struct ui_state *, const char *letters);

/* Fills the canvas, which it clears first. */
void screen_draw(const struct snapshot *, const struct ui_state *, struct canvas *);

#endif
