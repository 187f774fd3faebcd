/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/strbuf.h"
#include "sim/scn_int.h"

/* Lines about the experiment: what to run, what to expect. Kept for the caller. */

static void join_words(const struct scn_words *words, size_t from, char ret_text[SCN_TEXT_MAX])
{
	struct strbuf text = {0};

	for (size_t i = from; i < words->count; i++) {
		strbuf_printf(&text, "%s%s", i > from ? " " : "", words->word[i]);
	}
	(void)snprintf(ret_text, SCN_TEXT_MAX, "%s", strbuf_text(&text));
	strbuf_finish(&text);
}

bool scn_read_run(struct scenario *scenario, struct scn_words *words, struct err *err)
{
	struct scn_run run = {.interval = NS_PER_SEC};

	if (!scn_read_duration(words, "how long to run", &run.duration, err)) {
		return false;
	}
	run.is_path = scn_words_skip(words, "path");
	if (!run.is_path && !scn_words_skip(words, "trace")) {
		return scn_words_error(words, err,
			"a run is `run 120s trace D every 1s` or `run 120s path R1,R2 every 1s`");
	}
	if (!scn_read_node_list(scenario, words, run.node, run.is_path ? SCN_RUN_NODES_MAX : 1,
	    &run.node_count, err)) {
		return false;
	}
	if (scn_words_skip(words, "every") &&
	    !scn_read_duration(words, "the interval", &run.interval, err)) {
		return false;
	}
	if (scn_words_skip(words, "with")) {
		join_words(words, words->next, run.options);
		words->next = words->count;
	}
	scenario->run = xgrow(scenario->run, &scenario->run_cap, scenario->run_count, sizeof run);
	scenario->run[scenario->run_count++] = run;
	return true;
}

/* One end of a range; the unit, when there is none, is that of the other end. */
static bool read_bound(const char *text, size_t len, const char *unit, double *ret)
{
	char one[40];
	const char *end;
	double value;
	ns_t duration;

	if (len == 0 || len >= sizeof one - 4) {
		return false;
	}
	(void)snprintf(one, sizeof one, "%.*s", (int)len, text);
	if (!scn_parse_number(one, &value, &end)) {
		return false;
	}
	if (*end == '\0') {
		(void)snprintf(one + (end - one), sizeof one - (size_t)(end - one), "%.4s", unit);
	}
	if (*end == '\0') {
		*ret = value;
		return true;
	}
	if (strcmp(end, "%") == 0) {
		*ret = value / 100;
		return true;
	}
	if (!ns_parse(one, 0, &duration)) {
		return false;
	}
	*ret = ns_to_ms(duration);
	return true;
}

/* "11..13%", "9ms..12ms", "3..5" or one value for both ends. */
static bool read_range(struct scn_words *words, double *ret_low, double *ret_high, struct err *err)
{
	const char *word, *dots, *high, *unit;

	if (!scn_words_need(words, "a range such as 11..13%", &word, err)) {
		return false;
	}
	dots = strstr(word, "..");
	high = dots == NULL ? word : dots + 2;
	unit = high + strspn(high, "0123456789.");
	if (!read_bound(word, dots == NULL ? strlen(word) : (size_t)(dots - word), unit, ret_low) ||
	    !read_bound(high, strlen(high), unit, ret_high) || *ret_low > *ret_high) {
		return scn_words_error(words, err,
			"\"%.40s\" is not a range such as 11..13%% or 9..12ms", word);
	}
	return true;
}

/* "2-3" or "2"; anything else is left. */
static void read_hops(struct scn_words *words, struct scn_expect *expect)
{
	const char *word = scn_words_peek(words);
	char end;
	unsigned from, to;
	int fields = word == NULL || strlen(word) > 9 ? 0 :
		sscanf(word, "%4u-%4u%c", &from, &to, &end);

	if (fields == 2) {
		expect->from = from;
		expect->to = to;
		words->next++;
	} else if (fields == 1 && word[strspn(word, "0123456789")] == '\0') {
		expect->from = expect->to = from;
		words->next++;
	}
}

static bool read_word(struct scn_words *words, const char *what, char *ret, size_t cap,
	struct err *err)
{
	const char *word;

	if (!scn_words_need(words, what, &word, err)) {
		return false;
	}
	if (strlen(word) >= cap) {
		return scn_words_error(words, err, "\"%.40s\" is too long for %s", word, what);
	}
	(void)snprintf(ret, cap, "%s", word);
	return true;
}

static bool read_finding(struct scn_words *words, struct scn_expect *expect, struct err *err)
{
	static const char *const directions[] = {"out", "back", "both", "unknown", NULL};

	if (!read_word(words, "the finding's id", expect->what, sizeof expect->what, err)) {
		return false;
	}
	read_hops(words, expect);
	if (scn_words_peek(words) != NULL) {
		int direction;

		if (!scn_read_choice(words, "the direction", directions, &direction, err)) {
			return false;
		}
		(void)snprintf(expect->direction, sizeof expect->direction, "%s",
			directions[direction]);
	}
	return true;
}

bool scn_read_expect(struct scenario *scenario, struct scn_words *words, struct err *err)
{
	struct scn_expect expect = {.line = words->line};

	expect.is_negated = scn_words_skip(words, "no");
	if (expect.is_negated && scn_words_skip(words, "other")) {
		expect.kind = SCN_EXPECT_NO_OTHER;
		if (!scn_words_skip(words, "finding")) {
			return scn_words_error(words, err, "`expect no other finding` is meant?");
		}
	} else if (scn_words_skip(words, "finding")) {
		expect.kind = SCN_EXPECT_FINDING;
		if (!read_finding(words, &expect, err)) {
			return false;
		}
	} else {
		expect.kind = scn_words_skip(words, "link") ? SCN_EXPECT_LINK : SCN_EXPECT_HOP;
		if (expect.kind == SCN_EXPECT_HOP && !scn_words_skip(words, "hop")) {
			return scn_words_error(words, err,
				"expect what: `hop 3 loss 1..2%%`, `link 3 ...` "
				"or `[no] finding ID [2-3] [out]`");
		}
		if (!scn_read_count(words, "the number", 1, 255, &expect.from, err) ||
		    !read_word(words, "what is measured", expect.what, sizeof expect.what, err) ||
		    !read_range(words, &expect.low, &expect.high, err)) {
			return false;
		}
		expect.to = expect.from;
	}
	join_words(words, 0, expect.text);
	scenario->expect = xgrow(scenario->expect, &scenario->expect_cap, scenario->expect_count,
		sizeof expect);
	scenario->expect[scenario->expect_count++] = expect;
	return true;
}
