/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/scenario.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "io/savefile.h"
#include "sim/scn_int.h"

enum { FILE_BYTES_MAX = 1 << 20 };

int scenario_find_node(const struct scenario *scenario, const char *id)
{
	for (size_t i = 0; i < scenario->node_count; i++) {
		if (strcmp(scenario->node[i].id, id) == 0) {
			return (int)i;
		}
	}
	return -1;
}

int scenario_find_link(const struct scenario *scenario, uint16_t a, uint16_t b, int *ret_direction)
{
	for (size_t i = 0; i < scenario->link_count; i++) {
		const uint16_t *node = scenario->link[i].node;
		int direction = node[0] == a ? 0 : 1;

		if (node[direction] == a && node[1 - direction] == b) {
			if (ret_direction != NULL) {
				*ret_direction = direction;
			}
			return (int)i;
		}
	}
	return -1;
}

const struct addr *scenario_prober_address(const struct scenario *scenario)
{
	return &scenario->node[scenario->prober].address;
}

const char *scenario_prober_name(const struct scenario *scenario)
{
	const struct scn_node *node = &scenario->node[scenario->prober];

	return node->name[0] != '\0' ? node->name : node->id;
}

const struct addr *scenario_node_address(const struct scenario *scenario, uint16_t node)
{
	return &scenario->node[node].address;
}

struct addr scenario_node_address_of(const struct scenario *scenario, uint16_t node, uint8_t family)
{
	if (scenario->node[node].address.family == family) {
		return scenario->node[node].address;
	}
	for (size_t i = 0; i < 2 * scenario->link_count; i++) {
		const struct scn_link *link = &scenario->link[i / 2];

		if (link->node[i % 2] == node && link->address[i % 2].family == family) {
			return link->address[i % 2];
		}
	}
	return (struct addr){0};
}

bool scenario_name_of(const struct scenario *scenario, const struct addr *address,
	char ret_name[SCN_HOST_NAME_MAX])
{
	for (size_t i = 0; i < scenario->node_count; i++) {
		const struct scn_node *node = &scenario->node[i];

		if (addr_equal(&node->address, address) && node->name[0] != '\0') {
			(void)snprintf(ret_name, SCN_HOST_NAME_MAX, "%s", node->name);
			return true;
		}
	}
	for (size_t i = 0; i < 2 * scenario->link_count; i++) {
		const struct scn_link *link = &scenario->link[i / 2];
		const char *name = scenario->node[link->node[i % 2]].name;

		if (addr_equal(&link->address[i % 2], address) && strchr(name, '.') != NULL) {
			(void)snprintf(ret_name, SCN_HOST_NAME_MAX, "ae%zu%s", i / 2 + 1,
				strchr(name, '.'));
			return true;
		}
	}
	return false;
}

const char *scenario_describe(const struct scenario *scenario)
{
	return scenario->description;
}

void scenario_finish(struct scenario *scenario)
{
	if (scenario != NULL) {
		free(scenario->node);
		free(scenario->link);
		free(scenario->route);
		free(scenario->limiter);
		free(scenario->change);
		free(scenario->run);
		free(scenario->expect);
		*scenario = (struct scenario){0};
	}
}

bool scn_need_node(const struct scenario *scenario, struct scn_words *words, const char *id,
	uint16_t *ret_node, struct err *err)
{
	int node = scenario_find_node(scenario, id);

	if (node < 0) {
		return scn_words_error(words, err,
			"no line before declares \"%.40s\": add `router %.20s ADDRESS` above", id,
			id);
	}
	*ret_node = (uint16_t)node;
	return true;
}

static bool read_seed(struct scenario *scenario, struct scn_words *words, struct err *err)
{
	const char *word;

	if (!scn_words_need(words, "the seed", &word, err)) {
		return false;
	}
	return scn_parse_u64(word, &scenario->seed) ||
		scn_words_error(words, err, "the seed is \"%.40s\", not a whole number", word);
}

static bool read_change(struct scenario *scenario, struct scn_words *words, struct err *err)
{
	const char *word;
	ns_t at;

	if (!scn_read_duration(words, "the time of the change", &at, err) ||
	    !scn_words_need(words, "`link`, `router`, `route`, `ecmp` or `prober`", &word, err)) {
		return false;
	}
	if (strcmp(word, "link") == 0) {
		return scn_read_link_change(scenario, words, at, err);
	}
	if (strcmp(word, "router") == 0 || strcmp(word, "host") == 0) {
		return scn_read_node_change(scenario, words, at, err);
	}
	if (strcmp(word, "prober") == 0) {
		return scn_read_prober_change(scenario, words, at, err);
	}
	if (strcmp(word, "route") == 0 || strcmp(word, "ecmp") == 0) {
		struct scn_change change = {.at = at, .kind = SCN_CHANGE_ROUTE};

		if (!scn_read_route_values(scenario, words, &change.route, err)) {
			return false;
		}
		scn_add_change(scenario, &change);
		return true;
	}
	return scn_words_error(words, err,
		"\"%.40s\" cannot change: use `link`, `router`, `route`, `ecmp` or `prober`", word);
}

