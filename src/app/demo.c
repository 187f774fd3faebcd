/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/demo.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

enum { PATH_BYTES = 1024, DEMOS_MAX = 100, HOP_TEXT_MAX = 2 * ADDR_TEXT_MAX + 8 };

/* THRUPATH_DEMOS names another directory: of the source tree, or of one's own. */
static const char *demo_dir(void)
{
	const char *dir = getenv("THRUPATH_DEMOS");

	return dir == NULL || dir[0] == '\0' ? DEMO_DIR : dir;
}

static bool is_scenario_file(const char *name)
{
	size_t len = strlen(name);

	return len > 4 && strcmp(name + len - 4, ".scn") == 0;
}

/* As --path takes it: with both addresses where the node has such, and with what it takes where
 * that is not IP in IP. */
static size_t write_hop(const struct scenario *scn, uint16_t node, bool is_path, char *ret_text)
{
	enum carrier carrier = scn->node[node].params.carrier;
	const struct addr *address = scenario_node_address(scn, node);
	struct addr other = scenario_node_address_of(scn, node,
		address->family == ADDR_V4 ? ADDR_V6 : ADDR_V4);
	char first[ADDR_TEXT_MAX], second[ADDR_TEXT_MAX];
	bool has_both = is_path && addr_is_set(&other);
	bool has_carrier = is_path && carrier != CARRIER_IPIP;

	return (size_t)snprintf(ret_text, HOP_TEXT_MAX, "%s%s%s%s%s", addr_format(address, first),
		has_both ? "+" : "", has_both ? addr_format(&other, second) : "",
		has_carrier ? "/" : "", has_carrier ? carrier_name(carrier) : "");
}

/* A demo's run: the last of its `run` lines. */
static void adopt_run(struct demo *demo, struct options *options)
{
	const struct scenario *scn = &demo->scenario;
	const struct scn_run *run = scn->run_count == 0 ? NULL : &scn->run[scn->run_count - 1];
	/* A trace from elsewhere, or from the end, finds the path itself. */
	bool is_traced = options->from != NULL || options->settings.is_reverse;
	size_t used = 0, first;

	if (run == NULL) {
		return;
	}
	if (options->settings.interval == 0) {
		options->settings.interval = run->interval;
	}
	/* Virtual time costs nothing. */
	if (options->simulate != NULL && options->settings.rounds == 0 && !options->is_endless) {
		options->settings.rounds = run->duration < options->settings.interval ? 1 :
			(uint64_t)(run->duration / options->settings.interval);
	}
	if (options->path != NULL || options->destination != NULL) {
		return;
	}
	first = is_traced && run->node_count > 0 ? run->node_count - 1u : 0;
	for (size_t i = first; i < run->node_count && used + HOP_TEXT_MAX < sizeof demo->target; i++) {
		demo->target[used] = ',';
		used += i > first;
		used += write_hop(scn, run->node[i], run->is_path && !is_traced, demo->target + used);
	}
	if (run->is_path && !is_traced) {
		options->path = demo->target;
	} else {
		options->destination = demo->target;
	}
}

static bool load(struct demo *demo, const char *option, const char *name, struct err *err)
{
	char file[PATH_BYTES];

	if (is_scenario_file(name)) {
		(void)snprintf(file, sizeof file, "%.*s", PATH_BYTES - 1, name);
	} else if (strchr(name, '/') != NULL) {
		return err_set(err, ERR_USAGE, "--%s takes a name or a .scn file, not '%.60s'", option,
			name);
	} else {
		(void)snprintf(file, sizeof file, "%s/%.200s.scn", demo_dir(), name);
	}
	if (!is_scenario_file(name) && access(file, F_OK) != 0) {
		return err_set(err, ERR_NOT_FOUND, "no demo %.60s in %.80s: see --list-demos", name,
			demo_dir());
	}
	return scenario_load(file, &demo->scenario, err);
}

bool demo_open(struct demo *demo, struct options *options, struct err *err)
{
	const char *name = options->simulate;

	if (options->is_demo) {
		name = options->destination == NULL ? "default" : options->destination;
		options->destination = NULL;
	}
	if (!load(demo, options->is_demo ? "demo" : "simulate", name, err)) {
		return false;
	}
	demo->scenario.seed = options->has_seed ? options->seed : demo->scenario.seed;
	demo->host = options->is_demo ? host_of_demo(&demo->scenario) :
		host_of_prober(&demo->scenario);
	options->prober = &demo->host;
	adopt_run(demo, options);
	if (options->path == NULL && options->destination == NULL) {
		return err_set(err, ERR_USAGE, "%.80s has no run line: add --path to the command", name);
	}
	if (options->is_demo) {
		demo->is_running = netns_demo_start(&demo->scenario, /* options= */ NULL, &demo->netns,
			err);
		return demo->is_running;
	}
	return true;
}

void demo_close(struct demo *demo)
{
	if (demo->is_running) {
		netns_demo_stop(&demo->netns);
	}
	scenario_finish(&demo->scenario);
}

const char *demo_name_of(void *arg, const struct addr *address)
{
	struct demo *demo = arg;

	return scenario_name_of(&demo->scenario, address, demo->name) ? demo->name : NULL;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static size_t read_names(DIR *dir, char **ret_names)
{
	const struct dirent *entry;
	size_t count = 0;

	while ((entry = readdir(dir)) != NULL && count < DEMOS_MAX) {
		if (is_scenario_file(entry->d_name)) {
			ret_names[count] = xstrdup(entry->d_name);
			ret_names[count++][strlen(entry->d_name) - 4] = '\0';
		}
	}
	qsort(ret_names, count, sizeof ret_names[0], by_name);
	return count;
}

bool demo_list(struct strbuf *text, struct err *err)
{
	DIR *dir = opendir(demo_dir());
	char *names[DEMOS_MAX], file[PATH_BYTES];
	bool is_ok = true;
	size_t count;

	if (dir == NULL) {
		return err_set_sys(err, ERR_NOT_FOUND, errno, "cannot read the demos in %.100s",
			demo_dir());
	}
	count = read_names(dir, names);
	(void)closedir(dir);
	for (size_t i = 0; i < count; i++) {
		struct scenario scenario = {0};

		(void)snprintf(file, sizeof file, "%s/%.200s.scn", demo_dir(), names[i]);
		if (is_ok && (is_ok = scenario_load(file, &scenario, err))) {
			strbuf_printf(text, "%-12s %s\n", names[i], scenario_describe(&scenario));
			scenario_finish(&scenario);
		}
		free(names[i]);
	}
	return is_ok;
}
