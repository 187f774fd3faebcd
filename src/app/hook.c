/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "app/hook.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/strbuf.h"
#include "io/fds.h"

enum { WORDS = 6, VARIABLES = 9 };

static bool is_program(const char *path)
{
	return access(path, X_OK) == 0;
}

const char *hook_command(const char *text, enum snap_severity *ret_least)
{
	static const enum snap_severity severities[] = {SNAP_INFO, SNAP_WARNING, SNAP_ALARM};

	*ret_least = SNAP_INFO;
	for (size_t i = 0; i < sizeof severities / sizeof severities[0]; i++) {
		const char *name = snap_severity_name(severities[i]);
		size_t len = strlen(name);

		if (strncmp(text, name, len) == 0 && text[len] == ':') {
			*ret_least = severities[i];
			return text + len + 1;
		}
	}
	return text;
}

bool hook_check(const char *text, struct err *err)
{
	const char *path = getenv("PATH");
	enum snap_severity least;
	const char *command = hook_command(text, &least);
	struct strbuf name = {0};
	bool is_found = false;

	if (strchr(command, '/') != NULL) {
		return is_program(command) ||
		       err_set_sys(err, ERR_NOT_FOUND, errno, "cannot run %.100s", command);
	}
	while (path != NULL && *path != '\0' && !is_found) {
		size_t len = strcspn(path, ":");

		strbuf_finish(&name);
		strbuf_printf(&name, "%.*s/%s", (int)len, path, command);
		is_found = is_program(name.text);
		path += len;
		path += *path == ':';
	}
	strbuf_finish(&name);
	return is_found || err_set(err, ERR_NOT_FOUND, "no program %.100s is in PATH", command);
}

/* Signals as a program expects them, none of our descriptors, and a session of its own: what
 * ends us is nothing to it. */
static bool spawn(const char *command, bool is_quiet, char **words, char **environment,
	pid_t *ret_pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none, usual;
	int error;

	(void)sigemptyset(&none);
	(void)sigemptyset(&usual);
	(void)sigaddset(&usual, SIGPIPE);
	(void)sigaddset(&usual, SIGXFSZ);
	if (posix_spawn_file_actions_init(&actions) != 0) {
		return false;
	}
	if (posix_spawnattr_init(&attributes) != 0) {
		(void)posix_spawn_file_actions_destroy(&actions);
		return false;
	}
	error = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	error |= posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	if (is_quiet) {
		error |= posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
	}
	error |= fds_spawn_without(&actions, STDERR_FILENO + 1);
	error |= posix_spawnattr_setsigmask(&attributes, &none);
	error |= posix_spawnattr_setsigdefault(&attributes, &usual);
	error |= posix_spawnattr_setflags(&attributes,
		POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID);
	if (error == 0) {
		error = posix_spawnp(ret_pid, command, &actions, &attributes, words, environment);
	}
	(void)posix_spawnattr_destroy(&attributes);
	(void)posix_spawn_file_actions_destroy(&actions);
	return error == 0;
}

/* Our variables, then those that we were given. */
static char **make_environment(char **own)
{
	size_t count = 0;
	char **all;

	while (environ[count] != NULL) {
		count++;
	}
	all = xcalloc(VARIABLES + count + 1, sizeof *all);
	memcpy(all, own, VARIABLES * sizeof *all);
	memcpy(all + VARIABLES, environ, count * sizeof *all);
	return all;
}

static void make_variables(const struct snapshot *snap, const struct snap_finding *finding,
	const char *event, const char *hops, char *ret_own[VARIABLES])
{
	char since[32], confidence[16];
	const char *const values[VARIABLES][2] = {{"EVENT", event}, {"ID", finding->id},
		{"SEVERITY", snap_severity_name(finding->severity)}, {"CONFIDENCE", confidence},
		{"HOPS", hops}, {"TEXT", finding->text}, {"SINCE", since},
		{"SOURCE", snap->source}, {"DESTINATION", snap->destination}};

	ns_format_utc(finding->begun_realtime, since, sizeof since);
	(void)snprintf(confidence, sizeof confidence, "%.3f", finding->confidence);
	for (size_t i = 0; i < VARIABLES; i++) {
		struct strbuf text = {0};

		strbuf_printf(&text, "THRUPATH_%s=%s", values[i][0], values[i][1]);
		ret_own[i] = strbuf_detach(&text);
	}
}

void hook_run(struct hook *hook, const struct snapshot *snap, const struct snap_finding *finding,
	bool has_begun, bool is_quiet)
{
	const char *event = has_begun ? "began" : "ended";
	char *own[VARIABLES], *words[WORDS + 1] = {NULL};
	struct strbuf hops = {0};
	char **environment;

	hook_reap(hook);
	if (hook->count == HOOK_RUNNING_MAX) {
		hook->skipped++;
		return;
	}
	for (size_t i = 0; i < finding->hop_count; i++) {
		strbuf_printf(&hops, "%s%u", i > 0 ? "," : "", finding->hops[i]);
	}
	make_variables(snap, finding, event, strbuf_text(&hops), own);
	environment = make_environment(own);
	words[0] = xstrdup(hook->command);
	words[1] = xstrdup(event);
	words[2] = xstrdup(finding->id);
	words[3] = xstrdup(snap_severity_name(finding->severity));
	words[4] = xstrdup(strbuf_text(&hops));
	words[5] = xstrdup(finding->text);
	if (spawn(words[0], is_quiet, words, environment, &hook->running[hook->count])) {
		hook->count++;
	} else {
		hook->failed++;
	}
	for (size_t i = 0; i < WORDS; i++) {
		free(words[i]);
	}
	for (size_t i = 0; i < VARIABLES; i++) {
		free(own[i]);
	}
	free(environment);
	strbuf_finish(&hops);
}

void hook_reap(struct hook *hook)
{
	for (size_t i = hook->count; i-- > 0;) {
		int status;

		pid_t pid = waitpid(hook->running[i], &status, hook->is_awaited ? 0 : WNOHANG);

		/* Where whoever started us ignores SIGCHLD, how it ended is not told. */
		if (pid != 0) {
			hook->failed += pid > 0 && (!WIFEXITED(status) || WEXITSTATUS(status) != 0);
			hook->running[i] = hook->running[--hook->count];
		}
	}
}