typedef bool line_fn(struct scenario *, struct scn_words *, struct err *);

static const struct { const char *word; line_fn *read; } line_kind[] = {
	{"seed", read_seed},
	{"prober", scn_read_prober},
	{"router", scn_read_router},
	{"host", scn_read_host},
	{"link", scn_read_link},
	{"route", scn_read_route},
	{"ecmp", scn_read_route},
	{"limiter", scn_read_limiter},
	{"at", read_change},
	{"run", scn_read_run},
	{"expect", scn_read_expect},
};

static bool read_line(struct scenario *scenario, struct scn_words *words, struct err *err)
{
	const char *word = scn_words_take(words);

	if (word == NULL) {
		return true;
	}
	for (size_t i = 0; i < sizeof line_kind / sizeof line_kind[0]; i++) {
		if (strcmp(line_kind[i].word, word) != 0) {
			continue;
		}
		if (!line_kind[i].read(scenario, words, err)) {
			return false;
		}
		if (scn_words_peek(words) != NULL) {
			return scn_words_error(words, err, "\"%.40s\" is not understood here",
				scn_words_peek(words));
		}
		return true;
	}
	return scn_words_error(words, err,
		"\"%.40s\" begins no line: use seed, prober, router, host, "
		"link, route, ecmp, limiter, at, run or expect", word);
}

/* The first comment describes the scenario, unless it is empty or a licence's tag. */
static void take_description(struct scenario *scenario, const char *line, size_t len)
{
	size_t from = 0;

	if (scenario->description[0] != '\0' || len == 0 || line[0] != '#') {
		return;
	}
	while (from < len && (line[from] == '#' || line[from] == ' ' || line[from] == '\t')) {
		from++;
	}
	while (len > from && (line[len - 1] == ' ' || line[len - 1] == '\r')) {
		len--;
	}
	if (len - from > 4 && memcmp(line + from, "SPDX", 4) == 0) {
		return;
	}
	(void)snprintf(scenario->description, sizeof scenario->description, "%.*s",
		(int)(len - from > SCN_TEXT_MAX ? SCN_TEXT_MAX : len - from), line + from);
}

static bool read_lines(struct scenario *scenario, struct scn_words *words, const char *text,
	size_t len, struct err *err)
{
	for (size_t at = 0; at < len;) {
		const char *end = memchr(text + at, '\n', len - at);
		size_t line_len = end == NULL ? len - at : (size_t)(end - text) - at;

		words->line++;
		if (memchr(text + at, '\0', line_len) != NULL) {
			return scn_words_error(words, err,
				"the line holds a zero byte: not a text file");
		}
		take_description(scenario, text + at, line_len);
		if (!scn_words_split(words, text + at, line_len, err) ||
		    !read_line(scenario, words, err)) {
			return false;
		}
		at += line_len + 1;
	}
	return true;
}

static bool is_complete(const struct scenario *scenario, const char *file, struct err *err)
{
	if (scenario->prober == UINT16_MAX) {
		return err_set(err, ERR_SYNTAX,
			"%s: no prober: add a line `prober A 10.0.1.1`", file);
	}
	for (size_t i = 0; i < scenario->link_count; i++) {
		if (scenario->link[i].node[0] == scenario->prober ||
		    scenario->link[i].node[1] == scenario->prober) {
			return true;
		}
	}
	return err_set(err, ERR_SYNTAX, "%s: the prober %s has no link: add one", file,
		scenario->node[scenario->prober].id);
}

bool scenario_parse(const char *file, const char *text, size_t len, struct scenario *ret_scenario,
	struct err *err)
{
	struct scn_words *words = xcalloc(1, sizeof *words);
	struct scenario scenario = {.seed = 1, .prober = UINT16_MAX};
	bool is_ok;

	words->file = file;
	(void)snprintf(scenario.file, sizeof scenario.file, "%s", file);
	is_ok = read_lines(&scenario, words, text, len, err) && is_complete(&scenario, file, err);
	free(words);
	if (!is_ok) {
		scenario_finish(&scenario);
		return false;
	}
	*ret_scenario = scenario;
	return true;
}

bool scenario_load(const char *file, struct scenario *ret_scenario, struct err *err)
{
	FILE *stream = savefile_open(file);
	char *text = NULL;
	bool is_ok = false;
	size_t len;

	if (stream == NULL) {
		return err_set_sys(err, ERR_NOT_FOUND, errno, "cannot open scenario %s", file);
	}
	text = xmalloc(FILE_BYTES_MAX);
	errno = 0;
	len = fread(text, 1, FILE_BYTES_MAX, stream);
	if (ferror(stream)) {
		(void)err_set_sys(err, ERR_IO, errno, "cannot read scenario %s", file);
	} else if (len == FILE_BYTES_MAX) {
		(void)err_set(err, ERR_LIMIT, "%s: longer than a mebibyte: no scenario", file);
	} else {
		is_ok = scenario_parse(file, text, len, ret_scenario, err);
	}
	free(text);
	(void)fclose(stream);
	return is_ok;
}
