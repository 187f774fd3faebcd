/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * labnet FILE.scn [--truth FILE] [--at NODE SHELL-COMMAND] -- COMMAND [ARGUMENT...]
 * Builds the lab, runs the command in the prober's namespace, takes the lab down and ends
 * with the command's status. `--at` runs a shell command in a node's namespace for as long.
 * Needs root, ip and nft; 77 when they are missing.
 */
#define _GNU_SOURCE
#include "labnet.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SKIPPED = 77 };

static int fail(const struct err *err)
{
	(void)fprintf(stderr, "labnet: %s\n", err->text);
	return err->code == ERR_PERMISSION ? SKIPPED : 1;
}

static int start_command(const struct lab *lab, size_t node, char *const *command)
{
	struct err err;
	int child = fork();

	if (child != 0) {
		return child;
	}
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (!lab_enter(lab, node, &err)) {
		exit(fail(&err));
	}
	(void)execvp(command[0], command);
	perror(command[0]);
	exit(127);
}

/* Returns the child, or 0 when nothing was asked for. */
static int start_helper(const struct lab *lab, const char *node, char *script)
{
	char *const command[] = {(char[]){"sh"}, (char[]){"-c"}, script, NULL};
	int at = node == NULL ? -1 : scenario_find_node(lab->scenario, node);

	return at < 0 ? 0 : start_command(lab, (size_t)at, command);
}

static void stop_helper(int child)
{
	if (child > 0) {
		(void)kill(child, SIGTERM);
		(void)waitpid(child, NULL, 0);
	}
}

int main(int argc, char **argv)
{
	static struct lab lab;
	struct scenario scenario;
	const char *truth = NULL, *helper_node = NULL;
	char *helper_script = NULL;
	struct err err = {0};
	int at = 2, status, helper;

	for (; at + 2 < argc && strcmp(argv[at], "--") != 0; at++) {
		if (strcmp(argv[at], "--truth") == 0) {
			truth = argv[++at];
		} else if (strcmp(argv[at], "--at") == 0) {
			helper_node = argv[++at];
			helper_script = argv[++at];
		} else {
			break;
		}
	}
	if (argc < at + 2 || strcmp(argv[at], "--") != 0) {
		(void)fprintf(stderr, "usage: labnet FILE.scn [--truth FILE] "
			"[--at NODE SHELL-COMMAND] -- COMMAND...\n");
		return 2;
	}
	if (!scenario_load(argv[1], &scenario, &err) || !lab_build(&lab, &scenario, &err)) {
		return fail(&err);
	}
	helper = start_helper(&lab, helper_node, helper_script);
	status = lab_run(&lab, start_command(&lab, scenario.prober, argv + at + 1), truth);
	stop_helper(helper);
	scenario_finish(&scenario);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
