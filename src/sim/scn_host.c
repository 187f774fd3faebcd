/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "sim/scn_int.h"

/* Lines about what is neither a node nor a link: limiters that nodes share, and the misfortunes of
 * the host that probes. */

bool scn_read_limiter(struct scenario *scenario, struct scn_words *words, struct err *err)
{
	struct limiter limiter = {.burst = 0};
	const char *id;

	if (scenario->limiter_count == SCN_LIMITERS_MAX) {
		return scn_words_error(words, err, "more than %d limiters", SCN_LIMITERS_MAX);
	}
	if (!scn_words_need(words, "the limiter's id", &id, err)) {
		return false;
	}
	if (strlen(id) >= sizeof limiter.id || (id[0] >= '0' && id[0] <= '9') ||
	    strcmp(id, "off") == 0) {
		return scn_words_error(words, err,
			"\"%.40s\" cannot be a limiter's id: up to %d letters, digits and _, no digit first",
			id, LIMITER_ID_MAX - 1);
	}
	for (size_t i = 0; i < scenario->limiter_count; i++) {
		if (strcmp(scenario->limiter[i].id, id) == 0) {
			return scn_words_error(words, err, "the limiter %s is declared twice", id);
		}
	}
	(void)snprintf(limiter.id, sizeof limiter.id, "%s", id);
	if (!params_read_limiter(words, &limiter, err)) {
		return false;
	}
	scenario->limiter = xgrow(scenario->limiter, &scenario->limiter_cap, scenario->limiter_count,
		sizeof limiter);
	scenario->limiter[scenario->limiter_count++] = limiter;
	words->limiter = scenario->limiter;
	words->limiter_count = scenario->limiter_count;
	return true;
}

/* A duration that may have a minus before it. */
static bool read_step(struct scn_words *words, int64_t *ret_value, struct err *err)
{
	const char *word = scn_words_peek(words);
	bool is_back = word != NULL && word[0] == '-';
	ns_t step;

	if (is_back) {
		word = scn_words_take(words) + 1;
		if (!ns_parse(word, 0, &step)) {
			return scn_words_error(words, err, "clock-step is \"-%.40s\", not a duration", word);
		}
	} else if (!scn_read_duration(words, "clock-step", &step, err)) {
		return false;
	}
	*ret_value = is_back ? -step : step;
	return true;
}

bool scn_read_prober_change(struct scenario *scenario, struct scn_words *words, ns_t at,
	struct err *err)
{
	static const char *const events[] = {"pause", "capture-drops", "send-errors", "clock-step",
		NULL};
	struct scn_change change = {.at = at, .kind = SCN_CHANGE_PROBER};
	uint32_t count = 0;
	const char *id;
	int event;
	bool is_ok;

	if (!scn_words_need(words, "the prober's id", &id, err) ||
	    !scn_need_node(scenario, words, id, &change.index, err)) {
		return false;
	}
	if (change.index != scenario->prober) {
		return scn_words_error(words, err, "%s is not the prober", id);
	}
	if (!scn_read_choice(words, "what happens to the prober", events, &event, err)) {
		return false;
	}
	change.event = (enum scn_prober_event)event;
	if (change.event == SCN_PROBER_PAUSE) {
		is_ok = scn_read_duration(words, "the pause", &change.value, err);
	} else if (change.event == SCN_PROBER_CLOCK_STEP) {
		is_ok = read_step(words, &change.value, err);
	} else {
		is_ok = scn_read_count(words, events[event], 1, 1000000, &count, err);
		change.value = count;
	}
	if (is_ok) {
		scn_add_change(scenario, &change);
	}
	return is_ok;
}
