/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * labnet FILE.scn [--truth FILE] -- COMMAND [ARGUMENT...]
 * Builds the lab, runs the command in the prober's namespace, takes the lab down and ends
 * with the command's status. Needs root, ip and nft; 77 when they are missing.
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

static int start_command(const struct lab *lab, char **command)
{
	struct err err;
	int child = fork();

	if (child != 0) {
		return child;
	}
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (!lab_enter(lab, lab->scenario->prober, &err)) {
		exit(fail(&err));
	}
	(void)execvp(command[0], command);
	perror(command[0]);
	exit(127);
}

int main(int argc, char **argv)
{
	static struct lab lab;
	struct scenario scenario;
	const char *truth = NULL;
	struct err err = {0};
	int at = 2, status;

	if (argc > 4 && strcmp(argv[2], "--truth") == 0) {
		truth = argv[3];
		at = 4;
	}
	if (argc < at + 2 || strcmp(argv[at], "--") != 0) {
		(void)fprintf(stderr, "usage: labnet FILE.scn [--truth FILE] -- COMMAND...\n");
		return 2;
	}
	if (!scenario_load(argv[1], &scenario, &err) || !lab_build(&lab, &scenario, &err)) {
		return fail(&err);
	}
	status = lab_run(&lab, start_command(&lab, argv + at + 1), truth);
	scenario_finish(&scenario);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
