/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/ui.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"

static const struct {
	const char *name, *order;
} sets[UI_SET_COUNT] = {
	[UI_SET_THROUGH] = {N_("through"), "ltkpqjsLP31Oh"},
	[UI_SET_REPLIES] = {N_("replies"), "LTPQM31OH"},
	[UI_SET_COUNTS] = {N_("counts"), "lsnabwv"},
	[UI_SET_TO] = {N_("to"), "LSNABWV3H"},
	[UI_SET_HISTORY] = {N_("history"), "lLh"},
	[UI_SET_JITTER] = {N_("jitter"), "jmxDRGJMXI"},
	[UI_SET_OWN] = {N_("own"), ""},
};

const char *ui_set_name(enum ui_set set)
{
	return _(sets[set].name);
}

/* Without Through probes the history is that of the answers. */
const char *ui_set_order(const struct ui_state *state, const struct snapshot *snap,
	enum ui_set set)
{
	if (set == UI_SET_HISTORY && !snap_has_through(snap)) {
		return "LH";
	}
	/* What bounces say of hop 1 stands before what the hops reply. */
	if (set == UI_SET_REPLIES && snap_is_bounced_alone(snap)) {
		return "lLTPQM31OH";
	}
	return set == UI_SET_OWN ? state->order : sets[set].order;
}

/* The columns of networks, in the order of enum ui_network. */
static const char network_letters[] = "356784";

void ui_asked(const struct ui_state *state, char ret_letters[UI_ASKED_MAX + 1])
{
	size_t len = 0;

	if (state->network != UI_NETWORK_OF_SET && state->network != UI_NETWORK_NONE) {
		ret_letters[len++] = network_letters[state->network - UI_NETWORK_NUMBER];
	}
	if (state->shows_labels) {
		ret_letters[len++] = 'C';
	}
	ret_letters[len] = '\0';
}

void ui_shown_order(const struct ui_state *state, const struct snapshot *snap,
	char ret_letters[UI_SHOWN_MAX + 1])
{
	const char *order = ui_set_order(state, snap, ui_set_shown(state, snap));
	size_t len;

	ui_asked(state, ret_letters);
	len = strlen(ret_letters);
	for (; *order != '\0' && len < UI_SHOWN_MAX; order++) {
		bool is_network = strchr(network_letters, *order) != NULL;

		if (strchr(ret_letters, *order) == NULL && !(is_network &&
		    state->network != UI_NETWORK_OF_SET)) {
			ret_letters[len++] = *order;
			ret_letters[len] = '\0';
		}
	}
}

/* The set that has most numbers: a table of dashes helps nobody. */
static enum ui_set best_set(const struct snapshot *snap)
{
	return snap->has_to && (!snap_has_through(snap) || snap_is_bounced_alone(snap)) ?
		UI_SET_REPLIES : UI_SET_THROUGH;
}

enum ui_set ui_set_shown(const struct ui_state *state, const struct snapshot *snap)
{
	return state->has_set ? state->set : best_set(snap);
}

bool ui_set_is_there(const struct ui_state *state, const struct snapshot *snap, enum ui_set set)
{
	switch (set) {
	case UI_SET_THROUGH:
	case UI_SET_COUNTS:
		return !snap->has_to || snap_has_through(snap);
	case UI_SET_REPLIES:
		return best_set(snap) == UI_SET_REPLIES;
	case UI_SET_TO:
		return snap->has_to;
	case UI_SET_OWN:
		return state->order[0] != '\0';
	case UI_SET_HISTORY:
	case UI_SET_JITTER:
	case UI_SET_COUNT:
		break;
	}
	return true;
}

void ui_choose_order(struct ui_state *state, const char *letters)
{
	size_t len = 0;

	for (; *letters != '\0' && len < UI_ORDER_MAX; letters++) {
		if (*letters != ' ') {
			state->order[len++] = *letters;
		}
	}
	state->order[len] = '\0';
	state->has_set = true;
	state->set = UI_SET_OWN;
}

void ui_finish(struct ui_state *state)
{
	edit_destroy(state->edit);
	state->edit = NULL;
}

void ui_say(struct ui_state *state, bool is_bad_news, const char *text)
{
	(void)snprintf(state->message, sizeof state->message, "%s", text);
	state->is_bad_news = is_bad_news;
}

void ui_report(struct ui_state *state, ns_t realtime, bool is_bad_news, const char *text)
{
	struct ui_message *message = &state->messages[state->message_count % UI_MESSAGES];

	ui_say(state, is_bad_news, text);
	if (text[0] != '\0') {
		message->realtime = realtime;
		message->is_bad_news = is_bad_news;
		(void)snprintf(message->text, sizeof message->text, "%s", text);
		state->message_count++;
	}
}

bool ui_resets(enum ui_action action)
{
	static const enum ui_action those[] = {UI_ACTION_UDP, UI_ACTION_TCP, UI_ACTION_SIZE,
		UI_ACTION_TOS, UI_ACTION_FIRST_TTL, UI_ACTION_MAX_TTL, UI_ACTION_DESTINATION,
		UI_ACTION_PUBLIC, UI_ACTION_RESET};

	for (size_t i = 0; i < sizeof those / sizeof those[0]; i++) {
		if (those[i] == action) {
			return true;
		}
	}
	return false;
}

unsigned ui_hop(const struct ui_state *state, const struct snapshot *snap)
{
	unsigned count = (unsigned)snap->hop_count;

	if (state->selected > 0) {
		return state->selected < count ? state->selected : count;
	}
	for (size_t i = 0; i < snap->link_count; i++) {
		if (snap->links[i].is_suspect) {
			return snap->links[i].link;
		}
	}
	return count;
}
